"""`site` in templates: the settings that pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sitegen.model.errors import did_you_mean
from sitegen.model.frozen import FrozenMap
from sitegen.render.mistakes import TemplateMistakeError

SETTINGS = (
    "title",
    "description",
    "base_url",
    "language",
    "timezone",
    "accent",
    "accent_dark",
)
"""What `site.…` gives as it stands in the configuration."""

ATTRIBUTES = (*SETTINGS, "search", "theme", "extra")
"""Everything that `site.…` gives."""


class Settings:
    """`site` in templates: each attribute is a question of its own."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        """Ask through `ask`."""
        self._ask = ask

    def __getattr__(self, name: str) -> Any:
        """Return a setting."""
        if name in SETTINGS:
            return self._ask("setting", name)
        if name == "search":
            return self._ask("setting", "search", "enabled")
        if name == "extra":
            return Extra(partial(self._ask, "setting", "extra"))
        if name == "theme":
            return ThemeOptions(partial(self._ask, "theme_option"))
        if name.startswith("__"):
            raise AttributeError(name)  # Python's own: it asks what a value can do
        message = f"site.{name} does not exist"
        raise TemplateMistakeError(message, did_you_mean(name, ATTRIBUTES), name=name)


class Table:
    """A part of `site` that has keys of the user's: each is a question of its own."""

    NAME = ""
    """What templates call it."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        """Ask through `ask`, for the value of a key or without one for all."""
        self._ask = ask

    def __getitem__(self, key: str) -> Any:
        """Return the value of a key, or raise `KeyError`, which Jinja makes an undefined value."""
        if (value := self.get(key)) is None:
            raise KeyError(key)
        return value

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or `default`."""
        if not isinstance(key, str):
            raise TemplateMistakeError(
                f"a key of {self.NAME} must be a text", name=self.NAME.partition(".")[2]
            )
        value = self._ask("".join(key))
        return default if value is None else value

    def __contains__(self, key: str) -> bool:
        """Whether there is the key."""
        return self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys: a question about all of them."""
        return iter(self._whole())

    def items(self) -> Any:
        """Return all pairs: a question about all of them."""
        return self._whole().items()

    def _whole(self) -> FrozenMap:
        return self._ask()  # type: ignore[no-any-return]  # answers are untyped


class Extra(Table):
    """`site.extra`: what the configuration has for templates."""

    NAME = "site.extra"


class ThemeOptions(Table):
    """`site.theme`: what the site chose of its theme."""

    NAME = "site.theme"
