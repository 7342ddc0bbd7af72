"""What a static host answers: which file a URL stands for. No HTTP here, and no reading of pages.

The rules are those that the common hosts share (nginx, GitHub Pages, object stores behind a CDN):
`index.html` for a folder, `/a` leads to `/a/`, names are exact, nothing is listed, and files whose
name begins with a dot are kept back, but for `/.well-known/`.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from sitegen.output.writing import FIRST_LINE, MANIFEST

WELL_KNOWN = ".well-known"
NOT_FOUND = "404.html"
INDEX = "index.html"

_TYPES = mimetypes.MimeTypes(filenames=())
for _suffix, _type in {
    # Not from the computer's own list: that differs from one to the next.
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".geojson": "application/geo+json",
    ".ico": "image/vnd.microsoft.icon",
    ".ics": "text/calendar",
    ".js": "text/javascript",
    ".m4a": "audio/mp4",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".otf": "font/otf",
    ".rss": "application/rss+xml",
    ".ttf": "font/ttf",
    ".vtt": "text/vtt",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}.items():
    _TYPES.add_type(_type, _suffix)

_WITH_CHARSET = (
    "application/json",
    "application/manifest+json",
    "application/xml",
    "application/atom+xml",
    "application/rss+xml",
    "image/svg+xml",
)


class Found(NamedTuple):
    """A file to be sent."""

    path: str
    """Relative to the output folder."""


class Moved(NamedTuple):
    """A redirect to the same URL with a slash at its end."""

    location: str
    """Percent-encoded, with the base path."""


class Missing(NamedTuple):
    """No such file."""

    outside: bool
    """Whether the URL lies outside the base path, where the site has no say."""
    could_be: tuple[str, ...] = ()
    """The files that would be sent if they were there."""


class StaticHost:
    """An output folder, which need not exist yet, as a static host shows it below a base path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read_at: tuple[int, int] | None = None
        self._files: frozenset[str] = frozenset()

    def files(self) -> frozenset[str]:
        """Return the files that sitegen made there, by its manifest.

        Only these are served: nothing that lies there for other reasons, and on a system that
        takes `A.png` for `a.png` neither one for the other.
        """
        manifest = self.folder / MANIFEST
        try:
            found = manifest.stat()
            if (found.st_mtime_ns, found.st_ino) != self._read_at:
                lines = manifest.read_text("utf-8").split("\n")
                whole = lines[0] == FIRST_LINE
                self._files = frozenset(line for line in lines[1:] if line and whole)
                self._read_at = (found.st_mtime_ns, found.st_ino)
        except OSError:
            self._files, self._read_at = frozenset(), None
        return self._files

    def find(self, target: bytes, prefix: str) -> Found | Moved | Missing:
        """Return what stands for a request.

        `target` is the path of its URL as sent, percent-encoded, without the query; `prefix` the
        base path of the site, "" or `/news`.
        """
        segments = _segments(target)
        base = prefix.split("/")[1:]
        if segments is None:
            return Missing(outside=False)
        if segments[: len(base)] != base:
            return Missing(outside=True)
        if len(segments) == len(base):
            return Moved(quote(f"{prefix}/"))
        return self._below(segments[len(base) :], prefix)

    def _below(self, parts: list[str], prefix: str) -> Found | Moved | Missing:
        shown = parts[1:] if parts[0] == WELL_KNOWN else parts
        if any(part.startswith(".") for part in shown):
            return Missing(outside=False)
        path, files = "/".join(parts), self.files()
        if path in files:
            return Found(path)
        if parts[-1] == "":
            index = f"{path}{INDEX}"
            return Found(index) if index in files else Missing(outside=False, could_be=(index,))
        index = f"{path}/{INDEX}"
        if index in files:
            return Moved(quote(f"{prefix}/{path}/"))
        return Missing(outside=False, could_be=(path, index))


def _segments(target: bytes) -> list[str] | None:
    """Return the decoded parts of a URL's path, or None if no file can have such a path."""
    if not target.startswith(b"/"):
        return None
    try:
        # Divided first and decoded then: an encoded slash is no slash.
        parts = [unquote_to_bytes(part).decode() for part in target[1:].split(b"/")]
    except UnicodeDecodeError:
        return None
    for part in parts:
        if part in (".", "..") or any(sign in part for sign in "/\\\0"):
            return None
    if "" in parts[:-1]:
        return None
    return parts


def content_type(path: str) -> str:
    """Return the value of `Content-Type` for a file; sitegen writes UTF-8 only."""
    kind, encoding = _TYPES.guess_type(path, strict=False)
    if kind is None or encoding is not None:
        return {"gzip": "application/gzip"}.get(encoding or "", "application/octet-stream")
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in _WITH_CHARSET else kind
