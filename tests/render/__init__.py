"""Tests of `sitegen.render`."""
