"""The folders of a site's documents: which kind of document a file is follows from its folder."""

from __future__ import annotations

ARTICLES = "articles"
PAGES = "pages"
TERMS = "terms"

DOCUMENTS = (ARTICLES, PAGES, TERMS)

DOCUMENT_SUFFIXES = (".md", ".markdown")
"""How the names of documents end. They are never published as they are."""


def document_folder(path: str) -> str:
    """Return the folder of `DOCUMENTS` that a source path of a document lies in, else ""."""
    folder, _, _ = path.partition("/")
    return folder if folder in DOCUMENTS and path.endswith(DOCUMENT_SUFFIXES) else ""
