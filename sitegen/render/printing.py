"""Values that a template prints: those without a text of their own are refused.

Python shows a function or an iterator by its place in memory, which is another one in each process:
a page that prints it would never be the same twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jinja2

from sitegen.render.question_functions import UnanswerableError

_FUNCTION = ("a function cannot be printed", "call it: its name and then ()")
_ONCE = ("this cannot be printed, only gone through", "write it as `… | list`, or use {% for %}")
_NOTHING = ("this has no text that could be printed", "print one of its attributes")


def check_printable(value: Any) -> None:
    """Raise `UnanswerableError` for a value that Python shows by its place in memory."""
    kind = type(value)
    if issubclass(kind, jinja2.Undefined):
        str(value)  # it says itself what is wrong, which a list around it would not have it do
        return
    if hasattr(kind, "__html__"):
        return
    if callable(value):
        raise UnanswerableError(*_FUNCTION)
    if isinstance(value, Iterator):
        raise UnanswerableError(*_ONCE)
    ways: tuple[object, object] = (kind.__str__, kind.__repr__)
    if ways == (object.__str__, object.__repr__):
        raise UnanswerableError(*(_ONCE if isinstance(value, Iterable) else _NOTHING))
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        for item in value:
            check_printable(item)
