"""Which of some short texts stand in a longer one: it decides which expressions are tried."""

from __future__ import annotations

from collections.abc import Iterable


class Needles:
    """Short texts to look for."""

    def __init__(self, needles: Iterable[str], gates: str = "") -> None:
        """Look for `needles`; those with a character of `gates` only where that is.

        Python finds a character some ten times sooner than two.
        """
        self.gated: dict[str, list[str]] = {}
        for needle in dict.fromkeys(needles):
            gate = next((char for char in gates if char in needle), needle)
            self.gated.setdefault(gate, []).append(needle)

    def found(self, text: str) -> tuple[str, ...]:
        """Return those that stand in `text`, in an order of our own."""
        found: tuple[str, ...] = ()
        for gate, needles in self.gated.items():
            if gate in text:
                found += tuple([needle for needle in needles if needle in text])
        return found
