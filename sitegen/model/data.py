"""What the site knows of its data files, and what one holds."""

from __future__ import annotations

from typing import Any, NamedTuple

from sitegen.model.frozen import EMPTY, FrozenMap, FrozenRow

Selector = tuple[str | int, ...]
"""The way to a part of a value: keys of tables, numbers of items in lists, rows by `slug=ann`."""


class DataFile(NamedTuple):
    """A data file of the site."""

    path: str
    digest: bytes
    """Stands for its value; b"" for a file that could never be read."""


class DataContent(NamedTuple):
    """What a data file holds, in the form in which it is kept."""

    tree: FrozenMap = EMPTY
    """Of TOML, YAML and JSON the whole value under `value`."""
    columns: tuple[str, ...] = ()
    """Of CSV the names in the first line."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Of CSV the cells of all other lines."""

    @property
    def is_whole(self) -> bool:
        """Whether it has a value, and each row a cell for each column."""
        if not self.columns:
            return "value" in self.tree
        return all(len(cells) == len(self.columns) for cells in self.rows)

    @property
    def value(self) -> Any:
        """The frozen value: of CSV a tuple of rows, each a mapping of texts."""
        if not self.columns:
            return self.tree["value"]
        places = {name: place for place, name in enumerate(self.columns)}
        return tuple(FrozenRow(places, cells) for cells in self.rows)
