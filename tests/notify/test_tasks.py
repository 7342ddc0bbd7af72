"""What an article says, and what was told of it: what is to be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sitegen.notify.articles import Said
from sitegen.notify.records import Told, Way
from sitegen.notify.tasks import tasks

NOW = datetime(2024, 11, 5, 12, tzinfo=UTC)
THEIRS = "https://other.example/a"
OLD, NEW = "https://paper.example/old/", "https://paper.example/new/"
SAID = Said(NEW, "Flood", "", (THEIRS,), "now")
TOLD = Told(NEW, THEIRS, "told", "webmention", text="now", at=NOW.isoformat())


def kinds(said: Said | None, *told: Told, anyway: bool = False) -> list[tuple[str, str]]:
    """Return what is to be told, and of which address of ours."""
    found = tasks("flood", said, told, NOW, anyway=anyway)
    return [(task.kind, task.source) for task in found.due]


@pytest.mark.parametrize("way", ["pingback", "trackback"])
def test_what_cannot_be_taken_back_is_said_once(way: Way) -> None:
    """No change, no removal, and no new address of ours makes one come again."""
    told = TOLD._replace(way=way, text="before")
    assert kinds(SAID, told) == []
    assert kinds(SAID, told._replace(source=OLD)) == []
    assert kinds(None, told) == []
    assert kinds(SAID, told, anyway=True) == []
    assert tasks("flood", None, [told], NOW).forgotten == ()


def test_another_spelling_is_the_same_page() -> None:
    """A fragment or a default port makes no other target."""
    said = SAID._replace(targets=("https://OTHER.example:443/a#part",))
    assert kinds(said, TOLD) == []


def test_what_waits_is_due_at_its_time() -> None:
    """Not before, unless it is asked for."""
    later = (NOW + timedelta(seconds=1)).isoformat()
    waiting = TOLD._replace(state="waiting", again=later)
    assert kinds(SAID, waiting) == []
    assert kinds(None, waiting) == []
    assert kinds(SAID, waiting, anyway=True) == [("update", NEW)]
    assert kinds(SAID, waiting._replace(again=NOW.isoformat())) == [("update", NEW)]
    assert kinds(None, waiting._replace(again=NOW.isoformat())) == [("removal", NEW)]


def test_what_never_came_is_forgotten() -> None:
    """Who takes none, and who refused, need not hear that a link is gone."""
    for state in ("none", "refused"):
        record = Told(NEW, THEIRS, state)
        assert kinds(None, record) == []
        assert tasks("flood", None, [record], NOW).forgotten == (record,)


def test_what_may_have_come_is_taken_back() -> None:
    """A webmention on its way when the machine died, or that was not answered well."""
    for state in ("sending", "waiting"):
        assert kinds(None, Told(NEW, THEIRS, state, "webmention")) == [("removal", NEW)]
