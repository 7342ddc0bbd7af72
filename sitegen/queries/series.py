"""What templates are told about the series that an article is part of."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.cache.trace import ABSENT, Answer, Question, digest
from sitegen.index.change import Change
from sitegen.index.published import terms_of
from sitegen.index.series import in_order
from sitegen.index.site import Site
from sitegen.model.answers import SeriesPlace
from sitegen.model.documents import Entry
from sitegen.queries.answering import ids
from sitegen.queries.articles import ARTICLES
from sitegen.queries.kinds import DOCUMENT, OWN, TEASERS, Function, question


def _ordered(site: Site) -> Iterator[str]:
    return (name for name, item in site.config.taxonomies.items() if item.order == "part")


def _series_affected(site: Site, change: Change) -> Iterator[Question]:
    for id_ in change.ids:
        yield ("series", id_)
    for taxonomy in _ordered(site):
        slugs = {term.slug for entry in change.entries for term in terms_of(entry, taxonomy)}
        for slug in slugs:
            for entry in site.by_term[taxonomy].get(slug, ()):
                yield ("series", entry.teaser.id)


@question(
    "series",
    about=DOCUMENT,
    scope=OWN,
    reads=(TEASERS, "taxonomies"),
    affected=_series_affected,
    function=Function(
        ARTICLES,
        "the series that it is part of: `.term`, `.taxonomy`, `.number`, `.count`, `.previous`, "
        "`.next` (teasers or `none`)",
        "with every new part, and when a part before or after it is edited",
        missing='published article "{id}"',
    ),
)
def series(site: Site, id_: str) -> Answer:
    """Where an article stands in each series that it is part of."""
    entry = site.entries.get(id_)
    if entry is None:
        return Answer(None, ABSENT)
    found: list[SeriesPlace] = []
    beside: list[Entry | None] = []
    for taxonomy in _ordered(site):
        for term in terms_of(entry, taxonomy):
            line = in_order(site, taxonomy, term.slug)
            place = next(
                number for number, item in enumerate(line) if item.teaser.id == entry.teaser.id
            )
            before = line[place - 1] if place else None
            after = line[place + 1] if place + 1 < len(line) else None
            beside += (before, after)
            shown = site.terms[taxonomy].get(term.slug, term)
            found.append(
                SeriesPlace(
                    taxonomy,
                    shown,
                    place + 1,
                    len(line),
                    before and before.teaser,
                    after and after.teaser,
                )
            )
    rest = repr([(item.taxonomy, item.term, item.number, item.count) for item in found])
    digests = (item.teaser_digest if item else ABSENT for item in beside)
    return Answer(tuple(found), digest(rest, *digests), ids(item for item in beside if item))
