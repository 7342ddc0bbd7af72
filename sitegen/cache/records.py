"""Values in a file that survives: a table of checked records in SQLite.

What comes out is what was put in, or nothing: each record carries its digest and its key, so that
damage to the file can lose records, but never change one. What the rest of sitegen keeps here can
be made anew, so nothing is worth waiting for the disk.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

_CHECK_SIZE = 8

DIGEST_SIZE = 16
"""Bytes of a digest: no two of any number of values will have the same."""

TABLE_NAMES = frozenset(
    {"meta", "entries", "articles", "stamps", "outputs", "answers", "profiles", "responses",
     "search", "shown_responses"}
)  # fmt: skip


Tables = Mapping[str, tuple[Mapping[str, Any], Iterable[str]]]
"""What to write, by table: values by key, and the keys to remove."""


class Packed(bytes):
    """A record that is made already, perhaps in another process."""


class Records:
    """Named tables of pickled values by text key, in one SQLite file."""

    def __init__(self, path: Path, epoch: str) -> None:
        """Open or create the file.

        A file of another `epoch` (another version of anything that makes the values) or a damaged
        one is removed. Where no file can be had, nothing is kept: reading finds nothing, and
        writing raises `sqlite3.OperationalError`.
        """
        self.path = path
        self.lost = ""
        """What happened to earlier records, if they are lost. Whoever tells it empties it."""
        self._epoch = epoch
        self._useless = ""
        self._place: tuple[int, int] | None = None
        found = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            existed = path.exists()
            found = self._connect()
            if found != epoch and existed:
                self.lost = "it was made by another version" if found else "it was damaged"
        except (sqlite3.Error, OSError):
            self.lost = "it was damaged"
        if self.lost:
            self.renew()
        elif found != epoch:
            self._begin()

    def _connect(self) -> Any:
        """Open the file, and return the epoch that stands in it."""
        with legible_errors():
            return self._connected()

    def _connected(self) -> Any:
        # Threads take turns: `serve` builds in one and answers in another, under the site's lock.
        self._database = sqlite3.connect(
            self.path, isolation_level=None, timeout=60, check_same_thread=False
        )
        # Two records of usual size have room in a page: to write them costs a quarter less.
        self._database.execute("PRAGMA page_size = 16384")
        # The process may be killed at any moment (WAL is safe then); the machine's power is not
        # waited for, since a damaged file only costs a full build.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        self._version = self._database.execute("PRAGMA data_version").fetchone()[0]
        self._place = self._found_at()
        self._make_tables()
        return self._get("meta", "epoch")

    def _make_tables(self) -> None:
        for table in sorted(TABLE_NAMES):
            self._database.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (key TEXT PRIMARY KEY, value BLOB NOT NULL)"
                " WITHOUT ROWID"
                if table != "articles"
                else f"CREATE TABLE IF NOT EXISTS {table} (key TEXT PRIMARY KEY, value BLOB)"
            )

    def renew(self) -> None:
        """Remove the file, and begin a new one."""
        with contextlib.suppress(sqlite3.Error, AttributeError):
            self._database.close()
        try:
            for suffix in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            self._connect()
        except (sqlite3.Error, OSError) as error:
            self._do_without(error)
        else:
            self._begin()

    def _begin(self) -> None:
        try:
            self.put("meta", {"epoch": self._epoch})
        except sqlite3.Error as error:
            self._do_without(error)

    def _do_without(self, error: Exception) -> None:
        self._useless = str(error)
        with contextlib.suppress(sqlite3.Error, AttributeError):
            self._database.close()
        self._database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._version = self._database.execute("PRAGMA data_version").fetchone()[0]
        self._make_tables()

    def _found_at(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def is_in_place(self) -> bool:
        """Whether the file that is open still lies where it did; somebody may have removed it."""
        return bool(self._useless) or self._place == self._found_at()

    def all(self, table: str) -> Iterator[tuple[str, Any]]:
        """Yield every whole record of a table with its key."""
        query = f"SELECT key, value FROM {named(table)}"
        try:
            with legible_errors():
                for key, data in self._database.execute(query):
                    found = _whole(key, data)
                    if found is not None:
                        yield found  # the key with which the value shares its texts
                    else:
                        self.lost = self.lost or "a part of it was damaged"
        except sqlite3.DatabaseError:
            self.lost = "it was damaged"

    def get(self, table: str, key: str) -> Any:
        """Return a record, or None if there is no whole one."""
        try:
            return self._get(table, key)
        except sqlite3.DatabaseError:
            self.lost = "it was damaged"
            return None

    def _get(self, table: str, key: str) -> Any:
        query = f"SELECT value FROM {named(table)} WHERE key = ?"
        with legible_errors():
            row = self._database.execute(query, (key,)).fetchone()
        return None if row is None else unpack(key, row[0])

    def put(self, table: str, changed: Mapping[str, Any], removed: Iterable[str] = ()) -> None:
        """Write and remove records, all or none of them."""
        self.put_all({table: (changed, removed)})

    def put_all(self, tables: Tables) -> None:
        """Write and remove records of several tables, all or none of them.

        Raises `sqlite3.Error` if that cannot be done (a full disk).
        """
        if self._useless:
            raise sqlite3.OperationalError(self._useless)
        with legible_errors():
            self._put_all(tables)

    def _put_all(self, tables: Tables) -> None:
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        try:
            for table, (changed, removed) in tables.items():
                name = named(table)
                database.executemany(
                    f"DELETE FROM {name} WHERE key = ?", ((key,) for key in removed)
                )
                database.executemany(
                    f"INSERT OR REPLACE INTO {name} VALUES (?, ?)",
                    ((key, _stored(key, value)) for key, value in changed.items()),
                )
            database.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                database.execute("ROLLBACK")
            raise

    def changed_by_others(self) -> bool:
        """Whether another connection has written to the file since we last asked."""
        try:
            found = self._database.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return True
        before, self._version = self._version, found
        return bool(before != found)

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(sqlite3.Error):
            self._database.close()


@contextlib.contextmanager
def legible_errors() -> Iterator[None]:
    """Raise SQLite's own error where a damaged file makes its message no text at all."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError("the file is damaged") from error


