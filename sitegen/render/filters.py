"""The filters of templates: Jinja2's own, of which those that make text refuse what has none.

None of them reads anything but what it is given: Jinja2 folds them with constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

import jinja2
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.filters import make_attrgetter
from jinja2.nodes import EvalContext

from sitegen.model.frozen import FrozenMap
from sitegen.render.mistakes import TemplateMistakeError
from sitegen.render.nouns import is_function, noun
from sitegen.render.printing import UnprintableError, check_texts, text_of

LEFT_OUT = ("random", "pprint")
"""One gives something else each time, one shows values as Python has them."""

_Check = Callable[..., Iterable[Any]]
"""Takes what a filter is given, and returns what it makes text of."""


def _its_value(value: Any, *_rest: Any, **_named: Any) -> Iterable[Any]:
    return (value,)


def _all(*values: Any, **named: Any) -> Iterable[Any]:
    return (*values, *named.values())


def _given(value: Any, *rest: Any, **named: Any) -> Iterable[Any]:
    return (value, *(item for item in (*rest, *named.values()) if item is not None))


def _attributes(value: Any, *_rest: Any, **_named: Any) -> Iterable[Any]:
    if not isinstance(value, Mapping):
        return ()
    return (
        item
        for item in value.values()
        if item is not None and not isinstance(item, jinja2.Undefined)
    )


_MAKE_TEXT: Mapping[str, _Check] = {
    **dict.fromkeys(
        (
            *("capitalize", "center", "e", "escape", "filesizeformat", "forceescape", "indent"),
            *("lower", "safe", "string", "striptags", "title", "trim", "truncate", "upper"),
            *("wordcount", "wordwrap"),
        ),
        _its_value,
    ),
    "format": _all,
    "replace": _all,
    "urlize": _given,
    "xmlattr": _attributes,
}
"""What each filter that makes text makes it of."""


def _checked(function: Callable[..., Any], check: _Check) -> Callable[..., Any]:
    """Return a filter that looks first whether all that it is to make text of has one."""
    first = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def filtered(*arguments: Any, **named: Any) -> Any:
        if check is not _its_value:
            check_texts(check(*arguments[first:], **named))
        elif type(value := arguments[first]) is not str:
            text_of(value)
        return function(*arguments, **named)

    return filtered


@jinja2.pass_eval_context
def _join(
    context: EvalContext, value: Iterable[Any], d: str = "", attribute: str | int | None = None
) -> str:
    """Join a list's texts; see Jinja2's `join`."""
    if attribute is not None:
        value = map(make_attrgetter(context.environment, attribute), value)
    items = list(value)
    check_texts((d, *items))
    joined: str = JINJA_FILTERS["join"](context, items, d)
    return joined


def _urlencode(value: Any) -> str:
    """Write a text, or pairs of name and value, as a part of an address; see `urlencode`."""
    if isinstance(value, Mapping):
        value = value.items()
    if isinstance(value, Iterable) and not isinstance(value, (str, jinja2.Undefined)):
        value = [tuple(pair) if isinstance(pair, (tuple, list)) else (pair,) for pair in value]
        check_texts(part for pair in value for part in pair)
    else:
        check_texts((value,))
    encoded: str = JINJA_FILTERS["urlencode"](value)
    return encoded


@jinja2.pass_eval_context
def _tojson(context: EvalContext, value: Any, indent: int | None = None) -> Any:
    """Write a value as JSON that may stand in HTML; see Jinja2's `tojson`."""
    try:
        return JINJA_FILTERS["tojson"](context, value, indent)
    except (TypeError, ValueError):
        raise no_json(value) from None


def plain_table(value: Any) -> dict[str, Any]:
    """Return a table as JSON can write it; `TypeError` for any other value."""
    if isinstance(value, FrozenMap):
        return dict(value)
    raise TypeError


def no_json(value: Any) -> TemplateMistakeError:
    """Return the error for a value that cannot be written as JSON."""
    if is_function(value):
        return UnprintableError(value)
    message = f"{noun(value).name} cannot be written as JSON"
    return TemplateMistakeError(message, "give it texts and numbers, or lists and tables of these")


FILTERS: Mapping[str, Callable[..., Any]] = {
    **{name: function for name, function in JINJA_FILTERS.items() if name not in LEFT_OUT},
    **{name: _checked(JINJA_FILTERS[name], check) for name, check in _MAKE_TEXT.items()},
    "join": _join,
    "tojson": _tojson,
    "urlencode": _urlencode,
}
