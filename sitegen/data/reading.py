"""The bytes of a data file → its value, or what is wrong with it, at its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from sitegen.data.csv_tables import read_csv
from sitegen.model.data import DataContent
from sitegen.model.errors import Location, Problem
from sitegen.model.frozen import FrozenMap
from sitegen.parse import formats, yaml
from sitegen.parse.nodes import (
    MAX_DEPTH,
    UNPRINTABLE,
    Array,
    FrontMatterError,
    Node,
    Scalar,
    Table,
    check_characters,
    untyped_value,
)
from sitegen.parse.source_text import conflicts, source_text

MAX_NODES = 1_000_000
"""Most values that aliases of YAML may expand to."""

LARGEST = 2**63
"""Whole numbers are below it, and not below its negative: what every reader of JSON can hold."""

Read = tuple[DataContent | None, list[Problem]]


def read_data(path: str, data: bytes) -> Read:
    """Return what the bytes of the data file `path` hold, or None, and what is wrong with them.

    Warnings come with a value, errors without one.
    """
    text, problems = text_of(path, data)
    if text is None:
        return None, problems
    read = _READERS[path.lower().rpartition(".")[2]]
    try:
        if read is None:
            return _table(path, text, problems)
        return DataContent(FrozenMap.of_frozen({"value": read(text)})), problems
    except FrontMatterError as error:
        place = Location(path, error.line, error.column)
        return None, [*problems, Problem(error.message, place, error.hint)]


def text_of(path: str, data: bytes) -> tuple[str | None, list[Problem]]:
    """Return the text of a data file, or None, and what is wrong with it."""
    text, problems, _ = source_text(path, data)
    if text is None:
        return None, problems
    if unresolved := [*conflicts(path, text)]:
        return None, unresolved
    if not text.strip():
        hint = "write something into it, or delete it"
        return None, [Problem("the file is empty", Location(path, 1, 1), hint)]
    return text, problems


def node_of(path: str, text: str) -> Node | None:
    """Return the syntax tree of a text of TOML, YAML or JSON. Raises `FrontMatterError`."""
    suffix = path.lower().rpartition(".")[2]
    if suffix == "toml":
        return formats.read_toml(text, 1)
    if suffix == "json":
        return formats.read_json_node(text, 1)
    return yaml.read_node(yaml.plain_line_ends(text), 1, MAX_NODES)


def _table(path: str, text: str, problems: list[Problem]) -> Read:
    table = read_csv(text)
    if not table.faults:
        return DataContent(columns=table.columns, rows=table.rows), problems
    told = (
        Problem(fault.message, Location(path, fault.line, fault.column), fault.hint)
        for fault in table.faults
    )
    return None, [*problems, *told]


def _of_yaml(text: str) -> object:
    node = node_of(".yaml", text)
    if node is None:
        raise FrontMatterError("the file holds comments only", 1, 1, "write a value, or delete it")
    if "\\" in text:
        check_characters(node)
    return untyped_value(node)


def _of_toml(text: str) -> object:
    node = node_of(".toml", text)
    assert node is not None  # noqa: S101 - a text of TOML always is a table
    if "\\" in text:
        check_characters(node)
    return typed_value(node)


class _FaultyError(ValueError):
    """Something that `json` takes, and we do not."""


def _of_json(text: str) -> object:
    """Return the value of a text of JSON; the slow way where something is wrong: to say where."""
    check = "\\" in text
    try:
        value = json.loads(
            text,
            strict=False,
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_refused,
        )
        return _frozen(value, 0, check=check)
    except (ValueError, RecursionError):
        node = formats.read_json_node(text, 1)
        check_characters(node)
        return typed_value(node)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise _FaultyError
    return table


def _whole(written: str) -> int:
    number = int(written)
    if not -LARGEST <= number < LARGEST:
        raise _FaultyError
    return number


def _fraction(written: str) -> float:
    number = float(written)
    if not isfinite(number):
        raise _FaultyError
    return number


def _refused(_written: str) -> Any:
    raise _FaultyError


def _frozen(value: Any, depth: int, *, check: bool) -> Any:
    """Return a frozen copy of what `json` gives; `check` says that texts had escape sequences."""
    if type(value) is str:
        if check and UNPRINTABLE.search(value):
            raise _FaultyError
        return value
    if depth > MAX_DEPTH:
        raise _FaultyError
    if type(value) is list:
        return tuple([_frozen(item, depth + 1, check=check) for item in value])
    if type(value) is dict:
        if check and any(map(UNPRINTABLE.search, value)):
            raise _FaultyError
        items = value.items()
        return FrozenMap.of_frozen(
            {key: _frozen(item, depth + 1, check=check) for key, item in items}
        )
    return value


def typed_value(node: Node) -> object:
    """Return the value that a node of TOML or JSON is: these formats say the types themselves.

    Dates are the texts that were written. Raises `FrontMatterError` for numbers that no page can
    show.
    """
    if isinstance(node, Table):
        members = node.members.items()
        return FrozenMap.of_frozen({key: typed_value(member.node) for key, member in members})
    if isinstance(node, Array):
        return tuple(typed_value(item) for item in node.nodes)
    return _typed(node) if node.plain else node.text


_CONSTANTS: Mapping[str, object] = {"true": True, "false": False, "null": None}


def _typed(scalar: Scalar) -> object:
    text, place = scalar.text, (scalar.line, scalar.column)
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    try:
        whole = int(text)
    except ValueError:
        pass
    else:
        if -LARGEST <= whole < LARGEST:
            return whole
        raise FrontMatterError(f"the number {text} is too large", *place, "put it in quotes")
    try:
        number = float(text)
    except ValueError:
        return text  # a date of TOML
    if isfinite(number):
        return number
    hint = "leave it out, or write a text in quotes"
    raise FrontMatterError(f'"{text}" is not a number that a page can show', *place, hint)


_READERS: Mapping[str, Callable[[str], object] | None] = {
    "toml": _of_toml,
    "yaml": _of_yaml,
    "yml": _of_yaml,
    "json": _of_json,
    "csv": None,
}
"""By the end of the name; None for tables."""
