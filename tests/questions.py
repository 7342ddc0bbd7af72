"""Every question that makes sense in a site, from the records of all kinds.

What an argument can be follows from its name: a new kind whose arguments have known names is asked
by all tests that ask every question, without a word about it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import product
from typing import Any, get_args

from sitegen.cache.trace import Question
from sitegen.index.feeds import CORRECTIONS, SITE
from sitegen.index.own_outputs import own_outputs
from sitegen.index.site import Site
from sitegen.model.documents import Nav
from sitegen.plan.host_dialects import FILES
from sitegen.queries import KINDS
from sitegen.queries.kinds import Kind

Values = tuple[str | int, ...]


def _ids(site: Site) -> Iterator[Values]:
    articles = (*site.entries, *site.hidden, "articles/unknown.md")
    pages = (*site.pages.shown, *site.pages.hidden, "pages/unknown.md")
    texts = (*site.term_texts.shown, *site.term_texts.hidden)
    yield from ((id_,) for id_ in (*articles, *pages, *texts))


def _lists(site: Site) -> Iterator[Values]:
    yield from ((SITE, ""), (CORRECTIONS, ""))
    for taxonomy in site.config.taxonomies:
        yield (taxonomy, "unknown")
        told = {slug for name, slug in site.term_texts.by_term if name == taxonomy}
        yield from ((taxonomy, slug) for slug in {*site.terms[taxonomy], *told})


def _periods(site: Site) -> Iterator[Values]:
    yield from ((0, 0, 0), (1900, 1, 1))
    yield from site.periods


def _settings(site: Site) -> Iterator[Values]:
    for item in fields(site.config):
        value = getattr(site.config, item.name)
        if is_dataclass(value):
            yield from ((item.name, inner.name) for inner in fields(value))
        else:
            yield (item.name,)


DOMAINS: Mapping[tuple[str, ...], Callable[[Site], Iterable[Values]]] = {
    ("id",): _ids,
    ("taxonomy", "slug"): _lists,
    ("taxonomy",): lambda site: [(taxonomy,) for taxonomy in site.config.taxonomies],
    ("year", "month", "day"): _periods,
    ("year", "month"): lambda site: {key[:2] for key in _periods(site)},
    ("menu",): lambda site: [(name,) for name in ("header", "footer", *site.config.navigation)],
    ("year",): lambda site: {key[:1] for key in _periods(site)},
    ("number",): lambda _site: [(number,) for number in range(4)],
    ("path",): lambda site: [
        (path,)
        for path in (
            *site.files,
            *site.static,
            *(f"static/{path}" for path in site.static),
            *site.entries,
            *site.pages.shown,
            *site.term_texts.shown,
            "unknown.jpg",
        )
    ],
    ("name",): lambda site: [(name,) for name in (*site.templates, "unknown.html")],
    ("key",): lambda site: [(key,) for key in (*site.words.texts, *site.words.plurals, "unknown")],
    ("folder",): lambda site: [
        (folder,)
        for folder in sorted(
            {path.rpartition("/")[0] for path in (*site.files, *site.data, "articles/none/a", "a")}
        )
    ],
    ("names",): _settings,
    ("file", "selector"): lambda site: [
        ("unknown",),
        *((name, *steps) for name in site.data for steps in ((), (0,), ("a",), ("a", 1))),
    ],
    ("output", "url"): lambda site: [
        (page.pattern, page.url)
        for found in own_outputs(site).values()
        for page in found.pages
        if page.row >= 0
    ],
    ("output",): lambda site: [(output.url,) for output in site.config.outputs],
    ("language",): lambda site: [(tag,) for tag in (*site.languages, "ar")],
    ("nav",): lambda _site: [(nav,) for nav in get_args(Nav)],
}
"""What the arguments of a question can be in a site, by their names; the longest run counts."""


def assert_known(kind: Kind) -> list[tuple[str, ...]]:
    """Return the runs of a kind's arguments that have a domain; fail if one has none."""
    left = tuple(kind.parameters)
    runs: list[tuple[str, ...]] = []
    while left:
        run = next(
            (left[:length] for length in (3, 2, 1) if left[:length] in DOMAINS),
            None,
        )
        assert run is not None, f"{kind.name}: tests/questions.py has no domain for {left[0]}"
        runs.append(run)
        left = left[len(run) :]
    return runs


def questions_of(site: Site, kind: Kind) -> Iterator[Question]:
    """Yield the questions of a kind that make sense in a site."""
    if kind.name == "host_file":
        yield from ((kind.name, path) for path in FILES[site.config.hosting.host])
        return
    if kind.name == "feed_formats":
        yield from ((kind.name, name) for name in (SITE, CORRECTIONS, *site.config.taxonomies))
        return
    for parts in product(*(tuple(DOMAINS[run](site)) for run in assert_known(kind))):
        values: tuple[Any, ...] = tuple(value for part in parts for value in part)
        # Of lists that are no taxonomy's there are feeds alone.
        if "slug" in kind.parameters and kind.name != "feed" and values[0] in (SITE, CORRECTIONS):
            continue
        yield (kind.name, *values)


def every_question(site: Site, kinds: Iterable[str] = tuple(KINDS)) -> set[Question]:
    """Return every question of some kinds that makes sense in a site."""
    return {item for name in kinds for item in questions_of(site, KINDS[name])}
