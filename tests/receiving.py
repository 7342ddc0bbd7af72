"""A receiver that answers on loopback, for tests that send it things.

with receiving(tmp_path) as receiver:
    answer = receiver.form("comment", url=FLOOD, name="Ann", text="Thank you.")
    receiver.run_due_jobs()
    receiver.files()
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn

from sitegen.config.loading import from_table
from sitegen.model import moments
from sitegen.model.moments import Moment
from sitegen.output.writing import FIRST_LINE, MANIFEST
from sitegen.receive.environment import Secrets
from sitegen.receive.server import Receiver, http_config, make_receiver
from sitegen.responses import moderation
from sitegen.responses.files import Response
from sitegen.responses.paths import Status
from sitegen.web.fetching import Fetcher, Limits
from tests.previews import Answer
from tests.sitefactory import tree, write
from tests.wild_server import LOOPBACK, PATIENCE

BASE = "https://news.example/paper/"
FLOOD = "/2024/11/04/flood/"
CLOSED = "/2024/11/05/closed/"
TARGET = "https://news.example/paper/2024/11/04/flood/"
SECRET = "a secret of the moderators"  # noqa: S105 - of the tests
START = moments.parse("2026-11-23T14:00Z")

_TRUST = ssl.create_default_context()
"""Made once: reading all certificates takes longer than most tests."""

FORM = "application/x-www-form-urlencoded"


def article_page(thread: str, comments: str = "open", trackbacks: str = "open") -> str:
    """Return a page as the theme makes it, as far as the receiver reads it."""
    return (
        f"<!doctype html><html><head><title>x</title></head><body><main>"
        f'<article data-article="{thread}" data-comments="{comments}"'
        f' data-trackbacks="{trackbacks}"><h1>x</h1></article></main></body></html>'
    )


PAGES = {
    "2024/11/04/flood/index.html": article_page("2024-flood"),
    "2024/11/05/closed/index.html": article_page("2024-closed", "closed", "closed"),
    "index.html": "<!doctype html><html><body><p>Front</p></body></html>",
    "old/flood/index.html": (
        f'<!doctype html><html><head><link rel="canonical" href="{TARGET}"></head></html>'
    ),
}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> Moment:
        """Return what it shows."""
        return self.moment

    def forward(self, **time: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**time)


class ReceiverClient:
    """A receiver, from outside; the jobs of its queue run when the test says so."""

    def __init__(self, made: Receiver, port: int, clock: Clock, log: list[str]) -> None:
        self.made = made
        self.port = port
        self.clock = clock
        self.log = log
        self.site = made.context.site

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, f"/{path}", body, dict(headers or {}))
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def form(self, path: str, headers: Mapping[str, str] | None = None, /, **fields: str) -> Answer:
        """Send a form."""
        body = urlencode(fields).encode()
        return self.send("POST", path, body, {"Content-Type": FORM, **(headers or {})})

    def comment(self, **fields: str) -> Answer:
        """Send a comment to the flood, or what the fields say."""
        chosen = {"article": "2024-flood", "url": FLOOD, "name": "Ann", "text": "Thank you."}
        return self.form("comment", **(chosen | fields))

    def run_due_jobs(self) -> None:
        """Run all jobs that are due."""
        self.made.workers.run_due_jobs()

    def responses(self, status: Status = "pending") -> list[Response]:
        """Return what is filed, oldest first; all of it can be read."""
        listed = moderation.list_responses(self.site, status, self.made.context.config)
        assert [found.problems for found in listed if found.problems] == []
        return [found.response for found in listed if found.response]

    def files(self) -> list[str]:
        """Return all files that lie in the site folder, but for what is built and remembered."""
        return sorted(
            path for path in tree(self.site) if not path.startswith(("output/", ".sitegen/"))
        )


@contextmanager
def receiving(
    folder: Path,
    *,
    pages: Mapping[str, str] = PAGES,
    secrets: Secrets = Secrets(SECRET, ""),  # noqa: B008 - a frozen value
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    fetcher: Fetcher | None = None,
    **config: Any,
) -> Iterator[ReceiverClient]:
    """Run a receiver while the block runs; `config` are tables of the configuration.

    It may fetch from 127.0.0.1, to which all names lead.
    """
    build(folder, pages)
    table = {
        "title": "The Packet",
        "base_url": BASE,
        "responses": {"receiver": "http://respond.example/", "pingback": True, "trackback": True},
        **config,
    }
    clock = Clock()
    log: list[str] = []
    fetcher = fetcher or Fetcher(
        "tests",
        limits,
        resolver=lambda _host: ["127.0.0.1"],
        allowed=LOOPBACK,
        ports=None,
        trust=_TRUST,
    )
    made = make_receiver(
        folder, from_table(table), secrets, log.append, clock=clock, fetcher=fetcher
    )
    with serving(made, lifespan="off") as port:
        yield ReceiverClient(made, port, clock, log)
    made.context.database.close()


def build(folder: Path, pages: Mapping[str, str]) -> None:
    """Write pages as if a build had made them."""
    manifest = "\n".join((FIRST_LINE, *sorted(pages), ""))
    write(folder / "output", {**pages, MANIFEST: manifest})


@contextmanager
def serving(made: Receiver, lifespan: str, at: socket.socket | None = None) -> Iterator[int]:
    """Answer on a free port, or at a socket, while the block runs, as `sitegen receive` does.

    Without `lifespan` ("off") the workers do not work: the test does.
    """
    config = http_config(made.app, "127.0.0.1", 0)
    config.lifespan = "off" if lifespan == "off" else "on"
    server = uvicorn.Server(config)
    with at or socket.create_server(("127.0.0.1", 0), backlog=200) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
