"""Keys of front matter that mean nothing to sitegen: which articles have them, and who shows none.

They are there for templates. A key that no page reads vanishes without a word, unless somebody
says so. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from typing import NamedTuple

from sitegen.index.uses import Uses, how_many
from sitegen.model.documents import OwnKey
from sitegen.model.errors import Location, Problem
from sitegen.model.wording import counted

MAX_NAMED = 3
"""How many keys a build names; `sitegen check` names all."""


class UnshownKey(NamedTuple):
    """A key that no page reads, and the ids of the articles that have it, in order."""

    key: OwnKey
    ids: tuple[str, ...]


def unshown(
    uses: Uses[OwnKey], read: Collection[str] | None, quiet: Iterable[str]
) -> tuple[UnshownKey, ...]:
    """Return the keys that no page reads, those of most articles first.

    `read` are the keys of `extra` that some page reads; None is all of them. Of `quiet` ones
    nobody wants to hear.
    """
    left_out = {name.casefold() for name in quiet}
    found = (
        UnshownKey(key, ids)
        for key, ids in uses.items()
        if key.table or (read is not None and key.name not in read)
        if str(key).casefold() not in left_out
    )
    return tuple(sorted(found, key=lambda item: (-len(item.ids), str(item.key))))


def unshown_warning(keys: Collection[UnshownKey]) -> Problem | None:
    """Return one warning for all keys that no page reads, or None if there are none.

    Its place is the first article that has the first of them.
    """
    if not keys:
        return None
    place, *_ = next(iter(keys)).ids
    named = []
    for key, ids in islice(keys, MAX_NAMED):
        where = f", first {ids[0]}" if ids[0] != place else ""
        named.append(f'"{key}" ({how_many(ids)}{where})')
    if len(keys) > MAX_NAMED:
        named.append(counted(len(keys) - MAX_NAMED, "more key"))
    message = f"no page shows {_listed(named)}"
    hint = (
        "show what is meant for readers with a template, and name the rest in "
        "`[front_matter] unshown`; `sitegen check` tells of each"
    )
    return Problem(message, Location(place), hint, "warning")


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
