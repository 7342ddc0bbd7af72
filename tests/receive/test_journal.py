"""Rules of `sitegen.receive.journal`: a line for each event, and how many there were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.receive.journal import Counted, Journal
from tests.receiving import CLOSED, START, ReceiverClient, receiving


def journal(lines: list[str], form: str = "text") -> Journal:
    """Return a journal that writes to a list."""
    return Journal(lines.append, "json" if form == "json" else "text", lambda: START)


@given(st.text(), st.text())
def test_an_event_is_one_line(reason: str, value: str) -> None:
    """Whatever is in it: nobody can write a line of the log, or move a terminal."""
    for form in ("text", "json"):
        lines: list[str] = []
        journal(lines, form).record("refused", "comment", reason=reason, id=value)
        (line,) = lines
        assert line.isprintable()
        assert line.isascii()


def test_a_line_of_json_has_the_time() -> None:
    """Events and messages are told apart by their keys."""
    lines: list[str] = []
    made = journal(lines, "json")
    made.record("taken", "comment", id="01aa")
    made.say("listening")
    assert [json.loads(line) for line in lines] == [
        {"time": "2026-11-23T14:00:00Z", "event": "taken", "kind": "comment", "id": "01aa"},
        {"time": "2026-11-23T14:00:00Z", "message": "listening"},
    ]


def test_events_are_counted_by_what_there_is_little_of() -> None:
    """Ids and threads are in the lines only."""
    made = journal([])
    for number in range(3):
        made.record("taken", "comment", id=f"{number}")
    made.record("refused", "comment", reason="closed")
    assert made.counts() == {
        Counted("taken", "comment", ""): 3,
        Counted("refused", "comment", "closed"): 1,
    }


def said(receiver: ReceiverClient) -> list[str]:
    """Return the lines so far, without ids, and forget them."""
    lines = [line.partition(" id=")[0] for line in receiver.log]
    receiver.log.clear()
    return lines


def test_each_thing_is_told_once(tmp_path: Path) -> None:
    """Taken, refused with the reason, filed, moderated."""
    with receiving(tmp_path, receive={"per_address": 2}) as receiver:
        receiver.comment()
        receiver.comment()
        assert said(receiver) == [
            "taken kind=comment thread=2024-flood",
            "repeated kind=comment thread=2024-flood",
        ]
        receiver.run_due_jobs()
        assert said(receiver) == ["filed kind=comment thread=2024-flood"]
        receiver.comment(name="")
        receiver.comment(url=CLOSED, article="2024-closed")
        receiver.comment(url="/none/")
        receiver.comment(text="two")
        receiver.comment(text="three")
        receiver.send("POST", "comment", b"x", {"Content-Type": "text/plain"})
        assert said(receiver) == [
            "refused kind=comment reason=no_name thread=2024-flood",
            "refused kind=comment reason=closed thread=2024-closed",
            "refused kind=comment reason=no_article",
            "taken kind=comment thread=2024-flood",
            "refused kind=comment reason=too_many thread=2024-flood",
            "refused kind=request reason=415",
        ]
        receiver.form("moderation/login", secret="x" * 20)
        receiver.send("POST", "pingback", b"<x/>")
        assert said(receiver) == [
            "refused kind=sign-in reason=wrong_secret",
            "refused kind=pingback reason=no_call",
        ]


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_says_nothing_of_a_sender(form: str, tmp_path: Path) -> None:
    """Neither an address nor a name or text."""
    rules = {"proxies": ["127.0.0.1"], "log": form}
    with receiving(tmp_path, receive=rules) as receiver:
        headers = {"X-Forwarded-For": "203.0.113.77"}
        receiver.form("comment", headers, url="/2024/11/04/flood/", name="Ann", text="Hello")
        receiver.form("comment", headers, url="/2024/11/04/flood/", name="Ann", text="")
        receiver.run_due_jobs()
        assert len(receiver.log) == 3
        for line in receiver.log:
            assert not {part for part in ("203.0.113.77", "Ann", "Hello") if part in line}
