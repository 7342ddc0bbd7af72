"""The fields that sort articles: category, tags, authors, and the terms of all other taxonomies."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sitegen.config.front_matter_keys import KEYS
from sitegen.config.settings import PRESETS, Config, Taxonomy
from sitegen.model.documents import (
    Term,
    TermsOf,
)
from sitegen.model.errors import did_you_mean
from sitegen.model.urls import slugify, words_of
from sitegen.parse.nodes import Member, Scalar, Table
from sitegen.parse.values import Reader


class _Keys(NamedTuple):
    """Every key that has a meaning, in small letters."""

    ordered: tuple[str, ...]
    known: frozenset[str]


def known_keys(config: Config) -> _Keys:
    """Return every key of the front matter of articles that has a meaning in this configuration."""
    return _keys_with(config.taxonomy_keys)


_OF_PRESETS = {"tag": ("tags",), "author": ("author", "authors"), "series": ("series", "part")}


@lru_cache(maxsize=64)
def _keys_with(taxonomies: tuple[tuple[str, str], ...]) -> _Keys:
    names = {name for name, _ in taxonomies}
    off = {key for preset, keys in _OF_PRESETS.items() if preset not in names for key in keys}
    further = (key for name, key in taxonomies if name not in PRESETS or name == "series")
    ordered = tuple(dict.fromkeys((*(key for key in KEYS if key not in off), *further)))
    return _Keys(ordered, frozenset(ordered))


@lru_cache(maxsize=65536)
def term(name: str, pattern: str) -> Term | None:
    """Return the term of a name; `pattern` is that of its list's URL. None if no slug is left."""
    slug = slugify(name)
    return Term(name, slug, pattern.format(slug=slug)) if slug else None


def read_further_terms(reader: Reader, own: dict[str, Member]) -> tuple[TermsOf, ...]:
    """Return the terms in other taxonomies than category, tag and author."""
    found = []
    for name, key in reader.config.taxonomy_keys:
        if name in _WITH_FIELDS or key not in own:
            continue
        if terms := _terms_of(reader, own[key], reader.config.taxonomies[name]):
            found.append(TermsOf(name, terms))
    return tuple(found)


_WITH_FIELDS = frozenset({"category", "tag", "author"})
"""The taxonomies that have a field of their own."""


def _terms_of(reader: Reader, member: Member, taxonomy: Taxonomy) -> tuple[Term, ...]:
    names = reader.names(member) if taxonomy.many else reader.plain_texts(member)
    if len(names) > 1 and not taxonomy.many:
        message = f'an article can have only one "{member.name}"'
        name = next(key for key, each in reader.config.taxonomies.items() if each is taxonomy)
        hint = f"keep one; or allow more: `many = true` below `[taxonomies.{name}]`"
        reader.report(member.node, message, hint)
        names = names[:1]
    if not taxonomy.tree:
        return _terms(reader, names, member.name, taxonomy.url)
    terms: dict[str, Term] = {}
    for way in names:
        if way.text.count("/") >= MAX_LEVELS:
            message = f'"{member.name}" has more than {MAX_LEVELS} levels'
            reader.report(way, message, "write fewer names with / between them")
            continue
        found = term_and_parents(way.text, taxonomy.url)
        if not found:
            message = f'"{way.text}" cannot be used in "{member.name}": no URL can be made from it'
            hint = "each part of the way needs at least one letter or digit: `Europe/Norway`"
            reader.report(way, message, hint)
        for each in found:
            _add_term(reader, terms, each, way)
    return tuple(terms.values())


MAX_LEVELS = 20
"""The most levels of a tree: nobody finds what lies deeper, and pages show them within each other.
"""


@lru_cache(maxsize=65536)
def term_and_parents(way: str, pattern: str) -> tuple[Term, ...]:
    """Return the terms that `Europe/Norway` names in a tree: `Europe`, and `Norway` below it.

    `pattern` is that of their lists' URLs. Empty if a part of the way leaves no slug.
    """
    found: list[Term] = []
    for part in way.split("/"):
        name = " ".join(part.split())
        slug = slugify(name)
        if not slug:
            return ()
        slug = f"{found[-1].slug}/{slug}" if found else slug
        found.append(Term(name, slug, pattern.format(slug=slug)))
    return tuple(found)


def read_part(reader: Reader, member: Member | None) -> int:
    """Return which part of its series an article is, 0 where it does not say so."""
    written = reader.text(member)
    if member is None or not written:
        return 0
    if written.isascii() and written.isdigit() and 0 < int(written) <= MAX_PART:
        return int(written)
    message = f'"{member.name}" must be a whole number from 1, not "{written}"'
    reader.report(member.node, message, "number the parts of the series: 1, 2, 3")
    return 0


MAX_PART = 100_000
"""The largest number of a part."""


def _terms(reader: Reader, names: list[Scalar], key: str, pattern: str) -> tuple[Term, ...]:
    """Return the terms of names, each once."""
    terms: dict[str, Term] = {}
    for name in names:
        found = term(name.text, pattern)
        if found is None:
            message = f'"{name.text}" cannot be used in "{key}": no URL can be made from it'
            reader.report(name, message, "a name needs at least one letter or digit")
        else:
            _add_term(reader, terms, found, name)
    return tuple(terms.values())


def _add_term(reader: Reader, terms: dict[str, Term], found: Term, place: Scalar) -> None:
    """Add a term to those by their slugs, and tell of one that another one hides."""
    shown = terms.setdefault(found.slug, found)
    if shown is not found and words_of(shown.name) != words_of(found.name):
        message = f'"{found.name}" has the same list as "{shown.name}", and is not shown'
        hint = "write one of them, or words that tell them apart"
        reader.report(place, message, hint, "warning")


def read_tags(reader: Reader, member: Member | None) -> tuple[Term, ...]:
    """Return the tags of an article."""
    taxonomy = reader.config.taxonomies.get("tag")
    return _terms_of(reader, member, taxonomy) if member and taxonomy else ()


def read_authors(reader: Reader, names: list[Scalar], key: str) -> tuple[Term, ...]:
    """Return the terms of the names of an article's authors, from its key `key`."""
    taxonomy = reader.config.taxonomies.get("author")
    return _terms(reader, names, key, taxonomy.url) if taxonomy else ()


def read_category(reader: Reader, member: Member | None) -> Term:
    """Return the category of an article: the default one where it names none, or a wrong one."""
    if member is not None and isinstance(member.node, Table):
        message = f'"{member.name}" must be a text, not a table'
        reader.report(member.node, message, "write `category: World`")
        member = None
    config = reader.config
    pattern = config.taxonomies["category"].url
    fallback = term(config.default_category, pattern) or Term(
        config.default_category, "other", pattern.format(slug="other")
    )
    names = reader.plain_texts(member)
    if member is None or not names:
        return fallback
    if len(names) > 1:
        hint = "keep the main one here, and move the others to `tags`"
        reader.report(member.node, "an article can have only one category", hint)
        return fallback
    name = names[0].text
    allowed = (*config.categories, config.default_category) if config.categories else ()
    found = term(name, pattern)
    if found is None:
        message = f'"{name}" cannot be a category: no URL can be made from it'
        reader.report(names[0], message, "a name needs at least one letter or digit")
        return fallback
    if not allowed or name in allowed:
        return found
    for configured in allowed:
        same = term(configured, pattern)
        if same and same.slug == found.slug:
            return same
    hint = did_you_mean(name, allowed) or f"known categories: {', '.join(allowed)}"
    reader.report(names[0], f'unknown category "{name}"', hint)
    return fallback
