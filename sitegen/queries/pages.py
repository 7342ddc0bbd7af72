"""What templates are told about standalone pages, and about the tree that they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.cache.trace import ABSENT, Answer, Question, digest
from sitegen.index.change import Change
from sitegen.index.pages import parent_of
from sitegen.index.site import Site
from sitegen.model.documents import PageEntry, PageTeaser
from sitegen.queries.kinds import BODIES, OWN, PAGES, WHOLE_SITE, Function, question
from sitegen.queries.own_keys import LazyDocument

STANDALONE = "Standalone pages"
"""The heading of these functions in docs/templates.md."""


def _page_affected(_site: Site, change: Change) -> Iterator[Question]:
    return (("standalone_page", id_) for id_ in change.pages.ids)


def _children_affected(site: Site, change: Change) -> Iterator[Question]:
    for entry in change.pages.entries:
        yield ("children", entry.teaser.id)
        for parent in site.pages.by_place.get(parent_of(entry.place), ()):
            yield ("children", parent.teaser.id)


def _parents_affected(site: Site, change: Change) -> Iterator[Question]:
    places = tuple(entry.place for entry in change.pages.entries)
    yield from (("parents", id_) for id_ in change.pages.ids)
    for id_, entry in site.pages.shown.items():
        if entry.place.startswith(places):
            yield ("parents", id_)


def _pages_affected(_site: Site, change: Change) -> Iterator[Question]:
    for nav in {"", *(entry.teaser.nav for entry in change.pages.entries)}:
        yield ("pages", nav)


@question(
    "standalone_page",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(PAGES, BODIES),
    affected=_page_affected,
    function=Function(
        STANDALONE,
        "the [whole page](#standalone-page)",
        "with any edit of that page",
        missing='published page "{id}"',
    ),
)
def standalone_page(site: Site, id_: str) -> Answer:
    """A whole standalone page."""
    entry = site.pages.shown.get(id_)
    if entry is None:
        return Answer(None, ABSENT)
    page = LazyPage(site.load_page, entry.teaser, entry.page_digest)
    return Answer(page, digest(entry.page_digest, entry.teaser_digest))


@question(
    "children",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(PAGES,),
    affected=_children_affected,
    function=Function(
        STANDALONE,
        "the pages directly below it in the tree, [teasers](#teaser-of-a-page) in their order",
        "when one of them is edited (but for its text), appears or goes",
    ),
)
def children(site: Site, id_: str) -> Answer:
    """The published pages directly below a page."""
    entry = site.pages.shown.get(id_)
    below = site.pages.below.get(entry.place, ()) if entry else ()
    return _teasers(below)


@question(
    "parents",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(PAGES,),
    affected=_parents_affected,
    function=Function(
        STANDALONE,
        "the pages above it in the tree, teasers, the uppermost first: the way to it",
        "when one of them is edited (but for its text), appears or goes",
    ),
)
def parents(site: Site, id_: str) -> Answer:
    """The published pages above a page, the uppermost first."""
    entry = site.pages.shown.get(id_)
    above = tuple(site.pages.above(entry)) if entry else ()
    return _teasers(above[::-1])


@question(
    "pages",
    scope=OWN,
    reads=(PAGES,),
    affected=_pages_affected,
    function=Function(
        STANDALONE,
        'all of them, or those that say `nav: header` or `nav: footer`: `pages("footer")`; teasers '
        "in their order",
        "when one of them is edited (but for its text), appears or goes",
    ),
)
def pages(site: Site, nav: str = "") -> Answer:
    """All published standalone pages, or those that ask to stand in a navigation."""
    return _teasers([entry for entry in site.own_pages if nav in ("", entry.teaser.nav)])


def _teasers(entries: Sequence[PageEntry]) -> Answer:
    """Return the answer that is a list of pages: the digest of its members' digests."""
    digests = digest(*(entry.teaser_digest for entry in entries))
    teasers = tuple(entry.teaser for entry in entries)
    return Answer(teasers, digests, tuple(teaser.id for teaser in teasers))


class LazyPage(LazyDocument[PageTeaser]):
    """A standalone page that is only fetched when a template looks at it."""

    __slots__ = ()
