"""What templates are told about the comments of the whole site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import nlargest
from typing import NamedTuple

from sitegen.cache.trace import Answer, digest
from sitegen.index.site import Site
from sitegen.model.documents import Entry, ResponseFile, ShownResponse, Teaser
from sitegen.queries.articles import ARTICLES
from sitegen.queries.kinds import OWN, RESPONSES, TEASERS, Function, question


class NewComment(NamedTuple):
    """A comment, and the article that it answers."""

    response: ShownResponse
    teaser: Teaser


class NewestComments:
    """The newest comments, which are only fetched when a template goes through them."""

    def __init__(
        self,
        load: Callable[[str, bytes], ShownResponse] | None,
        found: list[tuple[ResponseFile, Entry]],
    ) -> None:
        self._load = load
        self._found = found

    def __iter__(self) -> Iterator[NewComment]:
        if self._load is not None:
            for file, entry in self._found:
                yield NewComment(self._load(file.path, file.digest), entry.teaser)


@question(
    "newest_comments",
    scope=OWN,
    reads=(TEASERS, RESPONSES, "feeds.items"),
    function=Function(
        ARTICLES,
        "the newest comments of the site, as many as `[feeds] items`: `.response` and `.teaser`",
        "with each comment",
    ),
)
def newest_comments(site: Site) -> Answer:
    """The newest comments on all published articles that show them, newest first."""
    found: list[tuple[ResponseFile, Entry]] = []
    if site.threads:
        found = nlargest(
            site.config.feeds.items,
            (
                (file, entry)
                for name, files in site.threads.items()
                if (entry := site.entries.get(site.thread_owners.get(name, "")))
                and entry.comments != "hidden"
                and site.edition in ("", entry.edition)
                for file in files.comments.members
            ),
            key=lambda item: (item[0].instant, item[0].path),
        )
    digests = (part for file, entry in found for part in (file.digest, entry.teaser_digest))
    value = NewestComments(site.load_response, found)
    return Answer(value, digest(*digests), tuple(file.path for file, _ in found))
