"""Articles that say that they were updated or corrected at a moment that has not come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sitegen.index.change import Change
from sitegen.model import moments
from sitegen.model.documents import Entry
from sitegen.model.errors import Location, Problem
from sitegen.model.moments import Moment


def exchanged(before: Mapping[str, Entry], change: Change, at: Moment) -> Mapping[str, Entry]:
    """Return the published articles that say so at the moment `at`, by their ids.

    `before` were those before `change`.
    """
    found = {id_: entry for id_, entry in before.items() if id_ not in change.ids}
    for entry in change.new:
        if (entry.corrections or entry.teaser.updated) and _latest(entry) > at:
            found[entry.teaser.id] = entry
    return found


def problems(found: Mapping[str, Entry], at: Moment) -> Iterator[Problem]:
    """Yield a warning for each of the articles, unless its moment has come by now."""
    for id_, entry in sorted(found.items()):
        latest = _latest(entry)
        if latest > at:
            key = "updated" if latest == entry.teaser.updated else "corrections"
            message = f'"{key}" is in the future: {moments.written(latest)}'
            hint = "write when it was done; `publish` is for what appears later"
            yield Problem(message, Location(id_), hint, "warning")


def _latest(entry: Entry) -> Moment:
    """Return the last of the moments at which readers were told of a change."""
    told = (entry.teaser.updated, *(item.date for item in entry.corrections))
    return max(moment for moment in told if moment)
