"""The words of pages in each language: the files `locale/<language>.toml` of theme and site.

    files ──read_catalogue──▶ Catalogue (of one file) ──Catalogues.words──▶ Words (of a language)

A word that a language lacks is that of the next one in `fallbacks`, at last the English one.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from sitegen.config.settings import Config
from sitegen.config.themes import load_theme
from sitegen.config.toml_locations import key_positions, syntax_problem
from sitegen.index.layers import SITE, layer_of, locale_files, template_files
from sitegen.model.documents import Source
from sitegen.model.errors import Location, Problem
from sitegen.model.frozen import EMPTY
from sitegen.model.languages import ENGLISH, base_language, fallbacks
from sitegen.scan.sources import LOCALE, TEMPLATES, UnreadableError, read_source, scan

LAYOUT_WORDS: Final = ("loading", "search", "category_item", "comment_item", "trackback_item")
"""The layout's own lines, which are in English in every language unless a site has its own."""

FORMS: Final = ("zero", "one", "two", "few", "many", "other")
"""The plural forms of CLDR."""


class PluralForms(NamedTuple):
    """The forms of a word for numbers, and the language that says which is for which number."""

    language: str
    forms: Mapping[str, str]


class Words(NamedTuple):
    """All words for pages in one language."""

    texts: Mapping[str, str]
    """By key; forms have keys of their own (`articles.one`)."""
    plurals: Mapping[str, tuple[PluralForms, ...]] = EMPTY
    """Words that have forms, the nearest language first."""


class Catalogue(NamedTuple):
    """What one file holds."""

    path: str
    texts: Mapping[str, str]
    plurals: Mapping[str, Mapping[str, str]]
    problems: tuple[Problem, ...]
    text: str = ""
    """The file as it is written."""


