"""Tests of `sitegen.check`."""
