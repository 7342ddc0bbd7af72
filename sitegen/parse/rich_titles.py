"""Titles with emphasis: `Reading *Moby-Dick*`, `CO<sub>2</sub>` → plain text and HTML. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

_TAG = re.compile(r"(</?(?:em|i|sub|sup)>)", re.IGNORECASE)
_STARS = re.compile(r"(?<![A-Za-z0-9*\\])\*(?=[^\s*])([^*]*[^\s*\\])\*(?![A-Za-z0-9*])")
"""As in Markdown, but not within a word or a product: `2*3*4` is none."""


def has_tags(title: str) -> bool:
    """Whether a title holds one of the tags that it may hold."""
    return "<" in title and _TAG.search(title) is not None


def rich_title(written: str, plain: Callable[[str], str]) -> tuple[str, str]:
    """Return a title as plain text, and as HTML: "" if nothing in it is emphasised.

    `*…*` and the elements `em`, `i`, `sub` and `sup` are taken; whatever else is written, and a tag
    without its partner, is text. `plain` makes text of what stands between them.
    """
    pieces = _TAG.split(_STARS.sub(r"<em>\1</em>", written))
    partners: set[int] = set()
    opened: list[tuple[str, int]] = []
    for place in range(1, len(pieces), 2):
        name = pieces[place].strip("</>").lower()
        if not pieces[place].startswith("</"):
            opened.append((name, place))
        elif opened and opened[-1][0] == name:
            partners |= {opened.pop()[1], place}
    texts = [
        "" if place in partners else piece if place % 2 else plain(piece)
        for place, piece in enumerate(pieces)
    ]
    text = " ".join("".join(texts).split())
    if not partners:
        return text, ""
    html = "".join(
        piece.lower() if place in partners else escape(texts[place], quote=False)
        for place, piece in enumerate(pieces)
    )
    return text, html
