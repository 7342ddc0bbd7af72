"""What a template gets for a name or an attribute that does not exist: an error when it is used."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import jinja2
from jinja2.utils import missing


def require_defined(value: Any) -> None:
    """Raise the error of an undefined value, if it is one."""
    if isinstance(value, jinja2.Undefined):
        str(value)


class UndefinedValueError(jinja2.UndefinedError):
    """A template has used what does not exist.

    `name` is what it asked for: of the value `owner`, or by itself where that is `missing`.
    """

    def __init__(self, owner: Any, name: Any, message: str | None = None) -> None:
        super().__init__(message)
        self.owner = owner
        self.name = name


class Undefined(jinja2.StrictUndefined):
    """An undefined value whose error knows what was asked of what."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[jinja2.TemplateRuntimeError] = jinja2.UndefinedError,
    ) -> None:
        """Take what Jinja2 gives: `obj` has nothing called `name`, or `hint` says what is wrong."""
        if exc is jinja2.UndefinedError and hint is None:
            exc = cast("type[jinja2.TemplateRuntimeError]", partial(UndefinedValueError, obj, name))
        super().__init__(hint, obj, name, exc)
