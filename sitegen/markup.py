"""The HTML that a Markdown engine made, finished for our pages in one pass.

Whatever the engine and whatever HTML a writer put in: references become markers, no two headings
share an id and none is an h1, wide tables and code can be scrolled with the keyboard, images
load when they are needed, and cells are aligned by class, since pages allow no inline style.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from sitegen.content import Heading
from sitegen.html_scan import Tag, attribute_text, attributes_of, plain_text, tags
from sitegen.urls import slugify

MARK = "\x1a"
"""Stands around a marker. HTML is freed of it first, so that it is nothing else."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HEADING_END = re.compile(r"</h[1-6][ \t\n>]", re.IGNORECASE)
_TITLE = re.compile(
    r"((?:\s|<!--.*?-->)*)<h1(?=[ \t\n>])[^>]*>.*?</h1\s*>\n?", re.DOTALL | re.IGNORECASE
)
_REFERRING = frozenset({"href", "src", "poster", "xlink:href"})
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[\\/]{2}|[#?]|\Z")
_EXTERNAL = re.compile(r"https?:|[\\/]{2}", re.IGNORECASE)
_CANDIDATE = re.compile(
    r"[\s,]*+([^\s,]\S*?)(?:,+(?=\s|\Z)|\Z|\s+([^,(]*(?:\([^)]*\)[^,(]*)*)(?:,|\Z))"
)
_ALIGNED = re.compile(r"(?:text-align:)?\s*(left|center|right)\s*;?\s*\Z", re.IGNORECASE)
_ROLES = {"footnote-ref": "doc-noteref", "footnote-backref": "doc-backlink"}


class Finished(NamedTuple):
    """Finished HTML with its markers, what they stand for, and its headings."""

    html: str
    references: tuple[tuple[str, str], ...]
    """(attribute, target) by the number in their marker."""
    headings: tuple[Heading, ...]
    """Those with text, in order, levels as in the HTML."""


def finish(html: str, external_rel: str = "") -> Finished:
    """Return the HTML of a body as our pages want it.

    `external_rel` is the `rel` that links to other sites get; "" leaves them as they are. If
    there is an h1 among the headings, all move one level down (h6 stays): the page has its own.
    """
    html = html.replace(MARK, "")
    if "<h1" in html or "<H1" in html:
        html = _lowered(html)
    return _Pass(html, external_rel).run()


def _lowered(html: str) -> str:
    """Return `html` with all headings one level down if there is an h1."""
    headings = [tag for tag in tags(html) if tag.name in _HEADINGS]
    if all(tag.name != "h1" for tag in headings):
        return html
    pieces: list[str] = []
    copied = 0
    for tag in headings:
        digit = tag.start + (3 if tag.is_end else 2)
        pieces += (html[copied:digit], str(min(int(tag.name[1]) + 1, 6)))
        copied = digit + 1
    return "".join((*pieces, html[copied:]))


def take_title(html: str) -> tuple[str, str]:
    """Return (plain text of the h1 that `html` begins with, the rest), or ("", `html`).

    If something links to the heading, an empty element keeps its id.
    """
    match = _TITLE.match(html)
    if match is None:
        return "", html
    heading = html[match.end(1) : match.end()]
    attributes = attributes_of(next(tags(heading)).attributes)
    name = next((item.value for item in attributes if item.name == "id"), "")
    rest = match[1] + html[match.end() :]
    anchor = f'<span id="{name}"></span>\n' if name and f'href="#{name}"' in rest else ""
    return plain_text(heading), anchor + rest


def resolve(html: str, attributes: Sequence[str]) -> str:
    """Return `html` with each marker replaced by its attribute.

    `attributes[n]` is the whole text for reference n with the space before it
    (` href="/news/2024/11/04/flood/"`), or "" to have no such attribute. The references of a
    `srcset` are given one by one in the same way (` srcset="/photo-2.jpg"`); they are put together
    here, and one whose text is "" is left out.
    """
    parts = html.split(MARK)
    for index in range(1, len(parts), 2):
        marker = parts[index]
        parts[index] = (
            attributes[int(marker)] if marker.isdecimal() else _srcset(marker, attributes)
        )
    return "".join(parts)


def _srcset(marker: str, attributes: Sequence[str]) -> str:
    """Return the attribute for a marker such as `0 1x , =https://example.org/b.jpg 2x`."""
    candidates = []
    for item in marker.split(" , "):
        source, _, descriptor = item.partition(" ")
        url = source[1:] if source[0] == "=" else attributes[int(source)].partition('"')[2][:-1]
        if url:
            candidates.append(f"{url} {descriptor}".rstrip())
    return f' srcset="{", ".join(candidates)}"' if candidates else ""


class _Pass:
    """One walk over the tags of a body: `pieces` joined are the finished HTML."""

    def __init__(self, html: str, external_rel: str) -> None:
        self.html = html
        self.external_rel = external_rel
        self.pieces: list[str] = []
        self.copied = 0
        self.references: list[tuple[str, str]] = []
        self.headings: list[Heading] = []
        self.heading_ids: set[str] = set()
        self.open_tables = 0

    def run(self) -> Finished:
        """Return the finished HTML."""
        for tag in tags(self.html):
            if tag.is_end:
                if tag.name == "table" and self.open_tables:
                    self.open_tables -= 1
                    if not self.open_tables:
                        self.insert(tag.end, "</div>")
            elif tag.name == "table":
                if not self.open_tables:
                    self.insert(tag.start, '<div class="table-scroll" tabindex="0">')
                self.open_tables += 1
                self.put(tag, self.attributes(tag))
            elif tag.name in _HEADINGS:
                self.put(tag, self.heading(tag))
            elif tag.attributes or tag.name in ("pre", "img"):
                self.put(tag, self.attributes(tag))
        self.pieces.append(self.html[self.copied :])
        if self.open_tables:
            self.pieces.append("</div>")
        return Finished("".join(self.pieces), tuple(self.references), tuple(self.headings))

    def insert(self, position: int, text: str) -> None:
        """Copy the HTML up to `position` and put `text` there."""
        self.pieces += (self.html[self.copied : position], text)
        self.copied = position

    def put(self, tag: Tag, attributes: str) -> None:
        """Copy the HTML up to `tag`, and the tag with these attributes."""
        if attributes != tag.attributes:
            self.insert(tag.start, f"<{tag.name}{attributes}>")
            self.copied = tag.end

    def heading(self, tag: Tag) -> str:
        """Return the attributes of a heading, which has an id of its own, and note it."""
        attributes = self.attributes(tag)
        end = _HEADING_END.search(self.html, tag.end)
        text = plain_text(self.html[tag.end : end.start()]) if end else ""
        written = next((item for item in attributes_of(attributes) if item.name == "id"), None)
        name = attribute_text(written.value) if written else ""
        if not name or name in self.heading_ids:
            name = self.unused(name or slugify(text) or "section")
            if written:
                attributes = attributes[: written.start] + attributes[written.end :]
            attributes = f' id="{escape(name)}"{attributes}'
        self.heading_ids.add(name)
        if text:
            self.headings.append(Heading(int(tag.name[1]), name, text))
        return attributes

    def unused(self, name: str) -> str:
        """Return `name`, or with the first number that makes it an id not in this body."""
        count = 0
        candidate = name
        while candidate in self.heading_ids or self.occurs(candidate):
            count += 1
            candidate = f"{name}_{count}"
        return candidate

    def occurs(self, name: str) -> bool:
        """Whether `name` is perhaps an id in this body already."""
        pattern = rf"""\bid\s*=\s*["']?{re.escape(escape(name))}(?=["'\s/>])"""
        return re.search(pattern, self.html, re.IGNORECASE) is not None

    def attributes(self, tag: Tag) -> str:
        """Return the attributes of a start tag with markers for references, and what we add."""
        found = attributes_of(tag.attributes)
        names = {item.name for item in found}
        pieces: list[str] = []
        copied = 0
        added = ""
        for item in found:
            new = None
            if item.name in _REFERRING or (item.name == "data" and tag.name == "object"):
                target = attribute_text(item.value).strip(" \t\n\f\r")
                if not _ELSEWHERE.match(target):
                    new = self.marker(item.name, target)
                elif self.external_rel and item.name == "href" and _EXTERNAL.match(target):
                    added += f' rel="{self.external_rel}"'
            elif item.name == "srcset":
                new = self.srcset_marker(attribute_text(item.value))
            elif tag.name in ("td", "th"):
                if item.name in ("align", "style") and (match := _ALIGNED.match(item.value)):
                    new = ""
                    added += f" align-{match[1].lower()}"
            elif item.name == "class" and item.value in _ROLES and "role" not in names:
                added += f' role="{_ROLES[item.value]}"'
            if new is not None:
                pieces += (tag.attributes[copied : item.start], new)
                copied = item.end
        attributes = "".join((*pieces, tag.attributes[copied:])) if pieces else tag.attributes
        if tag.name in ("td", "th") and added:
            return _with_class(attributes, added.strip())
        if tag.name == "img":
            added += "" if "loading" in names else ' loading="lazy"'
            added += "" if "decoding" in names else ' decoding="async"'
        elif tag.name == "pre" and "tabindex" not in names:
            added += ' tabindex="0"'
        return added + attributes

    def marker(self, attribute: str, target: str) -> str:
        """Note a reference and return its marker."""
        self.references.append((attribute, target))
        return f"{MARK}{len(self.references) - 1}{MARK}"

    def srcset_marker(self, value: str) -> str | None:
        """Note the references of a `srcset` and return its marker; None if it has none."""
        items = []
        before = len(self.references)
        for match in _CANDIDATE.finditer(value):
            if _ELSEWHERE.match(match[1]):
                source = f"={escape(match[1])}"
            else:
                source = str(len(self.references))
                self.references.append(("srcset", match[1]))
            items.append(" ".join((source, *escape(match[2] or "").split())))
        if len(self.references) == before:
            return None
        # One candidate without descriptor would look like the marker of an attribute.
        return f"{MARK}{' , '.join(items)}{' ' if len(items) == 1 else ''}{MARK}"


def _with_class(attributes: str, name: str) -> str:
    """Return `attributes` with `name` among the classes."""
    for item in attributes_of(attributes):
        if item.name == "class":
            rest = attributes[: item.start] + attributes[item.end :]
            return f' class="{item.value} {name}"{rest}'
    return f' class="{name}"{attributes}'
