"""Pictures that nothing shows, and pictures that are too large."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from sitegen.check.finding import Finding
from sitegen.check.page_checks import IMAGE_SUFFIXES
from sitegen.config.settings import Check
from sitegen.model.documents import Source
from sitegen.model.errors import Location
from sitegen.model.source_folders import DOCUMENTS
from sitegen.model.urls import normal_form
from sitegen.plan.outputs import Copy
from sitegen.scan.sources import STATIC

_ASKED_FOR = re.compile(
    r"(?:favicon\.\w+|apple-touch-icon[^/]*\.png|mstile-[^/]*\.png|\.well-known/.*)\Z"
)
"""Files that browsers ask for without being told."""


def is_picture(path: str) -> bool:
    """Whether a path is that of a picture."""
    return path.casefold().endswith(IMAGE_SUFFIXES)


def orphaned(
    sources: Mapping[str, Source],
    copies: Mapping[str, Copy],
    shown: Collection[str],
    named: Collection[str],
    is_mentioned: Callable[[Iterable[str]], Collection[str]],
) -> Iterator[Finding]:
    """Yield a finding for each picture beside a document or in `static/` that nobody uses.

    `shown` are the files of the output folder that pages and stylesheets show; `named` the source
    paths that documents name, drafts too; `is_mentioned` picks those of some file names that other
    texts of the output speak of.
    """
    published: dict[str, set[str]] = {}
    for path, copy in copies.items():
        published.setdefault(copy.source.path, set()).add(path)
    left = []
    for path in sources:
        root, _, rest = path.partition("/")
        if root not in (*DOCUMENTS, STATIC) or not is_picture(path):
            continue
        if normal_form(path) in named:
            continue
        if _ASKED_FOR.match(rest) or not published.get(path, set()).isdisjoint(shown):
            continue
        left.append(path)
    names = {path: normal_form(path.rpartition("/")[2]) for path in left}
    mentioned = is_mentioned(names.values()) if left else ()
    for path, name in names.items():
        if name not in mentioned:
            size = size_text(sources[path].size)
            message = f"no article, page or stylesheet uses this picture ({size})"
            yield Finding("orphaned-image", message, Location(path), "remove it, or use it")


def oversized(
    copies: Mapping[str, Copy], measure: Callable[[Source], tuple[int, int]], limits: Check
) -> Iterator[Finding]:
    """Yield a finding for each published picture beyond the limits.

    `measure` gives the width and height of a picture in pixels, (-1, -1) where they are unknown.
    """
    pictures = {copy.source.path: copy.source for copy in copies.values() if is_picture(copy.path)}
    for path, source in pictures.items():
        hint = "make it smaller: it is slow and costly to load on a phone"
        if source.size > limits.image_bytes:
            most = size_text(limits.image_bytes)
            message = f"the picture is {size_text(source.size)}, more than {most}"
            yield Finding("oversized-image", message, Location(path), hint)
            continue
        if path.casefold().endswith(".svg"):
            continue  # it is as large as it is shown
        width, height = measure(source)
        if max(width, height) > limits.image_pixels:
            message = f"the picture is {width} × {height} pixels, more than {limits.image_pixels}"
            yield Finding("oversized-image", message, Location(path), hint)


def size_text(size: int) -> str:
    """Return a number of bytes for a reader: `640 bytes`, `1.5 MB`."""
    for unit, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} bytes"
