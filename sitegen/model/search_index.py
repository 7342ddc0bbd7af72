"""The nouns of the search index: what is kept of it between builds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

FOLDER = "search/index"
"""Where the index lies in the output folder."""

SHARD_LIST_PATH = f"{FOLDER}/shards.json"
"""The list of all shards: what the search bar loads first."""


class Shard(NamedTuple):
    """The articles of one year, or the standalone pages, in one language: a row of the list."""

    path: str
    """Below `FOLDER`, with a slash at the end."""
    language: str
    year: int
    """0 for standalone pages."""
    articles: int
    tag: str
    stemmed: bool


class Part(NamedTuple):
    """A part of the index as it lies in the output folder: a year, the scripts, the list."""

    key: bytes
    content: bytes
    """The digest of what was indexed. Articles can change without changing it."""
    files: tuple[str, ...]
    """Paths below the output folder."""
    shards: tuple[Shard, ...] = ()
    ids: str = ""
    """The ids of the articles that are in it, one a line: as one text it is read at once."""


Parts = Mapping[str, Part]
"""The whole index, by the names of its parts."""

SCRIPTS = "scripts"
SHARD_LIST = "list"
WHOLE = "whole"
"""The names of the parts that are not years. `WHOLE` has no files: its key stands for all."""
