"""Frozen copies of what YAML, TOML and JSON give: values that cannot change behind our back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any, Self


class FrozenMap(Mapping[str, Any]):
    """An immutable, hashable, picklable mapping of strings to frozen values.

    A copy of the mapping that it is made from; nested mappings and lists are frozen, too.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = {str(key): freeze(value) for key, value in (items or {}).items()}

    @classmethod
    def of_frozen(cls, items: dict[str, Any]) -> Self:
        """Return a mapping that takes over `items`, whose values are frozen, and are not copied."""
        made = cls.__new__(cls)
        made._items = items  # noqa: SLF001 - its own
        return made

    def __getitem__(self, key: str) -> Any:
        """Return the value of `key` or raise `KeyError`."""
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys in their order of writing."""
        return iter(self._items)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._items)

    def __hash__(self) -> int:
        """Hash by content, in any order, as equality compares."""
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        """Return a text that is equal for equal contents in equal order (it is fingerprinted)."""
        return f"FrozenMap({self._items!r})"

    def __reduce__(self) -> tuple[type[FrozenMap], tuple[dict[str, Any]]]:
        """Let the mapping travel between processes."""
        return (type(self), (self._items,))


class FrozenRow(FrozenMap):
    """A row of a table of texts, as a mapping: all rows of the table share the names of columns."""

    __slots__ = ("_cells", "_places")

    def __init__(self, places: Mapping[str, int], cells: tuple[str, ...]) -> None:
        """Take the place of each column, in their order, and the cells."""
        self._places = places
        self._cells = cells

    def __getitem__(self, key: str) -> str:
        """Return the cell of a column or raise `KeyError`."""
        return self._cells[self._places[key]]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the columns."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._places)

    def __hash__(self) -> int:
        """Hash by content, as a `FrozenMap` of the same content does."""
        return hash(frozenset(self.items()))

    def __repr__(self) -> str:
        """Return what a `FrozenMap` of the same content does."""
        return f"FrozenMap({dict(self)!r})"

    def __reduce__(self) -> Any:
        """Let the row travel between processes."""
        return (type(self), (self._places, self._cells))


EMPTY = FrozenMap()


def freeze(value: Any) -> Any:
    """Return `value` with every mapping as a `FrozenMap` and every list or set as a tuple.

    A date or time of TOML becomes its text, as one of YAML is: templates hold these values, and a
    `datetime` can be asked for the clock.
    """
    if isinstance(value, FrozenMap):
        return value
    if isinstance(value, Mapping):
        return FrozenMap(value)
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    if isinstance(value, (set, frozenset)):
        return tuple(freeze(item) for item in sorted(value, key=repr))
    if isinstance(value, (date, time)):
        return str(value)
    return value
