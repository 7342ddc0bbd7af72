"""The source map of pages: where in a document something on its page was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sitegen.index.site import Site
from sitegen.model.errors import Location
from sitegen.model.references import link_to
from sitegen.model.urls import Base
from sitegen.plan.outputs import Output

_EMPTY_IMAGE = re.compile(r"!\[\s*\]\(\s*<?\s*\Z")
_IMG = re.compile(r"<img\b[^>]*\bsrc\s*=\s*[\"']?\s*\Z", re.IGNORECASE)


class SourceText(NamedTuple):
    """A piece of a document's source."""

    location: Location
    text: str
    """What was written for what is on the page: `tide.md` for `/2024/11/04/tide/`."""


class SourceMap:
    """Finds the sources of what is on a site's pages, in the site folder."""

    def __init__(self, folder: Path, site: Site, outputs: Mapping[str, Output]) -> None:
        self.folder = folder
        self.site = site
        self.outputs = outputs
        self.base = Base.parse(site.config.base_url)

    def find(self, path: str, target: str, *, last: bool = False) -> SourceText | None:
        """Return where the document of the page `path` first has `target`; None if it does not.

        `target` is as it stands on the page. With `last`, the last place instead.
        """
        found = list(self._find_all(path, target))
        return found[-1 if last else 0][0] if found else None

    def empty_alts(self, path: str, target: str) -> Iterator[SourceText]:
        """Yield where a picture that has an empty alternative text was written `![](…)`.

        Who writes `<img alt="">` says that the picture is decoration.
        """
        for source, before in self._find_all(path, target):
            if _EMPTY_IMAGE.search(before):
                yield source

    def missing_alt(self, path: str, target: str) -> SourceText | None:
        """Return where a picture without an alternative text was written `<img src=…>`, or None."""
        found = self._find_all(path, target)
        return next((source for source, before in found if _IMG.search(before)), None)

    def _find_all(self, path: str, target: str) -> Iterator[tuple[SourceText, str]]:
        """Yield all places of `target` in a page's document, each with the line before it."""
        output = self.outputs.get(path)
        entry = self.site.document(output.made_from) if output else None
        if entry is None:
            return
        id_ = entry.teaser.id
        texts = dict.fromkeys(
            item.target for item in entry.references if self._href(id_, item.target) == target
        )
        for written in texts or (target,):
            sought = re.escape(written)
            is_tag = written.startswith("<")
            pattern = re.compile(sought if is_tag else rf"(?<![\w/.#-]){sought}(?![\w/-])")
            for number, line in enumerate(_lines(self.folder / id_), 1):
                for found in pattern.finditer(line):
                    location = Location(id_, number, found.start() + 1)
                    yield SourceText(location, written), line[: found.start()]

    def template(self, path: str) -> str:
        """Return the template of a page, "" for a file that was copied."""
        output = self.outputs.get(path)
        return output.template if output else ""

    def _href(self, id_: str, target: str) -> str | None:
        """Return the link that a document's reference is on its page."""
        return link_to(id_, target, self.base, self.site.url_of)


@lru_cache(maxsize=8)
def _lines(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return []
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
