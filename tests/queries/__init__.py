"""Tests of `sitegen.queries`."""
