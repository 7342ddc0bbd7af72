"""The syntax tree of front matter: scalars, arrays and tables with their positions in the file.

YAML, TOML, JSON and header lines all become these. A scalar is the text as it was written
(`1.10`, `No`, `2024-11-04`); what it means is decided by whoever knows which type belongs there.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from sitegen.model.errors import Location
from sitegen.model.frozen import FrozenMap

NULLS = frozenset({"", "~", "null", "Null", "NULL"})

MAX_DEPTH = 50
"""Arrays and tables within each other; front matter that needs more is none."""


UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Characters that neither YAML nor a page may hold."""


class Scalar(NamedTuple):
    """One value as written, without its quotes. `line` and `column` count from 1."""

    text: str
    line: int
    column: int
    plain: bool
    """Written without quotes: `null`, `true` and `3` may mean more than their letters."""

    @property
    def is_null(self) -> bool:
        """Whether nothing stands there."""
        return self.plain and self.text in NULLS


class Array(NamedTuple):
    """A list of values."""

    nodes: tuple[Node, ...]
    line: int
    column: int


class Table(NamedTuple):
    """A mapping. Each key occurs once."""

    members: dict[str, Member]
    line: int
    column: int


class Member(NamedTuple):
    """A key with its place, and its value."""

    name: str
    line: int
    column: int
    node: Node


Node: TypeAlias = Scalar | Array | Table


class FrontMatterError(Exception):
    """Front matter that cannot be parsed: message, line and column in the file, hint."""

    def __init__(self, message: str, line: int, column: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint


def location(path: str, node: Node | Member) -> Location:
    """Return the location of a value or key of the file `path`."""
    return Location(path, node.line, node.column)


def check_characters(node: Node) -> None:
    """Raise `FrontMatterError` if a text below `node` holds what no page can show.

    Escape sequences are the only way in: the file itself has been looked at before.
    """
    if isinstance(node, Scalar):
        _check(node.text, node)
    elif isinstance(node, Array):
        for item in node.nodes:
            check_characters(item)
    else:
        for member in node.members.values():
            _check(member.name, member)
            check_characters(member.node)


def _check(text: str, place: Scalar | Member) -> None:
    if found := UNPRINTABLE.search(text):
        message = f"the text contains the character U+{ord(found[0]):04X}, which no page can show"
        raise FrontMatterError(message, place.line, place.column, "delete it")


_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")


def untyped_value(node: Node) -> object:
    """Return a value for which no type is declared, as templates want to see it.

    Plain `true`, `false` and `null` become what they say, and numbers become numbers where that
    loses nothing: `3` and `1.5` do, `007`, `1.10` and `2024-11-04` stay texts.
    """
    if isinstance(node, Table):
        members = node.members.items()
        return FrozenMap.of_frozen({key: untyped_value(member.node) for key, member in members})
    if isinstance(node, Array):
        return tuple(untyped_value(item) for item in node.nodes)
    return _plain(node.text) if node.plain else node.text


def _plain(text: str) -> str | int | float | None:
    if text in NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _NUMBER.fullmatch(text):
        number = float(text) if "." in text else int(text)
        return number if str(number) == text else text
    return text
