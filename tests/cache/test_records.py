"""Records come out as they were put in, or not at all."""

from __future__ import annotations

import random
import sqlite3
import string
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.cache.records import (
    CHECK_SIZE,
    Records,
    Table,
    pack,
    record_digest,
    seal,
    unpack,
    unseal,
)
from tests.incremental import damage

KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


class Thing(NamedTuple):
    """A value to keep."""

    text: str
    number: int = 0
    data: bytes = b""
    inner: tuple[int, ...] = ()


VALUES = st.builds(
    Thing,
    KEYS,
    st.integers(-(2**63), 2**63 - 1),
    st.binary(max_size=5),
    st.lists(st.integers(0, 300), max_size=3).map(tuple),
)

THINGS: Table[Thing] = Table("things", Thing)
OTHERS: Table[Thing] = Table("others", Thing)
SEALED: Table[Thing] = Table("sealed", Thing, is_wide=True)
NAMED: Table[Thing] = Table("named", Thing, own_key="text")

KNOWN = (THINGS, OTHERS, SEALED, NAMED)

TABLES = st.dictionaries(KEYS, VALUES, max_size=5)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the records lie."""
    return tmp_path / "folder" / "records.sqlite"


def opened(place: Path, epoch: str = "one") -> Records:
    """Return the records at a place."""
    return Records(place, epoch, KNOWN)


def contents(place: Path, epoch: str = "one") -> tuple[dict[str, Thing], str]:
    """Return what a new process reads from a table, and what it is told."""
    records = opened(place, epoch)
    found = dict(records.all(THINGS))
    lost = records.lost
    records.close()
    return found, lost


def filled(place: Path) -> dict[str, Thing]:
    """Write many records, and return them."""
    chance = random.Random(1)  # noqa: S311 - not for secrets
    values = {
        f"key {number}": Thing("".join(chance.choices(string.printable, k=300)))
        for number in range(200)
    }
    records = opened(place)
    records.put(THINGS, values)
    records.close()
    return values


@settings(max_examples=25)
@given(TABLES, TABLES, st.sets(KEYS))
def test_what_is_put_in_comes_out(
    first: dict[str, Thing], second: dict[str, Thing], gone: set[str]
) -> None:
    """Later values replace earlier ones, and what is removed is gone, in a new process, too."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "records.sqlite"
        records = opened(place)
        records.put(THINGS, first)
        records.put_all({THINGS: (second, gone), OTHERS: ({}, ())})
        expected = {key: value for key, value in first.items() if key not in gone} | second
        assert dict(records.all(THINGS)) == expected
        assert {key: records.get(THINGS, key) for key in expected} == expected
        records.close()
        assert contents(place) == (expected, "")


def test_tables_are_apart(place: Path) -> None:
    """A key in one table is none in another."""
    records = opened(place)
    records.put(THINGS, {"a": Thing("one")})
    assert records.get(OTHERS, "a") is None
    assert dict(records.all(OTHERS)) == {}
    records.close()


def test_a_record_made_elsewhere_is_stored_as_it_is(place: Path) -> None:
    """What another process has packed comes out like any other value, but only in its place."""
    records = opened(place)
    made = {key: pack(THINGS, "a", Thing("one")) for key in ("a", "b")}
    records.put_all({THINGS: (made, ()), OTHERS: (made, ())})
    assert records.get(THINGS, "a") == Thing("one")
    assert records.lost == ""
    assert records.get(THINGS, "b") is None  # it was packed for another key
    assert records.get(OTHERS, "a") is None  # and for another table
    assert records.lost == "a part of it was damaged"
    records.close()


def test_a_value_and_its_key_share_their_text(place: Path) -> None:
    """A value that holds its key gives it, so that one text is kept; another key is damage."""
    records = opened(place)
    records.put(NAMED, {"a name": Thing("a name")})
    ((key, value),) = records.all(NAMED)
    assert key is value.text
    records.put_all({NAMED: ({"another": pack(NAMED, "another", Thing("a name"))}, ())})
    assert [key for key, _ in records.all(NAMED)] == ["a name"]
    assert records.lost == "a part of it was damaged"
    records.close()


def test_a_failed_write_changes_nothing(place: Path) -> None:
    """Of several tables all are written, or none."""
    records = opened(place)
    records.put(THINGS, {"a": Thing("1")})

    def broken() -> Iterator[str]:
        yield "a"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        records.put_all({THINGS: ({"a": Thing("2"), "b": Thing("2")}, ()), OTHERS: ({}, broken())})
    assert dict(records.all(THINGS)) == {"a": Thing("1")}
    records.put(THINGS, {"c": Thing("3")})
    assert dict(records.all(THINGS)) == {"a": Thing("1"), "c": Thing("3")}
    records.close()


