"""Whatever the bytes are, what comes out of them is of the type that was asked for, or nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.cache.encoding import Encoding, UnfitError
from sitegen.cache.records import Table
from sitegen.cache.tables import OF_OUTPUT, OF_SITE
from sitegen.model.documents import Term
from sitegen.model.frozen import FrozenMap
from sitegen.model.moments import Moment
from tests.cache.typed_values import NATURAL, is_of, values_of

TABLES: list[Table[Any]] = [*OF_SITE, *OF_OUTPUT]

tables = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


def kind_of(table: Table[Any]) -> Any:
    """Return the type of the values of a table."""
    return table.encoding.kind


@tables
@settings(max_examples=30)
@given(data=st.data())
def test_what_is_encoded_comes_out(table: Table[Any], data: st.DataObject) -> None:
    """A value of every table comes out as it was put in, down to its types."""
    value = data.draw(values_of(kind_of(table)))
    found = table.encoding.decode(table.encoding.encode(value))
    assert repr(found) == repr(value)
    assert is_of(kind_of(table), found)


@tables
@settings(max_examples=30)
@given(data=st.data())
def test_equal_values_have_equal_bytes(table: Table[Any], data: st.DataObject) -> None:
    """Which parts of a value are one object does not show; values that differ have other bytes."""
    kind = values_of(kind_of(table))
    value, other = data.draw(kind), data.draw(kind)
    encode = table.encoding.encode
    assert encode(copy.deepcopy(value)) == encode(value)
    assert (encode(value) == encode(other)) == (repr(value) == repr(other))


def spoilt(data: bytes) -> st.SearchStrategy[bytes]:
    """Return bytes that are near to some others."""
    places = st.integers(0, len(data) - 1)
    return st.one_of(
        places.map(lambda place: data[:place]),
        st.tuples(places, st.binary(max_size=2)).map(
            lambda found: data[: found[0]] + found[1] + data[found[0] + 1 :]
        ),
        st.tuples(places, places).map(lambda found: data[: max(found)] + data[min(found) :]),
    )


@tables
@settings(max_examples=30)
@given(data=st.data())
def test_other_bytes_are_a_value_or_nothing(table: Table[Any], data: st.DataObject) -> None:
    """Whatever stands in a file gives a value of the table's type, or one error."""
    whole = table.encoding.encode(data.draw(values_of(kind_of(table))))
    found = data.draw(st.one_of(spoilt(whole), st.binary(max_size=40)))
    with suppress(UnfitError):
        assert is_of(kind_of(table), table.encoding.decode(found))


@tables
@pytest.mark.parametrize("opening", [b"\x91", b"\x81\xa1a", b"\xdd\xff\xff\xff\xff", b"\x92\xc0"])
def test_bytes_without_end_are_nothing(table: Table[Any], opening: bytes) -> None:
    """Lists in lists in lists, and lists that say they are long, end no process."""
    for data in (opening, opening * 200_000):
        with pytest.raises(UnfitError):
            table.encoding.decode(data)


@pytest.mark.parametrize("opening", [b"\x91", b"\x81\xa1a"])
def test_a_front_matter_without_end_is_nothing(opening: bytes) -> None:
    """Where a type leaves open what there is, it is not looked at without end."""
    with pytest.raises(UnfitError):
        Encoding[FrozenMap](FrozenMap).decode(b"\x81\xa1a" + opening * 200_000 + b"\xc0")


@given(NATURAL)
def test_what_a_front_matter_holds_comes_out(value: Any) -> None:
    """Flags, whole and broken numbers, lists and tables stay what they are, in their order."""
    encoding = Encoding[FrozenMap](FrozenMap)
    table = FrozenMap({"z": value, "a": value})
    assert repr(encoding.decode(encoding.encode(table))) == repr(table)


class Stranger:
    """A value that no file of a site can bring in."""

    def __iter__(self) -> Iterator[str]:
        """Look like a list."""
        return iter("abc")


@pytest.mark.parametrize("value", [Stranger(), Moment(0, "UTC"), b"x"])
def test_what_would_come_out_otherwise_is_not_encoded(value: Any) -> None:
    """A value that is not known is an error where it is stored, and not where it is missed."""
    for held in (value, (value,), FrozenMap({"inner": value})):
        with pytest.raises(TypeError):
            Encoding[FrozenMap](FrozenMap).encode(FrozenMap({"key": held}))


@pytest.mark.parametrize(
    "planted",
    [
        {"key": {1: "a"}},
        {"key": [b"x"]},
        {"key": msgspec.msgpack.Ext(5, b"x")},
        {"key": datetime(2024, 11, 4, tzinfo=UTC)},
        {1: "a"},
        ["key"],
    ],
    ids=["key", "bytes", "extension", "date", "number", "list"],
)
def test_what_no_front_matter_holds_is_nothing(planted: Any) -> None:
    """A template gets to hold what a front matter can say, and nothing else."""
    with pytest.raises(UnfitError):
        Encoding[FrozenMap](FrozenMap).decode(msgspec.msgpack.encode(planted))


@dataclass(frozen=True)
class Dated:
    """A value with something in it that would come out without its zone."""

    at: datetime


@pytest.mark.parametrize(
    "kind", [datetime, dict[str, datetime], dict[str, FrozenMap], Dated, list[Term]], ids=str
)
def test_a_type_with_parts_that_would_come_out_otherwise_is_refused(kind: Any) -> None:
    """Whoever declares a table learns at once what its values cannot consist of."""
    with pytest.raises(TypeError, match="cannot be encoded"):
        Encoding[Any](kind).encode(None)


def test_terms_come_out_once() -> None:
    """A hundred thousand articles have some hundred terms: equal ones are one value."""
    encoding = Encoding[tuple[Term, ...]](tuple[Term, ...])
    data = encoding.encode((Term("Flood", "flood", "/tag/flood/"),))
    assert encoding.decode(data)[0] is encoding.decode(bytes(data))[0]


@pytest.mark.parametrize(
    "planted",
    [
        [0, "Nowhere/Else"],
        [0, "../../etc/passwd"],
        [0, "/etc/localtime"],
        [0, "Europe"],
        [0, "+99:00"],
        [0, "a\0b"],
        [2**62, "UTC"],
        [0.5, "UTC"],
        ["2024-11-04", "UTC"],
        [0],
        datetime(2024, 11, 4, tzinfo=UTC),
    ],
    ids=repr,
)
def test_what_is_no_moment_is_nothing(planted: Any) -> None:
    """A planted record cannot have us read a file that is no time zone, or leave the calendar."""
    with pytest.raises(UnfitError):
        Encoding[Moment](Moment).decode(msgspec.msgpack.encode(planted))


def test_the_tables_are_all_there() -> None:
    """Every table is one that these tests look at, and no two have one name."""
    names = [table.name for table in TABLES]
    assert len(set(names)) == len(names)
    source = Path(Table.__init__.__code__.co_filename).with_name("tables.py").read_text("utf-8")
    assert source.count("] = Table(") == len(names)
