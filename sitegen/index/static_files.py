"""Which files beside articles and in `static/` are published: those that articles and pages use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sitegen.index.site import Uses
from sitegen.model.documents import Source
from sitegen.scan.sources import ARTICLE_SUFFIXES, ARTICLES, STATIC, TEMPLATES, THEME

_NAMING = (".html", ".css", ".js", ".mjs", ".json", ".webmanifest", ".xml", ".txt", ".svg")
"""Files of a site that may name others."""


def published_files(
    sources: Mapping[str, Source], uses: Uses, read: Callable[[Source], bytes]
) -> tuple[Mapping[str, Source], frozenset[str]]:
    """Return the files beside articles that are published, and the static ones that are not.

    `sources` are all files of the site; `read` gives the bytes of one. A static file that only
    hidden articles use is not published, unless a template, stylesheet or script names it.
    """
    files = {
        path: source
        for path, source in sources.items()
        if path in uses.shown
        and path.startswith(f"{ARTICLES}/")
        and not path.endswith(ARTICLE_SUFFIXES)
    }
    hidden_only = {path for path in uses.hidden if path not in uses.shown}
    return files, frozenset(hidden_only - _named_by_the_site(hidden_only, sources, read))


def _named_by_the_site(
    paths: set[str], sources: Mapping[str, Source], read: Callable[[Source], bytes]
) -> set[str]:
    """Return those of the static files `paths` that a template, stylesheet or script names.

    By the file's name alone: a draft that shows the paper's logo must not take it off all pages.
    """
    static = {path for path in paths if path.startswith(f"{STATIC}/") and path in sources}
    if not static:
        return set()
    folders = (f"{TEMPLATES}/", f"{STATIC}/", f"{THEME}/")
    text = b"\0".join(
        read(source)
        for path, source in sources.items()
        if path.startswith(folders) and path.endswith(_NAMING) and path not in static
    )
    return {path for path in static if path.rpartition("/")[2].encode() in text}
