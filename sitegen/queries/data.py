"""What templates are told of data files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sitegen.cache.trace import ABSENT, Answer, Question, fingerprint
from sitegen.data.names import name_of
from sitegen.data.selecting import field_text, select
from sitegen.index.change import Change
from sitegen.index.own_outputs import own_rows
from sitegen.index.site import Site
from sitegen.model.data import DataFile
from sitegen.queries.kinds import DATA, OWN, SHARED, WHOLE_SITE, Function, question

DATA_FILES = "Data"
"""The heading of these functions in docs/templates.md."""

MOST_MEMBERS = 20
"""Of how many fields of a row an explanation can say which one changed."""


class Whole:
    """The whole value of a data file, which is only fetched when a template looks at it."""

    __slots__ = ("_file", "_load")

    def __init__(self, load: Callable[[DataFile], Any], file: DataFile) -> None:
        self._load = load
        self._file = file

    @property
    def value(self) -> Any:
        """The value."""
        return self._load(self._file)


def _data_affected(_site: Site, change: Change) -> Iterator[Question]:
    return (("data", name) for name in change.data)


def _names_affected(_site: Site, change: Change) -> Iterator[Question]:
    if change.data:
        yield ("data_files",)


@question("data", about=WHOLE_SITE, scope=OWN, reads=(DATA,), affected=_data_affected, grouped_by=1)
def data(site: Site, file: str, *selector: str | int) -> Answer:
    """The value of a data file, or a part of it; None if there is no such thing.

    A value is a `Whole` or a `Found`.
    """
    known = site.data.get(file)
    if known is None or not known.digest or site.load_data is None:
        return Answer(None, ABSENT, ("absent",))
    if not selector:
        return Answer(Whole(site.load_data, known), known.digest)
    found = select(site.load_data(known), selector)
    if found is None:
        return Answer(None, ABSENT, ("absent",))
    return Answer(found, fingerprint(found.value), _members(found.value))


def _members(value: Any) -> tuple[str, ...]:
    """Return what a person would compare two states of a value by."""
    if isinstance(value, Mapping) and len(value) <= MOST_MEMBERS:
        return tuple(f"{name}: {field_text(item)}" for name, item in value.items())
    text = field_text(value)
    return () if text is None else (text,)


def _row_affected(site: Site, change: Change) -> Iterator[Question]:
    return (
        ("own_row", output.url)
        for output in site.config.outputs
        if name_of(output.from_) in change.data
    )


@question(
    "own_row",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(DATA, "outputs"),
    affected=_row_affected,
    grouped_by=1,
)
def own_row(site: Site, output: str, url: str) -> Answer:
    """The row that an output at `url` is made from, of the table of `[[outputs]]` so named."""
    del output
    row = own_rows(site)[url]
    return Answer(row, fingerprint(row), _members(row))


@question("own_options", about=WHOLE_SITE, scope=SHARED, reads=("outputs",))
def own_options(site: Site, output: str) -> Answer:
    """What a table of `[[outputs]]` tells its template."""
    options = next(item.options for item in site.config.outputs if item.url == output)
    return Answer(options, fingerprint(options), _members(options))


@question(
    "data_files",
    about=WHOLE_SITE,
    scope=OWN,
    reads=(DATA,),
    affected=_names_affected,
    grouped_by=0,
    function=Function(
        DATA_FILES,
        'the names of the data files, or of those below a folder: `data_files("results")` gives '
        "`results/2024`",
        "when one is added or removed",
    ),
)
def data_files(site: Site, folder: str = "") -> Answer:
    """The names of all data files below a folder, in the order of their names."""
    below = f"{folder.strip('/')}/" if folder.strip("/") else ""
    names = tuple(sorted(name for name in site.data if name.startswith(below)))
    return Answer(names, fingerprint(names), names)
