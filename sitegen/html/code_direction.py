"""Code within a text that is written from right to left: it runs from left to right."""

from __future__ import annotations

from sitegen.html.scanning import attributes_of, tags

_CODE = frozenset({"pre", "code", "kbd", "samp", "math"})
_OF_LEFT = ' dir="ltr"'


def with_code_from_left(html: str) -> str:
    """Return the HTML of a right-to-left text with `dir="ltr"` on code and formulas.

    Not within an element that has it, nor where the writer said a direction.
    """
    pieces: list[str] = []
    copied = 0
    opened, depth = "", 0
    for tag in tags(html, every=True):
        if tag.name not in _CODE:
            continue
        if opened:
            if tag.name == opened:
                depth += -1 if tag.is_end else 1
                opened = opened if depth else ""
            continue
        if tag.is_end:
            continue
        opened, depth = tag.name, 1
        if all(item.name != "dir" for item in attributes_of(tag.attributes)):
            place = tag.start + 1 + len(tag.name)
            pieces += (html[copied:place], _OF_LEFT)
            copied = place
    return "".join((*pieces, html[copied:]))
