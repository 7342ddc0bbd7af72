"""Frozen copies of untyped data."""

import pickle
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model.frozen import EMPTY, FrozenMap, freeze

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=10,
)
TABLES = st.dictionaries(st.text(), VALUES, max_size=4)


def thawed(value: Any) -> Any:
    """Return a frozen value as lists and dictionaries."""
    if isinstance(value, FrozenMap):
        return {key: thawed(item) for key, item in value.items()}
    return [thawed(item) for item in value] if isinstance(value, tuple) else value


@given(TABLES)
def test_a_frozen_copy_says_the_same(table: dict[str, Any]) -> None:
    """Freezing loses nothing, not even the order of keys."""
    frozen = freeze(table)

    assert thawed(frozen) == table
    assert list(frozen) == list(table)
    assert len(frozen) == len(table)


@given(TABLES)
def test_a_frozen_copy_can_be_a_key(table: dict[str, Any]) -> None:
    """A frozen value is hashable however deep it is, and equal copies have equal hashes."""
    turned = dict(reversed(table.items()))

    assert freeze(table) == freeze(turned)
    assert hash(freeze(table)) == hash(freeze(turned))
    assert {freeze(table): 1}[freeze(turned)] == 1


@given(TABLES)
def test_a_frozen_copy_is_frozen(table: dict[str, Any]) -> None:
    """Freezing what is frozen changes nothing, so it can be done anywhere."""
    frozen = freeze(table)
    assert freeze(frozen) is frozen


@given(TABLES)
def test_a_frozen_copy_travels_between_processes(table: dict[str, Any]) -> None:
    """A pickled copy is the same, with the same text, since the text is fingerprinted."""
    copy = pickle.loads(pickle.dumps(freeze(table)))  # noqa: S301 - our own

    assert copy == freeze(table)
    assert repr(copy) == repr(freeze(table))


@pytest.mark.parametrize(
    "written", ["2024-11-04", "2024-11-04 21:54:00", "2024-11-04 21:54:00+09:00", "21:54:00"]
)
def test_dates_and_times_are_texts(written: str) -> None:
    """A template that holds one cannot ask it for the clock or the machine's time zone."""
    table = freeze(tomllib.loads(f"launch = {written}\nothers = [{written}]"))

    assert table == FrozenMap({"launch": written, "others": (written,)})


def test_a_change_of_the_original_does_not_show() -> None:
    """What was frozen does not follow what it was made from."""
    inner = ["a"]
    table = {"list": inner, "map": {"x": inner}}
    frozen = FrozenMap(table)

    inner.append("b")
    table["new"] = ["c"]

    assert thawed(frozen) == {"list": ["a"], "map": {"x": ["a"]}}


def test_a_frozen_map_cannot_be_changed() -> None:
    """There is no way to set a key."""
    with pytest.raises(TypeError):
        FrozenMap({"a": 1})["a"] = 2  # type: ignore[index]  # the point of the test


def test_a_missing_key_is_an_error() -> None:
    """Asking for what is not there raises `KeyError`, as any mapping does."""
    with pytest.raises(KeyError):
        EMPTY["a"]
    assert EMPTY.get("a") is None


def test_sets_have_an_order() -> None:
    """A set becomes the same tuple in every process, whatever the hashes of its texts are."""
    assert freeze({"b", "a", "c"}) == ("a", "b", "c")
    assert freeze(frozenset({2, 1})) == (1, 2)


def test_keys_are_texts() -> None:
    """YAML's other keys (`2024: …`) become texts, as templates ask for them."""
    assert freeze({2024: "x"})["2024"] == "x"
