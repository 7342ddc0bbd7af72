"""Which files are data, and by which names templates ask for them."""

from __future__ import annotations

from sitegen.model.urls import normal_form
from sitegen.scan.sources import DATA

SUFFIXES = (".toml", ".yaml", ".yml", ".json", ".csv")
"""How the names of data files end; capital letters do as well."""


def is_data(path: str) -> bool:
    """Whether a source path is that of a data file."""
    return path.startswith(f"{DATA}/") and path.lower().endswith(SUFFIXES)


def data_name(path: str) -> str:
    """Return the name of a data file: `data/results/2024.csv` is `results/2024`."""
    return without_suffix(normal_form(path.removeprefix(f"{DATA}/")))


def name_of(written: str) -> str:
    """Return the name of the data file that somebody has written: the name, or the file's path."""
    return data_name(written) if is_data(written) else normal_form(written)


def without_suffix(path: str) -> str:
    """Return the path of a data file without the end that says its format."""
    for suffix in SUFFIXES:
        if path.lower().endswith(suffix):
            return path[: -len(suffix)]
    return path
