"""Line breaks within Chinese and Japanese, which has no spaces: no gap is to be seen for them."""

from __future__ import annotations

import re

from sitegen.html.scanning import WIDE, tags

_NAMES = "a|abbr|b|bdi|cite|code|del|dfn|em|i|ins|mark|q|ruby|s|small|span|strong|sub|sup|u"
_INLINE = rf"</?(?:{_NAMES})(?:\s[^<>]*)?>"
_MAYBE = re.compile(rf"\n[ \t]*+(?:{_INLINE})*+{WIDE}")
"""What is behind a break: a search that begins with a line end is quick."""
_BREAK = re.compile(rf"({WIDE}(?:{_INLINE})*+)[ \t]*+\n[ \t]*+(?=(?:{_INLINE})*+{WIDE})")
_KEPT = frozenset({"pre", "textarea", "script", "style"})


def joined(html: str) -> str:
    """Return `html` without the line breaks between two characters of Chinese or Japanese.

    Those of code and the like stay.
    """
    if html.isascii() or not _MAYBE.search(html):
        return html
    pieces: list[str] = []
    copied = 0
    depth = 0
    for tag in tags(html, every=True):
        if tag.name not in _KEPT:
            continue
        if not depth:
            pieces.append(_BREAK.sub(r"\1", html[copied : tag.start]))
            copied = tag.start
        depth = max(depth + (-1 if tag.is_end else 1), 0)
        if not depth:
            pieces.append(html[copied : tag.end])
            copied = tag.end
    rest = html[copied:]
    return "".join((*pieces, rest if depth else _BREAK.sub(r"\1", rest)))
