"""A tokenizer for HTML tags: where they are, and which attributes they have.

One regular expression finds the tags as the tokenizer of the HTML Standard would
(https://html.spec.whatwg.org/multipage/parsing.html#tokenization): what stands in comments, in
scripts or in quoted values is no tag. That takes a tenth of a parser's time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import NamedTuple

_WS = r"[ \t\n\f\r]"
_NAME = r"[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
_BARE = r"""[^ \t\n\f\r>"'][^ \t\n\f\r>]*+"""
_EQUALS = rf"{_WS}*+={_WS}*+"
_VALUE = rf"""(?:"[^"]*+"|'[^']*+'|{_BARE}|(?=>))"""
_ATTRIBUTES = rf"(?:(?:{_WS}|/)*+{_NAME}(?:{_EQUALS}{_VALUE}|(?!{_EQUALS})))*+(?:{_WS}|/)*+"

# Tags that nobody here asks for and that hold nothing: skipping them saves most of the time.
_PLAIN = "p|br|em|strong|b|i|li|ul|ol|tr|td|th|thead|tbody|code|hr|sup|sub|blockquote|dl|dt|dd|span"

_MARKUP = rf"""
    !--(?:-?>|.*?(?:--!?>|\Z))
    | !\[CDATA\[.*?(?:\]\]>|\Z)
    | (?:[!?]|/[^A-Za-z>])[^>]*+(?:>|\Z)
    | (?P<end>/?)(?P<name>[A-Za-z][^ \t\n\f\r/>]*+)(?P<attributes>{_ATTRIBUTES})>
    | /?[A-Za-z].*\Z
"""
# The last line is a tag that never ends: to a browser, nothing follows it.

_ANY_TAG = re.compile(f"<(?:{_MARKUP})", re.DOTALL | re.VERBOSE)
_TAG = re.compile(
    rf"""<(?!/?(?:{_PLAIN})>|/(?:a|div|pre)>|span\ class="[^"]*">)(?:{_MARKUP})""",
    re.DOTALL | re.VERBOSE,
)

_ATTRIBUTE = re.compile(
    rf"""(?:{_WS}|/)*+({_NAME})(?:{_EQUALS}(?:"([^"]*+)"|'([^']*+)'|({_BARE})|\Z))?+"""
)

_RAW_TEXT = frozenset(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"}
)
"""Elements whose content is text up to their end tag, whatever it looks like."""

_ENTITY = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9A-Fa-f]+;?|([A-Za-z][A-Za-z0-9]*+(?:;|(?!=))))")


class Tag(NamedTuple):
    """A tag: its place in the HTML, its name in lower case, and its attributes as written."""

    start: int
    end: int
    name: str
    is_end: bool
    attributes: str
    """Everything between the name and the `>`."""


class Attribute(NamedTuple):
    """An attribute of a tag: its place in `Tag.attributes`, with the space before it."""

    start: int
    end: int
    name: str
    """In lower case."""
    value: str
    """As written, without quotes; "" if there is none."""


def tags(html: str, *, every: bool = False) -> Iterator[Tag]:
    """Yield the tags of `html` in order.

    Without `every`, tags that have no attribute and are of no interest to `html.finishing`
    (paragraphs, emphasis, list items, …) are skipped, and so are Pygments' spans.
    """
    search = (_ANY_TAG if every else _TAG).search
    position = 0
    while match := search(html, position):
        position = match.end()
        name = match["name"]
        if name is None:
            continue
        name, attributes = name.lower(), match["attributes"]
        yield Tag(match.start(), position, name, bool(match["end"]), attributes)
        if name in _RAW_TEXT and not match["end"] and not attributes.endswith("/"):
            closing = re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE).search(
                html, position
            )
            if closing is None:
                return
            position = closing.start()


def attributes_of(text: str) -> list[Attribute]:
    """Return the attributes in `Tag.attributes`, in order, repeated ones too."""
    return [
        Attribute(
            match.start(),
            match.end(),
            match[1].lower(),
            match[2] or match[3] or match[4] or "",
        )
        for match in _ATTRIBUTE.finditer(text)
    ]


def attribute_text(value: str) -> str:
    """Return what an attribute's value means: its character references decoded.

    As the HTML Standard says for attributes, `&copy=1` in an address is no copyright sign.
    """
    return _ENTITY.sub(_character, value) if "&" in value else value


