"""Tests of `sitegen.flow`."""
