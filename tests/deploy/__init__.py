"""Tests of `sitegen.deploy`."""
