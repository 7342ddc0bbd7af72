"""The documents of a site, each with what became of it: what `sitegen list` shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from sitegen.config.loading import load_config
from sitegen.flow.article_counts import ArticleCounts
from sitegen.flow.indexing import count_articles, count_pages
from sitegen.flow.reading import read_site
from sitegen.index.published import status
from sitegen.model.documents import AnyEntry, Entry
from sitegen.model.errors import Problem
from sitegen.model.moments import Moment
from sitegen.model.source_folders import DOCUMENTS, document_folder

State = Literal["shown", "draft", "scheduled", "expired", "wrong", "left_out", "ignored"]
"""What becomes of a document; the words are those of `ArticleCounts`."""


class ListedDocument(NamedTuple):
    """The file of an article, a standalone page or the text of a term, and what became of it."""

    path: str
    state: State
    entry: AnyEntry | None
    """What it says, or said when it was last without errors; None if it never was."""
    errors: tuple[Problem, ...]


class Listing(NamedTuple):
    """The files of all documents of a site."""

    documents: tuple[ListedDocument, ...]
    """Articles without a date first, then the newest first; pages, then texts of terms by path."""
    counts: ArticleCounts
    standalone: ArticleCounts
    """The numbers of standalone pages."""


def list_documents(site: Path, at: Moment) -> Listing:
    """Return the documents of the site folder `site`, as they are shown at the moment `at`.

    Nothing is built. Raises `SitegenError` for a configuration with errors, `UsageError` while a
    build of the site is running.
    """
    read = read_site(site, load_config(site), at)
    known = read.documents
    errors: dict[str, list[Problem]] = {}
    for problem in (*known.problems(), *read.indexed.problems()):
        if problem.is_error and problem.location is not None:
            errors.setdefault(problem.location.path, []).append(problem)
    entries = {path: item.document for path, item in known.items.items()}
    entries |= dict.fromkeys(known.broken - entries.keys())
    found = (
        ListedDocument(
            path,
            _state(path, entry, read.indexed.left_out, known.broken, at),
            entry,
            tuple(errors.get(path, ())),
        )
        for path, entry in entries.items()
    )
    return Listing(
        tuple(sorted(found, key=_order)),
        count_articles(known, read.indexed),
        count_pages(known, read.indexed),
    )


def chosen(
    documents: Iterable[ListedDocument], states: frozenset[State], *, errors: bool
) -> Iterator[ListedDocument]:
    """Yield the documents of some states, and with `errors` those that have errors.

    All of them if nothing is asked for.
    """
    for document in documents:
        is_wrong = bool(document.errors) or document.state in ("wrong", "left_out")
        if document.state in states or (errors and is_wrong) or not (states or errors):
            yield document


def _state(
    path: str,
    entry: AnyEntry | None,
    left_out: frozenset[str],
    broken: frozenset[str],
    at: Moment,
) -> State:
    if entry is None:
        return "wrong" if path in broken else "ignored"
    return "left_out" if path in left_out else status(entry, at) or "shown"


def _order(document: ListedDocument) -> tuple[int, bool, int, str]:
    entry = document.entry
    date = -entry.teaser.date.instant if isinstance(entry, Entry) else 0
    return (DOCUMENTS.index(document_folder(document.path)), entry is not None, date, document.path)
