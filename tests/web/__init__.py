"""Tests of `sitegen.web`."""
