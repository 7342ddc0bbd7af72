"""One HTML page → its links, its ids, and what is wrong with its tags.

Pure: the text as a browser reads it, without any other page or file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from sitegen.check.nesting import Nesting
from sitegen.html.finishing import SRCSET_CANDIDATE
from sitegen.html.scanning import Attribute, Tag, attribute_text, attributes_of, tags

Kind = Literal["link", "image", "file", "frame"]
"""A page to go to, a picture that is shown, another file that the page needs, a page within it."""


class Link(NamedTuple):
    """Something that a page names."""

    kind: Kind
    target: str
    """As a browser reads the attribute: character references decoded, no white space around it."""
    start: int
    """Where its tag begins, in characters."""


class Fault(NamedTuple):
    """Something that is wrong with a tag."""

    rule: str
    message: str
    start: int
    target: str = ""
    """The picture that the tag shows, else the tag itself: what its writer may have written."""


class Page(NamedTuple):
    """What is on a page."""

    links: tuple[Link, ...]
    ids: frozenset[str]
    """What a fragment can lead to."""
    faults: tuple[Fault, ...]
    empty_alts: tuple[Link, ...]
    """Pictures whose alternative text is empty: decoration, or forgotten."""
    base: str
    """What `<base href>` says, else ""."""


_ATTRIBUTES: dict[str, dict[str, Kind]] = {
    "a": {"href": "link"},
    "area": {"href": "link"},
    "img": {"src": "image", "srcset": "image"},
    "source": {"src": "file", "srcset": "image"},
    "video": {"src": "file", "poster": "image"},
    "audio": {"src": "file"},
    "track": {"src": "file"},
    "script": {"src": "file"},
    "iframe": {"src": "frame"},
    "embed": {"src": "file"},
    "object": {"data": "file"},
    "input": {"src": "image"},
    "image": {"href": "image", "xlink:href": "image"},
    "use": {"href": "file", "xlink:href": "file"},
}
"""Where elements name something that a browser fetches or goes to."""

_RELS: dict[str, Kind] = {
    "stylesheet": "file",
    "manifest": "file",
    "preload": "file",
    "modulepreload": "file",
    "prefetch": "file",
    "icon": "image",
    "apple-touch-icon": "image",
    "mask-icon": "image",
    "alternate": "link",
    "canonical": "link",
    "next": "link",
    "prev": "link",
    "author": "link",
    "license": "link",
    "search": "link",
    "help": "link",
}
"""The kinds of `<link>` that name a page or a file; the others name servers and protocols."""

_META: dict[str, Kind] = {
    "og:image": "image",
    "og:image:url": "image",
    "og:image:secure_url": "image",
    "twitter:image": "image",
    "og:url": "link",
}
_UGC = "ugc"
"""The `rel` of links that readers have written: they are not checked."""

_REFRESH = re.compile(r"[\d.\s]*[;,]?\s*(?:url\s*=\s*)?['\"]?([^'\"]*)", re.IGNORECASE)


def read_page(html: str, *, nesting: bool = True) -> Page:
    """Return what is on a page. Without `nesting` the nesting of its tags is not checked."""
    walk = _Walk()
    stack = Nesting() if nesting else None
    for tag in tags(html, every=True):
        if stack is not None:
            stack.take(tag)
        if tag.attributes and not tag.is_end:
            walk.take(tag)
        elif tag.name == "img" and not tag.is_end:
            walk.image(tag, {})
    faults = walk.faults
    if stack is not None:
        stack.end()
        faults += [Fault("nesting", *found) for found in stack.faults]
    faults.sort(key=lambda fault: fault.start)
    return Page(
        tuple(walk.links), frozenset(walk.ids), tuple(faults), tuple(walk.empty_alts), walk.base
    )


class _Walk:
    """Collects what the tags of a page say."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.ids: set[str] = set()
        self.faults: list[Fault] = []
        self.empty_alts: list[Link] = []
        self.base = ""

    def take(self, tag: Tag) -> None:
        """Take a start tag that has attributes."""
        found: dict[str, str] = {}
        for item in attributes_of(tag.attributes):
            found.setdefault(item.name, _value(item))  # a browser takes the first of two
        if name := found.get("id"):
            if name in self.ids:
                message = f'the id "{name}" is used twice on the page'
                written = f"<{tag.name}{tag.attributes}>"
                self.faults.append(Fault("duplicate-id", message, tag.start, written))
            self.ids.add(name)
        if tag.name == "a" and found.get("name"):
            self.ids.add(found["name"])
        for kind, target in _named(tag.name, found):
            self.links.append(Link(kind, target, tag.start))
        if tag.name == "img":
            self.image(tag, found)
        elif tag.name == "base" and not self.base:
            self.base = found.get("href", "")

    def image(self, tag: Tag, found: dict[str, str]) -> None:
        """Check the alternative text of a picture."""
        target = found.get("src", "")
        if "alt" not in found:
            if found.get("aria-hidden") != "true" and found.get("role") != "presentation":
                message = f'the picture "{target}" has no alternative text'
                self.faults.append(Fault("missing-alt", message, tag.start, target))
        elif not found["alt"].strip() and target:
            self.empty_alts.append(Link("image", target, tag.start))


def _value(item: Attribute) -> str:
    return attribute_text(item.value).strip(" \t\n\f\r")


def _named(name: str, found: dict[str, str]) -> Iterator[tuple[Kind, str]]:
    """Yield what a tag with these attributes names."""
    if name == "link":
        kinds = (_RELS.get(rel) for rel in found.get("rel", "").casefold().split())
        kind = next((kind for kind in kinds if kind), None)
        if kind and "href" in found:
            yield kind, found["href"]
    elif name == "meta":
        yield from _in_meta(found)
    elif name in _ATTRIBUTES and _UGC not in found.get("rel", "").casefold().split():
        yield from _in_attributes(_ATTRIBUTES[name], found)


def _in_attributes(kinds: dict[str, Kind], found: dict[str, str]) -> Iterator[tuple[Kind, str]]:
    for attribute, kind in kinds.items():
        value = found.get(attribute)
        if value is None:
            continue
        if attribute == "srcset":
            for match in SRCSET_CANDIDATE.finditer(value):
                yield kind, match[1]
        elif value or kind != "link":
            yield kind, value


def _in_meta(found: dict[str, str]) -> Iterator[tuple[Kind, str]]:
    content = found.get("content", "")
    if found.get("http-equiv", "").casefold() == "refresh":
        match = _REFRESH.match(content)
        if match and match[1]:
            yield "link", match[1].strip()
    elif content and (kind := _META.get(found.get("property", found.get("name", "")))):
        yield kind, content
