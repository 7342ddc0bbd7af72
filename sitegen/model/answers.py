"""What the site answers to templates: frozen values without behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sitegen.model.documents import Teaser, Term
from sitegen.model.moments import Moment


class Section(NamedTuple):
    """A category's part of the front page."""

    term: Term
    items: tuple[Teaser, ...]


class FrontPage(NamedTuple):
    """The front page, on which no article stands twice."""

    lead: Teaser | None
    seconds: tuple[Teaser, ...]
    newest: tuple[Teaser, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class CountedTerm:
    """A term with the number of its articles."""

    term: Term
    count: int


class TaxonomyFacts(NamedTuple):
    """What a taxonomy is called, and whether it is a tree."""

    title: str
    """All of it: "Places"."""
    label: str
    """One of its terms: "Place"."""
    tree: bool
    """Whether its terms have others below them."""


class Index(NamedTuple):
    """The list of all terms of a taxonomy."""

    taxonomy: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of a menu."""

    label: str
    url: str
    """An address of the site, a full one, or "" for a heading above others."""
    rel: str = ""
    """How the site stands to that address."""
    term: str = ""
    """The slug of the category that it leads to, if it leads to one."""
    lang: str = ""
    """The language of its label, where a page says so."""
    children: tuple[MenuEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where an article stands in a series."""

    taxonomy: str
    term: Term
    number: int
    """From 1, among the parts that are published."""
    count: int
    """How many parts are published."""
    previous: Teaser | None
    next: Teaser | None


class Listing(NamedTuple):
    """One page of a term's list, newest first, with the URLs of the pages around it."""

    term: Term
    items: tuple[Teaser, ...]
    number: int
    older: str | None
    newer: str | None
    newest: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """A year, month or day of the archive; `month` and `day` are 0 where they do not apply."""

    year: int
    month: int
    day: int
    url: str
    count: int


class AdjacentPeriods(NamedTuple):
    """The periods with articles before and after one of the same kind."""

    previous: Period | None
    next: Period | None


class Neighbours(NamedTuple):
    """The articles published just before and just after one."""

    previous: Teaser | None
    next: Teaser | None


class CorrectionNotice(NamedTuple):
    """A correction, with the article that it belongs to."""

    date: Moment
    text: str
    teaser: Teaser
    url: str
    """Where it stands: the article's, with a fragment."""
    identity: str
    """The article's, with the day of the correction and its number on that day."""


class CorrectionPage(NamedTuple):
    """One page of all corrections, newest first, with the URLs of the pages around it."""

    items: tuple[CorrectionNotice, ...]
    number: int
    older: str | None
    newer: str | None
    newest: str | None


class FeedItem(NamedTuple):
    """What a feed says of an article, or of a correction. Dates have whole-minute offsets."""

    identity: str
    url: str
    title: str
    published: Moment
    updated: Moment
    """When readers were last told of a change."""
    summary: str
    """Plain text."""
    teaser: Teaser
    """Of the article."""
    correction: str
    """The text of a correction, "" for an article."""


class Feed(NamedTuple):
    """A feed, newest first. The `term` is None in those of the whole site and of corrections."""

    identity: str
    url: str
    """Of the page that shows the same."""
    term: Term | None
    items: tuple[FeedItem, ...]
    updated: Moment | None
    full: bool
    """Whether it holds whole articles."""
    hubs: tuple[str, ...]
    rights: str


class FeedLink(NamedTuple):
    """Where a feed is, for the heads of pages."""

    url: str
    type: str
    """Its media type."""
    format: str
    """`Atom`, `RSS` or `JSON Feed`."""


class Enclosure(NamedTuple):
    """A file that a feed brings along: its URL, its size in bytes, its media type."""

    url: str
    size: int
    type: str


class Credited(NamedTuple):
    """A name in a byline."""

    term: Term
    of: str
    """Whom they work for, if not for the paper."""
    role: str
    """Where no text of the language has a word for it."""


class BylinePart(NamedTuple):
    """Those who did the same for an article, and the words around their names."""

    before: str
    people: tuple[Credited, ...]
    after: str


class GalleryPicture(NamedTuple):
    """A picture of the text of a shortcode."""

    src: str
    """The link to it."""
    alt: str
    width: int = 0
    """In pixels, as the height; 0 where it is not known."""
    height: int = 0
    caption: str = ""
    """HTML."""


class Edition(NamedTuple):
    """An edition of the site."""

    language: str
    title: str
    """What the paper is called there."""
    url: str
    """The address of its front page."""
