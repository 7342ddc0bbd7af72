"""What templates are told about terms beside their lists: facts, text, pinned articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sitegen.cache.trace import ABSENT, Answer, Question, digest
from sitegen.index.change import Change
from sitegen.index.site import Site
from sitegen.model.documents import Entry, TermEntry, TermTeaser
from sitegen.model.references import resolve_target
from sitegen.model.urls import normal_form
from sitegen.queries.answering import list_answer
from sitegen.queries.kinds import BODIES, OWN, TEASERS, TERMS, Function, question
from sitegen.queries.lists import LISTS
from sitegen.queries.own_keys import LazyDocument


def _of_each(kind: str) -> Callable[[Site, Change], Iterator[Question]]:
    """Return what affects a question about one term that is made from its text alone."""

    def affected(_site: Site, change: Change) -> Iterator[Question]:
        for entry in change.texts.entries:
            yield (kind, entry.teaser.taxonomy, entry.teaser.slug)

    return affected


def _pinned_affected(site: Site, change: Change) -> Iterator[Question]:
    yield from _of_each("pinned")(site, change)
    names = frozenset(map(normal_form, change.ids))
    for (taxonomy, slug), entry in site.term_texts.by_term.items():
        if any(path in names for path in _paths(entry)):
            yield ("pinned", taxonomy, slug)


def _paths(entry: TermEntry) -> Iterator[str]:
    """Yield the files of the articles that a text pins, in normal form."""
    for reference in entry.pinned:
        target = resolve_target(entry.teaser.id, reference.target)
        if target and target.path:
            yield target.path


@question(
    "term_teaser",
    scope=OWN,
    reads=(TERMS,),
    affected=_of_each("term_teaser"),
    function=Function(
        LISTS,
        "what is [known of a term](#teaser-of-a-term), by its slug: `.image`, `.role` and so on; "
        "`none` where nobody wrote about it",
        "when its text is edited (but for the text itself), appears or goes",
    ),
)
def term_teaser(site: Site, taxonomy: str, slug: str) -> Answer:
    """What is known of a term."""
    entry = site.term_texts.of(taxonomy, slug)
    return Answer(entry.teaser, entry.teaser_digest) if entry else Answer(None, ABSENT)


@question(
    "term_text",
    scope=OWN,
    reads=(TERMS, BODIES),
    affected=_of_each("term_text"),
    function=Function(
        LISTS,
        "the [whole text](#text-of-a-term) about a term, for `body()`; `none` where there is none",
        "with any edit of that text",
    ),
)
def term_text(site: Site, taxonomy: str, slug: str) -> Answer:
    """All that is said of a term."""
    entry = site.term_texts.of(taxonomy, slug)
    if entry is None:
        return Answer(None, ABSENT)
    text = LazyText(site.load_term, entry.teaser, entry.page_digest)
    return Answer(text, digest(entry.page_digest, entry.teaser_digest))


@question(
    "pinned",
    scope=OWN,
    reads=(TEASERS, TERMS),
    affected=_pinned_affected,
    function=Function(
        LISTS,
        "the articles that come first on the page of a term, teasers, as its text names them",
        "when its text names others, and when one of them is edited, appears or goes",
    ),
)
def pinned(site: Site, taxonomy: str, slug: str) -> Answer:
    """The published articles that the text of a term pins, each once."""
    entry = site.term_texts.of(taxonomy, slug)
    found: dict[str, Entry] = {}
    for path in _paths(entry) if entry else ():
        if article := site.entries.get(site.id_of(path)):
            found.setdefault(article.teaser.id, article)
    return list_answer(tuple(found.values()))


class LazyText(LazyDocument[TermTeaser]):
    """The text of a term, which is only fetched when a template looks at it."""

    @property
    def summary(self) -> str:
        """Its summary as plain text, else its first paragraph."""
        from sitegen.markdown import prose  # noqa: PLC0415 - not needed to compare

        return self._teaser.summary or prose.summary(self.body)
