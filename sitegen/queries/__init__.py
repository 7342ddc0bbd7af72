"""The questions that a template can ask, one module a subject: see `kinds` for a record.

The modules are named here, so that each process that asks has them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sitegen.cache.trace import AT, Answer, Question, Tracker
from sitegen.index.site import Site
from sitegen.queries import (
    archives,
    articles,
    comments,
    data,
    editions,
    feeds,
    hosts,
    includes,
    lists,
    navigation,
    own_keys,
    pages,
    pictures,
    series,
    settings,
    sitemaps,
    term_texts,
    translations,
)
from sitegen.queries.kinds import Kind, Scope, Subject

MODULES = (
    articles,
    own_keys,
    pages,
    comments,
    lists,
    term_texts,
    navigation,
    series,
    archives,
    feeds,
    settings,
    sitemaps,
    hosts,
    pictures,
    includes,
    translations,
    data,
    editions,
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for module in MODULES
    for kind in vars(module).values()
    if isinstance(kind, Kind)
}
"""Every kind of question, by its name."""

SHARED = frozenset(kind.name for kind in KINDS.values() if kind.scope is Scope.SHARED)
"""Kinds of question whose answers are kept once a build."""

NARROWED = frozenset(
    kind.name for kind in KINDS.values() if kind.affected and kind.grouped_by is None
)
"""Kinds of question that say which of them a change affects; any other is always asked again."""

GROUPED: Mapping[str, int] = {
    kind.name: 1 + kind.grouped_by for kind in KINDS.values() if kind.grouped_by is not None
}
"""Kinds that say what the questions begin with which a change affects, and of how many words that
is."""


def asked_again_with(question: Question) -> Question | None:
    """Return what stands for a question among those that a change affects: itself, or its group.

    None for one that is always asked again.
    """
    if question[0] in NARROWED:
        return question
    length = GROUPED.get(str(question[0]))
    if length is not None:
        return question[:length]
    return question if str(question[0]).partition(AT)[0] in NARROWED else None


OF_EDITIONS = frozenset(kind.name for kind in KINDS.values() if kind.about is Subject.EDITION)
"""Kinds of question that a page of an edition asks about that edition."""


def answer(site: Site, question: Question) -> Answer:
    """Return the answer to a question; `ValueError` for a kind that does not exist.

    `front@ja` is asked about an edition: `LookupError` where the site does not have it.
    """
    kind = KINDS.get(str(question[0]))
    if kind is None:
        name, sign, edition = str(question[0]).partition(AT)
        kind = KINDS.get(name)
        if kind is None or not sign:
            message = f"no such question: {question!r}"
            raise ValueError(message)
        site = site.editions[edition]
    elif kind.about is Subject.DOCUMENT and site.editions:
        entry = site.document(str(question[1]))
        site = site.of(entry.edition) if entry else site
    return kind.answer(site, *question[1:])


def tracker(site: Site) -> Tracker:
    """Return what asks a site and writes down who asked."""
    return Tracker(partial(answer, site), in_editions(SHARED, site), OF_EDITIONS)


def in_editions(names: frozenset[str], site: Site) -> frozenset[str]:
    """Return names of kinds of question with those by which pages of editions ask."""
    if not site.editions:
        return names
    asked = names & OF_EDITIONS
    return names | {f"{name}{AT}{edition}" for name in asked for edition in site.editions}
