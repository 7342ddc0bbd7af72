"""Syntax highlighting by Pygments, whose classes the theme's stylesheet knows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound


def formatter(**options: Any) -> HtmlFormatter[str]:
    """Return Pygments' HTML formatter with these options, the same one for the same options.

    To make one takes longer than to highlight ten lines. Python-Markdown's `codehilite` also tells
    formatters the language, as `lang_str`; this one has no use for it.
    """
    options.pop("lang_str", None)
    try:
        return _formatter(tuple(sorted(options.items())))
    except TypeError:  # Lists of lines to stand out are no keys.
        return HtmlFormatter(**options)


@lru_cache(maxsize=16)
def _formatter(options: tuple[tuple[str, Any], ...]) -> HtmlFormatter[str]:
    return HtmlFormatter(**dict(options))


def highlighted(code: str, language: str) -> str:
    """Return `code` as HTML, as `codehilite` makes it with our options.

    Code in no language, or in one that nobody knows, is plain.
    """
    lexer = _lexer_class("" if is_slow(code, language) else language)()
    return highlight(code.strip("\n"), lexer, formatter(**_OPTIONS))


MAX_SLOW_CODE = 10_000
"""Characters of code that a slow lexer may get."""


def is_slow(code: str, language: str) -> bool:
    """Return whether to colour `code` could take many seconds: then it is better plain.

    The lexer for reStructuredText takes time by the square of the backticks.
    """
    return len(code) > MAX_SLOW_CODE and "`" in code and _lexer_class(language).name in _SLOW


_SLOW = frozenset({"reStructuredText"})


_OPTIONS: dict[str, Any] = {"cssclass": "codehilite", "wrapcode": True}


@lru_cache(maxsize=64)
def _lexer_class(language: str) -> type[Lexer]:
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return TextLexer
