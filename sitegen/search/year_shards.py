"""The articles of a year → the files of its shards, by Pagefind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sitegen.cache.trace import digest
from sitegen.model.documents import (
    AnyTeaser,
    Article,
    PageTeaser,
    StandalonePage,
    Teaser,
    TermTeaser,
    TermText,
)
from sitegen.model.search_index import FOLDER, Shard
from sitegen.search import bundles, pagefind
from sitegen.search.documents import document, has_words, language_of, result_metadata, sort_stamp
from sitegen.search.shards import Year

_ANY_PAGE = "<!doctype html><html><title>-</title><body data-pagefind-body><p>sitegen</p></body>"
"""Pagefind writes its scripts where there is something to index."""


class LoadDocument(NamedTuple):
    """Fetches a document by its teaser and digest, in whichever process."""

    article: Callable[[Teaser, bytes], Article]
    page: Callable[[PageTeaser, bytes], StandalonePage]
    term: Callable[[TermTeaser, bytes], TermText]

    def __call__(self, teaser: AnyTeaser, digest: bytes) -> Article | StandalonePage | TermText:
        """Return the document; raise as `Reader` does."""
        if isinstance(teaser, PageTeaser):
            return self.page(teaser, digest)
        if isinstance(teaser, TermTeaser):
            return self.term(teaser, digest)
        return self.article(teaser, digest)


class YearIndex(NamedTuple):
    """The shards of a year."""

    content: bytes
    """The digest of what was indexed."""
    shards: tuple[Shard, ...]
    files: dict[str, bytes] | None
    """By their path below the output folder; None where the index is the one that is known."""


IndexedYears = dict[str, YearIndex | pagefind.PagefindError | None]
"""Years that were indexed elsewhere, by their keys in hexadecimal; None if that gave nothing."""


class Text(NamedTuple):
    """A page to be indexed: what Pagefind reads of it, and what a result says."""

    document: bytes
    result: bundles.SearchResult


def index_year(year: Year, load: LoadDocument, known: bytes | None = None) -> YearIndex:
    """Index the articles of a year, unless what is to be indexed has the digest `known`.

    Raises `PagefindError`.
    """
    return index_texts(year.name, year.number, _texts(year, load), known)


def index_texts(
    name: str, number: int, texts: Mapping[str, Sequence[Text]], known: bytes | None
) -> YearIndex:
    """Index texts by their languages, as `index_year` does, as shards of the year `number`."""
    content = digest(
        *(
            part
            for language, items in texts.items()
            for text in items
            for part in (language, text.document, repr(text.result))
        )
    )
    if content == known:
        return YearIndex(content, (), None)
    files: dict[str, bytes] = {}
    shards = []
    for language, items in texts.items():
        path = f"{name}-{language}/"
        bundle = _index(language, items)
        files |= {f"{FOLDER}/{path}{file}": data for file, data in bundle.files.items()}
        shard = Shard(path, language, number, len(items), bundle.tag, bundle.stemmed)
        shards.append(shard)
    return YearIndex(content, tuple(shards), files)


def _texts(year: Year, load: LoadDocument) -> dict[str, list[Text]]:
    """Return what is to be indexed by language, in the order of the languages' names."""
    texts: dict[str, list[Text]] = {}
    taken: set[str] = set()
    for teaser, content in year.articles:
        # Two articles at one address are a problem of the plan, which gives it to the first.
        if teaser.url in taken:
            continue
        taken.add(teaser.url)
        result = bundles.SearchResult(
            teaser.url, sort_stamp(teaser), result_metadata(teaser, *year.dates)
        )
        written = document(load(teaser, content))
        if not has_words(written):
            continue  # nobody can ask for it, and of nothing else Pagefind makes no index
        text = Text(written.encode("utf-8", "replace"), result)
        texts.setdefault(language_of(teaser), []).append(text)
    return dict(sorted(texts.items()))


def _index(language: str, texts: Sequence[Text]) -> bundles.Bundle:
    with tempfile.TemporaryDirectory(prefix="sitegen-search-") as temporary:
        site, bundle = Path(temporary, "site"), Path(temporary, "bundle")
        site.mkdir()
        for number, text in enumerate(texts):
            (site / f"{number}.html").write_bytes(text.document)
        pagefind.run(site, bundle, language)
        return bundles.read_bundle(bundle, [text.result for text in texts])


def make_scripts(language: str) -> tuple[str, dict[str, bytes]]:
    """Return the path of the script that a page loads, below `FOLDER`, and the files it needs.

    The latter by their path below the output folder. `language` is the one whose stemmer they
    use. Raises `PagefindError`.
    """
    folder = f"pagefind-{pagefind.version()}-{language}/"
    with tempfile.TemporaryDirectory(prefix="sitegen-search-") as temporary:
        site, bundle = Path(temporary, "site"), Path(temporary, "bundle")
        site.mkdir()
        (site / "0.html").write_text(_ANY_PAGE, "utf-8")
        pagefind.run(site, bundle, language)
        files = bundles.scripts(bundle)
    return (
        f"{folder}{bundles.SCRIPT}",
        {f"{FOLDER}/{folder}{name}": data for name, data in files.items()},
    )
