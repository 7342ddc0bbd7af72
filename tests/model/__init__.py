"""Tests of `sitegen.model`."""
