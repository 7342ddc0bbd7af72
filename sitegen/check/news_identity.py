"""What Google News takes the name and the sign of a paper from: is it on the front page?

Since 2025 from the page alone: the name from `WebSite` in its data, the sign from its icon
(developers.google.com/search/docs/appearance/site-names and …/favicon-in-search).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sitegen.check.built_site import BuiltSite
from sitegen.check.finding import Finding
from sitegen.config.loading import key_locator
from sitegen.config.settings import Config
from sitegen.html.scanning import attribute_text, attributes_of, tags
from sitegen.model.errors import Location

RULE = "news-identity"
_DATA = re.compile(
    r"""<script[^>]*\btype=["']?application/ld\+json["']?[^>]*>(.*?)</script""",
    re.DOTALL | re.IGNORECASE,
)
FRONT, ICON = "index.html", "favicon.ico"


def findings(built: BuiltSite) -> Iterator[Finding]:
    """Yield what is missing on the front page of a site that is told to Google News."""
    config = built.site.config
    if not config.base_url or not config.sitemap.news or FRONT not in built.sizes:
        return
    html = (built.output / FRONT).read_text("utf-8", "replace")
    place = built.place(FRONT)
    title = key_locator(built.folder)(("title",))
    yield from _of_page(html, config, title, place, has_icon_file=ICON in built.sizes)


def _of_page(
    html: str, config: Config, title: Location, place: Location, *, has_icon_file: bool
) -> Iterator[Finding]:
    if config.title == Config().title:
        message = f'the paper is called "{config.title}" as long as nobody names it'
        yield Finding(RULE, message, title, "write `title = …`: search engines show it")
    if not any(name for name in _site_names(html)):
        message = "the front page does not tell search engines the paper's name"
        hint = "write `{{ json_ld(publisher(), website()) }}` in its head"
        yield Finding(RULE, message, place, hint)
    if not has_icon_file and not _has_icon(html):
        message = "the front page has no icon, which Google News shows beside the paper's name"
        hint = 'write `<link rel="icon" href="{{ asset(\'icon.svg\') }}">` in its head'
        yield Finding(RULE, message, place, hint)


def _site_names(html: str) -> Iterator[str]:
    """Yield the names that `WebSite` data in a page give."""
    for match in _DATA.finditer(html):
        try:
            data = json.loads(match[1])
        except ValueError:
            continue
        for item in _items(data):
            types = item.get("@type")
            if "WebSite" in (types if isinstance(types, list) else [types]):
                yield str(item.get("name") or "")


def _items(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _items(item)
    elif isinstance(data, dict):
        yield data
        yield from _items(data.get("@graph", []))


def _has_icon(html: str) -> bool:
    for tag in tags(html):
        if tag.name == "link" and not tag.is_end:
            given = {item.name: item.value for item in attributes_of(tag.attributes)}
            if "icon" in attribute_text(given.get("rel", "")).lower().split() and given.get("href"):
                return True
    return False
