"""Values that nobody has declared a type for."""

import pytest

from sitegen.model.frozen import FrozenMap
from sitegen.parse.nodes import (
    Array,
    FrontMatterError,
    Member,
    Scalar,
    Table,
    check_characters,
    untyped_value,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("3", 3), ("-3", -3), ("0", 0), ("1.5", 1.5), ("-0.25", -0.25),
        ("1.10", "1.10"), ("007", "007"), ("+3", "+3"), ("1e3", "1e3"), ("yes", "yes"),
        ("2024-11-04", "2024-11-04"), ("9" * 30, "9" * 30), ("0.1234567890123456789",) * 2,
    ],
)  # fmt: skip
def test_natural(text: str, value: object) -> None:
    """Plain words become values where nothing of what was written is lost; quoted ones stay."""
    found = untyped_value(Scalar(text, 1, 1, plain=True))
    assert found == value
    assert type(found) is type(value)
    assert untyped_value(Scalar(text, 1, 1, plain=False)) == text


def test_natural_of_lists_and_tables() -> None:
    """Lists and tables become frozen ones."""
    three = Scalar("3", 1, 1, plain=True)
    table = Table({"a": Member("a", 1, 1, Array((three, three), 1, 1))}, 1, 1)
    assert untyped_value(table) == FrozenMap({"a": (3, 3)})


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x85", "\ud800", "\ufffe"])
def test_check_characters(sign: str) -> None:
    """A character that no page can show is found in any text and key, unless it is white space."""
    bad, good = (Scalar(text, 4, 2, plain=False) for text in (f"x{sign}", "x\n\ty"))
    for node in (bad, Array((good, bad), 1, 1), Table({"a": Member("a", 1, 1, bad)}, 1, 1)):
        if sign == "\x85":
            check_characters(node)
            continue
        with pytest.raises(FrontMatterError) as caught:
            check_characters(node)
        assert (caught.value.line, caught.value.column) == (4, 2)
    if sign != "\x85":
        with pytest.raises(FrontMatterError):
            check_characters(Table({"a": Member(f"a{sign}", 1, 1, good)}, 1, 1))
