"""Tests of `sitegen.cli`."""
