"""The articles of a site, each with what became of it: what `sitegen list` shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from sitegen.config.loading import load_config
from sitegen.flow.article_counts import ArticleCounts
from sitegen.flow.indexing import count_articles
from sitegen.flow.reading import read_site
from sitegen.index.published import status
from sitegen.model.documents import Entry
from sitegen.model.errors import Problem
from sitegen.model.moments import Moment

State = Literal["shown", "draft", "scheduled", "expired", "wrong", "left_out", "ignored"]
"""What becomes of an article file; the words are those of `ArticleCounts`."""


class ListedArticle(NamedTuple):
    """An article file and what became of it."""

    path: str
    state: State
    entry: Entry | None
    """What it says, or said when it was last without errors; None if it never was."""
    errors: tuple[Problem, ...]


class Listing(NamedTuple):
    """All article files of a site."""

    articles: tuple[ListedArticle, ...]
    """Those without a date first, then the newest first."""
    counts: ArticleCounts


def list_articles(site: Path, at: Moment) -> Listing:
    """Return the article files of the site folder `site`, as they are shown at the moment `at`.

    Nothing is built. Raises `SitegenError` for a configuration with errors, `UsageError` while a
    build of the site is running.
    """
    read = read_site(site, load_config(site), at)
    known = read.articles
    errors: dict[str, list[Problem]] = {}
    for problem in (*known.problems(), *read.indexed.problems()):
        if problem.is_error and problem.location is not None:
            errors.setdefault(problem.location.path, []).append(problem)
    entries = {path: item.entry for path, item in known.items.items()}
    entries |= dict.fromkeys(known.broken - entries.keys())
    found = (
        ListedArticle(
            path,
            _state(path, entry, read.indexed.left_out, known.broken, at),
            entry,
            tuple(errors.get(path, ())),
        )
        for path, entry in entries.items()
    )
    return Listing(tuple(sorted(found, key=_order)), count_articles(known, read.indexed))


def chosen(
    articles: Iterable[ListedArticle], states: frozenset[State], *, errors: bool
) -> Iterator[ListedArticle]:
    """Yield the articles of some states, and with `errors` those that have errors.

    All of them if nothing is asked for.
    """
    for article in articles:
        is_wrong = bool(article.errors) or article.state in ("wrong", "left_out")
        if article.state in states or (errors and is_wrong) or not (states or errors):
            yield article


def _state(
    path: str,
    entry: Entry | None,
    left_out: frozenset[str],
    broken: frozenset[str],
    at: Moment,
) -> State:
    if entry is None:
        return "wrong" if path in broken else "ignored"
    return "left_out" if path in left_out else status(entry, at) or "shown"


def _order(article: ListedArticle) -> tuple[bool, int, str]:
    entry = article.entry
    return (entry is not None, -entry.teaser.date.instant if entry else 0, article.path)
