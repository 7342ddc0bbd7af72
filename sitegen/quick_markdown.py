"""Python-Markdown that passes over what a text does not call for. Its HTML is the stock library's.

The library tries every processor on every block, and every inline pattern on every piece of text,
with a regular expression that walks through all of it. Most need a character that is not there: to
look for that is twenty times cheaper. Only processors of exactly the classes named here are passed
over or replaced, in the registries of one instance; whatever an extension brings always runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Self, TypeVar
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
    ReferenceProcessor,
    SetextHeaderProcessor,
    UListProcessor,
)
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrBlockprocessor
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.def_list import DefListIndentProcessor, DefListProcessor
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.extensions.footnotes import FootnoteBlockProcessor
from markdown.extensions.md_in_html import (
    HtmlBlockPreprocessor,
    MarkdownInHTMLPostprocessor,
    MarkdownInHtmlProcessor,
)
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor
from markdown.extensions.tables import TableProcessor
from markdown.extensions.toc import TocTreeprocessor
from markdown.preprocessors import NormalizeWhitespace
from markdown.util import ETX, STX

from sitegen import quick_inline, quick_tree
from sitegen.quick_needles import Needles

T = TypeVar("T")


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
    HashHeaderProcessor: Guard("#", ("\n#",)),
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
        self.chosen: dict[tuple[str, tuple[bool, ...]], tuple[BlockProcessor, ...]] = {}

    def prepare(self) -> None:
        """Find out which block processors there are."""
        processors = list(self.blockprocessors)
        if processors == self.processors:
            return
        self.processors = processors
        guards = [guard for item in processors if (guard := GUARDS.get(type(item)))]
        self.firsts = "".join(guard.first for guard in guards)
        self.needles = Needles((needle for guard in guards for needle in guard.inside), "\n")
        self.chosen = {}

    def parseBlocks(self, parent: ET.Element, blocks: list[str]) -> None:  # noqa: N802 - Its name.
        """Add what the blocks say to `parent`, until there are none left."""
        if not self.state:  # Between documents, extensions may come.
            self.prepare()
        while blocks:
            for processor in self.for_block(blocks[0]):
                if processor.test(parent, blocks[0]) and (
                    processor.run(parent, blocks) is not False
                ):
                    break

    def for_block(self, block: str) -> tuple[BlockProcessor, ...]:
        """Return the processors that may take `block`."""
        first = block[:1]
        if first not in self.firsts:
            first = "0" if first.isdecimal() else "x"
        found = self.needles.found(block)
        key = (first, found)
        chosen = self.chosen.get(key)
        if chosen is None:
            present = self.needles.names(found)
            chosen = self.chosen[key] = tuple(
                item
                for item in self.processors
                if (guard := GUARDS.get(type(item))) is None
                or first in guard.first
                or present.intersection(guard.inside)
            )
        return chosen


class QuickWhitespace(NormalizeWhitespace):
    """Line ends, tabs and lines of spaces."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with what the library makes of their white space."""
        text = "\n".join(lines)
        if STX in text or ETX in text or "\r" in text or "\t" in text:
            return super().run(lines)
        if "\n " in text:
            text = _SPACES.sub("\n", f"{text}\n\n")
            return text.split("\n")
        return [*text.split("\n"), "", ""]


_SPACES = re.compile(r"\n +(?=\n)")


class QuickFences(FencedBlockPreprocessor):
    """Fenced code: looked for where there is a fence."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with placeholders for fenced code."""
        text = "\n".join(lines)
        return super().run(lines) if "```" in text or "~~~" in text else lines


class QuickHtmlBlocks(HtmlBlockPreprocessor):
    """Blocks of HTML: looked for where there may be tags."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with placeholders for blocks of HTML."""
        text = "\n".join(lines)
        # The library's reader completes character references, but changes no other text.
        return super().run(lines) if "<" in text or "&#" in text else lines


class QuickMarkdown(Markdown):
    """Python-Markdown with quick parts in the place of some of its own."""

    output_formats: ClassVar = {
        **Markdown.output_formats,
        "html": quick_tree.serialize,
    }

    def build_parser(self) -> Self:
        """Make the parts that are there without any extension."""
        self.is_foreign = False
        """Whether there is an extension that is not the library's own."""
        self.refresh()
        super().build_parser()
        parser = QuickBlockParser(self)
        parser.blockprocessors = self.parser.blockprocessors
        for processor in parser.blockprocessors:
            processor.parser = parser
        self.parser = parser
        self.preprocessors.register(QuickWhitespace(self), "normalize_whitespace", 30)
        self.treeprocessors.register(quick_tree.QuickUnescape(self), "unescape", 0)
        quick_inline.register(self)
        return self

    def registerExtensions(  # noqa: N802 - Its name.
        self, extensions: Sequence[Extension | str], configs: Mapping[str, dict[str, Any]]
    ) -> Self:
        """Load extensions, and put quick parts into the place of theirs."""
        for item in extensions:
            loaded = (
                self.build_extension(item, configs.get(item, {})) if isinstance(item, str) else item
            )
            self.is_foreign |= not type(loaded).__module__.startswith("markdown.extensions.")
            super().registerExtensions([loaded], {})
            for registry, name, stock, quick, priority in _OF_EXTENSIONS:
                parts = getattr(self, registry)
                if name in parts and type(parts[name]) is stock:
                    parts.register(_as(quick, parts[name]), name, priority)
        return self

    def refresh(self) -> None:
        """Take note of the block-level elements, which extensions add to."""
        self.block_level = frozenset(self.block_level_elements)

    def convert(self, source: str) -> str:
        """Return the HTML of `source`."""
        self.refresh()
        return super().convert(source)

    def is_block_level(self, tag: Any) -> bool:
        """Return whether `tag` is the name of an element that is a block."""
        if tag in self.block_level:
            return True
        return isinstance(tag, str) and tag.lower().rstrip("/") in self.block_level


def _as(cls: type[T], part: object) -> T:
    """Return what `part` is, as one of a class made from its own."""
    new = object.__new__(cls)
    vars(new).update(vars(part))
    return new


_OF_EXTENSIONS: tuple[tuple[str, str, type[Any], type[Any], int], ...] = (
    ("preprocessors", "fenced_code_block", FencedBlockPreprocessor, QuickFences, 25),
    ("preprocessors", "html_block", HtmlBlockPreprocessor, QuickHtmlBlocks, 20),
    ("treeprocessors", "attr_list", AttrListTreeprocessor, quick_tree.QuickAttributes, 8),
    ("treeprocessors", "toc", TocTreeprocessor, quick_tree.QuickContents, 5),
    ("postprocessors", "raw_html", MarkdownInHTMLPostprocessor, quick_tree.QuickRawHtml, 30),
)
"""Registry and name of a part, its class, ours, and its priority."""
