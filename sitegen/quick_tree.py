"""What Python-Markdown does with its finished tree, with less of it done in vain: the same HTML."""

from __future__ import annotations

import html
import re
from typing import Any, cast
from xml.etree import ElementTree as ET

from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.md_in_html import MarkdownInHTMLPostprocessor
from markdown.extensions.toc import (
    TocTreeprocessor,
    remove_fnrefs,
    render_inner_html,
    strip_tags,
    unique,
)
from markdown.serializers import (  # type: ignore[attr-defined] # Types for an older version.
    BOOLEAN_ATTRIBUTES,
    HTML_EMPTY,
    RE_AMP,
    to_html_string,
)
from markdown.treeprocessors import UnescapeTreeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, STX

_RAW = frozenset({"script", "style"})
_BOOLEAN = BOOLEAN_ATTRIBUTES["html"]


def serialize(element: ET.Element) -> str:
    """Return `element` as HTML, as the library's `to_html_string` does."""
    pieces: list[str] = []
    try:
        _write(element, pieces)
    except (RecursionError, TypeError):
        # Elements within elements without end, or names and values that are no texts: only the
        # library knows what to do.
        return to_html_string(element)
    return "".join(pieces)


def _write(element: ET.Element, pieces: list[str]) -> None:
    tag = element.tag
    if type(tag) is not str:  # A comment or the like, which only an extension makes.
        pieces.append(to_html_string(element))
        return
    name = tag.lower()
    text = element.text or ""
    if text and name not in _RAW:
        text = _escaped(text)
    attributes = _attributes(element) if element.attrib else ""
    pieces.append(f"<{tag}{attributes}>{text}")
    for child in element:
        _write(child, pieces)
    if name not in HTML_EMPTY:
        pieces.append(f"</{tag}>")
    if element.tail:
        pieces.append(_escaped(element.tail))


def _attributes(element: ET.Element) -> str:
    pieces = []
    items: list[tuple[str, Any]] = sorted(element.items())
    for key, value in items:
        if value is None:
            pieces.append(f" {key}")
            continue
        escaped = _escaped(value).replace('"', "&quot;")
        pieces.append(f" {key}" if key == escaped and key in _BOOLEAN else f' {key}="{escaped}"')
    return "".join(pieces)


def _escaped(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


class QuickUnescape(UnescapeTreeprocessor):
    """Puts escaped characters back where there are any."""

    def run(self, root: ET.Element) -> None:
        """Change the texts, tails and attributes in `root`."""
        for element in root.iter():
            if (text := element.text) and STX in text and element.tag != "code":
                element.text = self.unescape(text)
            if (tail := element.tail) and STX in tail:
                element.tail = self.unescape(tail)
            if element.attrib:
                items: list[tuple[str, Any]] = list(element.items())
                for key, value in items:
                    if value is not None and STX in value:
                        element.set(key, self.unescape(value))


class QuickAttributes(AttrListTreeprocessor):
    """Attribute lists: looked for where there is a brace."""

    def run(self, doc: ET.Element) -> None:
        """Set the attributes in `doc` that its texts ask for."""
        if "{" in "".join(doc.itertext()) or "{" in (doc.tail or ""):
            super().run(doc)


class QuickContents(TocTreeprocessor):
    """Ids of headings; a table of contents only if the text has a place for it."""

    def run(self, doc: ET.Element) -> None:
        """Give ids to the headings in `doc`, and put the contents where their marker stands."""
        marked = self.marker and self.marker in "".join(doc.itertext())
        linked = self.use_anchors or self.use_permalinks not in (False, None)
        if marked or linked or getattr(self.md, "is_foreign", True):
            super().run(doc)
            return
        ids: set[str] = set()
        headings = []
        for element in doc.iter():
            if "id" in element.attrib:
                ids.add(element.attrib["id"])
            tag: Any = element.tag  # A function, in the case of a comment.
            if isinstance(tag, str) and self.header_rgx.match(tag):
                headings.append(element)
        counters: dict[str, int] = {}
        for heading in headings:
            self.set_level(heading)
            if "id" not in heading.attrib:
                name = self.slugify(html.unescape(self.name(heading)), self.sep)
                # Stubs of the library differ in how many arguments this takes.
                name = cast("Any", unique)(name, ids, counters)
                heading.set("id", name)
            heading.attrib.pop("data-toc-label", None)

    def name(self, heading: ET.Element) -> str:
        """Return the text of a heading as HTML without tags."""
        text = heading.text or ""
        if len(heading) or _NOT_PLAIN.search(text):
            return strip_tags(render_inner_html(remove_fnrefs(heading), self.md))
        return " ".join(text.split())


_NOT_PLAIN = re.compile(f"[<>&{STX}]")


class QuickRawHtml(MarkdownInHTMLPostprocessor):
    """Puts the HTML of a text back, from placeholder to placeholder."""

    def run(self, text: str) -> str:
        """Return `text` with what the placeholders stand for."""
        return self.filled(text) if self.md.htmlStash.html_counter and STX in text else text

    def filled(self, text: str) -> str:
        """Return `text` with the HTML for its placeholders, and for those in that HTML."""
        pieces: list[str] = []
        copied = 0
        for match in HTML_PLACEHOLDER_RE.finditer(text):
            number = int(match[1])
            if number >= self.md.htmlStash.html_counter:
                continue
            start, end = match.span()
            raw = self.stash_to_string(self.md.htmlStash.rawHtmlBlocks[number])
            alone = text.startswith("<p>", start - 3) and text.startswith("</p>", end)
            if alone and self.isblocklevel(raw):
                start, end = start - 3, end + 4
            pieces += (text[copied:start], self.filled(raw))
            copied = end
        return "".join((*pieces, text[copied:]))
