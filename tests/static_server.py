"""A plain static host on loopback, as a built site would meet it in the world."""

import io
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

HOST = "127.0.0.1"


class _Server(ThreadingHTTPServer):
    """Takes it calmly when a browser leaves before the answer is out."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # its own types


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder below a base path; `404.html` for what is not there."""

    def __init__(
        self,
        *args: object,
        base: str,
        directory: str,
        headers: Mapping[str, str],
        before: Callable[[str], HTTPStatus | None],
    ) -> None:
        self.base = base
        self.more_headers = headers
        self.before = before
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]  # socketserver's three

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer GET and HEAD: cut the base path off, then as the standard library does."""
        if not self.path.startswith(self.base):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        self.path = "/" + self.path.removeprefix(self.base)
        if failure := self.before(self.path.partition("?")[0]):
            super().send_error(failure)
            return None
        return super().send_head()

    def end_headers(self) -> None:
        """Send the headers of the host, too."""
        for name, value in self.more_headers.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the site's own page where there is none, as static hosts do."""
        own_page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not own_page.is_file():
            super().send_error(code, message, explain)
            return
        body = own_page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        """Say nothing: the tests' own output is to be read."""


@contextmanager
def serving(
    folder: Path,
    base: str = "/",
    headers: Mapping[str, str] | None = None,
    before: Callable[[str], HTTPStatus | None] = lambda _path: None,
) -> Iterator[str]:
    """Serve `folder` on a free loopback port while the block runs.

    Args:
        folder: an output folder; `x/index.html` answers `/x/`.
        base: the path that the site lives below, from slash to slash, as in `/news/`.
        headers: what the host sends with every answer.
        before: is told the path below `base` before each answer, on a thread of its own: it may
            wait as long as the test wants, and give a status with which the host fails.

    Yields:
        The site's address, which ends in `base`.
    """
    handler = partial(
        _Handler, base=base, directory=str(folder), headers=headers or {}, before=before
    )
    with _Server((HOST, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}{base}"
        finally:
            server.shutdown()
            thread.join()
