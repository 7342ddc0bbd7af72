"""The three protocols: what is sent, and what an answer means. Pure."""

from __future__ import annotations

import re
import xmlrpc.client
from html import unescape
from typing import Literal, NamedTuple
from urllib.parse import urlencode

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from sitegen.notify.records import ProtocolName

FORM = "application/x-www-form-urlencoded"
LONGEST_EXCERPT = 252

TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be others later."""

# Faults of Pingback 1.0, section 3.
NO_SOURCE, REGISTERED, UPSTREAM = 16, 48, 50

_ERROR = re.compile(r"<error>\s*(-?\d+)", re.IGNORECASE)
_MESSAGE = re.compile(r"<message>(.*?)</message>", re.IGNORECASE | re.DOTALL)


class Message(NamedTuple):
    """What is sent: our page, theirs, and what TrackBack also says of ours."""

    source: str
    target: str
    title: str = ""
    excerpt: str = ""
    site: str = ""


class Verdict(NamedTuple):
    """What an answer means."""

    result: Literal["accepted", "refused", "retry"]
    reason: str = ""


def encode(protocol: ProtocolName, message: Message) -> tuple[bytes, str]:
    """Return the body of the request, and its Content-Type."""
    if protocol == "pingback":
        call = xmlrpc.client.dumps(
            (message.source, message.target), "pingback.ping", encoding="utf-8"
        )
        return call.encode(), "text/xml; charset=utf-8"
    if protocol == "webmention":
        return urlencode({"source": message.source, "target": message.target}).encode(), FORM
    fields = {
        "title": message.title,
        "url": message.source,
        "excerpt": _cut(message.excerpt, LONGEST_EXCERPT),
        "blog_name": message.site,
    }
    # TrackBack 1.2: whoever does not say the encoding leaves it to be guessed.
    return urlencode(fields).encode(), f"{FORM}; charset=utf-8"


def verdict(protocol: ProtocolName, status: int, body: bytes) -> Verdict:
    """Return what the answer of an endpoint means."""
    if status in TEMPORARY:
        return Verdict("retry", f"returned {status}")
    if not 200 <= status < 300:  # noqa: PLR2004 - HTTP's successes
        return Verdict("refused", f"returned {status}")
    if protocol == "pingback":
        return _of_pingback(body)
    if protocol == "trackback":
        return _of_trackback(body)
    return Verdict("accepted")


def _of_pingback(body: bytes) -> Verdict:
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return Verdict("refused", "did not return valid XML-RPC")
    if root.tag != "methodResponse":
        return Verdict("refused", "did not return valid XML-RPC")
    if root.find("fault") is None:
        return Verdict("accepted")
    fault = {}
    for member in root.iterfind("fault/value/struct/member"):
        value = member.find("value")
        fault[member.findtext("name", "")] = "" if value is None else "".join(value.itertext())
    code = fault.get("faultCode", "").strip()
    if code == str(REGISTERED):
        return Verdict("accepted")
    reason = _printable(f"returned fault {code}: {fault.get('faultString', '')}")
    return Verdict("retry" if code in (str(NO_SOURCE), str(UPSTREAM)) else "refused", reason)


def _of_trackback(body: bytes) -> Verdict:
    """Return what the answer to a ping means: an error only where it says so.

    Many an old server answers with half of what the specification asks for.
    """
    text = body.decode("utf-8", "replace")
    error = _ERROR.search(text)
    if error is None or int(error[1]) == 0:
        return Verdict("accepted")
    found = _MESSAGE.search(text)
    said = f": {unescape(found[1])}" if found else ""
    return Verdict("refused", _printable(f"returned error {error[1]}{said}"))


def _printable(text: str) -> str:
    words = "".join(sign if sign.isprintable() else " " for sign in text).split()
    return _cut(" ".join(words), LONGEST_EXCERPT)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
