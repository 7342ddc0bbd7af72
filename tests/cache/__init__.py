"""Tests of `sitegen.cache`."""
