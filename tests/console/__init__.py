"""Tests of `sitegen.console`."""
