"""Tests of `sitegen.plan`."""
