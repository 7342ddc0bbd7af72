"""CSV → columns and rows of texts, by RFC 4180, with the place of what is wrong."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from sitegen.model.wording import counted

DELIMITERS = (",", ";", "\t")
"""What may stand between cells: what the first line has most of."""

_IN_QUOTES = re.compile(r'"(?:[^"]|"")*"')


class Fault(NamedTuple):
    """What is wrong with a line of a table. `line` and `column` count from 1."""

    message: str
    line: int
    column: int
    hint: str


class CsvTable(NamedTuple):
    """The names of the columns, the cells of each row, what is wrong."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    faults: tuple[Fault, ...]


def read_csv(text: str) -> CsvTable:
    """Return the table that a text says; its first line names the columns.

    Rows without anything in them are passed over, as spreadsheets leave them. Lines of the text
    end in line feeds alone.
    """
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    faults: list[Fault] = []
    for line, cells in _lines(text, faults):
        if not columns:
            columns = tuple(cell.strip() for cell in cells)
            faults += _of_names(columns, line)
        elif len(cells) == len(columns):
            rows.append(tuple(cells))
        else:
            faults.append(_of_length(cells, columns, line, delimiter_of(text)))
    return CsvTable(columns, tuple(rows), tuple(faults))


def row_lines(text: str) -> Iterator[int]:
    """Yield the line on which each row begins, as `read_csv` gives them."""
    lines = iter(_lines(text, []))
    next(lines, None)
    yield from (line for line, _ in lines)


def delimiter_of(text: str) -> str:
    """Return what stands between the cells of a table, as its first line has it."""
    first = _IN_QUOTES.sub("", text.lstrip("\n")).partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _lines(text: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each row begins, and its cells; a fault ends them."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(_of_quotes(str(error), text, line))


def _of_quotes(said: str, text: str, line: int) -> Fault:
    """Return what is wrong with the quotation marks of a row; `said` are the words of `csv`."""
    column = text.split("\n")[line - 1].find('"') + 1
    if "expected after" in said:
        message = "text follows a closing quotation mark in this row"
        hint = 'write a quotation mark that belongs to the text twice: "a ""b"" c"'
    else:
        message = "a quotation mark of this row is never closed"
        hint = "close it where its text ends"
    return Fault(message, line, max(column, 1), hint)


def _of_names(columns: tuple[str, ...], line: int) -> Iterator[Fault]:
    known: dict[str, int] = {}
    for number, name in enumerate(columns, 1):
        if not name:
            hint = "the first line names each column; remove columns that hold nothing"
            yield Fault(f"column {number} has no name", line, 1, hint)
        elif name in known:
            hint = f"columns {known[name]} and {number} have this name; rename one of them"
            yield Fault(f'the column "{name}" is given twice', line, 1, hint)
        known.setdefault(name, number)


def _of_length(cells: list[str], columns: tuple[str, ...], line: int, delimiter: str) -> Fault:
    message = (
        f"this row has {counted(len(cells), 'cell')}, "
        f"and the first line names {counted(len(columns), 'column')}"
    )
    sign = "a tab" if delimiter == "\t" else f"`{delimiter}`"
    hint = f"put a text that has {sign} in it in quotes"
    if len(cells) < len(columns):
        hint = f"write {sign} for each empty cell"
    return Fault(message, line, 1, hint)
