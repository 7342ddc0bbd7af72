"""Resolves an address on a page: to a file of the output folder, or to another site.

The rules are those that the common hosts share: `index.html` for a folder, `/a` leads to `/a/`,
names are exact. Pure: whether a file exists is known from the list of files.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes, urljoin, urlsplit

from sitegen.model.urls import Base

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DROPPED = re.compile(r"[\t\n\r]")
_TEXT_FRAGMENT = ":~:"
_PAGE_TOP = frozenset({"", "top"})
"""Fragments that are on every page."""


class Internal(NamedTuple):
    """The target of an internal link: a file of the site."""

    path: str
    """In the output folder; as asked for if there is no such file."""
    fragment: str
    """Decoded; "" for none and for those that every page has."""
    is_there: bool


class External(NamedTuple):
    """The target of an external link: a page of the web."""

    url: str
    """Whole, without a fragment."""

    @property
    def host(self) -> str:
        """The name of its host, in lower case; an IPv6 address counts as one, with dots."""
        name = urlsplit(self.url).hostname or ""
        return name.replace(":", ".")


class OutsideBase(NamedTuple):
    """A path of our own host that is not below the site's base path."""

    path: str


Address = Internal | External | OutsideBase | None
"""None is what no check follows: `mailto:`, `tel:`, `data:`, …"""


class Resolver:
    """Resolves the addresses on one site's pages, by its base URL and the files of its output."""

    def __init__(self, base_url: str, files: frozenset[str]) -> None:
        self.base = Base.parse(base_url)
        self.files = files
        host = urlsplit(self.base.origin)
        self.hosts = {host.netloc.casefold()} if host.netloc else set()
        self._known: dict[str, Address] = {}

    def resolve(self, target: str, page: str) -> Address:
        """Return what `target` leads to on the page whose URL, with the base path, is `page`."""
        if target.startswith("/") and not target.startswith("//"):
            known = self._known.get(target, self)
            if known is self:
                known = self._known[target] = self._resolve_path(target)
            return known  # type: ignore[return-value]  # `self` only stood for unknown
        target = _DROPPED.sub("", target)
        try:
            if not _SCHEME.match(target) and not target.startswith("//"):
                return self._resolve_path(urljoin(page, target))
            return self._resolve_absolute(target)
        except ValueError:  # a bracket that begins no IPv6 address
            return Internal(target, "", is_there=False)

    def _resolve_absolute(self, target: str) -> Address:
        parts = urlsplit(target, "https")
        if parts.scheme not in ("http", "https"):
            return None
        if parts.netloc.casefold() in self.hosts:
            fragment = f"#{parts.fragment}" if parts.fragment else ""
            found = self._resolve_path((parts.path or "/") + fragment)
            # Another site may live beside this one, and be named in full.
            return None if isinstance(found, OutsideBase) else found
        return External(parts._replace(fragment="").geturl())

    def _resolve_path(self, target: str) -> Address:
        path, _, fragment = target.partition("#")
        path = urljoin("/", path.partition("?")[0])
        try:
            path = unquote_to_bytes(path).decode()
        except UnicodeDecodeError:
            return Internal(path[1:], "", is_there=False)
        prefix = self.base.prefix
        if prefix:
            if path == prefix:
                path += "/"
            if not path.startswith(f"{prefix}/"):
                return OutsideBase(path)
            path = path.removeprefix(prefix)
        name = unquote(fragment.partition(_TEXT_FRAGMENT)[0])
        if name.casefold() in _PAGE_TOP:
            name = ""
        found = self.file_of(path)
        return Internal(found or path[1:], name, is_there=found is not None)

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
