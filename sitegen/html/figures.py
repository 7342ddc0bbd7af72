"""Pictures with captions: `![text](picture.jpg "caption")` alone in a paragraph is a figure."""

from __future__ import annotations

import re

from sitegen.html.scanning import attributes_of

_IMAGE = r'<img((?:\s+[\w-]+="[^"]*")+)\s*/?>'
_ALONE = re.compile(rf"<p>\s*(?:(<a(?:\s[^<>]*)?>)\s*{_IMAGE}\s*</a>|{_IMAGE})\s*</p>")


def with_figures(html: str) -> str:
    """Return `html` with a figure for each picture that has a title and its paragraph for itself.

    The title becomes the caption: readers on phones never see one.
    """
    return _ALONE.sub(_figure, html) if "<img" in html and ' title="' in html else html


def _figure(match: re.Match[str]) -> str:
    link = match[1] or ""
    attributes = match[2] or match[3]
    title = next((item for item in attributes_of(attributes) if item.name == "title"), None)
    if title is None or not title.value.strip():
        return match[0]
    image = f"<img{attributes[: title.start]}{attributes[title.end :]}>"
    picture = f"{link}{image}</a>" if link else image
    return f"<figure>\n{picture}\n<figcaption>{title.value.strip()}</figcaption>\n</figure>"
