"""Slugs, permalinks, and the ways between a URL, a link and a file. Pure functions.

A URL in sitegen is root-relative, not percent-encoded and without the base path:
`/2024/11/04/flood/`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from urllib.parse import quote, unquote, urlsplit

from sitegen.model import moments
from sitegen.model.errors import problem
from sitegen.model.moments import Moment

MAX_SEGMENT_BYTES = 200
"""Longest slug in UTF-8; file systems allow 255 bytes, and names get suffixes."""

PERMALINK_FIELDS = frozenset({"year", "month", "day", "slug", "category", "lang"})
"""What the pattern of the addresses of articles may contain."""
LIST_FIELDS = frozenset({"slug", "lang"})
"""What the pattern of the addresses of lists may contain."""

_SPELLED = {"&": " and ", "+": " plus ", "#": " sharp ", "@": " at ", "%": " percent ", "İ": "i"}
_DROPPED = re.compile("['\u2018\u2019\u02bc\uff07\u20dd-\u20e4\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Apostrophes, and what chooses the look of the character before it."""

_ASCII = {
    sign: _SPELLED.get(chr(sign), chr(sign).lower() if chr(sign).isalnum() else " ")
    for sign in range(128)
} | {ord("'"): ""}
"""What becomes of these letters and signs: none belongs to the one before it, none is composed."""

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\?#]")
_DRIVE = re.compile(r"/[A-Za-z]:")


