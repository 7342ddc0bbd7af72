"""TOML, JSON and header lines: values as written, with their places."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.parse.formats import read_json, read_lines, read_toml
from sitegen.parse.nodes import Array, FrontMatterError, Member, Node, Scalar, Table


def test_toml_values() -> None:
    """A TOML value is the text that was written; dates are in ISO 8601, times stay times."""
    table = read_toml('a = 1.10\nb = true\nc = 2024-11-04\nd = "x"\ne = 21:54:00\nf = 7\n', 2)
    texts = {
        name: (member.node.text, member.node.plain)
        for name, member in table.members.items()
        if isinstance(member.node, Scalar)
    }
    assert texts == {
        "a": ("1.10", True),
        "b": ("true", True),
        "c": ("2024-11-04", True),
        "d": ("x", False),
        "e": ("21:54:00", True),
        "f": ("7", True),
    }


def test_toml_places() -> None:
    """A TOML key and its value have their places, in tables and arrays of tables, too."""
    text = '\ntitle = "x"\n\n[image]\nsrc = "y"\n\n[[corrections]]\ntext = "z"\n'
    table = read_toml(text, 1)
    assert table.members["title"][1:3] == (2, 1)
    assert table.members["title"].node[1:3] == (2, 9)
    image = table.members["image"].node
    assert isinstance(image, Table)
    assert image.members["src"].node == Scalar("y", 5, 7, plain=False)
    corrections = table.members["corrections"].node
    assert isinstance(corrections, Array)
    first = corrections.nodes[0]
    assert isinstance(first, Table)
    assert first.members["text"].node == Scalar("z", 8, 8, plain=False)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5_000, "a = 1" + "0" * 5_000, "a = " + "{a = " * 99]
)
def test_toml_refused(text: str) -> None:
    """TOML that Python cannot read is refused, however it fails."""
    with pytest.raises(FrontMatterError):
        read_toml(text, 1)


def test_json_places() -> None:
    """A JSON value has its place and the text that was written; the end of the object is told."""
    text = '{\n "a": [1.10, null, true],\n "b\\u0021": {"c": "x\\ny"}} rest'
    table, end = read_json(text, 1)
    assert text[end:] == " rest"
    items = table.members["a"].node
    assert items == Array(
        (
            Scalar("1.10", 2, 8, plain=True),
            Scalar("null", 2, 14, plain=True),
            Scalar("true", 2, 20, plain=True),
        ),
        2,
        7,
    )
    inner = table.members["b!"].node
    assert isinstance(inner, Table)
    assert inner.members["c"] == Member("c", 3, 14, Scalar("x\ny", 3, 19, plain=False))


@pytest.mark.parametrize(
    "text", ["[1]", "{", '{"a": ' * 5_000, '{"a": ' + "9" * 5_000 + "}", "{a: 1}"]
)
def test_json_refused(text: str) -> None:
    """JSON that is broken or beyond reason is refused, however it fails."""
    with pytest.raises(FrontMatterError):
        read_json(text, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"a": "x\n y",\n "title": "Flood,\n "date": "2024-11-04"}',
            "this quotation mark is closed on line 4, where text follows",
        ),
        ('{"a": "x",\n\n "title": "Flood\n}', "this quotation mark is never closed"),
    ],
)
def test_an_open_quotation_mark_in_json_is_told_where_it_is(text: str, message: str) -> None:
    """Not where the mark of the next text closes it; a text of two lines is no fault."""
    with pytest.raises(FrontMatterError) as caught:
        read_json(text, 1)
    assert (caught.value.line, caught.value.column, caught.value.message) == (3, 11, message)


def test_a_text_of_two_lines_is_not_suspected() -> None:
    """A fault behind it is told as what it is."""
    with pytest.raises(FrontMatterError, match="JSON: ") as caught:
        read_json('{"a": "x\ny",, "b": 1}', 1)
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ('{"a": }', 3, 7, None),
        ('{\n "a": }', 4, 7, None),
        ('{\n\n "a": [1, \n ]}', 5, 9, "remove it"),
        ('{"a": 1,}', 3, 8, "remove it"),
        ("[1]", 3, 1, None),
        ('\n{"a": ' + "9" * 5_000 + "}", 3, 1, None),
    ],
)
def test_json_errors_have_their_place(text: str, line: int, column: int, hint: str | None) -> None:
    """In the file, whose line 3 the text is to begin at; a comma too many is told itself."""
    with pytest.raises(FrontMatterError) as caught:
        read_json(text, 3)
    assert (caught.value.line, caught.value.column, caught.value.hint) == (line, column, hint)


def value_of(node: Node) -> object:
    """Return what a node from JSON stands for."""
    if isinstance(node, Table):
        return {name: value_of(member.node) for name, member in node.members.items()}
    if isinstance(node, Array):
        return [value_of(item) for item in node.nodes]
    return json.loads(node.text) if node.plain else node.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), json_values), st.sampled_from([None, 2]), st.booleans())
def test_json_is_read_as_json_reads_it(value: object, indent: int | None, ascii_only: bool) -> None:  # noqa: FBT001 (Hypothesis gives it)
    """The tree with places says the same as Python's own reading."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    table, end = read_json(f"{text}\nbody", 1)
    assert value_of(table) == value
    assert end == len(text)


def test_lines() -> None:
    """Header lines end where the text begins."""
    table, end = read_lines("Title: x\n    more\nSlug: y\nText: no, this is one more\nText.\n", 1)
    assert list(table.members) == ["title", "slug", "text"]
    assert end == len("Title: x\n    more\nSlug: y\nText: no, this is one more\n")
    assert table.members["title"].node == Scalar("x\nmore", 1, 8, plain=False)


def test_lines_twice() -> None:
    """A header given twice is refused with both lines."""
    with pytest.raises(FrontMatterError) as caught:
        read_lines("Title: x\ntitle: y\n", 1)
    assert caught.value.hint == "the first is on line 1; keep one"
