"""Python-Markdown that passes over what a text does not call for. Its HTML is the stock library's.

The library tries every processor on every block, and every inline pattern on every piece of text,
with a regular expression that walks through all of it. Most need a character that is not there: to
look for that is twenty times cheaper. Only processors of exactly the classes named here are passed
over or replaced, in the registries of one instance; whatever an extension brings always runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar, cast
from xml.etree import ElementTree as ET

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.extensions.footnotes import FootnotePostprocessor
from markdown.extensions.md_in_html import HtmlBlockPreprocessor, MarkdownInHTMLPostprocessor
from markdown.extensions.sane_lists import SaneOListProcessor, SaneUListProcessor
from markdown.extensions.tables import TableProcessor
from markdown.extensions.toc import TocTreeprocessor
from markdown.postprocessors import AndSubstitutePostprocessor, RawHtmlPostprocessor
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.util import ETX, STX, Registry

from sitegen.markdown.fast import inline, tree
from sitegen.markdown.fast.blocks import (
    QuickBlockParser,
    QuickHeading,
    QuickOList,
    QuickTable,
    QuickUList,
)

T = TypeVar("T")


class _OnText(Preprocessor):
    """A preprocessor of the whole text, which the library hands on as lines."""

    def changed(self, text: str) -> str:
        """Return what becomes of `text`. The library's joins its lines first: it takes any."""
        return "\n".join(super().run([text]))

    def run(self, lines: list[str]) -> list[str]:
        """Return what becomes of `lines`."""
        return self.changed("\n".join(lines)).split("\n")


class QuickWhitespace(_OnText, NormalizeWhitespace):
    """Line ends, tabs and lines of spaces."""

    def changed(self, text: str) -> str:
        """Return `text` with what the library makes of its white space."""
        if STX in text or ETX in text or "\r" in text or "\t" in text:
            return super().changed(text)
        return _SPACES.sub("\n", f"{text}\n\n")


_SPACES = re.compile(r"\n +(?=\n)")


