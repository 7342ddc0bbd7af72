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


class FastHashHeader(HashHeaderProcessor):
    """`## Headings`: a line that is nothing else is matched without backtracking."""

    def test(self, parent: ET.Element, block: str) -> bool:
        """Return whether there is a heading in `block`."""
        return bool(_HEADING.fullmatch(block)) or super().test(parent, block)

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Add what the first of `blocks` says to `parent`."""
        heading = _HEADING.fullmatch(blocks[0])
        if heading is None:
            super().run(parent, blocks)
            return
        blocks.pop(0)
        ET.SubElement(parent, f"h{len(heading[1])}").text = heading[2].strip()


_HEADING = re.compile(r"(#{1,6})([^#\\\n]*+)")
"""The library's expression, in a line without a backslash and further `#`: what is after them."""


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


class FastTable(TableProcessor):
    """Tables: in a row without code and escaped characters, each `|` is between two cells."""

    def _split_row(self, row: str) -> list[str]:
        if "`" in row or "\\" in row:
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

    def parseDocument(self, lines: Iterable[str]) -> ET.ElementTree:  # noqa: N802 - As below.
        """Return the tree of a text. The library calls this, after all preprocessors."""
        self.prepare()
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
        """Add what the blocks say to `parent`, until there are none left."""
        while blocks:
            for processor in self.processors_for(blocks[0]):
                if type(processor) is ParagraphProcessor and self.add_paragraph(parent, blocks[0]):
                    del blocks[0]
                    break
                if processor.test(parent, blocks[0]) and (
                    processor.run(parent, blocks) is not False
                ):
                    break

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
