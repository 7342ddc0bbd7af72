"""Where the items of lists begin and end in lines of Markdown, as CommonMark has it.

Made after "Container blocks" of the specification (https://spec.commonmark.org/0.31.2/#list-items),
for lines whose tabs are spaces already. It goes beyond that in one point: a line that is indented
by four spaces belongs to an item whatever the width of the item's marker, as Python-Markdown's
writers are used to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from markdown.util import ETX, STX

CODE_INDENT = 4
"""Spaces that make a line one of code, or one of an item in the tradition of Markdown."""

_MARKER = re.compile(r"( {0,3})(?:([*+-])|([0-9]{1,9})([.)]))( +|\Z)")
_BREAK = re.compile(r" {0,3}(?:(?:\* *+){3,}+|(?:- *+){3,}+|(?:_ *+){3,}+)\Z")
_BLOCK = re.compile(rf" {{0,3}}(?:#{{1,6}}|>|{STX}|=+ *\Z)")
"""A heading, a quote, HTML or code read before, what looks like the line below a heading."""
_QUOTE = re.compile(r" {0,3}> ?")
_FIRST_MARKER = re.compile(r" {0,3}(?:[*+-]|[0-9]{1,9}[.)])(?: |$)", re.MULTILINE)
_LATER_MARKER = re.compile(r"\n(?= {0,3}(?:[*+-]|0{0,8}1[.)]) +\S)")


class Marker(NamedTuple):
    """What an item begins with."""

    indent: int
    """Spaces before it."""
    kind: str
    """`-`, `*`, `+`, `.` or `)`: items of one list have the same."""
    number: str
    """"" for a bullet."""
    offset: int
    """Where the text of the item begins: as far as its other lines are indented."""
    is_empty: bool
    """Whether nothing follows it."""

    @property
    def needed(self) -> int:
        """By how many spaces a line must be indented to belong to the item."""
        return min(self.offset, self.indent + CODE_INDENT)

    @property
    def interrupts(self) -> bool:
        """Whether it begins a list right after a line of a paragraph."""
        return not self.is_empty and (not self.number or int(self.number) == 1)


def marker_of(line: str) -> Marker | None:
    """Return the marker of an item that `line` begins with, None if there is none."""
    match = _MARKER.match(line)
    if match is None or (match[2] and _BREAK.match(line)):
        return None
    end = match.start(5)
    is_empty = match.end() == len(line)
    # After five spaces, the item begins with indented code, of which four belong to the code.
    text_follows = not is_empty and match.end() - end <= CODE_INDENT
    offset = match.end() if text_follows else end + 1
    return Marker(len(match[1]), match[2] or match[4], match[3] or "", offset, is_empty)


def _moved(marker: Marker | None, width: int) -> Marker | None:
    """Return the marker of a line that has `width` more spaces at its beginning."""
    if marker is None:
        return None
    return marker._replace(indent=marker.indent + width, offset=marker.offset + width)


def list_start(block: str) -> int:
    """Return where in `block` the first line of a list begins, -1 if there is no list.

    `block` is text without blank lines. What stands before the list is other text, which only a
    bullet or the number 1 can interrupt.
    """
    if _FIRST_MARKER.match(block) and marker_of(block.partition("\n")[0]):
        return 0
    for match in _LATER_MARKER.finditer(block):
        line, _, _ = block[match.end() :].partition("\n")
        if not _BREAK.match(line):
            return match.end()
    return -1


def begins_block(line: str, *others: re.Pattern[str]) -> bool:
    """Return whether `line` is no part of a paragraph before it, whatever its indentation.

    `others` are expressions for what does not belong to one, either.
    """
    return bool(
        marker_of(line)
        or _BLOCK.match(line)
        or _BREAK.match(line)
        or any(other.match(line) for other in others)
    )


def indent_of(line: str) -> int:
    """Return how many spaces `line` begins with."""
    return len(line) - len(line.lstrip(" "))


class ReadList(NamedTuple):
    """A list that was read."""

    number: str
    """That of the first item; "" for bullets."""
    items: Sequence[str]
    """The texts of the items, without markers and indentation."""
    is_loose: bool
    """Whether there is a blank line between two of the items, or between two blocks of one."""


MAY_CONTINUE = tuple(" \n*+-0123456789")
"""What a block of text begins with, if it can belong to a list before it."""

_PLAIN_ITEM = re.compile(r"^([*+-]|([0-9]{1,9})[.)]) {1,4}([^ \n*_+-].*)$", re.MULTILINE)


def read_plain(block: str) -> ReadList | None:
    """Return the list that `block` is, if each of its lines is an item that is not indented.

    That is what most lists are; any other gives None, and is read line by line.
    """
    found = _PLAIN_ITEM.findall(block)
    if len(found) != block.count("\n") + 1 or len({marker[-1] for marker, _, _ in found}) > 1:
        return None
    return ReadList(found[0][1], [text for _, _, text in found], is_loose=False)


class ItemReader:
    """Reads one list, line by line."""

    def __init__(self, marker: Marker) -> None:
        self.first = marker
        self.marker = marker
        self.items: list[str] = []
        self.is_loose = False
        self.lines: list[str] = []
        """Those of the item that is being read; the first without its marker."""
        self.blanks = 0
        """How many of these, at the end, are blank."""
        self.in_paragraph = False
        """Whether a paragraph is open: the next line may belong to it though it is not indented."""

    def read(self, line: str) -> bool:
        """Take in `line`; return False if it does not belong to the list."""
        if not line or line.isspace():
            return self.blank()
        marker = self.marker
        new = marker_of(line)
        if not self.lines:
            return new is not None and self.begin(new, line)
        indent = indent_of(line)
        if indent >= marker.needed:
            # An item may begin with one blank line, not with two.
            return (self.has_text or self.blanks == 1) and self.add(line, marker.needed)
        if not new and not self.in_paragraph and indent >= CODE_INDENT:
            # Between the widths of two items, it is no code: nobody indents that for an item.
            new = _moved(marker_of(line[indent:]), indent)
        if new and new.kind == self.first.kind:
            return self.begin(new, line)
        if not self.in_paragraph or begins_block(line):
            return False
        text = line.lstrip(" ")
        # What would begin a block is part of the paragraph if it is indented like code.
        width = marker.offset + (CODE_INDENT if begins_block(text) else 0)
        self.lines.append(" " * width + text)
        return True

    @property
    def has_text(self) -> bool:
        """Whether the item that is being read has any text yet."""
        return len(self.lines) > self.blanks

    def blank(self) -> bool:
        """Take in a blank line."""
        self.lines.append("")
        self.blanks += 1
        self.in_paragraph = False
        return True

    def begin(self, marker: Marker, line: str) -> bool:
        """Begin an item with its first line."""
        if self.lines:
            self.is_loose |= self.blanks > (not self.has_text)
            self.finish()
        self.marker = marker
        text = line[marker.offset :]
        self.lines = [text]
        self.blanks = int(not text)
        self.in_paragraph = _opens_paragraph(text, is_open=False)
        return True

    def add(self, line: str, width: int) -> bool:
        """Take in a line of the item, which is indented by at least `width`."""
        self.lines.append(line)
        self.blanks = 0
        self.in_paragraph = _opens_paragraph(line[width:], is_open=self.in_paragraph)
        return True

    def finished(self) -> ReadList:
        """Return the list."""
        self.finish()
        return ReadList(self.first.number, self.items, self.is_loose)

    def finish(self) -> None:
        """End the item that is being read."""
        lines = self.lines[: len(self.lines) - self.blanks]
        lines[1:] = _dedented(lines[1:], self.marker)
        if lines and not lines[0]:  # The item begins in the line below its marker.
            del lines[0]
        lines, is_loose = _arranged(lines)
        self.is_loose |= is_loose
        self.items.append("\n".join(lines).strip("\n"))


def _dedented(lines: Sequence[str], marker: Marker) -> list[str]:
    """Return the lines below the first of an item without the indentation that makes them so.

    That is the width of the marker; or four, where no line is indented by less: then it was written
    for Markdown of the old kind, and code in it is indented by eight.
    """
    if not lines:
        return []
    indents = [indent_of(line) for line in lines]
    least = min((indent for line, indent in zip(lines, indents, strict=True) if line), default=0)
    width = marker.offset
    traditional = marker.indent + CODE_INDENT
    if width < traditional and (least == traditional or least >= traditional + CODE_INDENT):
        width = traditional
    return [line[min(width, indent) :] for line, indent in zip(lines, indents, strict=True)]


def _opens_paragraph(text: str, *, is_open: bool) -> bool:
    """Return whether a paragraph is open after `text`, a line of an item."""
    while True:
        marker = marker_of(text)
        quote = None if marker else _QUOTE.match(text)
        if not marker and not quote:
            break
        text = text[marker.offset if marker else quote.end() if quote else 0 :]
        is_open = False
    if not text or text.isspace():
        return False
    if not is_open and text.startswith(" " * CODE_INDENT):
        return False
    return not (_BLOCK.match(text) or _BREAK.match(text))


def _arranged(lines: Sequence[str]) -> tuple[list[str], bool]:
    """Return the lines of an item, with blank ones around fenced code, and whether it is loose.

    It is if a blank line was between two blocks of it; one within a list in the item makes that
    list loose, not this. Fenced code is a block of its own; that in such a list is left to it.
    """
    found: list[str] = []
    is_loose = False
    nested: Marker | None = None
    after_blank = False
    for line in lines:
        if not line:
            after_blank = True
            found.append(line)
            continue
        if nested is None or indent_of(line) < nested.needed:
            marker = marker_of(line)
            is_sibling = marker and nested and marker.kind == nested.kind
            if after_blank and not is_sibling:
                is_loose = True
            if marker or after_blank:
                nested = marker
            if nested is None and STX in line and _STASHED.match(line):
                found += ("", line)
                line = ""  # noqa: PLW2901 - One more behind it.
        found.append(line)
        after_blank = False
    return found, is_loose


_STASHED = re.compile(rf" *{STX}wzxhzdk:[0-9]+{ETX} *\Z")
"""The placeholder of fenced code on a line of its own."""
