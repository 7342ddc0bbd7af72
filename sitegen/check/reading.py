"""Reads the pages of the output folder, in as many processes as pay: the work of an executor."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urljoin

from sitegen.check.addresses import Addresses, Astray, Inside, Outside
from sitegen.check.pages import Link, read_page
from sitegen.model.errors import problem
from sitegen.model.frozen import FrozenMap

IMAGES = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".avif",
    ".svg",
    ".bmp",
    ".ico",
    ".tif",
    ".tiff",
)
"""The suffixes of pictures."""


class Spot(NamedTuple):
    """Something on a page that matters to the whole site."""

    rule: str
    """The rule that it breaks, or may break."""
    message: str
    target: str
    """What the page names, as written."""
    line: int
    column: int
    hint: str | None = None


class Jump(NamedTuple):
    """A link to a place on another page."""

    path: str
    fragment: str
    spot: Spot


class Seen(NamedTuple):
    """What was seen on a page. Small: there may be a hundred thousand of them."""

    spots: tuple[Spot, ...]
    jumps: tuple[Jump, ...]
    ids: frozenset[str]
    pictures: frozenset[str]
    """The files of the output folder that it shows."""
    undescribed: tuple[Spot, ...]
    """Pictures with an empty alternative text."""
    outside: tuple[tuple[str, Spot], ...]
    """Addresses elsewhere, with their places; empty unless they are asked for."""


class Context(NamedTuple):
    """What all pages need."""

    output: Path
    base_url: str
    files: frozenset[str]
    moved: FrozenMap
    """Where each file that is a redirect leads: a URL without the base path."""
    nesting: bool
    external: bool


def see_chunk(context: Context, chunk: list[str]) -> list[Seen]:
    """Read several pages, by their paths below the output folder."""
    addresses = _addresses(context.base_url, context.files)
    return [_Sight(context, addresses, path).seen() for path in chunk]


@lru_cache(maxsize=1)
def _addresses(base_url: str, files: frozenset[str]) -> Addresses:
    """Return the addresses of a site: what they have found out serves all chunks."""
    return Addresses(base_url, files)


class _Sight:
    """One page, while it is looked at."""

    def __init__(self, context: Context, addresses: Addresses, path: str) -> None:
        self.context = context
        self.addresses = addresses
        self.path = path
        self.html = self._text()
        self.page = read_page(self.html, nesting=context.nesting)
        self.spots = [
            Spot(fault.rule, fault.message, fault.target, *place_in(self.html, fault.start))
            for fault in self.page.faults
        ]
        self.jumps: list[Jump] = []
        self.pictures: set[str] = set()
        self.outside: list[tuple[str, Spot]] = []

    def _text(self) -> str:
        try:
            return (self.context.output / self.path).read_bytes().decode("utf-8-sig", "replace")
        except OSError as error:
            hint = "check again when nobody else builds the site"
            raise problem(f"{self.path} cannot be read: {error.strerror}", hint=hint) from None

    def seen(self) -> Seen:
        """Return what is to be seen."""
        url = quote(self.addresses.page_url(self.path))
        if self.page.base:
            url = urljoin(url, self.page.base)
        for link in self.page.links:
            found = self.addresses.of(link.target, url)
            if isinstance(found, Inside):
                self.inside(link, found)
            elif isinstance(found, Astray):
                self.astray(link)
            elif isinstance(found, Outside):
                self.elsewhere(link, found)
        undescribed = (self.spot(link, "missing-alt", "") for link in self.page.undescribed)
        return Seen(
            tuple(self.spots),
            tuple(self.jumps),
            self.page.ids,
            frozenset(self.pictures),
            tuple(undescribed),
            tuple(self.outside),
        )

    def spot(self, link: Link, rule: str, message: str, hint: str | None = None) -> Spot:
        return Spot(rule, message, link.target, *place_in(self.html, link.start), hint)

    def tell(self, link: Link, rule: str, message: str, hint: str | None = None) -> None:
        self.spots.append(self.spot(link, rule, message, hint))

    def inside(self, link: Link, found: Inside) -> None:
        if found.path.casefold().endswith(IMAGES):
            self.pictures.add(found.path)
        moved = self.context.moved
        if not found.is_there:
            self.nowhere(link, found)
        elif found.path in moved and self.path not in moved:
            message = f'"{link.target}" is a former address'
            hint = f"the page is at {moved[found.path]} now"
            self.tell(link, "redirected-link", message, hint)
        elif found.fragment and found.path.endswith((".html", ".htm")):  # no part of a drawing
            self.jump(link, found)

    def nowhere(self, link: Link, found: Inside) -> None:
        rule = "broken-image" if link.kind == "image" else "broken-link"
        hint = None
        names = _otherwise_spelled(self.addresses.files)
        if meant := names.get(found.path.casefold().rstrip("/")):
            hint = f'hosts tell capitals from small letters: there is "/{meant}"'
        self.tell(link, rule, f'the {link.kind} "{link.target}" leads nowhere', hint)

    def jump(self, link: Link, found: Inside) -> None:
        message = f'"{link.target}": the page has no part named "{found.fragment}"'
        if found.path != self.path:
            spot = self.spot(link, "broken-fragment", message)
            self.jumps.append(Jump(found.path, found.fragment, spot))
        elif found.fragment not in self.page.ids:
            self.tell(link, "broken-fragment", message)

    def astray(self, link: Link) -> None:
        base = self.addresses.base.prefix
        message = f'"{link.target}" leads out of the site, which lives below {base}/'
        hint = 'in a template write {{ href("/about/") }}; or name another site in full: https://…'
        self.tell(link, "outside-base", message, hint)

    def elsewhere(self, link: Link, found: Outside) -> None:
        if "." not in found.host:
            message = f'the {link.kind} "{link.target}" leads nowhere'
            hint = f'it names a host "{found.host}"; an address of this site begins with one slash'
            self.tell(link, "broken-link", message, hint)
        elif self.context.external:
            self.outside.append((found.url, self.spot(link, "external-link", "")))


@lru_cache(maxsize=1)
def _otherwise_spelled(files: frozenset[str]) -> dict[str, str]:
    """Return the addresses of all files by themselves in small letters."""
    urls = (path.removesuffix("index.html") for path in files)
    return {url.casefold().rstrip("/"): url for url in urls}


def line_of(text: str, start: int) -> int:
    """Return the line of a character of a text, counted from 1."""
    return text.count("\n", 0, start) + 1


def place_in(text: str, start: int) -> tuple[int, int]:
    """Return the line and column of a character of a text, counted from 1."""
    return line_of(text, start), start - text.rfind("\n", 0, start)
