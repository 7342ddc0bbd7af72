r"""Formulas in TeX: taken out of a text before it is Markdown, put back into what it became.

    $E = mc^2$        $$\sum_i x_i$$        ```math … ```

For the engine, each formula is a single character (`stand_ins`): it is part of a word, and nothing
in it is Markdown. What turns out to stand in code or in a tag becomes again what was written. So
both engines read formulas alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

from sitegen.markdown import stand_ins

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
    free = stand_ins.unused(text)
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

    def words(character: str) -> str | None:
        formula = formulas.get(character)
        return formula and (render(formula) if formula.tex else "$")

    return stand_ins.put_back(html, words=words, written=_written(formulas))


def _written(formulas: Formulas) -> stand_ins.Of:
    return lambda character: (found := formulas.get(character)) and found.written


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

    def words(character: str) -> str | None:
        formula = formulas.get(character)
        return formula and (" ".join(formula.tex.split()) or "$")

    return stand_ins.replaced(text, words)


def as_written(text: str, formulas: Formulas) -> str:
    """Return a text that is no words, such as an address, as it was written."""
    return stand_ins.replaced(text, _written(formulas))


def tex_html(formula: Formula) -> str:
    """Return the TeX of a formula for scripts that set it, in the delimiters that they look for."""
    start, end = (r"\[", r"\]") if formula.is_display else (r"\(", r"\)")
    return f"{start}{escape(formula.tex, quote=False)}{end}"
