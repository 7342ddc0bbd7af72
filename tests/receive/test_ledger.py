"""Rules of `sitegen.receive.ledger`: what is remembered, how long, and of whom."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import altcha
import pytest

from sitegen.receive.captcha import Proof
from sitegen.receive.ledger import DAY, LEASE, Ledger, Limit, Mention, mark_of
from tests.receiving import receiving

NOON = 1_800_000_000.0


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger."""
    made = Ledger(tmp_path / "ledger.sqlite3")
    yield made
    made.close()


def test_a_job_is_done_by_one(ledger: Ledger) -> None:
    """Whoever takes a job has it for a while; if nothing comes of it, somebody else gets it."""
    assert ledger.take("comment", b"a", {"x": 1}, (), NOON) == "taken"
    job = ledger.next_job(NOON)
    assert job is not None
    assert (job.kind, job.payload) == ("comment", {"x": 1})
    assert ledger.next_job(NOON) is None
    assert ledger.next_job(NOON + LEASE + 1) is not None
    ledger.done(job)
    assert ledger.waiting() == 0


def test_what_comes_while_a_job_is_done_is_done_too(ledger: Ledger) -> None:
    """A mention that is sent again while its source is looked at is looked at once more."""
    ledger.take("webmention", b"a", {"x": 1}, (), NOON)
    job = ledger.next_job(NOON)
    assert job is not None
    assert ledger.take("webmention", b"a", {"x": 2}, (), NOON) == "again"
    ledger.done(job)
    again = ledger.next_job(NOON)
    assert again is not None
    assert again.payload == {"x": 2}
    ledger.done(again)
    assert ledger.waiting() == 0


def test_the_queue_outlives_its_process(tmp_path: Path) -> None:
    """Closed and opened again, it holds what was in it, and what was begun begins anew."""
    first = Ledger(tmp_path / "a")
    first.take("comment", b"a", {"text": "字"}, (), NOON)
    assert first.next_job(NOON) is not None
    key = first.key
    first.close()
    second = Ledger(tmp_path / "a")
    assert second.key == key
    second.release()
    job = second.next_job(NOON)
    assert job is not None
    assert job.payload == {"text": "字"}
    second.close()


def test_a_limit_counts_in_its_window(ledger: Ledger) -> None:
    """So many in so many seconds; each key for itself."""
    limit = Limit(b"k", 2, 100)
    start = NOON // 100 * 100
    assert [ledger.count([limit], start + n) for n in range(3)] == [True, True, False]
    assert ledger.count([Limit(b"other", 2, 100)], start)
    assert ledger.count([limit], start + 100)
    assert ledger.take("comment", b"a", {}, [Limit(b"k", 1, 100)], start + 100) == "limited"
    assert ledger.waiting() == 0


def test_the_key_of_an_address_lives_for_a_day(ledger: Ledger) -> None:
    """Tomorrow the same address has another key, and yesterday's cannot be made again."""
    today = ledger.address_key("203.0.113.7", NOON)
    assert ledger.address_key("203.0.113.7", NOON + 60) == today
    assert ledger.address_key("203.0.113.8", NOON) != today
    assert ledger.address_key("203.0.113.7", NOON + DAY) != today
    ledger.forget(NOON + 3 * DAY)
    assert ledger.address_key("203.0.113.7", NOON) != today


def test_an_ipv6_sender_is_a_network(ledger: Ledger) -> None:
    """Households and servers have 64 bits to themselves; IPv4 in IPv6 is IPv4."""
    one = ledger.address_key("2001:db8:1:2::1", NOON)
    assert ledger.address_key("2001:db8:1:2:ffff::9", NOON) == one
    assert ledger.address_key("2001:db8:1:3::1", NOON) != one
    plain = ledger.address_key("203.0.113.7", NOON)
    assert ledger.address_key("::ffff:203.0.113.7", NOON) == plain


