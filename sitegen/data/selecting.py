"""A selector → the part of a value that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sitegen.model.data import Selector


class Found(NamedTuple):
    """A part of a value, which may be nothing (`null`): unlike one that there is not."""

    value: Any


def select(value: Any, selector: Selector) -> Found | None:
    """Return the part of a frozen value that a selector names, or None if there is none.

    A text names a key of a table, and of a list of tables the first with a field that has a value:
    `"slug=ann"`. A number names an item of a list, from 0; from -1 back from its end.
    """
    for step in selector:
        found = _part(value, step)
        if found is None:
            return None
        value = found.value
    return Found(value)


def _part(value: Any, step: str | int) -> Found | None:
    if isinstance(value, Mapping):
        return Found(value[step]) if isinstance(step, str) and step in value else None
    if not isinstance(value, tuple):
        return None
    if isinstance(step, int):
        return Found(value[step]) if -len(value) <= step < len(value) else None
    name, equals, wanted = step.partition("=")
    if not equals:
        return None
    for item in value:
        if isinstance(item, Mapping) and name in item and field_text(item[name]) == wanted:
            return Found(item)
    return None


def field_text(value: Any) -> str | None:
    """Return a field of a row as a text, as a page shows it; None for what has none."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (str, int, float)) else None


def known_steps(value: Any) -> list[str]:
    """Return what a selector could name in a value, for messages."""
    return [step for step in value if isinstance(step, str)] if isinstance(value, Mapping) else []
