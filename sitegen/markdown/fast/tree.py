"""Fast paths for what Python-Markdown does with its finished tree: the same HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, cast
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
from markdown.treeprocessors import PrettifyTreeprocessor, UnescapeTreeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, STX, AtomicString

from sitegen.model.errors import problem

_RAW = frozenset({"script", "style"})
_BOOLEAN = BOOLEAN_ATTRIBUTES["html"]


class _Tag(NamedTuple):
    """How the library writes elements of a name."""

    start: str
    """The start tag."""
    end: str
    """The end tag; "" where there is none."""
    is_raw: bool
    """Whether the text is written as it is."""


class _Tags(dict[str, _Tag]):
    def __missing__(self, name: str) -> _Tag:
        if type(name) is not str:  # A comment or the like, which only an extension makes.
            raise TypeError
        lower = name.lower()
        end = "" if lower in HTML_EMPTY else f"</{name}>"
        tag = self[name] = _Tag(f"<{name}>", end, lower in _RAW)
        return tag


_TAGS = _Tags()
"""The names of elements that this process has written."""


def serialize(element: ET.Element) -> str:
    """Return `element` as HTML, as the library's `to_html_string` does."""
    pieces: list[str] = []
    try:
        _write((element,), pieces.append)
    except (RecursionError, TypeError):
        # Elements within elements without end, or names and values that are no texts: only the
        # library knows what to do.
        return to_html_string(element)
    return "".join(pieces)


def _write(elements: Iterable[ET.Element], append: Callable[[str], None]) -> None:
    for element in elements:
        start, end, is_raw = _TAGS[element.tag]
        if attributes := element.items():
            start = f"{start[:-1]}{_attributes(attributes)}>"
        append(start)
        if text := element.text:
            append(text if is_raw else _escaped(text))
        if len(element):
            _write(element, append)
        append(end)
        if tail := element.tail:
            append(_escaped(tail))


def _attributes(items: Iterable[tuple[str, Any]]) -> str:
    pieces = []
    for key, value in sorted(items):
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


class BlockLevelNames(dict[Any, bool]):
    """Whether an element is block-level, by its name, as the library's `is_block_level` says."""

    def refresh(self, blocks: Iterable[str]) -> None:
        """Start over with the names of `blocks`."""
        self.blocks = frozenset(blocks)
        self.clear()

    def __missing__(self, name: Any) -> bool:
        is_block = isinstance(name, str) and name.lower().rstrip("/") in self.blocks
        self[name] = is_block
        return is_block


class FastPrettify(PrettifyTreeprocessor):
    """Line ends between blocks."""

    def __init__(self, block_level: BlockLevelNames) -> None:
        super().__init__()
        self.block_level = block_level

    def run(self, root: ET.Element) -> None:
        """Put line ends into `root` as the library does, whose first part calls itself."""
        block_level = self.block_level
        blocks = [root]
        for element in blocks:
            name = element.tag
            if len(element) and name not in _CODE and block_level[name]:
                inner = [child for child in element if block_level[child.tag]]
                text = element.text
                if inner and inner[0] is element[0] and not (text and text.strip()):
                    element.text = "\n"
                blocks += inner
            tail = element.tail
            if not tail or not tail.strip():
                element.tail = "\n"
        for br in root.iter("br"):
            tail = br.tail
            br.tail = f"\n{tail}" if tail and tail.strip() else "\n"
        for pre in root.iter("pre"):
            if len(pre) and pre[0].tag == "code":
                code = pre[0]
                if not len(code) and code.text is not None:
                    code.text = AtomicString(code.text.rstrip() + "\n")


_CODE = frozenset({"code", "pre"})


def _may_hold(md: Any, char: str) -> bool:
    """Return whether the tree of the text that `md` converts may hold `char`.

    Characters come from the source, or from character references in its tags.
    """
    return md.has_custom_extensions or char in md.source or "<" in md.source


class FastUnescape(UnescapeTreeprocessor):
    """Puts escaped characters back where there are any."""

    def run(self, root: ET.Element) -> None:
        """Change the texts, tails and attributes in `root`."""
        if not _may_hold(self.md, "\\"):
            return
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


MAX_IN_BRACES = 50_000_000
"""Braces of a text times its characters."""
_LONG = 5_000


class FastAttrList(AttrListTreeprocessor):
    """Attribute lists: looked for where there is a brace."""

    def run(self, doc: ET.Element) -> None:
        """Set the attributes in `doc` that its texts ask for."""
        if _may_hold(self.md, "{") and "{" in "".join((*doc.itertext(), doc.tail or "")):
            # The library's expression reads on from each of the braces of a line.
            if any(
                text.count("{") * len(text) > MAX_IN_BRACES
                for text in doc.itertext()
                if len(text) > _LONG
            ):
                message = "too many braces in one paragraph"
                raise problem(message, hint=r"divide it, or leave out braces")
            super().run(doc)


class FastToc(TocTreeprocessor):
    """Ids of headings; a table of contents only if the text has the marker for it."""

    def run(self, doc: ET.Element) -> None:
        """Give ids to the headings in `doc`, and put the contents where their marker stands."""
        linked = self.use_anchors or self.use_permalinks not in (False, None)
        ids: set[str] = set()
        headings = []
        marker, marked = self.marker or None, False
        for element in doc.iter():
            if identity := element.get("id"):
                ids.add(identity)
            tag: Any = element.tag  # A function, in the case of a comment.
            if isinstance(tag, str) and tag[:1] in "hH" and self.header_rgx.match(tag):
                headings.append(element)
            elif (text := element.text) and text.strip() == marker:
                marked = True
        if marked or linked or getattr(self.md, "has_custom_extensions", True):
            super().run(doc)
            return
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


class FastRawHtml(MarkdownInHTMLPostprocessor):
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
