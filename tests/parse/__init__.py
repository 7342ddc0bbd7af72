"""Tests of `sitegen.parse`."""
