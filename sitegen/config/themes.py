"""The theme of a site: itself and its parents, and what the site chose in them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sitegen.config.loading import key_locator
from sitegen.config.settings import Config
from sitegen.config.theme_files import (
    THEME_FILE,
    Locate,
    ThemeFile,
    ThemeOption,
    read_theme_file,
    value_problems,
)
from sitegen.config.theme_places import (
    GROUP,
    THEMES,
    installed_themes,
    own_themes,
    theme_path,
    theme_place,
)
from sitegen.model.errors import Location, Problem, SitegenError, did_you_mean
from sitegen.model.frozen import EMPTY, FrozenMap, freeze


@dataclass(frozen=True, slots=True)
class ThemeLayer:
    """A theme whose files stand before those of the next one."""

    name: str
    """By which it is chosen."""
    folder: Path = field(repr=False)
    """Where it lies. No part of what a page is made from: an installed theme may move."""
    file: ThemeFile = field(compare=False, repr=False)
    """What its `theme.toml` says."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What a site looks like, but for its own files. Without layers it is the built-in theme."""

    layers: tuple[ThemeLayer, ...] = ()
    """The theme, its parent, and so on."""
    options: FrozenMap = EMPTY
    """The values of all options of the layers, by name."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the layers."""
        return tuple(layer.name for layer in self.layers)

    def declared(self) -> Mapping[str, ThemeOption]:
        """Return what can be chosen, by name; what a theme says goes before its parent's word."""
        found: dict[str, ThemeOption] = {}
        for layer in reversed(self.layers):
            found.update(layer.file.options)
        return found


BUILT_IN = Theme()


def load_theme(site: Path, config: Config) -> Theme:
    """Return the theme that a site's configuration asks for, with its parents.

    Raises `SitegenError` with all that is wrong: no such theme, a broken `theme.toml`, themes that
    are their own parents, options that do not exist or cannot have their values.
    """
    locate = key_locator(site)
    if not config.theme:
        if config.theme_options:
            message = 'the built-in theme has no options for "theme_options"'
            hint = 'remove it, or choose a theme that has them: `theme = "…"`'
            raise SitegenError(Problem(message, locate(("theme_options",)), hint))
        return BUILT_IN
    theme = Theme(_layers(site, config.theme, locate(("theme",))))
    declared = theme.declared()
    problems = list(_option_problems(config.theme_options, declared, locate))
    if problems:
        raise SitegenError(*problems)
    values = {name: option.default for name, option in declared.items()}
    return Theme(theme.layers, FrozenMap({**values, **config.theme_options}))


def _layers(site: Path, name: str, asked: Location) -> tuple[ThemeLayer, ...]:
    """Return the layers of the theme `name`; `asked` is where it is asked for."""
    found: list[ThemeLayer] = []
    while name:
        names = [layer.name for layer in found]
        if name in names:
            circle = " → ".join([*names[names.index(name) :], name])
            message = f'the theme "{name}" is its own parent: {circle}'
            raise SitegenError(Problem(message, asked, "remove one `parent`"))
        layer, locate = _layer(site, name, asked)
        found.append(layer)
        name, asked = layer.file.parent, locate(("parent",))
    return tuple(found)


def _layer(site: Path, name: str, asked: Location) -> tuple[ThemeLayer, Locate]:
    if os.sep in name or "/" in name or name.startswith("."):
        message = f'"{name}" cannot be the name of a theme'
        hint = f"write the name of a folder in {THEMES}/, or of an installed theme"
        raise SitegenError(Problem(message, asked, hint))
    for path in (THEMES, f"{THEMES}/{name}"):
        if (site / path).is_symlink():
            hint = "put the folder itself there, or install the theme: `pip install -e FOLDER`"
            message = "symbolic links to themes are not followed"
            raise SitegenError(Problem(message, Location(path), hint))
    try:
        place = theme_place(site, name)
    except SitegenError as error:
        raise SitegenError(*(_at(problem, asked) for problem in error.problems)) from None
    if place is None:
        raise SitegenError(Problem(f'there is no theme "{name}"', asked, absent_hint(site, name)))
    file, locate = read_theme_file(place, theme_path(name, THEME_FILE))
    return ThemeLayer(name, place, file), locate


def _at(problem: Problem, location: Location) -> Problem:
    return Problem(problem.message, location, problem.hint)


def absent_hint(site: Path, name: str) -> str:
    """Return what to do about a theme that there is not."""
    near = did_you_mean(name, (*own_themes(site), *installed_themes()))
    return near or (
        f"make the folder {THEMES}/{name}/, or install the package that has the theme with "
        f"`pip install`: none of those that are installed has it as an entry point of {GROUP}"
    )


def _option_problems(
    chosen: Mapping[str, Any], declared: Mapping[str, ThemeOption], locate: Locate
) -> Iterator[Problem]:
    for name, value in chosen.items():
        place = locate(("theme_options", name))
        if option := declared.get(name):
            yield from value_problems(f"theme_options.{name}", option, freeze(value), place)
            continue
        known = f"known options: {', '.join(declared)}" if declared else "the theme has no options"
        message = f'unknown key "theme_options.{name}"'
        yield Problem(message, place, did_you_mean(name, declared) or known)
