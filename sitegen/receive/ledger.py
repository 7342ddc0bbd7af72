"""What the receiver must remember and nobody may read: one SQLite file outside `responses/`.

The queue of what was acknowledged, how much came from whom, which mentions are known, which
challenges and links were used. Addresses of people are kept only as keyed digests, and the key is
thrown away after a day, so that the file says nothing of anybody later.

What `take` returned for is on the disk: it survives a killed process and a lost machine's power.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any, Literal, NamedTuple

Taken = Literal["taken", "again", "limited"]
"""`again`: it is known already, and nothing is to be done or it is being done."""

DAY = 86_400
LEASE = 60
"""Seconds for which a job belongs to the worker that took it; longer than any job takes."""

OWN = ("comment", "proof", "mail")
"""Kinds of jobs for which no other site is asked."""

MOST_WAITING = 50_000
"""Jobs in the queue, after which nothing is taken until some are done."""

_V6_NETWORK = 64
"""Bits of an IPv6 address that are given to one household or one server."""

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS salts (day INTEGER PRIMARY KEY, salt BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS counts (
    key BLOB NOT NULL, window INTEGER NOT NULL, until INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (key, window)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS once (mark BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, mark BLOB NOT NULL UNIQUE, kind TEXT NOT NULL,
    payload TEXT NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL, version INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due);
CREATE TABLE IF NOT EXISTS mentions (
    mark BLOB PRIMARY KEY, thread TEXT NOT NULL, id TEXT NOT NULL, gone INTEGER NOT NULL)
    WITHOUT ROWID;
"""


class Limit(NamedTuple):
    """At most `most` in `seconds`, of what has the same `key`."""

    key: bytes
    most: int
    seconds: int


class Job(NamedTuple):
    """Something to be done."""

    number: int
    mark: bytes
    kind: str
    payload: Mapping[str, Any]
    tries: int
    version: int


class Mention(NamedTuple):
    """A pair of source and target that was accepted once."""

    thread: str
    id: str
    is_gone: bool
    """Whether its source took it back."""


def mark_of(*parts: str) -> bytes:
    """Return a digest of texts: what is remembered of them."""
    joined = json.dumps(parts).encode()
    return hashlib.blake2b(joined, digest_size=16).digest()


