"""How far a command has come: told while it runs, shown by whoever wants to."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told (stage, done, of how many)."""


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Take progress and say nothing."""
