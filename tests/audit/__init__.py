"""Checks of the built newsroom by programs that are not Python's: run by `make audit`."""