def normal_form(text: str) -> str:
    """Return a name, path or URL in the one form by which it is looked up: Unicode's NFC.

    macOS writes `é` in names of files as two characters (NFD), keyboards as one (NFC).
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def slugify(text: str) -> str:
    """Return the slug of a headline or name: lower case, words joined by hyphens.

    Letters and digits of every script stay (`高潮` is a slug) with the marks that belong to them,
    since URLs carry them well; signs that tell names apart are spelled (`C++` → `c-plus-plus`).
    "" if nothing is left.
    """
    if text.isascii():
        return _cut("-".join(text.translate(_ASCII).split()), MAX_SEGMENT_BYTES)
    text = _DROPPED.sub("", unicodedata.normalize("NFKC", text))
    text = "".join(_SPELLED.get(char, char) for char in text)
    text = unicodedata.normalize("NFKC", text.casefold())
    kept: list[str] = []
    for char in text:
        mark = unicodedata.category(char).startswith("M") and kept and kept[-1] != " "
        kept.append(char if mark or char.isalnum() else " ")
    return _cut("-".join("".join(kept).split()), MAX_SEGMENT_BYTES)


def words_of(name: str) -> str:
    """Return a name in a form that is the same where only its looks differ.

    Not `3.1` and `3 1`, which have one slug.
    """
    text = unicodedata.normalize("NFKC", name).casefold().replace("-", " ").replace("_", " ")
    return " ".join(text.split())


def _cut(slug: str, limit: int) -> str:
    encoded = slug.encode()
    if len(encoded) <= limit:
        return slug
    return encoded[:limit].decode(errors="ignore").rstrip("-")


def check_permalink(pattern: str, known: frozenset[str] = PERMALINK_FIELDS) -> str | None:
    """Return what is wrong with a pattern such as `/{year}/{slug}/`, or None.

    `known` are the fields that it may contain.
    """
    try:
        parts = [part for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError as error:
        return str(error)
    fields = {str(name) for _, name, _, _ in parts}
    if unknown := fields - known:
        return f"unknown field {{{min(unknown)}}}"
    if any(form or conversion for _, _, form, conversion in parts):
        return "a field cannot have a format"
    if not pattern.startswith("/"):
        return "it must begin with /"
    if "slug" not in fields:
        return "it must contain {slug}"
    return check_url(pattern.format(**dict.fromkeys(fields, "x")))


def permalink(pattern: str, *, slug: str, date: Moment, category: str = "") -> str:
    """Return the URL that `pattern` gives an article; `category` is a slug, too."""
    year, month, day = moments.calendar_day(date)
    return pattern.format(
        year=f"{year:04}",
        month=f"{month:02}",
        day=f"{day:02}",
        slug=slug,
        category=category,
    )


def tree_url(path: str) -> str:
    """Return the URL of a page by its file's path in the tree of pages: `about/ethics.md`.

    Each folder and the file give a part as a headline would (`/about/ethics/`); a file that is
    called `index` or `_index` has the URL of its folder. "" where a name leaves nothing to write.
    """
    *folders, file = path.split("/")
    stem = file.rpartition(".")[0] or file
    names = folders if stem.casefold() in ("index", "_index") else [*folders, stem]
    parts = [slugify(name) for name in names]
    return "/".join(("", *parts, "")) if all(parts) else ""


def check_url(url: str) -> str | None:
    """Return why `url` cannot be a page of the site, or None if it can.

    What passes leads to a file below the output folder on every file system: no `..`, no
    backslash or drive, no control character, no query or fragment, no segment that is too long;
    and to none that belongs to Git or to sitegen itself.
    """
    if not url.startswith("/"):
        return "it must begin with /"
    if url.startswith("//"):
        return "it must not begin with //"
    if _FORBIDDEN.search(url):
        return "it must not contain ?, #, a backslash or control characters"
    drive = _DRIVE.match(url)
    for segment in url[1:].removesuffix("/").split("/") if url != "/" else ():
        name = segment.casefold()
        ours = name == ".git" or name.startswith(".sitegen")
        if ours or not name.strip(". ") or drive:
            return f'it must not contain "{segment}" as a part'
        if len(segment.encode()) > MAX_SEGMENT_BYTES + 40:
            return "a part of it is too long"
    return None


def output_path(url: str) -> str:
    """Return the file below the output folder that a static host serves for `url`.

    `/a/` and `/a` give `a/index.html`; a last part with an extension is the file itself.
    Raises `SitegenError` for a URL that `check_url` refuses.
    """
    if reason := check_url(url):
        raise problem(f'"{url}" cannot be a URL of the site: {reason}')
    path = url[1:]
    last = path.rpartition("/")[2]
    if not last:
        return f"{path}index.html"
    return path if "." in last.strip(".") else f"{path}/index.html"


def is_below(path: str) -> bool:
    """Whether a path, as a file of ours names it, leads to a file below the output folder."""
    return not path.startswith("/") and (".." not in path or ".." not in path.split("/"))


def url_of_file(path: str) -> str:
    """Return the URL of a file below the output folder (`a/index.html` → `/a/`)."""
    return (
        "/" + path.removesuffix("index.html")
        if path.endswith("/index.html")
        else ("/" if path == "index.html" else f"/{path}")
    )


@dataclass(frozen=True, slots=True)
class Base:
    """Where the site lives: `https://example.org/news/` gives an origin and a base path."""

    origin: str
    """`https://example.org`, or "" when the configuration names none."""
    prefix: str
    """`/news`, or "" at the root."""

    @classmethod
    def parse(cls, base_url: str) -> Base:
        """Split a `base_url` that the configuration has checked."""
        parts = urlsplit(base_url)
        origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        return cls(origin, unquote(parts.path).rstrip("/"))

    def href(self, url: str) -> str:
        """Return the link to `url` as it stands in a page: base path, percent-encoded."""
        return quoted(self.prefix + url)

    def absolute(self, url: str) -> str:
        """Return the full address of `url`, with scheme and host if they are known."""
        return self.origin + quoted(self.prefix + url)

    def whole(self, href: str) -> str | None:
        """Return the full address of a link, None for one that leads nowhere from elsewhere.

        This is the one place that says so, for pages, cards, feeds, sitemaps and structured data.
        """
        if href.startswith("//"):
            href = f"https:{href}"
        elif is_path(href):
            href = self.origin + href
        elif not _WHOLE.match(href):
            return None
        return quote(href, safe=_AS_WRITTEN)

    def file_href(self, url: str) -> str:
        """Return the link to a file, in whose name `#` and `?` are letters like any other."""
        return quote(self.prefix + url, safe=_SAFE)


def is_path(href: str) -> bool:
    """Whether a link leads to a place of the site, without saying its host."""
    return href.startswith("/") and not href.startswith("//")


_WHOLE = re.compile("https?:", re.IGNORECASE)
_AS_WRITTEN = "%/:?#[]@!$&'()*+,;=~-._"
"""What stands in an address as it is (RFC 3986), and what was encoded already."""

_SAFE = "/~!$()*,;=:@-._"


@lru_cache(maxsize=65536)
def quoted(url: str) -> str:
    """Return `url` percent-encoded for an HTML attribute; a fragment or query stays one."""
    return quote(url, safe=_SAFE + "#?")
