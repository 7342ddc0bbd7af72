"""Inline Markdown that means one thing whatever stands around it, parsed in one pass.

The library runs every pattern over the whole text, puts a placeholder where one matches, and makes
elements of the placeholders at last. Most texts hold nothing but words, `code`, *emphasis*,
[links](to.md) and pictures that do not stand in one another. Of these one expression finds all at
once.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

from markdown.inlinepatterns import LinkInlineProcessor
from markdown.util import STX, AtomicString, code_escape

BREAK = "  \n"
"""What ends a line."""

_PLAIN = re.escape(f"*`[]_\\<&~{STX}")
"""No characters of words: some pattern begins with one, or it is of something read already."""
_TARGET = rf"""\(([^\s()"'`\\<\[\]{STX}]++)(?:[ ]++"([^{_PLAIN}"'()]*+)")?\)"""

PLAIN_MARKUP = re.compile(
    rf"""
    `([^`\\{STX}]++)`(?!`)
    | \*(\*?)(?=\S)([^{_PLAIN}]++)(?<=\S)\*\2(?!\*)
    | \[(?<!!\[)(?!\^)([^{_PLAIN}]*+)\]{_TARGET}
    | !\[(?!\^)([^{_PLAIN}]*+)\]{_TARGET}
    """,
    re.VERBOSE,
)
"""Code; emphasis; a link; a picture. Each begins with its own character: for one that can begin
with others, Python tries all of it everywhere, which takes eight times as long.

Equal to what the library's patterns make of the same, since

- a backslash, which could escape any of the characters, stands nowhere in the text;
- code is read before all else, and ends at the next run of as many backticks, here one: there is
  no backtick but the two around each piece of code;
- `[^` begins a note, which is read before links. To a reference, `](` is no end. A target without
  spaces, brackets and quotes ends at the first `)`, or at a title in quotes that is before that and
  in which there are no others. The characters of a target are not seen by the patterns that come
  later: they see a placeholder;
- a star before a word can open and one behind a word can close, whatever follows or precedes, and
  two runs of the same length that are next to each other close whatever else they could;
- in what is in the emphasis, in the text of the link or picture, in the title and in what is left,
  no pattern begins: none of their characters is there.
"""


class InlineContent(NamedTuple):
    """The parsed content of a text: what stands before the first element, then the elements."""

    text: str | None
    elements: list[ET.Element]
    """Each with the text that follows it as its tail."""


def has_no_markup(text: str) -> bool:
    """Return whether no pattern of the library begins in `text`: it stays as it is."""
    return not (
        "*" in text
        or "`" in text
        or "[" in text
        or "_" in text
        or "\\" in text
        or "<" in text
        or "&" in text
        or STX in text
        or "~~" in text
        or ("\n" in text and BREAK in text)
    )


def parse_plain(text: str) -> InlineContent | None:
    """Return the content of `text`, None if only the patterns themselves can tell."""
    first, *following = PLAIN_MARKUP.split(text)
    if not has_no_markup(first + "".join(following[9::10])) or ("\n" in text and BREAK in text):
        return None
    elements = []
    groups = iter(following)
    for code, double, emphasized, label, target, title, words, source, caption, tail in zip(
        *[groups] * 10, strict=True
    ):
        if code:
            node = ET.Element("code")
            node.text = AtomicString(code_escape(code.strip()))
        elif emphasized:
            node = ET.Element("strong" if double else "em")
            node.text = emphasized
        elif target:
            node = ET.Element("a", {"href": target})
            node.text = label
            if title is not None:
                node.set("title", _SPACE.sub(" ", title.strip()))
        else:
            node = ET.Element("img", {"src": source, "alt": words})
            if caption is not None:
                node.set("title", _SPACE.sub(" ", caption.strip()))
        node.tail = tail or None
        elements.append(node)
    return InlineContent(first or None, elements)


_SPACE = LinkInlineProcessor.RE_TITLE_CLEAN