class _Fenced:
    """The library's expression for fenced code, tried on the lines that begin with a fence.

    That begins with `^`, with which Python tries it everywhere.
    """

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Return the first match in `text` from `start` on."""
        found = FencedBlockPreprocessor.FENCED_BLOCK_RE
        if start == 0 and text.startswith(_FENCES) and (match := found.match(text)):
            return match
        for line in _FENCED_LINE.finditer(text, max(start - 1, 0)):
            if match := found.match(text, line.start() + 1):
                return match
        return None


_FENCES = ("```", "~~~")
_FENCED_LINE = re.compile("\n(?:```|~~~)")


class QuickFences(_OnText, FencedBlockPreprocessor):
    """Fenced code: looked for where there is a fence."""

    FENCED_BLOCK_RE = cast("Any", _Fenced())

    def changed(self, text: str) -> str:
        """Return `text` with placeholders for fenced code."""
        fenced = text.startswith(_FENCES) or _FENCED_LINE.search(text)
        return super().changed(text) if fenced else text


class QuickHtmlBlocks(_OnText, HtmlBlockPreprocessor):
    """Blocks of HTML: looked for where there may be tags."""

    def changed(self, text: str) -> str:
        """Return `text` with placeholders for blocks of HTML."""
        # The library's reader completes character references, but changes no other text.
        return super().changed(text) if "<" in text or ("&" in text and "&#" in text) else text


class QuickMarkdown(Markdown):
    """Python-Markdown with quick parts in the place of some of its own."""

    output_formats: ClassVar = {
        **Markdown.output_formats,
        "html": tree.serialize,
    }

    def build_parser(self) -> Self:
        """Make the parts that are there without any extension."""
        self.is_foreign = False
        """Whether there is an extension that is not the library's own."""
        self.levels = tree.Levels()
        super().build_parser()
        parser = QuickBlockParser(self)
        parser.blockprocessors = self.parser.blockprocessors
        for processor in parser.blockprocessors:
            processor.parser = parser
        heading = parser.blockprocessors["hashheader"]
        parser.blockprocessors.register(_as(QuickHeading, heading), "hashheader", 70)
        self.parser = self.quick_parser = parser
        self.preprocessors.register(QuickWhitespace(self), "normalize_whitespace", 30)
        self.treeprocessors.register(tree.QuickPrettify(self.levels), "prettify", 10)
        self.treeprocessors.register(tree.QuickUnescape(self), "unescape", 0)
        self.quick_inline = inline.register(self)
        return self

    @property
    def blockprocessors(self) -> Registry[BlockProcessor]:
        """The registry of block processors, which the library has in its parser."""
        return self.parser.blockprocessors

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
        self.refresh()
        return self

    def refresh(self) -> None:
        """Take note of the block-level elements, block processors and patterns that there are."""
        self.levels.refresh(self.block_level_elements)
        self.quick_parser.prepare()
        self.quick_inline.prepare()

    def convert(self, source: str) -> str:
        """Return the HTML of `source`: the library's five steps, but without lists of lines.

        Postprocessors that look for placeholders run if there is the character of one.
        """
        self.source = source
        if self.is_foreign:  # Whatever an extension does and looks at on the way.
            self.refresh()
            return super().convert(source)
        text = str(source)
        if not text.strip():
            return ""
        for part in self.preprocessors:
            if isinstance(part, _OnText):
                text = part.changed(text)
            else:
                text = "\n".join(part.run(text.split("\n")))
        root = self.parser.root = ET.Element(self.doc_tag)
        self.parser.parseChunk(root, text)
        for process in self.treeprocessors:
            new = process.run(root)
            root = root if new is None else new
        html = self.inside(self.serializer(root))
        for finish in self.postprocessors:
            if type(finish) not in _OF_PLACEHOLDERS or STX in html:
                html = finish.run(html)
        return html.strip()

    def inside(self, html: str) -> str:
        """Return what stands in the outermost element of `html`."""
        start, end = html.find(f"<{self.doc_tag}>"), html.rfind(f"</{self.doc_tag}>")
        if start < 0 or end < 0:
            raise ValueError(f"Markdown failed to strip top-level tags. Document={html.strip()!r}")
        return html[start + len(self.doc_tag) + 2 : end].strip()

    def is_block_level(self, tag: Any) -> bool:
        """Return whether `tag` is the name of an element that is a block."""
        return self.levels[tag]


def _as(cls: type[T], part: object) -> T:
    """Return what `part` is, as one of a class made from its own."""
    new = object.__new__(cls)
    vars(new).update(vars(part))
    return new


_OF_EXTENSIONS: tuple[tuple[str, str, type[Any], type[Any], int], ...] = (
    ("blockprocessors", "olist", SaneOListProcessor, QuickOList, 40),
    ("blockprocessors", "ulist", SaneUListProcessor, QuickUList, 30),
    ("blockprocessors", "table", TableProcessor, QuickTable, 75),
    ("preprocessors", "fenced_code_block", FencedBlockPreprocessor, QuickFences, 25),
    ("preprocessors", "html_block", HtmlBlockPreprocessor, QuickHtmlBlocks, 20),
    ("treeprocessors", "attr_list", AttrListTreeprocessor, tree.QuickAttributes, 8),
    ("treeprocessors", "toc", TocTreeprocessor, tree.QuickContents, 5),
    ("postprocessors", "raw_html", MarkdownInHTMLPostprocessor, tree.QuickRawHtml, 30),
)
"""Registry and name of a part, its class, ours, and its priority."""

_OF_PLACEHOLDERS = frozenset(
    {
        AndSubstitutePostprocessor,
        FootnotePostprocessor,
        MarkdownInHTMLPostprocessor,
        RawHtmlPostprocessor,
        tree.QuickRawHtml,
    }
)
"""The postprocessors that replace placeholders, in each of which is `STX`, and nothing else."""
