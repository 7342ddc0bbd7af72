"""All pages of the output folder together: what is wrong on each, and what they lead to."""

from __future__ import annotations

import re
from typing import NamedTuple

from sitegen.check.built import Built
from sitegen.check.finding import Finding
from sitegen.check.origins import Origin, Origins
from sitegen.check.reading import Context, Jump, Seen, Spot, see_chunk
from sitegen.model.frozen import FrozenMap
from sitegen.model.urls import url_of_file
from sitegen.plan.outputs import Output
from sitegen.work import executor
from sitegen.work.progress import Progress

PAGES = (".html", ".htm")


class Survey(NamedTuple):
    """What was seen on all pages."""

    findings: tuple[Finding, ...]
    pictures: frozenset[str]
    """The files of the output folder that a page shows."""
    outside: dict[str, list[Finding]]
    """Where each address of another site is named, as findings without a message."""


def survey(built: Built, progress: Progress, *, external: bool) -> Survey:
    """Read every page; with `external`, note the addresses of other sites, too."""
    pages = sorted(path for path in built.sizes if path.endswith(PAGES))
    files = frozenset(built.sizes)
    base_url = built.site.config.base_url
    moved = FrozenMap(
        {
            output.path: output.target
            for output in built.plan.outputs.values()
            if output.kind == "redirect" and not _is_page_to_come(output)
        }
    )
    context = Context(built.output, base_url, files, moved, built.is_on("nesting"), external)
    gathering = _Gathering(built)
    results = executor.run(see_chunk, context, pages, built.workers)
    for done, (path, seen) in enumerate(zip(pages, results, strict=True)):
        progress("pages", done + 1, len(pages))
        gathering.take(path, seen)
    return gathering.result()


def _is_page_to_come(redirect: Output) -> bool:
    """Whether a redirect stands where the next full page of a list will be: links to it are meant.

    It leads to the list that it is below.
    """
    return redirect.url.startswith(redirect.target)


class _Gathering:
    """Puts together what was seen page by page."""

    def __init__(self, built: Built) -> None:
        self.built = built
        self.origins = Origins(built.folder, built.site, built.plan.outputs)
        self.ids: dict[str, frozenset[str]] = {}
        self.same_ids: dict[frozenset[str], frozenset[str]] = {}
        self.jumps: list[tuple[str, Jump]] = []
        self.pictures: set[str] = set()
        self.own: list[Finding] = []
        self.made: dict[tuple[str, str], Finding] = {}
        self.outside: dict[str, list[Finding]] = {}

    def take(self, path: str, seen: Seen) -> None:
        """Take what was seen on a page."""
        self.ids[path] = self.same_ids.setdefault(seen.ids, seen.ids)
        self.pictures |= seen.pictures
        self.jumps += [(path, jump) for jump in seen.jumps]
        for spot in seen.spots:
            self.add(path, spot)
        if self.built.is_on("missing-alt"):
            for spot in seen.undescribed:
                self.undescribed(path, spot)
        for url, spot in seen.outside:
            if not self.built.is_skipped(url):
                self.mention(path, url, spot)

    def add(self, path: str, spot: Spot) -> None:
        """Note a fault, where it was written: in the article, or by a template on many pages."""
        if not self.built.is_on(spot.rule) or self.built.is_skipped(spot.target):
            return
        url = url_of_file(path)
        if origin := self.origin(path, spot):
            message = spot.message.replace(spot.target, origin.written)
            self.own.append(Finding(spot.rule, message, origin.location, spot.hint, url, 1))
            return
        key = (spot.rule, re.sub(r"\d+", "", spot.message))
        if other := self.made.get(key):
            self.made[key] = other._replace(pages=other.pages + 1)
            return
        location = self.built.place(path, spot.line, spot.column)
        hint = spot.hint
        if template := self.origins.template(path):
            hint = f"{hint}; " if hint else ""
            hint += f"the page is made by templates/{template} and what that includes"
        self.made[key] = Finding(spot.rule, spot.message, location, hint, url, 1)

    def origin(self, path: str, spot: Spot) -> Origin | None:
        """Return where the article of a page has what is wrong with it, or None."""
        if not spot.target:
            return None
        if spot.rule == "missing-alt":
            return self.origins.undescribed(path, spot.target)
        return self.origins.of(path, spot.target, last=spot.rule == "duplicate-id")

    def undescribed(self, path: str, spot: Spot) -> None:
        """Note a picture of an article whose writer has forgotten to describe it."""
        for origin in self.origins.forgotten(path, spot.target):
            message = f'the picture "{origin.written}" has no alternative text'
            hint = 'write ![What it shows](…); or, for decoration, <img src="…" alt="">'
            page = url_of_file(path)
            self.own.append(Finding("missing-alt", message, origin.location, hint, page, 1))

    def mention(self, path: str, url: str, spot: Spot) -> None:
        """Note where an address of another site is named: in articles, and once elsewhere."""
        origin = self.origins.of(path, spot.target)
        location = origin.location if origin else self.built.place(path, spot.line, spot.column)
        named = self.outside.setdefault(url, [])
        finding = Finding(spot.rule, "", location, None, url_of_file(path), 1)
        if origin or not any(item.hint == "" for item in named):
            named.append(finding if origin else finding._replace(hint=""))

    def result(self) -> Survey:
        """Return everything, when all pages were taken."""
        for path, jump in self.jumps:
            known = self.ids.get(jump.path)
            if known is not None and jump.fragment not in known:
                self.add(path, jump.spot)
        findings = (*self.own, *self.made.values())
        return Survey(findings, frozenset(self.pictures), self.outside)
