"""Lists in Python-Markdown as CommonMark has them: an extension, for `[markdown] lists`.

The library takes a list for one only where a blank line is before it, and a list in an item only
where it is indented by four spaces. Everybody else's Markdown is content with less.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.def_list import DefListIndentProcessor
from markdown.extensions.fenced_code import FencedBlockPreprocessor

from sitegen.markdown.fences import FencePreprocessor
from sitegen.markdown.list_items import (
    MAY_CONTINUE,
    ItemReader,
    ReadList,
    list_start,
    marker_of,
    read_plain,
)

NAME = "sitegen.markdown.lists"
"""Of the extension, for Python-Markdown."""


class ListProcessor(BlockProcessor):
    """Lists and their items, with all blocks that belong to them."""

    def test(self, parent: ET.Element, block: str) -> bool:  # noqa: ARG002 - The library's signature.
        """Return whether there is a list in `block`."""
        return list_start(block) >= 0

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Add the next lists in `blocks`, and what is before them in their block, to `parent`."""
        block = blocks.pop(0)
        if (read := read_plain(block)) and not (blocks and blocks[0].startswith(MAY_CONTINUE)):
            self.add(parent, read)
            return
        start = list_start(block)
        if start:
            self.parser.parseBlocks(parent, [block[: start - 1]])
        lines = block[start:].split("\n")
        first = 0
        while first < len(lines) and (marker := marker_of(lines[first])):
            reader = ItemReader(marker)
            while reader.read(lines[first]):
                first += 1
                if first == len(lines):
                    if not blocks:
                        break
                    lines = ["", *blocks.pop(0).split("\n")]
                    first = 0
            self.add(parent, reader.finished())
        if first < len(lines):
            blocks.insert(0, "\n".join(lines[first:]))

    def add(self, parent: ET.Element, read: ReadList) -> None:
        """Add a list that was read to `parent`."""
        tag = "ol" if read.number else "ul"
        last = self.lastChild(parent)
        if parent.tag == tag:
            element = parent
        elif last is not None and last.tag == tag and self.parser.state.isstate("detabbed"):
            element = last  # More of a list in a definition, which comes block by block.
        else:
            element = ET.SubElement(parent, tag)
            if read.number and int(read.number) != 1:
                element.set("start", str(int(read.number)))
        self.parser.state.set("looselist" if read.is_loose else "list")
        for text in read.items:
            item = ET.SubElement(element, "li")
            self.parser.parseBlocks(item, text.split("\n\n"))
            if not read.is_loose and len(item):
                _keep_text_behind_code(item)
        self.parser.state.reset()


def _keep_text_behind_code(item: ET.Element) -> None:
    """Make a paragraph of the text that follows indented code in an item.

    `codehilite` replaces the code and what follows it in the tree, and so would lose the text.
    """
    for place in range(len(item) - 1, -1, -1):
        child = item[place]
        if child.tag == "pre" and child.tail and child.tail.strip():
            paragraph = ET.Element("p")
            paragraph.text, child.tail = child.tail.strip(), None
            item.insert(place + 1, paragraph)


class DefinitionIndentProcessor(DefListIndentProcessor):
    """What is indented below a definition, with which lists have nothing to do any more."""

    def test(self, parent: ET.Element, block: str) -> bool:
        """Return whether `block` belongs to a definition."""
        last = parent[-1] if len(parent) else None
        in_definition = parent.tag == "dd" or (last is not None and last.tag == "dl")
        return in_definition and super().test(parent, block)


class ListExtension(Extension):
    """Lists and fences as CommonMark has them."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - The library's name.
        """Put our processors in the place of the library's."""
        processors = md.parser.blockprocessors
        for name in ("indent", "olist", "ulist"):
            if name in processors:
                processors.deregister(name)
        name = "defindent"
        if name in processors and type(processors[name]) is DefListIndentProcessor:
            processors.register(DefinitionIndentProcessor(md.parser), name, 85)
        # After tables and indented code, before all that takes a list for something else.
        processors.register(ListProcessor(md.parser), "list", 72)
        name = "fenced_code_block"
        if name in md.preprocessors:
            library = md.preprocessors[name]
            if isinstance(library, FencedBlockPreprocessor):
                md.preprocessors.register(FencePreprocessor(md, library), name, 25)


def makeExtension(**options: Any) -> ListExtension:  # noqa: N802 - The library's name.
    """Return the extension."""
    return ListExtension(**options)
