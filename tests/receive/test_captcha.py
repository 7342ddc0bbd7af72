"""Rules of `sitegen.receive.captcha`: which proofs of work count, and how often."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import altcha
import pytest

from sitegen.receive import database as database_module
from sitegen.receive import server
from sitegen.receive.captcha import Captcha
from sitegen.receive.database import Database
from tests.receiving import receiving

FOR_TESTS = {"for": "test"}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new database."""
    made = Database(tmp_path / "receive.sqlite3")
    yield made
    made.close()


def solved(captcha: Captcha, now: float, data: Mapping[str, str] = FOR_TESTS) -> str:
    """Return what a browser sends that has solved a new challenge."""
    challenge = altcha.Challenge.from_dict(captcha.challenge(now, data))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_a_proof_counts_once(database: Database) -> None:
    """A solution is good, and the same one sent again is not."""
    now = time.time()  # the library looks at the clock itself
    captcha = Captcha(database)
    payload = solved(captcha, now)
    proof = captcha.redeem(payload, now)
    assert proof is not None
    assert proof.data == {"for": "test"}
    assert captcha.redeem(payload, now) is None


def test_a_proof_for_what_was_refused_counts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the queue is full comment and proof are refused; sent again, both count."""
    with receiving(tmp_path, receive={"proof_of_work": True}) as receiver:
        context = receiver.made.context
        receiver.clock.moment = server.now()  # the library looks at the clock itself
        captcha = Captcha(context.database)
        payload = solved(captcha, context.now, {"for": "comment"})
        monkeypatch.setattr(database_module, "MOST_WAITING", 0)
        assert receiver.comment(altcha=payload).status == 429
        monkeypatch.undo()
        assert receiver.comment(altcha=payload).status == 200
        receiver.comment(text="without")
        receiver.run_due_jobs()
        filed = {found.text: found for found in receiver.responses()}
        without = filed["without"]
        assert without.hints == ("no proof of work",)
        assert filed["Thank you."].hints == ()

        late = solved(captcha, context.now, {"thread": without.thread, "id": without.id})
        monkeypatch.setattr(database_module, "MOST_WAITING", 0)
        assert receiver.form("proof", altcha=late).status == 429
        monkeypatch.undo()
        assert receiver.form("proof", altcha=late).status == 202
        assert receiver.form("proof", altcha=late).status == 400
        assert [line.partition(" thread=")[0] for line in receiver.log[-3:]] == [
            "refused kind=proof reason=too_many",
            "taken kind=proof",
            "refused kind=proof reason=invalid",
        ]
        receiver.run_due_jobs()
        assert [found.hints for found in receiver.responses()] == [(), ()]


@pytest.mark.parametrize("payload", ["", "x", "e30=", "bnVsbA==", "W10=", "W1tb" * 900, "x" * 9000])
def test_what_is_no_proof_is_none(payload: str, database: Database) -> None:
    """Nothing that is sent in its place is an error."""
    assert Captcha(database).redeem(payload, time.time()) is None


def test_a_proof_of_another_receiver_or_of_yesterday_is_none(
    database: Database, tmp_path: Path
) -> None:
    """The key is the database's own, and a challenge expires."""
    other = Database(tmp_path / "other")
    assert Captcha(database).redeem(solved(Captcha(other), time.time()), time.time()) is None
    other.close()
    assert (
        Captcha(database).redeem(solved(Captcha(database), time.time() - 3600), time.time()) is None
    )


def test_a_comment_without_proof_waits_with_a_hint(tmp_path: Path) -> None:
    """Nobody is refused for a browser without JavaScript."""
    rules = {"proof_of_work": True, "unmoderated": ["comment"]}
    with receiving(tmp_path, receive=rules) as receiver:
        challenge = receiver.send("GET", "challenge")
        assert challenge.headers["Access-Control-Allow-Origin"] == "https://news.example"
        assert challenge.headers["Cache-Control"] == "no-store"
        receiver.comment(text="without")
        receiver.run_due_jobs()
        assert [found.hints for found in receiver.responses()] == [("no proof of work",)]
        assert receiver.responses("shown") == []
