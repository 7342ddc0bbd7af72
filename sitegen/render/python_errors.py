"""Python's own exceptions in a template → what they mean to who wrote it.

What Python says names its types: each message that a template can bring about is told again in the
words of docs/templates.md.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sitegen.render.nouns import NOTHING, noun_of_type_name, signature

REPORT = "report a bug in sitegen if the template is right"


class Explanation(NamedTuple):
    """What is told of a failure."""

    message: str
    hint: str | None = None
    name: str = ""
    """The wrong word of the line, for the column."""


UNKNOWN = Explanation("this line cannot be carried out", REPORT)

_Told = Callable[[re.Match[str], Mapping[str, Callable[..., Any]]], Explanation]


def explain_python(error: Exception, functions: Mapping[str, Callable[..., Any]]) -> Explanation:
    """Return what an exception of Python's means; its own message names types.

    `functions` are those that templates can call, by their names.
    """
    if isinstance(error, RecursionError):
        return Explanation("a template or a macro uses itself without end")
    for kind, said in _BY_KIND.items():
        if isinstance(error, kind):
            return said
    message = str(error)
    for pattern, tell in _PATTERNS.items():
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return tell(found, functions)
    return UNKNOWN


def _one(form: str, nothing: str = "") -> _Told:
    """Tell a message with the nouns of the types that were found; `nothing` where it is none."""

    def tell(found: re.Match[str], _functions: Mapping[str, Callable[..., Any]]) -> Explanation:
        nouns = [noun_of_type_name(name) for name in found.groups()]
        return Explanation(nothing if nothing and nouns == [NOTHING.name] else form.format(*nouns))

    return tell


def _two(found: re.Match[str], _functions: Mapping[str, Callable[..., Any]]) -> Explanation:
    sign, one, other = found.groups()
    sign = sign.removesuffix(" or pow()").removesuffix("=")
    nouns = f"{noun_of_type_name(one)} and {noun_of_type_name(other)}"
    return Explanation(
        f'{nouns} cannot be put together with "{sign}"', _HOW_TO_JOIN if sign == "+" else None
    )


_HOW_TO_JOIN = "join a text and anything else with ~"


def _joined(found: re.Match[str], _functions: Mapping[str, Callable[..., Any]]) -> Explanation:
    one, other = (noun_of_type_name(name) for name in found.groups())
    return Explanation(f'{one} and {other} cannot be put together with "+"', _HOW_TO_JOIN)


def _argument(form: str) -> _Told:
    """Tell a mistake in a call; the groups are the function and what is put into `form`."""

    def tell(found: re.Match[str], functions: Mapping[str, Callable[..., Any]]) -> Explanation:
        name, *rest = found.groups()
        function = functions.get(name)
        if rest and rest[0].isdigit() and inspect.ismethod(function):
            rest[0] = str(int(rest[0]) - 1)  # Python counts what the method belongs to
        values = f"{rest[0]} value{'' if rest[0] == '1' else 's'}" if rest else ""
        hint = f"call it as {signature(function)}" if function is not None else None
        return Explanation(form.format(name, *rest, values=values), hint, name)

    return tell


def _as_it_is(found: re.Match[str], _functions: Mapping[str, Callable[..., Any]]) -> Explanation:
    return Explanation(found[0])


def _plain(message: str, hint: str | None = None) -> _Told:
    return lambda _found, _functions: Explanation(message, hint)


_BY_KIND: Mapping[type[Exception], Explanation] = {
    ZeroDivisionError: Explanation("a number is divided by 0"),
    OverflowError: Explanation("a number grows too large"),
    MemoryError: Explanation("this grows too large"),
}

_DO_NOT_FIT = "the text before % and the values after it do not fit together"

_PATTERNS: Mapping[str, _Told] = {
    r"unsupported operand type\(s\) for ([^:]+): '([\w.]+)' and '([\w.]+)'": _two,
    r'can only concatenate ([\w.]+) \(not "([\w.]+)"\) to [\w.]+': _joined,
    r"can't multiply sequence by non-int of type '([\w.]+)'": _one(
        "a text or a list can be multiplied with a whole number, and not with {0}"
    ),
    r"bad operand type for unary .*: '([\w.]+)'": _one(
        "{0} has no sign", "there is nothing that could have a sign"
    ),
    r"bad operand type for abs\(\): '([\w.]+)'": _one(
        "{0} has no sign", "there is nothing that could have a sign"
    ),
    r"'.{1,2}' not supported between instances of '([\w.]+)' and '([\w.]+)'": _one(
        "{0} and {1} cannot be compared"
    ),
    r"can't compare .*": _plain("these dates cannot be compared"),
    r"'([\w.-]+)' object is not callable": _one(
        "{0} is no function, and cannot be called", "there is nothing to call"
    ),
    r"'([\w.-]+)' object is not (?:iterable|an iterator|reversible)": _one(
        "{0} is no list, and cannot be gone through", "there is nothing to go through"
    ),
    r"cannot unpack non-iterable ([\w.-]+) object": _one(
        "{0} is no list of several values", "there is nothing to take several values from"
    ),
    r"(?:too many|not enough) values to unpack.*": _plain("there are not as many values as names"),
    r"argument of type '([\w.-]+)' is not .*": _one(
        '{0} has nothing that "in" could find', 'there is nothing in which "in" could look'
    ),
    r"'in <string>' requires string as left operand, not ([\w.-]+)": _one(
        'a text has no {0} that "in" could find'
    ),
    r"object of type '([\w.-]+)' has no len\(\)": _one(
        "{0} has no length", "there is nothing that could have a length"
    ),
    r"unhashable type: '([\w.-]+)'.*": _one("{0} cannot be looked up"),
    r"cannot use '([\w.-]+)' as a .*": _one("{0} cannot be looked up"),
    r"'([\w.-]+)' object is not subscriptable": _one(
        "{0} is no list, and has no items", "there is nothing that could have items"
    ),
    r"slice indices must be integers.*": _plain("a list is cut at whole numbers"),
    r"(?:int|float)\(\) argument must be .*, not '([\w.-]+)'": _one(
        "{0} is no number", "there is no number here"
    ),
    r"'([\w.-]+)' object cannot be interpreted as an integer": _one("{0} is no whole number"),
    r"not (?:all|enough) arguments .*|format requires .*|%.* format: .*|unsupported format .*": (
        _plain(_DO_NOT_FIT)
    ),
    r"sequence item \d+: expected str instance, ([\w.-]+) found": _one(
        "only texts can be joined, and one of these is {0}"
    ),
    r"macro '\w+' .*": _as_it_is,
    r"Invalid character in attribute name: '.*'": _as_it_is,
    r"(?:[\w.<>]+\.)?(\w+)\(\) missing \d+ required [\w-]+ arguments?: '(\w+)'.*": _argument(
        '{0}() needs "{1}"'
    ),
    r"(?:[\w.<>]+\.)?(\w+)\(\) got an unexpected keyword argument '(\w+)'.*": _argument(
        '{0}() does not take "{1}"'
    ),
    r"(?:[\w.<>]+\.)?(\w+)\(\) got multiple values for argument '(\w+)'": _argument(
        '{0}() was given "{1}" twice'
    ),
    r"(?:[\w.<>]+\.)?(\w+)\(\) takes .* positional arguments? but (\d+) .*": _argument(
        "{0}() does not take {values}"
    ),
    r"(?:\w+\.)?(\w+)\(\) (?:takes|expected|argument|arg|requires|missing|got) .*": _argument(
        "{0}() cannot be called like this"
    ),
    r"(\w+) expected (?:at least|at most|exactly)? ?\d+ arguments?, got \d+": _argument(
        "{0}() cannot be called like this"
    ),
}
"""What CPython's messages mean. Versions differ: one that is not known is told in general."""
