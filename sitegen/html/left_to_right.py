"""What runs from left to right within a text of the other direction: code, addresses, numbers.

Unicode's algorithm alone would show the slash at the end of an address at its front, and the
groups of a telephone number in reverse.
"""

from __future__ import annotations

import re

from sitegen.html.scanning import UNREAD, attributes_of, tags

_CODE = frozenset({"pre", "code", "kbd", "samp", "math"})
_UNREAD = re.compile(f"textarea|{UNREAD}").fullmatch
_DIRECTION = ' dir="ltr"'

_ADDRESS = r"(?:https?://|www\.)[!-;=?-~]*[\w/=#&~+-]"
_TELEPHONE = r"(?<![\w+])\+[0-9]{1,3}(?:[ \xa0.-]?\(?[0-9]{1,4}\)?){2,7}(?![\w])"
_PARTS = re.compile(f"{_ADDRESS}|{_TELEPHONE}", re.ASCII)


def with_left_to_right(html: str) -> str:
    """Return the HTML of a right-to-left text with `dir="ltr"` on what runs the other way.

    That is code, formulas, web addresses and telephone numbers that begin with +; the last two in
    a `<bdi>`. Nothing within an element that has the attribute already, or that is not read.
    """
    pieces: list[str] = []
    copied = 0
    opened, depth = "", 0
    for tag in tags(html, every=True):
        if opened:
            if tag.name == opened:
                depth += -1 if tag.is_end else 1
                if not depth:
                    opened = ""
                    pieces.append(html[copied : tag.end])
                    copied = tag.end
            continue
        pieces.append(_PARTS.sub(rf"<bdi{_DIRECTION}>\g<0></bdi>", html[copied : tag.start]))
        copied = tag.start
        says_own = any(item.name == "dir" for item in attributes_of(tag.attributes))
        is_opened = not tag.is_end and not tag.attributes.endswith("/")
        if tag.name in _CODE and is_opened and not says_own:
            place = tag.start + 1 + len(tag.name)
            pieces += (html[copied:place], _DIRECTION)
            copied = place
        if is_opened and (tag.name in _CODE or _UNREAD(tag.name)):
            opened, depth = tag.name, 1
        pieces.append(html[copied : tag.end])
        copied = tag.end
    rest = html[copied:]
    pieces.append(rest if opened else _PARTS.sub(rf"<bdi{_DIRECTION}>\g<0></bdi>", rest))
    return "".join(pieces)
