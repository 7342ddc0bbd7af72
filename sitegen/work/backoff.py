"""Pauses between tries: the first is short, each is twice the one before, up to a limit."""

from __future__ import annotations

from datetime import timedelta

SHORTEST = timedelta(seconds=1)
"""The pause after the first failure."""

LONGEST = timedelta(minutes=5)
"""No pause is longer: so late is what could be mended at most."""


class Backoff:
    """Exponential backoff: says after which pause to try again what has failed."""

    def __init__(self) -> None:
        self._failures = 0

    def failed(self) -> timedelta:
        """Note one more failure, and return after which pause to try again."""
        pause = min(SHORTEST * (1 << min(self._failures, 16)), LONGEST)
        self._failures += 1
        return pause

    def succeeded(self) -> None:
        """Begin again with the shortest pause."""
        self._failures = 0
