"""Tests of `sitegen.data`."""
