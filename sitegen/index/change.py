"""The documents in which a site differs from an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, TypeVar

from sitegen.index.undated import Undated
from sitegen.model.documents import AnyEntry, Entry, PageEntry, TermEntry


@dataclass(frozen=True)
class UndatedChange(Generic[Undated]):
    """The documents of a kind without dates that are shown otherwise than before."""

    old: tuple[Undated, ...] = ()
    """As they were shown."""
    new: tuple[Undated, ...] = ()
    """As they are shown."""
    hidden: frozenset[str] = frozenset()
    """The ids of those of which something else changed: they are hidden, or were."""

    @cached_property
    def entries(self) -> tuple[Undated, ...]:
        """All of the documents, before and after."""
        return self.old + self.new

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all of the documents."""
        return frozenset(entry.teaser.id for entry in self.entries)

    @cached_property
    def only_bodies(self) -> bool:
        """Whether all else is as it was: then only the pages themselves show something else."""
        return len(self.old) == len(self.new) and all(
            repr(old._replace(page_digest=b"")) == repr(new._replace(page_digest=b""))
            for old, new in zip(self.old, self.new, strict=True)
        )


@dataclass(frozen=True)
class Change:
    """What is shown otherwise than before."""

    old: tuple[Entry, ...]
    """Articles as they were shown."""
    new: tuple[Entry, ...]
    """As they are shown."""
    answered: frozenset[str] = frozenset()
    """The ids of articles whose responses changed."""
    data: frozenset[str] = frozenset()
    """The names of data files whose values changed, or that came or went."""
    pages: UndatedChange[PageEntry] = UndatedChange()
    texts: UndatedChange[TermEntry] = UndatedChange()
    """Those of terms."""

    def of(self, edition: str) -> Change:
        """Return what is shown otherwise of one edition; "" is the whole site, which has none."""
        if not edition:
            return self
        return replace(
            self,
            old=_of(self.old, edition),
            new=_of(self.new, edition),
            pages=UndatedChange(_of(self.pages.old, edition), _of(self.pages.new, edition)),
            texts=UndatedChange(_of(self.texts.old, edition), _of(self.texts.new, edition)),
        )

    def come(self) -> Iterator[AnyEntry]:
        """Yield the documents of all kinds as they are shown."""
        yield from self.new
        yield from self.pages.new
        yield from self.texts.new

    def gone(self) -> Iterator[AnyEntry]:
        """Yield the documents of all kinds as they were shown."""
        yield from self.old
        yield from self.pages.old
        yield from self.texts.old

    @cached_property
    def document_ids(self) -> frozenset[str]:
        """The ids of the documents of all kinds."""
        undated = self.pages.ids | self.texts.ids
        return self.ids | undated if undated else self.ids

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


Document = TypeVar("Document", Entry, PageEntry, TermEntry)


def _of(entries: tuple[Document, ...], edition: str) -> tuple[Document, ...]:
    return tuple(entry for entry in entries if entry.edition == edition)
