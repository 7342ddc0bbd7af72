"""Bytes → files: staged, renamed, never outside the folder."""
