"""Which article a URL of the site is, and which responses it takes: read from the built page.

The page says so in the first tag with `data-article`. So there is no list of articles to keep in
step: what is not published yet takes no responses, and closing an article closes it here.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from sitegen.html.scanning import Tag, attribute_text, attributes_of, tags
from sitegen.model.urls import Base
from sitegen.output.writing import MANIFEST
from sitegen.web.static_host import Found, Moved, StaticHost

_MOST_FORMER = 3
"""The most former addresses that are followed, one after the other."""

_SCANNED = 400_000
"""Bytes at the beginning of a page in which its article is looked for."""


class Article(NamedTuple):
    """An article that takes responses, or did."""

    thread: str
    """The folder of its responses."""
    url: str
    """Root-relative, without the base path: `/2024/11/04/flood/`."""
    comments: str
    """`open`, `closed` or `hidden`."""
    trackbacks: str


class Articles:
    """The articles of a site that was built into the folder `output`, for the address `base`."""

    def __init__(self, output: Path, base: Base) -> None:
        self._host = StaticHost(output)
        self.base = base

    def built_at(self) -> float | None:
        """Return when a build last changed the site, in seconds since the epoch, or None."""
        try:
            return (self._host.folder / MANIFEST).stat().st_mtime
        except OSError:
            return None

    def at(self, url: str) -> Article | None:
        """Return the article of a full URL, or None if the site has none there."""
        parts = urlsplit(self.base.origin)
        try:
            asked = urlsplit(urldefrag(url)[0])
            same = (asked.hostname, asked.port) == (parts.hostname, parts.port)
        except ValueError:
            return None
        if asked.scheme not in ("http", "https") or not same or asked.query:
            return None
        return self._find(asked.path or "/", _MOST_FORMER)

    def below(self, url: str) -> Article | None:
        """Return the article at a URL without the base path: `/2024/11/04/flood/`."""
        return self._find(quote(self.base.prefix + unquote(url)), _MOST_FORMER)

    def _find(self, path: str, more: int) -> Article | None:
        target = quote(path, safe="/%:@!$&'()*+,;=~-._").encode()
        found = self._host.find(target, self.base.prefix)
        if isinstance(found, Moved):
            found = self._host.find(found.location.encode(), self.base.prefix)
        if not isinstance(found, Found):
            return None
        try:
            with (self._host.folder / found.path).open("rb") as file:
                html = file.read(_SCANNED).decode("utf-8", "replace")
        except OSError:
            return None
        canonical = ""
        for tag in tags(html):
            if "data-article" in tag.attributes:
                attributes = _attributes(tag)
                if thread := attributes.get("data-article"):
                    return Article(
                        thread,
                        unquote(path).removeprefix(self.base.prefix),
                        attributes.get("data-comments", "hidden"),
                        attributes.get("data-trackbacks", "hidden"),
                    )
            if tag.name == "link":
                attributes = _attributes(tag)
                if attributes.get("rel") == "canonical":
                    canonical = attributes.get("href", "")
        # A former address shows where the article has gone.
        here = f"{self.base.origin}{path}"
        there = urljoin(here, canonical)
        if more and canonical and there != here and there.startswith(f"{self.base.origin}/"):
            return self._find(there.removeprefix(self.base.origin), more - 1)
        return None


def _attributes(tag: Tag) -> dict[str, str]:
    return {item.name: attribute_text(item.value) for item in attributes_of(tag.attributes)}
