"""The three protocols: what is sent, and what an answer means. Pure."""

from __future__ import annotations

import re
import xmlrpc.client
from html import unescape
from typing import Literal, NamedTuple
from urllib.parse import urlencode

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from sitegen.notify.records import Way

FORM = "application/x-www-form-urlencoded"
LONGEST_EXCERPT = 252

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be others later."""

# Faults of Pingback 1.0, section 3.
NO_SOURCE, REGISTERED, UPSTREAM = 16, 48, 50

_ERROR = re.compile(r"<error>\s*(-?\d+)", re.IGNORECASE)
_MESSAGE = re.compile(r"<message>(.*?)</message>", re.IGNORECASE | re.DOTALL)


class Letter(NamedTuple):
    """What to tell: our page, theirs, and what TrackBack also says of ours."""

    source: str
    target: str
    title: str = ""
    excerpt: str = ""
    site: str = ""


class Verdict(NamedTuple):
    """What an answer means."""

    became: Literal["told", "refused", "later"]
    why: str = ""


def message(way: Way, letter: Letter) -> tuple[bytes, str]:
    """Return the body of the request, and its Content-Type."""
    if way == "pingback":
        call = xmlrpc.client.dumps(
            (letter.source, letter.target), "pingback.ping", encoding="utf-8"
        )
        return call.encode(), "text/xml; charset=utf-8"
    if way == "webmention":
        return urlencode({"source": letter.source, "target": letter.target}).encode(), FORM
    fields = {
        "title": letter.title,
        "url": letter.source,
        "excerpt": _cut(letter.excerpt, LONGEST_EXCERPT),
        "blog_name": letter.site,
    }
    # TrackBack 1.2: whoever does not say the encoding leaves it to be guessed.
    return urlencode(fields).encode(), f"{FORM}; charset=utf-8"


def verdict(way: Way, status: int, body: bytes) -> Verdict:
    """Return what an answer of an endpoint means."""
    if status in PASSING:
        return Verdict("later", f"answers {status}")
    if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's successes
        return Verdict("refused", f"answers {status}")
    if way == "pingback":
        return _of_pingback(body)
    if way == "trackback":
        return _of_trackback(body)
    return Verdict("told")


def _of_pingback(body: bytes) -> Verdict:
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return Verdict("refused", "answers with what is no XML-RPC")
    if root.tag != "methodResponse":
        return Verdict("refused", "answers with what is no XML-RPC")
    if root.find("fault") is None:
        return Verdict("told")
    said = {}
    for member in root.iterfind("fault/value/struct/member"):
        value = member.find("value")
        said[member.findtext("name", "")] = "" if value is None else "".join(value.itertext())
    code = said.get("faultCode", "").strip()
    if code == str(REGISTERED):
        return Verdict("told")
    why = _legible(f"fault {code}: {said.get('faultString', '')}")
    return Verdict("later" if code in (str(NO_SOURCE), str(UPSTREAM)) else "refused", why)


def _of_trackback(body: bytes) -> Verdict:
    """Return what the answer to a ping means: an error only where it says so.

    Many an old server answers with half of what the specification asks for.
    """
    text = body.decode("utf-8", "replace")
    error = _ERROR.search(text)
    if error is None or int(error[1]) == 0:
        return Verdict("told")
    found = _MESSAGE.search(text)
    return Verdict("refused", _legible(unescape(found[1])) if found else f"error {error[1]}")


def _legible(text: str) -> str:
    words = "".join(sign if sign.isprintable() else " " for sign in text).split()
    return _cut(" ".join(words), LONGEST_EXCERPT)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
