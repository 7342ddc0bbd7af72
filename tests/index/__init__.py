"""Tests of `sitegen.index`."""