class Catalogues:
    """The words of all languages, by those of English. Read when they are first needed."""

    def __init__(
        self,
        templates: Mapping[str, Source],
        read: Callable[[Source], bytes],
        themes: Sequence[str] = (),
    ) -> None:
        """Take the template files by the names that templates call them by, and their reader.

        `themes` are the names of the site's theme and its parents.
        """
        self._read = read
        self._files = locale_files(templates, themes)
        self._catalogues: dict[str, tuple[Catalogue, ...]] = {}
        self._words: dict[str, Words] = {}
        self._english: dict[str, frozenset[str]] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a file, in the order of their tags."""
        return tuple(sorted(self._files))

    def files(self, tag: str) -> tuple[Catalogue, ...]:
        """Return what the files of just this language hold, the theme's first."""
        if tag not in self._catalogues:
            known = {} if tag == ENGLISH else self._names_in_english()
            found: list[Catalogue] = []
            for source in self._files.get(tag, ()):
                found.append(read_catalogue(source, self._read, known))
                if tag == ENGLISH:  # what the theme has decides for the site
                    known = {**_all_names(found[-1]), **known}
            self._catalogues[tag] = tuple(found)
        return self._catalogues[tag]

    def _names_in_english(self) -> Mapping[str, frozenset[str]]:
        if not self._english:
            for catalogue in reversed(self.files(ENGLISH)):
                self._english.update(_all_names(catalogue))
        return self._english

    def words(self, language: str) -> Words:
        """Return the words for pages in a language."""
        if language not in self._words:
            self._words[language] = _laid_over(
                [(tag, item) for tag in fallbacks(language) for item in reversed(self.files(tag))]
            )
        return self._words[language]

    def has_words(self, language: str) -> bool:
        """Whether there is a file for a language, or for one that stands in but for English."""
        return any(self._files.get(tag) for tag in _without_english(language))

    def has_own_words(self, language: str) -> bool:
        """Whether one of those files is the site's own, besides a theme's or instead."""
        return any(
            layer_of(source.path) == SITE
            for tag in _without_english(language)
            for source in self._files.get(tag, ())
        )

    def lacking(self, language: str, forms: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the keys of the English words that a language does not have, in their order.

        `forms` are those that the language needs of a word for numbers. The layout's own words
        are never lacking, and in English nothing is.
        """
        tags = _without_english(language)
        if not tags:
            return ()
        english, own = self.words(ENGLISH), [item for tag in tags for item in self.files(tag)]
        known = {key for item in own for key in item.texts}
        found: list[str] = []
        for key in english.texts:
            word, _, form = key.rpartition(".")
            if word in english.plurals and form in FORMS:
                needed = (f"{word}.{name}" for name in (*forms, "other"))
                found += (name for name in needed if name not in known and name not in found)
            elif key not in known and key not in LAYOUT_WORDS:
                found.append(key)
        return tuple(found)

    def problems(self, languages: Iterable[str]) -> Iterator[Problem]:
        """Yield what is wrong with the files from which the words of these languages come."""
        tags = dict.fromkeys(tag for item in languages for tag in reversed(fallbacks(item)))
        for tag in tags:
            for catalogue in self.files(tag):
                yield from catalogue.problems


def read_catalogues(site: Path, config: Config) -> Catalogues:
    """Return the words of the site folder `site` and of its theme, for who needs nothing else."""
    theme = load_theme(site, config)
    sources = scan(site, {}, theme=theme, roots=(f"{TEMPLATES}/{LOCALE}",)).sources
    return Catalogues(template_files(sources, theme.names), partial(read_source, site), theme.names)


def _without_english(language: str) -> list[str]:
    return [tag for tag in fallbacks(language) if base_language(tag) != ENGLISH]


def _laid_over(layers: list[tuple[str, Catalogue]]) -> Words:
    """Return the words of some files, the nearest language's and the site's own first."""
    texts: dict[str, str] = {}
    for _, catalogue in reversed(layers):
        texts.update(catalogue.texts)
    plurals: dict[str, dict[str, PluralForms]] = {}
    for tag, catalogue in layers:
        for key, forms in catalogue.plurals.items():
            by_language = plurals.setdefault(key, {})
            nearest = by_language.get(base := base_language(tag), PluralForms(tag, {}))
            by_language[base] = PluralForms(nearest.language, {**forms, **nearest.forms})
    return Words(texts, {key: tuple(found.values()) for key, found in plurals.items()})


def read_catalogue(
    source: Source,
    read: Callable[[Source], bytes],
    names: Mapping[str, frozenset[str]] = EMPTY,
) -> Catalogue:
    """Return the words of a file. What is wrong in it, it does not have: that is told.

    `names` says what may be filled into the words of keys: that of others is not looked at.
    """
    try:
        text, fault = _decoded(read(source), source.path)
    except UnreadableError as error:
        text, fault = "", replace(error.problems[0], severity="warning")
    if fault:
        return Catalogue(source.path, {}, {}, (fault,))
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = replace(syntax_problem(error, source.path, text), severity="warning")
        return Catalogue(source.path, {}, {}, (problem,))
    texts: dict[str, str] = {}
    plurals: dict[str, Mapping[str, str]] = {}
    faults: list[tuple[tuple[str, ...], str, str]] = []
    tables: dict[tuple[str, ...], dict[str, str]] = {}
    for keys, value in _leaves(table):
        key = ".".join(keys)
        message, hint = _fault(key, value, names)
        if message:
            faults.append((keys, message, hint))
        elif value:  # an empty one is yet to be written
            texts[key] = value
            tables.setdefault(keys[:-1], {})[keys[-1]] = value
    for keys, forms in tables.items():
        if keys and forms.keys() <= set(FORMS):
            plurals[".".join(keys)] = forms
    return Catalogue(source.path, texts, plurals, tuple(_located(faults, source.path, text)), text)


def _decoded(data: bytes, path: str) -> tuple[str, Problem | None]:
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        place = Location(path, line, column)
        return "", Problem("the file is not UTF-8", place, "save it as UTF-8", "warning")


def _leaves(
    table: Mapping[str, Any], way: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*way, name))
        else:
            yield (*way, name), value


def _fault(key: str, value: object, names: Mapping[str, frozenset[str]]) -> tuple[str, str]:
    """Return what is wrong with a word, and what to do; "" for both if nothing is."""
    if not isinstance(value, str):
        return f'"{key}" must be a text', 'write it in quotes: "…"'
    try:
        used = _names(value)
    except ValueError:
        return (
            f'"{key}" has a brace that is not closed, or that nothing opens',
            "write {{ for a brace",
        )
    known = names.get(key)
    if known is None:
        known = names.get(f"{key.rpartition('.')[0]}.other", used)
    unknown = sorted(used - known)
    if not unknown:
        return "", ""
    hint = (
        f"it may have {', '.join(f'{{{name}}}' for name in sorted(known))}"
        if known
        else "leave it out"
    )
    return f'nothing is filled in for "{{{unknown[0]}}}" in "{key}"', hint


def _names(text: str) -> frozenset[str]:
    """Return the names in braces of a text. Raises `ValueError` if it cannot be filled in."""
    if "{" not in text and "}" not in text:
        return frozenset()
    return frozenset(
        field for _, field, _, _ in string.Formatter().parse(text) if field is not None
    )


def _all_names(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    return {key: _names(text) for key, text in catalogue.texts.items()}


def _located(
    faults: list[tuple[tuple[str, ...], str, str]], path: str, text: str
) -> Iterator[Problem]:
    if not faults:
        return
    places = dict(key_positions(text))
    for keys, message, hint in faults:
        place = places.get(keys) or next(
            (places[keys[:end]] for end in range(len(keys), 0, -1) if keys[:end] in places), None
        )
        at = Location(path, place.line, place.value_column) if place else Location(path)
        yield Problem(message, at, hint, "warning")
