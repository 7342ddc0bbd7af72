"""Records as somebody plants them: with the right digest, and with something else inside.

Anybody can make the digests of records, so they keep nobody out.
"""

from __future__ import annotations

import os
import pickle
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from sitegen.cache import tables
from sitegen.cache.records import CHECK_SIZE, Table, checked, pack, record_digest
from sitegen.cache.tables import Cached, KnownData, KnownResponse

TABLES: dict[str, Table[Any]] = {
    table.name: table for table in (*tables.OF_SITE, *tables.OF_OUTPUT)
}

SEALED: dict[str, Table[Any]] = {
    "articles": tables.ENTRIES,
    "shown_responses": tables.RESPONSES,
    "data_values": tables.DATA,
}
"""Tables whose records are known by a digest in another table, and which that is."""


class Trap:
    """A value that makes a folder when it is unpickled."""

    def __init__(self, place: Path) -> None:
        """Take the folder's place."""
        self._place = place

    def __reduce__(self) -> tuple[Any, ...]:
        """Say what is to be run."""
        return os.mkdir, (str(self._place),)


def pickled(body: bytes, trap: Path) -> bytes:
    """Return a pickle that makes the folder `trap`, in the form that records once had."""
    del body
    return pickle.dumps(("key", Trap(trap)), protocol=5)


def truncated(body: bytes, _trap: Path) -> bytes:
    """Return the body without its end."""
    return body[:-1]


def longer(body: bytes, _trap: Path) -> bytes:
    """Return the body with something after it."""
    return body + b"\xc0"


def of_another_type(body: bytes, _trap: Path) -> bytes:
    """Return a number, or a list where a number was."""
    return msgspec.msgpack.encode([[1.5]] if body[:1] < b"\x80" else 1.5)


def with_more_fields(body: bytes, _trap: Path) -> bytes:
    """Return the value in a list with others."""
    value = msgspec.msgpack.decode(body)
    more = [*value, *value, None] if isinstance(value, list) else [value, None]
    return msgspec.msgpack.encode({1: more} if isinstance(value, dict) else more)


def with_other_words(body: bytes, _trap: Path) -> bytes:
    """Return the value with a number in place of each text."""
    return msgspec.msgpack.encode(_other(msgspec.msgpack.decode(body, strict=False)))


def _other(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_other(item) for item in value]
    if isinstance(value, dict):
        return {key: _other(item) for key, item in value.items()}
    return 7.5 if isinstance(value, (str, bytes)) else value


def nested(_body: bytes, _trap: Path) -> bytes:
    """Return lists in lists, deeper than any stack."""
    return b"\x91" * 300_000


def endless(_body: bytes, _trap: Path) -> bytes:
    """Return a list that says that it is longer than any memory."""
    return b"\xdd\xff\xff\xff\xff"


def empty(_body: bytes, _trap: Path) -> bytes:
    """Return nothing."""
    return b""


FORGERIES: dict[str, Callable[[bytes, Path], bytes]] = {
    item.__name__: item
    for item in (
        pickled,
        truncated,
        longer,
        of_another_type,
        with_more_fields,
        with_other_words,
        nested,
        endless,
        empty,
    )
}
"""By name: each takes the bytes of a value and the place of a trap, and returns what to plant."""


def plant(path: Path, name: str, key: str, forgery: str, trap: Path) -> None:
    """Replace the record `key` of the table `name` of a database by a forged one.

    A sealed one is planted with its digest, in the record that knows it.
    """
    database = sqlite3.connect(path)
    body = _stored(database, name, key)
    forged = FORGERIES[forgery](body if name in SEALED else body[CHECK_SIZE:], trap)
    if name in SEALED:
        knowing = SEALED[name]
        put(database, name, key, forged)
        put(database, knowing.name, key, _knowing(database, knowing, key, forged))
    else:
        put(database, name, key, checked(TABLES[name], key, forged))
    database.commit()
    database.close()


def put(database: sqlite3.Connection, name: str, key: str, record: bytes) -> None:
    """Write a record into a table."""
    statement = f"INSERT OR REPLACE INTO {name} VALUES (?, ?)"  # noqa: S608 - our own name
    database.execute(statement, (key, bytes(record)))


def _stored(database: sqlite3.Connection, name: str, key: str) -> bytes:
    query = f"SELECT value FROM {name} WHERE key = ?"  # noqa: S608 - our own name
    (found,) = database.execute(query, (key,)).fetchone()
    return bytes(found)


def _knowing(database: sqlite3.Connection, table: Table[Any], key: str, forged: bytes) -> bytes:
    """Return the record of what is known of a file, with the digest of a forged one."""
    known = table.encoding.decode(_stored(database, table.name, key)[CHECK_SIZE:])
    if isinstance(known, Cached) and known.entry:
        known = known._replace(entry=known.entry._replace(article_digest=record_digest(forged)))
    elif isinstance(known, (KnownResponse, KnownData)):
        known = known._replace(digest=record_digest(forged))
    return pack(table, key, known)


def keys_of(path: Path, name: str) -> list[str]:
    """Return the keys of a table of a database."""
    database = sqlite3.connect(path)
    query = f"SELECT key FROM {name} ORDER BY key"  # noqa: S608 - our own name
    keys = [key for (key,) in database.execute(query)]
    database.close()
    return keys
