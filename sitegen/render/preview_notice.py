"""The words on each page of a preview for colleagues, and for search engines that find it. Pure.

They are put into the page that the templates made, so that no template of a site can lack them.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from sitegen.html.direction import direction
from sitegen.html.scanning import Tag, attributes_of, tags

ROBOTS = '<meta name="robots" content="noindex">'

PAGES = (".html", ".htm")
"""How the names of pages end."""


def with_preview_notice(html: str, words: str, lang: str) -> str:
    """Return a page that says `words`, in the language `lang`, and keeps search engines away."""
    badge = f'<span class="badge">{escape(words)}</span>'
    found = _openings(html)
    way = direction(lang)
    turned = "" if way == found.direction else f' dir="{way}"'
    notice = f'<aside lang="{escape(lang)}"{turned}><p>{badge}</p></aside>'
    head, body = found.head, found.body
    marked = f"{html[:head]}\n{ROBOTS}{html[head:body]}"
    return f"{marked}\n{notice}{html[body:]}"


class _Openings(NamedTuple):
    """Where a page's head begins, and its body, and the direction that its root says."""

    head: int
    body: int
    direction: str


def _openings(html: str) -> _Openings:
    """Return the openings of a page. The tags of head and body may be left out."""
    found: dict[str, Tag] = {}
    for tag in tags(html):
        if not tag.is_end:
            found.setdefault(tag.name, tag)
        if "body" in found:
            break
    html_tag = found.get("html")
    start = html_tag.end if html_tag else _after_doctype(html)
    head = found["head"].end if "head" in found else start
    # Without its tag the body begins with whatever is no part of a head; at the end all of it did.
    body = found["body"].end if "body" in found else len(html)
    given = attributes_of(html_tag.attributes) if html_tag else ()
    way = next((item.value.lower() for item in given if item.name == "dir"), "ltr")
    return _Openings(head, body, way)


def _after_doctype(html: str) -> int:
    is_there = html.lstrip()[:9].casefold() == "<!doctype"
    return html.index(">") + 1 if is_there and ">" in html else 0
