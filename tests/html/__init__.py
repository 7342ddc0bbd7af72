"""Tests of `sitegen.html`."""
