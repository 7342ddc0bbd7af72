"""What templates are told about one article, and about what it is connected with."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from sitegen.cache.trace import ABSENT, Answer, Question, digest, fingerprint
from sitegen.index import lists
from sitegen.index.change import Change
from sitegen.index.lists import RELATED_CATEGORY_WINDOW, RELATED_WINDOW
from sitegen.index.published import place_key, terms_of
from sitegen.index.site import Site
from sitegen.model.answers import Neighbours
from sitegen.model.documents import (
    Entry,
    ResponsePart,
    ShownResponse,
    Teaser,
    Thread,
    ThreadFiles,
)
from sitegen.model.references import resolve_target
from sitegen.model.urls import normal_form
from sitegen.queries.answering import ids, list_answer
from sitegen.queries.kinds import (
    BODIES,
    DOCUMENT,
    FILES,
    OWN,
    PAGES,
    RESPONSES,
    TEASERS,
    TERMS,
    WHOLE_SITE,
    Function,
    question,
)
from sitegen.queries.own_keys import LazyDocument
from sitegen.responses.paths import thread_name
from sitegen.responses.threads import thread

ARTICLES = "Articles"
"""The heading of these functions in docs/templates.md."""

WINDOWS = {"tag": RELATED_WINDOW, "category": RELATED_CATEGORY_WINDOW}


def _of_each(kind: str) -> Callable[[Site, Change], Iterator[Question]]:
    """Return what affects a question about one article that is made from this article alone."""

    def affected(_site: Site, change: Change) -> Iterator[Question]:
        return ((kind, id_) for id_ in change.ids)

    return affected


def _neighbours_affected(site: Site, change: Change) -> Iterator[Question]:
    for id_ in change.ids:
        yield ("neighbours", id_)
    for entry in change.entries:
        for id_ in _beside(site.ordered, entry, change.ids):
            yield ("neighbours", id_)


def _beside(line: Sequence[Entry], entry: Entry, ids: frozenset[str]) -> Iterator[str]:
    """Yield the nearest articles on both sides of a place that did not change themselves."""
    place = bisect_left(line, place_key(entry), key=place_key)
    for steps in (range(place - 1, -1, -1), range(place, len(line))):
        for step in steps:
            id_ = line[step].teaser.id
            if id_ not in ids:
                yield id_
                break


def _related_affected(site: Site, change: Change) -> Iterator[Question]:
    for id_ in change.ids:
        yield ("related", id_)
    names = frozenset(map(normal_form, change.ids))
    for entry in site.ordered:
        for reference in entry.related:
            target = resolve_target(entry.teaser.id, reference.target)
            if target and target.path in names:
                yield ("related", entry.teaser.id)
    for entry in change.entries:
        for taxonomy, window in WINDOWS.items():
            for term in terms_of(entry, taxonomy):
                line = site.by_term[taxonomy].get(term.slug, ())
                for id_ in _after(line, entry, change.ids, window):
                    yield ("related", id_)


def _after(line: Sequence[Entry], entry: Entry, ids: frozenset[str], count: int) -> Iterator[str]:
    """Yield the next `count` articles of a line after an article, besides those that changed."""
    left = count
    for place in range(bisect_left(line, place_key(entry), key=place_key), len(line)):
        id_ = line[place].teaser.id
        if id_ in ids:
            continue
        yield id_
        left -= 1
        if left < 0:
            return


def _link_affected(_site: Site, change: Change) -> Iterator[Question]:
    return (("link", normal_form(id_)) for id_ in change.document_ids)


def _article_affected(site: Site, change: Change) -> Iterator[Question]:
    for id_ in change.ids:
        yield ("article", id_)
    if change.only_bodies:
        return
    for taxonomy in site.config.taxonomies:
        if taxonomy == "category":
            continue  # Each article says its own as it is spelt there.
        slugs = {term.slug for entry in change.entries for term in terms_of(entry, taxonomy)}
        for slug in slugs:
            line = site.by_term[taxonomy].get(slug, ())
            spellings = {
                term
                for entry in (*line, *change.entries)
                for term in terms_of(entry, taxonomy)
                if term.slug == slug
            }
            if len(spellings) > 1:  # Another one may be the usual one now.
                for entry in line:
                    yield ("article", entry.teaser.id)


def _as_listed(site: Site, teaser: Teaser) -> Teaser:
    """Return the teaser with its terms as their lists spell them."""
    tags = tuple(site.terms["tag"].get(term.slug, term) for term in teaser.tags)
    authors = tuple(site.terms["author"].get(term.slug, term) for term in teaser.authors)
    further = tuple(
        group._replace(
            terms=tuple(site.terms[group.taxonomy].get(term.slug, term) for term in group.terms)
        )
        for group in teaser.terms
    )
    if tags == teaser.tags and authors == teaser.authors and further == teaser.terms:
        return teaser
    return teaser._replace(tags=tags, authors=authors, terms=further)


def _thread_affected(_site: Site, change: Change) -> Iterator[Question]:
    return (("thread", id_) for id_ in change.ids | change.answered)


@question(
    "article",
    about=DOCUMENT,
    scope=OWN,
    reads=(TEASERS, BODIES, "taxonomies"),
    affected=_article_affected,
    function=Function(
        ARTICLES,
        "the [whole article](#article)",
        "with any edit of that article",
        missing='published article "{id}"',
    ),
)
def article(site: Site, id_: str) -> Answer:
    """A whole article, with its terms as their lists spell them."""
    entry = site.entries.get(id_)
    if entry is None:
        return Answer(None, ABSENT)
    teaser = _as_listed(site, entry.teaser)
    article = LazyArticle(site.load_article, teaser, entry.article_digest)
    parts = [entry.article_digest, entry.teaser_digest]
    if teaser is not entry.teaser:
        parts.append(fingerprint((teaser.tags, teaser.authors, teaser.terms)))
    return Answer(article, digest(*parts))


@question(
    "teaser",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS,),
    affected=_of_each("teaser"),
    function=Function(
        ARTICLES,
        "its [teaser](#teaser)",
        "when its head or its summary is edited",
        missing='published article "{id}"',
    ),
)
def teaser(site: Site, id_: str) -> Answer:
    """What lists show of an article."""
    entry = site.entries.get(id_)
    return Answer(entry.teaser, entry.teaser_digest) if entry else Answer(None, ABSENT)


@question(
    "neighbours",
    about=DOCUMENT,
    scope=OWN,
    reads=(TEASERS,),
    affected=_neighbours_affected,
    function=Function(
        ARTICLES,
        "`.previous` (older) and `.next` (newer), teasers or `none`",
        "when one of the two is another or is edited",
        missing='published article "{id}"',
    ),
)
def neighbours(site: Site, id_: str) -> Answer:
    """The articles just before and after an article."""
    place = site.position.get(id_)
    if place is None:
        return Answer(None, ABSENT)
    older = site.ordered[place - 1] if place else None
    newer = site.ordered[place + 1] if place + 1 < len(site.ordered) else None
    value = Neighbours(older and older.teaser, newer and newer.teaser)
    digests = [item.teaser_digest if item else ABSENT for item in (older, newer)]
    return Answer(value, digest(*digests), ids(item for item in (older, newer) if item))


@question(
    "related",
    about=DOCUMENT,
    scope=OWN,
    reads=(TEASERS, "lists.related"),
    affected=_related_affected,
    function=Function(
        ARTICLES,
        "teasers to recommend, all older but for the editor's choice",
        "when one of these is edited or goes; never because of a newer article",
        missing='published article "{id}"',
    ),
)
def related(site: Site, id_: str) -> Answer:
    """Articles to recommend below an article."""
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
            entry_at=lambda path: site.entries.get(site.id_of(path)),
            ordered=site.ordered,
            places=places,
            count=site.config.lists.related,
        )
    )


@question(
    "thread",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, RESPONSES),
    affected=_thread_affected,
    function=Function(
        ARTICLES,
        "`.comments`, `.comment_count`, `.trackbacks`, `.trackback_count`: the "
        "[responses](#response) that are shown",
        "when a response to that article appears, goes or is edited, and when the article hides "
        "them",
    ),
)
def thread_of(site: Site, id_: str) -> Answer:
    """The responses to an article."""
    entry = site.entries.get(id_)
    files = site.threads.get(thread_name(entry.teaser.identity)) if site.threads and entry else None
    if entry is None or files is None or site.load_response is None:
        return _SILENCE
    comments = files.comments if entry.comments != "hidden" else ResponsePart()
    trackbacks = files.trackbacks if entry.trackbacks != "hidden" else ResponsePart()
    members = (*comments.members, *trackbacks.members)
    if not members:
        return _SILENCE
    value = LazyThread(site.load_response, ThreadFiles(comments, trackbacks))
    shown = tuple(path.rpartition("/")[2].removesuffix(".md") for path, _, _ in members)
    return Answer(value, digest(comments.digest, trackbacks.digest), shown)


_SILENCE = Answer(Thread(), fingerprint("no responses"))


def _teaser_at_affected(_site: Site, change: Change) -> Iterator[Question]:
    return (("teaser_at", normal_form(id_)) for id_ in change.ids)


@question("teaser_at", about=WHOLE_SITE, scope=OWN, reads=(TEASERS,), affected=_teaser_at_affected)
def teaser_at(site: Site, path: str) -> Answer:
    """What lists show of the article with a source path in normal form, or None."""
    entry = site.entries.get(site.id_of(path))
    return Answer(entry.teaser, entry.teaser_digest) if entry else Answer(None, ABSENT)


@question(
    "link",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, PAGES, TERMS, FILES),
    affected=_link_affected,
)
def link(site: Site, path: str) -> Answer:
    """The URL of a document or file by its source path in normal form, or None."""
    url = site.url_of(path)
    return Answer(url, fingerprint(url), (url or "nowhere",))


class LazyArticle(LazyDocument[Teaser]):
    """An article that is only fetched when a template looks at it, not when it is compared."""

    __slots__ = ()


class LazyThread:
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
        """Those that answer the article; each holds its replies."""
        return self._thread.comments

    @property
    def trackbacks(self) -> tuple[ShownResponse, ...]:
        """Trackbacks, pingbacks and webmentions."""
        return self._thread.trackbacks
