"""Tests of `sitegen.watch`."""
