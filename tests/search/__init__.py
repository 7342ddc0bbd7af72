"""Tests of `sitegen.search`."""
