"""Where keys stand in a TOML text, for messages: `tomllib` keeps no positions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.model.errors import Location, Problem

KeyPath = tuple[str | int, ...]
"""A way into nested tables: names, and numbers within arrays of tables."""


class KeyPosition(NamedTuple):
    """A key's line and column, and the column of its value (of the name again for a table)."""

    line: int
    column: int
    value_column: int


_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_NAMES = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_NAMES})\s*\]")
_KEY = re.compile(rf"^\s*({_NAMES})\s*=\s*")
_PART = re.compile(_NAME)
_LONG = re.compile(r"\"\"\"|'''")


def key_positions(text: str) -> Iterator[tuple[KeyPath, KeyPosition]]:
    """Yield each key and table header with its place, in the order of writing.

    A light reading, good enough for messages: a key inside an inline table is not found, so its
    table's place must do. The same key may come twice in a faulty text.
    """
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    closing = ""
    for number, line in enumerate(text.split("\n"), 1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if found := _HEADER.match(line):
            table = _table_path(found[2], counts)
            column = found.start(2) + 1
            if found[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, KeyPosition(number, column, column)
        elif found := _KEY.match(line):
            yield (
                (*table, *_parts(found[1])),
                KeyPosition(number, found.start(1) + 1, found.end() + 1),
            )
            if (opened := _LONG.match(line, found.end())) and opened[0] not in line[opened.end() :]:
                closing = opened[0]


def _parts(written: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(written))


def _table_path(written: str, counts: dict[KeyPath, int]) -> KeyPath:
    """Return the way to a header's table, through the latest of each array on it."""
    way: KeyPath = ()
    names = _parts(written)
    for position, name in enumerate(names):
        way = (*way, name)
        if position < len(names) - 1 and way in counts:
            way = (*way, counts[way])
    return way


_HINTS = (
    ("Illegal character '\\n'", 'close the text with a quotation mark: "…"'),
    ("Expected \"'''\"", "close the text with '''"),
    ("Unterminated string", 'close the text with a quotation mark: "…"'),
    ("Invalid value", 'put text in quotes: "…"'),
    ("Expected '=' after a key", 'write `key = "value"`'),
    ("Expected newline or end of document after a statement", 'put the whole text in quotes: "…"'),
    ("Unescaped '\\' in a string", "use single quotes: 'C:\\new'"),
    ("Unclosed array", "close the list with ]"),
)
"""By phrases of tomllib."""

_LEFT_OPEN = ("Unterminated string", "Expected \"'''\"", "Unclosed array")
"""What tomllib says of a text or list that has no end."""

_AT = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)


def syntax_problem(
    error: tomllib.TOMLDecodeError, path: str, text: str, first_line: int = 1
) -> Problem:
    """Return the problem for a TOML syntax error; `first_line` is where `text` begins in the file.

    Before Python 3.14 the place stands only in tomllib's message ("… (at line 3, column 5)").
    A key given twice is named, with the line of the first.
    """
    found = _AT.match(str(error))
    said = found[1] if found else str(error)
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    line = int(found[2]) if found and found[2] else lines
    column = int(found[3]) if found and found[3] else 0
    seen: dict[KeyPath, KeyPosition] = {}
    if said.startswith(("Cannot overwrite", "Cannot declare")):
        for keys, place in key_positions(text):
            if keys in seen and place.line == line:
                first = seen[keys].line + first_line - 1
                return Problem(
                    f'"{keys[-1]}" is given twice',
                    Location(path, place.line + first_line - 1, place.column),
                    f"the first is on line {first}; keep one",
                )
            seen.setdefault(keys, place)
    places = [place for _, place in key_positions(text)]
    is_end = found is not None and not found[2]
    before = [place for place in places if is_end or (place.line, place.column) < (line, column)]
    if before:
        last = before[-1]
        is_key = any((place.line, place.column) == (line, column) for place in places)
        written = text.split("\n")[last.line - 1][last.value_column - 1 :]
        if said == "Invalid value" and (is_end or is_key) and written.startswith("["):
            said = "Unclosed array"  # of which the next key is a value to tomllib
        if said.startswith(_LEFT_OPEN):
            # tomllib tells where it gave up, which is at the end for most.
            line, column = last.line, last.value_column
    hint = next((hint for phrase, hint in _HINTS if phrase in said), None)
    said = said[:1].lower() + said[1:]
    return Problem(f"TOML: {said}", Location(path, line + first_line - 1, column), hint)
