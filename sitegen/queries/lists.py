"""What templates are told about the front page, terms, and the lists of their articles."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.cache.trace import ABSENT, Answer, Question, digest, fingerprint
from sitegen.index import lists, series
from sitegen.index.change import Change
from sitegen.index.listed import lists_of_terms
from sitegen.index.lists import teasers
from sitegen.index.published import terms_of
from sitegen.index.site import Site
from sitegen.model.answers import CountedTerm, Index, Listing, TaxonomyFacts
from sitegen.model.documents import Term
from sitegen.queries.answering import ids
from sitegen.queries.kinds import FILES, OWN, SHARED, TEASERS, TERMS, Function, question

LISTS = "Lists"
"""The heading of these functions in docs/templates.md."""

EVERY_TIME = "**with every publication**"


def _listing_affected(site: Site, change: Change) -> Iterator[Question]:
    for taxonomy in site.config.taxonomies:
        size = site.per_page(taxonomy)
        slugs = {term.slug for entry in change.entries for term in terms_of(entry, taxonomy)}
        slugs |= _told_of(change, taxonomy)
        for slug in slugs:
            most = len(site.by_term[taxonomy].get(slug, ())) + len(change.entries)
            for number in range(most // size + 2):
                yield ("listing", taxonomy, slug, number)


def _told_of(change: Change, taxonomy: str) -> set[str]:
    """Return the slugs of the terms of which another thing is said."""
    return {
        entry.teaser.slug for entry in change.texts.entries if entry.teaser.taxonomy == taxonomy
    }


def _front_affected(_site: Site, change: Change) -> Iterator[Question]:
    # A text can put a name of `categories` elsewhere, and so the order of the sections.
    if change.entries or _told_of(change, "category"):
        yield ("front",)


@question(
    "front",
    scope=OWN,
    reads=(
        TEASERS,
        TERMS,
        "categories",
        "default_category",
        "front.seconds",
        "front.newest",
        "front.per_section",
    ),
    affected=_front_affected,
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
    reads=(TEASERS, TERMS, "categories", "default_category"),
    function=Function(
        LISTS,
        'all [terms](#term) of a taxonomy: `"category"`, `"tag"`, `"author"`, `"series"` or one '
        "of your own",
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
    reads=(TEASERS, TERMS, "categories", "default_category"),
    function=Function(LISTS, "the same as pairs of `.term` and `.count`", EVERY_TIME),
)
def counted_terms(site: Site, taxonomy: str) -> Answer:
    """The terms of a taxonomy with the number of their articles."""
    by_slug = site.by_term[taxonomy]
    terms = site.sorted_terms(taxonomy)
    counted = tuple(CountedTerm(term, len(by_slug[term.slug])) for term in terms)
    members = tuple(f"{item.term.name} {item.count}" for item in counted)
    return Answer(counted, fingerprint(counted), members)


_NAMES = {
    "category": ("categories", "category"),
    "tag": ("tags", "tag"),
    "author": ("authors", "author"),
    "series": ("all_series", "series"),
}
"""The texts of the language that name the presets: all of one, and one of its terms."""


def _facts(site: Site, taxonomy: str) -> TaxonomyFacts:
    settings = site.config.taxonomies[taxonomy]
    title, label = (site.words.texts.get(key, "") for key in _NAMES.get(taxonomy, ("", "")))
    label = settings.label or settings.title or label
    return TaxonomyFacts(settings.title or title, label, settings.tree)


@question(
    "taxonomy",
    scope=SHARED,
    reads=(FILES, "taxonomies", "language"),
    function=Function(
        LISTS,
        'its `.title` ("Places"), the `.label` of a term ("Place"), and whether it is a `.tree`',
        "with `[taxonomies]` and the texts of the language",
    ),
)
def taxonomy(site: Site, taxonomy: str) -> Answer:
    """What a taxonomy is called, and whether it is a tree."""
    facts = _facts(site, taxonomy)
    return Answer(facts, fingerprint(facts), (facts.title, facts.label))


@question(
    "indexes",
    scope=SHARED,
    reads=(TEASERS, FILES, "taxonomies", "language"),
    function=Function(
        LISTS,
        "the lists of all terms: `.taxonomy`, `.title`, `.url`",
        "when a series or a taxonomy of your own gets its first article or loses its last",
    ),
)
def indexes(site: Site) -> Answer:
    """The lists of all terms of those taxonomies that have one."""
    found = tuple(Index(name, _facts(site, name).title, url) for name, url in lists_of_terms(site))
    return Answer(found, fingerprint(found), tuple(item.url for item in found))


def _terms_below_affected(site: Site, change: Change) -> Iterator[Question]:
    # Templates can ask it of what is no tree, too.
    for name in site.config.taxonomies:
        slugs = {term.slug for entry in change.entries for term in terms_of(entry, name)}
        parents = {slug.rpartition("/")[0] for slug in slugs}
        parents |= {""} if _told_of(change, name) else set()
        yield from (("terms_below", name, parent) for parent in parents)


@question(
    "terms_below",
    scope=OWN,
    reads=(TEASERS, TERMS, "categories", "default_category", "taxonomies"),
    affected=_terms_below_affected,
    function=Function(
        LISTS,
        'the terms right below one of a tree, with counts; below none (`""`): the first ones',
        "with every publication below it",
    ),
)
def terms_below(site: Site, taxonomy: str, slug: str = "") -> Answer:
    """The terms right below a term of a tree, each with the number of its articles."""
    prefix = f"{slug}/" if slug else ""
    by_slug = site.by_term[taxonomy]
    counted = tuple(
        CountedTerm(term, len(by_slug[term.slug]))
        for term in site.sorted_terms(taxonomy)
        if term.slug.startswith(prefix) and "/" not in term.slug.removeprefix(prefix)
    )
    members = tuple(f"{item.term.name} {item.count}" for item in counted)
    return Answer(counted, fingerprint(counted), members)


@question(
    "terms_above",
    scope=OWN,
    reads=(TEASERS,),
    function=Function(
        LISTS, "the terms that one of a tree lies below, the first one first", "with their names"
    ),
)
def terms_above(site: Site, taxonomy: str, slug: str) -> Answer:
    """The terms that a term lies below."""
    parts = slug.split("/")
    slugs = ("/".join(parts[:count]) for count in range(1, len(parts)))
    terms = site.terms[taxonomy]
    found: tuple[Term, ...] = tuple(terms[each] for each in slugs if each in terms)
    return Answer(found, fingerprint(found), tuple(term.name for term in found))


@question(
    "listing",
    scope=OWN,
    reads=(TEASERS, TERMS, "lists.per_page", "taxonomies"),
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
    term = site.terms[taxonomy].get(slug) or _term_of_text(site, taxonomy, slug)
    if term is None:
        return Answer(None, ABSENT)
    size = site.per_page(taxonomy)
    line = series.in_order(site, taxonomy, slug)
    if not 0 <= number <= lists.full_pages(len(line), size):
        return Answer(None, ABSENT)
    page = lists.page(line, size, number)
    items = page.items
    if site.config.taxonomies[taxonomy].order == "part":
        items = tuple(reversed(items))
    listing = Listing(
        term,
        teasers(items),
        number,
        older=lists.page_url(term.url, page.older),
        newer=lists.page_url(term.url, page.newer),
        newest=term.url if number else None,
    )
    around = repr((term, listing.older, listing.newer))
    digests = (item.teaser_digest for item in items)
    return Answer(listing, digest(around, *digests), ids(items))


def _term_of_text(site: Site, taxonomy: str, slug: str) -> Term | None:
    """Return the term of a text that no article has, None where there is no such text."""
    entry = site.term_texts.of(taxonomy, slug)
    return entry and Term(entry.teaser.title, slug, entry.teaser.url)
