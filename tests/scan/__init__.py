"""Tests of `sitegen.scan`."""
