"""Kinds of question → the functions that templates call to ask them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from sitegen.cache.trace import Tracker
from sitegen.model.errors import did_you_mean
from sitegen.queries import KINDS
from sitegen.queries.kinds import Kind
from sitegen.render.mistakes import TemplateMistakeError
from sitegen.render.nouns import noun
from sitegen.render.undefined import require_defined


class UnanswerableError(TemplateMistakeError):
    """A template asked for something that there is not."""


def question_functions(tracker: Tracker) -> dict[str, Callable[..., Any]]:
    """Return the function of each kind of question that templates ask by itself, by its name."""
    return {kind.name: _asking(tracker, kind) for kind in KINDS.values() if kind.function}


def _asking(tracker: Tracker, kind: Kind) -> Callable[..., Any]:
    ask, name, types = tracker.ask, kind.name, _types(kind.answer)
    missing = kind.function.missing if kind.function else ""

    def ask_question(*arguments: Any, **named: Any) -> Any:
        if named or tuple(map(type, arguments)) != types:
            arguments = _checked(kind, _completed(kind, arguments, named))
        try:
            value = ask(name, *arguments)
        except (LookupError, AttributeError):
            if "taxonomy" in kind.parameters:
                name_given = arguments[list(kind.parameters).index("taxonomy")]
                check_taxonomy(name_given, ask("setting", "taxonomies"))
            raise
        if value is None and missing:
            said = missing.format(**dict(zip(kind.parameters, arguments, strict=True)))
            message = f"there is no {said}"
            raise UnanswerableError(message, name=name)
        return value

    ask_question.__name__ = name
    return ask_question


@cache
def _types(answer: Callable[..., Any]) -> tuple[type, ...]:
    """Return the types of a question's arguments: each is a text or a number."""
    _, *parameters = inspect.signature(answer).parameters.values()
    return tuple(_KINDS[str(item.annotation)] for item in parameters)


_KINDS: Mapping[str, type] = {"str": str, "int": int}


def _checked(kind: Kind, arguments: tuple[Any, ...]) -> tuple[str | int, ...]:
    """Return the arguments as they stand in a question: nothing but texts and numbers."""
    checked: list[str | int] = []
    types = _types(kind.answer)
    for name, value, wanted in zip(kind.parameters, arguments, types, strict=True):
        require_defined(value)
        if wanted is str and isinstance(value, str):
            checked.append("".join(value))  # markup becomes the text that it is
        elif type(value) is wanted:
            checked.append(value)  # type: ignore[arg-type]  # a number
        else:
            given = "a fraction" if type(value) is float else noun(value).name
            what = "a whole number" if wanted is int else "a text"
            message = f'"{name}" of {kind.name}() must be {what}, not {given}'
            raise UnanswerableError(message, f"call it as {kind.signature()}", name=kind.name)
    return tuple(checked)


def check_taxonomy(name: Any, known: Iterable[str]) -> None:
    """Raise `UnanswerableError` if there is no taxonomy of this name, with those that there are."""
    if name not in known:
        if not isinstance(name, str):
            raise UnanswerableError(f'"taxonomy" must be a text, not {noun(name).name}')
        hint = did_you_mean(name, known) or f"known taxonomies: {', '.join(filter(None, known))}"
        raise UnanswerableError(f'unknown taxonomy "{name}"', hint, name=name)


def _completed(kind: Kind, given: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return all arguments of a question in their order, with the defaults of those not given."""
    rest = dict(named)
    names = list(kind.parameters)
    arguments = list(given)
    for name in names[len(given) :]:
        value = rest.pop(name, kind.parameters[name])
        if value is inspect.Parameter.empty:
            message = f'{kind.name}() needs "{name}"'
            raise UnanswerableError(message, f"call it as {kind.signature()}", name=kind.name)
        arguments.append(value)
    if rest or len(given) > len(names):
        values = f"{len(given)} value{'' if len(given) == 1 else 's'}"
        what = f'"{next(iter(rest))}"' if rest else values
        message = f"{kind.name}() does not take {what}"
        raise UnanswerableError(message, f"call it as {kind.signature()}", name=kind.name)
    return tuple(arguments)
