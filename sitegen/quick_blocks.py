"""Blocks of Python-Markdown, each tried as what it may be, and the plain ones made at once.

The library tries some 18 processors on each block of a text, most with a regular expression that
walks through all of it. Most need a character that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
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

from sitegen.quick_needles import Needles


class QuickHeading(HashHeaderProcessor):
    """`## Headings`: a line that is nothing else is read without going back and forth."""

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


class Guard(NamedTuple):
    """What a block must have for a block processor to take it. It need not be enough."""

    first: str
    """Its first character is one of these (`0`: any decimal digit; `STX`: a placeholder) …"""
    inside: tuple[str, ...] = ()
    """… or one of these stands in it."""


GUARDS: Mapping[type[BlockProcessor], Guard] = {
    MarkdownInHtmlProcessor: Guard(STX),
    EmptyBlockProcessor: Guard("\n"),
    ListIndentProcessor: Guard(" "),
    DefListIndentProcessor: Guard(" "),
    CodeBlockProcessor: Guard(" "),
    QuickHeading: Guard("#", ("\n#",)),
    SetextHeaderProcessor: Guard("", ("\n=", "\n-")),
    HRProcessor: Guard(" -_*", ("\n-", "\n_", "\n*", "\n ")),
    OListProcessor: Guard(" 0"),
    SaneOListProcessor: Guard(" 0"),
    UListProcessor: Guard(" *+-"),
    SaneUListProcessor: Guard(" *+-"),
    TableProcessor: Guard("", ("|",)),
    DefListProcessor: Guard(" :", ("\n:", "\n ")),
    BlockQuoteProcessor: Guard(" >", ("\n>", "\n ")),
    FootnoteBlockProcessor: Guard("", ("[^",)),
    AbbrBlockprocessor: Guard("", ("*[",)),
    ReferenceProcessor: Guard("", ("]:",)),
}


class QuickBlockParser(BlockParser):
    """Tries only the block processors that may take a block."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.processors: list[BlockProcessor] = []
        self.firsts = ""
        self.needles = Needles(())
        self.chosen: dict[tuple[str, tuple[str, ...]], tuple[BlockProcessor, ...]] = {}

    def prepare(self) -> None:
        """Find out which block processors there are."""
        processors = list(self.blockprocessors)
        if processors == self.processors:
            return
        self.processors = processors
        guards = [guard for item in processors if (guard := GUARDS.get(type(item)))]
        self.firsts = "".join(guard.first for guard in guards)
        self.needles = Needles((needle for guard in guards for needle in guard.inside), "\n[]")
        self.chosen = {}

    def parseBlocks(self, parent: ET.Element, blocks: list[str]) -> None:  # noqa: N802 - Its name.
        """Add what the blocks say to `parent`, until there are none left."""
        if not self.state:  # Between documents, extensions may come.
            self.prepare()
        while blocks:
            for processor in self.for_block(blocks[0]):
                if type(processor) is ParagraphProcessor and self.made_plainly(parent, blocks[0]):
                    del blocks[0]
                    break
                if processor.test(parent, blocks[0]) and (
                    processor.run(parent, blocks) is not False
                ):
                    break

    def made_plainly(self, parent: ET.Element, block: str) -> bool:
        """Make a paragraph of `block`, or the text of a new list item, where it is no more.

        As `ParagraphProcessor` does. That also has to do with white space, and with items that have
        text already.
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

    def for_block(self, block: str) -> tuple[BlockProcessor, ...]:
        """Return the processors that may take `block`."""
        first = block[:1]
        if first not in self.firsts:
            first = "0" if first.isdecimal() else "x"
        found = self.needles.found(block)
        key = (first, found)
        chosen = self.chosen.get(key)
        if chosen is None:
            chosen = self.chosen[key] = tuple(
                item
                for item in self.processors
                if (guard := GUARDS.get(type(item))) is None
                or first in guard.first
                or set(found) & set(guard.inside)
            )
        return chosen
