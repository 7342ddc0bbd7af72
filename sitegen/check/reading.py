"""Reads the pages of the output folder, in as many processes as pay: the work of an executor."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urljoin

from sitegen.check.addresses import Addresses, Astray, Inside, Outside
from sitegen.check.pages import Link, Page, read_page
from sitegen.check.places import place_in
from sitegen.errors import problem

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
    nesting: bool
    external: bool


def see_chunk(context: Context, chunk: list[str]) -> list[Seen]:
    """Read several pages, by their paths below the output folder."""
    addresses = _addresses(context)
    return [see(context, addresses, path) for path in chunk]


@lru_cache(maxsize=1)
def _addresses(context: Context) -> Addresses:
    """Return the addresses of a site: what they have found out serves all chunks."""
    return Addresses(context.base_url, context.files)


def see(context: Context, addresses: Addresses, path: str) -> Seen:
    """Read one page."""
    try:
        html = (context.output / path).read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        hint = "check again when nobody else builds the site"
        raise problem(f"{path} cannot be read: {error.strerror}", hint=hint) from None
    page = read_page(html, nesting=context.nesting)
    spots = [
        Spot(fault.rule, fault.message, fault.target, *place_in(html, fault.start))
        for fault in page.faults
    ]
    url = quote(addresses.page_url(path))
    if page.base:
        url = urljoin(url, page.base)
    jumps: list[Jump] = []
    pictures: set[str] = set()
    outside: list[tuple[str, Spot]] = []
    for link in page.links:
        found = addresses.of(link.target, url)
        if isinstance(found, Inside):
            if not found.is_there:
                spots.append(_nowhere(html, link, found, addresses))
            elif found.fragment:
                _jump(html, link, found, path, page, spots, jumps)
            if found.path.casefold().endswith(IMAGES):
                pictures.add(found.path)
        elif isinstance(found, Astray):
            spots.append(_astray(html, link, addresses))
        elif isinstance(found, Outside) and context.external:
            outside.append((found.url, _spot(html, link, "external-link", "")))
    undescribed = [_spot(html, link, "missing-alt", "") for link in page.undescribed]
    return Seen(
        tuple(spots),
        tuple(jumps),
        page.ids,
        frozenset(pictures),
        tuple(undescribed),
        tuple(outside),
    )


def _spot(html: str, link: Link, rule: str, message: str, hint: str | None = None) -> Spot:
    return Spot(rule, message, link.target, *place_in(html, link.start), hint)


_NOUNS = {"link": "link", "image": "image", "file": "file"}


def _nowhere(html: str, link: Link, found: Inside, addresses: Addresses) -> Spot:
    rule = "broken-image" if link.kind == "image" else "broken-link"
    message = f'the {_NOUNS[link.kind]} "{link.target}" leads nowhere'
    hint = None
    if meant := _otherwise_spelled(addresses.files).get(found.path.casefold().rstrip("/")):
        hint = f'hosts tell capitals from small letters: there is "/{meant}"'
    return _spot(html, link, rule, message, hint)


@lru_cache(maxsize=1)
def _otherwise_spelled(files: frozenset[str]) -> dict[str, str]:
    """Return the addresses of all files by themselves in small letters."""
    urls = (path.removesuffix("index.html") for path in files)
    return {url.casefold().rstrip("/"): url for url in urls}


def _astray(html: str, link: Link, addresses: Addresses) -> Spot:
    message = f'"{link.target}" leads out of the site, which lives below {addresses.base.prefix}/'
    hint = 'in a template write {{ href("/about/") }}; or name another site in full: https://…'
    return _spot(html, link, "outside-base", message, hint)


def _jump(
    html: str,
    link: Link,
    found: Inside,
    path: str,
    page: Page,
    spots: list[Spot],
    jumps: list[Jump],
) -> None:
    if not found.path.endswith((".html", ".htm")):
        return  # a part of a drawing, a page of a document
    spot = _spot(html, link, "broken-fragment", no_such_place(link.target, found.fragment))
    if found.path != path:
        jumps.append(Jump(found.path, found.fragment, spot))
    elif found.fragment not in page.ids:
        spots.append(spot)


def no_such_place(target: str, fragment: str) -> str:
    """Return what is said of a link to a part of a page that is not there."""
    return f'"{target}": the page has no part named "{fragment}"'
