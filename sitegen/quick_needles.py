"""Which of some short texts stand in a longer one: it decides which expressions are tried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Needles:
    """Short texts to look for."""

    def __init__(self, needles: Iterable[str], shared: str = "") -> None:
        """Look for `needles`; those with the character `shared` only where that is."""
        every = dict.fromkeys(needles)
        self.apart = tuple(needle for needle in every if not shared or shared not in needle)
        self.sharing = tuple(needle for needle in every if shared and shared in needle)
        self.shared = shared
        self.absent = (False,) * len(self.sharing)

    def found(self, text: str) -> tuple[bool, ...]:
        """Return for each needle, in an order of our own, whether it stands in `text`."""
        apart = [needle in text for needle in self.apart]
        if self.shared in text:
            return (*apart, *[needle in text for needle in self.sharing])
        return (*apart, *self.absent)

    def names(self, found: Sequence[bool]) -> set[str]:
        """Return the needles that `found` says are there."""
        both = zip((*self.apart, *self.sharing), found, strict=True)
        return {needle for needle, there in both if there}
