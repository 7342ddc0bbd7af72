"""Whether a fetched page links to one of ours, and what it says about it.

The rules are those of Webmention (https://www.w3.org/TR/webmention/#webmention-verification): in
HTML a link or an embedded medium counts, in JSON a value, in plain text the address itself. An
address that only stands in a text or a comment of HTML is no mention.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Literal, NamedTuple
from urllib.parse import urldefrag, urljoin

from sitegen.html.scanning import Tag, attribute_text, attributes_of, tags
from sitegen.web.addresses import UnsafeURLError, read_url
from sitegen.web.charsets import charset_of, codec_of

MentionKind = Literal["mention", "reply", "like", "repost", "bookmark"]

LONGEST_EXCERPT = 252
LONGEST_TITLE = 250
LONGEST_NAME = 80

_LINKS = {
    "a": ("href",),
    "area": ("href",),
    "img": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "source": ("src",),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "blockquote": ("cite",),
    "q": ("cite",),
}
_KIND_CLASSES: dict[str, MentionKind] = {
    "u-in-reply-to": "reply",
    "u-like-of": "like",
    "u-repost-of": "repost",
    "u-bookmark-of": "bookmark",
}
"""Classes by which a link says what it is (https://microformats.org/wiki/h-entry)."""

_UNREAD = frozenset(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"}
)
_PHRASES = """
    a abbr b bdi bdo cite code data del dfn em font i img ins kbd mark picture q ruby s samp
    script small span strong sub sup time u var wbr
"""
_INLINE = frozenset(_PHRASES.split())
"""Tags that end no paragraph."""

_ESCAPED = re.compile("%[0-9a-fA-F]{2}")
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE
)
_LANGUAGE = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_SNIFFED = 1024
"""Bytes at the start of a page among which its encoding stands (HTML Standard)."""


class Page(NamedTuple):
    """What a page that links to ours says of itself."""

    kind: MentionKind = "mention"
    title: str = ""
    excerpt: str = ""
    author: str = ""
    site: str = ""
    lang: str = ""


def normalized_url(url: str) -> str:
    """Return the one spelling of a URL by which two are compared, without its fragment.

    What is no web address comes back as it is.
    """
    try:
        target = str(read_url(urldefrag(url)[0], None))
    except (UnsafeURLError, ValueError):
        return url
    return _ESCAPED.sub(lambda match: match[0].upper(), target)


def is_withdrawn(body: bytes) -> bool:
    """Whether a page says by itself that it is gone, where its host cannot answer 410."""
    for tag in tags(body.decode("utf-8", "replace"), every=True):
        if tag.name == "body":
            break
        if tag.name == "meta" and not tag.is_end:
            attributes = _attributes(tag)
            if attributes.get("http-equiv", "").lower() == "status":
                return attributes.get("content", "").strip().startswith("410")
    return False


def read_page(body: bytes, content_type: str, url: str, target: str) -> Page | None:
    """Return what a page says of itself if it links to `target`, else None.

    Takes its bytes, its Content-Type, and the address under which it was found.
    """
    kind = content_type.partition(";")[0].strip().lower()
    target = normalized_url(target)
    if kind in ("text/html", "application/xhtml+xml", ""):
        return _read_html(_text(body, content_type), url, target)
    text = _text(body, content_type)
    if kind == "application/json" or kind.endswith("+json"):
        return Page() if target in _json_addresses(text) else None
    if kind.startswith("text/"):
        words = (word.strip("<>()[]\"',.;") for word in text.split())
        urls = {normalized_url(word) for word in words if "://" in word}
        return Page() if target in urls else None
    return None


def _text(body: bytes, content_type: str) -> str:
    declared = charset_of(content_type)
    if not declared and (found := _META_CHARSET.search(body[:_SNIFFED])):
        declared = found[1].decode("ascii")
    return body.decode(codec_of(declared) or "utf-8", "replace").removeprefix("\ufeff")


def _json_addresses(text: str) -> set[str]:
    try:
        todo: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return set()
    found = set()
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)
        elif isinstance(value, str) and "://" in value:
            found.add(normalized_url(value))
    return found


def _attributes(tag: Tag) -> dict[str, str]:
    """Return the attributes of a tag; of repeated ones the first, as browsers do."""
    attributes: dict[str, str] = {}
    for item in attributes_of(tag.attributes):
        attributes.setdefault(item.name, attribute_text(item.value).strip())
    return attributes


