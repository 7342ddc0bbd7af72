"""What a template gets for a name or an attribute that does not exist: an error when it is used."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import jinja2
from jinja2.utils import missing

from sitegen.model.moments import Moment

_CLOCK = "there is no clock in a template: the newest article's day is what edition() says"
_ZONE = "moments are shown in the site's time zone: `timezone` in sitegen.toml"
_TEXT = "print it with stamp(), long_date(), medium_date(), clock_time(), iso() or rfc822()"
_HINTS = {
    **dict.fromkeys(("now", "today", "utcnow"), _CLOCK),
    **dict.fromkeys(("astimezone", "tzinfo", "tzname", "utcoffset", "dst", "replace"), _ZONE),
    **dict.fromkeys(("strftime", "isoformat", "ctime", "date", "time"), _TEXT),
}
_HAS = "it has year, month, day, hour, minute and second"


class MissingAttributeError(jinja2.UndefinedError):
    """A template has used an attribute that its value does not have. `hint` says what it has."""

    def __init__(self, message: str | None = None, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Undefined(jinja2.StrictUndefined):
    """An undefined value that knows what to say of the moments that templates hold.

    Python's own `datetime` can be asked for the clock and the machine's zone, and writers of
    templates may expect as much of a moment.
    """

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[jinja2.TemplateRuntimeError] = jinja2.UndefinedError,
    ) -> None:
        """Take the arguments that Jinja2 gives: the value `obj` has nothing called `name`."""
        if type(obj) is Moment:
            hint = f'a moment has no "{name}"'
            found = partial(MissingAttributeError, hint=_HINTS.get(str(name), _HAS))
            exc = cast("type[jinja2.TemplateRuntimeError]", found)
        super().__init__(hint, obj, name, exc)
