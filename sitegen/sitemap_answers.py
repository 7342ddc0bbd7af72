"""What the templates of sitemaps are told: finished addresses and times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from sitegen import lists, sitemaps
from sitegen.answering import Answering
from sitegen.content import Entry, Teaser
from sitegen.feeds import CORRECTIONS_URL
from sitegen.references import is_external, resolve_target
from sitegen.site import TAXONOMIES, Site
from sitegen.trace import Answer, fingerprint
from sitegen.urls import Base


class Listed(NamedTuple):
    """A page, or a sitemap, that search engines are told of."""

    loc: str
    """The full address."""
    lastmod: str
    """When it last changed for readers, as W3C date and time; "" where that is not known."""
    image: str = ""
    """The full address of its picture, or ""."""


class News(NamedTuple):
    """An article of the last two days."""

    loc: str
    date: str
    """W3C date and time."""
    title: str
    publication: str
    """The paper's name."""
    language: str
    """Of the paper, as Google News wants it."""


def _sitemap(site: Site, year: int, number: int) -> Answer:
    entries = sitemaps.part(listed_in(site, year), number)
    base = _base(site.config.base_url)
    found = tuple(
        Listed(
            base.absolute(entry.teaser.url),
            _stamp(entry.modified),
            _picture(site, base, entry.teaser),
        )
        for entry in entries
    )
    return Answer(found, fingerprint(found), tuple(entry.teaser.id for entry in entries))


def _sitemap_pages(site: Site, number: int) -> Answer:
    base = _base(site.config.base_url)
    start = (number - 1) * sitemaps.PER_FILE
    urls = page_urls(site)[start : start + sitemaps.PER_FILE]
    found = tuple(Listed(base.absolute(url), "") for url in urls)
    return Answer(found, fingerprint(found), tuple(urls))


def _sitemap_index(site: Site) -> Answer:
    base = _base(site.config.base_url)
    found = [
        Listed(base.absolute(sitemaps.pages_url(number)), "")
        for number in range(1, sitemaps.files(len(page_urls(site))) + 1)
    ]
    for year in listed_counts(site):
        for number, newest in enumerate(_year(site, year).newest, 1):
            found.append(Listed(base.absolute(sitemaps.year_url(year, number)), _stamp(newest)))
    members = tuple(f"{item.loc} {item.lastmod}" for item in found)
    return Answer(tuple(found), fingerprint(found), members)


def _news_sitemap(site: Site, number: int) -> Answer:
    base = _base(site.config.base_url)
    entries = sitemaps.part(site.news, number)
    publication = site.config.sitemap.publication or site.config.title
    language = sitemaps.news_language(site.config.language)
    found = tuple(
        News(
            base.absolute(entry.teaser.url),
            _stamp(entry.teaser.date),
            sitemaps.xml_text(entry.teaser.title),
            sitemaps.xml_text(publication),
            language,
        )
        for entry in entries
    )
    return Answer(found, fingerprint(found), tuple(entry.teaser.id for entry in entries))


def _news_sitemaps(site: Site) -> Answer:
    base = _base(site.config.base_url)
    count = sitemaps.files(len(site.news))
    found = tuple(base.absolute(sitemaps.news_url(number)) for number in range(1, count + 1))
    return Answer(found, fingerprint(found), found)


@dataclass(frozen=True)
class Year:
    """The articles of a year that search engines are told of."""

    entries: tuple[Entry, ...]
    """Oldest first."""

    @cached_property
    def newest(self) -> tuple[datetime, ...]:
        """When the last article of each file changed."""
        numbers = range(1, sitemaps.files(len(self.entries)) + 1)
        parts = (sitemaps.part(self.entries, number) for number in numbers)
        return tuple(sitemaps.last_modified(part) for part in parts)


def _year(site: Site, year: int) -> Year:
    known: Year | None = site.years.get(year)
    if known is None:
        base = _base(site.config.base_url)
        first = sum(
            count for (other, month, _), count in site.periods.items() if other < year and not month
        )
        entries = site.ordered[first : first + site.periods.get((year, 0, 0), 0)]
        known = Year(tuple(entry for entry in entries if sitemaps.is_listed(entry, base)))
        site.years[year] = known
    return known


def listed_counts(site: Site) -> dict[int, int]:
    """Return how many articles of each year search engines are told of; no year without any."""
    years = (year for year, month, _ in site.periods if not month)
    counts = {year: len(_year(site, year).entries) for year in years}
    return {year: count for year, count in counts.items() if count}


def listed_in(site: Site, year: int) -> Sequence[Entry]:
    """Return the articles of a year that search engines are told of, oldest first."""
    return _year(site, year).entries


def page_urls(site: Site) -> list[str]:
    """Return the addresses of the pages that are no articles and stand for themselves."""
    urls = ["/", "/archive/"]
    if site.corrections:
        urls.append(CORRECTIONS_URL)
    for taxonomy in TAXONOMIES:
        index = lists.index_url(getattr(site.config.urls, taxonomy))
        if index and site.terms[taxonomy]:
            urls.append(index)
        urls += [term.url for _, term in sorted(site.terms[taxonomy].items())]
    return urls


def _picture(site: Site, base: Base, teaser: Teaser) -> str:
    """Return the full address of an article's picture, or ""."""
    if teaser.image is None:
        return ""
    source = teaser.image.src
    if is_external(source):
        return source if source.startswith(("http://", "https://")) else ""
    target = resolve_target(teaser.id, source)
    if target is None:
        return ""
    if target.url:
        return base.absolute(target.url)
    url = site.url_of(target.path)
    return base.origin + base.file_href(url) if url else ""


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


@lru_cache(maxsize=8)
def _base(base_url: str) -> Base:
    return Base.parse(base_url)


ANSWERS: Mapping[str, Answering] = {
    "sitemap": _sitemap,
    "sitemap_pages": _sitemap_pages,
    "sitemap_index": _sitemap_index,
    "news_sitemap": _news_sitemap,
    "news_sitemaps": _news_sitemaps,
}
"""The kinds of question that are answered here."""
