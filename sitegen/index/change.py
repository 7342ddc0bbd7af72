"""The articles in which a site differs from an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sitegen.model.documents import Entry


@dataclass(frozen=True)
class Change:
    """What is shown otherwise than before."""

    old: tuple[Entry, ...]
    """Articles as they were shown."""
    new: tuple[Entry, ...]
    """As they are shown."""
    answered: frozenset[str] = frozenset()
    """The ids of articles whose responses changed."""

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All of the articles, before and after."""
        return (*self.old, *self.new)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all of the articles."""
        return frozenset(entry.teaser.id for entry in self.entries)

    @cached_property
    def only_bodies(self) -> bool:
        """Whether teasers, and all else that the index is made from, are as they were."""
        # As texts: moments are equal that the clocks of two zones show. One by one: a whole archive
        # takes tens of megabytes.
        return len(self.old) == len(self.new) and all(
            repr(old._replace(article_digest=b"")) == repr(new._replace(article_digest=b""))
            for old, new in zip(self.old, self.new, strict=True)
        )
