"""Shortcodes: taken out of a text before it is Markdown, put as markers into what it became.

    {{< note >}}              <!--0-->
    The *tide* rises.   ──▶   <p>The <em>tide</em> rises.</p>
    {{< /note >}}             <!--/0-->

For the engine each tag is a single character (`stand_ins`). A tag that has a line for itself gets
blank lines around it: it is a block, whatever is written above and below. What turns out to be code
is put back into the text, which is then converted once more: so it is highlighted as it is written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping
from html import escape
from typing import NamedTuple
from urllib.parse import unquote

from sitegen.markdown import stand_ins
from sitegen.markdown.shortcode_placing import placed
from sitegen.markdown.shortcode_tags import Tag, read_tags
from sitegen.model.documents import Shortcode
from sitegen.model.frozen import EMPTY

_PREFIX = re.compile(r"[ \t>]*\Z")
_ITEM_PREFIX = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+\Z")
_CONTINUED = re.compile(r"\n[ \t>]*(?:[ ]{2}|\t)[ \t]*(?![-*+\s]|\d{1,9}[.)])")
_UNREAD = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<name>pre|script|style|textarea)\b.*?(?:</(?P=name)\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
"""Where a tag is a text that the engine has to see: code, which it highlights, and comments."""
_QUOTED = re.compile("%F3(?:%[0-9A-F]{2}){3}")
_CONTENTS = re.compile(r'<div class="toc">.*?</div>', re.DOTALL)
"""The headings once more: what stands in them is made once."""


class WrongShortcode(NamedTuple):
    """A shortcode that cannot be read: where it is in the text, and why."""

    line: int
    column: int
    message: str
    hint: str


class Taken(NamedTuple):
    """A text without its tags."""

    source: str
    """With a character in the place of each."""
    tags: Mapping[str, Tag] = EMPTY
    """By those characters."""
    text: str = ""
    """As it was written, where there are tags."""
    places: tuple[tuple[int, int], ...] = ()
    """Where in the source, and in the text, the pieces between the tags begin."""

    def position(self, line: int, column: int) -> tuple[int, int]:
        """Return line and column in the text of a place in the source, all from 1."""
        if not self.places:
            return line, column
        start = 0
        for _ in range(line - 1):
            start = self.source.index("\n", start) + 1
        offset = start + column - 1
        place = bisect_right(self.places, (offset, len(self.text))) - 1
        in_source, in_text = self.places[place]
        return place_of(self.text, min(offset - in_source + in_text, len(self.text)))


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column of an offset, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def taken_out(text: str, code: Collection[int] = ()) -> Taken:
    """Return `text` without its tags but those in `code`, which are named by their offsets."""
    tags = list(read_tags(text))
    if not tags:
        return Taken(text)
    free = stand_ins.unused(text)
    found: dict[str, Tag] = {}
    pieces: list[str] = []
    places = [(0, 0)]
    length = copied = 0
    around = _lines_around(text, tags)
    for number, tag in enumerate(tags):
        if tag.start in code or not (character := next(free, "")):
            continue
        found[character] = tag
        before, after = around[number]
        piece = f"{text[copied : tag.start]}{before}{character}{after}"
        pieces.append(piece)
        length += len(piece)
        copied = tag.end
        places.append((length, copied))
    pieces.append(text[copied:])
    return Taken("".join(pieces), found, text, tuple(places))


def _lines_around(text: str, tags: list[Tag]) -> list[tuple[str, str]]:
    """Return for each tag what makes a block of it: a blank line before and behind, or nothing.

    It is one if there are but tags on its lines.
    """
    found = [("", "")] * len(tags)
    first = 0
    while first < len(tags):
        last, is_alone = first, True
        while last + 1 < len(tags) and "\n" not in (
            gap := text[tags[last].end : tags[last + 1].start]
        ):
            is_alone = is_alone and not gap.strip()
            last += 1
        if is_alone:
            before, after = _around_line(text, tags[first].start, tags[last].end)
            found[last] = ("", after)
            found[first] = (before, found[first][1])
        first = last + 1
    return found


def _around_line(text: str, begins: int, ends: int) -> tuple[str, str]:
    """Return what makes a block of the tags between two offsets, as `_lines_around` does."""
    start = text.rfind("\n", 0, begins) + 1
    end = text.find("\n", ends)
    end = end if end >= 0 else len(text)
    prefix = text[start:begins]
    if text[ends:end].strip():
        return "", ""
    if _PREFIX.match(prefix):
        # What quotes a line is the blank line of a quotation when it stands alone.
        return f"\n{prefix}" if start else "", f"\n{prefix.rstrip()}"
    goes_on = _ITEM_PREFIX.match(prefix) and _CONTINUED.match(text, end)
    return "", f"\n{'>' * prefix.count('>')}" if goes_on else ""


def in_code(html: str, taken: Taken) -> set[int]:
    """Return the offsets of the tags that stand in code or comments of what a text became."""
    return {
        taken.tags[character].start
        for match in _UNREAD.finditer(html)
        for character in stand_ins.ANY.findall(match[0])
        if character in taken.tags
    }


def only_in_words(html: str, taken: Taken) -> str:
    """Return what a text became with the characters of those tags alone that stand in words.

    Any other is what was written; an escaped one is the text that it shows.
    """
    tags = taken.tags
    if "%F3%B" in html:  # as an engine writes such a character in an address
        html = _QUOTED.sub(lambda match: _unquoted(match[0], taken), html)

    def shown(character: str) -> str | None:
        tag = tags.get(character)
        return escape(tag.shown) if tag and tag.shown else None

    return stand_ins.put_back(html, words=shown, written=lambda one: _written(taken, one))


def _unquoted(written: str, taken: Taken) -> str:
    character = unquote(written)
    return character if character in taken.tags else written


def _written(taken: Taken, character: str) -> str | None:
    tag = taken.tags.get(character)
    return tag and taken.text[tag.start : tag.end]


def as_written(text: str, taken: Taken) -> str:
    """Return a text that is no words with all tags as they were written."""
    return stand_ins.replaced(text, lambda one: _written(taken, one))


def without(text: str, taken: Taken) -> str:
    """Return a text, plain or HTML, without the characters that stand for tags."""
    return stand_ins.replaced(text, lambda one: "" if one in taken.tags else None)


class WithMarkers(NamedTuple):
    """HTML with a marker for each tag of a shortcode."""

    html: str
    shortcodes: tuple[Shortcode, ...]
    """By the numbers in their markers."""
    wrong: tuple[WrongShortcode, ...]


def with_markers(html: str, taken: Taken) -> WithMarkers:
    """Return `html`, which `only_in_words` gave, with markers, and what is wrong with its tags."""
    contents = _CONTENTS.sub(lambda match: without(match[0], taken), html)
    made = placed(contents, taken.tags)
    wrong = [
        WrongShortcode(*place_of(taken.text, item.offset), item.message, item.hint)
        for item in made.wrong
    ]
    shortcodes = tuple(
        Shortcode(
            item.tag.name,
            item.tag.arguments,
            *place_of(taken.text, item.tag.start),
            has_inner=item.has_inner,
            is_closed=item.tag.is_closed,
            is_inline=item.is_inline,
        )
        for item in made.shortcodes
    )
    return WithMarkers(made.html, shortcodes, tuple(wrong))