class Ledger:
    """The file. Threads may share it; so may several processes on one computer."""

    def __init__(self, path: Path) -> None:
        """Open or create it. Raises `sqlite3.Error` or `OSError` if that cannot be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._turn = threading.RLock()
        self._database = sqlite3.connect(
            path, isolation_level=None, timeout=30, check_same_thread=False
        )
        path.chmod(0o600)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(_TABLES)
        self._key = self._fact("key")

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._database.close()

    @property
    def key(self) -> bytes:
        """A secret of this file, for signatures."""
        return self._key

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def number(self, name: str) -> float:
        """Return a number that was noted under a name, or 0."""
        with self._turn:
            row = self._database.execute(
                "SELECT value FROM facts WHERE name = ?", (f"number {name}",)
            ).fetchone()
        return float(row[0]) if row else 0.0

    def note(self, name: str, value: float) -> None:
        """Note a number under a name."""
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)", (f"number {name}", value)
            )

    def _fact(self, name: str) -> bytes:
        with self._writing() as database:
            database.execute(
                "INSERT OR IGNORE INTO facts VALUES (?, ?)", (name, secrets.token_bytes(32))
            )
            row = database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        found: bytes = row[0]
        return found

    # Who sends how much

    def address_key(self, address: str, now: float) -> bytes:
        """Return what stands for the address of a sender today; another tomorrow."""
        day = int(now // DAY)
        with self._turn:
            row = self._database.execute("SELECT salt FROM salts WHERE day = ?", (day,)).fetchone()
            if row is None:
                with self._writing() as database:
                    database.execute("DELETE FROM salts WHERE day < ?", (day - 1,))
                    database.execute(
                        "INSERT OR IGNORE INTO salts VALUES (?, ?)", (day, secrets.token_bytes(32))
                    )
                row = self._database.execute(
                    "SELECT salt FROM salts WHERE day = ?", (day,)
                ).fetchone()
        salt: bytes = row[0]
        return hmac.digest(salt, _network(address).encode(), "sha256")[:16]

    def is_limited(self, limits: Sequence[Limit], now: float) -> bool:
        """Whether one of the limits is reached."""
        with self._turn:
            return any(self._count(limit, now) >= limit.most for limit in limits)

    def count(self, limits: Sequence[Limit], now: float) -> bool:
        """Count one more; return False, and count nothing, if a limit is reached."""
        if self.is_limited(limits, now):  # without writing: a flood costs only a look
            return False
        with self._writing():
            self._counted(limits, now)
        return True

    def _count(self, limit: Limit, now: float) -> int:
        row = self._database.execute(
            "SELECT count FROM counts WHERE key = ? AND window = ?",
            (limit.key, int(now // limit.seconds)),
        ).fetchone()
        return row[0] if row else 0

    def _counted(self, limits: Sequence[Limit], now: float) -> None:
        self._database.executemany(
            "INSERT INTO counts VALUES (?, ?, ?, 1)"
            " ON CONFLICT (key, window) DO UPDATE SET count = count + 1",
            [
                (limit.key, window := int(now // limit.seconds), (window + 1) * limit.seconds)
                for limit in limits
            ],
        )

    # The queue

    def take(
        self,
        kind: str,
        mark: bytes,
        payload: Mapping[str, Any],
        limits: Sequence[Limit],
        now: float,
        *,
        once_for: int = 0,
        due: float | None = None,
    ) -> Taken:
        """Put a job into the queue; what is taken is on the disk.

        A job with the same mark that waits already gets the new payload (`again`). With `once_for`
        seconds, the same mark is not taken for so long after it was.
        """
        if self.is_limited(limits, now):
            return "limited"
        with self._writing() as database:
            if once_for:
                cursor = database.execute(
                    "INSERT INTO once VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET"
                    " until = excluded.until WHERE until <= ?",
                    (mark, int(now + once_for), int(now)),
                )
                if cursor.rowcount == 0:
                    return "again"
            if self._waiting() >= MOST_WAITING:
                return "limited"
            self._counted(limits, now)
            cursor = database.execute(
                "INSERT INTO jobs (mark, kind, payload, due, tries, version)"
                " VALUES (?, ?, ?, ?, 0, 0) ON CONFLICT (mark) DO UPDATE SET kind = excluded.kind,"
                " payload = excluded.payload, version = version + 1 RETURNING version",
                (mark, kind, json.dumps(payload), now if due is None else due),
            )
            is_new = cursor.fetchone()[0] == 0
        return "taken" if is_new else "again"

    def _waiting(self) -> int:
        first, last = self._database.execute("SELECT min(number), max(number) FROM jobs").fetchone()
        if first is None or last - first < MOST_WAITING:
            return 0 if first is None else last - first + 1
        count: int = self._database.execute("SELECT count(*) FROM jobs").fetchone()[0]
        return count

    def next_job(self, now: float, *, only_own: bool = False) -> Job | None:
        """Return a job that is due; nobody else gets it for `LEASE` seconds.

        With `only_own`, one for which no other site has to be asked.
        """
        with self._turn:
            own = f" AND kind IN {OWN}" if only_own else ""
            due = f"SELECT number FROM jobs WHERE due <= ?{own} ORDER BY due LIMIT 1"  # noqa: S608 - constants
            if self._database.execute(due, (now,)).fetchone() is None:
                return None
            with self._writing() as database:
                row = database.execute(
                    f"UPDATE jobs SET due = ? WHERE number = ({due})"  # noqa: S608 - a constant
                    " RETURNING number, mark, kind, payload, tries, version",
                    (now + LEASE, now),
                ).fetchone()
        if row is None:
            return None
        number, mark, kind, payload, tries, version = row
        return Job(number, mark, kind, json.loads(payload), tries, version)

    def next_due(self, *, only_own: bool = False) -> float | None:
        """Return when the next job is due, in seconds since the epoch."""
        own = f" WHERE kind IN {OWN}" if only_own else ""
        with self._turn:
            row = self._database.execute(f"SELECT min(due) FROM jobs{own}").fetchone()  # noqa: S608 - constants
        found: float | None = row[0]
        return found

    def done(self, job: Job) -> None:
        """Take a job out of the queue, unless it was asked for again meanwhile."""
        with self._writing() as database:
            gone = database.execute(
                "DELETE FROM jobs WHERE number = ? AND version = ?", (job.number, job.version)
            ).rowcount
            if not gone:
                database.execute("UPDATE jobs SET due = 0 WHERE number = ?", (job.number,))

    def later(self, job: Job, due: float) -> None:
        """Try a job again at a time."""
        with self._writing() as database:
            database.execute(
                "UPDATE jobs SET due = ?, tries = tries + 1 WHERE number = ?", (due, job.number)
            )

    def release(self) -> None:
        """Make all jobs due that a process which is gone had taken; for the only one that runs."""
        with self._writing() as database:
            database.execute("UPDATE jobs SET due = 0 WHERE tries = 0")

    def waiting(self) -> int:
        """Return how many jobs there are."""
        with self._turn:
            count: int = self._database.execute("SELECT count(*) FROM jobs").fetchone()[0]
        return count

    # What is known

    def mention(self, mark: bytes) -> Mention | None:
        """Return what is known of a pair of source and target."""
        with self._turn:
            row = self._database.execute(
                "SELECT thread, id, gone FROM mentions WHERE mark = ?", (mark,)
            ).fetchone()
        return Mention(row[0], row[1], bool(row[2])) if row else None

    def remember(self, mark: bytes, mention: Mention) -> None:
        """Remember a pair of source and target."""
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO mentions VALUES (?, ?, ?, ?)", (mark, *mention)
            )

    def use(self, mark: bytes, now: float, seconds: int) -> bool:
        """Use something up for `seconds`; return whether it was unused."""
        with self._writing() as database:
            cursor = database.execute(
                "INSERT INTO once VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET"
                " until = excluded.until WHERE until <= ?",
                (mark, int(now + seconds), int(now)),
            )
            return cursor.rowcount > 0

    def is_used(self, mark: bytes, now: float) -> bool:
        """Whether something was used up."""
        with self._turn:
            return (
                self._database.execute(
                    "SELECT 1 FROM once WHERE mark = ? AND until > ?", (mark, int(now))
                ).fetchone()
                is not None
            )

    def forget(self, now: float) -> None:
        """Remove what is of no more use: counts and marks whose time is over, keys of old days."""
        with self._writing() as database:
            database.execute("DELETE FROM counts WHERE until <= ?", (int(now),))
            database.execute("DELETE FROM once WHERE until <= ?", (int(now),))
            database.execute("DELETE FROM salts WHERE day < ?", (int(now // DAY) - 1,))


def _network(address: str) -> str:
    """Return the network that one sender has to itself; what is no address stands for itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(int(found) >> (128 - _V6_NETWORK))
    return str(found)
