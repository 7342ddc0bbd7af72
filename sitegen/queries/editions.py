"""What templates are told about the editions of the site, and about a page's place in each."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.cache.trace import Answer, Question, fingerprint
from sitegen.index.change import Change
from sitegen.index.feeds import corrections_url
from sitegen.index.listed import lists_of_terms
from sitegen.index.published import period_keys, terms_of
from sitegen.index.site import Site
from sitegen.index.translations import original, versions
from sitegen.model.answers import Edition
from sitegen.model.frozen import FrozenMap
from sitegen.queries.kinds import OWN, PAGES, SHARED, TEASERS, TERMS, WHOLE_SITE, question
from sitegen.queries.translations import groups


@question("editions", about=WHOLE_SITE, scope=SHARED, reads=("languages", "home", "title"))
def editions(site: Site) -> Answer:
    """The editions of the site, that in its own language first; none where it has no others."""
    found = tuple(
        Edition(code, edition.config.title, edition.config.home)
        for code, edition in site.editions.items()
    )
    return Answer(found, fingerprint(found), tuple(edition.language for edition in found))


def _document_affected(site: Site, change: Change) -> Iterator[Question]:
    if site.editions:  # else nobody asks
        yield from (("document_editions", id_) for id_ in groups(site, change))


@question(
    "document_editions",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, PAGES),
    affected=_document_affected,
)
def document_editions(site: Site, id_: str) -> Answer:
    """The addresses of a document's versions, by edition."""
    found: dict[str, str] = {}
    if site.editions and (entry := site.document(id_)):
        root = original(site, entry)
        first = site.document(root)
        for version in (*([first] if first else []), *versions(site, root)):
            found.setdefault(version.edition, version.teaser.url)
    return _answer(found)


def _list_affected(site: Site, change: Change) -> Iterator[Question]:
    for edition in site.editions.values():
        for taxonomy in edition.config.taxonomies:
            slugs = {term.slug for entry in change.entries for term in terms_of(entry, taxonomy)}
            slugs |= {
                entry.teaser.slug
                for entry in change.texts.entries
                if entry.teaser.taxonomy == taxonomy
            }
            yield from (("list_editions", taxonomy, slug) for slug in slugs)


@question(
    "list_editions",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, TERMS, "taxonomies"),
    affected=_list_affected,
)
def list_editions(site: Site, taxonomy: str, slug: str) -> Answer:
    """The addresses of a term's lists, by edition: the same slug is the same term."""
    found: dict[str, str] = {}
    for code, edition in site.editions.items():
        if term := edition.terms.get(taxonomy, {}).get(slug):
            found[code] = term.url
        elif text := edition.term_texts.of(taxonomy, slug):
            found[code] = text.teaser.url
    return _answer(found)


@question("index_editions", about=WHOLE_SITE, scope=SHARED, reads=(TEASERS, "taxonomies"))
def index_editions(site: Site, taxonomy: str) -> Answer:
    """The addresses of the list of all terms of a taxonomy, by edition."""
    found = {code: dict(lists_of_terms(edition)) for code, edition in site.editions.items()}
    return _answer({code: urls[taxonomy] for code, urls in found.items() if taxonomy in urls})


@question("corrections_editions", about=WHOLE_SITE, scope=SHARED, reads=(TEASERS, "home"))
def corrections_editions(site: Site) -> Answer:
    """The addresses of the list of all corrections, by edition."""
    return _answer(
        {
            code: corrections_url(edition.config)
            for code, edition in site.editions.items()
            if edition.corrections
        }
    )


def _period_affected(site: Site, change: Change) -> Iterator[Question]:
    for entry in change.entries if site.editions else ():
        yield from (("period_editions", *key) for key in period_keys(entry))


@question(
    "period_editions",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(TEASERS, "home"),
    affected=_period_affected,
)
def period_editions(site: Site, year: int, month: int, day: int) -> Answer:
    """The addresses of the archive of a year, month or day, by edition."""
    key = (year, month, day)
    return _answer(
        {
            code: edition.period(*key).url
            for code, edition in site.editions.items()
            if key in edition.periods
        }
    )


def _answer(found: dict[str, str]) -> Answer:
    return Answer(FrozenMap(found), fingerprint(found), tuple(found.values()))
