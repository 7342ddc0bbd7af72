"""Checks the files of the output folder that are no pages: stylesheets, feeds, scripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen.check.addresses import Internal, Resolver
from sitegen.check.built_site import BuiltSite
from sitegen.check.feeds import Feed, read_feed
from sitegen.check.finding import Finding
from sitegen.check.hosting import HEADERS, REDIRECTS, Upload
from sitegen.check.page_checks import IMAGE_SUFFIXES, position_in
from sitegen.model.errors import Location
from sitegen.model.urls import url_of_file

FEEDS = (".xml", ".rss", ".atom", ".json")
_TEXT_SUFFIXES = (".js", ".mjs", ".json", ".webmanifest", ".xml", ".rss", ".atom", ".txt", ".svg")
"""Suffixes of files that may name pictures in ways that are not followed."""

_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_URL = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')"""
)


def case_conflicts(built: BuiltSite) -> Iterator[Finding]:
    """Yield a finding for each file whose name is another's but for case or the form of accents.

    On the disks of Windows and macOS they are one file; to hosts and browsers they are two.
    """
    by_name: dict[str, list[str]] = {}
    for path in built.sizes:
        by_name.setdefault(unicodedata.normalize("NFC", path).casefold(), []).append(path)
    for alike in by_name.values():
        first, *others = sorted(alike)
        for path in others:
            message = f'"{url_of_file(path)}" and "{url_of_file(first)}" differ only in case'
            hint = "on Windows and macOS they are the same file: rename one"
            yield Finding("case-conflict", message, built.source(path), hint)


class Stylesheets(NamedTuple):
    """What is wrong in stylesheets, and the pictures that they show."""

    findings: tuple[Finding, ...]
    pictures: frozenset[str]


def stylesheets(built: BuiltSite) -> Stylesheets:
    """Read every stylesheet: the files that it refers to must exist."""
    addresses = Resolver(built.site.config.base_url, frozenset(built.sizes))
    findings = []
    pictures = set()
    for path in sorted(path for path in built.sizes if path.endswith(".css")):
        text = (built.output / path).read_bytes().decode("utf-8-sig", "replace")
        text = _CSS_COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        for match in _CSS_URL.finditer(text):
            target = next((item for item in match.groups() if item), "")
            found = addresses.resolve(target, addresses.page_url(path)) if target else None
            if not isinstance(found, Internal) or target.startswith("#"):
                continue
            pictures.add(found.path)
            if not found.is_there and not built.is_skipped(target):
                is_picture = found.path.casefold().endswith(IMAGE_SUFFIXES)
                rule = "broken-image" if is_picture else "broken-link"
                location = built.place(path, *position_in(text, match.start()))
                message = f'the stylesheet refers to "{target}", which does not exist'
                findings.append(Finding(rule, message, location))
    return Stylesheets(tuple(findings), frozenset(pictures))


def mentioned_names(built: BuiltSite, names: Iterable[str]) -> set[str]:
    """Return those of some file names that scripts, feeds and the like mention."""
    sought = {name: name.encode() for name in names}
    mentioned: set[str] = set()
    for path in built.sizes:
        if path.endswith(_TEXT_SUFFIXES) and len(mentioned) < len(sought):
            data = (built.output / path).read_bytes()
            mentioned |= {name for name, encoded in sought.items() if encoded in data}
    return mentioned


def upload(built: BuiltSite) -> Upload:
    """Return the output folder as it is sent to a host."""

    def text(path: str) -> str:
        if path not in built.sizes:
            return ""
        return (built.output / path).read_bytes().decode("utf-8", "replace")

    folder = built.shown("").rstrip("/")
    base_url = built.site.config.base_url
    return Upload(built.sizes, text(REDIRECTS), text(HEADERS), base_url, folder)


def feed_chunk(output: Path, chunk: list[str]) -> list[Feed]:
    """Read several feeds or sitemaps: the work of an executor."""
    return [read_feed(path, (output / path).read_bytes()) for path in chunk]


def feeds(built: BuiltSite, read: Callable[[list[str]], Iterable[Feed]]) -> Iterator[Finding]:
    """Yield what is wrong with feeds and sitemaps, and the addresses in them that lead nowhere."""
    paths = sorted(path for path in built.sizes if path.endswith(FEEDS))
    addresses = Resolver(built.site.config.base_url, frozenset(built.sizes))
    for path, feed in zip(paths, read(paths), strict=True):
        for fault, line, column in feed.faults:
            location = built.place(path, line, column)
            yield Finding("invalid-feed", f"invalid {feed.kind}: {fault}", location)
        for target in dict.fromkeys(feed.links):
            found = addresses.resolve(target, addresses.page_url(path))
            if isinstance(found, Internal) and not found.is_there and not built.is_skipped(target):
                message = f'the {feed.kind} refers to "{target}", which does not exist'
                yield Finding("broken-link", message, _in_file(built, path, target))


def _in_file(built: BuiltSite, path: str, target: str) -> Location:
    text = (built.output / path).read_bytes().decode("utf-8", "replace")
    start = text.find(target)
    return built.place(path, *position_in(text, start)) if start >= 0 else built.place(path)
