"""Documents that say that they were updated or corrected at a moment that has not come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sitegen.index.change import Change
from sitegen.model import moments
from sitegen.model.documents import AnyEntry, Correction, Entry
from sitegen.model.errors import Location, Problem
from sitegen.model.moments import Moment


def exchanged(before: Mapping[str, AnyEntry], change: Change, at: Moment) -> Mapping[str, AnyEntry]:
    """Return the published documents that say so at the moment `at`, by their ids.

    `before` were those before `change`.
    """
    found = {id_: entry for id_, entry in before.items() if id_ not in change.document_ids}
    for entry in change.come():
        if (_corrections(entry) or entry.teaser.updated) and _latest(entry) > at:
            found[entry.teaser.id] = entry
    return found


def problems(found: Mapping[str, AnyEntry], at: Moment) -> Iterator[Problem]:
    """Yield a warning for each of the documents, unless its moment has come by now."""
    for id_, entry in sorted(found.items()):
        latest = _latest(entry)
        if latest > at:
            key = "updated" if latest == entry.teaser.updated else "corrections"
            message = f'"{key}" is in the future: {moments.written(latest)}'
            hint = "write when it was done; `publish` is for what appears later"
            yield Problem(message, Location(id_), hint, "warning")


def _corrections(entry: AnyEntry) -> tuple[Correction, ...]:
    return entry.corrections if isinstance(entry, Entry) else ()


def _latest(entry: AnyEntry) -> Moment:
    """Return the last of the moments at which readers were told of a change."""
    told = (entry.teaser.updated, *(item.date for item in _corrections(entry)))
    return max(moment for moment in told if moment)