def test_old_things_are_forgotten(ledger: Ledger, tmp_path: Path) -> None:
    """Counts and marks go when their time is over; mentions stay."""
    ledger.count([Limit(b"k", 2, 100)], NOON)
    ledger.use(b"once", NOON, 100)
    ledger.remember(b"pair", Mention("thread", "id", is_gone=False))
    ledger.forget(NOON + DAY)
    database = sqlite3.connect(tmp_path / "ledger.sqlite3")
    assert database.execute("SELECT count(*) FROM counts").fetchone() == (0,)
    assert database.execute("SELECT count(*) FROM once").fetchone() == (0,)
    database.close()
    assert ledger.mention(b"pair") == Mention("thread", "id", is_gone=False)


def test_something_is_used_up_once(ledger: Ledger) -> None:
    """Until its time is over."""
    assert not ledger.is_used(b"x", NOON)
    assert [ledger.use(b"x", NOON, 100) for _ in range(2)] == [True, False]
    assert ledger.is_used(b"x", NOON + 99)
    assert ledger.use(b"x", NOON + 101, 100)


def test_marks_do_not_run_together() -> None:
    """Two texts are not the same as one of both."""
    assert mark_of("a", "b") != mark_of("ab")
    assert mark_of("a", "b") != mark_of('a", "b')


# Proof of work


def solved(proof: Proof, now: float) -> str:
    """Return what a browser sends that has solved a new challenge."""
    challenge = altcha.Challenge.from_dict(proof.challenge(now, {"for": "test"}))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_a_proof_counts_once(ledger: Ledger) -> None:
    """A solution is good, and the same one sent again is not."""
    import time  # noqa: PLC0415 - the library looks at the clock itself

    now = time.time()
    proof = Proof(ledger)
    payload = solved(proof, now)
    assert proof.read(payload, now) == {"for": "test"}
    assert proof.read(payload, now) is None


@pytest.mark.parametrize("payload", ["", "x", "e30=", "bnVsbA==", "W10=", "W1tb" * 900, "x" * 9000])
def test_what_is_no_proof_is_none(payload: str, ledger: Ledger) -> None:
    """Nothing that is sent in its place is an error."""
    assert Proof(ledger).read(payload, NOON) is None


def test_a_proof_of_another_receiver_or_of_yesterday_is_none(
    ledger: Ledger, tmp_path: Path
) -> None:
    """The key is the ledger's own, and a challenge grows old."""
    import time  # noqa: PLC0415 - as above

    other = Ledger(tmp_path / "other")
    assert Proof(ledger).read(solved(Proof(other), time.time()), time.time()) is None
    other.close()
    assert Proof(ledger).read(solved(Proof(ledger), time.time() - 3600), time.time()) is None


def test_a_comment_without_proof_waits_with_a_hint(tmp_path: Path) -> None:
    """Nobody is refused for a browser without JavaScript."""
    rules = {"proof_of_work": True, "unmoderated": ["comment"]}
    with receiving(tmp_path, receive=rules) as desk:
        challenge = desk.send("GET", "challenge")
        assert challenge.headers["Access-Control-Allow-Origin"] == "https://news.example"
        assert challenge.headers["Cache-Control"] == "no-store"
        desk.comment(text="without")
        desk.work_off()
        assert [found.hints for found in desk.responses()] == [("no proof of work",)]
        assert desk.responses("shown") == []


def test_one_thread_is_for_what_is_ours(ledger: Ledger) -> None:
    """Slow sources of mentions do not hold up comments."""
    ledger.take("webmention", b"a", {}, (), NOON)
    ledger.take("comment", b"b", {}, (), NOON + 1)
    job = ledger.next_job(NOON + 2, only_own=True)
    assert job is not None
    assert job.kind == "comment"
    assert ledger.next_job(NOON + 2, only_own=True) is None
    assert ledger.next_due() == NOON
    assert ledger.next_due(only_own=True) == NOON + 2 + LEASE
