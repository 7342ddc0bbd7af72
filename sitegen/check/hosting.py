"""Checks the output folder against the limits of a host. Pure: sizes and texts in, findings out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sitegen.check.finding import Finding
from sitegen.check.limits import Host
from sitegen.check.pictures import size_text
from sitegen.model.errors import Location
from sitegen.model.urls import Base

REDIRECTS = "_redirects"
HEADERS = "_headers"
NOT_FOUND = "404.html"
WARNING_SHARE = 0.8
"""The share of a limit from which on there is a warning."""

MAX_NAMED = 5
"""How many files of a kind are named; the others are counted."""

_PATTERN = re.compile(r"\*|/:\w")


class Upload(NamedTuple):
    """What is to be uploaded to a host."""

    sizes: Mapping[str, int]
    """The files by their paths, with their bytes."""
    redirects: str
    """The text of `_redirects`, "" if there is none."""
    headers: str
    """The text of `_headers`."""
    base_url: str
    folder: str
    """The path of the output folder, as messages show it."""

    def location(self, path: str, line: int = 0) -> Location:
        """Return a place in a file of the output folder."""
        return Location(f"{self.folder}/{path}", line, 1 if line else 0)


def host_findings(upload: Upload, host: Host) -> Iterator[Finding]:
    """Yield what `host` would refuse of an upload, and what it does differently from others."""
    yield from _numbers(upload, host)
    yield from _names(upload, host)
    yield from _redirects(upload, host)
    yield from _headers(upload, host)
    yield from _behaviour(upload, host)


def _limit(message: str, location: Location, hint: str | None = None) -> Finding:
    return Finding("host-limit", message, location, hint)


def _advice(message: str, location: Location, hint: str | None = None) -> Finding:
    return Finding("host-advice", message, location, hint)


def _numbers(upload: Upload, host: Host) -> Iterator[Finding]:
    location = Location(upload.folder)
    count, what = len(upload.sizes), "files"
    if host.counts_folders:
        count, what = count + len(_folders(upload.sizes)), "files and folders"
    hint = "for fewer files, use fewer tags or longer lists (`[lists] per_page`)"
    for held, free, paid, unit in (
        (count, host.files, host.paid_files, what),
        (sum(upload.sizes.values()), host.site_bytes, host.paid_site_bytes, "bytes"),
    ):
        most = max(free, paid)
        said, ceiling = (
            (size_text(number) if unit == "bytes" else f"{number:,} {unit}")
            for number in (held, most)
        )
        advised = hint if unit != "bytes" else None
        if most and held > most:
            message = f"the site has {said}; {host.title} accepts at most {ceiling}"
            yield _limit(message, location, advised)
        elif paid and held > free:
            first = size_text(free) if unit == "bytes" else f"{free:,}"
            message = f"the site has {said}; {host.title} accepts {first} without a paid plan"
            yield _advice(message, location, advised)
        elif most and held > WARNING_SHARE * (free or most):
            message = f"the site has {said}, close to the limit of {host.title}"
            yield _advice(message, location, advised)
    if host.file_bytes:
        for path, size in upload.sizes.items():
            if size > host.file_bytes:
                most_said = size_text(host.file_bytes)
                message = f"the file is {size_text(size)}; {host.title} accepts at most {most_said}"
                yield _limit(message, upload.location(path))


def _folders(paths: Iterable[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _names(upload: Upload, host: Host) -> Iterator[Finding]:
    for path in upload.sizes:
        if found := next((sign for sign in host.forbidden if sign in path), None):
            message = f'{host.title} does not accept "{found}" in file names'
            yield _limit(message, upload.location(path), "rename the file")
        if host.path_bytes and len(path.encode()) > host.path_bytes:
            message = (
                f"the path is too long; {host.title} accepts at most {host.path_bytes:,} bytes"
            )
            yield _limit(message, upload.location(path))
        if path in host.programs:
            message = f"{host.title} runs or reads this file instead of serving it"
            yield _advice(message, upload.location(path))


def _redirects(upload: Upload, host: Host) -> Iterator[Finding]:
    rules = list(_rules(upload.redirects))
    if not rules:
        return
    if not host.reads_redirects:
        message = f"{host.title} does not read {REDIRECTS}"
        hint = "use `aliases` and `[redirects]`, which make a page for each redirect"
        yield _advice(message, upload.location(REDIRECTS), hint)
        return
    patterns = [line for line, text in rules if _PATTERN.search(text.split()[0])]
    counted = len(rules) - (len(patterns) if host.patterns else 0)
    for number, most, what in (
        (counted, host.redirects, "redirects"),
        (len(patterns), host.patterns, "redirects with * or :name"),
    ):
        if most and number > most:
            message = f"{number:,} {what}; {host.title} accepts at most {most:,}"
            yield _limit(message, upload.location(REDIRECTS))
    size = len(upload.redirects.encode())
    if host.redirect_bytes and size > host.redirect_bytes:
        most_said = size_text(host.redirect_bytes)
        message = f"the file is {size_text(size)}; {host.title} reads at most {most_said}"
        yield _limit(message, upload.location(REDIRECTS))
    yield from _long(rules, host.line_length, REDIRECTS, upload, host)
    prefix = Base.parse(upload.base_url).prefix
    if host.prefixed and prefix:
        for line, text in rules:
            origin = text.split()[0]
            if origin.startswith("/") and not origin.startswith(f"{prefix}/"):
                message = f'"{origin}" never matches: the site is served below {prefix}/'
                yield _advice(message, upload.location(REDIRECTS, line))


def _headers(upload: Upload, host: Host) -> Iterator[Finding]:
    rules = list(_rules(upload.headers))
    paths = [line for line, text in rules if not text[0].isspace()]
    if not rules:
        return
    if not host.reads_headers:
        message = f"{host.title} does not read {HEADERS}"
        hint = "set headers in the settings of the host, if it has any"
        yield _advice(message, upload.location(HEADERS), hint)
        return
    if host.header_rules and len(paths) > host.header_rules:
        message = f"{len(paths):,} rules; {host.title} accepts at most {host.header_rules:,}"
        yield _limit(message, upload.location(HEADERS))
    yield from _long(rules, host.header_length, HEADERS, upload, host)


def _rules(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not empty or comments, with their numbers."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.rstrip("\r")


def _long(
    rules: Iterable[tuple[int, str]], most: int, path: str, upload: Upload, host: Host
) -> Iterator[Finding]:
    for line, text in rules:
        if most and len(text) > most:
            message = f"the line has {len(text):,} characters; {host.title} reads at most {most:,}"
            yield _limit(message, upload.location(path, line))


def _behaviour(upload: Upload, host: Host) -> Iterator[Finding]:
    location = Location(upload.folder)
    if NOT_FOUND not in upload.sizes:
        message = f"there is no {NOT_FOUND}: {host.title} shows its own page for missing pages"
        if host.title == "Cloudflare Pages":
            message = (
                f"there is no {NOT_FOUND}: {host.title} shows the front page for missing pages"
            )
        yield _advice(message, location)
    base = Base.parse(upload.base_url)
    if base.prefix and not host.prefixed:
        message = f"the site is made for {base.prefix}/, but {host.title} serves it at the root"
        hint = f"put the output into a folder {base.prefix[1:]}/, or change base_url"
        yield _advice(message, location, hint)
    if host.title == "GitHub Pages":
        hidden = sorted(
            {path.split("/")[0] for path in upload.sizes if _is_excluded_by_jekyll(path)}
        )
        if hidden and ".nojekyll" not in upload.sizes:
            message = f'without .nojekyll, {host.title} does not publish "{hidden[0]}" of a branch'
            yield _advice(message, location, "put an empty file .nojekyll into static/")
    if host.title == "Cloudflare Pages":
        pages = sorted(path for path in upload.sizes if _has_suffix(path))
        for path in pages[:MAX_NAMED]:
            more = f" (and {len(pages) - MAX_NAMED:,} more)" if len(pages) > MAX_NAMED else ""
            url = f"/{path}".removesuffix(".html")
            message = f"{host.title} redirects /{path} to {url}{more}"
            yield _advice(message, upload.location(path), "use an address that ends in /")


def _is_excluded_by_jekyll(path: str) -> bool:
    """Whether Jekyll, which GitHub runs over a branch, leaves a file out."""
    return any(part.startswith("_") for part in path.split("/"))


def _has_suffix(path: str) -> bool:
    name = path.rpartition("/")[2]
    return path.endswith(".html") and name not in ("index.html", NOT_FOUND)
