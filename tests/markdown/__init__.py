"""Tests of `sitegen.markdown`."""
