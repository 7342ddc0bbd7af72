"""What an address on a page leads to: a file of the output folder, or something outside.

The rules are those that the common hosts share: `index.html` for a folder, `/a` leads to `/a/`,
names are exact. Pure: whether a file is there is known from the list of files.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes, urljoin, urlsplit

from sitegen.model.urls import Base

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DROPPED = re.compile(r"[\t\n\r]")
_TEXT_FRAGMENT = ":~:"
_HOME = frozenset({"", "top"})
"""Fragments that are on every page."""


class Inside(NamedTuple):
    """A file of the site."""

    path: str
    """Below the output folder; as asked for if there is no such file."""
    fragment: str
    """Decoded; "" for none and for those that every page has."""
    is_there: bool


class Outside(NamedTuple):
    """A page of the web."""

    url: str
    """Whole, without a fragment."""

    @property
    def host(self) -> str:
        """The name of its host, in small letters; an IPv6 address has none, and counts as one."""
        name = urlsplit(self.url).hostname or ""
        return name.replace(":", ".")


class Astray(NamedTuple):
    """A path of our own host that is not below the site's base path."""

    path: str


Address = Inside | Outside | Astray | None
"""None is what no check follows: `mailto:`, `tel:`, `data:`, …"""


class Addresses:
    """The addresses of one site."""

    def __init__(self, base_url: str, files: frozenset[str]) -> None:
        """Take where the site lives, and the files of its output folder."""
        self.base = Base.parse(base_url)
        self.files = files
        host = urlsplit(self.base.origin)
        self.hosts = {host.netloc.casefold()} if host.netloc else set()
        self._known: dict[str, Address] = {}

    def of(self, target: str, page: str) -> Address:
        """Return what `target` leads to on the page whose URL, with the base path, is `page`."""
        if target.startswith("/") and not target.startswith("//"):
            known = self._known.get(target, self)
            if known is self:
                known = self._known[target] = self._on_our_host(target)
            return known  # type: ignore[return-value]  # `self` was only the sign for unknown
        target = _DROPPED.sub("", target)
        try:
            if not _SCHEME.match(target) and not target.startswith("//"):
                return self._on_our_host(urljoin(page, target))
            return self._in_full(target)
        except ValueError:  # a bracket that begins no IPv6 address
            return Inside(target, "", is_there=False)

    def _in_full(self, target: str) -> Address:
        parts = urlsplit(target, "https")
        if parts.scheme not in ("http", "https"):
            return None
        if parts.netloc.casefold() in self.hosts:
            fragment = f"#{parts.fragment}" if parts.fragment else ""
            found = self._on_our_host((parts.path or "/") + fragment)
            # Another site may live beside this one, and be named in full.
            return None if isinstance(found, Astray) else found
        return Outside(parts._replace(fragment="").geturl())

    def _on_our_host(self, target: str) -> Address:
        path, _, fragment = target.partition("#")
        path = urljoin("/", path.partition("?")[0])
        try:
            path = unquote_to_bytes(path).decode()
        except UnicodeDecodeError:
            return Inside(path[1:], "", is_there=False)
        prefix = self.base.prefix
        if prefix:
            if path == prefix:
                path += "/"
            if not path.startswith(f"{prefix}/"):
                return Astray(path)
            path = path.removeprefix(prefix)
        name = unquote(fragment.partition(_TEXT_FRAGMENT)[0])
        if name.casefold() in _HOME:
            name = ""
        found = self.file_of(path)
        return Inside(found or path[1:], name, is_there=found is not None)

    def file_of(self, path: str) -> str | None:
        """Return the file that a host sends for a decoded path below the base path, or None."""
        path = path[1:]
        if path in self.files and path:
            return path
        index = f"{path}index.html" if path.endswith("/") or not path else f"{path}/index.html"
        return index if index in self.files else None

    def page_url(self, path: str) -> str:
        """Return the URL, with the base path, of a file of the output folder."""
        if path == "index.html" or path.endswith("/index.html"):
            path = path.removesuffix("index.html")
        return f"{self.base.prefix}/{path}"
