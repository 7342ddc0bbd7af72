"""The bytes of a data file become its value, or are told of at their place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cache.records import record_digest, seal, unseal
from sitegen.cache.tables import DATA_VALUES
from sitegen.data.reading import read_data
from sitegen.model.errors import headline
from sitegen.model.frozen import FrozenMap, freeze


def value_of(path: str, text: str) -> Any:
    """Return the value of a data file without faults."""
    content, problems = read_data(path, text.encode())
    assert content is not None, problems
    assert problems == []
    return content.value


def told(path: str, data: str | bytes) -> list[str]:
    """Return what is told of a data file with errors."""
    content, problems = read_data(path, data if isinstance(data, bytes) else data.encode())
    assert content is None
    return [headline(problem).removeprefix("data/") for problem in problems]


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab é", max_size=3), inner),
    max_leaves=8,
)


@given(JSON_VALUES)
def test_json_gives_the_value_that_was_written(value: Any) -> None:
    """Types and the order of keys are kept: `1`, `1.0`, `true` and `"1"` are four values."""
    for ascii_only in (True, False):
        text = json.dumps(value, ensure_ascii=ascii_only)
        assert repr(value_of("data/a.json", text)) == repr(freeze(value))


@given(JSON_VALUES)
def test_a_value_is_stored_as_it_is(value: Any) -> None:
    """What comes out of the store is what was read."""
    content, _ = read_data("data/a.json", json.dumps(value).encode())
    assert content is not None
    record = seal(DATA_VALUES, content)
    again = unseal(DATA_VALUES, record, record_digest(record))
    assert again is not None
    assert repr(again.value) == repr(freeze(value))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("a.toml", "a = 1\nb = 1.10\nc = true\nd = 2024-11-04\ne = 09:30:00\nf = 'x'\n",
         {"a": 1, "b": 1.1, "c": True, "d": "2024-11-04", "e": "09:30:00", "f": "x"}),
        ("a.toml", "[[r]]\nn = 1\n[[r]]\nn = 1_000\n", {"r": ({"n": 1}, {"n": 1000})}),
        ("a.yaml", "- 1\n- 1.5\n- 1.10\n- 007\n- No\n- true\n- 2024-11-04\n- 12:30\n- ~\n",
         (1, 1.5, "1.10", "007", "No", True, "2024-11-04", "12:30", None)),
        ("a.YML", "a: {b: [c]}\n", {"a": {"b": ("c",)}}),
        ("a.json", '[1, 1.10, 1e3, "\\u00e9"]', (1, 1.1, 1000.0, "é")),
        ("a.csv", "\ufeffn;v\r\nä;1\r\n", ({"n": "ä", "v": "1"},)),
    ],
)  # fmt: skip
def test_each_format_has_its_types(name: str, text: str, value: Any) -> None:
    """TOML and JSON say them; YAML is read as front matter is; cells of CSV are texts."""
    assert repr(value_of(f"data/{name}", text)) == repr(freeze(value))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", '{"a": 1,\n "a": 2}', 'a.json:2:2: "a" is given twice'),
        ("a.json", '{"a": [NaN]}', 'a.json:1:8: "NaN" is not a number that a page can show'),
        ("a.json", "[-Infinity]", 'a.json:1:2: "-Infinity" is not a number that a page can show'),
        ("a.json", "[1e999]", 'a.json:1:2: "1e999" is not a number that a page can show'),
        ("a.json", f"[{2**63}]", f"a.json:1:2: the number {2**63} is too large"),
        ("a.json", '["a\\u0000"]', ("a.json:1:2: the text contains the character U+0000, "
         "which no page can show")),
        ("a.json", "[" * 60 + "]" * 60, "a.json:1:52: this is nested too deeply"),
        ("a.json", "[1] 2", "a.json:1:5: JSON: text follows after the end"),
        ("a.toml", "a = nan\n", 'a.toml:1:5: "nan" is not a number that a page can show'),
        ("a.toml", "a = 1\na = 2\n", 'a.toml:2:1: "a" is given twice'),
        ("a.yaml", "a: 1\na: 2\n", 'a.yaml:2:1: "a" is given twice'),
        ("a.yaml", "# nothing\n", "a.yaml:1:1: the file holds comments only"),
        ("a.csv", " \n", "a.csv:1:1: the file is empty"),
        ("a.csv", b"n\nM\xfcller\n", "a.csv:2:2: the file is not UTF-8: byte 0xFC"),
        ("a.csv", "<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n", "a.csv:1:1: unresolved merge conflict"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(name: str, text: str | bytes, said: str) -> None:
    """With file, line and column, and what to do."""
    (first, *_) = told(f"data/{name}", text)
    assert first == said


def test_a_row_is_a_mapping_as_any_other() -> None:
    """Rows share the names of their columns, and are equal to mappings of the same texts."""
    (row,) = value_of("data/a.csv", "b,a\n1,2\n")
    same = FrozenMap({"b": "1", "a": "2"})
    assert (row, hash(row), repr(row), list(row)) == (same, hash(same), repr(same), ["b", "a"])
    assert "c" not in row
