"""The live-reload script: injected into pages while they are sent, never into what is built."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import blake2b
from html import escape
from typing import NamedTuple

OWN_PATH = "/__sitegen__/"
"""Where the preview's own files lie, beside the site. No slug begins with an underscore."""

SCRIPT_PATH = f"{OWN_PATH}reload.js"
EVENTS_PATH = f"{OWN_PATH}events"

_END = re.compile(rb"</body\s*>", re.IGNORECASE)
_LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
_IS_STYLE = re.compile(rb"\bstylesheet\b|\bas\s*=\s*[\"']?style\b", re.IGNORECASE)
_HREF = re.compile(rb"\bhref\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)


class PageContext(NamedTuple):
    """What the script must know about the page that it is in."""

    state: str
    """The state of the preview in which the page was sent."""
    base: str
    """The base path, with a slash at its end: output files lie below it."""
    paths: Sequence[str]
    """The output files that decide what is shown at this URL."""
    shows_problems: bool = False
    """Whether the page itself shows the problems: it needs no overlay."""


def skeleton(page: bytes) -> str:
    """Return the digest of a page without the addresses of its stylesheets.

    Where only these differ, the page need not be loaded again for them.
    """
    return blake2b(_LINK.sub(_without_address, page), digest_size=12).hexdigest()


def _without_address(match: re.Match[bytes]) -> bytes:
    link = match[0]
    return _HREF.sub(b"href", link) if _IS_STYLE.search(link) else link


def inject_script(page: bytes, context: PageContext) -> bytes:
    """Return an HTML page with the script at the end of its body."""
    values = {
        "src": SCRIPT_PATH,
        "data-events": EVENTS_PATH,
        "data-state": context.state,
        "data-base": context.base,
        "data-paths": json.dumps(context.paths),
        "data-skeleton": skeleton(page),
        "data-shows-problems": "yes" if context.shows_problems else "",
    }
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in values.items())
    tag = f"<script {attributes} data-sitegen defer></script>\n".encode()
    ends = list(_END.finditer(page))
    at = ends[-1].start() if ends else len(page)
    return page[:at] + tag + page[at:]
