"""The keys of front matter that have a meaning by themselves."""

from __future__ import annotations

KEYS = (
    "title", "date", "updated", "category", "tags", "author", "authors", "summary", "image",
    "slug", "url", "draft", "publish", "expires", "related", "comments", "trackbacks", "aliases",
    "canonical", "lang", "corrections", "pin", "noindex", "extra", "id",
    "translation_of", "series", "part",
)  # fmt: skip
"""`url` gives the whole address, for archives that keep theirs. Taxonomies of the site's own have
further keys, see `[taxonomies]`."""
