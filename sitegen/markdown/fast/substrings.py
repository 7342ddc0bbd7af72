"""Which of some substrings a text contains: it decides which regular expressions are tried."""

from __future__ import annotations

from collections.abc import Iterable


class SubstringFilter:
    """Finds which of its substrings a text contains.

    Substrings with one of the characters `gates` are only looked for in texts that contain this
    character: Python finds one character some ten times faster than two.
    """

    def __init__(self, substrings: Iterable[str], gates: str = "") -> None:
        self.gated: dict[str, list[str]] = {}
        for substring in dict.fromkeys(substrings):
            gate = next((char for char in gates if char in substring), substring)
            self.gated.setdefault(gate, []).append(substring)

    def found(self, text: str) -> tuple[str, ...]:
        """Return the substrings that `text` contains, always in the same order."""
        found: tuple[str, ...] = ()
        for gate, substrings in self.gated.items():
            if gate in text:
                found += tuple([substring for substring in substrings if substring in text])
        return found
