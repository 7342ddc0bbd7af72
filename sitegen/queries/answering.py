"""Answers of lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sitegen.cache.trace import Answer, digest
from sitegen.index.lists import teasers
from sitegen.model.documents import Entry


def ids(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the ids of articles."""
    return tuple(entry.teaser.id for entry in entries)


def list_answer(entries: Sequence[Entry]) -> Answer:
    """Return the answer that is a list of articles: the digest of its members' digests."""
    digests = digest(*(entry.teaser_digest for entry in entries))
    return Answer(teasers(entries), digests, ids(entries))
