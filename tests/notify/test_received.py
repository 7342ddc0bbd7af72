"""What `sitegen notify` sends, `sitegen receive` understands: two papers on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.notifying import Newsroom, newsroom
from tests.receiving import FLOOD, ReceiverClient, receiving
from tests.sitefactory import AT
from tests.wild_server import answer

PAGES = {
    "webmention": '<link rel="webmention" href="{endpoint}webmention">',
    "pingback": '<link rel="pingback" href="{endpoint}pingback">',
    "trackback": '<rdf:RDF><rdf:Description dc:identifier="{page}" '
    'trackback:ping="{endpoint}trackback' + FLOOD + '" /></rdf:RDF>',
}


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[tuple[Newsroom, ReceiverClient]]:
    """Return a paper that notifies, and the receiver of another."""
    with (
        newsroom(tmp_path) as room,
        receiving(tmp_path / "other", base_url=room.other.url("/")) as receiver,
    ):
        yield room, receiver


def offer(papers: tuple[Newsroom, ReceiverClient], protocol: str) -> None:
    """Let the other paper's article take notifications by one protocol."""
    room, receiver = papers
    html = PAGES[protocol].format(
        endpoint=f"http://127.0.0.1:{receiver.port}/", page=room.other.url(FLOOD)
    )
    room.other.routes[FLOOD] = answer(html)


@pytest.mark.parametrize("protocol", PAGES)
def test_a_mention_arrives(protocol: str, papers: tuple[Newsroom, ReceiverClient]) -> None:
    """By each protocol it is filed with our address, our headline and the words around the link."""
    room, receiver = papers
    offer(papers, protocol)
    room.write(FLOOD, title="High water", body="They saw it coming:")
    (outcome,) = room.publish().outcomes
    receiver.run_due_jobs()
    (response,) = receiver.responses()

    assert (outcome.state, outcome.protocol) == ("told", protocol)
    assert (response.kind, response.source) == (protocol, room.source())
    assert response.title.startswith("High water")
    assert "They saw it coming" in response.text


def test_an_update_and_a_removal_arrive(papers: tuple[Newsroom, ReceiverClient]) -> None:
    """The same response says what the article says now, and goes with the link."""
    room, receiver = papers
    offer(papers, "webmention")
    room.write(FLOOD, body="They saw it coming:")
    room.publish()
    receiver.run_due_jobs()
    room.write(FLOOD, body="They had seen it coming:")
    receiver.clock.forward(hours=2)
    room.publish(AT + timedelta(hours=2))
    receiver.run_due_jobs()
    (response,) = receiver.responses()
    assert "They had seen it coming" in response.text

    room.write()
    receiver.clock.forward(hours=2)
    room.publish(AT + timedelta(hours=4))
    receiver.run_due_jobs()
    assert receiver.responses() == []
    assert len(receiver.responses("deleted")) == 1


def test_a_withdrawal_arrives_where_the_host_answers_410(
    papers: tuple[Newsroom, ReceiverClient],
) -> None:
    """404 may be a mistake; 410 says that it is meant."""
    room, receiver = papers
    room.write(name="other")
    offer(papers, "webmention")
    room.write(FLOOD)
    room.publish()
    receiver.run_due_jobs()
    (room.site / "articles/flood.md").unlink()
    room.deploy()
    room.own.routes["/2024/11/04/flood/"] = answer("", "410 Gone")
    receiver.clock.forward(hours=2)
    room.notify(now=AT + timedelta(hours=2))
    receiver.run_due_jobs()

    assert receiver.responses() == []
    assert len(receiver.responses("deleted")) == 1
