"""Block parsing for Python-Markdown that tries only the processors that may take a block.

The library tries some 18 processors on each block of a text, most with a regular expression that
scans all of it. Most need a character that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple, cast
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import (
    BlockProcessor,
    BlockQuoteProcessor,
    CodeBlockProcessor,
    EmptyBlockProcessor,
    HashHeaderProcessor,
    HRProcessor,
    ListIndentProcessor,
    OListProcessor,
    ParagraphProcessor,
    ReferenceProcessor,
    SetextHeaderProcessor,
    UListProcessor,
)
from markdown.extensions.abbr import AbbrBlockprocessor
from markdown.extensions.def_list import DefListIndentProcessor, DefListProcessor
from markdown.extensions.footnotes import FootnoteBlockProcessor
from markdown.extensions.md_in_html import MarkdownInHtmlProcessor
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor
from markdown.extensions.tables import TableProcessor
from markdown.util import STX

from sitegen.markdown.fast.substrings import SubstringFilter
from sitegen.markdown.lists import DefinitionIndentProcessor, ListProcessor
from sitegen.model.errors import problem

MAX_READ_AGAIN = 20_000_000
"""Characters of one text that may be read again because something before them was taken.

Each heading, line across or definition in a block of text is taken by itself, and the rest of the
block is read once more. An article comes to some thousands.
"""


class FastHashHeader(HashHeaderProcessor):
    """`## Headings`: a line that is nothing else is matched without backtracking."""

    def test(self, parent: ET.Element, block: str) -> bool:
        """Return whether there is a heading in `block`."""
        return bool(_HEADING.fullmatch(block)) or super().test(parent, block)

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Add what the first of `blocks` says to `parent`."""
        heading = _HEADING.fullmatch(blocks[0])
        if heading is None:
            if _is_divisible(blocks[0]) and not self.parser.state.isstate("looselist"):
                blocks[:1] = _divided(blocks[0])
            else:
                super().run(parent, blocks)
            return
        blocks.pop(0)
        ET.SubElement(parent, f"h{len(heading[1])}").text = heading[2].strip()


_HEADING = re.compile(r"(#{1,6})([^#\\\n]*+)")
"""The library's expression, in a line without a backslash and further `#`: what is after them."""


def _is_divisible(block: str) -> bool:
    """Return whether each line of `block` that begins with `#` is a heading, and there are many.

    The library takes them one by one, and reads the rest again for each. A backslash can make a
    line no heading, and a table takes all lines of its block.
    """
    return block.count("\n#") >= _MANY_HEADINGS and "\\" not in block and "|" not in block


_MANY_HEADINGS = 4


def _divided(block: str) -> list[str]:
    """Return the headings of `block`, and the lines between them, as blocks of their own."""
    return [
        piece.strip("\n") for piece in _HEADING_LINE.split(block) if piece and not piece.isspace()
    ]


_HEADING_LINE = re.compile(r"^(#.*)$", re.MULTILINE)


class _FastItems(OListProcessor):
    """Lists: one whose lines all begin items is read at once."""

    @cached_property
    def items(self) -> re.Pattern[str]:
        """The library's expression for a line with an item, for all lines."""
        return re.compile(self.CHILD_RE.pattern, re.MULTILINE)

    def get_items(self, block: str) -> list[str]:
        """Return the texts of the items in `block`."""
        found = self.items.findall(block)
        if len(found) != block.count("\n") + 1:
            return super().get_items(block)
        if self.TAG == "ol":
            # As the library does, whatever its types say.
            self.STARTSWITH = found[0][0].removesuffix(".")  # type: ignore[misc]
        return [text for _, _, text in found]


class FastOList(_FastItems, SaneOListProcessor):
    """`1. Items`."""


class FastUList(_FastItems, SaneUListProcessor):
    """`- Items`."""


MAX_CODE_IN_ROW = 10_000_000
"""Backticks times bars in a row of a table: the library looks at each of these pairs."""


class FastTable(TableProcessor):
    """Tables: in a row without code and escaped characters, each `|` is between two cells."""

    def _split_row(self, row: str) -> list[str]:
        if "`" in row or "\\" in row:
            if row.count("`") * row.count("|") > MAX_CODE_IN_ROW:
                hint = "divide the row, or write the code without a table"
                raise problem("a table has too much code in one row", hint=hint)
            # Types for an older version.
            return cast("list[str]", super()._split_row(row))  # type: ignore[misc]
        if self.border:
            row = row.removeprefix("|").removesuffix("|")
        return row.split("|")


class Guard(NamedTuple):
    """A necessary condition for a block processor to take a block. It need not be sufficient."""

    block_start: str = ""
    """It begins with one of these (`0`: any decimal digit; `STX`: a placeholder), …"""
    line_start: str = ""
    """… or another line begins with one of these, …"""
    contains: tuple[str, ...] = ()
    """… or it contains one of these."""


