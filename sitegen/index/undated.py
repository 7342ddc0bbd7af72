"""Documents without a date, of one kind, at one moment: those that are shown, and the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Self, TypeVar

from sitegen.cache.trace import digest
from sitegen.model.documents import PageEntry, TermEntry
from sitegen.model.frozen import EMPTY
from sitegen.model.urls import normal_form

Undated = TypeVar("Undated", PageEntry, TermEntry)
"""The entry of a document without a date."""


@dataclass(frozen=True)
class UndatedDocuments(Generic[Undated]):
    """All documents of a kind. What is worked out of them stays as long as they are the same."""

    shown: Mapping[str, Undated] = EMPTY
    """Every published one by its id."""
    hidden: Mapping[str, Undated] = EMPTY
    """Every other one by its id: drafts, before their time, after their end."""
    digest: int = 0
    """Stands for all published ones: equal for equal ones."""

    def exchanged(
        self, was: Collection[str], shown: Iterable[Undated], hidden: Iterable[Undated]
    ) -> Self:
        """Return the documents without those with the ids `was`, and with others."""
        shown, hidden = tuple(shown), tuple(hidden)
        gone = [self.shown[id_] for id_ in was if id_ in self.shown]
        return type(self)(
            {**_without(self.shown, was), **{entry.teaser.id: entry for entry in shown}},
            {**_without(self.hidden, was), **{entry.teaser.id: entry for entry in hidden}},
            self.digest - sum_of_digests(gone) + sum_of_digests(shown),
        )

    def id_of(self, path: str) -> str:
        """Return the id of the document that a path in normal form names; the path for none."""
        return path if path.isascii() or path in self.shown else self._forms.get(path, path)

    @cached_property
    def _forms(self) -> Mapping[str, str]:
        """The ids of those that are not in normal form, by this form."""
        ids = (*self.hidden, *self.shown)
        return {form: id_ for id_ in ids if (form := normal_form(id_)) != id_}


def sum_of_digests(entries: Iterable[Undated]) -> int:
    """Return the sum of what stands for each of some documents."""
    return sum(
        int.from_bytes(digest(entry.teaser_digest, entry.page_digest), "little")
        for entry in entries
    )


def _without(entries: Mapping[str, Undated], ids: Collection[str]) -> Mapping[str, Undated]:
    return {id_: entry for id_, entry in entries.items() if id_ not in ids}
