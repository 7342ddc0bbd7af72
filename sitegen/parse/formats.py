"""TOML, JSON and header lines → `Table`, each value with its position."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from sitegen.config.toml_locations import KeyPath, KeyPosition, key_positions, syntax_problem
from sitegen.parse.nodes import MAX_DEPTH, Array, FrontMatterError, Member, Node, Scalar, Table


class _Written(str):
    """A number with a point, as the text that was written."""

    __slots__ = ()


def read_toml(text: str, first_line: int) -> Table:
    """Return what a TOML text says; raises `FrontMatterError`.

    Numbers stay the text that was written; a value inside an inline table or a list is placed
    where that begins.
    """
    try:
        table = tomllib.loads(text, parse_float=_Written)
    except tomllib.TOMLDecodeError as error:
        wrong = syntax_problem(error, "", text, first_line)
        line, column = (
            (wrong.location.line, wrong.location.column) if wrong.location else (first_line, 1)
        )
        raise FrontMatterError(wrong.message, line, column, wrong.hint) from None
    except RecursionError:
        raise FrontMatterError("this is nested too deeply", first_line, 1) from None
    except ValueError as error:  # A number of more digits than Python reads.
        raise FrontMatterError(f"TOML: {error}", first_line, 1) from None
    return _toml_table(table, (), KeyPosition(0, 1, 1), dict(key_positions(text)), first_line)


def _toml_table(
    table: Mapping[str, Any],
    way: KeyPath,
    here: KeyPosition,
    known: Mapping[KeyPath, KeyPosition],
    first_line: int,
) -> Table:
    members = {}
    for name, value in table.items():
        inner = (*way, name)
        place = known.get(inner, here)
        node = _toml_node(value, inner, place, known, first_line)
        members[name] = Member(name, place.line + first_line - 1, place.column, node)
    return Table(members, here.line + first_line - 1, here.value_column)


def _toml_node(
    value: Any,
    way: KeyPath,
    place: KeyPosition,
    known: Mapping[KeyPath, KeyPosition],
    first_line: int,
) -> Node:
    line, column = place.line + first_line - 1, place.value_column
    if len(way) > MAX_DEPTH:
        raise FrontMatterError("this is nested too deeply", line, column)
    if isinstance(value, Mapping):
        return _toml_table(value, way, place, known, first_line)
    if isinstance(value, list):
        nodes = (
            _toml_node(item, (*way, i), known.get((*way, i), place), known, first_line)
            for i, item in enumerate(value)
        )
        return Array(tuple(nodes), line, column)
    if isinstance(value, bool):
        return Scalar(str(value).lower(), line, column, plain=True)
    if isinstance(value, (date, datetime, time)):
        return Scalar(value.isoformat(), line, column, plain=True)
    plain = not isinstance(value, str) or isinstance(value, _Written)
    return Scalar(str(value), line, column, plain)


_TOKEN = re.compile(r'\s*(?:([{}\[\],:])|("(?:[^"\\]|\\.)*")|([^\s{}\[\],:"]+))', re.DOTALL)


def read_json(text: str, first_line: int) -> tuple[Table, int]:
    """Return what the JSON object at the start of `text` says, and where it ends in `text`.

    Raises `FrontMatterError`. Numbers stay the text that was written.
    """
    node, end = _json_node(text, first_line)
    if not isinstance(node, Table):
        raise FrontMatterError("the front matter must be a JSON object", first_line, 1)
    return node, end


def read_json_node(text: str, first_line: int) -> Node:
    """Return what a JSON text says, be it an object, an array or one value.

    Raises `FrontMatterError`, also for what follows it.
    """
    node, end = _json_node(text, first_line)
    if rest := text[end:].lstrip():
        place = _place(text, len(text) - len(rest), first_line)
        raise FrontMatterError("JSON: text follows after the end", *place, "remove it")
    return node


def _json_node(text: str, first_line: int) -> tuple[Node, int]:
    import json  # noqa: PLC0415 (few articles need it)

    start = len(text) - len(text.lstrip())
    try:
        end = json.JSONDecoder(strict=False).raw_decode(text, start)[1]
    except json.JSONDecodeError as error:
        raise _json_error(error.msg, text, error.pos, first_line) from None
    except RecursionError:
        raise FrontMatterError("this is nested too deeply", first_line, 1) from None
    except ValueError as error:  # A number of more digits than Python reads.
        raise FrontMatterError(f"JSON: {error}", first_line, 1) from None
    decode = json.JSONDecoder(strict=False).decode
    return _JsonTree(text[:end], first_line, decode).node(0), end


def _json_error(message: str, text: str, at: int, first_line: int) -> FrontMatterError:
    """Return the error at a place of `text`; a trailing comma is told alike by every Python."""
    hint = None
    before = len(text[:at].rstrip()) - 1
    if text[at : at + 1] in ("}", "]") and text[before : before + 1] == ",":
        at = before
    if message.startswith("Unterminated string"):
        place = _place(text, at, first_line)
        return FrontMatterError("this quotation mark is never closed", *place, "close it")
    if opened := _left_open(text, at):
        end = text.count("\n", 0, at) + first_line
        message = f"this quotation mark is closed on line {end}, where text follows"
        at, hint = opened, "close it where its text ends"
        return FrontMatterError(message, *_place(text, at, first_line), hint)
    if text[at : at + 1] == "," and text[at + 1 :].lstrip()[:1] in ("}", "]"):
        message, hint = "trailing comma", "remove it"
    told = f"JSON: {message[:1].lower()}{message[1:]}"
    return FrontMatterError(told, *_place(text, at, first_line), hint)


def _place(text: str, at: int, first_line: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + first_line, at - text.rfind("\n", 0, at)


def _left_open(text: str, at: int) -> int:
    """Return where a text in quotes begins that is closed just before `at`, on a later line; or 0.

    Most probably the mark that would have closed it is missing, and that of another text does.
    """
    for found in _TOKEN.finditer(text, 0, at):
        if found[2] and "\n" in found[2] and not text[found.end() : at].strip():
            return found.start(2)
    return 0


class _JsonTree:
    """Builds nodes from a text that `json` accepts."""

    def __init__(self, text: str, first_line: int, decode: Any) -> None:
        self.tokens = _tokens(text, first_line)
        self.decode = decode
        self.pushed: tuple[str, int, int] | None = None

    def next(self) -> tuple[str, int, int]:
        pushed, self.pushed = self.pushed, None
        return pushed or next(self.tokens)

    def node(self, depth: int) -> Node:
        sign, line, column = self.next()
        if depth > MAX_DEPTH:
            raise FrontMatterError("this is nested too deeply", line, column)
        if sign == "{":
            return Table(self.members(depth), line, column)
        if sign == "[":
            return Array(tuple(self.items(depth)), line, column)
        if sign.startswith('"'):
            return Scalar(self.decode(sign), line, column, plain=False)
        return Scalar(sign, line, column, plain=True)

    def items(self, depth: int) -> Iterator[Node]:
        found = self.next()
        while found[0] != "]":
            if found[0] != ",":
                self.pushed = found
            yield self.node(depth + 1)
            found = self.next()

    def members(self, depth: int) -> dict[str, Member]:
        members: dict[str, Member] = {}
        sign, line, column = self.next()
        while sign != "}":
            if sign != ",":
                name = self.decode(sign)
                self.next()  # The colon.
                if name in members:
                    hint = f"the first is on line {members[name].line}; keep one"
                    raise FrontMatterError(f'"{name}" is given twice', line, column, hint)
                members[name] = Member(name, line, column, self.node(depth + 1))
            sign, line, column = self.next()
        return members


def _tokens(text: str, first_line: int) -> Iterator[tuple[str, int, int]]:
    line, counted = first_line, 0
    for found in _TOKEN.finditer(text):
        start = found.start(found.lastindex or 0)
        line += text.count("\n", counted, start)
        counted = start
        yield found[found.lastindex or 0], line, start - text.rfind("\n", 0, start)


_HEADER_LINE = re.compile(r"[ ]{0,3}([A-Za-z0-9_-]+):[ \t]*(.*?)[ \t]*")
_CONTINUATION = re.compile(r"[ \t]{4,}(.*?)[ \t]*")


def read_lines(text: str, first_line: int) -> tuple[Table, int]:
    """Return what `Title: x` lines say, as Pelican and MultiMarkdown have them, and their length.

    They end before the first empty line (or `---`, `...`), or before a line that is neither
    a header nor the continuation of one (indented by four). Names become lower case; several
    lines of one name are joined by line breaks. Raises `FrontMatterError` for a name given twice.
    """
    members: dict[str, Member] = {}
    name, line, end = "", first_line, 0
    for written in text.split("\n"):
        if found := _HEADER_LINE.fullmatch(written):
            name = found[1].lower()
            column = found.start(1) + 1
            if name in members:
                hint = f"the first is on line {members[name].line}; keep one"
                raise FrontMatterError(f'"{found[1]}" is given twice', line, column, hint)
            node = Scalar(found[2], line, found.start(2) + 1, plain=not found[2])
            members[name] = Member(found[1], line, column, node)
        elif name and (found := _CONTINUATION.fullmatch(written)) and found[1]:
            member = members[name]
            before = member.node
            if isinstance(before, Scalar):
                joined = f"{before.text}\n{found[1]}".strip()
                members[name] = member._replace(node=before._replace(text=joined, plain=False))
        else:
            break
        line += 1
        end += len(written) + 1
    return Table(members, first_line, 1), min(end, len(text))
