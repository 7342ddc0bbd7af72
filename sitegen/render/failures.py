"""Exceptions of templates → problems, at the template's line and in an editor's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import FrameType, TracebackType, UnionType
from typing import TYPE_CHECKING, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import jinja2
from jinja2.utils import missing

from sitegen.index.layers import called_name
from sitegen.model.errors import Location, Problem, did_you_mean
from sitegen.model.moments import Moment
from sitegen.queries import KINDS
from sitegen.render.mistakes import TemplateMistakeError
from sitegen.render.nouns import (
    LIST,
    NOUNS,
    TABLE,
    function_name,
    is_function,
    noun,
    signature,
    type_of,
)
from sitegen.render.printing import UnprintableError, not_called
from sitegen.render.python_errors import REPORT, UNKNOWN, Explanation, explain_python
from sitegen.render.settings import Table
from sitegen.render.undefined import UndefinedValueError

if TYPE_CHECKING:
    from sitegen.render.environment import Environment

OURS = ("templates/", "theme/templates/", "themes/")
"""How the paths of template files begin."""


class _Place(NamedTuple):
    """Where in a template something failed."""

    path: str
    line: int
    text: str
    """Of the line."""
    names: Iterable[str]
    """What is defined there."""
    below: tuple[FrameType, ...]
    """The Python code that the line called, outermost first."""


def describe_failure(error: Exception, url: str, environment: Environment) -> Problem | None:
    """Return the problem that a template's exception is, at the template's line.

    None if no template is to blame: then it is a bug of ours, and must not be hidden.
    """
    if isinstance(error, jinja2.TemplateSyntaxError):
        path = error.filename or error.name or "templates"
        place: _Place | None = _place(path, error.lineno, environment)
        said = _of_syntax(error.message or "", environment)
    else:
        place = _failed_at(error.__traceback__, environment)
        if isinstance(error, jinja2.TemplateNotFound):
            said = _absent(error, environment)
        elif place is None:
            return None
        else:
            said = _said(error, place, environment)
            if (
                isinstance(error, _BUGS)
                and _is_deep(place)
                and not _wrong_argument(place, environment.functions)
            ):
                return None
    column = place and (_column(place.text, said.name) or _printed_column(place.text, error))
    location = place and Location(place.path, place.line, column or 0)
    shown = "".join(f", {note}" for note in getattr(error, "__notes__", ())[:1])
    return Problem(said.message, location, _hint(said.hint, f"{url}{shown}"))


def _hint(hint: str | None, url: str) -> str:
    if not hint:
        return f"while rendering {url}"
    return f"{hint}{' While' if hint.endswith('?') else '; while'} rendering {url}"


# Where


def _place(path: str, line: int, environment: Environment, **more: Any) -> _Place:
    lines = environment.template_text(path).split("\n")
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return _Place(path, line, text, more.get("names", ()), more.get("below", ()))


def _failed_at(traceback: TracebackType | None, environment: Environment) -> _Place | None:
    """Return the innermost place in a template."""
    frames = list(_frames(traceback))
    for number in range(len(frames) - 1, -1, -1):
        frame, line = frames[number]
        path = frame.f_code.co_filename
        if path.startswith(OURS):
            below = tuple(frame for frame, _ in frames[number + 1 :])
            return _place(path, line, environment, names=frame.f_locals, below=below)
    return None


def _frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


_BUGS = (TypeError, AttributeError, NameError, AssertionError)


def _is_deep(place: _Place) -> bool:
    """Whether it was below what templates call that something failed."""
    module = place.below[-1].f_globals.get("__name__", "") if place.below else ""
    return module.startswith("sitegen.") and not module.startswith(_ASKING)


_ASKING = ("sitegen.render.", "sitegen.cache.trace")
"""Modules that get what templates give as it is."""


def _column(text: str, name: str) -> int:
    """Return the column of a word of a line, from 1; 0 if it stands there never or twice."""
    found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    return found[0] + 1 if name and len(found) == 1 else 0


def _printed_column(text: str, error: Exception) -> int:
    """Return where a line prints something, if it does so once, and that is what is wrong."""
    found = list(re.finditer(r"{{[-+]?\s*", text))
    return found[0].end() + 1 if isinstance(error, UnprintableError) and len(found) == 1 else 0


def _expression(text: str, name: str) -> str:
    """Return what stands before `.name` in a line, or "" where that is not plain to see."""
    pattern = (
        rf"((?:[A-Za-z_]\w*(?:\([^()]*\))?\.)*[A-Za-z_]\w*(?:\([^()]*\))?)\.{re.escape(name)}\b"
    )
    found = set(re.findall(pattern, text))
    return found.pop() if len(found) == 1 else ""


# What


def _said(error: Exception, place: _Place, environment: Environment) -> Explanation:
    if isinstance(error, UnprintableError) and error.value is None:
        return _nothing_printed(error, place)
    if isinstance(error, UnprintableError):
        return Explanation(str(error), error.hint, error.name)
    if isinstance(error, TemplateMistakeError):
        wrong = _wrong_argument(place, environment.functions)
        return wrong or Explanation(str(error), error.hint, error.name)
    if isinstance(error, UndefinedValueError):
        return _undefined(error, place)
    if isinstance(error, jinja2.TemplateError):
        return _of_jinja(error.message or "", environment)
    functions = environment.functions
    said = _called(error, place, functions) or explain_python(error, functions)
    if said.name and said.name not in functions and said.name not in place.text:
        said = UNKNOWN  # it is Python that called this, not the template
    if "a function" in said.message:
        said = _uncalled(place.text, functions) or said
    return said


def _nothing_printed(error: UnprintableError, place: _Place) -> Explanation:
    printed = re.findall(r"{{[-+]?\s*([\w.]+)\s*[-+]?}}", place.text)
    if len(printed) != 1:
        return Explanation(str(error), error.hint)
    name = printed[0].rpartition(".")[2]
    hint = f'write {{{{ {printed[0]} or "" }}}}, or ask for it first with {{% if {printed[0]} %}}'
    return Explanation(f'"{printed[0]}" cannot be printed: it is nothing here', hint, name)


def _undefined(error: UndefinedValueError, place: _Place) -> Explanation:
    owner, name = error.owner, error.name
    if owner is missing:
        near = did_you_mean(name, (item for item in place.names if not item.startswith("_")))
        return Explanation(f'"{name}" is not defined', near, name)
    if is_function(owner):
        return Explanation(*not_called(owner), function_name(owner))
    if not isinstance(name, str):
        return Explanation(f"{noun(owner).name} has no item {_shown(name)}")
    expression = _expression(place.text, name)
    if owner is None:
        subject = f'"{expression}"' if expression else "this"
        asked = f"ask for it first with {{% if {expression} %}}" if expression else None
        return Explanation(f'{subject} is nothing here, and has no "{name}"', asked, name)
    found = noun(owner)
    subject = f'"{expression}"' if expression and found in (TABLE, LIST) else found.name
    return Explanation(f'{subject} has no "{name}"', _nearest(name, owner, found.parts), name)


def _nearest(name: str, owner: Any, parts: Collection[str]) -> str | None:
    """Return a hint for a name that a value does not have: the nearest one, or all."""
    if isinstance(owner, Moment) and name in _OF_A_DATETIME:
        return _OF_A_DATETIME[name]
    if parts:
        return did_you_mean(name, parts) or f"known parts: {', '.join(parts)}"
    if isinstance(owner, (Mapping, Table)):
        keys = [key for key in owner if isinstance(key, str)]
        return did_you_mean(name, keys) or (f"known keys: {', '.join(keys)}" if keys else None)
    return did_you_mean(name, (item for item in dir(type(owner)) if not item.startswith("_")))


_NO_CLOCK = "write edition() for the day of the newest article: there is no clock in a template"
_ZONE = "set `timezone` in sitegen.toml: moments are shown in the site's time zone"
_DATES = "print it with stamp(), long_date(), medium_date(), clock_time(), iso() or rfc822()"

_OF_A_DATETIME: Mapping[str, str] = {
    **dict.fromkeys(("now", "today", "utcnow"), _NO_CLOCK),
    **dict.fromkeys(("astimezone", "tzinfo", "tzname", "utcoffset", "dst", "replace"), _ZONE),
    **dict.fromkeys(("strftime", "isoformat", "ctime", "date", "time"), _DATES),
}
"""What who knows Python's own `datetime` may expect of a moment."""


