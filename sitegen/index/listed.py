"""Which pages of a site search engines are told of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from sitegen.index import lists, sitemaps
from sitegen.index.feeds import corrections_url
from sitegen.index.own_outputs import listed_own_pages
from sitegen.index.site import Site
from sitegen.model.documents import Entry, Term
from sitegen.model.moments import Moment
from sitegen.model.urls import Base


@dataclass(frozen=True)
class Year:
    """The articles of a year that search engines are told of."""

    entries: tuple[Entry, ...]
    """Oldest first."""

    @cached_property
    def newest(self) -> tuple[Moment, ...]:
        """When the last article of each file changed."""
        numbers = range(1, sitemaps.files(len(self.entries)) + 1)
        parts = (sitemaps.part(self.entries, number) for number in numbers)
        return tuple(sitemaps.last_modified(part) for part in parts)


def in_year(site: Site, year: int) -> Year:
    """Return the articles of a year that search engines are told of, worked out once."""
    known: Year | None = site.memo.get(("year", year))
    if known is None:
        base = parsed_base(site.config.base_url)
        entries = site.in_year(year)
        known = Year(tuple(entry for entry in entries if sitemaps.is_listed(entry, base)))
        site.memo["year", year] = known
    return known


def listed_counts(site: Site) -> dict[int, int]:
    """Return how many articles of each year search engines are told of; no year without any."""
    years = (year for year, month, _ in site.periods if not month)
    counts = {year: len(in_year(site, year).entries) for year in years}
    return {year: count for year, count in counts.items() if count}


def listed_in(site: Site, year: int) -> Sequence[Entry]:
    """Return the articles of a year that search engines are told of, oldest first."""
    return in_year(site, year).entries


ALWAYS_LISTED = frozenset({"category", "tag", "author"})
"""Taxonomies whose list of all terms is there even without any: their links stand on all pages."""


def lists_of_terms(site: Site) -> Iterator[tuple[str, str]]:
    """Yield the taxonomies that have a list of all terms, with its address."""
    for taxonomy, settings in site.config.taxonomies.items():
        index = lists.index_url(settings.url)
        if index and (taxonomy in ALWAYS_LISTED or site.terms[taxonomy]):
            yield taxonomy, index


class ListedPage(NamedTuple):
    """A page that is no article, of which search engines are told."""

    url: str
    updated: Moment | None = None
    """When it last changed, where somebody has said so."""


def standalone_pages(site: Site) -> list[ListedPage]:
    """Return the standalone pages that search engines are told of, by address, worked out once."""
    known: list[ListedPage] | None = site.memo.get("listed_pages")
    if known is None:
        base = parsed_base(site.config.base_url)
        shown = (entry for entry in site.pages.ordered if sitemaps.is_listed(entry, base))
        found = (ListedPage(entry.teaser.url, entry.teaser.updated) for entry in shown)
        known = site.memo["listed_pages"] = sorted(found, key=lambda page: page.url)
    return known


def listed_pages(site: Site) -> list[ListedPage]:
    """Return the pages that are no articles and stand for themselves."""
    own = (ListedPage(page.url) for page in listed_own_pages(site))
    return [*map(ListedPage, _list_urls(site)), *standalone_pages(site), *own]


def page_count(site: Site) -> int:
    """Return how many pages `listed_pages` returns."""
    return len(_list_urls(site)) + len(standalone_pages(site)) + len(listed_own_pages(site))


def _list_urls(site: Site) -> list[str]:
    """Return the addresses of front pages, archives, and lists of articles."""
    return [url for edition in site.each() for url in _urls_of(edition)]


def _urls_of(site: Site) -> list[str]:
    """Return those of one edition."""
    home = site.config.home
    urls = [home, f"{home}archive/"]
    if site.corrections:
        urls.append(corrections_url(site.config))
    indexes = dict(lists_of_terms(site))
    for taxonomy in site.config.taxonomies:
        if taxonomy in indexes and site.terms[taxonomy]:
            urls.append(indexes[taxonomy])
        urls += [term.url for _, term in sorted(_shown_terms(site, taxonomy).items())]
    return urls


def _shown_terms(site: Site, taxonomy: str) -> Mapping[str, Term]:
    """Return the terms that have a page of which search engines are told, by their slugs."""
    terms = site.terms[taxonomy]
    texts = {
        slug: entry.teaser
        for (name, slug), entry in site.term_texts.by_term.items()
        if name == taxonomy
    }
    if not texts:
        return terms
    alone = {
        slug: Term(teaser.title, slug, teaser.url)
        for slug, teaser in texts.items()
        if slug not in terms and not teaser.status
    }
    unlisted = {slug for slug, teaser in texts.items() if teaser.noindex}
    return {slug: term for slug, term in {**terms, **alone}.items() if slug not in unlisted}


@lru_cache(maxsize=8)
def parsed_base(base_url: str) -> Base:
    """Return the parts of the site's address; it is asked for by every sitemap."""
    return Base.parse(base_url)