def test_another_epoch_begins_with_nothing(place: Path) -> None:
    """Records of another version are removed, and the reason is told."""
    filled(place)
    assert contents(place, "two") == ({}, "it was made by another version")
    assert contents(place, "two") == ({}, "")


def test_a_new_file_is_no_loss(place: Path) -> None:
    """Where there was nothing, nothing was lost."""
    assert contents(place) == ({}, "")


@pytest.mark.parametrize("kind", sorted(damage.FILES))
@pytest.mark.parametrize("seed", range(4))
def test_damage_can_lose_a_record_but_not_change_one(place: Path, kind: str, seed: int) -> None:
    """Whatever happens to the file, a value that comes out is one that was put in."""
    values = filled(place)
    damage.FILES[kind](place.parent, random.Random(seed))  # noqa: S311 - not for secrets
    found, lost = contents(place)
    assert found.items() <= values.items()
    if kind in {"zero", "garbage", "foreign_epoch"}:
        assert found == {}
        assert lost


@pytest.mark.parametrize("kind", sorted(damage.FILES))
def test_what_was_damaged_can_be_renewed(place: Path, kind: str) -> None:
    """After any damage the records can be begun anew, and hold what is put in then."""
    filled(place)
    damage.FILES[kind](place.parent, random.Random(0))  # noqa: S311 - not for secrets
    records = opened(place)
    dict(records.all(THINGS))
    if records.lost:
        records.renew()
    records.put(THINGS, {"new": Thing("new")})
    records.close()
    assert contents(place)[0]["new"] == Thing("new")


@given(st.binary(max_size=60), KEYS, VALUES)
def test_no_other_bytes_are_a_record(data: bytes, key: str, value: Thing) -> None:
    """Bytes that were not packed for this key of this table are nothing."""
    assert unpack(THINGS, key, data) is None
    whole = pack(THINGS, key, value)
    assert unpack(THINGS, key, bytes(whole)) == value
    assert unpack(THINGS, f"{key}!", bytes(whole)) is None
    assert unpack(OTHERS, key, bytes(whole)) is None
    assert unpack(THINGS, key, bytes(whole[:-1])) is None
    assert unpack(THINGS, key, None) is None


@given(VALUES, VALUES)
def test_records_can_be_compared_without_being_read(one: Thing, other: Thing) -> None:
    """Two values of a key are the same where the first bytes of their records are."""
    first, second = (pack(THINGS, "key", value)[:CHECK_SIZE] for value in (one, other))
    assert (first == second) == (one == other)


@given(VALUES, VALUES)
def test_a_sealed_record_comes_out_for_its_digest(value: Thing, other: Thing) -> None:
    """The digest of a sealed record stands for the value, and nothing else comes out for it."""
    record = seal(SEALED, value)
    assert unseal(SEALED, record, record_digest(record)) == value
    assert unseal(SEALED, record, record_digest(b"another")) is None
    assert unseal(SEALED, None, record_digest(record)) is None
    assert (record_digest(record) == record_digest(seal(SEALED, other))) == (value == other)


@pytest.mark.parametrize("kind", ["folder", "no folder"])
def test_a_place_that_cannot_be_had_keeps_nothing(place: Path, kind: str) -> None:
    """Without a file everything is read as absent, and a write says that it cannot be done."""
    if kind == "folder":
        (place / "inside").mkdir(parents=True)
    else:
        place.parent.write_text("a file in the place of the folder")
    records = opened(place)
    assert dict(records.all(THINGS)) == {}
    assert records.get(THINGS, "a") is None
    with pytest.raises(sqlite3.OperationalError):
        records.put(THINGS, {"a": Thing("1")})
    assert not records.changed_by_others()
    assert records.is_in_place()
    records.close()


def test_what_others_write_is_noticed(place: Path) -> None:
    """A process learns that another one has written, once, and not of what it wrote itself."""
    mine, other = opened(place), opened(place)
    mine.changed_by_others()
    mine.put(THINGS, {"a": Thing("1")})
    assert not mine.changed_by_others()
    other.put(THINGS, {"a": Thing("2")})
    assert mine.changed_by_others()
    assert not mine.changed_by_others()
    assert mine.get(THINGS, "a") == Thing("2")
    mine.close()
    other.close()


def test_a_file_that_was_taken_away_is_noticed(place: Path) -> None:
    """A file that is open though it was removed or replaced keeps nothing for anybody."""
    records = opened(place)
    assert records.is_in_place()
    place.unlink()
    assert not records.is_in_place()
    opened(place).close()
    assert not records.is_in_place()
    records.close()