def _character(match: re.Match[str]) -> str:
    if match[1] is None:
        return unescape(match[0])
    return html5.get(match[1], match[0])


UNREAD = (
    "audio|canvas|datalist|iframe|noscript|object|rp|rt|script|select|style|svg|template|textarea|"
    "video"
)
"""Elements whose content is no text for readers: code, drawings, what stands there for browsers
that cannot show the rest, the reading beside a ruby. A pattern."""

_UNREAD = re.compile(
    rf"""<(sup(?=\ id="fnref)|(?:{UNREAD})(?=[ \t\n\f\r>]))[^<>]*+(?<!/)>""", re.IGNORECASE
)
"""The beginning of what no reader reads: the number of a footnote is such a thing, too."""
DIVIDING = (
    "address|article|aside|blockquote|br|caption|dd|details|dialog|div|dl|dt|fieldset|figcaption|"
    "figure|footer|form|h[1-6]|header|hgroup|hr|legend|li|main|menu|nav|ol|option|p|pre|section|"
    "summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
"""Elements at which words end: breaks, blocks and cells. A pattern."""

_DIVIDING = re.compile(rf"<(?=/?(?:{DIVIDING})[ \t\n\f\r/>])", re.IGNORECASE)
_NAMES = re.compile("</?([A-Za-z][A-Za-z0-9]*+)")
_UNREAD_NAMES = frozenset({*UNREAD.split("|"), "sup"})
_DIVIDING_NAMES = frozenset({*DIVIDING.split("|"), "h1", "h2", "h3", "h4", "h5", "h6"})

_DIVIDER = "\0"
"""Stands for the space at such a tag, until line breaks were looked at. No HTML holds it."""

WIDE = "[\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]"
"""Characters of Chinese and Japanese: their words are not divided by spaces."""
_BREAK_IN_WIDE = re.compile(rf"(?<={WIDE})\s*\n\s*(?={WIDE})")


def plain_text(html: str) -> str:
    """Return what a reader reads of `html`, on one line, without footnote numbers and ruby.

    Words stay apart where a break or a block is between them. A line break between Japanese
    characters is none: their words are not divided by spaces.
    """
    text = html
    if "<" in html:
        # Most texts have links and emphasis alone: then there is nothing more to look for.
        names = {name.lower() for name in _NAMES.findall(html)}
        if not names.isdisjoint(_UNREAD_NAMES):
            text = _read(text)
        if not names.isdisjoint(_DIVIDING_NAMES):
            text = _DIVIDING.sub(f"{_DIVIDER}<", text)
        text = _ANY_TAG.sub("", text)
    if "\n" in text:
        text = _BREAK_IN_WIDE.sub("", text)
    text = text.replace(_DIVIDER, " ")
    return " ".join((unescape(text) if "&" in text else text).split())


_WRITTEN_TAGS = re.compile(
    r"<(?:!--[^<>]*?--|/?(?:a|abbr|b|bdi|bdo|big|blockquote|br|center|cite|code|dd|del|dfn|div|dl"
    r"|dt|em|figcaption|figure|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|rp|rt|ruby|s|samp"
    r"|small|span|strike|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|wbr)"
    r"(?:[\s/][^<>]*+)?)>",
    re.IGNORECASE,
)


def without_tags(text: str) -> str:
    """Return a plain text without the tags of HTML that it holds by mistake, on one line.

    Only what surely is one goes: `a < b` and `<title>` are words. Character references stay.
    """
    text = _WRITTEN_TAGS.sub(lambda match: " " if _DIVIDING.match(match[0]) else "", text)
    return " ".join(text.split())


def _read(html: str) -> str:
    """Return `html` without the elements that no reader reads."""
    pieces: list[str] = []
    copied = 0
    open_ended: set[str] = set()
    for match in _UNREAD.finditer(html):
        name = match[1].lower()
        if match.start() < copied or name in open_ended:
            continue
        end = re.compile(rf"</{name}[ \t\n\f\r]*>", re.IGNORECASE).search(html, match.end())
        if end is None:
            open_ended.add(name)  # so that each name is looked for once
            continue
        pieces.append(html[copied : match.start()])
        copied = end.end()
    return "".join((*pieces, html[copied:])) if copied else html
