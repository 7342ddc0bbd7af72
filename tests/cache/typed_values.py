"""Values of the types that are stored: chosen by Hypothesis, and looked at for their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from sitegen.model import moments
from sitegen.model.frozen import FrozenMap
from sitegen.model.moments import Moment

FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 30, tzinfo=UTC)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
ZONES = st.sampled_from(["Asia/Tokyo", "Europe/Rome", "UTC", "+00:00", "-05:30"])
INSTANTS = st.integers(moments.of(FIRST).instant, moments.of(LAST).instant)
MOMENTS = st.builds(Moment, INSTANTS, ZONES)

NATURAL: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(TEXTS, inner, max_size=3).map(FrozenMap),
    ),
    max_leaves=6,
)
"""What a front matter holds that nobody has declared."""

PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bytes: st.binary(max_size=5),
    int: NUMBERS,
    float: st.floats(),
    bool: st.booleans(),
    NoneType: st.none(),
    Moment: MOMENTS,
    FrozenMap: st.dictionaries(TEXTS, NATURAL, max_size=3).map(FrozenMap),
}


def is_named_tuple(kind: Any) -> bool:
    """Whether a type is one of tuples with names for their fields."""
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


def values_of(kind: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one for each kind
    """Return a strategy for the values of a type: of what an annotation says."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.one_of([values_of(argument) for argument in arguments])
    if origin is tuple and arguments[1:] == (...,):
        return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values_of, arguments))
    if origin is dict:
        return st.dictionaries(*map(values_of, arguments), max_size=2)
    hints = get_type_hints(kind)
    if is_named_tuple(kind):
        return st.tuples(*map(values_of, hints.values())).map(kind._make)
    assert isinstance(kind, type)
    assert is_dataclass(kind)
    return st.builds(kind, **{name: values_of(hints[name]) for name in hints})


def is_of(kind: Any, value: Any) -> bool:  # noqa: PLR0911 - as above
    """Whether a value, and everything in it, is exactly of a type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is FrozenMap:
        return type(value) is FrozenMap and is_natural(value)
    if kind in PLAIN:
        return type(value) is kind
    if origin is Literal:
        return type(value) is str and value in arguments
    if origin in (Union, UnionType):
        return any(is_of(argument, value) for argument in arguments)
    if origin is tuple and arguments[1:] == (...,):
        return type(value) is tuple and all(is_of(arguments[0], item) for item in value)
    if origin is tuple:
        return type(value) is tuple and are_of(arguments, value)
    if origin is dict:
        return type(value) is dict and all(are_of(arguments, item) for item in value.items())
    if type(value) is not kind:
        return False
    parts = value if is_named_tuple(kind) else [getattr(value, one.name) for one in fields(kind)]
    return are_of(tuple(get_type_hints(kind).values()), parts)


def are_of(kinds: tuple[Any, ...], values: Any) -> bool:
    """Whether there are as many values as types, each of its own."""
    return len(kinds) == len(values) and all(map(is_of, kinds, values))


def is_natural(value: Any) -> bool:
    """Whether a value is what a front matter holds that nobody has declared."""
    if isinstance(value, Mapping):
        return all(type(key) is str and is_natural(item) for key, item in value.items())
    if type(value) is tuple:
        return all(map(is_natural, value))
    return type(value) in (str, int, float, bool, NoneType)
