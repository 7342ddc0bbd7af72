"""Which shards the index has, what each is made from, and the list of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sitegen.cache.trace import digest
from sitegen.index.site import Site
from sitegen.model.documents import AnyEntry, AnyTeaser, PageEntry, TermEntry
from sitegen.model.search_index import Shard

FORMAT = 1
"""Of the documents and the list. Raised when either changes what it means."""


PAGES = "pages"
"""The name of the part of the index that holds what has no date: pages, texts of terms."""


class Year(NamedTuple):
    """The articles of one year, from which its shards are made: one for each language.

    Standalone pages and texts of terms, which have no date, are as if they were one more year.
    """

    name: str
    key: bytes
    """Another one for other articles."""
    articles: tuple[tuple[AnyTeaser, bytes], ...]
    """The teaser and the digest of each, oldest first."""
    dates: tuple[str, str] = ("medium", "en")
    """The pattern and the language in which results show dates."""

    @property
    def number(self) -> int:
        """The year, 0 for the standalone pages."""
        return 0 if self.name == PAGES else int(self.name)


def years(site: Site, version: str) -> dict[str, Year]:
    """Return the years that have articles, oldest first, by their names; and what has no date.

    `version` is Pagefind's. Documents that search engines may not find are not found by ours.
    """
    dates = (site.config.dates.medium, site.config.language)
    made_with = (version, str(FORMAT), *dates)
    found: dict[str, Year] = {}
    for year, month, _ in site.periods:
        if not month:
            articles = [(entry, entry.article_digest) for entry in site.in_year(year)]
            _add(found, str(year), articles, made_with)
    # In an order that no other title changes.
    undated: dict[str, PageEntry | TermEntry] = {**site.pages.shown, **site.term_texts.shown}
    pages = [(entry, entry.page_digest) for _, entry in sorted(undated.items())]
    _add(found, PAGES, pages, made_with)
    return found


def _add(
    years: dict[str, Year],
    name: str,
    documents: Sequence[tuple[AnyEntry, bytes]],
    made_with: tuple[str, ...],
) -> None:
    """Add a year with those of some documents that may be found, if there are any."""
    listed = [item for item in documents if not item[0].teaser.noindex]
    if listed:
        ids = "\n".join(entry.teaser.id for entry, _ in listed)
        # Of an article whose terms a text calls otherwise only the teaser is another.
        contents = b"".join(content + entry.teaser_digest for entry, content in listed)
        teasers = tuple((entry.teaser, content) for entry, content in listed)
        key = digest(*made_with, ids, contents)
        years[name] = Year(name, key, teasers, (made_with[2], made_with[3]))


def script_language(site_language: str, shards: Iterable[Shard]) -> str:
    """Return the language whose stemmer the pages load.

    A page can have one. The paper's own language comes first, then the one with most articles.
    """
    counts: dict[str, int] = {}
    for shard in shards:
        if shard.stemmed:
            counts[shard.language] = counts.get(shard.language, 0) + shard.articles
    own = site_language.replace("_", "-").partition("-")[0].lower()
    return min(counts, key=lambda name: (name != own, -counts[name], name), default=own)


def shard_list(script: str | None, shards: Iterable[Shard], at_once: int) -> bytes:
    """Return the list of the shards as JSON: pages, and then the newest year first.

    `script` lies below `FOLDER`.

    `at_once` is the number of articles that a reader's browser opens at once, if that many years
    do not have more: what it downloads of a shard grows with its articles.
    """
    newest = sorted(shards, key=lambda shard: (shard.year != 0, -shard.year, shard.language))
    rows: list[dict[str, Any]] = [
        {
            "path": shard.path,
            "language": shard.language,
            "year": shard.year,
            "articles": shard.articles,
            "tag": shard.tag,
        }
        for shard in newest
    ]
    whole = {"version": FORMAT, "script": script, "at_once": at_once, "shards": rows}
    return (json.dumps(whole, indent=1) + "\n").encode()
