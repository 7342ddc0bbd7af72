"""The HTML that a Markdown engine made, finished for our pages in one pass over its tags.

Whatever the engine, and whatever HTML a writer put in: references become placeholders; headings
have unique ids, and none is an h1; wide tables and code can be scrolled with the keyboard; images
are loaded lazily; cells are aligned by class, since pages allow no inline style.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import urljoin

from sitegen.html.scanning import (
    Attribute,
    Tag,
    attribute_text,
    attributes_of,
    plain_text,
    tags,
)
from sitegen.model.documents import Heading
from sitegen.model.urls import slugify

DELIMITER = "\x1a"
"""Stands on both sides of a placeholder. It is removed from HTML first, so that it can be nothing
else."""

RESERVED_IDS = frozenset(
    {
        "comments", "trackbacks", "responses", "respond", "page-children", "page-comments",
        "page-contents",
        "page-corrections", "page-corrections-name", "page-main", "page-related", "page-respond",
        "page-respond-name", "page-respond-parent", "page-respond-remark", "page-respond-text",
        "page-respond-website", "page-search", "page-trackbacks",
    }
)  # fmt: skip
"""Ids that a document's page has around the body: no heading may take the reader elsewhere."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HEADING_END = re.compile(r"</h[1-6][ \t\n>]", re.IGNORECASE)
_TITLE = re.compile(
    r"((?:\s++|<!--.*?-->)*+)<h1(?=[ \t\n>])[^>]*>.*?</h1\s*>\n?", re.DOTALL | re.IGNORECASE
)
_URL_ATTRIBUTES = frozenset({"href", "src", "poster", "xlink:href"})
_NOT_INTERNAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[\\/]{2}|[#?]|\Z")
_EXTERNAL = re.compile(r"https?:|[\\/]{2}", re.IGNORECASE)
_EXTERNAL_LINK = re.compile(r' href="https?://[^"]*+"')
_EMPTY_HEADING = re.compile(r"<th((?:\s[^<>]*)?)>\s*</th>")

_ALIGNED = re.compile(r"\s*(?:text-align:\s*)?(left|center|right)\s*;?\s*\Z", re.IGNORECASE)
_ROLES = {"footnote-ref": "doc-noteref", "footnote-backref": "doc-backlink"}
SRCSET_CANDIDATE = re.compile(
    r"[\s,]*+([^\s,]\S*?)(?:,+(?=\s|\Z)|\Z|\s+([^,(]*(?:\([^)]*\)[^,(]*)*)(?:,|\Z))"
)
"""A URL of a `srcset` and its descriptor (https://html.spec.whatwg.org/#parse-a-srcset-attribute)."""


class Finished(NamedTuple):
    """Finished HTML with its placeholders, what they stand for, and its headings."""

    html: str
    references: tuple[tuple[str, str], ...]
    """(attribute, target) by the number in their placeholder."""
    headings: tuple[Heading, ...]
    """Those with text, in order, levels and ids as in the HTML."""


def finish(html: str, external_rel: str = "") -> Finished:
    """Return the HTML of a body as our pages want it.

    `external_rel` is the `rel` that links to other sites get; "" leaves them as they are. If
    there is an h1 among the headings, all move one level down (h6 stays): the page has its own.
    """
    # The empty corner of a table is no heading: a screen reader would announce it as one.
    html = _EMPTY_HEADING.sub(r"<td\1></td>", html)
    html = html.replace(DELIMITER, "") if DELIMITER in html else html
    found = list(tags(html))
    if any(tag.name == "h1" for tag in found) and ("<h1" in html or "<H1" in html):
        html = _demoted(html, found)
        found = list(tags(html))
    return _Walk(html, found, external_rel).run()


def take_title(html: str) -> tuple[str, str]:
    """Return (plain text of the h1 that `html` begins with, the rest), or ("", `html`).

    If something links to the heading, an empty element keeps its id.
    """
    match = _TITLE.match(html)
    title = plain_text(html[match.end(1) : match.end()]) if match else ""
    if not match or not title:
        return "", html
    attributes = attributes_of(next(tags(html[match.end(1) : match.end()])).attributes)
    name = next((item.value for item in attributes if item.name == "id"), "")
    rest = match[1] + html[match.end() :]
    if name and f'href="#{name}"' in rest:
        rest = f'<span id="{name}"></span>\n{rest}'
    return title, rest


def is_reference(target: str) -> bool:
    """Whether an address, as written, names something of the site itself."""
    return not _NOT_INTERNAL.match(target)


def resolve(html: str, attributes: Sequence[str]) -> str:
    """Return `html` with each placeholder replaced by its attribute.

    `attributes[n]` is the whole text for reference n with the space before it
    (` href="/news/2024/11/04/flood/"`), or "" to have no such attribute. The references of a
    `srcset` are given one by one in the same way (` srcset="/photo-2.jpg"`); they are put together
    here, and one whose text is "" is left out.
    """
    parts = html.split(DELIMITER)
    for index in range(1, len(parts), 2):
        placeholder = parts[index].removesuffix(_SIZED)
        whole = placeholder.isdecimal()
        parts[index] = attributes[int(placeholder)] if whole else _srcset(placeholder, attributes)
    return "".join(parts)


_SIZED = "+"
"""Behind the number in the placeholder of a picture whose size is not written."""
_SIZED_PLACEHOLDER = re.compile(rf"{DELIMITER}([0-9]+)\{_SIZED}{DELIMITER}")


def pictures_without_size(html: str) -> frozenset[int]:
    """Return the numbers of the references that are `src` of an `img` without width and height.

    Their attributes may have both behind them, for `resolve`: the page then keeps the place free.
    """
    if f"{_SIZED}{DELIMITER}" not in html:
        return frozenset()
    return frozenset(int(number) for number in _SIZED_PLACEHOLDER.findall(html))


def resolve_for_feeds(html: str, attributes: Sequence[str], page: str) -> str:
    """Return `html` as `resolve` does, to be read in a feed instead of on the page itself.

    A fragment (`#levels`) or a query (`?day=2`) leads to `page`, the page's full address, escaped
    for an attribute; a host without a scheme gets one. Scripts and styles, which are made for the
    page, are left out.
    """
    html = resolve(html, attributes)
    if not _PAGE_BOUND.search(html):
        return html
    return _elsewhere(html, _DROPPED_ELEMENTS, lambda tag, item: _whole(tag, item, page))


def fit_for_feeds(html: str, page: str) -> str:
    """Return HTML that was made for a page, to be read in a feed: every address with its host.

    `page` is the page's full address, escaped for an attribute. What works on a page alone is left
    out: scripts, styles, frames, forms and buttons.
    """
    address = attribute_text(page)
    return _elsewhere(html, _OF_A_PAGE, lambda tag, item: _joined(tag, item, address))


def _elsewhere(
    html: str, left_out: frozenset[str], value_of: Callable[[str, Attribute], str]
) -> str:
    """Return `html` without some elements, and with the values that attributes have elsewhere."""
    pieces: list[str] = []
    copied = 0
    dropped = ""
    for tag in tags(html):
        if dropped:
            if tag.is_end and tag.name == dropped:
                dropped, copied = "", tag.end
            continue
        if tag.name in left_out and not tag.is_end:
            pieces.append(html[copied : tag.start])
            dropped, copied = tag.name, len(html)
            continue
        for item in attributes_of(tag.attributes) if tag.attributes else ():
            value = value_of(tag.name, item)
            if value != item.value:
                start = tag.start + 1 + len(tag.name)
                new = f' {item.name}="{_quotable(value)}"'
                pieces += (html[copied : start + item.start], new)
                copied = start + item.end
    pieces.append(html[copied:])
    return "".join(pieces)


def _joined(tag: str, item: Attribute, page: str) -> str:
    """Return the value of an attribute with the full addresses of what it names."""
    if item.name == "srcset":
        return ", ".join(
            f"{escape(urljoin(page, match[1]))} {match[2] or ''}".rstrip()
            for match in SRCSET_CANDIDATE.finditer(attribute_text(item.value))
        )
    if item.name not in _URL_ATTRIBUTES and (item.name, tag) != ("data", "object"):
        return item.value
    value = attribute_text(item.value).strip(" \t\n\f\r")
    whole = urljoin(page, value)
    return item.value if whole == value else escape(whole)


def _whole(tag: str, item: Attribute, page: str) -> str:
    """Return the value of an attribute as it leads to the same place from elsewhere."""
    if item.name == "srcset":
        return _BARE_HOST.sub("https://", item.value)
    if item.name not in _URL_ATTRIBUTES and (item.name, tag) != ("data", "object"):
        return item.value
    value = item.value.strip(" \t\n\f\r")
    if value.startswith(("#", "?")) or (not value and item.name == "href"):
        return page + value
    return f"https:{value}" if value.startswith("//") else item.value


_BARE_HOST = re.compile(r"(?<![^\s,])//")
_DROPPED_ELEMENTS = frozenset({"script", "style"})
_OF_A_PAGE = frozenset({"script", "style", "iframe", "button", "form", "dialog", "template"})
_PAGE_BOUND = re.compile(
    r"""=\s*["']?\s*(?:[\#?]|//)|href\s*=\s*(?:""|'')|srcset\s*=|<(?:script|style)""",
    re.IGNORECASE,
)
"""What only a body can hold that has something for its own page alone."""


def _srcset(placeholder: str, attributes: Sequence[str]) -> str:
    """Return the attribute for a placeholder such as `0 1x , =https://example.org/b.jpg 2x`."""
    candidates = []
    for item in placeholder.split(" , "):
        source, _, descriptor = item.partition(" ")
        url = source[1:] if source[0] == "=" else attributes[int(source)].partition('"')[2][:-1]
        if url:
            candidates.append(f"{url} {descriptor}".rstrip())
    return f' srcset="{", ".join(candidates)}"' if candidates else ""


def _demoted(html: str, found: list[Tag]) -> str:
    """Return `html` with all headings among its tags one level down."""
    pieces: list[str] = []
    copied = 0
    for tag in found:
        if tag.name not in _HEADINGS:
            continue
        digit = tag.start + len("</h" if tag.is_end else "<h")
        pieces += (html[copied:digit], str(min(int(tag.name[1]) + 1, 6)))
        copied = digit + 1
    return "".join((*pieces, html[copied:]))


class _Walk:
    """The pass over the tags of a body: `pieces` joined are the finished HTML."""

    def __init__(self, html: str, found: list[Tag], external_rel: str) -> None:
        self.html = html
        self.found = found
        self.external_rel = external_rel
        self.pieces: list[str] = []
        self.copied = 0
        self.references: list[tuple[str, str]] = []
        self.headings: list[Heading] = []
        self.heading_ids: set[str] = set()
        self.ids: set[str] = set()
        self.suffixes: dict[str, int] = {}
        self.open_tables = 0

    def run(self) -> Finished:
        """Return the finished HTML."""
        for tag in self.found:
            if tag.name == "table":
                self.table(tag)
            elif tag.is_end:
                continue
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

    def table(self, tag: Tag) -> None:
        """Put an outermost table into a box that scrolls and takes the keyboard's focus."""
        if not tag.is_end:
            if not self.open_tables:
                self.insert(tag.start, '<div class="table-scroll" tabindex="0">')
            self.open_tables += 1
            self.put(tag, self.attributes(tag))
        elif self.open_tables:
            self.open_tables -= 1
            if not self.open_tables:
                self.insert(tag.end, "</div>")

    def heading(self, tag: Tag) -> str:
        """Note a heading and return its attributes, with an id that no other heading has."""
        attributes = self.attributes(tag)
        end = _HEADING_END.search(self.html, tag.end)
        text = plain_text(self.html[tag.end : end.start()]) if end else ""
        found = attributes_of(attributes) if attributes else ()
        written = next((item for item in found if item.name == "id"), None)
        name = attribute_text(written.value) if written else ""
        if not name or name in self.heading_ids or name in RESERVED_IDS:
            name = self.unused(name or slugify(text) or "section")
            if written:
                attributes = attributes[: written.start] + attributes[written.end :]
            attributes = f' id="{escape(name)}"{attributes}'
        self.heading_ids.add(name)
        if text:
            self.headings.append(Heading(int(tag.name[1]), name, text))
        return attributes

    def unused(self, name: str) -> str:
        """Return `name`, with the first number at its end that makes it an id not in this body."""
        if not self.ids:
            named = (tag.attributes for tag in self.found if "id" in tag.attributes.lower())
            found = (item for attributes in named for item in attributes_of(attributes))
            self.ids = {attribute_text(item.value) for item in found if item.name == "id"}
            self.ids |= RESERVED_IDS
        candidate = name
        while candidate in self.ids:
            self.suffixes[name] = self.suffixes.get(name, 0) + 1
            candidate = f"{name}_{self.suffixes[name]}"
        self.ids.add(candidate)
        return candidate

    def attributes(self, tag: Tag) -> str:
        """Return the attributes of a start tag: placeholders for references, and what we add."""
        if _EXTERNAL_LINK.fullmatch(tag.attributes) and tag.name == "a" and not self.external_rel:
            return tag.attributes  # as everything below would, too
        text = _aligned(tag.attributes) if tag.name in ("td", "th") else tag.attributes
        found = attributes_of(text) if text else ()
        pieces: list[str] = []
        copied = 0
        is_sized = tag.name != "img" or any(item.name in ("width", "height") for item in found)
        for item in found:
            new = self.attribute(tag.name, item)
            if not is_sized and new and item.name == "src":
                new = f"{new[:-1]}{_SIZED}{DELIMITER}"
            if new is not None:
                pieces += (text[copied : item.start], new)
                copied = item.end
        if pieces:
            text = "".join((*pieces, text[copied:]))
        for name, added in _ADDED_ATTRIBUTES.get(tag.name, ()):
            if all(item.name != name for item in found):
                text = added + text
        return text

    def attribute(self, tag: str, item: Attribute) -> str | None:
        """Return what takes the place of an attribute, None for itself."""
        if item.name == "class":
            role = _ROLES.get(item.value)
            return f' role="{role}" class="{item.value}"' if role else None
        if item.name == "srcset":
            return self.srcset(attribute_text(item.value))
        if item.name not in _URL_ATTRIBUTES and (item.name, tag) != ("data", "object"):
            return None
        target = attribute_text(item.value).strip(" \t\n\f\r")
        if not _NOT_INTERNAL.match(target):
            self.references.append((item.name, target))
            return f"{DELIMITER}{len(self.references) - 1}{DELIMITER}"
        if self.external_rel and item.name == "href" and _EXTERNAL.match(target):
            return f' rel="{self.external_rel}" href="{_quotable(item.value)}"'
        return None

    def srcset(self, value: str) -> str | None:
        """Note the references of a `srcset` and return its one placeholder; None if it has none."""
        items = []
        before = len(self.references)
        for match in SRCSET_CANDIDATE.finditer(value):
            source = f"={escape(match[1])}"
            if not _NOT_INTERNAL.match(match[1]):
                source = str(len(self.references))
                self.references.append(("srcset", match[1]))
            items.append(" ".join((source, *escape(match[2] or "").split())))
        if len(self.references) == before:
            return None
        # The space tells it from the placeholder of an attribute when it is a number alone.
        return f"{DELIMITER}{' , '.join(items)} {DELIMITER}"


_ADDED_ATTRIBUTES = {
    "iframe": (("loading", ' loading="lazy"'),),
    "img": (("decoding", ' decoding="async"'), ("loading", ' loading="lazy"')),
    "pre": (("tabindex", ' tabindex="0"'),),
}
"""What tags get unless they have it. At their front: a `/` at the end would be in the way."""


def _aligned(attributes: str) -> str:
    """Return the attributes of a cell with its alignment as a class: `align-right`."""
    classes = []
    rest = []
    for item in attributes_of(attributes):
        if item.name in ("align", "style") and (match := _ALIGNED.match(item.value)):
            classes.append(f"align-{match[1].lower()}")
        elif item.name == "class":
            classes.insert(0, _quotable(item.value))
        else:
            rest.append(attributes[item.start : item.end])
    return f' class="{" ".join(classes)}"{"".join(rest)}' if classes else attributes


def _quotable(value: str) -> str:
    """Return the value of an attribute, as written in whatever quotes, to stand in double ones."""
    return value.replace('"', "&quot;")
