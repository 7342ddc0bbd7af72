"""The files that a target is to hold, each with its headers and its checksum. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum
from hashlib import blake2b
from typing import NamedTuple

from sitegen.cache.tables import Written
from sitegen.config.settings import DeployTarget
from sitegen.model.references import is_fingerprinted
from sitegen.web.static_host import content_type

FOREVER = "public, max-age=31536000, immutable"

MINIMUM = 256
"""Bytes of the smallest file that is worth compressing."""

_ANNOUNCING = re.compile(
    r"(^|/)(feed\.xml|rss\.xml|feed\.json|(news-)?sitemap[^/]*\.xml|sitemap/[^/]+\.xml|robots\.txt)$"
)
_INDEX = re.compile(r"_[0-9a-f]{7,}\.pf_(fragment|index|meta)$")
"""Parts of Pagefind's index: it names them by their content."""

_COMPRESSIBLE = re.compile(
    r"text/|image/svg|application/(json|xml|wasm|manifest|feed|javascript|rss|atom|geo)|font/[ot]tf"
)
_FEEDS = {
    "feed.xml": "application/atom+xml; charset=utf-8",
    "rss.xml": "application/rss+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
_VERSION = b"1"
"""To be changed when other bytes are made from the same file."""


class Phase(IntEnum):
    """The order of sending: nothing is named before it is there."""

    ASSETS = 0
    PAGES = 1
    ANNOUNCEMENTS = 2
    """Feeds and sitemaps, which announce pages to readers."""


class Headers(NamedTuple):
    """The HTTP headers that a file is served with."""

    type: str
    cache: str
    encoding: str
    """`Content-Encoding`, or ""."""


class TargetFile(NamedTuple):
    """A file that the target is to hold."""

    path: str
    source: str
    """The file below the output folder that it is made from."""
    digest: bytes
    """`content_digest` of that file."""
    size: int
    """Of that file, in bytes."""
    encoding: str
    """How the bytes differ from that file: "", "gz" or "br"."""
    headers: Headers | None
    """None where the target has no place for them."""
    checksum: str
    """Of the bytes and the headers that the target is to hold, in hexadecimal."""
    phase: Phase


def target_files(written: Mapping[str, Written], target: DeployTarget) -> dict[str, TargetFile]:
    """Return what `target` is to hold, by path, for the files of an output folder."""
    files = (
        item
        for path, file in sorted(written.items())
        for item in (_cloud_object if target.kind == "cloud" else _plain_files)(path, file, target)
    )
    return {item.path: item for item in files}


def _cloud_object(path: str, file: Written, target: DeployTarget) -> Iterator[TargetFile]:
    """Yield a file as an object of cloud storage: one encoding, with headers."""
    kind = _content_type(path)
    encoding = "gz" if "gz" in target.precompress and _is_worth_compressing(path, file) else ""
    headers = Headers(kind, cache_control(path, target), "gzip" if encoding else "")
    yield _target_file(path, path, file, encoding, headers)


def _plain_files(path: str, file: Written, target: DeployTarget) -> Iterator[TargetFile]:
    """Yield a file as it is, and its compressed copies beside it."""
    yield _target_file(path, path, file, "", None)
    if _is_worth_compressing(path, file):
        for encoding in target.precompress:
            yield _target_file(f"{path}.{encoding}", path, file, encoding, None)


def _target_file(
    path: str, source: str, file: Written, encoding: str, headers: Headers | None
) -> TargetFile:
    if encoding or headers:
        parts = (file.digest, encoding.encode(), _VERSION, *map(str.encode, headers or ()))
        checksum = blake2b(b"\0".join(parts), digest_size=16).hexdigest()
    else:
        checksum = file.digest.hex()
    return TargetFile(
        path, source, file.digest, file.size, encoding, headers, checksum, _phase(source)
    )


def _phase(path: str) -> Phase:
    if is_announcing(path):
        return Phase.ANNOUNCEMENTS
    return Phase.PAGES if path.endswith((".html", ".htm")) else Phase.ASSETS


def is_announcing(path: str) -> bool:
    """Whether a file announces pages to readers or search engines: a feed, a sitemap."""
    return _ANNOUNCING.search(path) is not None


def _is_worth_compressing(path: str, file: Written) -> bool:
    return file.size >= MINIMUM and _COMPRESSIBLE.match(_content_type(path)) is not None


def _content_type(path: str) -> str:
    return _FEEDS.get(path.rpartition("/")[2]) or content_type(path)


def cache_control(path: str, target: DeployTarget) -> str:
    """Return the value of `Cache-Control` for a file."""
    if is_fingerprinted(path) or _INDEX.search(path):
        return FOREVER
    if is_announcing(path):
        seconds = target.cache_feeds
    elif _phase(path) is Phase.PAGES or path.startswith("search/"):
        # The files that name the parts of the search index must not outlive them.
        seconds = target.cache_pages
    else:
        seconds = target.cache_files
    return f"public, max-age={seconds}" if seconds else "no-cache"
