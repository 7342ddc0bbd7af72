"""Rules of `sitegen.receive.database`: what is remembered, how long, and of whom."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen.receive import database as database_module
from sitegen.receive.database import DAY, LEASE_SECONDS, Database, Limit, Mention, digest_of

NOON = 1_800_000_000.0

EARLIER = """
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, mark BLOB NOT NULL UNIQUE, kind TEXT NOT NULL,
    payload TEXT NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL, version INTEGER NOT NULL);
CREATE TABLE once (mark BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE mentions (
    mark BLOB PRIMARY KEY, thread TEXT NOT NULL, id TEXT NOT NULL, gone INTEGER NOT NULL)
    WITHOUT ROWID;
INSERT INTO jobs VALUES (1, x'61', 'comment', '{"x": 1}', 0, 0, 0);
INSERT INTO once VALUES (x'62', 1900000000);
INSERT INTO mentions VALUES (x'63', 'thread', 'id', 0);
"""
"""A database as the first version of the receiver made it."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new database."""
    made = Database(tmp_path / "receive.sqlite3")
    yield made
    made.close()


def test_a_job_is_done_by_one(database: Database) -> None:
    """Whoever takes a job has it for a while; if nothing comes of it, somebody else gets it."""
    assert database.enqueue("comment", b"a", {"x": 1}, (), NOON) == "queued"
    job = database.next_job(NOON)
    assert job is not None
    assert (job.kind, job.payload) == ("comment", {"x": 1})
    assert database.next_job(NOON) is None
    assert database.next_job(NOON + LEASE_SECONDS + 1) is not None
    database.complete(job)
    assert database.waiting() == 0


def test_what_comes_while_a_job_is_done_is_done_too(database: Database) -> None:
    """A mention that is sent again while its source is looked at is looked at once more."""
    database.enqueue("webmention", b"a", {"x": 1}, (), NOON)
    job = database.next_job(NOON)
    assert job is not None
    assert database.enqueue("webmention", b"a", {"x": 2}, (), NOON) == "duplicate"
    database.complete(job)
    again = database.next_job(NOON)
    assert again is not None
    assert again.payload == {"x": 2}
    database.complete(again)
    assert database.waiting() == 0


def test_the_queue_outlives_its_process(tmp_path: Path) -> None:
    """Closed and opened again, it holds what was in it, and what was begun begins anew."""
    with Database(tmp_path / "a") as first:
        first.enqueue("comment", b"a", {"text": "字"}, (), NOON)
        assert first.next_job(NOON) is not None
        key = first.key
    with Database(tmp_path / "a") as second:
        assert second.key == key
        second.release_leases()
        job = second.next_job(NOON)
    assert job is not None
    assert job.payload == {"text": "字"}


def test_what_has_failed_keeps_its_time(tmp_path: Path) -> None:
    """A new process does not at once try again what is to wait: another site may be down."""
    first = Database(tmp_path / "a")
    first.enqueue("webmention", b"a", {}, (), NOON)
    job = first.next_job(NOON)
    assert job is not None
    first.reschedule(job, NOON + 1000)
    first.close()
    second = Database(tmp_path / "a")
    second.release_leases()
    assert second.next_job(NOON + 999) is None
    assert second.next_job(NOON + 1000) is not None
    second.close()


def test_a_database_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """An update of sitegen loses no job, no mention, and nothing that was used."""
    connection = sqlite3.connect(tmp_path / "receive.sqlite3")
    connection.executescript(EARLIER)
    connection.close()
    database = Database(tmp_path / "receive.sqlite3")

    job = database.next_job(NOON)
    assert job is not None
    assert (job.digest, job.kind, job.payload) == (b"a", "comment", {"x": 1})
    assert database.enqueue("comment", b"a", {"x": 2}, (), NOON) == "duplicate"
    assert database.is_used(b"b", NOON)
    assert database.find_mention(b"c") == Mention("thread", "id", is_gone=False)
    database.close()


def test_a_limit_counts_in_its_window(database: Database) -> None:
    """So many in so many seconds; each key for itself."""
    limit = Limit(b"k", 2, 100)
    start = NOON // 100 * 100

    def send(name: bytes, limit: Limit, now: float) -> str:
        return database.enqueue("comment", name, {}, [limit], now)

    sent = [send(b"%d" % number, limit, start + number) for number in range(3)]
    assert sent == ["queued", "queued", "limited"]
    assert send(b"a", Limit(b"other", 2, 100), start) == "queued"
    assert send(b"b", limit, start + 100) == "queued"
    assert send(b"c", Limit(b"k", 1, 100), start + 100) == "limited"
    assert database.waiting() == 4


def test_the_key_of_an_address_lives_for_a_day(database: Database) -> None:
    """Tomorrow the same address has another key, and yesterday's cannot be made again."""
    today = database.network_key("203.0.113.7", NOON)
    assert database.network_key("203.0.113.7", NOON + 60) == today
    assert database.network_key("203.0.113.8", NOON) != today
    assert database.network_key("203.0.113.7", NOON + DAY) != today
    database.purge(NOON + DAY)
    assert database.network_key("203.0.113.7", NOON) == today
    database.purge(NOON + 2 * DAY)
    assert database.network_key("203.0.113.7", NOON) != today


def test_the_first_request_of_a_day_ends_older_keys(database: Database) -> None:
    """No key waits for the next `purge` to be thrown away: a sender of today is enough."""
    first = database.network_key("203.0.113.7", NOON)
    database.network_key("198.51.100.1", NOON + DAY)
    assert database.network_key("203.0.113.7", NOON) == first
    database.network_key("198.51.100.1", NOON + 2 * DAY)
    assert database.network_key("203.0.113.7", NOON) != first


def test_old_things_are_forgotten(database: Database, tmp_path: Path) -> None:
    """Counts and what was used go when their time is over; mentions stay."""
    database.enqueue("comment", b"a", {}, [Limit(b"k", 2, 100)], NOON)
    database.use_once(b"once", NOON, 100)
    database.remember_mention(b"pair", Mention("thread", "id", is_gone=False))
    database.purge(NOON + DAY)
    connection = sqlite3.connect(tmp_path / "receive.sqlite3")
    assert connection.execute("SELECT count(*) FROM counts").fetchone() == (0,)
    assert connection.execute("SELECT count(*) FROM once").fetchone() == (0,)
    connection.close()
    assert database.find_mention(b"pair") == Mention("thread", "id", is_gone=False)


def test_something_is_used_up_once(database: Database) -> None:
    """Until its time is over."""
    assert not database.is_used(b"x", NOON)
    assert [database.use_once(b"x", NOON, 100) for _ in range(2)] == [True, False]
    assert database.is_used(b"x", NOON + 99)
    assert database.use_once(b"x", NOON + 101, 100)


def test_a_full_queue_leaves_no_trace_of_what_it_refuses(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent again when there is room, it is in the queue; only what is in there is a duplicate."""
    limit = Limit(b"k", 2, 100)
    database.enqueue("comment", b"first", {}, (), NOON, once_for=DAY)
    monkeypatch.setattr(database_module, "MOST_WAITING", 1)
    for _ in range(3):
        assert database.enqueue("comment", b"a", {}, [limit], NOON, once_for=DAY) == "limited"
    assert database.enqueue("comment", b"first", {}, (), NOON, once_for=DAY) == "duplicate"
    assert database.enqueue("webmention", b"first", {"x": 2}, (), NOON) == "duplicate"
    first = database.next_job(NOON)
    assert first is not None
    assert first.payload == {"x": 2}
    database.complete(first)
    assert database.enqueue("comment", b"a", {}, [limit], NOON, once_for=DAY) == "queued"
    again = database.next_job(NOON)
    assert again is not None
    assert again.digest == b"a"
    assert database.enqueue("comment", b"a", {}, [limit], NOON, once_for=DAY) == "duplicate"


def test_what_was_given_back_can_be_used_again(database: Database) -> None:
    """As if it had never been used."""
    database.use_once(b"x", NOON, 100)
    database.give_back(b"x")
    assert not database.is_used(b"x", NOON)
    assert database.use_once(b"x", NOON, 100)


def test_digests_do_not_run_together() -> None:
    """Two texts are not the same as one of both."""
    assert digest_of("a", "b") != digest_of("ab")
    assert digest_of("a", "b") != digest_of('a", "b')


def test_one_thread_is_for_what_is_ours(database: Database) -> None:
    """Slow sources of mentions do not hold up comments."""
    database.enqueue("webmention", b"a", {}, (), NOON)
    database.enqueue("comment", b"b", {}, (), NOON + 1)
    job = database.next_job(NOON + 2, only_local=True)
    assert job is not None
    assert job.kind == "comment"
    assert database.next_job(NOON + 2, only_local=True) is None
    assert database.next_due() == NOON
    assert database.next_due(only_local=True) == NOON + 2 + LEASE_SECONDS
