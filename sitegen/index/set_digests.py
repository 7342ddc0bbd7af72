"""A number that stands for a set of articles: equal for equal sets, whatever their order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sitegen.cache.trace import digest
from sitegen.model.documents import Entry


class SetDigests(NamedTuple):
    """Sums of digests: they tell sets of articles apart, and one article more is one addition."""

    teasers: int = 0
    bodies: int = 0

    def plus(self, entries: Iterable[Entry]) -> SetDigests:
        """Return the digests with more articles."""
        teasers, bodies = self
        for entry in entries:
            teasers += int.from_bytes(entry.teaser_digest, "little")
            bodies += int.from_bytes(entry.article_digest, "little")
            if entry.related:
                teasers += int.from_bytes(digest(entry.teaser.id, repr(entry.related)), "little")
        return SetDigests(teasers, bodies)

    def without(self, entries: Iterable[Entry]) -> SetDigests:
        """Return the digests with fewer articles."""
        less = SetDigests().plus(entries)
        return SetDigests(self.teasers - less.teasers, self.bodies - less.bodies)
