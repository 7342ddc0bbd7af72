"""What the templates of sitemaps are told: finished addresses and times."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.cache.trace import Answer, Question, fingerprint
from sitegen.index import sitemaps
from sitegen.index.change import Change
from sitegen.index.listed import (
    in_year,
    listed_counts,
    listed_in,
    listed_pages,
    page_count,
    parsed_base,
)
from sitegen.index.published import place_key
from sitegen.index.site import Site
from sitegen.model import moments
from sitegen.model.documents import Teaser
from sitegen.model.moments import Moment
from sitegen.model.references import link_to
from sitegen.model.urls import Base
from sitegen.queries.kinds import (
    DATA,
    FILES,
    OWN,
    PAGES,
    TEASERS,
    TERMS,
    TIME,
    WHOLE_SITE,
    Function,
    question,
)
from sitegen.queries.lists import EVERY_TIME

SITEMAPS = "Sitemaps"
"""The heading of these functions in docs/templates.md."""


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


def _sitemap_affected(site: Site, change: Change) -> Iterator[Question]:
    for year in {entry.teaser.date.year for entry in change.entries}:
        line = listed_in(site, year)
        # What comes before the first place that changed stays where it was.
        first = min(
            bisect_left(line, place_key(entry), key=place_key)
            for entry in change.entries
            if entry.teaser.date.year == year
        )
        last = sitemaps.files(len(line) + len(change.entries))
        for number in range(sitemaps.files(first + 1), last + 1):
            yield ("sitemap", year, number)


@question(
    "sitemap",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, FILES, "base_url"),
    affected=_sitemap_affected,
    function=Function(
        SITEMAPS,
        "up to 1,000 articles of a year: `.loc`, `.lastmod`, `.image`",
        "when one of them is added, dated anew, corrected or moved",
    ),
)
def sitemap(site: Site, year: int, number: int) -> Answer:
    """A thousand articles of a year."""
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


@question(
    "sitemap_pages",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, PAGES, TERMS, DATA, "base_url", "outputs", "taxonomies", "home"),
    affected=lambda _site, _change: (("sitemap_pages",),),
    grouped_by=0,
    function=Function(
        SITEMAPS,
        "up to 1,000 other pages: `.loc`, `.lastmod`",
        "when a term gets its first article or loses its last; when a standalone page or what is "
        "said of a term is edited (but for its text), appears or goes; when a page of "
        "`[[outputs]]` comes or goes",
    ),
)
def sitemap_pages(site: Site, number: int) -> Answer:
    """A thousand of the pages that are no articles."""
    base = parsed_base(site.config.base_url)
    start = (number - 1) * sitemaps.PER_FILE
    pages = listed_pages(site)[start : start + sitemaps.PER_FILE]
    found = tuple(
        Listed(base.absolute(page.url), _stamp(page.updated) if page.updated else "")
        for page in pages
    )
    return Answer(found, fingerprint(found), tuple(page.url for page in pages))


@question(
    "sitemap_index",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, PAGES, TERMS, DATA, "base_url", "outputs", "taxonomies", "home"),
    affected=lambda _site, _change: (("sitemap_index",),),
    function=Function(SITEMAPS, "all sitemaps: `.loc`, `.lastmod`", EVERY_TIME),
)
def sitemap_index(site: Site) -> Answer:
    """All sitemaps."""
    base = parsed_base(site.config.base_url)
    found = [
        Listed(base.absolute(sitemaps.pages_url(number)), "")
        for number in range(1, sitemaps.files(page_count(site)) + 1)
    ]
    for year in listed_counts(site):
        for number, newest in enumerate(in_year(site, year).newest, 1):
            found.append(Listed(base.absolute(sitemaps.year_url(year, number)), _stamp(newest)))
    members = tuple(f"{item.loc} {item.lastmod}" for item in found)
    return Answer(tuple(found), fingerprint(found), members)


@question(
    "news_sitemap",
    scope=OWN,
    reads=(
        TEASERS,
        TIME,
        "base_url",
        "language",
        "sitemap.news",
        "sitemap.publication",
        "title",
    ),
    function=Function(
        SITEMAPS,
        "articles of the last two days: `.loc`, `.date`, `.title`, `.publication`, `.language`",
        "**with every publication**, and with the clock",
    ),
)
def news_sitemap(site: Site, number: int) -> Answer:
    """A thousand articles of the last two days."""
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


@question(
    "news_sitemaps",
    scope=OWN,
    reads=(TEASERS, TIME, "base_url", "sitemap.news", "home"),
    function=Function(
        SITEMAPS,
        "the addresses of the parts of a news sitemap of more than 1,000 articles",
        "with the clock",
    ),
)
def news_sitemaps(site: Site) -> Answer:
    """The files of the news sitemap, where it needs several."""
    base = parsed_base(site.config.base_url)
    count = sitemaps.files(len(site.news))
    home = site.config.home
    found = tuple(base.absolute(sitemaps.news_url(number, home)) for number in range(1, count + 1))
    return Answer(found, fingerprint(found), found)


def _picture(site: Site, base: Base, teaser: Teaser) -> str:
    """Return the full address of an article's picture, or ""."""
    if teaser.image is None:
        return ""
    href = link_to(teaser.id, teaser.image.src, base, site.url_of)
    return (href and base.whole(href)) or ""


def _stamp(moment: Moment) -> str:
    return moments.rfc3339(moment)
