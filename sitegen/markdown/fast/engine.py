"""Python-Markdown with fast paths. The HTML is the stock library's.

The library tries every processor on every block, and every inline pattern on every piece of text,
with a regular expression that scans all of it. Most need a character that is not there: to look
for that is twenty times cheaper. Only processors of exactly the classes named here are skipped or
replaced, in the registries of one instance; whatever an extension registers always runs.
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
from markdown.preprocessors import NormalizeWhitespace
from markdown.util import ETX, STX, Registry

from sitegen.markdown.fast import inline, tree
from sitegen.markdown.fast.blocks import (
    FastBlockParser,
    FastHashHeader,
    FastOList,
    FastTable,
    FastUList,
)
from sitegen.markdown.text_preprocessor import TextPreprocessor

T = TypeVar("T")


class FastNormalizeWhitespace(TextPreprocessor, NormalizeWhitespace):
    """Line ends, tabs and lines of spaces: only what is there is normalized."""

    def run_on_text(self, text: str) -> str:
        """Return `text` with what the library makes of its white space."""
        if STX in text or ETX in text or "\r" in text or "\t" in text:
            return super().run_on_text(text)
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


class FastFencedCode(TextPreprocessor, FencedBlockPreprocessor):
    """Fenced code: looked for where there is a fence."""

    FENCED_BLOCK_RE = cast("Any", _Fenced())

    def run_on_text(self, text: str) -> str:
        """Return `text` with placeholders for fenced code."""
        fenced = text.startswith(_FENCES) or _FENCED_LINE.search(text)
        return super().run_on_text(text) if fenced else text


class FastHtmlBlocks(TextPreprocessor, HtmlBlockPreprocessor):
    """Blocks of HTML: looked for where there may be tags."""

    def run_on_text(self, text: str) -> str:
        """Return `text` with placeholders for blocks of HTML."""
        # The library's reader completes character references, but changes no other text.
        return super().run_on_text(text) if "<" in text or ("&" in text and "&#" in text) else text


class FastMarkdown(Markdown):
    """Python-Markdown with fast parts in the place of some of its own."""

    output_formats: ClassVar = {
        **Markdown.output_formats,
        "html": tree.serialize,
    }

    def build_parser(self) -> Self:
        """Make the parts that are there without any extension."""
        self.has_custom_extensions = False
        """Whether there is an extension that is neither the library's nor ours."""
        self.block_level = tree.BlockLevelNames()
        super().build_parser()
        parser = FastBlockParser(self)
        parser.blockprocessors = self.parser.blockprocessors
        for processor in parser.blockprocessors:
            processor.parser = parser
        heading = parser.blockprocessors["hashheader"]
        parser.blockprocessors.register(_recast(FastHashHeader, heading), "hashheader", 70)
        self.parser = self.fast_parser = parser
        self.preprocessors.register(FastNormalizeWhitespace(self), "normalize_whitespace", 30)
        self.treeprocessors.register(tree.FastPrettify(self.block_level), "prettify", 10)
        self.treeprocessors.register(tree.FastUnescape(self), "unescape", 0)
        self.fast_inline = inline.register(self)
        return self

    @property
    def blockprocessors(self) -> Registry[BlockProcessor]:
        """The registry of block processors, which the library has in its parser."""
        return self.parser.blockprocessors

    def registerExtensions(  # noqa: N802 - Its name.
        self, extensions: Sequence[Extension | str], configs: Mapping[str, dict[str, Any]]
    ) -> Self:
        """Load extensions, and put fast parts into the place of theirs."""
        for item in extensions:
            loaded = (
                self.build_extension(item, configs.get(item, {})) if isinstance(item, str) else item
            )
            is_known = type(loaded).__module__.startswith(_KNOWN_EXTENSIONS)
            self.has_custom_extensions |= not is_known
            super().registerExtensions([loaded], {})
            for registry, name, stock, fast, priority in _EXTENSION_PARTS:
                parts = getattr(self, registry)
                if name in parts and type(parts[name]) is stock:
                    parts.register(_recast(fast, parts[name]), name, priority)
        self.refresh()
        return self

    def refresh(self) -> None:
        """Take note of the block-level elements, block processors and patterns that there are."""
        self.block_level.refresh(self.block_level_elements)
        self.fast_parser.prepare()
        self.fast_inline.prepare()

    def convert(self, source: str) -> str:
        """Return the HTML of `source`: the library's five steps, but without lists of lines.

        Postprocessors that look for placeholders run if there is the character of one.
        """
        self.source = source
        if self.has_custom_extensions:  # They may change or look at anything on the way.
            self.refresh()
            return super().convert(source)
        text = str(source)
        if not text.strip():
            return ""
        for part in self.preprocessors:
            if isinstance(part, TextPreprocessor):
                text = part.run_on_text(text)
            else:
                text = "\n".join(part.run(text.split("\n")))
        root = self.parser.root = ET.Element(self.doc_tag)
        self.parser.parseChunk(root, text)
        for process in self.treeprocessors:
            new = process.run(root)
            root = root if new is None else new
        html = self.unwrapped(self.serializer(root))
        for finish in self.postprocessors:
            if type(finish) not in _PLACEHOLDER_POSTPROCESSORS or STX in html:
                html = finish.run(html)
        return html.strip()

    def unwrapped(self, html: str) -> str:
        """Return the content of the outermost element of `html`."""
        start, end = html.find(f"<{self.doc_tag}>"), html.rfind(f"</{self.doc_tag}>")
        if start < 0 or end < 0:
            raise ValueError(f"Markdown failed to strip top-level tags. Document={html.strip()!r}")
        return html[start + len(self.doc_tag) + 2 : end].strip()

    def is_block_level(self, tag: Any) -> bool:
        """Return whether `tag` is the name of an element that is a block."""
        return self.block_level[tag]


def _recast(cls: type[T], part: object) -> T:
    """Return a copy of `part` as an instance of `cls`, a subclass of its own class."""
    new = object.__new__(cls)
    vars(new).update(vars(part))
    return new


_KNOWN_EXTENSIONS = ("markdown.extensions.", "sitegen.markdown.")
"""What the names of modules begin with whose extensions do nothing that is not known here."""

_EXTENSION_PARTS: tuple[tuple[str, str, type[Any], type[Any], int], ...] = (
    ("blockprocessors", "olist", SaneOListProcessor, FastOList, 40),
    ("blockprocessors", "ulist", SaneUListProcessor, FastUList, 30),
    ("blockprocessors", "table", TableProcessor, FastTable, 75),
    ("preprocessors", "fenced_code_block", FencedBlockPreprocessor, FastFencedCode, 25),
    ("preprocessors", "html_block", HtmlBlockPreprocessor, FastHtmlBlocks, 20),
    ("treeprocessors", "attr_list", AttrListTreeprocessor, tree.FastAttrList, 8),
    ("treeprocessors", "toc", TocTreeprocessor, tree.FastToc, 5),
    ("postprocessors", "raw_html", MarkdownInHTMLPostprocessor, tree.FastRawHtml, 30),
)
"""Registry and name of a part, its class, our subclass, and its priority."""

_PLACEHOLDER_POSTPROCESSORS = frozenset(
    {
        AndSubstitutePostprocessor,
        FootnotePostprocessor,
        MarkdownInHTMLPostprocessor,
        RawHtmlPostprocessor,
        tree.FastRawHtml,
    }
)
"""The postprocessors that do nothing but replace placeholders, which all contain `STX`."""
