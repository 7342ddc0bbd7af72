"""What templates are told about the front page, terms, and the lists of their articles."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.cache.trace import ABSENT, Answer, digest, fingerprint
from sitegen.index import lists
from sitegen.index.lists import teasers
from sitegen.index.site import Site
from sitegen.model.answers import CountedTerm, Listing
from sitegen.queries.answering import Answering, ids


def _front(site: Site) -> Answer:
    front, members = site.front_page
    # The same articles may stand in other parts of the page, and under another name.
    sections = tuple((section.term, len(section.items)) for section in front.sections)
    parts = repr((bool(front.lead), len(front.seconds), len(front.newest), sections))
    digests = (item.teaser_digest for item in members)
    return Answer(front, digest(parts, *digests), ids(members))


def _edition(site: Site) -> Answer:
    date = site.ordered[-1].teaser.date if site.ordered else None
    return Answer(date, fingerprint(date), (str(date),))


def _terms(site: Site, taxonomy: str) -> Answer:
    terms = site.sorted_terms(taxonomy)
    return Answer(terms, fingerprint(terms), tuple(term.name for term in terms))


def _counted_terms(site: Site, taxonomy: str) -> Answer:
    by_slug = site.by_term[taxonomy]
    terms = site.sorted_terms(taxonomy)
    counted = tuple(CountedTerm(term, len(by_slug[term.slug])) for term in terms)
    members = tuple(f"{item.term.name} {item.count}" for item in counted)
    return Answer(counted, fingerprint(counted), members)


def _listing(site: Site, taxonomy: str, slug: str, number: int) -> Answer:
    term = site.terms[taxonomy].get(slug)
    if term is None:
        return Answer(None, ABSENT)
    size = site.config.lists.per_page
    line = site.by_term[taxonomy][slug]
    if not 0 <= number <= lists.full_pages(len(line), size):
        return Answer(None, ABSENT)
    page = lists.page(line, size, number)
    listing = Listing(
        term,
        teasers(page.items),
        number,
        older=lists.page_url(term.url, page.older),
        newer=lists.page_url(term.url, page.newer),
        newest=term.url if number else None,
    )
    around = repr((term, listing.older, listing.newer))
    digests = (item.teaser_digest for item in page.items)
    return Answer(listing, digest(around, *digests), ids(page.items))


ANSWERS: Mapping[str, Answering] = {
    "front": _front,
    "edition": _edition,
    "terms": _terms,
    "counted_terms": _counted_terms,
    "listing": _listing,
}
"""The kinds of question that are answered here."""
