"""CSV is read as RFC 4180 says, and what is wrong is told at its line."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.data.csv_tables import delimiter_of, read_csv, row_lines

CELL = st.text(st.sampled_from('a "1,;\t\né'), max_size=6)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=6)
)


@given(rows=TABLES, delimiter=st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    """Cells come back as they were, whatever they hold; rows without anything are left out."""
    width = len(rows[0]) if rows else 1
    names = [f"c{number}" for number in range(width)]
    written = StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows([names, *rows])
    if width == 1 and delimiter != ",":
        return  # nothing tells it
    table = read_csv(written.getvalue())
    assert table.faults == ()
    assert table.columns == tuple(names)
    assert list(table.rows) == [tuple(row) for row in rows if any(row)]
    assert len(list(row_lines(written.getvalue()))) == len(table.rows)


def test_each_row_is_known_by_its_line() -> None:
    """Line ends within quotes and empty lines count."""
    text = 'a,b\n1,"x\ny"\n\n,\n2,z\n'
    assert read_csv(text).rows == (("1", "x\ny"), ("2", "z"))
    assert list(row_lines(text)) == [2, 6]


@pytest.mark.parametrize(
    ("first", "delimiter"),
    [
        ("a,b;c,d", ","),
        ("a;b", ";"),
        ("a\tb", "\t"),
        ('"a,b,c";d', ";"),
        ("a", ","),
        ("\na;b", ";"),
    ],
)
def test_the_first_line_tells_what_is_between_cells(first: str, delimiter: str) -> None:
    """What it has most of outside of quotes; a comma where it has none."""
    assert delimiter_of(f"{first}\n,,,,;;;;") == delimiter


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n1\n", "3:1: this row has 1 cell, and the first line names 2 columns"),
        ("a\n1,2\n", "2:1: this row has 2 cells, and the first line names 1 column"),
        ("a,a\n", '1:1: the column "a" is given twice'),
        ("a, a \n", '1:1: the column "a" is given twice'),
        ("a,,b\n", "1:1: column 2 has no name"),
        ('a,b\n1,2\n1,"x\n2,3\n', "3:3: a quotation mark of this row is never closed"),
        ('a,b\n1,"x"y\n', "2:3: text follows a closing quotation mark in this row"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(text: str, said: str) -> None:
    """With a hint that says what to do."""
    (fault,) = read_csv(text).faults
    assert f"{fault.line}:{fault.column}: {fault.message}" == said
    assert fault.hint


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Not the first fault alone."""
    assert [fault.line for fault in read_csv("a,b\n1\n1,2\n1,2,3\n").faults] == [2, 4]
