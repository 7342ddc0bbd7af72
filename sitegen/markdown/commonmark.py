"""CommonMark by pyromark (the Rust crate pulldown-cmark): source text in, HTML out.

The second engine behind `prose`. Where its HTML differs from that of Python-Markdown's default
set, it is made the same here, so that themes and the rest of the program see one kind of HTML: code
is highlighted by Pygments, footnotes stand at the end with backlinks, cells say their alignment in
`align`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from html import escape, unescape

from sitegen.config.loading import FILE_NAME
from sitegen.html.scanning import attribute_text, attributes_of, plain_text, tags
from sitegen.model.distribution import install_hint
from sitegen.model.errors import Location, Problem, SitegenError
from sitegen.model.urls import slugify

Engine = Callable[[str], str]

OPTIONS = (
    "TABLES",
    "FOOTNOTES",
    "STRIKETHROUGH",
    "DEFINITION_LIST",
    "HEADING_ATTRIBUTES",
)
"""The parser's extensions that are on: pyromark.Options.ENABLE_…"""


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the engine, the same one for the whole process.

    Raises `SitegenError` if pyromark is not installed.
    """
    try:
        import pyromark  # noqa: PLC0415 - Not everyone has it.
    except ImportError:
        message = 'the engine "commonmark" needs the package "pyromark", which is not installed'
        hint = install_hint("commonmark")
        raise SitegenError(Problem(message, Location(FILE_NAME), hint)) from None
    options = pyromark.Options(0)
    for name in OPTIONS:
        options |= pyromark.Options[f"ENABLE_{name}"]
    parser = pyromark.Markdown(options=options)

    def convert(text: str) -> str:
        return postprocessed(parser.html(text))

    return convert


def postprocessed(html: str) -> str:
    """Return the parser's HTML with code, cells, footnotes and contents as Python-Markdown's."""
    if "<pre><code" in html:
        html = _CODE.sub(_highlighted, html)
    if 'style="text-align: ' in html:
        html = _ALIGNED.sub(r'<\1 align="\2">', html)
    if '<div class="footnote-definition"' in html:
        html = with_footnotes(html)
    if "<p>[TOC]</p>" in html:
        html = with_toc(html)
    return html.strip()


_ALIGNED = re.compile(r'<(t[dh]) style="text-align: (left|center|right)">')
_CODE = re.compile(r'<pre><code(?: class="language-([^"]*)")?>([^<]*)</code></pre>')
"""A `<` in it would be in HTML by the writer: the parser writes `&lt;`."""
_LANGUAGE = re.compile(r"\{?[ ]*\.?([\w#+.-]*)")
"""`python`, `.python` or `{.python …}`."""


def _highlighted(match: re.Match[str]) -> str:
    from sitegen.html.highlighting import highlighted  # noqa: PLC0415 - Pygments only for code.

    language = _LANGUAGE.match(unescape(match[1] or ""))
    return highlighted(unescape(match[2]), language[1] if language else "")


# --- Footnotes. The parser leaves them where they are written, without backlinks.

_DEFINITION = re.compile(
    r'<div class="footnote-definition" id="([^"]*)">'
    r'<sup class="footnote-definition-label">(\d+)</sup>'
)
_REFERENCE = re.compile(r'<sup class="footnote-reference"><a href="#[^"]*">(\d+)</a></sup>')
_BACKLINK = "&#8617;&#xFE0E;"


class _Footnotes:
    """The footnotes of a text by number, in the order of their first references."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.contents: dict[int, str] = {}
        self.references: Counter[int] = Counter()

    def without_definitions(self, html: str) -> str:
        """Return `html` without the definitions of footnotes, which are kept here."""
        pieces = []
        position = 0
        while match := _DEFINITION.search(html, position):
            pieces.append(html[position : match.start()])
            end, position = _end_of_div(html, match.end())
            number = int(match[2])
            self.names.setdefault(number, re.sub(r"\s+", "-", match[1]))
            content = self.without_definitions(html[match.end() : end])
            self.contents[number] = self.contents.get(number, "") + content
            position += html[position : position + 1] == "\n"
        return "".join((*pieces, html[position:]))

    def with_references(self, html: str) -> str:
        """Return `html` with ids at the references, for the backlinks."""
        return _REFERENCE.sub(self._reference, html)

    def _reference(self, match: re.Match[str]) -> str:
        number = int(match[1])
        if number not in self.names:
            return match[0]
        self.references[number] += 1
        return (
            f'<sup id="{self._id(number, self.references[number])}">'
            f'<a class="footnote-ref" href="#fn:{self.names[number]}">{number}</a></sup>'
        )

    def _id(self, number: int, count: int) -> str:
        return f"fnref{count if count > 1 else ''}:{self.names[number]}"

    def item(self, number: int) -> str:
        """Return a footnote with its backlinks."""
        back = " ".join(
            f'<a class="footnote-backref" href="#{self._id(number, count)}" title="{number}">'
            f"{_BACKLINK}</a>"
            for count in range(1, self.references[number] + 1)
        )
        content = self.contents[number].strip()
        if back and content.endswith("</p>"):
            content = f"{content.removesuffix('</p>')}&#160;{back}</p>"
        elif back:
            content = f"{content}\n<p>{back}</p>"
        return f'<li id="fn:{self.names[number]}">\n{content}\n</li>\n'


