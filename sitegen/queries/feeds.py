"""What templates are told about feeds, corrections, and the files that feeds enclose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sitegen.cache.trace import ABSENT, Answer, Question, digest, fingerprint
from sitegen.index import lists
from sitegen.index.change import Change
from sitegen.index.feeds import CORRECTIONS, SITE, corrections_url, formats, media_type
from sitegen.index.published import terms_of
from sitegen.index.site import Site
from sitegen.model import moments
from sitegen.model.answers import (
    CorrectionNotice,
    CorrectionPage,
    Enclosure,
    Feed,
    FeedItem,
)
from sitegen.model.documents import Entry
from sitegen.parse.identity import ANY_YEAR, authority, tag_uri
from sitegen.queries.kinds import FILES, OWN, SHARED, TEASERS, WHOLE_SITE, Function, question

FEEDS = "Feeds and corrections"
"""The heading of these functions in docs/templates.md."""


def _feed_affected(site: Site, change: Change) -> Iterator[Question]:
    yield ("feed", SITE, "")
    yield ("feed", CORRECTIONS, "")
    for taxonomy in site.config.taxonomies:
        for slug in {term.slug for entry in change.entries for term in terms_of(entry, taxonomy)}:
            yield ("feed", taxonomy, slug)


@question(
    "feed",
    scope=OWN,
    reads=(
        TEASERS,
        "base_url",
        "feeds.authority",
        "feeds.content",
        "feeds.hubs",
        "feeds.items",
        "feeds.list_content",
        "feeds.rights",
        "home",
        "site_language",
    ),
    affected=_feed_affected,
    function=Function(
        FEEDS,
        'a [feed](#feed): the newest of the site, of a term, or of `"corrections"`',
        "with every publication of one of them, and every edit of what their teasers say",
        missing='published feed "{taxonomy}" "{slug}"',
    ),
)
def feed(site: Site, taxonomy: str = SITE, slug: str = "") -> Answer:
    """The newest of the site (""), of a term, or of the corrections."""
    settings = site.config.feeds
    term = None
    items: tuple[FeedItem, ...]
    if slug and taxonomy in (SITE, CORRECTIONS):
        return Answer(None, ABSENT)
    if taxonomy == CORRECTIONS:
        newest = tuple(islice(reversed(site.corrections), settings.items))
        items, digests = tuple(map(_correction_item, newest)), _notice_digests(newest)
    else:
        line: Sequence[Entry] = site.ordered
        if taxonomy != SITE:
            term = site.terms[taxonomy].get(slug)
            if term is None:
                return Answer(None, ABSENT)
            line = site.by_term[taxonomy][slug]
        entries = line[-1 : -settings.items - 1 : -1]
        items = tuple(map(_article_item, entries))
        digests = [entry.teaser_digest for entry in entries]
    landing = term.url if term else _landing(site, taxonomy)
    owner = authority(settings.authority, site.config.base_url)
    whole = f"feed/{taxonomy}/{slug}" if term else f"feed/{taxonomy}"
    if site.edition and site.edition != site.config.site_language:
        whole = f"{whole.rstrip('/')};{site.edition}"
    feed = Feed(
        identity=tag_uri(owner, ANY_YEAR, whole.rstrip("/")),
        url=landing,
        term=term,
        items=items,
        # Nobody was told anything before the first article.
        updated=max((item.updated for item in items), default=None),
        full=(settings.list_content if term else settings.content) == "full",
        hubs=settings.hubs,
        rights=settings.rights,
    )
    rest = repr((*feed._replace(items=()), [item.updated for item in items]))
    return Answer(feed, digest(rest, *digests), tuple(item.identity for item in items))


def _landing(site: Site, taxonomy: str) -> str:
    return corrections_url(site.config) if taxonomy == CORRECTIONS else site.config.home


def _article_item(entry: Entry) -> FeedItem:
    teaser = entry.teaser
    return FeedItem(
        identity=teaser.identity,
        url=teaser.url,
        title=teaser.title,
        published=moments.writable(teaser.date),
        updated=moments.writable(entry.modified),
        summary=teaser.summary,
        teaser=teaser,
        correction="",
    )


def _correction_item(notice: CorrectionNotice) -> FeedItem:
    date = moments.writable(notice.date)
    return FeedItem(
        identity=notice.identity,
        url=notice.url,
        title=notice.teaser.title,
        published=date,
        updated=date,
        summary=notice.text,
        teaser=notice.teaser,
        correction=notice.text,
    )


def _notice_digests(notices: Iterable[CorrectionNotice]) -> list[bytes]:
    return [fingerprint(notice) for notice in notices]


@question(
    "feed_formats",
    scope=SHARED,
    reads=("base_url", "feeds.formats", "taxonomies"),
)
def feed_formats(site: Site, taxonomy: str) -> Answer:
    """The formats in which the site (""), each term of a taxonomy, or the corrections have feeds.

    Not their addresses: then each term's pages would have a question of their own.
    """
    found = formats(site.config, taxonomy)
    return Answer(found, fingerprint(found), tuple(item.name for item in found))


@question(
    "enclosure",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, FILES),
    affected=lambda _site, _change: (),
)
def enclosure(site: Site, path: str) -> Answer:
    """A published file with its size and type, or None."""
    url = site.url_of(path)
    source = site.files.get(path) or site.static.get(path.partition("/")[2])
    if url is None or source is None:
        return Answer(None, ABSENT, ("nowhere",))
    enclosure = Enclosure(url, source.size, media_type(path))
    return Answer(enclosure, fingerprint(enclosure), (f"{url} {source.size}",))


@question(
    "corrections",
    scope=OWN,
    reads=(TEASERS, "lists.per_page", "home"),
    function=Function(
        FEEDS,
        "a page of all corrections: `.items` (each with `.date`, `.text`, `.teaser`, `.url`, "
        "`.identity`), `.number`, `.older`, `.newer`, `.newest`",
        "with every correction; a full page when one of its own is edited",
        missing="page {number} of the corrections",
    ),
)
def corrections(site: Site, number: int = 0) -> Answer:
    """A page of all corrections."""
    size = site.config.lists.per_page
    full = lists.full_pages(len(site.corrections), size)
    if not 0 <= number <= full:
        return Answer(None, ABSENT)
    page = lists.page(site.corrections, size, number)
    landing = corrections_url(site.config)
    value = CorrectionPage(
        page.items,
        number,
        older=lists.page_url(landing, page.older),
        newer=lists.page_url(landing, page.newer),
        newest=landing if number else None,
    )
    members = tuple(notice.identity for notice in page.items)
    around = repr((value.older, value.newer))
    return Answer(value, digest(around, *_notice_digests(page.items)), members)


@question(
    "corrections_url",
    scope=SHARED,
    reads=(TEASERS, "home"),
    function=Function(FEEDS, "where they are listed, or `none`", "with the first correction"),
)
def where_corrections_are(site: Site) -> Answer:
    """Where the corrections are listed, or None if there are none."""
    url = corrections_url(site.config) if site.corrections else None
    return Answer(url, fingerprint(url), (str(url),))
