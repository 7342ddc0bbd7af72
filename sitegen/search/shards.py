"""Which shards the index has, what each is made from, and the list of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from sitegen.cache.trace import digest
from sitegen.index.site import Site
from sitegen.model.documents import Teaser
from sitegen.model.search_index import Shard

FORMAT = 1
"""Of the documents and the list. Raised when either changes what it means."""


class Year(NamedTuple):
    """The articles of one year, from which its shards are made: one for each language."""

    name: str
    key: bytes
    """Another one for other articles."""
    articles: tuple[tuple[Teaser, bytes], ...]
    """The teaser and the digest of each, oldest first."""
    dates: tuple[str, str] = ("medium", "en")
    """The pattern and the language in which results show dates."""


def years(site: Site, version: str) -> dict[str, Year]:
    """Return the years that have articles, oldest first, by their names.

    `version` is Pagefind's. Articles that search engines may not find are not found by ours.
    """
    found: dict[str, Year] = {}
    dates = (site.config.dates.medium, site.config.language)
    for year, month, _ in site.periods:
        if month:
            continue
        articles = [
            (entry.teaser, entry.article_digest)
            for entry in site.in_year(year)
            if not entry.teaser.noindex
        ]
        ids = [teaser.id for teaser, _ in articles]
        digests = (item for _, item in articles)
        key = digest(version, str(FORMAT), *dates, "\n".join(ids), b"".join(digests))
        if ids:
            found[str(year)] = Year(str(year), key, tuple(articles), dates)
    return found


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
    """Return the list of the shards as JSON, newest year first. `script` lies below `FOLDER`.

    `at_once` is the number of articles that a reader's browser opens at once, if that many years
    do not have more: what it downloads of a shard grows with its articles.
    """
    newest = sorted(shards, key=lambda shard: (-shard.year, shard.language))
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
