"""Tests of `sitegen.preview`."""
