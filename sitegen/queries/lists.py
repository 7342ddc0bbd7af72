"""What templates are told about the front page, terms, and the lists of their articles."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.cache.trace import ABSENT, Answer, Question, digest, fingerprint
from sitegen.index import lists
from sitegen.index.change import Change
from sitegen.index.lists import teasers
from sitegen.index.published import terms_of
from sitegen.index.site import TAXONOMIES, Site
from sitegen.model.answers import CountedTerm, Listing
from sitegen.queries.answering import ids
from sitegen.queries.kinds import OWN, SHARED, TEASERS, Function, question

LISTS = "Lists"
"""The heading of these functions in docs/templates.md."""

EVERY_TIME = "**with every publication**"


def _listing_affected(site: Site, change: Change) -> Iterator[Question]:
    size = site.config.lists.per_page
    for taxonomy in TAXONOMIES:
        slugs = {term.slug for entry in change.entries for term in terms_of(entry, taxonomy)}
        for slug in slugs:
            most = len(site.by_term[taxonomy].get(slug, ())) + len(change.entries)
            for number in range(most // size + 2):
                yield ("listing", taxonomy, slug, number)


@question(
    "front",
    scope=OWN,
    reads=(
        TEASERS,
        "categories",
        "default_category",
        "front.seconds",
        "front.newest",
        "front.per_section",
    ),
    affected=lambda _site, _change: (("front",),),
    function=Function(
        LISTS,
        "`.lead`, `.seconds`, `.newest`, `.sections` (each with `.term`, `.items`); no article "
        "twice",
        EVERY_TIME,
    ),
)
def front(site: Site) -> Answer:
    """What stands on the front page."""
    front, members = site.front_page
    # The same articles may stand in other parts of the page, and under another name.
    sections = tuple((section.term, len(section.items)) for section in front.sections)
    parts = repr((bool(front.lead), len(front.seconds), len(front.newest), sections))
    digests = (item.teaser_digest for item in members)
    return Answer(front, digest(parts, *digests), ids(members))


@question(
    "edition",
    scope=OWN,
    reads=(TEASERS,),
    affected=lambda _site, _change: (("edition",),),
    function=Function(LISTS, "the date of the newest article, or `none`", EVERY_TIME),
)
def edition(site: Site) -> Answer:
    """The date of the newest article."""
    date = site.ordered[-1].teaser.date if site.ordered else None
    return Answer(date, fingerprint(date), (str(date),))


@question(
    "terms",
    scope=SHARED,
    reads=(TEASERS, "categories", "default_category"),
    function=Function(
        LISTS,
        'all [terms](#term) of `"category"`, `"tag"` or `"author"`',
        "when a term gets its first article or loses its last",
    ),
)
def terms(site: Site, taxonomy: str) -> Answer:
    """The terms of a taxonomy."""
    terms = site.sorted_terms(taxonomy)
    return Answer(terms, fingerprint(terms), tuple(term.name for term in terms))


@question(
    "counted_terms",
    scope=SHARED,
    reads=(TEASERS, "categories", "default_category"),
    function=Function(LISTS, "the same as pairs of `.term` and `.count`", EVERY_TIME),
)
def counted_terms(site: Site, taxonomy: str) -> Answer:
    """The terms of a taxonomy with the number of their articles."""
    by_slug = site.by_term[taxonomy]
    terms = site.sorted_terms(taxonomy)
    counted = tuple(CountedTerm(term, len(by_slug[term.slug])) for term in terms)
    members = tuple(f"{item.term.name} {item.count}" for item in counted)
    return Answer(counted, fingerprint(counted), members)


@question(
    "listing",
    scope=OWN,
    reads=(TEASERS, "lists.per_page"),
    affected=_listing_affected,
    function=Function(
        LISTS,
        "a page of a list: `.term`, `.items`, `.number`, `.older`, `.newer`, `.newest`",
        "landing page: with every publication under the term; a full page: when one of its "
        "articles is edited, or one is put in or taken out before it",
        missing='published {taxonomy} "{slug}"',
    ),
)
def listing(site: Site, taxonomy: str, slug: str, number: int) -> Answer:
    """A page of a term's list."""
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
