"""Where something stands in a text."""

from __future__ import annotations


def line_of(text: str, start: int) -> int:
    """Return the line of a character of a text, counted from 1."""
    return text.count("\n", 0, start) + 1


def place_in(text: str, start: int) -> tuple[int, int]:
    """Return the line and column of a character of a text, counted from 1."""
    return line_of(text, start), start - text.rfind("\n", 0, start)
