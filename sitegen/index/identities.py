"""Who an article is to the world: no identity twice, and whose it is where two have one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from sitegen.model.documents import Entry
from sitegen.model.errors import Problem
from sitegen.model.frozen import EMPTY
from sitegen.parse.identity import with_distinct_identities


class Identities(NamedTuple):
    """The identities of all articles, hidden ones too."""

    ids: Mapping[str, str | tuple[str, ...]] = EMPTY
    """The article that parsing gave an identity, by the identity; several where they share one."""
    given: Mapping[str, str] = EMPTY
    """The identities that parsing gave those articles which share one with another."""
    faults: Mapping[str, tuple[Problem, ...]] = EMPTY
    """What is wrong, by the identity that is shared."""

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with articles that have one identity."""
        for _, problems in sorted(self.faults.items()):
            yield from problems

    def exchanged(
        self,
        parsed: Mapping[str, Entry | None],
        was: Callable[[str], Entry | None],
        entry_of: Callable[[str], Entry | None],
    ) -> tuple[Identities, dict[str, Entry | None]]:
        """Return the identities with some articles exchanged, and these as the site has them.

        `was` gives an article as the site had it, `entry_of` what parsing gives for any article
        now. An article that has another identity because of the others is among those returned.
        """
        moves = [
            _Move(id_, self._given(id_, was(id_)), entry.teaser.identity if entry else None)
            for id_, entry in parsed.items()
        ]
        concerned = {move.old for move in moves if move.old in self.faults}
        moves = [move for move in moves if move.old != move.new]
        if not moves and not concerned:
            return self, dict(parsed)
        ids, met = _moved(self.ids, moves)
        concerned |= met
        if not concerned:
            return self._replace(ids=ids), dict(parsed)
        own = dict(parsed)
        given = {id_: name for id_, name in self.given.items() if name not in concerned}
        faults = {name: found for name, found in self.faults.items() if name not in concerned}
        for identity in sorted(name for name in concerned if name is not None):
            members = sorted(_all(ids.get(identity, ())))
            entries = [entry for id_ in members if (entry := parsed.get(id_) or entry_of(id_))]
            named, problems = with_distinct_identities(entries)
            own |= {entry.teaser.id: entry for entry in named}
            if len(entries) > 1:
                faults[identity] = tuple(problems)
                given |= dict.fromkeys(members, identity)
        return Identities(ids, given, faults), own

    def _given(self, id_: str, entry: Entry | None) -> str | None:
        """Return the identity that parsing gave an article, which `entry` may not have any more."""
        if id_ in self.given:
            return self.given[id_]
        return entry.teaser.identity if entry else None


class _Move(NamedTuple):
    """An article that leaves one identity for another; None is none."""

    id: str
    old: str | None
    new: str | None


def _moved(
    before: Mapping[str, str | tuple[str, ...]], moves: Collection[_Move]
) -> tuple[Mapping[str, str | tuple[str, ...]], set[str | None]]:
    """Return who has which identity after `moves`, and the identities that were taken already."""
    ids, met = dict(before), set[str | None]()
    for move in moves:
        if move.old is not None:
            others = tuple(other for other in _all(ids.pop(move.old)) if other != move.id)
            if others:
                ids[move.old] = _packed(others)
    for move in moves:
        if move.new is not None:
            others = _all(ids.get(move.new, ()))
            ids[move.new] = _packed((*others, move.id))
            if others:
                met.add(move.new)
    return ids, met


def _all(held: str | tuple[str, ...]) -> tuple[str, ...]:
    return (held,) if isinstance(held, str) else held


def _packed(held: tuple[str, ...]) -> str | tuple[str, ...]:
    """Return what is held of the articles with an identity: one alone takes the least memory."""
    return held[0] if len(held) == 1 else held
