"""The tables of `[taxonomies]`, completed and checked.

`[urls] tag`, `[feeds] tags` and the like are other spellings for the taxonomies that are there by
themselves: they say the same, so saying both is a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from sitegen.config.front_matter_keys import KEYS
from sitegen.config.settings import PRESETS, Taxonomy
from sitegen.model.errors import Location, Problem, did_you_mean
from sitegen.model.frozen import FrozenMap
from sitegen.model.urls import LIST_FIELDS, check_permalink

Locator = Callable[[tuple[str, ...]], Location]
"""Tells where a key of the configuration stands."""

SPELLINGS = {
    ("urls", "category"): ("category", "url"),
    ("urls", "tag"): ("tag", "url"),
    ("urls", "author"): ("author", "url"),
    ("feeds", "categories"): ("category", "feeds"),
    ("feeds", "tags"): ("tag", "feeds"),
    ("feeds", "authors"): ("author", "feeds"),
}
"""Keys of other tables, and what they say: a preset's name and key."""

FIXED = {
    "category": ("enabled", "many", "tree", "order"),
    "tag": ("many", "order"),
    "author": ("many", "tree", "order"),
}
"""What cannot be said of presets: the page's contract shows one category, bylines several names."""

RESERVED = frozenset({"corrections", "language", "older", "q", "sort", "year"})
"""Names that mean something else where taxonomies are named: in feeds, in the search, in addresses.
"""

FORMATS = ("atom", "rss", "json")
"""Of feeds."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def completed(
    tables: Mapping[str, Taxonomy], table: Mapping[str, Any], config: Any
) -> Mapping[str, Taxonomy]:
    """Return all taxonomies that there are: the presets and the site's own, with every value.

    `tables` is what was read from `[taxonomies]`, `table` the whole configuration as written, and
    `config` what was read of it.
    """
    written = _written(table)
    found: dict[str, Taxonomy] = {}
    for name, preset in PRESETS.items():
        own = tables.get(name, preset)
        said = {key: getattr(own, key) for key in written.get(name, ())}
        for (section, key), (taxonomy, meant) in SPELLINGS.items():
            if taxonomy == name and key in _keys(table.get(section)):
                said.setdefault(meant, getattr(getattr(config, section), key))
        found[name] = replace(preset, **{key: value for key, value in said.items() if value != ""})
    for name, own in tables.items():
        if name in PRESETS:
            continue
        title = own.title or name.replace("_", " ").capitalize()
        found[name] = replace(
            own,
            key=own.key or name,
            url=own.url or f"/{name}/{{slug}}/",
            title=title,
            label=own.label or title,
        )
    return FrozenMap({name: taxonomy for name, taxonomy in found.items() if taxonomy.enabled})


def _written(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return which keys are written down for each taxonomy."""
    tables = table.get("taxonomies")
    known = {item.name for item in fields(Taxonomy)}
    return {
        name: tuple(key for key in _keys(inner) if key in known)
        for name, inner in (tables.items() if isinstance(tables, Mapping) else ())
    }


def _keys(table: Any) -> tuple[str, ...]:
    return tuple(table) if isinstance(table, Mapping) else ()


def taxonomy_problems(
    taxonomies: Mapping[str, Taxonomy],
    table: Mapping[str, Any],
    location: Locator,
) -> Iterator[Problem]:
    """Yield what is wrong with the taxonomies that `completed` gave, by what was written."""
    written = _written(table)
    for (section, key), (name, meant) in SPELLINGS.items():
        if key in _keys(table.get(section)) and meant in written.get(name, ()):
            message = f'"taxonomies.{name}.{meant}" says what "{section}.{key}" says already'
            yield Problem(message, location(("taxonomies", name, meant)), "keep one of them")
    for name, keys in written.items():
        place = location(("taxonomies", name))
        if name in RESERVED or not _NAME.fullmatch(name):
            hint = "begin with a small letter, and use letters, digits and _"
            hint = "choose another one" if name in RESERVED else hint
            yield Problem(f'"{name}" cannot be the name of a taxonomy', place, hint)
        for key in keys:
            if key in FIXED.get(name, ()):
                message = f'"{key}" cannot be set for the taxonomy "{name}"'
                hint = "make a taxonomy of your own: `[taxonomies.place]`"
                yield Problem(message, location(("taxonomies", name, key)), hint)
    yield from _value_problems(taxonomies, written, location)
    yield from _key_problems(taxonomies, location)


def _value_problems(
    taxonomies: Mapping[str, Taxonomy], written: Iterable[str], location: Locator
) -> Iterator[Problem]:
    """Yield what is wrong with values in `[taxonomies]`; of its other spellings `loading` does."""
    for name in written:
        if name not in taxonomies:
            continue
        url, feeds = taxonomies[name].url, taxonomies[name].feeds
        if reason := check_permalink(url, LIST_FIELDS):
            place = location(("taxonomies", name, "url"))
            yield Problem(f'invalid pattern "{url}": {reason}', place)
        for item in feeds:
            if item not in FORMATS:
                place = location(("taxonomies", name, "feeds"))
                hint = did_you_mean(item, FORMATS) or f"known formats: {', '.join(FORMATS)}"
                yield Problem(f'unknown format "{item}"', place, hint)
        if taxonomies[name].per_page < 0:
            place = location(("taxonomies", name, "per_page"))
            yield Problem(f'"taxonomies.{name}.per_page" must be at least 0', place)


def _key_problems(taxonomies: Mapping[str, Taxonomy], location: Locator) -> Iterator[Problem]:
    """Yield a problem for each key of front matter that would mean two things."""
    taken: dict[str, str] = {}
    for name, taxonomy in taxonomies.items():
        folded = taxonomy.key.casefold()
        is_own = name not in PRESETS or taxonomy.key != PRESETS[name].key
        place = location(("taxonomies", name, "key"))
        if is_own and folded in KEYS:
            message = f'"{taxonomy.key}" already is a key of front matter'
            yield Problem(message, place, "give the taxonomy another `key`")
        elif folded in taken:
            message = f'"{taxonomy.key}" is the key of the taxonomy "{taken[folded]}" already'
            yield Problem(message, place, "give one of them another `key`")
        taken.setdefault(folded, name)
