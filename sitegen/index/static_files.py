"""Which files beside documents and in `static/` are published: those that something uses."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping

from sitegen.config.theme_places import THEMES
from sitegen.index.site import PICTURES, Uses
from sitegen.model.documents import Source
from sitegen.model.errors import Location, Problem
from sitegen.model.source_folders import DOCUMENT_SUFFIXES, DOCUMENTS
from sitegen.model.urls import normal_form
from sitegen.scan.sources import STATIC, TEMPLATES, THEME

_FOLDERS = tuple(f"{folder}/" for folder in DOCUMENTS)

_NAMING = (".html", ".css", ".js", ".mjs", ".json", ".webmanifest", ".xml", ".txt", ".svg")
"""Files of a site that may name others."""


def published_files(
    sources: Mapping[str, Source], uses: Uses, read: Callable[[Source], bytes]
) -> tuple[Mapping[str, Source], frozenset[str]]:
    """Return the files beside documents that are published, and the static ones that are not.

    `sources` are all files of the site; `read` gives the bytes of one. A static file that only
    hidden documents use is not published, unless a template, stylesheet or script names it.
    Both are known by their paths in normal form.
    """
    shown = uses.shown.keys() | set(_in_folders(sources, uses.shown))
    files = {
        normal_form(path): source
        for path, source in sources.items()
        if (path in shown or (not path.isascii() and normal_form(path) in shown))
        and path.startswith(_FOLDERS)
        and not path.endswith(DOCUMENT_SUFFIXES)
    }
    hidden_only = (uses.hidden.keys() | set(_in_folders(sources, uses.hidden))) - shown
    return files, frozenset(hidden_only - _named_by_the_site(hidden_only, sources, read))


def _in_folders(sources: Iterable[str], used: Iterable[str]) -> Iterator[str]:
    """Yield the pictures in the folders among the paths that documents use, in normal form."""
    folders = frozenset(path for path in used if path.endswith("/"))
    if not folders:
        return
    for path in sources:
        if path.endswith(PICTURES):
            found = normal_form(path)
            if found[: found.rfind("/") + 1] in folders:
                yield found


def _named_by_the_site(
    paths: set[str], sources: Mapping[str, Source], read: Callable[[Source], bytes]
) -> set[str]:
    """Return those of the static files `paths` that a template, stylesheet or script names.

    By the file's name alone: a draft that shows the paper's logo must not take it off all pages.
    """
    static = {
        path
        for path in paths
        if path.startswith(f"{STATIC}/") and (path in sources or not path.isascii())
    }
    if not static:
        return set()
    folders = (f"{TEMPLATES}/", f"{STATIC}/", f"{THEME}/", f"{THEMES}/")
    text = b"\0".join(
        read(source)
        for path, source in sources.items()
        if path.startswith(folders) and path.endswith(_NAMING) and normal_form(path) not in static
    )
    return {path for path in static if _is_named(path.rpartition("/")[2], text)}


def _is_named(name: str, text: bytes) -> bool:
    """Whether a text has the name of a file, in either form of Unicode."""
    if name.isascii():
        return name.encode() in text
    return any(unicodedata.normalize(form, name).encode() in text for form in ("NFC", "NFD"))


def alike(sources: Mapping[str, Source]) -> list[Problem]:
    """Return a warning for each file whose name is another's, in another form of Unicode.

    To a reader they are one name, and so they are to references and in the output folder.
    """
    found: dict[str, list[str]] = {}
    for path in sources:
        if not path.isascii():
            found.setdefault(normal_form(path), []).append(path)
    problems = []
    for paths in found.values():
        if len(paths) > 1:
            spelled = ", ".join(f'"{_spelled(path)}"' for path in sorted(paths, reverse=True))
            message = f"{len(paths)} files have one name, in different forms of Unicode: {spelled}"
            hint = "rename or remove all but one: links cannot tell them apart"
            problems.append(Problem(message, Location(min(paths)), hint, "warning"))
    return problems


def _spelled(path: str) -> str:
    """Return a path with its other characters by their numbers, which differ where looks do not."""
    return path.encode("ascii", "backslashreplace").decode()
