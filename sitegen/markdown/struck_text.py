"""`~~Struck out~~` in Python-Markdown: an extension, for `[markdown] github`."""

from __future__ import annotations

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import SimpleTagInlineProcessor

NAME = "sitegen.markdown.struck_text"
"""Of the extension, for Python-Markdown."""

STRUCK_RE = r"(?<!~)(~~)(?![\s~])((?:[^~]++|~(?!~))++)(?<!\s)~~(?!~)"
"""No two tildes are in the text: each pair is read once, whether it closes anything or not."""


class StruckTextExtension(Extension):
    """`~~Struck out~~`."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - The library's name.
        """Register the pattern, after those of emphasis."""
        md.inlinePatterns.register(SimpleTagInlineProcessor(STRUCK_RE, "del"), "struck_text", 45)


def makeExtension(**options: Any) -> StruckTextExtension:  # noqa: N802 - The library's name.
    """Return the extension."""
    return StruckTextExtension(**options)
