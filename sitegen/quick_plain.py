"""Inline Markdown that means one thing whatever stands around it, read in one go.

The library runs every pattern over the whole text, puts a placeholder where one matches, and makes
elements of the placeholders at last. Most texts hold nothing but words, `code`, *emphasis* and
[links](to.md) that do not stand in one another. Of these one expression finds all at once.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

from markdown.util import STX, AtomicString, code_escape

OTHERS = ("_", "\\", "<", "&", STX)
"""Characters that some pattern begins with, or that stand for what has been read already."""

_PLAIN = re.escape("".join((*OTHERS, "*`[]")))
MARKS = re.compile(
    rf"""
    `([^`\\{STX}]++)`(?!`)
    | \*(\*?)(?=\S)([^{_PLAIN}]++)(?<=\S)\*\2(?!\*)
    | \[(?<!!\[)(?!\^)([^{_PLAIN}]*+)\]\(([^\s()"'`\\<\[\]{STX}]++)\)
    """,
    re.VERBOSE,
)
"""Code; emphasis; a link. Each begins with its own character: for one that can begin with others,
Python tries all of it everywhere, which takes eight times as long.

Equal to what the library's patterns make of the same, since

- a backslash, which could escape any of the characters, stands nowhere in the text;
- code is read before all else, and ends at the next run of as many backticks, here one: there is
  no backtick but the two around each piece of code;
- `[^` begins a note, which is read before links, and `![` an image. To a reference, `](` is no
  end. A target without spaces, brackets and quotes ends at the first `)`. Its other characters are
  not seen by the patterns that come later: they see a placeholder;
- a star before a word can open and one behind a word can close, whatever follows or precedes, and
  two runs of the same length that are next to each other close whatever else they could;
- in what is in the emphasis, in the text of the link and in what is left, no pattern begins: none
  of their characters is there.
"""


class Grown(NamedTuple):
    """What becomes of a text: the text before the first element, and the elements with tails."""

    text: str | None
    elements: list[ET.Element]


def grown(text: str) -> Grown | None:
    """Return what becomes of `text`, None if that takes the patterns themselves to know."""
    if "\n" in text and "  \n" in text:  # A break.
        return None
    parts = MARKS.split(text) if "*" in text or "`" in text or "[" in text else [text]
    rest = "".join(parts[::6])
    if "*" in rest or "`" in rest or "[" in rest:
        return None
    for char in OTHERS:
        if char in rest:
            return None
    elements = []
    following = iter(parts)
    first = next(following)
    for code, double, stressed, label, target, tail in zip(*[following] * 6, strict=True):
        if code:
            node = ET.Element("code")
            node.text = AtomicString(code_escape(code.strip()))
        elif stressed:
            node = ET.Element("strong" if double else "em")
            node.text = stressed
        else:
            node = ET.Element("a", {"href": target})
            node.text = label
        node.tail = tail or None
        elements.append(node)
    return Grown(first or None, elements)
