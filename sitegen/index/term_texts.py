"""What is said of terms, and how terms are called because of it.

A text belongs to the term with the slug of its file. Its `name` is what the term is called
everywhere, and `names` are other spellings: an article that has one of them has the term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sitegen.cache.trace import digest, fingerprint
from sitegen.config.settings import Taxonomy
from sitegen.index.undated import UndatedDocuments
from sitegen.model.documents import Entry, TermEntry, TermsOf, interned
from sitegen.model.documents import Term as TermNoun
from sitegen.model.errors import Location, Problem
from sitegen.model.source_folders import TERMS

FOLDER = f"{TERMS}/"

Names = Mapping[str, Mapping[str, TermNoun]]
"""The terms that slugs lead to, by taxonomy and slug; of those that are called as they are written
there are none."""


def is_term_text(id_: str) -> bool:
    """Whether an id is that of the text of a term."""
    return id_.startswith(FOLDER)


@dataclass(frozen=True)
class TermTexts(UndatedDocuments[TermEntry]):
    """All texts of terms. What is worked out of them stays as long as they are the same."""

    @cached_property
    def of_editions(self) -> Mapping[str, TermTexts]:
        """The published texts of each edition that has some."""
        groups: dict[str, dict[str, TermEntry]] = {}
        for id_, entry in self.shown.items():
            groups.setdefault(entry.edition, {})[id_] = entry
        return {edition: TermTexts(group) for edition, group in groups.items()}

    def of_edition(self, edition: str) -> TermTexts:
        """Return the published texts of an edition; "" is the whole site, which has none."""
        return self.of_editions.get(edition, NO_TEXTS) if edition else self

    @cached_property
    def by_term(self) -> Mapping[tuple[str, str], TermEntry]:
        """The published ones by taxonomy and slug. Of two for one term the first id counts."""
        found: dict[tuple[str, str], TermEntry] = {}
        for _, entry in sorted(self.shown.items()):
            found.setdefault((entry.teaser.taxonomy, entry.teaser.slug), entry)
        return found

    def of(self, taxonomy: str, slug: str) -> TermEntry | None:
        """Return the text of a term, or None."""
        return self.by_term.get((taxonomy, slug)) if self.shown else None

    @cached_property
    def names(self) -> Names:
        """What the published texts call terms. A slug of its own goes before another spelling."""
        found: dict[str, dict[str, TermNoun]] = {}
        for entry in self._named:
            teaser = entry.teaser
            term = interned(TermNoun(teaser.name, teaser.slug, teaser.url))
            found.setdefault(teaser.taxonomy, {})[teaser.slug] = term
        for entry in self._named:
            teaser = entry.teaser
            names = found[teaser.taxonomy]
            for slug in teaser.slugs:
                if (teaser.taxonomy, slug) not in self.by_term:
                    names.setdefault(slug, names[teaser.slug])
        return found

    @property
    def _named(self) -> Sequence[TermEntry]:
        return [entry for _, entry in sorted(self.by_term.items()) if entry.teaser.name]

    @cached_property
    def names_digest(self) -> bytes:
        """Stands for `names`: equal for equal ones."""
        return fingerprint(
            sorted((key, sorted(names.items())) for key, names in self.names.items())
        )

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each text that a term has beside another one."""
        holders: dict[tuple[str, str], TermEntry] = dict(self.by_term)
        for id_, entry in sorted(self.shown.items()):
            teaser = entry.teaser
            first = self.by_term[teaser.taxonomy, teaser.slug]
            if first is not entry:
                yield _second(id_, entry, first, teaser.slug)
                continue
            for slug in teaser.slugs:
                other = holders.setdefault((teaser.taxonomy, slug), entry)
                if other is not entry:
                    yield _second(id_, entry, other, slug)


NO_TEXTS = TermTexts()


def _second(id_: str, entry: TermEntry, first: TermEntry, slug: str) -> Problem:
    where = Location(first.teaser.id, first.url_line)
    message = f'the {entry.teaser.taxonomy} "{slug}" has a text already: {where}'
    hint = "put them into one file, or take the spelling out of `name` and `names`"
    return Problem(message, Location(id_, entry.url_line), hint)


def renamed(entry: Entry, names: Names, taxonomies: Mapping[str, Taxonomy]) -> Entry:
    """Return an article with its terms as texts call them: the same value if none is called so."""
    if not names:
        return entry
    teaser = entry.teaser
    changed = teaser
    if (own := names.get("category")) and (term := own.get(teaser.category.slug)):
        changed = changed._replace(category=term)
    if own := names.get("tag"):
        changed = changed._replace(tags=_renamed(teaser.tags, own, taxonomies["tag"]))
    if own := names.get("author"):
        changed = changed._replace(authors=_renamed(teaser.authors, own, taxonomies["author"]))
    if teaser.terms:
        further = tuple(
            TermsOf(name, _renamed(terms, names[name], taxonomies[name]))
            if name in names
            else TermsOf(name, terms)
            for name, terms in teaser.terms
        )
        changed = changed._replace(terms=further)
    if changed == teaser:
        return entry
    called = fingerprint((changed.category, changed.tags, changed.authors, changed.terms))
    return entry._replace(teaser=changed, teaser_digest=digest(entry.teaser_digest, called))


def _renamed(
    terms: tuple[TermNoun, ...], names: Mapping[str, TermNoun], taxonomy: Taxonomy
) -> tuple[TermNoun, ...]:
    """Return terms as texts call them, each once."""
    found: dict[str, TermNoun] = {}
    known = {term.slug: term for term in terms}
    for term in terms:
        now = called(term, names, taxonomy)
        if now is not term and taxonomy.tree:
            for above in _above(now.slug):
                found.setdefault(
                    above, names.get(above) or known.get(above) or _plain(above, taxonomy)
                )
        found.setdefault(now.slug, now)
    return tuple(found.values())


def _above(slug: str) -> Iterator[str]:
    """Yield the slugs of what a term of a tree lies below, the uppermost first."""
    parts = slug.split("/")
    return ("/".join(parts[:count]) for count in range(1, len(parts)))


def _plain(slug: str, taxonomy: Taxonomy) -> TermNoun:
    """Return a term of which nothing but the slug is known, named as that reads."""
    name = slug.rpartition("/")[2].replace("-", " ").capitalize()
    return TermNoun(name, slug, taxonomy.url.format(slug=slug))


def called(term: TermNoun, names: Mapping[str, TermNoun], taxonomy: Taxonomy) -> TermNoun:
    """Return a term as texts call it; in a tree it goes where those above it went."""
    if not taxonomy.tree:
        return names.get(term.slug, term)
    slug = ""
    for part in term.slug.split("/"):
        slug = f"{slug}/{part}" if slug else part
        slug = names[slug].slug if slug in names else slug
    if slug in names:
        return names[slug]
    return (
        term if slug == term.slug else term._replace(slug=slug, url=taxonomy.url.format(slug=slug))
    )


def touched(before: TermTexts, after: TermTexts) -> Mapping[str, frozenset[str]]:
    """Return the slugs that lead elsewhere, or to another name, by taxonomy."""
    if before.names == after.names:
        return {}
    found: dict[str, frozenset[str]] = {}
    for taxonomy in {**before.names, **after.names}:
        old, new = before.names.get(taxonomy, {}), after.names.get(taxonomy, {})
        slugs = frozenset(slug for slug in {**old, **new} if old.get(slug) != new.get(slug))
        if slugs:
            found[taxonomy] = slugs
    return found
