"""Which edition a document belongs to: what its head says, else its folder, else its ending.

`lang: ja`, or `articles/ja/2024/flood.md`, or `articles/2024/flood.ja.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from sitegen.config.languages import folder_of
from sitegen.config.settings import Config, Language
from sitegen.parse.nodes import Scalar, Table


class Belonging(NamedTuple):
    """Where a document belongs."""

    edition: str
    """The language of its edition; "" in a site without editions."""
    path: str
    """Its path without what says the edition: versions of one document have the same."""
    code: str = ""
    """What keeps the identities of its versions apart, where the language alone does not."""


def belonging(path: str, table: Table, config: Config) -> Belonging:
    """Return where the document of a file belongs, whose front matter is `table`.

    What belongs to no other edition is one of the edition in the language of the site.
    """
    if not config.editions:
        return Belonging("", path)
    folders = _folders(tuple(config.editions), config.languages)
    by_path, plain = _of_path(path, folders)
    written = _written_language(table)
    edition = _edition_of(written, config) or by_path or config.language
    return Belonging(edition, plain, "" if edition == config.language else _code(edition, config))


def _code(edition: str, config: Config) -> str:
    """Return the code of an edition if another one is in the same language, else ""."""
    language = primary(edition)
    return edition if sum(primary(code) == language for code in config.editions) > 1 else ""


def primary(tag: str) -> str:
    """Return the language that a tag begins with: `zh` of `zh-Hans`."""
    return tag.replace("_", "-").partition("-")[0]


def config_of(edition: str, config: Config) -> Config:
    """Return the configuration of an edition; "" is a site without any."""
    return config.editions.get(edition, config) if edition else config


def _written_language(table: Table) -> str:
    """Return the language that front matter names, "" for none."""
    for name, member in table.members.items():
        if name.casefold() == "lang" and isinstance(member.node, Scalar):
            return "" if member.node.is_null else member.node.text.strip()
    return ""


def _edition_of(language: str, config: Config) -> str:
    """Return the edition for a language: its own, else that of a more general one, else ""."""
    names = {code.replace("_", "-").casefold(): code for code in config.editions}
    tag = language.replace("_", "-").casefold()
    while tag:
        if tag in names:
            return names[tag]
        tag = tag.rpartition("-")[0]
    return config.language if language else ""


@lru_cache(maxsize=8)
def _folders(codes: tuple[str, ...], languages: Mapping[str, Language]) -> Mapping[str, str]:
    """Return the editions by the names of their folders and by their codes, in small letters."""
    found = {code.casefold(): code for code in codes}
    named = {folder_of(code, languages.get(code, Language())).casefold(): code for code in codes}
    return {**found, **named}


def _of_path(path: str, folders: Mapping[str, str]) -> tuple[str, str]:
    """Return the edition that a path says, "" for none, and the path without it."""
    root, _, below = path.partition("/")
    first, is_inside, rest = below.partition("/")
    if is_inside and (edition := folders.get(first.casefold())):
        return edition, f"{root}/{rest}"
    stem, _, suffix = path.rpartition(".")
    before, dot, ending = stem.rpartition(".")
    edition = folders.get(ending.casefold(), "")
    is_named = dot and not before.endswith("/") and "/" not in ending
    if edition and is_named:
        return edition, f"{before}.{suffix}"
    return "", path
