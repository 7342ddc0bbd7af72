"""What templates can call so that texts of both directions stand in one line.

Documented for theme authors in `docs/templates.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from sitegen.html import direction
from sitegen.render.printing import text_of


class DirectionFunctions:
    """The functions about the direction of texts, asking through `ask`."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    def functions(self) -> dict[str, Any]:
        """Return what templates see, by name."""
        names = "direction text_direction bdi isolate directed"
        return {name: getattr(self, name) for name in names.split()}

    @staticmethod
    def direction(tag: str) -> str:
        """Return the direction of a language: `ltr` or `rtl`."""
        return direction.direction(text_of(tag))

    @staticmethod
    def text_direction(text: str) -> str:
        """Return the direction of the first letter of a text or of HTML, "" without any."""
        return direction.first_strong(text_of(text))

    def bdi(self, text: str, language: str = "") -> Markup:
        """Return a text to stand in a line of `language`, by default the site's.

        It is in `<bdi>` if some of it runs the other way.
        """
        return direction.isolated(text_of(text), language or self._language())

    def isolate(self, text: str, language: str = "") -> str:
        """Return the same as plain text, for what can hold no element: titles, options, mails."""
        return direction.isolated_text(text_of(text), language or self._language())

    @staticmethod
    def directed(text: str, language: str) -> str:
        """Return a text of `language` with the mark of its direction, where its start has another.

        For feeds, whose readers know the direction of a title from its first letter alone.
        """
        return direction.directed(text_of(text), text_of(language))

    def _language(self) -> str:
        return self._ask("setting", "language")  # type: ignore[no-any-return]  # answers are untyped
