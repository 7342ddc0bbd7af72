"""Tests of `sitegen.tools`."""
