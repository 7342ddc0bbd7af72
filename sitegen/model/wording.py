"""Words and numbers of messages (docs/style.md). Pure."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which takes an s: `1 file`, `0 files`, `1,024 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