def _shown(value: Any) -> str:
    """Return a value as it may stand in a message."""
    if isinstance(value, str):
        return f'"{value}"'
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number else noun(value).name


def _absent(error: jinja2.TemplateNotFound, environment: Environment) -> Explanation:
    names = error.templates if isinstance(error, jinja2.TemplatesNotFound) else [error.name]
    texts = [called_name(name) for name in names if isinstance(name, str)]
    if not texts:
        return Explanation("a list of templates has none that is defined")
    message = " or ".join(f'"{name}"' for name in texts)
    near = did_you_mean(texts[0], environment.template_names) if len(texts) == 1 else None
    return Explanation(f"there is no template {message}", near, texts[0])


def _of_syntax(message: str, environment: Environment) -> Explanation:
    found = re.match(r"Encountered unknown tag '(\w+)'", message)
    if found and not found[1].startswith("end"):
        near = did_you_mean(found[1], _TAGS)
        return Explanation(f'unknown tag "{found[1]}"', near, found[1])
    return _of_jinja(message, environment)._replace(name=_quoted(message))


_TAGS = (
    *("autoescape", "block", "call", "elif", "else", "extends", "filter", "for", "from", "if"),
    *("import", "include", "macro", "raw", "set"),
)


def _quoted(message: str) -> str:
    found = re.findall(r"'(\w+)'", message)
    return found[0] if len(found) == 1 else ""


