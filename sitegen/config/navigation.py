"""The menus of `[[navigation.NAME]]`, checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from sitegen.config.settings import NavigationItem
from sitegen.model.errors import Location, Problem
from sitegen.model.urls import is_path

WAYS = ("page", "category", "url")
"""What an entry can lead to."""

MAX_DEPTH = 3
"""How far menus may be nested: nobody finds what lies deeper."""

Keys = tuple[str | int, ...]


def navigation_problems(
    menus: Mapping[str, Sequence[NavigationItem]], location: Callable[[Keys], Location]
) -> Iterator[Problem]:
    """Yield what is wrong with the entries of menus, each at its line."""
    for name, items in menus.items():
        yield from _problems(items, ("navigation", name), location, 1)


def _problems(
    items: Sequence[NavigationItem], keys: Keys, location: Callable[[Keys], Location], depth: int
) -> Iterator[Problem]:
    for number, item in enumerate(items):
        here = (*keys, number)
        named = [way for way in WAYS if getattr(item, way)]
        if len(named) > 1:
            message = f'an entry of a menu leads to one place, not to "{named[0]}" and "{named[1]}"'
            yield Problem(message, location((*here, named[1])), "keep one of them")
        elif not named and not (item.label and item.children):
            hint = 'for instance `page = "about.md"`, or a `label` with `children`'
            yield Problem("an entry of a menu leads nowhere", location(here), hint)
        if item.url and not item.label:
            message = f'the entry for "{item.url}" has no label'
            yield Problem(message, location((*here, "url")), 'write `label = "Archive"`')
        if item.url and not is_path(item.url) and not re.match(r"(https?://|mailto:)\S", item.url):
            hint = "write `/archive/`, or the full address: `https://example.org/`"
            message = f'"{item.url}" is not an address'
            yield Problem(message, location((*here, "url")), hint)
        if item.children and depth == MAX_DEPTH:
            message = f"menus are nested more than {MAX_DEPTH} deep"
            yield Problem(message, location((*here, "children")), "take a level out")
        else:
            yield from _problems(item.children, (*here, "children"), location, depth + 1)
