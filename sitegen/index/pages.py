"""The standalone pages of a site at one moment: a tree, which has no dates and no lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sitegen.index.undated import UndatedDocuments
from sitegen.model.documents import PageEntry
from sitegen.model.references import resolve_target
from sitegen.model.source_folders import PAGES

FOLDER = f"{PAGES}/"


def is_page(id_: str) -> bool:
    """Whether an id is that of a standalone page."""
    return id_.startswith(FOLDER)


def parent_of(place: str) -> str:
    """Return the place above a place; "/" is above all, and no page's."""
    return place[: place.rstrip("/").rfind("/") + 1]


@dataclass(frozen=True)
class Pages(UndatedDocuments[PageEntry]):
    """All standalone pages. What is worked out of them stays as long as they are the same."""

    @cached_property
    def ordered(self) -> Sequence[PageEntry]:
        """The published ones in their order: by `order`, then by title."""
        return sorted(self.shown.values(), key=_precedence)

    @cached_property
    def by_place(self) -> Mapping[str, Sequence[PageEntry]]:
        """The published ones by their places, in the order of their ids: mostly one at each."""
        groups: dict[str, list[PageEntry]] = {}
        for _, entry in sorted(self.shown.items()):
            groups.setdefault(entry.place, []).append(entry)
        return groups

    @cached_property
    def below(self) -> Mapping[str, Sequence[PageEntry]]:
        """The published ones that are directly below a place, in their order."""
        groups: dict[str, list[PageEntry]] = {}
        for entry in self.ordered:
            groups.setdefault(parent_of(entry.place), []).append(entry)
        return groups

    def above(self, entry: PageEntry) -> Iterator[PageEntry]:
        """Yield the published pages above one, the nearest first."""
        place = entry.place
        while (place := parent_of(place)) != "/":
            yield from self.by_place.get(place, ())[:1]

    @cached_property
    def translated(self) -> Mapping[str, Sequence[PageEntry]]:
        """The translations of pages by the ids of the originals, in the order of their ids."""
        groups: dict[str, list[PageEntry]] = {}
        for id_, entry in sorted(self.shown.items()):
            if entry.translation_of:
                target = resolve_target(id_, entry.translation_of.target)
                if target and target.path:
                    groups.setdefault(self.id_of(target.path), []).append(entry)
        return groups


def _precedence(entry: PageEntry) -> tuple[bool, int, str, str]:
    teaser = entry.teaser
    return (teaser.order is None, teaser.order or 0, teaser.title.casefold(), teaser.id)
