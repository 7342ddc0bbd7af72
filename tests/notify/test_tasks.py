"""What an article says, and what was told of it: what is to be told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sitegen.model import moments
from sitegen.notify.articles import SourceArticle
from sitegen.notify.records import Notification, ProtocolName, State
from sitegen.notify.tasks import plan_tasks

NOW = moments.parse("2024-11-05T12:00Z")
THEIRS = "https://other.example/a"
OLD, NEW = "https://paper.example/old/", "https://paper.example/new/"
ARTICLE = SourceArticle(NEW, "Flood", "", (THEIRS,), "now")
SENT = Notification(NEW, THEIRS, "told", "webmention", digest="now", accepted_at=moments.iso(NOW))


def kinds(
    article: SourceArticle | None, *sent: Notification, force: bool = False
) -> list[tuple[str, str]]:
    """Return what is to be told, and of which address of ours."""
    found = plan_tasks("flood", article, sent, NOW, force=force)
    return [(task.kind, task.source) for task in found.due]


@pytest.mark.parametrize("protocol", ["pingback", "trackback"])
def test_what_cannot_be_taken_back_is_said_once(protocol: ProtocolName) -> None:
    """No change, no removal, and no new address of ours makes one come again."""
    sent = SENT._replace(protocol=protocol, digest="before")
    assert kinds(ARTICLE, sent) == []
    assert kinds(ARTICLE, sent._replace(source=OLD)) == []
    assert kinds(None, sent) == []
    assert kinds(ARTICLE, sent, force=True) == []
    assert plan_tasks("flood", None, [sent], NOW).obsolete == ()


def test_another_spelling_is_the_same_page() -> None:
    """A fragment or a default port makes no other target."""
    article = ARTICLE._replace(targets=("https://OTHER.example:443/a#part",))
    assert kinds(article, SENT) == []


def test_what_waits_is_due_at_its_time() -> None:
    """Not before, unless it is asked for."""
    later = moments.iso(NOW + timedelta(seconds=1))
    waiting = SENT._replace(state="waiting", retry_at=later)
    assert kinds(ARTICLE, waiting) == []
    assert kinds(None, waiting) == []
    assert kinds(ARTICLE, waiting, force=True) == [("update", NEW)]
    assert kinds(ARTICLE, waiting._replace(retry_at=moments.iso(NOW))) == [("update", NEW)]
    assert kinds(None, waiting._replace(retry_at=moments.iso(NOW))) == [("removal", NEW)]


def test_what_never_came_is_forgotten() -> None:
    """Who takes none, and who refused, need not hear that a link is gone."""
    for state in ("none", "refused"):
        record = Notification(NEW, THEIRS, state)
        assert kinds(None, record) == []
        assert plan_tasks("flood", None, [record], NOW).obsolete == (record,)


def test_what_may_have_come_is_taken_back() -> None:
    """A webmention on its way when the machine died, or that was not answered well."""
    for state in ("sending", "waiting"):
        assert kinds(None, Notification(NEW, THEIRS, state, "webmention")) == [("removal", NEW)]


@pytest.mark.parametrize(
    ("state", "protocol"),
    [("unsure", "trackback"), ("unsure", "webmention"), ("sending", "trackback")],
)
def test_what_may_have_come_and_must_not_come_twice_is_left_to_people(
    state: State, protocol: ProtocolName
) -> None:
    """It is told, and sent again only if that is asked for."""
    record = Notification(NEW, THEIRS, state, protocol, digest="now")
    found = plan_tasks("flood", ARTICLE, [record], NOW, force=False)
    assert (found.due, found.unsure) == ((), (record,))
    assert kinds(ARTICLE, record, force=True) == [("new", NEW)]


@pytest.mark.parametrize("protocol", ["webmention", "pingback"])
def test_what_was_being_sent_is_sent_again(protocol: ProtocolName) -> None:
    """Where the receiver knows a pair of addresses again, a machine that died does no harm."""
    record = Notification(NEW, THEIRS, "sending", protocol, digest="now")
    found = plan_tasks("flood", ARTICLE, [record], NOW, force=False)
    assert [task.record for task in found.due] == [record]
    assert found.unsure == ()


def test_what_is_to_be_done_is_listed_apart() -> None:
    """What waits is neither due nor forgotten; what was told and is the same is nothing."""
    later = moments.iso(NOW + timedelta(seconds=1))
    waiting = SENT._replace(state="waiting", retry_at=later)
    for article in (ARTICLE, None):
        found = plan_tasks("flood", article, [waiting], NOW, force=False)
        assert (found.due, found.waiting, found.obsolete) == ((), (waiting,), ())
    assert plan_tasks("flood", ARTICLE, [SENT], NOW, force=False) == ((), (), (), ())
