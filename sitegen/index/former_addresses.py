"""The addresses that articles had: a file of the site that remembers them. Pure.

`addresses.tsv` has a line for each address under which an article was published: what the article
is known by, a tab, the URL. It belongs to the sources and is kept with them, so that nothing in the
output hangs on what a cache remembers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sitegen.model.documents import Entry
from sitegen.model.errors import Location, Problem
from sitegen.model.urls import check_url
from sitegen.scan.site_files import ADDRESSES

HEAD = "# Written by `sitegen addresses`; keep it with the articles.\n"


def read(text: str) -> tuple[dict[str, str], list[Problem]]:
    """Return who was last at each address, by URL, and what is wrong with the file's text."""
    known: dict[str, str] = {}
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        identity, tab, url = line.rstrip("\r").partition("\t")
        if not tab or not identity or check_url(url):
            message = f'"{line}" is no line of {ADDRESSES}'
            hint = "an article's id, a tab, an address; `sitegen addresses` writes them"
            problems.append(Problem(message, Location(ADDRESSES, number), hint))
        else:
            known[url] = identity
    return known, problems


def written(known: Mapping[str, str]) -> str:
    """Return the text of the file, the same for the same addresses."""
    return HEAD + "".join(f"{who}\t{url}\n" for url, who in sorted(known.items()))


def with_articles(known: Mapping[str, str], entries: Iterable[Entry]) -> dict[str, str]:
    """Return the addresses with those that `entries` have now, who are there by right."""
    return {**known, **{entry.teaser.url: entry.teaser.identity for entry in entries}}


def former(known: Mapping[str, str], entries: Iterable[Entry]) -> dict[str, str]:
    """Return the former addresses of articles, with the ids of these.

    `entries` are all published articles: where one of them is, nothing leads away.
    """
    if not known:
        return {}
    by_identity = {entry.teaser.identity: entry.teaser for entry in entries}
    taken = {teaser.url for teaser in by_identity.values()}
    return {
        url: by_identity[identity].id
        for url, identity in sorted(known.items())
        if identity in by_identity and url not in taken
    }
