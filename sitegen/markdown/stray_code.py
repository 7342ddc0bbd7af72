"""Paragraphs of list items that are code only since they are indented too far.

    1. Buy a ticket.

           Have it ready at the gate.

Both engines show the second paragraph as code: it stands four spaces or more to the right of the
item's text. What reads like sentences is hardly meant so.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.html.scanning import plain_text

_MAYBE = re.compile(r"\n[ \t]*\n(?: {4}| {0,3}\t)")
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})")
_ITEM = re.compile(r"([ ]*)(?:[-*+]|\d{1,9}[.)])([ ]+)(?=\S)")
_TAB = 4

_MARKS = re.compile(r"\]\([^()\s]*\)|[*\[\]`]")
_OF_CODE = re.compile(r"[{}<>=|\\$#_;~^@]|::|->|\(\)|//|--|^\s*[-./$>]|\w\(|(?<!\w)/\w")
"""What sentences do not have, once the marks of Markdown are taken out."""
_SENTENCE = re.compile(r"[.!?:…。！？」』](?:[\"'”’)）]*)\Z")  # noqa: RUF001 - Japanese has its own
_WIDE = re.compile("[\u3040-\u9fff]")
MIN_WORDS = 3


class StrayCode(NamedTuple):
    """Where such a paragraph begins, counted from 1, and where the text of its item does."""

    line: int
    column: int
    item_column: int


def stray_code(text: str, html: str) -> list[StrayCode]:
    """Return the paragraphs in the items of `text` that are code in `html` and read like prose."""
    if "<pre" not in html or not _MAYBE.search(text):
        return []
    shown = sorted(_bare(plain_text(code)) for code in _codes(html))
    return [
        StrayCode(line, indent + 1, offset + 1)
        for line, indent, offset, words in _paragraphs(text.expandtabs(_TAB).split("\n"))
        if indent >= offset + 4 and _is_prose(words)
        if _begins_one(shown, _bare(words[0]))
    ]


def _codes(html: str) -> Iterator[str]:
    """Yield what stands in each `<pre>`."""
    for piece in html.split("<pre")[1:]:
        yield piece.partition(">")[2].partition("</pre>")[0]


def _begins_one(texts: list[str], beginning: str) -> bool:
    """Whether one of the texts, which are sorted, begins so."""
    place = bisect_left(texts, beginning)
    return place < len(texts) and texts[place].startswith(beginning)


class _Paragraph(NamedTuple):
    line: int
    indent: int
    offset: int
    """Where the text of the innermost item begins that it can belong to."""
    lines: list[str]


def _paragraphs(lines: list[str]) -> Iterator[_Paragraph]:
    """Yield what stands indented after a blank line below an item, outside of fences."""
    items: list[tuple[int, int]] = []
    fence = ""
    is_after_blank = False
    for number, line in enumerate(lines):
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if not line.strip():
            is_after_blank = True
            continue
        after_blank, is_after_blank = is_after_blank, False
        if match := _FENCE.match(line):
            fence = match[1]
            continue
        indent = len(line) - len(line.lstrip())
        if after_blank:
            items = [item for item in items if item[0] < indent]
        if (item := _ITEM.match(line)) and (not items or indent < items[-1][1] + 4):
            items = [one for one in items if one[0] < indent]
            items.append((indent, item.end()))
        elif after_blank and items and indent > items[-1][0]:
            rest = _until_blank(lines, number)
            yield _Paragraph(number + 1, indent, items[-1][1], rest)


def _until_blank(lines: list[str], start: int) -> list[str]:
    end = start
    while end < len(lines) and lines[end].strip():
        end += 1
    return lines[start:end]


def _bare(text: str) -> str:
    return "".join(text.split())


def _is_prose(lines: list[str]) -> bool:
    """Whether some lines read like sentences, and not like code."""
    text = _MARKS.sub("", " ".join(line.strip() for line in lines))
    if _OF_CODE.search(text):
        return False
    if _WIDE.search(text):
        return bool(_SENTENCE.search(text))
    is_long_enough = len(text.split()) >= MIN_WORDS
    return is_long_enough and bool(_SENTENCE.search(text)) and text[:1].isupper()
