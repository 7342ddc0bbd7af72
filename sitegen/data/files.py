"""The data files of the site: which are read again, what each gives, what is wrong with them.

As with documents, a file that is wrong or cannot be read keeps its last good value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sitegen.cache import tables
from sitegen.cache.context import BuildContext
from sitegen.cache.records import Packed, pack, record_digest, seal
from sitegen.cache.tables import KnownData
from sitegen.data.names import data_name, is_data
from sitegen.model.bugs import problems_of
from sitegen.model.data import DataFile
from sitegen.model.errors import Location, Problem
from sitegen.model.frozen import EMPTY
from sitegen.parse.incremental import FileKind, Outcome, ParsedFiles, file_key, update
from sitegen.scan.sources import DATA, Scan, SourceChangedError, read_source
from sitegen.work.file_tasks import FileContext, FileTask

FORMAT = "1"
"""Of the values. Raised when they come to mean something else."""


class DataFiles(NamedTuple):
    """All data files of the site, and what is wrong with them."""

    files: ParsedFiles[KnownData]
    by_name: Mapping[str, DataFile]
    """The files by the names that templates ask for: of several with one name, the first."""
    clashes: tuple[Problem, ...] = ()
    """What is wrong with the names."""

    @classmethod
    def remembered(cls, known: dict[str, KnownData]) -> DataFiles:
        """Return the files of an earlier process, as the store has kept them."""
        return cls(ParsedFiles.remembered(known), EMPTY)

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with the files."""
        return [*self.files.problems(), *self.clashes]


def update_data(
    context: BuildContext, scanned: Scan, before: DataFiles, changed: Iterable[str] | None
) -> DataFiles:
    """Return every data file of the site; the arguments are those of `incremental.update`."""
    kind = FileKind("data", (DATA,), is_data, FORMAT, read_chunk, context.store.keep_data)
    files = update(kind, context, scanned, before.files, changed)
    if not files.looked_at and changed is not None:
        return before._replace(files=files)
    by_name, clashes = _named(files)
    return DataFiles(files, before.by_name if by_name == before.by_name else by_name, clashes)


def _named(files: ParsedFiles[KnownData]) -> tuple[Mapping[str, DataFile], tuple[Problem, ...]]:
    """Return the files by name, and a problem for each name of several."""
    found: dict[str, DataFile] = {}
    clashes = []
    for path in sorted({*files.items, *files.broken}):
        item = files.items.get(path)
        name = data_name(path)
        known = found.setdefault(name, DataFile(path, item.digest if item else b""))
        if known.path != path:
            message = f'"{known.path}" and "{path}" have one name: data("{name}")'
            clashes.append(Problem(message, Location(path), "rename or remove one of them"))
    return found, tuple(clashes)


_Kept = tuple[Packed, Packed]
"""The stored forms of what is known of a file, and of its value."""


def read_chunk(context: FileContext, chunk: list[FileTask]) -> list[Outcome[KnownData, _Kept]]:
    """Read several files: the work of an executor. Of a file with errors nothing is stored."""
    from sitegen.data.reading import read_data  # noqa: PLC0415 - often not needed

    outcomes: list[Outcome[KnownData, _Kept]] = []
    for source, sent in chunk:
        path, key = source.path, file_key(source, context.settings)
        try:
            data = read_source(context.site, source) if sent is None else sent
            content, problems = read_data(path, data)
        except SourceChangedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs this file alone
            content, problems = None, [*problems_of(Location(path), error)]
        if content is None:
            outcomes.append(Outcome(path, KnownData(key, b"", tuple(problems)), None))
            continue
        value = seal(tables.DATA_VALUES, content)
        known = KnownData(key, record_digest(value), tuple(problems))
        outcomes.append(Outcome(path, known, (pack(tables.DATA, path, known), value)))
    return outcomes
