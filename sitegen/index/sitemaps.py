"""Which pages search engines are told of, and when each last changed. Pure.

Formats: https://www.sitemaps.org/protocol.html and Google's extensions for pictures and news. A
file holds at most `PER_FILE` addresses, so that its limits (50,000 addresses, 50 MB) are out of
reach: an address is at most 12 kB long, since a file system ends at 4 kB and each byte takes three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sitegen.model.documents import AnyEntry, Entry
from sitegen.model.moments import Moment
from sitegen.model.urls import Base

PER_FILE = 1000
"""Addresses in a file: also what Google takes in a file of news."""

NEWS_WINDOW = timedelta(days=2)
"""How long an article is news to Google."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_listed(entry: AnyEntry, base: Base) -> bool:
    """Whether search engines are to show the document at the address that it has here."""
    teaser = entry.teaser
    if teaser.noindex or teaser.status:
        return False
    return not entry.canonical or entry.canonical == base.absolute(teaser.url)


def leaves_news(entry: Entry) -> Moment:
    """Return the moment at which the article is no news any more."""
    # Two days of the clock, not of the calendar, which may have a day of 23 hours.
    return entry.teaser.date + NEWS_WINDOW


def news(ordered: Sequence[Entry], at: Moment, base: Base) -> list[Entry]:
    """Return the articles that are news at the moment `at`, the newest first.

    `ordered` are the published articles, oldest first.
    """
    found = []
    for entry in reversed(ordered):
        if leaves_news(entry) <= at:
            break  # what comes next is older
        if is_listed(entry, base):
            found.append(entry)
    return found


def files(count: int) -> int:
    """Return how many files `count` addresses fill."""
    return -(-count // PER_FILE)


def part(entries: Sequence[Entry], number: int) -> Sequence[Entry]:
    """Return what stands in file `number` (from 1) of a line: always the same for full files."""
    return entries[(number - 1) * PER_FILE : number * PER_FILE]


def year_url(year: int, number: int) -> str:
    """Return the URL of file `number` (from 1) of a year: `/sitemap/2024.xml`."""
    return _numbered(f"/sitemap/{year:04}", number)


def pages_url(number: int) -> str:
    """Return the URL of file `number` (from 1) of the pages that are no articles."""
    return _numbered("/sitemap/pages", number)


def news_url(number: int, home: str) -> str:
    """Return the URL of file `number` (from 1) of the news, if they need more than one.

    `home` is that of the front page.
    """
    return f"{home}news-sitemap/{number}.xml"


def _numbered(stem: str, number: int) -> str:
    return f"{stem}.xml" if number == 1 else f"{stem}-{number}.xml"


def last_modified(entries: Iterable[Entry]) -> Moment:
    """Return when the last of some articles changed."""
    return max(entry.modified for entry in entries)


def news_language(tag: str) -> str:
    """Return a language as Google News wants it: ISO 639, and two kinds of Chinese."""
    first, *rest = tag.replace("_", "-").casefold().split("-")
    if first == "zh":
        return "zh-tw" if {"tw", "hk", "mo", "hant"} & set(rest) else "zh-cn"
    return first


def xml_text(text: str) -> str:
    """Return the text without what cannot stand in XML 1.0, not even escaped."""
    return _NOT_XML.sub("", text)
