"""Which documents have something: kept up to date as they come and go. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import TypeVar

from sitegen.index.change import Change
from sitegen.model.documents import AnyEntry
from sitegen.model.source_folders import ARTICLES
from sitegen.model.wording import counted

FEW = 16
"""Where so many times more documents have something than what changes, each place is looked for."""

Thing = TypeVar("Thing", bound=Hashable)
Uses = Mapping[Thing, tuple[str, ...]]
"""The ids of the published documents that have a thing, in order."""


def exchanged(
    before: Uses[Thing], change: Change, things_of: Callable[[AnyEntry], Iterable[Thing]]
) -> Uses[Thing]:
    """Return which documents have what after `change`; `before` was so before it."""
    gone, come = _by_thing(change.gone(), things_of), _by_thing(change.come(), things_of)
    found: dict[Thing, tuple[str, ...]] = {}
    for thing in {**gone, **come}:
        old, new = gone.get(thing, set()), come.get(thing, set())
        if old != new:
            found[thing] = _exchanged(before.get(thing, ()), old - new, new - old)
    if not found:
        return before
    return {thing: ids for thing, ids in {**before, **found}.items() if ids}


def how_many(ids: Collection[str], noun: str = "") -> str:
    """Return how many documents there are, as messages say it: `3 articles`."""
    only_articles = all(id_.startswith(f"{ARTICLES}/") for id_ in ids)
    return counted(len(ids), noun + ("article" if only_articles else "file"))


def _by_thing(
    entries: Iterable[AnyEntry], things_of: Callable[[AnyEntry], Iterable[Thing]]
) -> dict[Thing, set[str]]:
    found: dict[Thing, set[str]] = {}
    for entry in entries:
        for thing in things_of(entry):
            found.setdefault(thing, set()).add(entry.teaser.id)
    return found


def _exchanged(ids: tuple[str, ...], gone: set[str], come: set[str]) -> tuple[str, ...]:
    """Return ordered ids without some of them, and with others."""
    if (len(gone) + len(come)) * FEW > len(ids):
        return tuple(sorted(come.union(ids) - gone))
    found = list(ids)
    for id_ in gone:
        del found[bisect_left(found, id_)]
    for id_ in come:
        insort(found, id_)
    return tuple(found)
