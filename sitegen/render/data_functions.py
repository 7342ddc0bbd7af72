"""The functions by which templates read data files, and what is said where there is nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sitegen.cache.trace import Tracker
from sitegen.data.names import name_of
from sitegen.data.selecting import known_steps
from sitegen.index.own_outputs import row_url
from sitegen.model.errors import did_you_mean
from sitegen.model.urls import Base, normal_form
from sitegen.queries.data import Whole
from sitegen.render import icalendar
from sitegen.render.nouns import LIST, noun
from sitegen.render.printing import text_of
from sitegen.render.question_functions import UnanswerableError
from sitegen.render.shortcode_functions import ShortcodeFunctions
from sitegen.render.undefined import require_defined

CALL = 'call it as data("results/2024"), or data("results/2024", "rows", 3)'


class DataFunctions:
    """`data()`, and what makes of its texts what else they are."""

    def __init__(self, tracker: Tracker, shortcodes: ShortcodeFunctions) -> None:
        self._tracker = tracker
        self._shortcodes = shortcodes

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return what templates see, by name."""
        names = "data number document_href row_href ics_text ics_time"
        return {name: getattr(self, name) for name in names.split()}

    def document_href(self, path: Any) -> str | None:
        """Return the link to a document by its file, as a data file may name one.

        None for one that is not published (yet), so that nothing of it is seen before its time.
        """
        require_defined(path)
        if not isinstance(path, str):
            message = f"document_href() needs the path of a file, not {noun(path).name}"
            raise UnanswerableError(message, name="document_href")
        url = self._tracker.ask("link", normal_form("".join(path).removeprefix("/")))
        return self._base().file_href(url) if url else None

    def row_href(self, pattern: Any, row: Any) -> str:
        """Return the link to the page of a row, as the `url` of its `[[outputs]]` says."""
        require_defined(row)
        if not isinstance(pattern, str) or not isinstance(row, Mapping):
            message = "row_href() needs the pattern of an address and a row"
            hint = 'call it as row_href("/council/{slug}/", row)'
            raise UnanswerableError(message, hint, name="row_href")
        return self._base().href(row_url(normal_form("".join(pattern)), row))

    def _base(self) -> Base:
        return Base.parse(self._tracker.ask("setting", "base_url"))

    @staticmethod
    def ics_text(text: Any) -> str:
        r"""Return a text as a calendar has it: `\\`, `;`, `,` and line ends escaped."""
        return icalendar.escaped_text(text_of(text))

    def ics_time(self, text: Any, after: Any = 0) -> str:
        """Return the value of a date in a calendar, with what comes before it.

        A text without a time of day is a whole day, or the one `after` it: the end of whole days
        is the day after the last.
        """
        moment = self._shortcodes.moment(text)
        if isinstance(text, str) and icalendar.is_day(text):
            return f";VALUE=DATE:{icalendar.day(moment, after=after)}"
        return f":{icalendar.utc(moment)}"

    @staticmethod
    def number(value: Any, *default: Any) -> Any:
        """Return the number that a text says: `1,234`, `12.5`, `12,5`, `-3`.

        What is no number becomes the `default`, if one is given.
        """
        require_defined(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        found = number_of(value) if isinstance(value, str) else None
        if found is not None:
            return found
        if default:
            return default[0]
        shown = f'"{value}"' if isinstance(value, str) else noun(value).name
        hint = 'give number() a second value to take in its place: number(row.seats, "")'
        raise UnanswerableError(f"{shown} is not a number", hint, name="number")

    def data(self, file: Any, *selector: Any) -> Any:
        """Return the value of a data file, or the part of it that `selector` leads to."""
        if not isinstance(file, str):
            require_defined(file)
            message = f'"file" of data() must be a text, not {noun(file).name}'
            raise UnanswerableError(message, CALL, name="data")
        name, steps = name_of("".join(file)), tuple(map(_step, selector))
        found = self._tracker.ask("data", name, *steps)
        if found is None:
            error = self._missing(name, *steps)
            if self._shortcodes.is_showing:  # a writer has named it
                self._shortcodes.refuse(str(error), error.hint or "")
            raise error
        return found.value

    def _missing(self, name: str, *selector: str | int) -> UnanswerableError:
        """Return the error for what is not there. Pages that fail have no trace: it may peek."""
        whole = self._tracker.peek(("data", name)).value
        if not isinstance(whole, Whole):
            known = self._tracker.peek(("data_files", "")).value
            if name in known:
                message = f'the data file "{name}" could not be read yet'
                return UnanswerableError(message, "mend it first", name=name)
            near = did_you_mean(name, known)
            hint = near or f"write a file such as data/{name}.csv, or data/{name}.toml"
            return UnanswerableError(f'there is no data file "{name}"', hint, name=name)
        value, place = whole.value, f'"{name}"'
        for length in range(1, len(selector) + 1):
            found = self._tracker.peek(("data", name, *selector[:length])).value
            step = selector[length - 1]
            if found is None:
                return UnanswerableError(
                    f"{place} has no {_shown(step)}", _hint(value, step), name=str(step)
                )
            value, place = found.value, f"{_shown(step)} of {place}"
        raise AssertionError  # the last of them is what was asked for


_GROUPS = re.compile(r"[-+]?\d{1,3}(?:[, '\u00a0\u202f]\d{3})+(?:\.\d+)?", re.ASCII)
_PLAIN = re.compile(r"[-+\u2212]?\d+(?:[.,]\d+)?", re.ASCII)
MOST_DIGITS = 300
"""Of a number: more would not be one of finite size."""


def number_of(text: str) -> int | float | None:
    """Return the number that a text says, or None if it says none.

    A comma before three digits parts thousands, any other one is a decimal point.
    """
    written = text.strip()
    if len(written) > MOST_DIGITS:
        return None
    if _GROUPS.fullmatch(written):
        written = re.sub(r"[^-+.\d]", "", written)
    elif _PLAIN.fullmatch(written):
        written = written.replace(",", ".").replace("\u2212", "-")
    else:
        return None
    return float(written) if "." in written else int(written)


def _step(value: Any) -> str | int:
    require_defined(value)
    if isinstance(value, str):
        return "".join(value)
    if type(value) is int:
        return value
    what = "a fraction" if type(value) is float else noun(value).name
    message = f"what leads to a part of the data must be a text or a whole number, not {what}"
    raise UnanswerableError(message, CALL, name="data")


def _shown(step: str | int) -> str:
    return f'"{step}"' if isinstance(step, str) else f"item {step}"


def _hint(value: Any, step: str | int) -> str:
    if steps := known_steps(value):
        near = did_you_mean(step, steps) if isinstance(step, str) else None
        return near or f"known keys: {', '.join(steps[:20])}"
    if noun(value) is not LIST:
        return f"it is {noun(value).name}, which has no parts"
    count = len(value)
    if isinstance(step, int):
        return f"the list has {count} items, 0 to {count - 1}" if count else "the list is empty"
    return 'name an item of a list by its number from 0, or by a field: "slug=ann"'
