"""Documents → Site: who is published at a moment, in which order, under which terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sitegen.cache.trace import digest
from sitegen.config.settings import Config
from sitegen.config.themes import BUILT_IN, Theme
from sitegen.index.layers import static_files, template_files
from sitegen.index.set_digests import SetDigests
from sitegen.index.site import Site
from sitegen.index.words import Catalogues
from sitegen.model.data import DataFile
from sitegen.model.documents import (
    AnyEntry,
    Article,
    Entry,
    PageEntry,
    PageTeaser,
    Source,
    StandalonePage,
    Status,
    Teaser,
    Term,
    TermEntry,
    TermTeaser,
    TermText,
)
from sitegen.model.frozen import EMPTY
from sitegen.model.moments import Moment, calendar_day

Document = TypeVar("Document", Entry, PageEntry, TermEntry)


def status(entry: AnyEntry, at: Moment) -> Status:
    """Return "" for a document that is published at the moment `at`, else why it is not."""
    if entry.draft:
        return "draft"
    if entry.expires is not None and entry.expires <= at:
        return "expired"
    return "scheduled" if entry.publish is not None and entry.publish > at else ""


def seen(entry: Document, at: Moment, *, drafts: bool) -> Document | None:
    """Return a document as it is shown at the moment `at`, or None if it is not.

    A preview shows drafts and scheduled documents with their status.
    """
    state = status(entry, at)
    if not state:
        return entry
    if not drafts or state == "expired":
        return None
    teaser = entry.teaser._replace(status=state)
    return entry._replace(teaser=teaser, teaser_digest=digest(entry.teaser_digest, state))


def moments(entry: AnyEntry, at: Moment) -> tuple[Moment, ...]:
    """Return the moments after `at` at which the document appears or expires."""
    if entry.draft:
        return ()
    return tuple(time for time in (entry.publish, entry.expires) if time and time > at)


def place_key(entry: Entry) -> tuple[int, str]:
    """Return what articles are put in order by: oldest first, then by their ids."""
    return (entry.teaser.date.instant, entry.teaser.id)


def empty_site(  # noqa: PLR0913 - everything that a site is made from
    config: Config,
    sources: Mapping[str, Source],
    *,
    at: Moment,
    drafts: bool,
    catalogues: Catalogues,
    load_article: Callable[[Teaser, bytes], Article],
    load_page: Callable[[PageTeaser, bytes], StandalonePage],
    load_term: Callable[[TermTeaser, bytes], TermText],
    read: Callable[[Source], bytes],
    addresses: Mapping[str, str] = EMPTY,
    theme: Theme = BUILT_IN,
    data: Mapping[str, DataFile] = EMPTY,
    load_data: Callable[[DataFile], Any] | None = None,
) -> Site:
    """Return a site as it is at the moment `at`, without any documents: `exchange` puts them in.

    `drafts` shows drafts and scheduled documents, too, with their status on them. `catalogues`
    hold the words of all languages; `load_article`, `load_page` and `load_term` fetch a body when
    a page needs it, `read` a file; `addresses` are those that the site's file remembers, `theme`
    whose files `sources` has; `data` are the data files by name, whose values `load_data` fetches.
    """
    site = Site(
        config=config,
        entries={},
        hidden={},
        expired=(),
        ordered=(),
        terms=_of_taxonomies(config),
        by_term=_of_taxonomies(config),
        periods={},
        templates=template_files(sources, theme.names),
        catalogues=catalogues,
        static=static_files(sources, theme.names),
        withheld=frozenset(),
        files={},
        load_article=load_article,
        load_page=load_page,
        load_term=load_term,
        read=read,
        at=at,
        set_digests=SetDigests(),
        timed={},
        addresses=addresses,
        data=data,
        load_data=load_data,
        drafts=drafts,
        sources=sources,
        theme=theme,
    )
    editions = {
        code: replace(
            site,
            config=own,
            edition=code,
            terms=_of_taxonomies(own),
            by_term=_of_taxonomies(own),
            memo={},
        )
        for code, own in config.editions.items()
    }
    return replace(site, editions=editions, memo={})


def _of_taxonomies(config: Config) -> dict[str, Any]:
    return {taxonomy: {} for taxonomy in config.taxonomies}


def terms_of(entry: Entry, taxonomy: str) -> tuple[Term, ...]:
    """Return the terms of an article in a taxonomy."""
    teaser = entry.teaser
    if taxonomy == "category":
        return (teaser.category,)
    if taxonomy == "tag":
        return teaser.tags
    if taxonomy == "author":
        return teaser.authors
    return next((group.terms for group in teaser.terms if group.taxonomy == taxonomy), ())


def common_name(taxonomy: str, slug: str, line: Iterable[Entry]) -> Term:
    """Return the term of a slug as most of its articles spell it."""
    if taxonomy == "category":
        counts = Counter(entry.teaser.category for entry in line)
    else:
        counts = Counter(
            term for entry in line for term in terms_of(entry, taxonomy) if term.slug == slug
        )
    return min(counts, key=lambda term: (-counts[term], term.name))


def period_keys(entry: Entry) -> tuple[tuple[int, int, int], ...]:
    """Return the keys of the year, month and day of an article."""
    year, month, day = calendar_day(entry.teaser.date)
    return ((year, 0, 0), (year, month, 0), (year, month, day))