def named(table: str) -> str:
    """Return the name of a table; `ValueError` if there is no such one."""
    if table not in TABLE_NAMES:
        message = f"no table {table!r}"
        raise ValueError(message)
    return table


def pack(key: str, value: Any) -> Packed:
    """Return the record of a value, as it is stored."""
    data = pickle.dumps((key, value), protocol=5)
    return Packed(blake2b(data, digest_size=_CHECK_SIZE).digest() + data)


def seal(value: Any) -> Packed:
    """Return the record of a value as the one text that stands for all its equals.

    Its `record_digest` is the value's fingerprint: equal in every process, different for different
    values. The value consists of texts, bytes, numbers, flags, None, tuples, moments with zones
    known by their names, and our own frozen types. A pickle names the type of each of these and has
    the length of each text. Only what it notes of equal texts that are one object would depend on
    more than the value, and this one notes nothing.
    """
    file = io.BytesIO()
    pickler = pickle.Pickler(file, protocol=5)
    pickler.fast = True
    pickler.dump(value)
    return Packed(file.getvalue())


def record_digest(record: bytes) -> bytes:
    """Return the fingerprint of the value that `seal` has made a record of."""
    return blake2b(record, digest_size=DIGEST_SIZE).digest()


def unseal(data: Any, wanted: bytes) -> Any:
    """Return the value whose digest is `wanted` if `data` is its record, else None."""
    if not isinstance(data, bytes) or record_digest(data) != wanted:
        return None
    return pickle.loads(data)  # noqa: S301 - the digest says that we wrote it


def _stored(key: str, value: Any) -> bytes:
    return value if isinstance(value, Packed) else pack(key, value)


def unpack(key: str, data: Any) -> Any:
    """Return the value of a record, or None if it is not whole."""
    found = _whole(key, data)
    return None if found is None else found[1]


def _whole(key: str, data: Any) -> tuple[str, Any] | None:
    """Return key and value of a record, or None if it is not whole."""
    if not isinstance(data, bytes):
        return None
    check, body = data[:_CHECK_SIZE], data[_CHECK_SIZE:]
    if blake2b(body, digest_size=_CHECK_SIZE).digest() != check:
        return None
    found: tuple[str, Any] = pickle.loads(body)  # noqa: S301 - the digest says that we wrote it
    return found if found[0] == key else None