GUARDS: Mapping[type[BlockProcessor], Guard] = {
    MarkdownInHtmlProcessor: Guard(STX),
    EmptyBlockProcessor: Guard("\n"),
    ListIndentProcessor: Guard(" "),
    DefListIndentProcessor: Guard(" "),
    DefinitionIndentProcessor: Guard(" "),
    CodeBlockProcessor: Guard(" "),
    FastHashHeader: Guard("#", "#"),
    SetextHeaderProcessor: Guard("", "=-"),
    HRProcessor: Guard(" -_*", " -_*"),
    OListProcessor: Guard(" 0"),
    FastOList: Guard(" 0"),
    UListProcessor: Guard(" *+-"),
    FastUList: Guard(" *+-"),
    FastTable: Guard(contains=("|",)),
    ListProcessor: Guard(" *+-0", " *+-01"),
    DefListProcessor: Guard(" :", " :"),
    BlockQuoteProcessor: Guard(" >", " >"),
    FootnoteBlockProcessor: Guard(contains=("[^",)),
    AbbrBlockprocessor: Guard(contains=("*[",)),
    ReferenceProcessor: Guard(contains=("]:",)),
}


_Traits = tuple[str, frozenset[str], tuple[str, ...]]
"""What a block begins with, its other lines, and what stands in it, as far as a guard asks."""
_NONE: frozenset[str] = frozenset()


class FastBlockParser(BlockParser):
    """Tries only the block processors that may take a block."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.processors: list[BlockProcessor] = []
        self.block_starts = ""
        self.line_starts = frozenset[str]()
        self.substrings = SubstringFilter(())
        self.by_traits: dict[_Traits, tuple[BlockProcessor, ...]] = {}
        self.read_again = 0
        """Characters of the text that were read again after something was taken from a block."""

    def parseDocument(self, lines: Iterable[str]) -> ET.ElementTree:  # noqa: N802 - As below.
        """Return the tree of a text. The library calls this, after all preprocessors."""
        self.prepare()
        self.read_again = 0
        return super().parseDocument(lines)

    def prepare(self) -> None:
        """Take note of the registered block processors."""
        processors = list(self.blockprocessors)
        if processors == self.processors:
            return
        self.processors = processors
        guards = [guard for item in processors if (guard := GUARDS.get(type(item)))]
        self.block_starts = "".join(guard.block_start for guard in guards)
        self.line_starts = frozenset("".join(guard.line_start for guard in guards))
        contained = (substring for guard in guards for substring in guard.contains)
        self.substrings = SubstringFilter(contained, "[]")
        self.by_traits = {}

    def parseBlocks(self, parent: ET.Element, blocks: list[str]) -> None:  # noqa: N802 - Its name.
        """Add what the blocks say to `parent`, until there are none left.

        Raises `SitegenError` for a block of so many parts that it would be read for seconds.
        """
        while blocks:
            left = len(blocks)
            for processor in self.processors_for(blocks[0]):
                if type(processor) is ParagraphProcessor and self.add_paragraph(parent, blocks[0]):
                    del blocks[0]
                    break
                if processor.test(parent, blocks[0]) and (
                    processor.run(parent, blocks) is not False
                ):
                    if len(blocks) == left:
                        self.count_rest(len(blocks[0]))
                    break

    def count_rest(self, count: int) -> None:
        """Count the characters of a block that is read again; refuse too many."""
        self.read_again += count
        if self.read_again > MAX_READ_AGAIN:
            message = "too many headings, lines or definitions without a blank line between them"
            raise problem(message, hint="put blank lines between them")

    def add_paragraph(self, parent: ET.Element, block: str) -> bool:
        """Add a paragraph, or the text of a new list item; return whether that was all to do.

        As `ParagraphProcessor` does, which also deals with white space and with items that already
        have text.
        """
        text = block.lstrip()
        if not text:
            return False
        if not self.state.isstate("list"):
            ET.SubElement(parent, "p").text = text
        elif parent.text or len(parent):
            return False
        else:
            parent.text = text
        return True

    def processors_for(self, block: str) -> tuple[BlockProcessor, ...]:
        """Return the processors that may take `block`."""
        first = block[:1]
        if first not in self.block_starts:
            first = "0" if first.isdecimal() else "x"
        later = _NONE
        if "\n" in block:
            later = self.line_starts.intersection([line[:1] for line in block.split("\n")[1:]])
        found = self.substrings.found(block)
        traits = (first, later, found)
        chosen = self.by_traits.get(traits)
        if chosen is None:
            chosen = self.by_traits[traits] = tuple(
                item
                for item in self.processors
                if (guard := GUARDS.get(type(item))) is None
                or first in guard.block_start
                or later.intersection(guard.line_start)
                or set(found).intersection(guard.contains)
            )
        return chosen
