"""Typed values ↔ bytes: data, and nothing else.

The bytes are MessagePack, and name no types: which types come out, the reader says. So whatever
the bytes are, reading them makes values of these types or fails, and runs nothing. Equal values
have equal bytes in every process, and different values different ones. A named tuple is an array
of its fields in their order, which may be read up to the field that is wanted.

What a type may consist of: texts, bytes, numbers of 64 bits, flags, None, tuples and mappings of
these, named tuples, structs and frozen dataclasses of ours, and what a front matter holds that
nobody has declared (`FrozenMap`). Not of `datetime`, whose zone would be lost: see `Moment`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date, time
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import (
    Any,
    Generic,
    NamedTuple,
    Optional,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from sitegen.model.documents import OwnKey, Term, interned
from sitegen.model.frozen import FrozenMap

Value = TypeVar("Value")


class UnfitError(ValueError):
    """Bytes that are no value of the type."""


class Encoding(Generic[Value]):
    """Encodes values of one type, and decodes them."""

    def __init__(self, kind: Any) -> None:
        """Take the type: what an annotation says."""
        self.kind = kind

    def encode(self, value: Value) -> bytes:
        """Return the bytes of a value. `TypeError` or `ValueError` if it cannot be encoded."""
        prepare = self._form.prepare
        return _ENCODER.encode(value if prepare is None else prepare(value))

    def decode(self, data: bytes) -> Value:
        """Return the value that has these bytes. Raises `UnfitError` if there is none."""
        try:
            value = self._decoder.decode(data)
            restore = self._form.restore
            found: Value = value if restore is None else restore(value)
        except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
            raise UnfitError(str(error)) from error
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        """Be made anew in another process: what msgspec makes of a type cannot be sent."""
        return Encoding, (self.kind,)

    @cached_property
    def _form(self) -> _Form:
        return _form(self.kind)

    @cached_property
    def _decoder(self) -> msgspec.msgpack.Decoder[Any]:
        return msgspec.msgpack.Decoder(self._form.wire)


_ENCODER = msgspec.msgpack.Encoder()


class _Form(NamedTuple):
    """How values of a type pass through msgspec, which knows most types itself."""

    wire: Any
    """The type that msgspec encodes and decodes."""
    prepare: Callable[[Any], Any] | None = None
    """Makes a value into one of `wire`; None for a type that msgspec knows. Not called for None."""
    restore: Callable[[Any], Any] | None = None
    """The way back. Raises `ValueError` for what it does not take. Not called for None."""


@cache
def _form(kind: Any) -> _Form:
    """Return the form of the values of a type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _LEAVES:
        form = _LEAVES[kind]
    elif origin in (Union, UnionType):
        form = _form_of_one(kind, [_form(part) for part in arguments if part is not NoneType])
    elif origin is tuple and arguments[1:] == (...,):
        form = _form_of_many(kind, _form(arguments[0]))
    elif origin is tuple:
        form = _form_of_row(kind, tuple, arguments)
    elif isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        form = _form_of_row(kind, kind, tuple(get_type_hints(kind).values()))
    else:
        form = _form_of_other(kind, arguments)
    return form


def _form_of_other(kind: Any, arguments: tuple[Any, ...]) -> _Form:
    """Return the form of what is left to msgspec; `TypeError` where it would not do as we do."""
    is_class = isinstance(kind, type)
    if is_class and issubclass(kind, (date, time)):
        raise TypeError(f"{kind} cannot be encoded with its zone; declare a Moment")
    has_fields = is_dataclass(kind) or (is_class and issubclass(kind, msgspec.Struct))
    parts = get_type_hints(kind).values() if has_fields else arguments
    if any(_form(part) != _Form(part) for part in parts):
        raise TypeError(f"{kind} has parts that cannot be encoded in this place")
    return _Form(kind)


def _form_of_one(kind: Any, forms: list[_Form]) -> _Form:
    """Return the form of what has one of several types."""
    if not any(form.prepare or form.restore for form in forms):
        return _Form(kind)
    (form,) = forms  # which of several it is could not be told
    return form._replace(wire=Optional[form.wire])  # noqa: UP045 - it is made at run time


def _form_of_many(kind: Any, form: _Form) -> _Form:
    """Return the form of tuples of any length."""
    wire, prepare, restore = form
    if prepare is None and restore is None:
        return _Form(kind)
    return _Form(
        tuple[wire, ...],  # type: ignore[valid-type]
        prepare and (lambda values: tuple(map(prepare, values))),
        restore and (lambda values: tuple(map(restore, values)) if values else ()),
    )


def _form_of_row(kind: Any, made: type, types: tuple[Any, ...]) -> _Form:
    """Return the form of tuples of as many values, each of its own type."""
    forms = [_form(item) for item in types]
    prepare = [(place, form.prepare) for place, form in enumerate(forms) if form.prepare]
    restore = [(place, form.restore) for place, form in enumerate(forms) if form.restore]
    if not prepare and not restore:
        return _Form(kind)

    def prepared(row: Any) -> list[Any]:
        values = list(row)
        for place, function in prepare:
            if values[place] is not None:
                values[place] = function(values[place])
        return values

    def remade(row: Any) -> Any:
        values = list(row)
        for place, function in restore:
            if values[place] is not None:
                values[place] = function(values[place])
        return new(made, values)

    new = tuple.__new__
    return _Form(tuple[tuple(form.wire for form in forms)], prepared, remade)  # type: ignore[misc]


_PLAIN = (str, int, float, bool, NoneType)


def _thawed(value: Any) -> Any:
    """Return what stands in a front matter, with mappings and tuples that can be encoded."""
    if type(value) is FrozenMap:
        return {key: _thawed(item) for key, item in value.items()}
    if type(value) is tuple:
        return [_thawed(item) for item in value]
    if type(value) in _PLAIN:
        return value
    raise TypeError(f"a value that cannot be stored: {value!r}")


def _frozen(value: Any) -> Any:
    """Undo `_thawed`."""
    if type(value) is dict:
        if not all(type(key) is str for key in value):
            raise ValueError("a key is no text")
        return FrozenMap.of_frozen({key: _frozen(item) for key, item in value.items()})
    if type(value) is list:
        return tuple(map(_frozen, value))
    if type(value) in _PLAIN:
        return value
    raise ValueError(f"{type(value)} is nothing that a front matter holds")


_LEAVES = {
    FrozenMap: _Form(dict[str, Any], _thawed, _frozen),
    Term: _Form(Term, None, interned),
    OwnKey: _Form(OwnKey, None, interned),
}
"""The types that msgspec does not know as we do."""
