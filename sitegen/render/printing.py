"""Values → text. What has no text of its own is refused wherever a template makes text of values.

Python would show a function or a lazy value by its address, which is another one in each process,
and all else as a programmer writes it.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

import jinja2
from jinja2.environment import TemplateModule

from sitegen.model.moments import Moment
from sitegen.render.mistakes import TemplateMistakeError
from sitegen.render.nouns import NOTHING, function_name, is_function, noun, signature

_PRINTABLE = (str, int, float, Moment, jinja2.Undefined)
"""What is undefined complains by itself."""


class UnprintableError(TemplateMistakeError):
    """A template makes text of a `value` that has none."""

    def __init__(self, value: Any) -> None:
        if is_function(value):
            super().__init__(*not_called(value), name=function_name(value))
        elif value is None:
            super().__init__("there is nothing to print", NOTHING.hint)
        else:
            found = noun(value)
            super().__init__(f"{found.name} cannot be printed whole", found.instead or None)
        self.value = value


def not_called(function: Any) -> tuple[str, str]:
    """Return message and hint for a function that stands where its answer is meant."""
    name = function_name(function)
    return f"{name} is a function, and was not called", f"call it as {signature(function)}"


def text_of(value: Any) -> str:
    """Return the text of a value; markup for what is HTML.

    Raises `UnprintableError` for a value without one.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, _PRINTABLE):
        return str(value)
    if isinstance(value, TemplateModule):
        return value.__html__()
    raise UnprintableError(value)


def check_texts(values: Iterable[Any]) -> None:
    """Raise `UnprintableError` if one of the values has no text."""
    for value in values:
        if type(value) is not str:
            text_of(value)


def checked_texts(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return values that are to be joined; see `check_texts`."""
    check_texts(values)
    return values


def remainder(left: Any, right: Any) -> Any:
    """Return `left % right`: of a text, what it becomes with values put in."""
    if isinstance(left, str):
        check_texts(_inserted(right))
    return left % right


def _inserted(values: Any) -> Iterable[Any]:
    if isinstance(values, Mapping):
        return values.values()
    return values if type(values) is tuple else (values,)


def filled(text: str, /, *values: Any, **named: Any) -> str:
    """Return a text with values put in, as `str.format` does it.

    Raises `TemplateMistakeError` for a value without a text, and for one that is missing.
    """
    check_texts((*values, *named.values()))
    for _, field, _, _ in _fields(text):
        if field and set(field) & set(".["):
            message = f'"{{{field}}}" asks for a part of a value'
            raise TemplateMistakeError(message, "give the part alone", name=field)
    try:
        return text.format(*values, **named)
    except KeyError as error:
        name = error.args[0]
        message = f'the text "{text}" needs "{name}"'
        raise TemplateMistakeError(message, f"give it as `{name}=…`") from None
    except (IndexError, ValueError, TypeError):
        message = f'the values do not fit the text "{text}"'
        raise TemplateMistakeError(message) from None


def _fields(text: str) -> Iterable[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(string.Formatter().parse(text))
    except ValueError:
        return []  # `str.format` complains, too


def formatter(text: str) -> Callable[..., str]:
    """Return the `format` method of a text."""

    @wraps(text.format)
    def format(*values: Any, **named: Any) -> str:  # noqa: A001 - as templates call it
        return filled(text, *values, **named)

    return format
