"""What HTML embeds from other sites, so that browsers ask the policy of the page for it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sitegen.html.scanning import attribute_text, attributes_of, tags
from sitegen.model.documents import Embed

_MAYBE = re.compile("<(?:iframe|script)", re.IGNORECASE)
_DATA = re.compile(r"(?!module\b|text/javascript|application/javascript).+", re.IGNORECASE)
"""A `type` of a script that is never run: `application/ld+json`."""


def embeds_of(html: str) -> tuple[Embed, ...]:
    """Return the frames of other sites in `html` and the scripts, each origin once, in order."""
    if not _MAYBE.search(html):
        return ()
    found: dict[Embed, None] = {}
    for tag in tags(html, every=True):
        if tag.is_end or tag.name not in ("iframe", "script"):
            continue
        given = {item.name: attribute_text(item.value) for item in attributes_of(tag.attributes)}
        origin = _origin(given.get("src", ""))
        if tag.name == "iframe" and origin and "srcdoc" not in given:
            found[Embed("frame", origin)] = None
        is_own_file = given.get("src") and not origin
        if tag.name == "script" and not is_own_file and not _DATA.fullmatch(given.get("type", "")):
            found[Embed("script", origin)] = None
    return tuple(found)


def _origin(address: str) -> str:
    """Return scheme and host of a full address, "" for any other."""
    address = address.strip()
    if address.startswith("//"):
        address = f"https:{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_full = parts.scheme.lower() in ("http", "https") and parts.netloc
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}" if is_full else ""
