"""Tests of `sitegen.markdown.fast`."""
