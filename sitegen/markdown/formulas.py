r"""Formulas in TeX: taken out of a text before it is Markdown, put back into what it became.

    $E = mc^2$        $$\sum_i x_i$$        ```math … ```

For the engine, each formula is a single character that stands nowhere else in the text: it is part
of a word, and nothing in it is Markdown. What turns out to stand in code or in a tag becomes again
what was written. So both engines read formulas alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

_FIRST, _LAST = 0xF0000, 0xFFFFD
"""Characters for private use: to the engines they are like letters."""
_ANY_STAND_IN = re.compile("[\U000f0000-\U000ffffd]")

_WRITTEN = re.compile(
    r"""
    ^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*                        # fenced code, in a list, too
        (?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[ ]*(?P<info>[^\n]*)\n
        (?P<fenced>.*?)(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)
    | (?P<ticks>`+)(?:(?:(?!\n[ \t]*\n).)*?(?<!`)(?P=ticks)(?!`))?+  # code
    | (?P<dollar>\\\$)
    | \\.
    | <!--.*?(?:-->|\Z)
    | <(?P<raw>script|style|pre|code|textarea|math|svg)\b.*?(?:</(?P=raw)|\Z)
    | <[A-Za-z/!?][^<>\n]*>
    | \]\((?:[^()\s]|\([^()\s]*\))*                                  # the address of a link
    | ^[ ]{0,3}\[[^\]\n]+\]:[ \t]*\S+
    | https?://\S+
    | \$\$(?P<display>(?:\\.|(?!\n[ \t>]*\n)[^$\\])+)\$\$
    | (?<![0-9A-Za-z$])\$(?![\s$])
        (?P<inline>(?:\\.|(?!\n[ \t>]*\n)[^$\\`])+)(?<!\s)\$(?![0-9$])
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_NO_WORDS = re.compile(
    r"""<(?P<name>pre|code|script|style|textarea)\b.*?(?:</(?P=name)\s*>|\Z)
    | <!--.*?(?:-->|\Z)
    | <[A-Za-z/!?](?:"[^"]*"|'[^']*'|[^"'>])*+>?
    """,
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
"""Where a formula is what was written."""
_QUOTES = re.compile(r"[ \t>]*")


class Formula(NamedTuple):
    """A formula, or a dollar sign that is none."""

    written: str
    """With its dollar signs."""
    tex: str
    """"" for a dollar sign."""
    is_display: bool
    """Whether it stands on lines of its own, and not in a line of words."""
    line: int
    """In the text, from 1."""
    column: int


Formulas = Mapping[str, Formula]
"""Formulas by the characters that stand for them."""
Render = Callable[[Formula], str]
"""Gives the HTML of a formula."""


def taken_out(text: str) -> tuple[str, Formulas]:
    """Return `text` with a character in place of each formula, and the formulas."""
    used = set(_ANY_STAND_IN.findall(text)) if not text.isascii() else set()
    free = (chr(code) for code in range(_FIRST, _LAST + 1) if chr(code) not in used)
    found: dict[str, Formula] = {}
    line, counted = 1, 0

    def stand_in(match: re.Match[str]) -> str:
        nonlocal line, counted
        tex, is_display = _tex(match)
        if not tex and not match["dollar"]:
            return match[0]
        # Quotes and items before a fence stay: what stands for it is a paragraph there.
        start = match.start("fence") if match["fence"] else match.start()
        character = next(free, "")
        if not character:
            return match[0]
        line += text.count("\n", counted, start)
        counted = start
        column = start - text.rfind("\n", 0, start)
        written = text[start : match.end()]
        found[character] = Formula(written, tex, is_display, line, column)
        return text[match.start() : start] + character

    return _WRITTEN.sub(stand_in, text), found


def _tex(match: re.Match[str]) -> tuple[str, bool]:
    """Return the formula that a match is, "" for none, and whether it has lines of its own."""
    is_display = not match["inline"]
    tex = match["inline"] or match["display"] or ""
    if match["fence"] and match["info"].strip() == "math":
        tex = "\n" + match["fenced"]
    start = match.string.rfind("\n", 0, match.start()) + 1
    if tex and (levels := _QUOTES.match(match.string, start)[0].count(">")):  # type: ignore[index]  # it matches nothing, too
        tex = re.sub(rf"(?<=\n)[ \t]*(?:>[ \t]?){{0,{levels}}}", "", tex)
    return tex.strip(), is_display


def put_back(html: str, formulas: Formulas, render: Render) -> str:
    """Return `html` with the formulas as `render` gives them; in code and tags as written."""
    pieces = []
    position = 0
    for match in _NO_WORDS.finditer(html):
        pieces.append(_rendered(html[position : match.start()], formulas, render))
        pieces.append(
            _ANY_STAND_IN.sub(
                lambda found: (
                    escape(formulas[found[0]].written) if found[0] in formulas else found[0]
                ),
                match[0],
            )
        )
        position = match.end()
    pieces.append(_rendered(html[position:], formulas, render))
    return "".join(pieces)


def _rendered(html: str, formulas: Formulas, render: Render) -> str:
    def rendered(match: re.Match[str]) -> str:
        formula = formulas.get(match[0])
        return match[0] if formula is None else render(formula) if formula.tex else "$"

    return _ANY_STAND_IN.sub(rendered, html)


def with_blocks(html: str, formulas: Formulas, render: Render) -> str:
    """Return `html` with each formula that is all of a paragraph in the paragraph's place."""

    def block(match: re.Match[str]) -> str:
        formula = formulas.get(match[1])
        if formula is None or not formula.is_display:
            return match[0]
        return f'<div class="math display" tabindex="0">{render(formula)}</div>'

    return _ALONE.sub(block, html)


_ALONE = re.compile("<p>([\U000f0000-\U000ffffd])</p>")


def in_words(text: str, formulas: Formulas) -> str:
    """Return a plain text with the formulas in TeX."""

    def words(match: re.Match[str]) -> str:
        formula = formulas.get(match[0])
        return match[0] if formula is None else " ".join(formula.tex.split()) or "$"

    return _ANY_STAND_IN.sub(words, text) if not text.isascii() else text


def as_written(text: str, formulas: Formulas) -> str:
    """Return a text that is no words, such as an address, as it was written."""
    return _ANY_STAND_IN.sub(
        lambda found: formulas[found[0]].written if found[0] in formulas else found[0], text
    )


def tex_html(formula: Formula) -> str:
    """Return the TeX of a formula for scripts that set it, in the delimiters that they look for."""
    start, end = (r"\[", r"\]") if formula.is_display else (r"\(", r"\)")
    return f"{start}{escape(formula.tex, quote=False)}{end}"