class _Capture:
    """The text of the first element with a certain class."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.name = ""
        self.depth = 0
        self.is_done = False

    def begin(self, tag: Tag) -> None:
        if not self.name and not self.is_done:
            self.name, self.depth = tag.name, 0

    def take(self, text: str, tag: Tag | None) -> None:
        """Take the text before a tag, and look whether the element ends with it."""
        if not self.name or self.is_done:
            return
        self.pieces.append(text)
        if tag is None:
            return
        if tag.name not in _INLINE:
            self.pieces.append(" ")  # A break or a block is between the words.
        if tag.name == self.name:
            self.depth += -1 if tag.is_end else 1
            self.is_done = self.depth < 0

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())


def _read_html(html: str, url: str, target: str) -> Page | None:
    reader = _PageReader(url, target)
    for text, tag in _pieces(html):
        reader.paragraphs[-1].append(text)
        reader.author.take(text, tag)
        reader.content.take(text, tag)
        if tag is None:
            break
        if tag.name not in _INLINE:
            reader.paragraphs.append([])
        if tag.name == "title" and not tag.is_end and not reader.title:
            end = html.find("<", tag.end)
            reader.title = unescape(html[tag.end : end if end >= 0 else tag.end])
        if tag.attributes and not tag.is_end:
            attributes = _attributes(tag)
            reader.about_page(tag, attributes)
            reader.links(tag, attributes)
    return reader.page()


class _PageReader:
    """What is known of a page of HTML while it is read."""

    def __init__(self, url: str, target: str) -> None:
        self.url = url
        self.base = url
        self.target = target
        self.kind: MentionKind | None = None
        self.lang = self.site = self.title = ""
        self.paragraphs: list[list[str]] = [[]]
        self.first_link = (0, 0)
        """The paragraph and the piece of it in which the first link stands."""
        self.author, self.content = _Capture(), _Capture()

    def about_page(self, tag: Tag, attributes: dict[str, str]) -> None:
        """Take what a tag says of the page as a whole."""
        if tag.name == "html":
            self.lang = attributes.get("lang", "")
        elif tag.name == "base" and self.base == self.url:
            self.base = _joined(self.url, attributes.get("href", ""))
        elif tag.name == "meta" and attributes.get("property") == "og:site_name":
            self.site = self.site or attributes.get("content", "")
        classes = attributes.get("class", "").split()
        if "p-author" in classes:
            self.author.begin(tag)
        if "e-content" in classes or "p-content" in classes:
            self.content.begin(tag)

    def links(self, tag: Tag, attributes: dict[str, str]) -> None:
        """Look whether a tag links to the target."""
        for name in _LINKS.get(tag.name, ()):
            if name not in attributes:
                continue
            if normalized_url(_joined(self.base, attributes[name])) == self.target:
                if self.kind is None:
                    self.first_link = (len(self.paragraphs) - 1, len(self.paragraphs[-1]))
                    self.kind = "mention"
                for word in attributes.get("class", "").split():
                    if self.kind == "mention":
                        self.kind = _KIND_CLASSES.get(word, "mention")

    def page(self) -> Page | None:
        """Return what was found."""
        if self.kind is None:
            return None
        excerpt = _around(self.paragraphs[self.first_link[0]], self.first_link[1])
        if self.kind == "reply" and self.content.text:
            excerpt = _cut(self.content.text, LONGEST_EXCERPT)
        return Page(
            kind=self.kind,
            title=_cut(self.title, LONGEST_TITLE),
            excerpt=excerpt,
            author=_cut(self.author.text, LONGEST_NAME),
            site=_cut(self.site, LONGEST_NAME),
            lang=self.lang if _LANGUAGE.fullmatch(self.lang) else "",
        )


def _pieces(html: str) -> Iterator[tuple[str, Tag | None]]:
    """Yield the text before each tag, and the tag; at last the rest."""
    position = 0
    unread = ""
    for tag in tags(html, every=True):
        text = "" if unread else unescape(_without_comments(html[position : tag.start]))
        yield text, tag
        unread = "" if tag.is_end else tag.name if tag.name in _UNREAD else ""
        position = tag.end
    yield "" if unread else unescape(_without_comments(html[position:])), None


def _without_comments(text: str) -> str:
    """Return the text between two tags without what is no text: comments and the like."""
    if "<" not in text:
        return text
    kept = []
    position = 0
    while (start := text.find("<", position)) >= 0:
        sign = text[start + 1 : start + 2]
        if sign not in ("!", "?", "/"):
            kept.append(text[position : start + 1])
            position = start + 1
            continue
        kept.append(text[position:start])
        closing = "-->" if text.startswith("<!--", start) else ">"
        end = text.find(closing, start + 2)
        if end < 0:
            return "".join(kept)
        position = end + len(closing)
    return "".join([*kept, text[position:]])


def _around(pieces: list[str], at: int) -> str:
    """Return the paragraph of a link, cut so that the link stands about in the middle."""
    ahead, behind = "".join(pieces[:at]), "".join(pieces[at:])
    before, after = " ".join(ahead.split()), " ".join(behind.split())
    half = LONGEST_EXCERPT // 2
    room = max(half, LONGEST_EXCERPT - len(after))
    if len(before) > room:
        before = "…" + before[-room:]
    is_apart = ahead[-1:].isspace() or behind[:1].isspace()
    joint = " " if before and after and is_apart else ""
    return _cut(f"{before}{joint}{after}", LONGEST_EXCERPT + 1)


def _cut(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url
