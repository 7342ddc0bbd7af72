"""Tests of `sitegen.notify`."""
