"""The keys of front matter that have a meaning by themselves."""

from __future__ import annotations

KEYS = (
    "title", "date", "updated", "category", "tags", "author", "authors", "summary", "image",
    "slug", "url", "draft", "publish", "expires", "related", "comments", "trackbacks", "aliases",
    "canonical", "lang", "corrections", "pin", "noindex", "extra", "id",
    "translation_of", "translation_key", "series", "part",
)  # fmt: skip
"""`url` gives the whole address, for archives that keep theirs. Taxonomies of the site's own have
further keys, see `[taxonomies]`."""

PAGE_KEYS = (
    "title", "summary", "image", "updated", "url", "template", "nav", "order", "kind", "lang",
    "translation_of", "translation_key", "aliases", "noindex", "canonical", "draft", "publish",
    "expires", "extra",
)  # fmt: skip
"""Every key that has a meaning in a standalone page."""

TERM_KEYS = (
    "name", "names", "summary", "image", "pinned", "noindex", "feeds", "lang", "draft", "publish",
    "expires", "extra",
)  # fmt: skip
"""Every key that has a meaning in the text of a term."""

AUTHOR_KEYS = (
    "role", "same_as", "email", "show_email", "knows_about", "location", "former", "wire",
)  # fmt: skip
"""Further keys of the texts of authors."""

UNDATED_KEYS = frozenset({*PAGE_KEYS, *TERM_KEYS, *AUTHOR_KEYS})
