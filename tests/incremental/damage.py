"""Ways in which the cache, and the files of an output folder, come to harm."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.incremental import forging


def databases(state: Path) -> list[Path]:
    """Return the cache's databases."""
    return sorted(state.glob("*.sqlite"))


def delete_all(state: Path, _chance: random.Random) -> None:
    """Delete the whole cache folder."""
    shutil.rmtree(state, ignore_errors=True)


def delete_one(state: Path, chance: random.Random) -> None:
    """Delete one database."""
    for path in chance.sample(databases(state), k=min(1, len(databases(state)))):
        path.unlink()


def truncate(state: Path, chance: random.Random) -> None:
    """Cut the end off a database."""
    for path in databases(state):
        os.truncate(path, chance.randrange(path.stat().st_size + 1))


def zero(state: Path, _chance: random.Random) -> None:
    """Leave nothing but zeros, as a file system may after a crash."""
    for path in databases(state):
        path.write_bytes(bytes(path.stat().st_size))


def flip(state: Path, chance: random.Random) -> None:
    """Change some bytes, most of them near the start where the structure is."""
    for path in databases(state):
        data = bytearray(path.read_bytes())
        for _ in range(chance.randint(1, 40) if data else 0):
            limit = min(len(data), chance.choice((100, 4096, len(data))))
            data[chance.randrange(limit)] = chance.randrange(256)
        path.write_bytes(data)


def zero_a_page(state: Path, chance: random.Random) -> None:
    """Leave zeros in one block, as a bad disk does."""
    for path in databases(state):
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(chance.randrange(max(1, size // 4096)) * 4096)
            file.write(bytes(4096))


def garbage(state: Path, _chance: random.Random) -> None:
    """Put something else in the place of the databases."""
    for path in databases(state):
        path.write_text("This is not a database. " * 300)


def delete_log(state: Path, _chance: random.Random) -> None:
    """Delete what SQLite keeps beside a database."""
    for path in [*state.glob("*-wal"), *state.glob("*-shm")]:
        path.unlink()


def foreign_log(state: Path, _chance: random.Random) -> None:
    """Put garbage where SQLite would look for its log."""
    for path in databases(state):
        path.with_name(f"{path.name}-wal").write_bytes(b"not a log" * 1000)


def foreign_epoch(state: Path, _chance: random.Random) -> None:
    """Let another version of sitegen have written the cache."""
    for path in databases(state):
        database = sqlite3.connect(path)
        database.execute("UPDATE epoch SET text = 'another version'")
        database.commit()
        database.close()


def lose_rows(state: Path, chance: random.Random) -> None:
    """Lose single records."""
    for path in databases(state):
        for table in names_of_tables(path):
            lose(path, table, chance)


def names_of_tables(path: Path) -> list[str]:
    """Return the names of the tables of records of a database."""
    database = sqlite3.connect(path)
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'epoch' ORDER BY name"
    names = [name for (name,) in database.execute(query)]
    database.close()
    return names


def lose(path: Path, table: str, chance: random.Random | None = None) -> None:
    """Delete rows of a table: some, or all without `chance`."""
    database = sqlite3.connect(path)
    for (key,) in database.execute(f"SELECT key FROM {table}").fetchall():  # noqa: S608 - its own name
        if chance is None or chance.random() < 0.3:
            database.execute(f"DELETE FROM {table} WHERE key = ?", (key,))  # noqa: S608 - as above
    database.commit()
    database.close()


def forge(state: Path, chance: random.Random) -> None:
    """Plant records that are not of their tables' types, some of which would run something."""
    for path in databases(state):
        for table in names_of_tables(path):
            if table not in forging.TABLES or chance.random() < 0.5:
                continue
            for key in forging.keys_of(path, table):
                if chance.random() < 0.3:
                    kind = chance.choice(sorted(forging.FORGERIES))
                    forging.plant(path, table, key, kind, state / SPRUNG)


SPRUNG = "sprung"
"""What appears in the cache folder where a planted record has run."""

FILES: dict[str, Callable[[Path, random.Random], None]] = {
    item.__name__: item
    for item in (
        delete_all,
        delete_one,
        truncate,
        zero,
        flip,
        zero_a_page,
        garbage,
        delete_log,
        foreign_log,
        foreign_epoch,
        lose_rows,
    )
}
"""Damages of files and rows by name; each takes the cache folder and a source of chance."""

CACHE = {**FILES, "forge": forge}
"""These, and what only a cache of a site can suffer."""


@contextmanager
def failing(function: str, after: int, error: type[BaseException]) -> Iterator[Callable[[], int]]:
    """Let all calls of a function of `os` after the next `after` ones raise `error`.

    A full disk does not get emptier while a build clears up; a killed program does nothing more.
    Yields what tells how many calls there were.
    """
    whole = getattr(os, function)
    calls = 0

    def count(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls > after:
            raise error(28, "No space left on device") if error is OSError else error
        return whole(*arguments, **named)

    with patch.object(os, function, count):
        yield lambda: calls
