"""What documents use by their shortcodes: which of them, and which files of `includes/`. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from sitegen.model.documents import Shortcode
from sitegen.model.urls import normal_form
from sitegen.scan.sources import INCLUDES

_SUFFIXES = (".md", ".markdown", ".html", ".htm")


def included_path(file: str) -> str:
    """Return the source path of the file of `includes/` that a document names."""
    return f"{INCLUDES}/{normal_form(posixpath.normpath(file))}"


def used_by(shortcodes: Iterable[Shortcode]) -> Iterator[str]:
    """Yield the names of shortcodes, and the paths of files of `includes/` that they may show."""
    for shortcode in shortcodes:
        yield shortcode.name
        for item in shortcode.arguments:
            if item.value.endswith(_SUFFIXES):
                yield included_path(item.value)
