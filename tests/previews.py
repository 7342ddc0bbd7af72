"""A preview that runs in another thread, for tests that look at it.

with previewing(site) as preview:
    answer = preview.get("/")
"""

from __future__ import annotations

import http.client
import queue
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sitegen.flow.build import Options
from sitegen.preview.server import Address, serve
from sitegen.watch.watching import Watch
from tests.rebuilding import DEADLINE_SECONDS


class Answer:
    """What a server answered."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Running:
    """A preview, from outside."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.home = ""
        """The address that the terminal shows, which ends in a slash."""
        self.said: list[str] = []
        self.failure: BaseException | None = None
        self._news: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return urlsplit(self.home).port or 0

    @property
    def folder(self) -> Path:
        """The folder that it builds into."""
        return self.site / ".sitegen" / "preview" / str(self.port)

    def say(self, text: str) -> None:
        """Take a text for the terminal."""
        self._news.put(text)

    def fail(self, error: BaseException) -> None:
        """Take the exception that ended the preview."""
        self.failure = error
        self._news.put(None)

    def until_said(self, pattern: str) -> str:
        """Wait for a text that has `pattern` in it, and return that text."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                text = self._news.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{pattern} was not said, but {self.said}") from None
            if text is None:
                assert self.failure is not None
                raise self.failure
            self.said.append(text)
            if re.search(pattern, text):
                return text

    def get(
        self,
        target: str,
        headers: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        host: str = "127.0.0.1",
    ) -> Answer:
        """Send one request for `target`, exactly as it is written."""
        connection = http.client.HTTPConnection(host, self.port, timeout=DEADLINE_SECONDS)
        try:
            connection.putrequest(method, target, skip_host="Host" in (headers or {}))
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            return Answer(connection.getresponse())
        finally:
            connection.close()


@contextmanager
def previewing(
    site: Path,
    options: Options | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    allow_hosts: tuple[str, ...] = (),
    open_browser: bool = False,
) -> Iterator[Running]:
    """Show the site on a free port while the block runs, which begins after the first build."""
    running = Running(site)
    watch = Watch(site, running.say)

    def work() -> None:
        try:
            serve(
                site,
                options or Options(),
                Address(host, port),
                running.say,
                allow_hosts=allow_hosts,
                open_browser=open_browser,
                watch=watch,
            )
        except BaseException as error:  # noqa: BLE001 - it is raised in the test
            running.fail(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        said = running.until_said("Preview: ")
        found = re.search(r"http://\S+", said)
        assert found
        running.home = found[0]
        yield running
    finally:
        watch.end()
        thread.join()
