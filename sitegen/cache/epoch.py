"""What decides what comes out besides the site itself: our code, and that of others.

Whatever is kept between builds is kept for one epoch; another one begins with nothing.
"""

from __future__ import annotations

import hashlib
import sys
import zoneinfo
from functools import cache
from importlib.metadata import PackageNotFoundError, entry_points, version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

MAKERS = (
    "jinja2",
    "markupsafe",
    "markdown",
    "pyromark",
    "latex2mathml",
    "pygments",
    "babel",
    "nh3",
    "imagesize",
    "msgspec",
    "cbor2",
    "pagefind-bin-extended",
    "pyyaml",
    "python-frontmatter",
    "tzdata",
)
"""Packages whose version can change the output: what the floors up to the build import, and what
that needs. `tests/cache/test_epoch.py` holds the list against the imports."""


@cache
def epoch() -> str:
    """Return the digest of everything besides the site that decides what comes out.

    sitegen's own code, Python's minor version, the versions of the packages that make HTML, and
    that of the system's time zones.
    """
    state = hashlib.blake2b(digest_size=16)
    state.update(f"{sys.version_info.major}.{sys.version_info.minor}".encode())
    for name in MAKERS:
        try:
            state.update(f"{name} {version(name)}".encode())
        except PackageNotFoundError:
            state.update(f"{name} absent".encode())
    state.update(_zones_version().encode())
    _update_with_code(state, Path(str(files("sitegen"))))
    return state.hexdigest()


def _zones_version() -> str:
    """Return what tells one state of the system's time zones from another."""
    for folder in map(Path, zoneinfo.TZPATH):
        for name in ("tzdata.zi", "+VERSION"):
            try:
                with (folder / name).open(errors="replace") as file:
                    return file.readline()
            except OSError:
                continue
        try:
            return str((folder / "UTC").stat().st_mtime_ns)
        except OSError:
            continue
    return ""


@cache
def code_digest(modules: tuple[str, ...]) -> bytes:
    """Return the digest of the code that modules are part of, by name; for foreign extensions.

    By their entry point where a name is that of one. What cannot be found counts as nothing, and
    so do Python-Markdown's own, which have their version in the epoch.
    """
    state = hashlib.blake2b(digest_size=16)
    for name in modules:
        found = _package(name) or _package(_entry_point(name))
        if found is not None:
            _update_with_code(state, found)
    return state.digest()


def _package(module: str) -> Path | None:
    """Return the folder of the outermost package that a module is in, or its file, or None."""
    outermost = module.partition(":")[0].partition(".")[0]
    try:
        spec = find_spec(outermost) if outermost not in ("", "markdown") else None
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    places = spec.submodule_search_locations
    if places:
        return Path(places[0])
    return Path(spec.origin) if spec.origin else None


def _entry_point(name: str) -> str:
    found = entry_points(group="markdown.extensions", name=name)
    return next(iter(found)).module if found else ""


def _update_with_code(state: hashlib.blake2b, place: Path) -> None:
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
        state.update(path.relative_to(place.parent).as_posix().encode())
        state.update(path.read_bytes())
