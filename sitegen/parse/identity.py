"""Who an article is, whatever becomes of its headline, address and file: an absolute URI.

Feeds, redirects and comments know an article by it. It comes from the article's file alone, so that
a fresh checkout has it, and `.sitegen/` can be lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlsplit

from sitegen.cache.trace import digest
from sitegen.model import moments
from sitegen.model.documents import Entry
from sitegen.model.errors import Location, Problem
from sitegen.model.moments import Moment
from sitegen.model.urls import normal_form

_UUID = re.compile(
    r"(?:urn:uuid:)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE
)
_URI = re.compile(r"(?:https?|tag|urn|info|cid|oid):\S+", re.IGNORECASE)
_PCHARS = "/-._~!$&'()*+,;=:@"
"""What stands in the specific part of a tag URI as it is (RFC 4151 §2.1, RFC 3986 `pchar`)."""
_URI_CHARACTERS = _PCHARS + "%?#[]"

ANY_YEAR = "2000"
"""The year of tag URIs that no day belongs to. RFC 4151 wants one; it must only never change."""


@lru_cache(maxsize=16)
def authority(configured: str, base_url: str) -> str:
    """Return the authority of the site's tag URIs: `[feeds] authority`, else the site's host."""
    host = configured or urlsplit(base_url).hostname or "localhost"
    try:
        return host.encode("idna").decode().lower()
    except UnicodeError:
        return quote(host.lower(), safe="-.@")


def tag_uri(owner: str, when: str, specific: str) -> str:
    """Return `tag:<owner>,<when>:<specific>` (RFC 4151), with `specific` percent-encoded.

    One name is one identity, in whatever form of Unicode a disk or an editor writes it.
    """
    return f"tag:{owner},{when}:{quote(normal_form(specific), safe=_PCHARS)}"


def explicit_identity(text: str, owner: str) -> str:
    """Return the identity that an article's own `id` gives it.

    A UUID becomes `urn:uuid:…`; a URI, as the feed of an archive's former home had it, stays; any
    other text becomes a tag URI of the site.
    """
    if found := _UUID.fullmatch(text):
        return f"urn:uuid:{found[1].lower()}"
    if _URI.fullmatch(text):
        return quote(normal_form(text), safe=_URI_CHARACTERS)
    return tag_uri(owner, ANY_YEAR, text)


def derived_identity(name: str, date: Moment, lang: str, owner: str) -> str:
    """Return the identity of an article without an `id`: its day and the name of its file.

    `name` is the file's without date and suffix; `lang` is "" for the site's own language, and
    keeps translations apart. So it survives another headline, slug, category, text and folder.
    """
    year, month, day = moments.calendar_day(date)
    when = f"{year:04}-{month:02}-{day:02}"
    return tag_uri(owner, when, f"{name};{lang}" if lang else name)


def with_distinct_identities(entries: Sequence[Entry]) -> tuple[Sequence[Entry], list[Problem]]:
    """Return the entries with no identity twice, and what is wrong with those that had the same.

    The earliest keeps it; others get the path of their file in it. Two files with one written `id`
    are an error: one of them is a copy of the other, and readers would take it for an update.
    """
    if len({entry.teaser.identity for entry in entries}) == len(entries):
        return entries, []
    owners: dict[str, Entry] = {}
    others: dict[str, Entry] = {}
    problems = []
    for entry in sorted(entries, key=_precedence):
        identity = entry.teaser.identity
        first = owners.setdefault(identity, entry)
        if first is entry:
            continue
        path = entry.teaser.id.partition("/")[2].rpartition(".")[0]
        others[entry.teaser.id] = _with_identity(entry, f"{identity};{quote(path, safe=_PCHARS)}")
        problems.append(_duplicate_problem(entry, first))
    return [others.get(entry.teaser.id, entry) for entry in entries], problems


def _precedence(entry: Entry) -> tuple[bool, int, str]:
    """Whose identity it is: that of one who has it in writing, else of the oldest."""
    return (not entry.id_line, entry.teaser.date.instant, entry.teaser.id)


def _with_identity(entry: Entry, identity: str) -> Entry:
    teaser = entry.teaser._replace(identity=identity)
    return entry._replace(teaser=teaser, teaser_digest=digest(entry.teaser_digest, identity))


def _duplicate_problem(entry: Entry, first: Entry) -> Problem:
    if entry.id_line:
        message = f'this id is already that of "{first.teaser.id}"'
        hint = "every article has its own id: remove this line from the copy"
        return Problem(message, Location(entry.teaser.id, entry.id_line), hint)
    message = f'same date and file name as "{first.teaser.id}": feed readers may mix them up'
    hint = "give each its own id: run `sitegen ids`"
    return Problem(message, Location(entry.teaser.id), hint, "warning")
