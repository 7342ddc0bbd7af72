"""The text of a response → HTML that may stand below an article.

Readers write as they do everywhere: paragraphs, a quotation, perhaps a link. So a line end is one,
an address becomes a link, and what would make a page of its own (headings, pictures, HTML) stays
the text that it is. Whatever comes out has been sanitised.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from sitegen.html.sanitizing import sanitized_response
from sitegen.responses.files import Format

_URL = "\\bhttps?://[^\\s<>\"'`\x02\x03\u3000-\u3002\u3008-\u3011\uff01-\uff0f\uff1a-\uff20\uff5b-\uff64]+"
"""What ends a sentence in Japanese ends an address, too. U+0002 and 3 are Python-Markdown's own."""
_TRAILING = re.compile(r"[.,:;!?*_\]}]+$")

_BLOCKS = ("hashheader", "setextheader", "hr", "code", "reference")
_INLINES = (
    "html", "automail", "image_link", "image_reference", "short_image_ref", "reference",
    "short_reference",
)  # fmt: skip

MOST_SIGNS: Final = 300
"""Brackets and stars in a text that Markdown is tried on: it takes time by the square of them."""

_SIGNS = re.compile(r"[\[*_`]")


def html(text: str, written_as: Format) -> str:
    """Return a text as sanitised HTML; Markdown, plain text and HTML are taken."""
    if written_as == "html":
        return sanitized_response(text)
    if written_as == "markdown" and len(_SIGNS.findall(text)) <= MOST_SIGNS:
        return sanitized_response(_markdown().reset().convert(text))
    return sanitized_response(_paragraphs(text))


def _paragraphs(text: str) -> str:
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    lines = (_linked(block).replace("\n", "<br>\n") for block in blocks if block)
    return "\n".join(f"<p>{line}</p>" for line in lines)


def _linked(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for found in re.finditer(_URL, text):
        url = _whole(found[0])
        pieces += (escape(text[end : found.start()]), f'<a href="{escape(url)}">{escape(url)}</a>')
        end = found.start() + len(url)
    return "".join((*pieces, escape(text[end:])))


def _whole(url: str) -> str:
    """Return an address without the punctuation of the sentence that it ends."""
    url = _TRAILING.sub("", url)
    while url.endswith(")") and url.count(")") > url.count("("):
        url = _TRAILING.sub("", url[:-1])
    return url


class _Link(InlineProcessor):
    """An address without any signs around it."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's
        self, m: re.Match[str], _data: str
    ) -> tuple[Element, int, int]:
        """Return the link, and where it begins and ends."""
        url = _whole(m[0])
        link = Element("a", href=url)
        link.text = AtomicString(url)
        return link, m.start(0), m.start(0) + len(url)


class _Plain(Extension):
    """Takes out of Markdown what no reader's words need."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Change a converter."""
        md.preprocessors.deregister("html_block")
        for name in _BLOCKS:
            md.parser.blockprocessors.deregister(name)
        for name in _INLINES:
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(_Link(_URL, md), "bare_link", 115)


@cache
def _markdown() -> Markdown:
    return Markdown(extensions=["nl2br", "sane_lists", _Plain()])
