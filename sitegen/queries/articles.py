"""What templates are told about one article, and about what it is connected with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from sitegen.cache.trace import ABSENT, Answer, digest, fingerprint
from sitegen.index import lists
from sitegen.index.site import Site
from sitegen.model.answers import Neighbours
from sitegen.model.documents import (
    Article,
    Entry,
    ResponsePart,
    ShownResponse,
    Teaser,
    Thread,
    ThreadFiles,
)
from sitegen.queries.answering import Answering, ids, list_answer
from sitegen.responses.paths import thread_name
from sitegen.responses.threads import thread


def _article(site: Site, id_: str) -> Answer:
    entry = site.entries.get(id_)
    if entry is None:
        return Answer(None, ABSENT)
    article = _Lazy(site.load_article, entry)
    return Answer(article, digest(entry.article_digest, entry.teaser_digest))


def _teaser(site: Site, id_: str) -> Answer:
    entry = site.entries.get(id_)
    return Answer(entry.teaser, entry.teaser_digest) if entry else Answer(None, ABSENT)


def _neighbours(site: Site, id_: str) -> Answer:
    place = site.position.get(id_)
    if place is None:
        return Answer(None, ABSENT)
    older = site.ordered[place - 1] if place else None
    newer = site.ordered[place + 1] if place + 1 < len(site.ordered) else None
    value = Neighbours(older and older.teaser, newer and newer.teaser)
    digests = [item.teaser_digest if item else ABSENT for item in (older, newer)]
    return Answer(value, digest(*digests), ids(item for item in (older, newer) if item))


def _related(site: Site, id_: str) -> Answer:
    entry = site.entries.get(id_)
    if entry is None:
        return Answer(None, ABSENT)
    category = entry.teaser.category.slug
    places = {
        "tag": {tag.slug: site.places("tag", tag.slug) for tag in entry.teaser.tags},
        "category": {category: site.places("category", category)},
    }
    return list_answer(
        lists.related(
            entry,
            site.position[id_],
            entries=site.entries,
            ordered=site.ordered,
            places=places,
            count=site.config.lists.related,
        )
    )


def _thread(site: Site, id_: str) -> Answer:
    entry = site.entries.get(id_)
    files = site.threads.get(thread_name(entry.teaser.identity)) if site.threads and entry else None
    if entry is None or files is None or site.load_response is None:
        return _SILENCE
    comments = files.comments if entry.comments != "hidden" else ResponsePart()
    trackbacks = files.trackbacks if entry.trackbacks != "hidden" else ResponsePart()
    members = (*comments.members, *trackbacks.members)
    if not members:
        return _SILENCE
    value = _LazyThread(site.load_response, ThreadFiles(comments, trackbacks))
    shown = tuple(path.rpartition("/")[2].removesuffix(".md") for path, _, _ in members)
    return Answer(value, digest(comments.digest, trackbacks.digest), shown)


_SILENCE = Answer(Thread(), fingerprint("no responses"))


def _link(site: Site, path: str) -> Answer:
    """The URL of an article or file of the source tree, or None."""
    url = site.url_of(path)
    return Answer(url, fingerprint(url), (url or "nowhere",))


class _Lazy:
    """An article that is only fetched when a template looks at it, not when it is compared."""

    __slots__ = ("_article", "_entry", "_load")

    def __init__(self, load: Callable[[Teaser, bytes], Article], entry: Entry) -> None:
        self._load = load
        self._entry = entry
        self._article: Article | None = None

    def __getattr__(self, name: str) -> Any:
        if self._article is None:
            self._article = self._load(self._entry.teaser, self._entry.article_digest)
        return getattr(self._article, name)


class _LazyThread:
    """The responses to an article, which are only fetched when a template looks at them."""

    def __init__(self, load: Callable[[str, bytes], ShownResponse], files: ThreadFiles) -> None:
        self._load = load
        self._files = files
        self.comment_count = files.comments.size
        self.trackback_count = files.trackbacks.size

    @cached_property
    def _thread(self) -> Thread:
        members = (*self._files.comments.members, *self._files.trackbacks.members)
        return thread(self._load(path, digest) for path, digest, _ in members)

    @property
    def comments(self) -> tuple[ShownResponse, ...]:
        return self._thread.comments

    @property
    def trackbacks(self) -> tuple[ShownResponse, ...]:
        return self._thread.trackbacks


ANSWERS: Mapping[str, Answering] = {
    "article": _article,
    "teaser": _teaser,
    "neighbours": _neighbours,
    "related": _related,
    "thread": _thread,
    "link": _link,
}
"""The kinds of question that are answered here."""
