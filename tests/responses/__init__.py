"""Tests of `sitegen.responses`."""
