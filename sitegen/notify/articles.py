"""A published article → what other sites are sent of it: its address, its links, a digest. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from hashlib import blake2b
from typing import NamedTuple

from sitegen.html.scanning import attribute_text, attributes_of, plain_text, tags
from sitegen.model.documents import Article, Entry
from sitegen.model.moments import Moment
from sitegen.model.urls import Base
from sitegen.web.mentions import normalized_url


class SourceArticle(NamedTuple):
    """An article as the source of notifications."""

    source: str
    """Its full URL."""
    title: str
    summary: str
    targets: tuple[str, ...]
    """The URLs of other sites that its text links to, each once."""
    digest: str
    """The digest of what people read in it: if it differs, others are notified again."""


def is_recent(entry: Entry, now: Moment, days: int) -> bool:
    """Whether an article appeared, or was marked as updated, in the last `days`."""
    newest = max(entry.publish, entry.modified)
    return now - newest <= timedelta(days=days)


def source_article(article: Article, base: Base, skipped: Sequence[str]) -> SourceArticle:
    """Return an article as a source; `skipped` are patterns of URLs that are never notified."""
    teaser = article.teaser
    own = f"{base.origin}{base.prefix}/"
    targets: dict[str, str] = {}
    for url in _links(article.body):
        if f"{url}/".startswith(own) or any(fnmatchcase(url, pattern) for pattern in skipped):
            continue
        targets.setdefault(normalized_url(url), url)
    authors = ", ".join(author.name for author in teaser.authors)
    corrections = [item.text for item in article.corrections]
    # Read as people read it, so that another Markdown engine or theme changes no digest.
    parts = (teaser.title, authors, plain_text(article.body), *corrections, *sorted(targets))
    digest = blake2b("\x00".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()
    source = base.absolute(teaser.url)
    return SourceArticle(source, teaser.title, teaser.summary, tuple(targets.values()), digest)


def _links(html: str) -> Iterator[str]:
    for tag in tags(html):
        if tag.name not in ("a", "area") or tag.is_end:
            continue
        for item in attributes_of(tag.attributes):
            if item.name == "href":
                url = attribute_text(item.value).strip()
                if url.lower().startswith(("http://", "https://")):
                    yield url
                elif url.startswith("//"):
                    yield f"https:{url}"
                break
