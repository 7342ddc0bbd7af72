"""Which feeds there are, where they lie, and what they say of files. Pure.

Formats: Atom (RFC 4287), RSS 2.0 (https://www.rssboard.org/rss-specification), JSON Feed 1.1
(https://www.jsonfeed.org/version/1.1/).
"""

from __future__ import annotations

from typing import NamedTuple

from sitegen.config.settings import Config
from sitegen.model import moments
from sitegen.model.moments import Moment

SITE = ""
"""The taxonomy, so to speak, of the feed of the whole site."""

CORRECTIONS = "corrections"


class Format(NamedTuple):
    """A format of feeds: the kind of its pages, the name of its files, its media type."""

    kind: str
    file: str
    type: str
    name: str
    """For readers who choose among several."""


FORMATS = {
    "atom": Format("atom", "feed.xml", "application/atom+xml", "Atom"),
    "rss": Format("rss", "rss.xml", "application/rss+xml", "RSS"),
    "json": Format("json_feed", "feed.json", "application/feed+json", "JSON Feed"),
}
"""By their names in the configuration."""

TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "ogv": "video/ogg",
    "webm": "video/webm",
}
"""Media types by suffix: our own, since Python's come from the machine that it runs on."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def formats(config: Config, taxonomy: str) -> tuple[Format, ...]:
    """Return the formats in which lists of a taxonomy have feeds, in the order of preference.

    None without a `base_url`: a feed is read elsewhere, where addresses have to be whole.
    """
    if not config.base_url:
        return ()
    if taxonomy in (SITE, CORRECTIONS):
        names = config.feeds.formats
    else:
        names = config.taxonomies[taxonomy].feeds
    return tuple(FORMATS[name] for name in dict.fromkeys(names))


def feed_pages(config: Config, taxonomy: str, landing: str) -> list[tuple[str, str]]:
    """Return the kind and URL of each feed of the list at `landing`."""
    return [(item.kind, feed_url(landing, item.file)) for item in formats(config, taxonomy)]


def corrections_url(config: Config) -> str:
    """Return the address of the list of all corrections."""
    return f"{config.home}{CORRECTIONS}/"


def comments_feed(config: Config) -> tuple[tuple[str, str], ...]:
    """Return (kind, URL) of the feed of comments: one where there is a receiver for them."""
    if config.responses.receiver and "atom" in config.feeds.formats and config.base_url:
        return (("comments_feed", f"{config.home}comments/feed.xml"),)
    return ()


def feed_url(landing: str, file: str) -> str:
    """Return the URL of the feed of the list at `landing`: `/tag/flood/` → `/tag/flood/feed.xml`.

    A landing page that is a file (`/tag/river.html`) has its feeds in a folder (`/tag/river/`).
    """
    folder, _, name = landing.rpartition("/")
    if name:
        folder += "/" + (name.rpartition(".")[0] or name)
    return f"{folder}/{file}"


def media_type(path: str) -> str:
    """Return the media type of a file by its suffix."""
    return TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream")


def rfc822(moment: Moment) -> str:
    """Return a moment as RSS writes it, in English: `Mon, 04 Nov 2024 21:54:00 +0000`."""
    shown = moments.local(moments.writable(moment))
    day, month = _DAYS[shown.weekday()], _MONTHS[shown.month - 1]
    return f"{day}, {shown.day:02} {month} {shown.year:04} {shown:%H:%M:%S %z}"
