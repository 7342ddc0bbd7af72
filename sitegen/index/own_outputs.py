"""The outputs of `[[outputs]]`: their addresses, one for each row where they come from data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sitegen.config.own_outputs import filled, url_fields
from sitegen.config.settings import OwnOutput
from sitegen.data.names import name_of
from sitegen.data.row_lines import row_line
from sitegen.data.selecting import field_text, known_steps, select
from sitegen.index.redirects import Places
from sitegen.index.site import Site
from sitegen.model.errors import Location, Problem, did_you_mean
from sitegen.model.urls import normal_form, output_path, slugify
from sitegen.scan.sources import UnreadableError


class OwnPage(NamedTuple):
    """A file that the configuration asks for."""

    url: str
    path: str
    """Below the output folder."""
    pattern: str
    """The `url` of its table in the configuration."""
    row: int = -1
    """The number of its row, from 0; -1 of one that is there once."""

    @property
    def is_html(self) -> bool:
        """Whether it is a page that people read."""
        return self.path.endswith(".html")


class OwnPages(NamedTuple):
    """The outputs of one table of the configuration."""

    pages: tuple[OwnPage, ...] = ()
    rows: tuple[Any, ...] = ()
    """The rows that they are made from; none of an output that is there once."""
    twice: tuple[tuple[int, int], ...] = ()
    """Rows that have an address which another one has: their numbers, and those of the others."""
    without: tuple[tuple[int, str], ...] = ()
    """Rows that have no address: their numbers, and the field that is missing."""


def own_outputs(site: Site) -> Mapping[str, OwnPages]:
    """Return all outputs of the configuration by the patterns of their tables, worked out once."""
    known: Mapping[str, OwnPages] | None = site.memo.get("own_outputs")
    if known is None:
        known = {output.url: _pages(site, output) for output in site.config.outputs}
        site.memo["own_outputs"] = known
    return known


def own_rows(site: Site) -> Mapping[str, Any]:
    """Return the rows that outputs are made from, by the addresses of these, worked out once."""
    known: Mapping[str, Any] | None = site.memo.get("own_rows")
    if known is None:
        known = {
            page.url: found.rows[page.row]
            for found in own_outputs(site).values()
            for page in found.pages
            if page.row >= 0
        }
        site.memo["own_rows"] = known
    return known


def listed_own_pages(site: Site) -> list[OwnPage]:
    """Return the pages of which search engines are told, in the order of the configuration."""
    found = own_outputs(site)
    return [
        page
        for output in site.config.outputs
        if not output.noindex
        for page in found[output.url].pages
        if page.is_html
    ]


def _pages(site: Site, output: OwnOutput) -> OwnPages:
    url = normal_form(output.url)
    if not output.from_:
        return OwnPages((OwnPage(url, output_path(url), output.url),))
    rows = _rows(site, output)
    if rows is None:
        return OwnPages()
    pages: list[OwnPage] = []
    twice: list[tuple[int, int]] = []
    without: list[tuple[int, str]] = []
    taken: dict[str, int] = {}
    fields = url_fields(output.url)
    for number, row in enumerate(rows):
        if missing := [name for name in fields if not _slug(row, name)]:
            without.append((number, missing[0]))
            continue
        address = row_url(url, row)
        path = output_path(address)
        if taken.setdefault(path, number) != number:
            twice.append((number, taken[path]))
            continue
        pages.append(OwnPage(address, path, output.url, number))
    return OwnPages(tuple(pages), rows, tuple(twice), tuple(without))


def _rows(site: Site, output: OwnOutput) -> tuple[Any, ...] | None:
    """Return the rows that an output is made from; None if there are none to be found."""
    file = site.data.get(name_of(output.from_))
    if file is None or not file.digest or site.load_data is None:
        return None
    found = select(site.load_data(file), output.select)
    return found.value if found and isinstance(found.value, tuple) else None


def row_url(pattern: str, row: Any) -> str:
    """Return the address of a row's page: `/council/{slug}/` with its fields as slugs."""
    return filled(pattern, lambda name: _slug(row, name))


def _slug(row: Any, name: str) -> str:
    """Return a field of a row as a part of an address, "" where there is none."""
    if not isinstance(row, Mapping) or name not in row:
        return ""
    return slugify(field_text(row[name]) or "")


def problems(site: Site, places: Places) -> Iterator[Problem]:
    """Yield what is wrong with the outputs of the configuration."""
    found = own_outputs(site)
    for number, output in enumerate(site.config.outputs):
        if output.template not in site.templates:
            message = f'there is no template "{output.template}"'
            place = places(("outputs", number, "template"))
            hint = did_you_mean(output.template, site.templates)
            yield Problem(message, place, hint or f"write templates/{output.template}")
        if output.from_:
            yield from _of_rows(site, output, found[output.url], places, number)


def _of_rows(
    site: Site, output: OwnOutput, found: OwnPages, places: Places, number: int
) -> Iterator[Problem]:
    name = name_of(output.from_)
    file = site.data.get(name)
    if file is None:
        place = places(("outputs", number, "from"))
        hint = did_you_mean(name, site.data) or f"write a file such as data/{name}.csv"
        yield Problem(f'there is no data file "{name}"', place, hint)
        return
    if not file.digest:
        return  # the file itself is told
    if (rows := _rows(site, output)) is None:
        key = "select" if output.select else "from"
        yield _no_rows(site, output, places(("outputs", number, key)))
        return
    for row, field in found.without:
        is_table = isinstance(rows[row], Mapping)
        said = f'has no "{field}", which its address needs: {output.url}'
        if is_table and (text := field_text(rows[row].get(field))):
            said = f'has "{text}" as "{field}", which gives no part of an address'
        near = did_you_mean(field, known_steps(rows[row])) if is_table else None
        hint = near or f'write one, or another field in `url = "{output.url}"`'
        yield Problem(f"this row {said}", row_place(site, output.url, row), hint)
    for row, first in found.twice:
        other = row_place(site, output.url, first)
        address = row_url(normal_form(output.url), rows[row])
        message = f"{address} is wanted by this row and by the one on line {other.line}"
        place = row_place(site, output.url, row)
        yield Problem(message, place, "write something else in one of them")


def _no_rows(site: Site, output: OwnOutput, place: Location | None) -> Problem:
    assert site.load_data is not None  # noqa: S101 - it has loaded the file
    value = site.load_data(site.data[name_of(output.from_)])
    message = f'"{output.from_}" holds no list of rows'
    if output.select:
        message = f'"{output.from_}" has no list of rows at {" / ".join(output.select)}'
    lists = [step for step in known_steps(value) if isinstance(value[step], tuple)]
    hint = f'name where they are: `select = ["{lists[0]}"]`' if lists else "it must be a list"
    return Problem(message, place, hint)


def row_place(site: Site, pattern: str, row: int) -> Location:
    """Return where a row stands that an output is made from, for a message."""
    output = next(item for item in site.config.outputs if item.url == pattern)
    file = site.data[name_of(output.from_)]
    line = 0
    if source := site.sources.get(file.path):
        with contextlib.suppress(UnreadableError):
            line = row_line(file.path, site.read(source), output.select, row)
    return Location(file.path, line)
