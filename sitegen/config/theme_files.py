"""`theme.toml`: what a theme says of itself, and what a site may choose in it; read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from sitegen.config.loading import location_of, mismatch, read_table, value_text
from sitegen.config.settings import key
from sitegen.config.toml_locations import key_positions, syntax_problem
from sitegen.model.errors import Location, Problem, SitegenError, did_you_mean
from sitegen.model.frozen import EMPTY, freeze

THEME_FILE = "theme.toml"

TEMPLATE_API = 1
"""The version of what templates are given: functions, records, kinds of pages, names of blocks.

A theme says for which one it was written. It is another one as soon as a template that was right
would be wrong."""

Locate = Callable[[tuple[str | int, ...]], Location]
"""Takes the way to a key, and returns where it stands."""

OptionType = Literal["", "text", "number", "boolean", "color", "list"]

_PYTHON: Mapping[str, Any] = {
    "text": str,
    "number": int,
    "boolean": bool,
    "color": str,
    "list": tuple[str, ...],
}
"""By the types of options: as what their values are read."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")

RESERVED = ("get", "items")
"""No names of options: `site.theme.get` is a function."""


@dataclass(frozen=True, slots=True)
class ThemeOption:
    """`[options.NAME]`: what a site may choose in `[theme_options]`."""

    type: OptionType = key("", "What its values are. Empty: what the default is.")
    default: Any = key(None, "Its value where the site says nothing.")
    description: str = key("", "What it is for, in a sentence.")
    choices: Any = key((), "The values that it may have, as a list. Empty: any.")

    @property
    def kind(self) -> str:
        """Its type, also where that is not said."""
        if self.type:
            return self.type
        types = {bool: "boolean", int: "number", tuple: "list"}
        return types.get(type(self.default), "text")


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """Everything that `theme.toml` says."""

    name: str = key("", "What the theme is called, for people.")
    version: str = key("", "Its version.")
    description: str = key("", "What it looks like, in a sentence.")
    templates: int = key(0, "The version of the template functions that it is written for: `1`.")
    parent: str = key("", "The theme whose files stand where this one has none. Empty: ours.")
    options: Mapping[str, ThemeOption] = key(EMPTY, "What a site may choose.")


def read_theme_file(folder: Path, path: str) -> tuple[ThemeFile, Locate]:
    """Return what the `theme.toml` of a theme's folder says, and what tells where its keys stand.

    `path` is how messages name the file. Raises `SitegenError` with all that is wrong with it.
    """
    try:
        data = (folder / THEME_FILE).read_bytes()
    except FileNotFoundError:
        hint = f'write it; two lines are enough: `name = "…"` and `templates = {TEMPLATE_API}`'
        raise SitegenError(Problem("the file does not exist", Location(path), hint)) from None
    except OSError as error:
        raise SitegenError(Problem(f"cannot be read: {error.strerror}", Location(path))) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Location(path, data.count(b"\n", 0, error.start) + 1)
        raise SitegenError(Problem("the file is not UTF-8", place, "save it as UTF-8")) from None
    try:
        table: Mapping[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SitegenError(syntax_problem(error, path, text)) from None
    locate = partial(location_of, path, dict(key_positions(text)))
    problems: list[Problem] = []
    found: ThemeFile = read_table(ThemeFile, table, (), locate, problems)
    problems += _problems(found, table, locate)
    if problems:
        raise SitegenError(*problems)
    return found, locate


def _problems(found: ThemeFile, table: Mapping[str, Any], locate: Locate) -> Iterator[Problem]:
    if "name" not in table:
        hint = 'write `name = "…"`: what people call the theme'
        yield Problem("the theme has no name", locate(()), hint)
    if "templates" not in table:
        hint = f"write `templates = {TEMPLATE_API}`: the version of the template functions"
        yield Problem("the theme does not say what it is written for", locate(()), hint)
    elif isinstance(table["templates"], int) and found.templates != TEMPLATE_API:
        message = (
            f"the theme is written for version {found.templates} of the template functions; "
            f"this sitegen has version {TEMPLATE_API}"
        )
        newer = found.templates > TEMPLATE_API
        hint = "install a newer sitegen" if newer else "install a newer version of the theme"
        yield Problem(message, locate(("templates",)), hint)
    written = table.get("options")
    for name, option in found.options.items():
        if isinstance(written, Mapping) and isinstance(written.get(name), Mapping):
            yield from _option_problems(name, option, written[name], locate)


def _option_problems(
    name: str, option: ThemeOption, table: Mapping[str, Any], locate: Locate
) -> Iterator[Problem]:
    keys = ("options", name)
    if not _NAME.fullmatch(name) or name in RESERVED:
        hint = "begin with a small letter, and use small letters, digits and _"
        hint = "choose another one" if name in RESERVED else hint
        yield Problem(f'"{name}" cannot be the name of an option', locate(keys), hint)
    if not option.description:
        hint = 'write `description = "…"`: a sentence on what it is for'
        yield Problem(f'the option "{name}" has no description', locate(keys), hint)
    if table.get("type", "") not in get_args(OptionType):
        return  # which is told
    choices = table.get("choices", [])
    if not isinstance(choices, list):
        message = f'"options.{name}.choices" must be a list, not {value_text(choices)}'
        yield Problem(message, locate((*keys, "choices")))
        return
    for choice in choices:
        yield from value_problems(
            f"options.{name}.choices", option, choice, locate((*keys, "choices")), any_=True
        )
    if "default" not in table:
        hint = "write `default = …`: its value where the site says nothing"
        yield Problem(f'the option "{name}" has no default', locate(keys), hint)
    else:
        yield from value_problems(
            f"options.{name}.default", option, option.default, locate((*keys, "default"))
        )


def value_problems(
    name: str, option: ThemeOption, value: Any, location: Location, *, any_: bool = False
) -> Iterator[Problem]:
    """Yield what keeps a value from being one of an option.

    `name` is how the message calls it. With `any_` the choices do not matter.
    """
    written = list(value) if isinstance(value, tuple) else value
    if expected := mismatch(_PYTHON[option.kind], written):
        yield Problem(f'"{name}" must be {expected}, not {value_text(written)}', location)
    elif option.kind == "color" and not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        yield Problem(f'"{value}" is not a colour', location, 'for instance "#9b1c1c"')
    elif option.choices and not any_:
        values = value if option.kind == "list" else (freeze(value),)
        for item in values:
            if item not in option.choices:
                shown = " or ".join(map(value_text, option.choices))
                hint = did_you_mean(item, option.choices) if isinstance(item, str) else None
                message = f'"{name}" must be {shown}, not {value_text(item)}'
                yield Problem(message, location, hint)
