"""A page of another site → the endpoint that takes its notifications. Pure.

Webmention (https://www.w3.org/TR/webmention/, 3.1.2), Pingback
(https://www.hixie.ch/specs/pingback/pingback, 2) and TrackBack 1.2 each announce theirs in a way of
their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from html import unescape
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from sitegen.html.scanning import attribute_text, attributes_of, tags
from sitegen.notify.records import ProtocolName

PREFERRED: tuple[ProtocolName, ...] = ("webmention", "pingback", "trackback")

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"  # noqa: S105 - RFC 9110, not a secret
_SPACE = r"[ \t]*+"
_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_PARAMETER = rf"{_SPACE};{_SPACE}(?:({_TOKEN}){_SPACE}(?:={_SPACE}({_QUOTED}|[^\s;,\"]*+))?)?"
_LINK = re.compile(rf"<([^<>]*+)>((?:{_PARAMETER})*+)")
_PARAMETERS = re.compile(_PARAMETER)
"""RFC 8288, section 3."""

_PINGBACK = re.compile(rb'<link rel="pingback" href="([^"]+)" ?/?>')
"""Word for word as the specification has it: it asks not to be more lenient."""

_RDF = re.compile(r"<rdf:RDF.*?</rdf:RDF>", re.DOTALL | re.IGNORECASE)
_DESCRIPTION = re.compile(r"<rdf:Description\s([^>]*)>", re.IGNORECASE)
_RDF_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_HTML = frozenset({"text/html", "application/xhtml+xml", ""})


class Endpoint(NamedTuple):
    """Where to send what."""

    protocol: ProtocolName
    url: str


def find_endpoint(
    url: str,
    headers: Mapping[str, Iterable[str]],
    body: bytes,
    protocols: Collection[str] = PREFERRED,
    requested: str = "",
) -> Endpoint | None:
    """Return the endpoint of a page for the best of `protocols`, or None.

    `url` is where the page was found after all redirects, `requested` the URL that was asked for;
    `headers` are by name in lower case.
    """
    kind = next(iter(headers.get("content-type", ())), "").partition(";")[0].strip().lower()
    is_html = kind in _HTML
    finders = {
        "webmention": lambda: _webmention(url, headers.get("link", ()), body if is_html else b""),
        "pingback": lambda: _pingback(headers.get("x-pingback", ()), body if is_html else b""),
        "trackback": lambda: _trackback({url, requested or url}, body if is_html else b""),
    }
    for protocol in PREFERRED:
        if protocol in protocols and (found := finders[protocol]()) is not None:
            return Endpoint(protocol, found)
    return None


def _webmention(url: str, links: Iterable[str], body: bytes) -> str | None:
    for value in links:
        for target, parameters in _linked(value):
            if "webmention" not in parameters.get("rel", "").lower().split():
                continue
            if urldefrag(_joined(url, parameters.get("anchor", "")))[0] == urldefrag(url)[0]:
                return _joined(url, _as_utf8(target))
    for tag in tags(body.decode("utf-8", "replace"), every=True):
        if tag.name in ("link", "a") and not tag.is_end:
            attributes: dict[str, str] = {}
            for item in attributes_of(tag.attributes):
                attributes.setdefault(item.name, attribute_text(item.value))
            if "webmention" in attributes.get("rel", "").lower().split() and "href" in attributes:
                return _joined(url, attributes["href"].strip())
    return None


def _linked(value: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the links of a `Link` header with their parameters; of repeated ones the first."""
    for link in _LINK.finditer(value):
        parameters: dict[str, str] = {}
        for found in _PARAMETERS.finditer(link[2]):
            text = found[2] or ""
            if text.startswith('"'):
                text = re.sub(r"\\(.)", r"\1", text[1:-1])
            if found[1]:
                parameters.setdefault(found[1].lower(), text)
        yield link[1].strip(), parameters


def _pingback(headers: Iterable[str], body: bytes) -> str | None:
    for value in headers:
        return value.strip() or None
    if found := _PINGBACK.search(body):
        url = found[1].decode("utf-8", "replace")
        for entity, sign in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("amp", "&")):
            url = url.replace(f"&{entity};", sign)
        return url
    return None


def _trackback(pages: Collection[str], body: bytes) -> str | None:
    """Return the ping address in the RDF of the page that is about the page itself.

    RDF stands in comments; a page of a list has one for each of its articles.
    """
    wanted = {urldefrag(page)[0] for page in pages}
    html = body.decode("utf-8", "replace")
    for block in _RDF.finditer(html):
        for description in _DESCRIPTION.finditer(block[0]):
            attributes = {
                match[1].lower(): unescape(match[2] if match[2] is not None else match[3])
                for match in _RDF_ATTRIBUTE.finditer(description[1])
            }
            about = attributes.get("dc:identifier") or attributes.get("rdf:about", "")
            if attributes.get("trackback:ping") and urldefrag(about)[0] in wanted:
                return attributes["trackback:ping"].strip()
    return None


def _as_utf8(text: str) -> str:
    """Return what a header says, whose bytes came as Latin-1."""
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def _joined(base: str, url: str) -> str:
    try:
        joined = urljoin(base, url)
        return joined if urlsplit(joined).scheme else url
    except ValueError:
        return url
