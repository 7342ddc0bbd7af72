"""What a reference in an article means: `../03/flood.md#levels` → a file of the source tree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import unquote

from sitegen.model.documents import Reference, Shortcode
from sitegen.model.urls import Base, normal_form

_EXTERNAL = re.compile("https?:|data:|//", re.IGNORECASE)
_UNDATED = re.compile(r"/(?:pages|terms)/.*\.(?:md|markdown)", re.DOTALL)
"""The file of a page or term: `/pages/` may be the beginning of addresses, too."""
_FINGERPRINTED = re.compile(r"\.[0-9a-f]{8}(\.[^./]+)?\Z")


class Target(NamedTuple):
    """A file of the source tree, or a URL of the site, that a reference names."""

    path: str
    """The source path (`articles/2024/03/flood.md`) in its normal form, or "" for a URL."""
    url: str
    """The root-relative URL for a reference that is one (`/about/`), in its normal form; else "".
    """
    suffix: str
    """Query and fragment, with their `?` or `#`, as written."""


def is_external(target: str) -> bool:
    """Whether a reference names something that is not of this site."""
    return _EXTERNAL.match(target) is not None


def resolve_target(id_: str, target: str) -> Target | None:
    """Return what `target`, written in the article file `id_`, names; None if it leaves the site.

    A relative reference is one to a file, beside the article or elsewhere in the source tree; one
    that begins with `/` is a URL of the site, unless it begins with the name of a source folder.
    A file is found in whatever form of Unicode its name, or the folder's above it, is written.
    """
    cut = min((place for sign in "?#" if (place := target.find(sign)) >= 0), default=len(target))
    path, suffix = unquote(target[:cut]), target[cut:]
    if path.startswith("/"):
        if path.startswith(("/articles/", "/static/")) or _UNDATED.fullmatch(path):
            path = path[1:]
        else:
            return Target("", normal_form(path), suffix)
    else:
        path = posixpath.join(posixpath.dirname(id_), path)
    path = posixpath.normpath(path)
    if path.startswith(("../", "/")) or path in ("..", "."):
        return None
    return Target(normal_form(path), "", suffix)


def link_to(id_: str, target: str, base: Base, url_of: Callable[[str], str | None]) -> str | None:
    """Return the link to what `target` names in the article file `id_`, None if that is nowhere.

    `url_of` gives the URL of a source path, None for one that is not published. `Base.whole` makes
    the full address of the link.
    """
    if is_external(target):
        return target
    found = resolve_target(id_, target)
    if found is None:
        return None
    if found.url:
        return base.href(found.url) + found.suffix
    url = url_of(found.path)
    return None if url is None else base.file_href(url) + found.suffix


def published_name(path: str, digest: str) -> str:
    """Return the fingerprinted name of a file: `css/site.css` → `css/site.3fa9c1d2.css`."""
    stem, dot, suffix = path.rpartition(".")
    if not dot or "/" in suffix:
        return f"{path}.{digest[:8]}"
    return f"{stem}.{digest[:8]}.{suffix}"


def is_fingerprinted(path: str) -> bool:
    """Whether a path is one that `published_name` gives."""
    return _FINGERPRINTED.search(path) is not None


_FILE = re.compile(r"[^<>\"|*:\n]*[^\s<>\"|*:/]\.[A-Za-z0-9]{1,5}(?:[?#]\S*)?")

FOLDER = "folder"
"""The argument of a shortcode that names a folder, and the attribute of such a reference."""


def named_files(shortcodes: Iterable[Shortcode]) -> tuple[Reference, ...]:
    """Return what in the arguments of shortcodes may be the name of a file, as references.

    What an argument means its template alone knows, which may be written later. One may name
    several files, which spaces divide.
    """
    found: list[Reference] = []
    for shortcode in shortcodes:
        for key, value, *_ in shortcode.arguments:
            if key == FOLDER:
                found.append(Reference(FOLDER, value, shortcode.line))
                continue
            found += (
                Reference("src", name, shortcode.line)
                for name in dict.fromkeys((value, *value.split()))
                if _FILE.fullmatch(name) and not is_external(name)
            )
    return tuple(found)


def used_files(id_: str, references: tuple[Reference, ...]) -> frozenset[str]:
    """Return the source paths that an article names, in their normal form.

    A picture that it shows by the URL of a static file is one of them; a link to such a URL is not,
    since that may lead to a page that has nothing to do with the article. A path that ends in `/`
    stands for the pictures of a folder.
    """
    used = set()
    for reference in references:
        target = resolve_target(id_, reference.target)
        if target and reference.attribute == FOLDER:
            used.add(f"{target.path or f'static{target.url}'.rstrip('/')}/")
        elif target and target.path:
            used.add(target.path)
        elif target and reference.attribute != "href":
            used.add(f"static{target.url}")
    return frozenset(used)
