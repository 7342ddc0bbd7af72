"""A Markdown extension whose place among the others shows: it shouts what it finds."""

from __future__ import annotations

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor


class Shout(Postprocessor):
    """Writes the names of the postprocessors that are registered so far."""

    names = ""

    def run(self, text: str) -> str:
        """Add them to the text."""
        return f"{text}\n<p>{self.names}</p>"


class Shouting(Extension):
    """Sees which extensions were loaded before it."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Note what is there already."""
        shout = Shout(md)
        shout.names = f"{len(md.inlinePatterns)} patterns"
        md.postprocessors.register(shout, "shout", 0)


def makeExtension(**options: Any) -> Shouting:  # noqa: N802 - Python-Markdown's name
    """Return the extension."""
    return Shouting(**options)
