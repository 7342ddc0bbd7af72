"""Where themes lie: folders of the site, and installed packages, whose code is never run."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import invalidate_caches
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from sitegen.config.theme_files import THEME_FILE
from sitegen.model.errors import Problem, SitegenError

THEMES = "themes"
"""The folder of a site's own themes, and the first part of the source path of any theme's file but
the built-in one's."""

GROUP = "sitegen.themes"
"""The group of entry points by which a package says that it has a theme."""


def theme_path(name: str, file: str) -> str:
    """Return the source path of a theme's file: `themes/harbour/theme.toml`."""
    return f"{THEMES}/{name}/{file}"


def own_themes(site: Path) -> tuple[str, ...]:
    """Return the names of the themes that lie in the site, sorted."""
    folder = site / THEMES
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            item.name
            for item in folder.iterdir()
            if item.is_dir() and not item.name.startswith((".", "_"))
        )
    )


def installed_themes() -> tuple[str, ...]:
    """Return the names of the themes that installed packages have, sorted."""
    return tuple(sorted({item.name for item in entry_points(group=GROUP)}))


_PLACES: dict[tuple[str, tuple[str, ...]], Path] = {}
"""Where installed themes were found, by name and `sys.path`: to look takes as long as a build."""


def theme_place(site: Path, name: str) -> Path | None:
    """Return the folder of a theme by its name, or None if there is no such theme.

    What lies in the site comes before what is installed. Raises `SitegenError` if an installed
    theme cannot be told, or has no folder.
    """
    own = site / THEMES / name
    if own.is_dir():
        return own
    key = (name, tuple(sys.path))
    known = _PLACES.get(key)
    if known is not None and (known / THEME_FILE).is_file():
        return known
    _PLACES.pop(key, None)
    found = _installed(name, entry_points(group=GROUP, name=name))
    if found is not None:
        _PLACES[key] = found
    return found


def _installed(name: str, found: Iterable[EntryPoint]) -> Path | None:
    points = {item.value: item for item in found}
    if not points:
        return None
    if len(points) > 1:
        packages = " and ".join(sorted(f'"{item.module}"' for item in points.values()))
        message = f'the theme "{name}" is in several installed packages: {packages}'
        raise SitegenError(Problem(message, hint="uninstall all but one"))
    (point,) = points.values()
    place = _package_folder(point.module)
    if place is None:
        message = f'the installed theme "{name}" names a package "{point.module}" that is not there'
        hint = "install it again; its entry point must name a package, with its templates in it"
        raise SitegenError(Problem(message, hint=hint))
    return place


def _package_folder(module: str) -> Path | None:
    """Return the folder of a package; no code of it is run, nor of one that it lies in."""
    invalidate_caches()  # it may have been installed since this process began
    outermost, *below = module.split(".")
    try:
        spec = find_spec(outermost)
    except (ImportError, ValueError):
        return None
    for folder in (spec and spec.submodule_search_locations) or ():
        place = Path(folder, *below)
        if place.is_dir():
            return place
    return None
