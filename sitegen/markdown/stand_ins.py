"""Characters that stand in a text for what an engine is not to read.

Each is a character for private use that stands nowhere else in the text: to the engines it is like
a letter, part of a word. What comes back from an engine is made right here: in words each is
replaced by what it stands for, in code and tags by what was written. So whatever is taken out of a
text is read alike by both engines, and exactly where they see text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

_FIRST, _LAST = 0xF0000, 0xFFFFD
ANY = re.compile("[\U000f0000-\U000ffffd]")
"""Any character that may be one."""

NO_WORDS = re.compile(
    r"""<(?P<name>pre|code|script|style|textarea)\b.*?(?:</(?P=name)\s*>|\Z)
    | <!--.*?(?:-->|\Z)
    | <[A-Za-z/!?](?:"[^"]*"|'[^']*'|[^"'>]++)*+>?
    """,
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
"""Where in HTML there are no words: code, comments, tags."""

Of = Callable[[str], str | None]
"""Returns what a character stands for; None for one that stands for nothing that is known."""


def unused(text: str) -> Iterator[str]:
    """Yield characters that `text` does not hold, each once."""
    used = set(ANY.findall(text)) if not text.isascii() else set()
    return (chr(code) for code in range(_FIRST, _LAST + 1) if chr(code) not in used)


def replaced(text: str, of: Of) -> str:
    """Return a plain text, or an address, with what `of` returns for the characters in it."""
    if text.isascii():
        return text

    def one(match: re.Match[str]) -> str:
        found = of(match[0])
        return match[0] if found is None else found

    return ANY.sub(one, text)


def put_back(html: str, *, words: Of, written: Of) -> str:
    """Return `html` with what the characters stand for.

    `words` returns HTML for where there are words, `written` the text for everywhere else.
    """

    def escaped(character: str) -> str | None:
        found = written(character)
        return None if found is None else escape(found)

    pieces = []
    position = 0
    for match in NO_WORDS.finditer(html):
        pieces.append(replaced(html[position : match.start()], words))
        pieces.append(replaced(match[0], escaped))
        position = match.end()
    pieces.append(replaced(html[position:], words))
    return "".join(pieces)
