"""Rules of `sitegen.receive.monitoring`: what those see who watch over the receiver."""

from __future__ import annotations

import http.client
import json
import os
import re
import sqlite3
from pathlib import Path

from sitegen.config.loading import from_table
from sitegen.output.writing import MANIFEST
from sitegen.receive.environment import Secrets
from sitegen.receive.monitoring import health_of
from sitegen.receive.server import make_receiver
from tests.receiving import PAGES, ReceiverClient, build, receiving, serving
from tests.wild_server import PATIENCE


def health(receiver: ReceiverClient) -> dict[str, object]:
    """Return what `/health` says."""
    found = json.loads(receiver.send("GET", "health").text)
    assert isinstance(found, dict)
    return found


def test_a_receiver_that_runs_is_ready(tmp_path: Path) -> None:
    """200, and when the site was built; nothing of it is kept by proxies."""
    build(tmp_path, PAGES)
    os.utime(tmp_path / "output" / MANIFEST, (1_000_000_000, 1_000_000_000))
    table = {"base_url": "https://news.example/paper/"}
    made = make_receiver(tmp_path, from_table(table), Secrets("", ""), print)
    with serving(made, lifespan="on") as port:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        line.request("GET", "/health")
        answer = line.getresponse()
        found = json.loads(answer.read())
        line.close()
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert found == {
        "ready": True,
        "problems": [],
        "queue": 0,
        "last_build": "2001-09-09T01:46:40Z",
    }


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    """503, with each problem: no worker runs, nothing is built, nothing can be filed."""
    with receiving(tmp_path) as receiver:
        receiver.comment()
        assert receiver.send("GET", "health").status == 503
        assert health(receiver)["problems"] == ["a worker has ended"]
        assert health(receiver)["queue"] == 1
        (tmp_path / "output" / MANIFEST).unlink()
        (tmp_path / "responses").write_text("in the way", "utf-8")
        assert health(receiver)["problems"] == [
            "a worker has ended",
            "responses/ cannot be written to",
            "the site is not built",
        ]
        assert health(receiver)["last_build"] is None
        (tmp_path / "responses").unlink()


def test_a_database_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Looking how the receiver is never fails itself."""
    build(tmp_path, PAGES)
    made = make_receiver(tmp_path, from_table({}), Secrets("", ""), print)
    made.context.database.close()
    found = health_of(made.context, made.workers)
    assert "the database cannot be read" in found.problems
    assert found.queue is None


def test_what_cannot_be_stored_is_not_acknowledged(tmp_path: Path) -> None:
    """A full disk is 503: come again later. Nobody is thanked for what is lost."""
    with receiving(tmp_path) as receiver:
        connection = sqlite3.connect(tmp_path / ".sitegen/receive.sqlite3")
        connection.execute("DROP TABLE jobs")
        connection.close()
        answer = receiver.comment()
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "600"
        assert "refused kind=request reason=503" in receiver.log


def test_metrics_are_there_when_they_are_asked_for(tmp_path: Path) -> None:
    """In Prometheus' text format: each line a comment or a number, each name declared once."""
    with receiving(tmp_path) as receiver:
        assert receiver.send("GET", "metrics").status == 404
    with receiving(tmp_path, receive={"metrics": True}) as receiver:
        receiver.comment()
        receiver.comment(name="")
        answer = receiver.send("GET", "metrics")
        forwarded = receiver.send("GET", "metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert forwarded.status == 404
    name = r"[a-z_]+"
    sample = rf'{name}(\{{({name}="[^"\\]*",?)+\}})? [0-9.]+'
    assert re.fullmatch(rf"((# (HELP|TYPE) {name} .+|{sample})\n)+", answer.text)
    types = re.findall(rf"# TYPE ({name}) (counter|gauge)", answer.text)
    assert len({found for found, _ in types}) == len(types) == 4
    for line in (
        'sitegen_receive_events_total{event="taken",kind="comment",reason=""} 1',
        'sitegen_receive_events_total{event="refused",kind="comment",reason="no_name"} 1',
        "sitegen_receive_ready 0",
        "sitegen_receive_queue_jobs 1",
    ):
        assert line in answer.text.splitlines()
