"""The receiver's database: one SQLite file outside `responses/`, which is never published.

It holds the queue of jobs, the counts for the limits, the known mentions, and which challenges and
links were used. Addresses of people are kept only as keyed digests, and the key is thrown away
after a day, so that the file says nothing of anybody later.

A job is on the disk when `enqueue` returns: it survives a killed process and a power failure.

The columns `mark` hold digests: they keep the name that they have in the files of earlier versions.
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
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from sitegen.cache.folder import make_folder

Enqueued = Literal["queued", "duplicate", "limited"]
"""`duplicate`: it is in the queue already, or was within `once_for`."""

DAY = 86_400
LEASE_SECONDS = 60
"""Seconds for which a job belongs to one worker; longer than any job takes."""

LOCAL_KINDS = ("comment", "proof", "mail")
"""Kinds of jobs that fetch nothing from other sites."""

MOST_WAITING = 50_000
"""The most jobs in the queue."""

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
    """A job of the queue."""

    number: int
    digest: bytes
    kind: str
    payload: Mapping[str, Any]
    tries: int
    """Attempts that have failed."""
    version: int
    """Grows when it is put into the queue again while it waits or runs."""


class Mention(NamedTuple):
    """The response to a pair of source and target that was verified once."""

    thread: str
    id: str
    is_gone: bool
    """Whether its source no longer links to the target."""


def digest_of(*parts: str) -> bytes:
    """Return a digest of texts, by which they are known in the database."""
    joined = json.dumps(parts).encode()
    return hashlib.blake2b(joined, digest_size=16).digest()


class Database:
    """The database in the file `path`, which is created if need be.

    Threads may share it; so may several processes on one computer. Raises `sqlite3.Error` or
    `OSError` if the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        make_folder(path.parent)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path, isolation_level=None, timeout=30, check_same_thread=False
        )
        try:
            path.chmod(0o600)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(_TABLES)
            self._key = self._fact("key")
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        """Return itself: `with Database(…)` closes it at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @property
    def key(self) -> bytes:
        """A secret of this file, for signatures."""
        return self._key

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def number(self, name: str) -> float:
        """Return the number that is stored under a name, or 0."""
        with self._lock:
            row = self._connection.execute(
                "SELECT value FROM facts WHERE name = ?", (f"number {name}",)
            ).fetchone()
        return float(row[0]) if row else 0.0

    def set_number(self, name: str, value: float) -> None:
        """Store a number under a name."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)", (f"number {name}", value)
            )

    def _fact(self, name: str) -> bytes:
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO facts VALUES (?, ?)", (name, secrets.token_bytes(32))
            )
            row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        found: bytes = row[0]
        return found

    # Limits

    def network_key(self, name: str, now: float) -> bytes:
        """Return the key of a sender's network for today; tomorrow it is another one."""
        day = int(now // DAY)
        with self._lock:
            row = self._connection.execute(
                "SELECT salt FROM salts WHERE day = ?", (day,)
            ).fetchone()
            if row is None:
                with self._writing() as connection:
                    connection.execute("DELETE FROM salts WHERE day < ?", (day - 1,))
                    connection.execute(
                        "INSERT OR IGNORE INTO salts VALUES (?, ?)", (day, secrets.token_bytes(32))
                    )
                row = self._connection.execute(
                    "SELECT salt FROM salts WHERE day = ?", (day,)
                ).fetchone()
        salt: bytes = row[0]
        return hmac.digest(salt, name.encode(), "sha256")[:16]

    def is_limited(self, limits: Sequence[Limit], now: float) -> bool:
        """Whether one of the limits is reached."""
        with self._lock:
            return any(self._count(limit, now) >= limit.most for limit in limits)

    def _count(self, limit: Limit, now: float) -> int:
        row = self._connection.execute(
            "SELECT count FROM counts WHERE key = ? AND window = ?",
            (limit.key, int(now // limit.seconds)),
        ).fetchone()
        return row[0] if row else 0

    def _add_to_counts(self, limits: Sequence[Limit], now: float) -> None:
        self._connection.executemany(
            "INSERT INTO counts VALUES (?, ?, ?, 1)"
            " ON CONFLICT (key, window) DO UPDATE SET count = count + 1",
            [
                (limit.key, window := int(now // limit.seconds), (window + 1) * limit.seconds)
                for limit in limits
            ],
        )

    # The queue

    def enqueue(
        self,
        kind: str,
        digest: bytes,
        payload: Mapping[str, Any],
        limits: Sequence[Limit],
        now: float,
        *,
        once_for: int = 0,
        due: float | None = None,
    ) -> Enqueued:
        """Put a job into the queue; it is on the disk when this returns.

        A waiting job with the same digest gets the new payload (`duplicate`). With `once_for` the
        same digest counts as a duplicate for so many seconds, and changes nothing. What is
        `limited` leaves no trace: sent again, it is as new.
        """
        if self.is_limited(limits, now):
            return "limited"
        with self._writing() as connection:
            if once_for and self.is_used(digest, now):
                return "duplicate"
            if self._waiting() >= MOST_WAITING and not self._is_waiting(digest):
                return "limited"
            if once_for:
                connection.execute(
                    "INSERT OR REPLACE INTO once VALUES (?, ?)", (digest, int(now + once_for))
                )
            self._add_to_counts(limits, now)
            cursor = connection.execute(
                "INSERT INTO jobs (mark, kind, payload, due, tries, version)"
                " VALUES (?, ?, ?, ?, 0, 0) ON CONFLICT (mark) DO UPDATE SET kind = excluded.kind,"
                " payload = excluded.payload, version = version + 1 RETURNING version",
                (digest, kind, json.dumps(payload), now if due is None else due),
            )
            is_new = cursor.fetchone()[0] == 0
        return "queued" if is_new else "duplicate"

    def _is_waiting(self, digest: bytes) -> bool:
        row = self._connection.execute("SELECT 1 FROM jobs WHERE mark = ?", (digest,)).fetchone()
        return row is not None

    def _waiting(self) -> int:
        first, last = self._connection.execute(
            "SELECT min(number), max(number) FROM jobs"
        ).fetchone()
        if first is None or last - first < MOST_WAITING:
            return 0 if first is None else last - first + 1
        count: int = self._connection.execute("SELECT count(*) FROM jobs").fetchone()[0]
        return count

    def next_job(self, now: float, *, only_local: bool = False) -> Job | None:
        """Return a job that is due; nobody else gets it for `LEASE_SECONDS` seconds.

        With `only_local`, a job that fetches nothing from other sites.
        """
        with self._lock:
            kinds = f" AND kind IN {LOCAL_KINDS}" if only_local else ""
            due = f"SELECT number FROM jobs WHERE due <= ?{kinds} ORDER BY due LIMIT 1"  # noqa: S608 - constants
            if self._connection.execute(due, (now,)).fetchone() is None:
                return None
            with self._writing() as connection:
                row = connection.execute(
                    f"UPDATE jobs SET due = ? WHERE number = ({due})"  # noqa: S608 - a constant
                    " RETURNING number, mark, kind, payload, tries, version",
                    (now + LEASE_SECONDS, now),
                ).fetchone()
        if row is None:
            return None
        number, digest, kind, payload, tries, version = row
        return Job(number, digest, kind, json.loads(payload), tries, version)

    def next_due(self, *, only_local: bool = False) -> float | None:
        """Return when the next job is due, in seconds since the epoch."""
        kinds = f" WHERE kind IN {LOCAL_KINDS}" if only_local else ""
        with self._lock:
            row = self._connection.execute(f"SELECT min(due) FROM jobs{kinds}").fetchone()  # noqa: S608 - constants
        found: float | None = row[0]
        return found

    def complete(self, job: Job) -> None:
        """Remove a job from the queue, unless it was put into it again meanwhile."""
        with self._writing() as connection:
            removed = connection.execute(
                "DELETE FROM jobs WHERE number = ? AND version = ?", (job.number, job.version)
            ).rowcount
            if not removed:
                connection.execute("UPDATE jobs SET due = 0 WHERE number = ?", (job.number,))

    def reschedule(self, job: Job, due: float) -> None:
        """Let a job that has failed be tried again at a time."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE jobs SET due = ?, tries = tries + 1 WHERE number = ?", (due, job.number)
            )

    def release_leases(self) -> None:
        """Make the jobs due that a dead process had taken; for the only process that runs."""
        with self._writing() as connection:
            connection.execute("UPDATE jobs SET due = 0 WHERE tries = 0")

    def waiting(self) -> int:
        """Return how many jobs are in the queue."""
        with self._lock:
            count: int = self._connection.execute("SELECT count(*) FROM jobs").fetchone()[0]
        return count

    # Mentions and what was used

    def find_mention(self, digest: bytes) -> Mention | None:
        """Return the mention with the digest of a pair of source and target, or None."""
        with self._lock:
            row = self._connection.execute(
                "SELECT thread, id, gone FROM mentions WHERE mark = ?", (digest,)
            ).fetchone()
        return Mention(row[0], row[1], bool(row[2])) if row else None

    def remember_mention(self, digest: bytes, mention: Mention) -> None:
        """Store the mention with the digest of a pair of source and target."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO mentions VALUES (?, ?, ?, ?)", (digest, *mention)
            )

    def use_once(self, digest: bytes, now: float, seconds: int) -> bool:
        """Mark something as used for `seconds`; return False if it is used already."""
        with self._writing() as connection:
            cursor = connection.execute(
                "INSERT INTO once VALUES (?, ?) ON CONFLICT (mark) DO UPDATE SET"
                " until = excluded.until WHERE until <= ?",
                (digest, int(now + seconds), int(now)),
            )
            return cursor.rowcount > 0

    def give_back(self, digest: bytes) -> None:
        """Mark something as not used, since what it was used for was refused."""
        with self._writing() as connection:
            connection.execute("DELETE FROM once WHERE mark = ?", (digest,))

    def is_used(self, digest: bytes, now: float) -> bool:
        """Whether something is marked as used."""
        with self._lock:
            return (
                self._connection.execute(
                    "SELECT 1 FROM once WHERE mark = ? AND until > ?", (digest, int(now))
                ).fetchone()
                is not None
            )

    def purge(self, now: float) -> None:
        """Delete what has expired: counts, what was used, keys of old days."""
        with self._writing() as connection:
            connection.execute("DELETE FROM counts WHERE until <= ?", (int(now),))
            connection.execute("DELETE FROM once WHERE until <= ?", (int(now),))
            connection.execute("DELETE FROM salts WHERE day < ?", (int(now // DAY) - 1,))
