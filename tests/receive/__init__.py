"""Tests of `sitegen.receive`."""
