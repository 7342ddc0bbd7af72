"""Servers on loopback that answer with whatever bytes a test wants: the web at its worst.

with wild({"/page": answer("<p>Hello")}) as server:
    server.url("/page")
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network
from typing import NamedTuple

LOOPBACK = (ip_network("127.0.0.1/32"),)
"""What a fetcher of a test is allowed beside the public web."""

PATIENCE = 30.0
"""Seconds after which a server gives up on a client; no test comes near."""


class Asked(NamedTuple):
    """A request."""

    method: str
    target: str
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes


class Line:
    """A connection to a client, for answers that are more than bytes."""

    def __init__(self, connection: socket.socket, stopped: threading.Event) -> None:
        self._connection = connection
        self._stopped = stopped

    def send(self, data: bytes) -> None:
        """Send bytes; raises `OSError` when the client has gone."""
        self._connection.sendall(data)

    def drip(self, data: bytes) -> None:
        """Send `data` again and again, a little at a time, until the client has gone."""
        with contextlib.suppress(OSError):
            while not self._stopped.wait(0.01):
                self.send(data)

    def hang(self) -> None:
        """Say nothing until the client has gone."""
        with contextlib.suppress(OSError):
            self._connection.recv(1)


Answerer = Callable[[Line, Asked], None]


def answer(
    body: str | bytes = b"",
    status: str = "200 OK",
    kind: str = "text/html; charset=utf-8",
    **headers: str,
) -> bytes:
    """Return a whole answer; underscores in the names of headers become hyphens."""
    data = body.encode() if isinstance(body, str) else body
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(data)}",
        "Connection: close",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + data


def moved(location: str, status: str = "302 Found") -> bytes:
    """Return an answer that sends the client elsewhere."""
    return answer("", status, Location=location)


NOT_FOUND = answer("gone", "404 Not Found")


class Wild:
    """A server and what it was asked."""

    def __init__(self, routes: Mapping[str, bytes | Answerer], scheme: str) -> None:
        self.routes: dict[str, bytes | Answerer] = dict(routes)
        self.asked: list[Asked] = []
        self.stopped = threading.Event()
        self._scheme = scheme
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the URL of a path, under any name."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def targets(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [asked.target for asked in self.asked]

    def accept(self, context: ssl.SSLContext | None) -> None:
        """Answer clients until the listener is shut."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection, context))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, context: ssl.SSLContext | None) -> None:
        connection.settimeout(PATIENCE)
        with contextlib.suppress(OSError), connection:
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as reader:
                words = reader.readline().decode("latin-1").split()
                if len(words) < 2:
                    return
                headers = {}
                while line := reader.readline().strip():
                    name, _, value = line.decode("latin-1").partition(":")
                    headers[name.lower()] = value.strip()
                body = reader.read(int(headers.get("content-length", 0)))
                asked = Asked(words[0], words[1], headers, body)
                self.asked.append(asked)
                found = self.routes.get(asked.target, self.routes.get("*", NOT_FOUND))
                if isinstance(found, bytes):
                    connection.sendall(found)
                else:
                    found(Line(connection, self.stopped), asked)

    def close(self) -> None:
        """End every answer that is still under way."""
        self.stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()


@contextmanager
def wild(
    routes: Mapping[str, bytes | Answerer], context: ssl.SSLContext | None = None
) -> Iterator[Wild]:
    """Run a server on a free port of loopback; `routes` are by path, `*` stands for the rest."""
    server = Wild(routes, "http" if context is None else "https")
    thread = threading.Thread(target=server.accept, args=(context,))
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
