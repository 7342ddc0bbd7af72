"""Fetches single values from the records, in whichever process they are wanted."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from sitegen.cache.records import Packed, Table, legible_errors, unseal
from sitegen.model.data import DataContent, DataFile
from sitegen.model.documents import (
    Article,
    PageTeaser,
    ShownResponse,
    StandalonePage,
    Teaser,
    TermTeaser,
    TermText,
)

Value = TypeVar("Value")


class MissingRecordError(Exception):
    """The records have lost a body or a response: its file must be read again."""


class Reader(Generic[Value]):
    """Fetches values from a table of the records; each process that it gets into opens its own."""

    def __init__(self, path: Path, table: Table[Value]) -> None:
        """Read from a table of sealed records of the file `path`."""
        self._path = path
        self._table = table
        self._opened: tuple[int, sqlite3.Connection] | None = None
        self._inherited: list[sqlite3.Connection] = []
        """Connections that came with a fork: SQLite allows a child not even to close them."""
        self.unsaved: dict[str, Packed] = {}
        """What could not be written to the file."""

    def __call__(self, id_: str, digest: bytes) -> Value:
        """Return the value whose digest is `digest`.

        Raises `MissingRecordError` if the records have lost it, or hold another state of it.
        """
        data = self.unsaved.get(id_) or self._read(id_)
        found = unseal(self._table, data, digest)
        if found is None:
            raise MissingRecordError(id_)
        return found

    def _read(self, id_: str) -> Any:
        process = os.getpid()
        try:
            if self._opened is None or self._opened[0] != process:
                self.close()
                connection = sqlite3.connect(self._path, timeout=60, check_same_thread=False)
                self._opened = (process, connection)
            query = f"SELECT value FROM {self._table.name} WHERE key = ?"  # noqa: S608 - of our own names
            with legible_errors():
                row = self._opened[1].execute(query, (id_,)).fetchone()
        except sqlite3.DatabaseError:
            return None
        return row and row[0]

    def __getstate__(self) -> tuple[Path, Table[Value], dict[str, Packed]]:
        """Leave the open file behind."""
        return (self._path, self._table, self.unsaved)

    def __setstate__(self, state: tuple[Path, Table[Value], dict[str, Packed]]) -> None:
        """Begin without an open file."""
        self._path, self._table, self.unsaved = state
        self._opened = None
        self._inherited = []

    def close(self) -> None:
        """Close the file."""
        if self._opened is not None:
            process, connection = self._opened
            if process == os.getpid():
                connection.close()
            else:
                self._inherited.append(connection)
        self._opened = None


@dataclass(frozen=True)
class ArticleReader:
    """Fetches articles, of which the records have everything but the teaser."""

    records: Reader[tuple[Any, ...]]

    def __call__(self, teaser: Teaser, digest: bytes) -> Article:
        """Return the article with this teaser whose digest is `digest`; raise as `Reader` does."""
        _, *rest = self.records(teaser.id, digest)
        return Article(teaser, *rest)


@dataclass(frozen=True)
class PageReader:
    """Fetches standalone pages, which are kept as articles are."""

    records: Reader[tuple[Any, ...]]

    def __call__(self, teaser: PageTeaser, digest: bytes) -> StandalonePage:
        """Return the page with this teaser whose digest is `digest`; raise as `Reader` does."""
        _, *rest = self.records(teaser.id, digest)
        whole = Article(None, *rest)  # type: ignore[arg-type]  # it has a teaser of another kind
        return StandalonePage(
            teaser,
            whole.body,
            whole.references,
            whole.toc,
            whole.canonical,
            whole.translation_of,
            whole.extra,
            whole.standfirst,
            whole.shortcodes,
        )


@dataclass(frozen=True)
class TermReader:
    """Fetches what is said of terms, which is kept as articles are."""

    records: Reader[tuple[Any, ...]]

    def __call__(self, teaser: TermTeaser, digest: bytes) -> TermText:
        """Return the text with this teaser whose digest is `digest`; raise as `Reader` does."""
        _, *rest = self.records(teaser.id, digest)
        whole = Article(None, *rest)  # type: ignore[arg-type]  # it has a teaser of another kind
        return TermText(
            teaser,
            whole.body,
            whole.references,
            whole.toc,
            whole.extra,
            whole.standfirst,
            whole.shortcodes,
        )


@dataclass(frozen=True)
class ResponseReader:
    """Fetches responses."""

    records: Reader[tuple[Any, ...]]

    def __call__(self, path: str, digest: bytes) -> ShownResponse:
        """Return the response of a file whose digest is `digest`; raise as `Reader` does."""
        return ShownResponse(*self.records(path, digest))


class DataReader:
    """Fetches the values of data files, and keeps the last few: many pages ask for one file."""

    MOST = 16
    """How many values are kept."""

    def __init__(self, records: Reader[DataContent]) -> None:
        self.records = records
        self._known: dict[DataFile, Any] = {}

    def __call__(self, file: DataFile) -> Any:
        """Return the value of a file; raise as `Reader` does."""
        if file in self._known:
            return self._known[file]
        content = self.records(file.path, file.digest)
        if not content.is_whole:
            raise MissingRecordError(file.path)
        value = content.value
        while len(self._known) >= self.MOST:
            del self._known[next(iter(self._known))]
        self._known[file] = value
        return value

    def __reduce__(self) -> tuple[type[DataReader], tuple[Reader[DataContent]]]:
        """Get into another process without the values."""
        return (DataReader, (self.records,))
