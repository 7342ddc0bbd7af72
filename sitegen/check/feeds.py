"""Validates feeds and sitemaps. Pure: text in, faults out.

Atom: RFC 4287. RSS 2.0: https://www.rssboard.org/rss-specification. JSON Feed 1.1:
https://www.jsonfeed.org/version/1.1/. Sitemaps: https://www.sitemaps.org/protocol.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

_ATOM = "{http://www.w3.org/2005/Atom}"
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MAX_URLS = 50_000
"""Of a sitemap (https://www.sitemaps.org/protocol.html#index)."""
MAX_BYTES = 52_428_800

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\Z", re.ASCII
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Feed(NamedTuple):
    """What is known of a feed or a sitemap."""

    kind: str
    """`Atom feed`, `RSS feed`, `JSON feed`, `sitemap`, or "" for another file."""
    faults: tuple[tuple[str, int, int], ...]
    """(what is wrong, line, column); 0 where the place is not known."""
    links: tuple[str, ...]
    """The addresses that it sends readers to."""


NO_FEED = Feed("", (), ())


def read_feed(path: str, data: bytes) -> Feed:
    """Return what is known of a file of the output folder."""
    if path.endswith((".json", ".feed")):
        return _json(path, data)
    try:
        root = ET.fromstring(data)  # noqa: S314 - as above
    except ET.ParseError as error:
        line, column = error.position
        reason = str(error).partition(":")[0]
        return Feed("XML file", ((f"it is not well-formed: {reason}", line, column + 1),), ())
    reader = _READERS.get(root.tag)
    if reader is None:
        return NO_FEED
    kind, read = reader
    links: list[str] = []
    faults = tuple((fault, 0, 0) for fault in read(root, links))
    if kind == "sitemap" and len(data) > MAX_BYTES:
        faults += ((f"it has more than {MAX_BYTES:,} bytes", 0, 0),)
    return Feed(kind, faults, tuple(links))


def _missing(element: ET.Element, names: Iterable[str], namespace: str, what: str) -> Iterator[str]:
    for name in names:
        found = element.find(f"{namespace}{name}")
        if found is None or not ("".join(found.itertext()).strip() or found.attrib):
            yield f"{what} has no <{name}>"


def _named(entry: ET.Element, tag: str, number: int) -> str:
    title = " ".join((entry.findtext(tag) or "").split())
    return f'the entry "{title}"' if title else f"entry {number}"


def _unique(ids: list[str], what: str) -> Iterator[str]:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            yield f'the {what} "{id_}" is used twice'
        seen.add(id_)


def _atom(root: ET.Element, links: list[str]) -> Iterator[str]:
    yield from _missing(root, ("id", "title", "updated"), _ATOM, "the feed")
    has_author = root.find(f"{_ATOM}author") is not None
    ids = []
    for number, entry in enumerate(root.findall(f"{_ATOM}entry"), 1):
        name = _named(entry, f"{_ATOM}title", number)
        yield from _missing(entry, ("id", "title", "updated"), _ATOM, name)
        if not has_author and entry.find(f"{_ATOM}author") is None:
            yield f"{name} has no <author>, and neither has the feed"
        ids.append((entry.findtext(f"{_ATOM}id") or "").strip())
        own = [item for item in entry.findall(f"{_ATOM}link") if item.get("href")]
        if entry.find(f"{_ATOM}content") is None and all(
            item.get("rel", "alternate") != "alternate" for item in own
        ):
            yield f"{name} has neither <content> nor a link to its page"
        links += [item.get("href", "") for item in own]
    yield from _unique([id_ for id_ in ids if id_], "id")
    for tag in ("id", "uri", "icon", "logo"):
        for item in root.iter(f"{_ATOM}{tag}"):
            if tag == "id" and not _SCHEME.match((item.text or "").strip()):
                yield f'the id "{item.text}" is not a full address'
    for tag in ("updated", "published"):
        for item in root.iter(f"{_ATOM}{tag}"):
            if not _is_rfc3339((item.text or "").strip()):
                yield f'<{tag}> "{item.text}" is not an RFC 3339 date'
    links += [item.get("href", "") for item in root.findall(f"{_ATOM}link") if item.get("href")]


def _is_rfc3339(text: str) -> bool:
    if not _RFC3339.match(text):
        return False
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def _rss(root: ET.Element, links: list[str]) -> Iterator[str]:
    if root.get("version") != "2.0":
        yield '<rss> has no version="2.0"'
    channel = root.find("channel")
    if channel is None:
        yield "<rss> has no <channel>"
        return
    yield from _missing(channel, ("title", "link", "description"), "", "the channel")
    guids = []
    for number, item in enumerate(channel.findall("item"), 1):
        yield from _item(item, number, links)
        guids.append((item.findtext("guid") or "").strip())
    yield from _unique([guid for guid in guids if guid], "guid")
    for tag in ("pubDate", "lastBuildDate"):
        for found in channel.iter(tag):
            if not _is_rfc822((found.text or "").strip()):
                yield f'<{tag}> "{found.text}" is not an RFC 822 date'
    links.append(channel.findtext("link") or "")


def _item(item: ET.Element, number: int, links: list[str]) -> Iterator[str]:
    name = _named(item, "title", number)
    if not (item.findtext("title") or item.findtext("description")):
        yield f"{name} has neither <title> nor <description>"
    enclosures = item.findall("enclosure")
    for enclosure in enclosures:
        for wanted in ("url", "length", "type"):
            if not enclosure.get(wanted):
                yield f"{name} has an <enclosure> without {wanted}"
    links += [item.findtext("link") or "", *(found.get("url", "") for found in enclosures)]


def _is_rfc822(text: str) -> bool:
    try:
        parsedate_to_datetime(text)
    except ValueError:
        return False
    return True


def _urlset(root: ET.Element, links: list[str]) -> Iterator[str]:
    yield from _entries(root, "url", links)


def _sitemaps(root: ET.Element, links: list[str]) -> Iterator[str]:
    yield from _entries(root, "sitemap", links)


def _entries(root: ET.Element, tag: str, links: list[str]) -> Iterator[str]:
    found = root.findall(f"{_SITEMAP}{tag}")
    if len(found) > MAX_URLS:
        yield f"it has {len(found):,} addresses, more than {MAX_URLS:,}"
    for number, entry in enumerate(found, 1):
        address = (entry.findtext(f"{_SITEMAP}loc") or "").strip()
        if not re.match("https?://", address):
            yield f'<loc> {number} "{address}" is not a full address'
        links.append(address)
    yield from _unique([link for link in links if link], "address")


_READERS: dict[str, tuple[str, Callable[[ET.Element, list[str]], Iterator[str]]]] = {
    f"{_ATOM}feed": ("Atom feed", _atom),
    "rss": ("RSS feed", _rss),
    f"{_SITEMAP}urlset": ("sitemap", _urlset),
    f"{_SITEMAP}sitemapindex": ("sitemap", _sitemaps),
}


def _json(path: str, data: bytes) -> Feed:
    is_feed = b"jsonfeed.org/version" in data[:2000] or path.rpartition("/")[2] == "feed.json"
    if not is_feed:
        return NO_FEED
    try:
        feed = json.loads(data)
    except ValueError as error:
        line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
        fault = f"it is not JSON: {getattr(error, 'msg', error)}"
        return Feed("JSON feed", ((fault, line, column),), ())
    links: list[str] = []
    return Feed("JSON feed", tuple((fault, 0, 0) for fault in _jsonfeed(feed, links)), tuple(links))


def _jsonfeed(feed: Any, links: list[str]) -> Iterator[str]:
    if not isinstance(feed, dict):
        yield "it is not a JSON object"
        return
    links += [str(feed[key]) for key in ("home_page_url", "feed_url") if feed.get(key)]
    if not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/"):
        yield "it has no version of JSON Feed"
    if not isinstance(feed.get("title"), str) or not feed["title"]:
        yield "it has no title"
    items = feed.get("items")
    if not isinstance(items, list):
        yield "it has no list of items"
        return
    ids = []
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            yield f"item {number} is not a JSON object"
            continue
        yield from _jsonitem(item, number, links)
        ids.append(str(item.get("id", "")))
    yield from _unique([id_ for id_ in ids if id_], "id")


def _jsonitem(item: dict[str, Any], number: int, links: list[str]) -> Iterator[str]:
    name = f'the item "{item["title"]}"' if item.get("title") else f"item {number}"
    if not item.get("id") or not isinstance(item["id"], str):
        yield f"{name} has no id"
    if "content_html" not in item and "content_text" not in item:
        yield f"{name} has neither content_html nor content_text"
    for key in ("date_published", "date_modified"):
        if key in item and not _is_rfc3339(str(item[key])):
            yield f'{key} "{item[key]}" is not an RFC 3339 date'
    links += [str(item[key]) for key in ("url", "image", "banner_image") if item.get(key)]