def _of_jinja(message: str, environment: Environment) -> Explanation:
    """Return what Jinja2 says: in English, but for what does not exist."""
    if found := re.match(r"No (filter|test) named '([^']*)'", message):
        known = environment.filters if found[1] == "filter" else environment.tests
        said = f'unknown {found[1]} "{found[2]}"'
        return Explanation(said, did_you_mean(found[2], known), found[2])
    if found := re.match(
        r"the template '([^']*)' .*not export the requested name '(\w+)'", message
    ):
        return Explanation(f'"{found[1]}" has no "{found[2]}"', None, found[2])
    return Explanation(message.rstrip("."))


# Calls of our functions


def _called(
    error: Exception, place: _Place, functions: Mapping[str, Callable[..., Any]]
) -> Explanation | None:
    """Return what is wrong with the arguments of a function of ours, if that is what failed."""
    called = _called_function(place, functions)
    if called is None or isinstance(error, RecursionError):
        return None
    name, frame = called
    given = map(_shown, _arguments(frame).values())
    hint = f"call it as {signature(functions[name])}; {REPORT}"
    said = Explanation(f"there is no answer to {name}({', '.join(given)})", hint, name)
    return _wrong_argument(place, functions) or said


def _called_function(
    place: _Place, functions: Mapping[str, Callable[..., Any]]
) -> tuple[str, FrameType] | None:
    """Return the function of ours that a line called, but for those that look by themselves."""
    kinds = {name for name, kind in KINDS.items() if kind.function}
    codes = {_code(item): name for name, item in functions.items() if name not in kinds}
    for frame in place.below:
        if name := codes.get(frame.f_code):
            return name, frame
    return None


def _arguments(frame: FrameType) -> dict[str, Any]:
    """Return what a function was given, by name."""
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    known = frame.f_locals
    return {name: known[name] for name in names if name in known and name != "self"}


def _code(function: Any) -> Any:
    return getattr(getattr(function, "__func__", function), "__code__", None)


def _wrong_argument(
    place: _Place, functions: Mapping[str, Callable[..., Any]]
) -> Explanation | None:
    """Return which argument of a function of ours is of the wrong kind, if one is."""
    called = _called_function(place, functions)
    if called is None:
        return None
    (name, frame), function = called, functions[called[0]]
    try:
        wanted = get_type_hints(function)
    except NameError:  # a type that is not known while the program runs
        return None
    for parameter, value in _arguments(frame).items():
        kinds = _kinds(wanted.get(parameter, Any))
        if kinds and not issubclass(type_of(value), kinds):
            *others, last = dict.fromkeys(map(_wanted, kinds))
            names = f"{', '.join(others)} or {last}" if others else last
            message = f'"{parameter}" of {name}() must be {names}, not {noun(value).name}'
            return Explanation(message, f"call it as {signature(function)}", name)
    return None


def _kinds(hint: Any) -> tuple[type, ...]:
    """Return the types that a parameter may have; none if it may be anything."""
    if hint is Any:
        return ()
    if get_origin(hint) in (Union, UnionType):
        found = [_kinds(item) for item in get_args(hint)]
        return tuple(kind for kinds in found for kind in kinds) if all(found) else ()
    kind = get_origin(hint) or hint
    return (kind,) if isinstance(kind, type) else ()


def _wanted(kind: type) -> str:
    if found := NOUNS.get(kind):
        return found.name
    return TABLE.name if issubclass(kind, Mapping) else LIST.name


def _uncalled(text: str, functions: Mapping[str, Callable[..., Any]]) -> Explanation | None:
    """Return that a function of ours was not called, where a line names just one without ()."""
    words = re.findall(r"(?<![\w.\"'])([A-Za-z_]\w*)\b(?!\s*[(=\"'])", text)
    named = {word for word in words if word in functions}
    if len(named) != 1:
        return None
    name = named.pop()
    return Explanation(*not_called(functions[name]), name)
