"""Records come out as they were put in, or not at all."""

from __future__ import annotations

import random
import sqlite3
import string
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.cache.records import Records, pack, record_digest, seal, unpack, unseal
from sitegen.model.documents import Heading, Term
from sitegen.model.frozen import FrozenMap
from tests.incremental import damage

KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.text(max_size=5), st.binary(max_size=5)),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=5,
)
SEALED = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(max_size=5),
        st.binary(max_size=5),
        st.datetimes(timezones=st.sampled_from([ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Rome")])),
        st.builds(Term, st.text(max_size=3), st.text(max_size=3), st.text(max_size=3)),
        st.builds(Heading, st.integers(1, 6), st.text(max_size=3), st.text(max_size=3)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=3).map(FrozenMap),
    ),
    max_leaves=6,
)
"""What an article consists of."""

TABLES = st.dictionaries(KEYS, VALUES, max_size=5)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the records lie."""
    return tmp_path / "folder" / "records.sqlite"


def opened(place: Path, epoch: str = "one") -> Records:
    """Return the records at a place."""
    return Records(place, epoch)


def contents(place: Path, epoch: str = "one") -> tuple[dict[str, Any], str]:
    """Return what a new process reads from a table, and what it is told."""
    records = opened(place, epoch)
    found = dict(records.all("entries"))
    lost = records.lost
    records.close()
    return found, lost


def filled(place: Path) -> dict[str, Any]:
    """Write many records, and return them."""
    chance = random.Random(1)  # noqa: S311 - not for secrets
    values = {
        f"key {number}": "".join(chance.choices(string.printable, k=300)) for number in range(200)
    }
    records = opened(place)
    records.put("entries", values)
    records.close()
    return values


@settings(max_examples=25)
@given(TABLES, TABLES, st.sets(KEYS))
def test_what_is_put_in_comes_out(
    first: dict[str, Any], second: dict[str, Any], gone: set[str]
) -> None:
    """Later values replace earlier ones, and what is removed is gone, in a new process, too."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "records.sqlite"
        records = opened(place)
        records.put("entries", first)
        records.put_all({"entries": (second, gone), "meta": ({}, ())})
        expected = {key: value for key, value in first.items() if key not in gone} | second
        assert dict(records.all("entries")) == expected
        assert {key: records.get("entries", key) for key in expected} == expected
        records.close()
        assert contents(place) == (expected, "")


def test_tables_are_apart(place: Path) -> None:
    """A key in one table is none in another, and no other name is a table."""
    records = opened(place)
    records.put("entries", {"a": 1})
    assert records.get("articles", "a") is None
    assert dict(records.all("articles")) == {}
    with pytest.raises(ValueError, match="no table"):
        records.put("entries; DROP TABLE entries", {})
    records.close()


def test_a_record_made_elsewhere_is_stored_as_it_is(place: Path) -> None:
    """What another process has packed comes out like any other value."""
    records = opened(place)
    records.put("entries", {"a": pack("a", ("value", 1)), "b": pack("other key", 2)})
    assert records.get("entries", "a") == ("value", 1)
    assert records.get("entries", "b") is None  # it was packed for another key
    records.close()


def test_a_failed_write_changes_nothing(place: Path) -> None:
    """Of several tables all are written, or none."""
    records = opened(place)
    records.put("entries", {"a": 1})

    def broken() -> Iterator[str]:
        yield "a"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        records.put_all({"entries": ({"a": 2, "b": 2}, ()), "meta": ({}, broken())})
    assert dict(records.all("entries")) == {"a": 1}
    records.put("entries", {"c": 3})
    assert dict(records.all("entries")) == {"a": 1, "c": 3}
    records.close()


def test_another_epoch_begins_with_nothing(place: Path) -> None:
    """Records of another version are removed, and the reason is told."""
    filled(place)
    assert contents(place, "two") == ({}, "it was made by another version")
    assert contents(place, "two") == ({}, "")


def test_a_new_file_is_no_loss(place: Path) -> None:
    """Where there was nothing, nothing was lost."""
    assert contents(place) == ({}, "")


@pytest.mark.parametrize("kind", sorted(damage.CACHE.keys() - {"damage_bytecode"}))
@pytest.mark.parametrize("seed", range(4))
def test_damage_can_lose_a_record_but_not_change_one(place: Path, kind: str, seed: int) -> None:
    """Whatever happens to the file, a value that comes out is one that was put in."""
    values = filled(place)
    damage.CACHE[kind](place.parent, random.Random(seed))  # noqa: S311 - not for secrets
    found, lost = contents(place)
    assert found.items() <= values.items()
    if kind in {"zero", "garbage", "foreign_epoch"}:
        assert found == {}
        assert lost


@pytest.mark.parametrize("kind", sorted(damage.CACHE.keys() - {"damage_bytecode"}))
def test_what_was_damaged_can_be_renewed(place: Path, kind: str) -> None:
    """After any damage the records can be begun anew, and hold what is put in then."""
    filled(place)
    damage.CACHE[kind](place.parent, random.Random(0))  # noqa: S311 - not for secrets
    records = opened(place)
    dict(records.all("entries"))
    if records.lost:
        records.renew()
    records.put("entries", {"new": 1})
    records.close()
    assert contents(place)[0]["new"] == 1


@given(st.binary(max_size=60), KEYS, VALUES)
def test_no_other_bytes_are_a_record(data: bytes, key: str, value: object) -> None:
    """Bytes that were not packed for this key are nothing, and are never unpickled."""
    assert unpack(key, data) is None
    whole = pack(key, value)
    assert unpack(key, bytes(whole)) == value
    assert unpack(f"{key}!", bytes(whole)) is None
    assert unpack(key, bytes(whole[:-1])) is None
    assert unpack(key, None) is None


@pytest.mark.parametrize("kind", ["folder", "no folder"])
def test_a_place_that_cannot_be_had_keeps_nothing(place: Path, kind: str) -> None:
    """Without a file everything is read as absent, and a write says that it cannot be done."""
    if kind == "folder":
        (place / "inside").mkdir(parents=True)
    else:
        place.parent.write_text("a file in the place of the folder")
    records = opened(place)
    assert dict(records.all("entries")) == {}
    assert records.get("entries", "a") is None
    with pytest.raises(sqlite3.OperationalError):
        records.put("entries", {"a": 1})
    assert not records.changed_by_others()
    assert records.is_in_place()
    records.close()


def test_what_others_write_is_noticed(place: Path) -> None:
    """A process learns that another one has written, once, and not of what it wrote itself."""
    mine, other = opened(place), opened(place)
    mine.changed_by_others()
    mine.put("entries", {"a": 1})
    assert not mine.changed_by_others()
    other.put("entries", {"a": 2})
    assert mine.changed_by_others()
    assert not mine.changed_by_others()
    assert mine.get("entries", "a") == 2
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


def remade(value: Any) -> Any:
    """Return an equal value of which no part is the same object."""
    if isinstance(value, tuple):
        parts = [remade(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, FrozenMap):
        return FrozenMap({remade(key): remade(part) for key, part in value.items()})
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")
    return value


@given(SEALED)
def test_equal_values_have_one_sealed_record(value: Any) -> None:
    """Which parts of a value are one object does not show in its record."""
    once, twice = (value, remade(value)), (value, value)
    assert seal(once) == seal(twice)


@given(SEALED, SEALED)
def test_a_mark_tells_values_apart(value: Any, other: Any) -> None:
    """Values that say something else have another record, and it comes out as it was put in."""
    record = seal(value)
    assert repr(unseal(record, record_digest(record))) == repr(value)
    assert (record == seal(other)) == (repr(value) == repr(other))
    assert unseal(record, record_digest(b"another")) is None
    assert unseal(None, record_digest(record)) is None
