"""The words on each page of a preview for colleagues, and for search engines that find it. Pure.

They are put into the page that the templates made, so that no template of a site can lack them.
"""

from __future__ import annotations

from html import escape

from sitegen.html.scanning import Tag, tags

ROBOTS = '<meta name="robots" content="noindex">'

PAGES = (".html", ".htm")
"""How the names of pages end."""


def with_preview_notice(html: str, words: str, lang: str) -> str:
    """Return a page that says `words`, in the language `lang`, and keeps search engines away."""
    badge = f'<span class="badge">{escape(words)}</span>'
    notice = f'<aside lang="{escape(lang)}"><p>{badge}</p></aside>'
    head, body = _openings(html)
    marked = f"{html[:head]}\n{ROBOTS}{html[head:body]}"
    return f"{marked}\n{notice}{html[body:]}"


def _openings(html: str) -> tuple[int, int]:
    """Return where a page's head begins, and its body. The tags of both may be left out."""
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
    return head, found["body"].end if "body" in found else len(html)


def _after_doctype(html: str) -> int:
    is_there = html.lstrip()[:9].casefold() == "<!doctype"
    return html.index(">") + 1 if is_there and ">" in html else 0
