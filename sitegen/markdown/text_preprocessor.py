"""Preprocessors for Python-Markdown that work on a whole text, not on a list of its lines."""

from __future__ import annotations

from markdown.preprocessors import Preprocessor


class TextPreprocessor(Preprocessor):
    """A preprocessor of the whole text, which the library hands on as lines."""

    def run_on_text(self, text: str) -> str:
        """Return what becomes of `text`. The library's joins its lines first: it takes any."""
        return "\n".join(super().run([text]))

    def run(self, lines: list[str]) -> list[str]:
        """Return what becomes of `lines`."""
        return self.run_on_text("\n".join(lines)).split("\n")
