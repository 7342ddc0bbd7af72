"""The text of a response → HTML that may stand below an article.

Readers write as they do everywhere: paragraphs, a quotation, perhaps a link. So a line end is one,
an address becomes a link, and what would make a page of its own (headings, pictures, HTML) stays
the text that it is. Whatever comes out has been sanitised.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from sitegen.html.sanitizing import sanitized_response
from sitegen.parse.nodes import UNPRINTABLE
from sitegen.responses.files import Format

_URL = "\\bhttps?://[^\\s<>\"'`\x02\x03\u3000-\u3002\u3008-\u3011\uff01-\uff0f\uff1a-\uff20\uff5b-\uff64]+"
"""What ends a sentence in Japanese ends an address, too. U+0002 and 3 are Python-Markdown's own."""
_TRAILING = frozenset(".,:;!?*_]}")

_BLOCKS = ("hashheader", "setextheader", "hr", "code", "reference")
_INLINES = (
    "html", "automail", "image_link", "image_reference", "short_image_ref", "reference",
    "short_reference",
)  # fmt: skip

MOST_SIGNS: Final = 300
"""Brackets and stars in a text that Markdown is tried on: it takes time by the square of them."""

MOST_TAGS: Final = 2000
"""Tags in a text that is HTML: the sanitiser takes time by the square of their depth."""

MOST_LEVELS: Final = 20
"""Lists, quotations and links within each other: Python-Markdown needs more of the stack for each,
and far beyond this there is none left."""

_SIGNS = re.compile(r"[\[*_`]")
_BLOCK_MARKS = re.compile(r"(?:[ \t]*+(?:>|(?:[-+*]|\d++\.)(?=[ \t])))*+[ \t]*+")
_BLOCK_MARK = re.compile(r">|[-+*]|\d++\.")
_SPARE: list[Markdown] = []
"""Converters that nobody uses now: each is one thread's at a time."""
_INDENTATION: Final = 4
"""Columns that are a level of their own in a list."""


class Converted(NamedTuple):
    """A text as HTML."""

    html: str
    fault: str
    """Why it is shown as it was typed; "" if it is not."""


def html(text: str, written_as: Format) -> str:
    """Return a text as sanitised HTML; Markdown, plain text and HTML are taken."""
    return converted(text, written_as).html


def converted(text: str, written_as: Format) -> Converted:
    """Return a text as sanitised HTML, whatever is in it.

    What would take the engine too long or too deep is shown as it was typed.
    """
    # Python-Markdown drops some of these itself: what is counted must be what it reads.
    text = UNPRINTABLE.sub("", text)
    fault = ""
    if written_as == "html":
        tags = text.count("<")
        if tags <= MOST_TAGS:
            return Converted(sanitized_response(text), "")
        fault = f"it has {tags:,} tags; {MOST_TAGS:,} are read as HTML"
    elif written_as == "markdown":
        fault = _fault(text)
        if not fault:
            try:
                return Converted(sanitized_response(_from_markdown(text)), "")
            except Exception:  # noqa: BLE001 - Nothing that a stranger types may stop a build.
                fault = "Python-Markdown cannot convert it"
    return Converted(sanitized_response(_paragraphs(text)), fault)


def _from_markdown(text: str) -> str:
    try:
        markdown = _SPARE.pop()
    except IndexError:
        markdown = Markdown(extensions=["nl2br", "sane_lists", _Plain()])
    html = markdown.convert(text)
    # Only now: what one that failed has left half done is not known to reset().
    _SPARE.append(markdown.reset())
    return html


def _fault(text: str) -> str:
    """Return why Markdown is not tried on a text, or ""."""
    signs = len(_SIGNS.findall(text))
    if signs > MOST_SIGNS:
        return f"it has {signs:,} brackets, stars and the like; {MOST_SIGNS} are read as Markdown"
    levels = max(max(map(_block_levels, text.splitlines()), default=0), _link_levels(text))
    if levels > MOST_LEVELS:
        return f"it is nested {levels:,} levels deep; {MOST_LEVELS} are read as Markdown"
    return ""


def _block_levels(line: str) -> int:
    """Return how many lists and quotations a line may stand in, by how it begins."""
    found = _BLOCK_MARKS.match(line)
    begin = (found[0] if found else "").expandtabs(_INDENTATION)
    marks = len(_BLOCK_MARK.findall(begin))
    return marks + max(0, begin.count(" ") - marks) // _INDENTATION


def _link_levels(text: str) -> int:
    """Return how many brackets are open within each other at the most."""
    most = level = 0
    for sign in text:
        if sign == "[":
            level += 1
            most = max(most, level)
        elif sign == "]" and level:
            level -= 1
    return most


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
    end = len(url)
    more = url.count(")") - url.count("(")  # brackets that were opened before the address
    while end and (url[end - 1] in _TRAILING or (url[end - 1] == ")" and more > 0)):
        end -= 1
        more -= url[end] == ")"
    return url[:end]


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
