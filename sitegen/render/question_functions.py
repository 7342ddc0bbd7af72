"""Kinds of question → the functions that templates call to ask them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from sitegen.cache.trace import Tracker
from sitegen.queries import KINDS
from sitegen.queries.kinds import Kind


class UnanswerableError(Exception):
    """A template asked for something that there is not. Shown at the template's line.

    `hint` is for the template's author.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def question_functions(tracker: Tracker) -> dict[str, Callable[..., Any]]:
    """Return the function of each kind of question that templates ask by itself, by its name."""
    return {kind.name: _asking(tracker, kind) for kind in KINDS.values() if kind.function}


def _asking(tracker: Tracker, kind: Kind) -> Callable[..., Any]:
    ask, name, count = tracker.ask, kind.name, len(kind.parameters)
    missing = kind.function.missing if kind.function else ""

    def ask_question(*arguments: Any, **named: Any) -> Any:
        if named or len(arguments) != count:
            arguments = _completed(kind, arguments, named)
        value = ask(name, *arguments)
        if value is None and missing:
            said = missing.format(**dict(zip(kind.parameters, arguments, strict=True)))
            message = f"there is no {said}"
            raise UnanswerableError(message)
        return value

    return ask_question


def _completed(kind: Kind, given: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return all arguments of a question in their order, with the defaults of those not given."""
    rest = dict(named)
    names = list(kind.parameters)
    arguments = list(given)
    for name in names[len(given) :]:
        value = rest.pop(name, kind.parameters[name])
        if value is inspect.Parameter.empty:
            message = f'{kind.name}() needs "{name}"'
            raise UnanswerableError(message, f"call it as {kind.signature()}")
        arguments.append(value)
    if rest or len(given) > len(names):
        values = f"{len(given)} value{'' if len(given) == 1 else 's'}"
        what = f'"{next(iter(rest))}"' if rest else values
        message = f"{kind.name}() does not take {what}"
        raise UnanswerableError(message, f"call it as {kind.signature()}")
    return tuple(arguments)
