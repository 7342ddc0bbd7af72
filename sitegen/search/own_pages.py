"""The pages of `[[outputs]]` → what is indexed of them, by their HTML: nothing else knows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from sitegen.cache.trace import digest
from sitegen.html.scanning import attribute_text, attributes_of, plain_text, tags
from sitegen.search.bundles import SearchResult
from sitegen.search.documents import UNSEGMENTED, language_tag, searchable_pieces
from sitegen.search.year_shards import Text

OWN = "own"
"""The name of their part of the index."""


class OwnPage(NamedTuple):
    """A page that is made from no document."""

    url: str
    digest: bytes
    """Of its bytes."""
    place: str
    """Where these lie."""


def pages_key(pages: Iterable[OwnPage]) -> bytes:
    """Return what stands for all pages: another key for other ones."""
    return digest(*(part for page in pages for part in (page.url, page.digest)))


def texts(pages: Iterable[OwnPage]) -> Iterator[tuple[str, Text]]:
    """Yield the language of each page, and what is to be indexed of it."""
    for page in pages:
        html = Path(page.place).read_bytes().decode("utf-8", "replace")
        language, document = page_document(html)
        if document:
            result = SearchResult(page.url, "0" * 12, {"language": language})
            yield language_tag(language), Text(document.encode("utf-8", "replace"), result)


_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)
_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1\s*>", re.DOTALL | re.IGNORECASE)


def page_document(html: str) -> tuple[str, str]:
    """Return the language of a page, and the HTML document to index for it, "" without a word.

    That is what stands in its `<main>`, else in its body; its title is its first heading, else
    what its head says.
    """
    language, start, end = "", 0, len(html)
    is_main = False
    for tag in tags(html, every=True):
        if tag.name == "html" and not tag.is_end:
            given = {item.name: item.value for item in attributes_of(tag.attributes)}
            language = attribute_text(given.get("lang", ""))
        elif tag.name == "main" or (tag.name == "body" and not is_main):
            if not tag.is_end:
                start, end = tag.end, len(html)
                is_main = tag.name == "main"
            else:
                end = tag.start
                if is_main:
                    break
    body = html[start:end]
    heading = _HEADING.search(body) or _TITLE.search(html)
    title = plain_text(heading[1]) if heading else ""
    content = "".join(searchable_pieces(body))
    if not plain_text(content):
        return language, ""
    code = language_tag(language)
    first = f"<h1>{escape(title)}</h1>" if code in UNSEGMENTED else ""
    return language, (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
        f'<meta data-pagefind-meta="title[content]" content="{escape(title)}">'
        f'<meta data-pagefind-filter="language[content]" content="{code}">'
        f"</head><body data-pagefind-body>{first}{content}</body></html>"
    )