def with_footnotes(html: str) -> str:
    """Return `html` with its footnotes as a list at the end, as Python-Markdown has them."""
    footnotes = _Footnotes()
    body = footnotes.with_references(footnotes.without_definitions(html))
    for number in sorted(footnotes.contents):
        footnotes.contents[number] = footnotes.with_references(footnotes.contents[number])
    items = "".join(footnotes.item(number) for number in sorted(footnotes.contents))
    return f'{body.rstrip()}\n<div class="footnote">\n<hr>\n<ol>\n{items}</ol>\n</div>'


def _end_of_div(html: str, start: int) -> tuple[int, int]:
    """Return where the `</div>` begins and ends that closes a `<div>` open at `start`.

    If HTML by the writer opens one more that it does not close: the end of `html`.
    """
    depth = 1
    for tag in tags(html[start:], every=True):
        if tag.name == "div":
            depth += -1 if tag.is_end else 1
            if not depth:
                return start + tag.start, start + tag.end
    return len(html), len(html)


# --- The table of contents, where the text has `[TOC]`.


def with_toc(html: str) -> str:
    """Return `html` with links to its headings in the place of each `[TOC]`, and ids for them."""
    ids = {
        attribute_text(item.value)
        for tag in tags(html)
        for item in attributes_of(tag.attributes)
        if item.name == "id"
    }
    pieces: list[str] = []
    entries: list[tuple[int, str, str]] = []
    copied = 0
    for tag in tags(html):
        if tag.is_end or not re.fullmatch("h[1-6]", tag.name):
            continue
        end = html.find(f"</{tag.name}>", tag.end)
        text = plain_text(html[tag.end : end if end >= 0 else None])
        name = next((a.value for a in attributes_of(tag.attributes) if a.name == "id"), "")
        if not name:
            name = escape(_unique_id(slugify(text) or "section", ids))
            pieces += (html[copied : tag.start], f'<{tag.name} id="{name}"{tag.attributes}>')
            copied = tag.end
        entries.append((int(tag.name[1]), name, escape(text, quote=False)))
    html = "".join((*pieces, html[copied:]))
    return html.replace("<p>[TOC]</p>", f'<div class="toc">\n{_nested_list(entries)}</div>')


def _unique_id(name: str, ids: set[str]) -> str:
    """Return `name`, with the first number that makes it an id of its own; note it."""
    candidate = name
    number = 0
    while candidate in ids:
        number += 1
        candidate = f"{name}_{number}"
    ids.add(candidate)
    return candidate


def _nested_list(entries: list[tuple[int, str, str]]) -> str:
    """Return headings (level, id, text as HTML) as lists within lists."""
    pieces: list[str] = []
    block_level: list[int] = []
    for level, name, text in entries:
        while len(block_level) > 1 and block_level[-2] >= level:
            block_level.pop()
            pieces.append("</li>\n</ul>\n")
        if block_level and level <= block_level[-1]:
            block_level[-1] = level
            pieces.append("</li>\n")
        else:
            block_level.append(level)
            pieces.append("<ul>\n")
        pieces.append(f'<li><a href="#{name}">{text}</a>')
    pieces.append("</li>\n</ul>\n" * len(block_level))
    return "".join(pieces)
