"""What other programs say is passed on without secrets."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sitegen.deploy import programs
from sitegen.model.errors import SitegenError
from tests import endpoints
from tests.deploying import command, site_with

TOKEN = "tok3n-AbCdEf0123456789"  # noqa: S105 - of nothing


@pytest.mark.parametrize(
    "text",
    [
        f"fatal: unable to access 'https://me:{TOKEN}@example.org/paper.git/': 403",
        f"fatal: unable to access 'https://{TOKEN}@example.org/paper.git/': 403",
        f"PUT https://account.example.net/paper/x?sv=2024&sig={TOKEN} failed",
        f"> Authorization: Bearer {TOKEN}",
        f"password={TOKEN}",
    ],
)
def test_secrets_are_left_out(text: str) -> None:
    """User names, passwords, queries and headers of authorization are not repeated."""
    said = programs.redacted(text)

    assert TOKEN not in said
    assert said != text


@pytest.mark.parametrize(
    "text", ['rsync: change_dir "/srv/www" failed: No such file or directory (2)', "Is it there?"]
)
def test_the_rest_is_told(text: str) -> None:
    """What holds no secret is passed on as it is."""
    assert programs.redacted(text) == text


def test_a_program_that_is_not_there() -> None:
    """A program that is not installed is named."""
    with pytest.raises(SitegenError, match="`no-such-program` is not installed"):
        programs.run(["no-such-program"])


class Closed(BaseHTTPRequestHandler):
    """Lets nobody in, and remembers who tried."""

    tried: list[str]

    def do_GET(self) -> None:
        """Ask for credentials, and refuse them."""
        credentials = self.headers.get("Authorization", "")
        self.tried.append(credentials)
        self.send_response(403 if credentials else 401)
        self.send_header("WWW-Authenticate", 'Basic realm="paper"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def closed() -> Iterator[ThreadingHTTPServer]:
    """A server that lets nobody in."""
    Closed.tried = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Closed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_token_reaches_git_and_nobody_else(tmp_path: Path, closed: ThreadingHTTPServer) -> None:
    """The token of the environment is sent to the host, and stands in no message and no file."""
    if endpoints.missing():
        if os.environ.get("CI"):
            pytest.fail(endpoints.hint())
        pytest.skip(endpoints.hint())
    to = f"http://127.0.0.1:{closed.server_address[1]}/paper.git"
    site = site_with(tmp_path / "site", f'kind = "git"\nto = "{to}"')

    done = command("deploy", "--site", site, env={"SITEGEN_GIT_TOKEN": TOKEN})

    assert done.code == 1
    assert "403" in done.err
    assert TOKEN not in done.out + done.err
    basic = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    assert f"Basic {basic}" in Closed.tried
    kept = [
        path for path in site.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()
    ]
    assert kept == []
