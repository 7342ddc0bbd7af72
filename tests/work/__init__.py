"""Tests of `sitegen.work`."""
