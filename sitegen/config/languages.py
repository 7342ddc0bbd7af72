"""The editions of a site: `[languages.CODE]`, laid over what the configuration says for all.

An edition is a configuration of its own. Whatever works with one works with an edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from sitegen.config.settings import Config, Language
from sitegen.config.taxonomies import Locator
from sitegen.model.errors import Location, Problem
from sitegen.model.frozen import FrozenMap
from sitegen.model.urls import check_url

OF_PLACE = frozenset({"path", "folder"})
"""What says where an edition is; all else is a key of the whole configuration, too."""

TAG = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
"""A language tag (BCP 47), loosely."""


def languages_of(config: Config) -> Mapping[str, Language]:
    """Return the language of each edition by its code, that of the site first.

    None where the configuration has no `[languages]`.
    """
    if not config.languages:
        return {}
    own = config.languages.get(config.language, Language())
    return {config.language: own if own.path else replace(own, path="/")} | {
        code: language for code, language in config.languages.items() if code != config.language
    }


def table_of(table: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Return what is written for one edition: `table`, with what `[languages.CODE]` has over it."""
    languages = table.get("languages")
    own = languages.get(code) if isinstance(languages, Mapping) else None
    over = {
        name: value
        for name, value in (own.items() if isinstance(own, Mapping) else ())
        if name not in OF_PLACE
    }
    base = {name: value for name, value in table.items() if name != "languages"}
    return {**_laid_over(base, over), "language": code}


def _laid_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with another one over it, table by table."""
    found = dict(base)
    for name, value in over.items():
        below = found.get(name)
        is_table = isinstance(value, Mapping) and isinstance(below, Mapping)
        found[name] = _laid_over(below, value) if is_table else value  # type: ignore[arg-type]  # just seen
    return found


def location_in(code: str, location: Locator, keys: tuple[str, ...]) -> Location:
    """Return where a key of an edition stands: in its own table, if it is there."""
    whole = location(("languages", code))
    place = location(("languages", code, *keys))
    return location(keys) if place == whole else place


def at_home(config: Config, code: str, language: Language) -> Config:
    """Return the configuration of an edition with its addresses below its path."""
    home = home_of(code, language)

    def below(pattern: str) -> str:
        if "{lang}" in pattern:
            return pattern.replace("{lang}", code)
        return home[:-1] + pattern

    urls = replace(
        config.urls,
        **{item.name: below(getattr(config.urls, item.name)) for item in fields(config.urls)},
    )
    taxonomies = {
        name: replace(item, url=below(item.url)) for name, item in config.taxonomies.items()
    }
    return replace(config, urls=urls, taxonomies=FrozenMap(taxonomies), home=home)


def home_of(code: str, language: Language) -> str:
    """Return the address of an edition's front page."""
    return language.path or f"/{code}/"


def folder_of(code: str, language: Language) -> str:
    """Return the name of the folders with an edition's documents."""
    return language.folder or code


def language_problems(config: Config, location: Locator) -> Iterator[Problem]:
    """Yield what is wrong with where editions are."""
    homes: dict[str, str] = {}
    folders: dict[str, str] = {}
    for code, language in languages_of(config).items():
        place = location(("languages", code))
        if not TAG.fullmatch(code):
            message = f'"{code}" is not a language tag'
            yield Problem(message, place, "for instance `[languages.ja]` or `[languages.pt-BR]`")
            continue
        home, folder = home_of(code, language), folder_of(code, language)
        at = location(("languages", code, "path"))
        if not (home.startswith("/") and home.endswith("/")) or (reason := check_url(home)):
            message = f'"{home}" cannot be the path of an edition'
            hint = reason if home.startswith("/") and home.endswith("/") else f'write "/{code}/"'
            yield Problem(message, at, hint)
        if other := homes.get(home):
            message = f'the editions "{other}" and "{code}" have one path: {home}'
            yield Problem(message, at, f'give one of them another: `path = "/{code}/"`')
        homes.setdefault(home, code)
        at = location(("languages", code, "folder"))
        if "/" in folder:
            message = f'"{folder}" cannot be the folder of an edition'
            yield Problem(message, at, "write its name alone, without /")
        if other := folders.get(folder.casefold()):
            message = f'the editions "{other}" and "{code}" have one folder: {folder}'
            yield Problem(message, at, "give one of them another `folder`")
        folders.setdefault(folder.casefold(), code)
