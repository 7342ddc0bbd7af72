"""What is wrong with a template, in an editor's words."""

from __future__ import annotations


class TemplateMistakeError(Exception):
    """A template did what it cannot do. Shown at the template's line.

    `hint` is for the template's author. `name` is the word of the line that is wrong, where one is
    known: the column is found by it.
    """

    def __init__(self, message: str, hint: str | None = None, *, name: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.name = name
