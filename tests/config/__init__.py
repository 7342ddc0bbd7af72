"""Tests of `sitegen.config`."""
