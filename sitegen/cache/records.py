"""Values in a file that survives: tables of checked records in SQLite.

What comes out is what was put in, or nothing: each record carries a digest of its table, its key
and its bytes, so that damage to the file can lose records, but never change one. Anybody can make
such a digest, so it keeps nobody from planting a record: what a planted one can hold is a value of
the table's type, see `encoding`. What the rest of sitegen keeps here can be made anew, so nothing
is worth waiting for the disk.

The epoch stands in a table of its own, as a text that is compared and not decoded. No record of
another epoch is looked at.

Equal values have equal records, and the first `CHECK_SIZE` bytes differ where two records of a key
do: `SELECT key, substr(value, 1, 8)` tells what is different without decoding anything.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Generic, TypeVar

from sitegen.cache.encoding import Encoding, UnfitError
from sitegen.cache.folder import make_folder
from sitegen.model.errors import UsageError

CHECK_SIZE = 8

DIGEST_SIZE = 16
"""Bytes of a digest: no two of any number of values will have the same."""

DAMAGED_PART = "a part of it was damaged"
"""What happened to records of which some are lost."""

_EPOCH = "CREATE TABLE epoch (text TEXT NOT NULL)"

Value = TypeVar("Value")


class Table(Generic[Value]):
    """A table: its name, and how its values are encoded."""

    def __init__(self, name: str, kind: Any, *, own_key: str = "", is_wide: bool = False) -> None:
        """Take the name and the type of the values.

        `own_key` names the attribute of a value that is its key or None, if it has one. The values
        of an `is_wide` table have several kilobytes.
        """
        self.name = name
        self.mark = name.encode()
        self.encoding: Encoding[Value] = Encoding(kind)
        self.own_key = own_key
        # A wide value in a tree of keys would leave no room for keys.
        kept = "value BLOB)" if is_wide else "value BLOB NOT NULL) WITHOUT ROWID"
        self.schema = f"CREATE TABLE {name} (key TEXT PRIMARY KEY, {kept}"
        """The statement that makes it."""


Changes = Mapping[Table[Any], tuple[Mapping[str, Any], Iterable[str]]]
"""What to write, by table: values by key, and the keys to remove."""


class Packed(bytes):
    """A record that is made already, perhaps in another process."""


class Records:
    """Tables of values by text key, in one SQLite file."""

    def __init__(self, path: Path, epoch: str, tables: Collection[Table[Any]]) -> None:
        """Open or create the file.

        A file of another `epoch` (another version of anything that makes the values) or a damaged
        one is removed. Where no file can be had, nothing is kept: reading finds nothing, and
        writing raises `sqlite3.OperationalError`.
        """
        self.path = path
        self.lost = ""
        """What happened to earlier records, if they are lost. Whoever tells it empties it."""
        self._epoch = epoch
        self._schema = [_EPOCH, *(table.schema for table in tables)]
        self._useless = ""
        self._place: tuple[int, int] | None = None
        try:
            make_folder(path.parent)
            existed = path.exists()
            found = self._connect()
        except (sqlite3.Error, OSError, UsageError):
            self.lost = "it was damaged"
        else:
            if existed and found != self._inside():
                self.lost = "it was made by another version" if found else "it was damaged"
            elif not existed:
                self._begin()
        if self.lost:
            self.renew()

    def _files(self) -> list[Path]:
        """Return where the file and what SQLite keeps beside it lie."""
        return [Path(f"{self.path}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]

    def _inside(self) -> list[str]:
        """Return what a file of ours says of itself: its tables and its epoch."""
        return [*sorted(self._schema), self._epoch]

    def _connect(self) -> list[Any]:
        """Open the file, and return what it says of itself.

        Nothing is written before that is known, and no table is looked at: a planted file could
        have other things in their places, such as views that never end. A planted link would have
        us write what articles say to wherever it leads.
        """
        if any(place.is_symlink() for place in self._files()):
            raise sqlite3.DatabaseError("a link lies in the place of a file")
        # Threads take turns: `serve` builds in one and answers in another, under the site's lock.
        self._database = sqlite3.connect(
            self.path, isolation_level=None, timeout=60, check_same_thread=False
        )
        with legible_errors():
            found = self._found("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
            if found == sorted(self._schema):
                found += self._found("SELECT text FROM epoch LIMIT 2")
            if found == self._inside():
                self._prepare()
        return found

    def _found(self, query: str) -> list[Any]:
        return [value for (value,) in self._database.execute(query)]

    def _prepare(self) -> None:
        # Two records of usual size have room in a page: to write them costs a quarter less.
        self._database.execute("PRAGMA page_size = 16384")
        # The process may be killed at any moment (WAL is safe then); the machine's power is not
        # waited for, since a damaged file only costs a full build.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        self._version = self._database.execute("PRAGMA data_version").fetchone()[0]
        self._place = self._found_at()

    def _make_tables(self) -> None:
        for statement in self._schema:
            self._database.execute(statement)

    def renew(self) -> None:
        """Remove the file, and begin a new one."""
        with contextlib.suppress(sqlite3.Error, AttributeError):
            self._database.close()
        try:
            for place in self._files():
                place.unlink(missing_ok=True)
            self._connect()
        except (sqlite3.Error, OSError) as error:
            self._do_without(error)
        else:
            self._begin()

    def _begin(self) -> None:
        """Make the tables of a new file."""
        try:
            self._prepare()
            self._database.execute("BEGIN IMMEDIATE")
            self._make_tables()
            self._database.execute("INSERT INTO epoch VALUES (?)", (self._epoch,))
            self._database.execute("COMMIT")
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

    def all(self, table: Table[Value]) -> Iterator[tuple[str, Value]]:
        """Yield every whole record of a table with its key."""
        query = f"SELECT key, value FROM {table.name}"
        try:
            with legible_errors():
                for key, data in self._database.execute(query):
                    found = _whole(table, key, data)
                    if found is not None:
                        yield found  # the key with which the value shares its text
                    else:
                        self.lost = self.lost or DAMAGED_PART
        except sqlite3.DatabaseError:
            self.lost = "it was damaged"

    def get(self, table: Table[Value], key: str) -> Value | None:
        """Return a record, or None if there is no whole one."""
        packed = self.packed(table, key)
        value = None if packed is None else unpack(table, key, packed)
        if packed is not None and value is None:
            self.lost = self.lost or DAMAGED_PART
        return value

    def packed(self, table: Table[Any], key: str) -> Packed | None:
        """Return a record as it is stored, whole or not."""
        query = f"SELECT value FROM {table.name} WHERE key = ?"
        try:
            with legible_errors():
                row = self._database.execute(query, (key,)).fetchone()
        except sqlite3.DatabaseError:
            self.lost = "it was damaged"
            return None
        return None if row is None else Packed(row[0])

    def put(
        self, table: Table[Value], changed: Mapping[str, Value], removed: Iterable[str] = ()
    ) -> None:
        """Write and remove records, all or none of them."""
        self.put_all({table: (changed, removed)})

    def put_all(self, changes: Changes) -> None:
        """Write and remove records of several tables, all or none of them.

        Raises `sqlite3.Error` if that cannot be done (a full disk).
        """
        if self._useless:
            raise sqlite3.OperationalError(self._useless)
        with legible_errors():
            self._put_all(changes)

    def _put_all(self, changes: Changes) -> None:
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        try:
            for table, (changed, removed) in changes.items():
                database.executemany(
                    f"DELETE FROM {table.name} WHERE key = ?", ((key,) for key in removed)
                )
                database.executemany(
                    f"INSERT OR REPLACE INTO {table.name} VALUES (?, ?)",
                    ((key, _stored(table, key, value)) for key, value in changed.items()),
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


def pack(table: Table[Value], key: str, value: Value) -> Packed:
    """Return the record of a value, as it is stored."""
    return checked(table, key, table.encoding.encode(value))


def checked(table: Table[Any], key: str, body: bytes) -> Packed:
    """Return the record of a value that is encoded."""
    return Packed(_check(table, key, body) + body)


def unpack(table: Table[Value], key: str, data: Any) -> Value | None:
    """Return the value of a record, or None if it is not whole or no record of this table."""
    found = _whole(table, key, data)
    return None if found is None else found[1]


def _whole(table: Table[Value], key: Any, data: Any) -> tuple[str, Value] | None:
    """Return key and value of a record, or None if it is not whole."""
    if not isinstance(data, bytes) or not isinstance(key, str):
        return None
    body = data[CHECK_SIZE:]
    if _check(table, key, body) != data[:CHECK_SIZE]:
        return None
    try:
        value = table.encoding.decode(body)
    except UnfitError:
        return None
    own = getattr(value, table.own_key) if table.own_key else None
    if own is None:
        return key, value
    return (own, value) if own == key else None


def _check(table: Table[Any], key: str, body: bytes) -> bytes:
    whole = b"\0".join((table.mark, key.encode(), body))
    return blake2b(whole, digest_size=CHECK_SIZE).digest()


def _stored(table: Table[Any], key: str, value: Any) -> bytes:
    return value if isinstance(value, Packed) else pack(table, key, value)


def seal(table: Table[Value], value: Value) -> Packed:
    """Return the record of a value as the one text that stands for all its equals.

    Its `record_digest` is the value's fingerprint: equal in every process, different for different
    values.
    """
    return Packed(table.encoding.encode(value))


def record_digest(record: bytes) -> bytes:
    """Return the fingerprint of the value that `seal` has made a record of."""
    return blake2b(record, digest_size=DIGEST_SIZE).digest()


def unseal(table: Table[Value], data: Any, wanted: bytes) -> Value | None:
    """Return the value whose digest is `wanted` if `data` is its record, else None."""
    if not isinstance(data, bytes) or record_digest(data) != wanted:
        return None
    try:
        return table.encoding.decode(data)
    except UnfitError:
        return None
