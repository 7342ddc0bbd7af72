"""What the templates of sitemaps are told: finished addresses and times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sitegen.cache.trace import Answer, fingerprint
from sitegen.index import sitemaps
from sitegen.index.listed import in_year, listed_counts, listed_in, page_urls, parsed_base
from sitegen.index.site import Site
from sitegen.model.documents import Teaser
from sitegen.model.references import is_external, resolve_target
from sitegen.model.urls import Base
from sitegen.queries.answering import Answering


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
    base = parsed_base(site.config.base_url)
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
    base = parsed_base(site.config.base_url)
    start = (number - 1) * sitemaps.PER_FILE
    urls = page_urls(site)[start : start + sitemaps.PER_FILE]
    found = tuple(Listed(base.absolute(url), "") for url in urls)
    return Answer(found, fingerprint(found), tuple(urls))


def _sitemap_index(site: Site) -> Answer:
    base = parsed_base(site.config.base_url)
    found = [
        Listed(base.absolute(sitemaps.pages_url(number)), "")
        for number in range(1, sitemaps.files(len(page_urls(site))) + 1)
    ]
    for year in listed_counts(site):
        for number, newest in enumerate(in_year(site, year).newest, 1):
            found.append(Listed(base.absolute(sitemaps.year_url(year, number)), _stamp(newest)))
    members = tuple(f"{item.loc} {item.lastmod}" for item in found)
    return Answer(tuple(found), fingerprint(found), members)


def _news_sitemap(site: Site, number: int) -> Answer:
    base = parsed_base(site.config.base_url)
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
    base = parsed_base(site.config.base_url)
    count = sitemaps.files(len(site.news))
    found = tuple(base.absolute(sitemaps.news_url(number)) for number in range(1, count + 1))
    return Answer(found, fingerprint(found), found)


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


ANSWERS: Mapping[str, Answering] = {
    "sitemap": _sitemap,
    "sitemap_pages": _sitemap_pages,
    "sitemap_index": _sitemap_index,
    "news_sitemap": _news_sitemap,
    "news_sitemaps": _news_sitemaps,
}
"""The kinds of question that are answered here."""
