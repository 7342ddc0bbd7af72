"""The exit codes of all commands."""

FINE = 0
PROBLEMS = 1
"""The site has problems."""
USAGE = 2
"""The command was called wrongly."""
BUG = 3
"""A fault of sitegen's own."""
INTERRUPTED = 130
"""Ctrl-C, as shells count it: 128 + SIGINT."""
