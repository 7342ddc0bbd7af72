"""Rules of the receiver as a server: nobody hangs it, nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import http.client
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from sitegen.cli.main import main
from sitegen.config.loading import from_table
from sitegen.model.errors import UsageError
from sitegen.receive import requests
from sitegen.receive.environment import MODERATION, Secrets, read_secrets
from sitegen.receive.server import create_app, make_receiver, opening_problem
from sitegen.web import idle_timeout
from tests.receiving import FLOOD, FORM, PAGES, build, receiving, serving
from tests.sitefactory import tree
from tests.wild_server import PATIENCE

HEAD = (
    b"POST /comment HTTP/1.1\r\nHost: respond.example\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)


def talk(port: int, data: bytes) -> bytes:
    """Send bytes, and return all that comes until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        with contextlib.suppress(OSError):
            line.sendall(data)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while chunk := line.recv(65536):
                answer += chunk
        return answer


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"Content-Length: 1000000000\r\n\r\n",
        HEAD + b"Content-Length: 200000\r\n\r\n" + b"x" * 200_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"x" * 65535 + b"\r\n"
        b"ffff\r\n" + b"x" * 65535 + b"\r\n0\r\n\r\n",
    ],
    ids=["declared", "sent", "chunked"],
)
def test_a_body_that_is_too_long_is_refused(data: bytes, tmp_path: Path) -> None:
    """With or without a length: 413, and nothing is written."""
    with receiving(tmp_path) as receiver:
        answer = talk(receiver.port, data.replace(b"Host", b"Connection: close\r\nHost"))
        assert answer.startswith(b"HTTP/1.1 413")
        assert receiver.comment().status == 200


@pytest.mark.parametrize(
    "data",
    [b"", b"POST /comm", HEAD, HEAD + b"Content-Length: 50\r\n\r\nname=A"],
    ids=["nothing", "line", "head", "body"],
)
def test_a_slow_sender_is_sent_away(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stops in the middle is not waited for, and others are answered meanwhile."""
    monkeypatch.setattr(idle_timeout, "HEAD_SECONDS", 1.5)
    monkeypatch.setattr(requests.read_body, "__defaults__", (requests.MOST_BYTES, 1.5))
    with receiving(tmp_path) as receiver:
        lines = [
            socket.create_connection(("127.0.0.1", receiver.port), PATIENCE) for _ in range(50)
        ]
        for line in lines:
            line.sendall(data)
        assert receiver.comment().status == 200
        for line in lines:
            with line:
                answer = b""
                with contextlib.suppress(ConnectionError):
                    while chunk := line.recv(65536):
                        answer += chunk
                assert not answer or answer.startswith(b"HTTP/1.1 408")
        receiver.run_due_jobs()
        assert len(receiver.responses()) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /\r\n\r\n\r\n",
    ],
)
def test_what_is_no_http_gets_no_further(data: bytes, tmp_path: Path) -> None:
    """Heads without end, TLS on a plain port, lengths that contradict each other."""
    with receiving(tmp_path) as receiver:
        answer = talk(receiver.port, data + b"\r\n")
        assert b" 200 " not in answer
        assert receiver.comment().status == 200
        receiver.run_due_jobs()
        assert len(receiver.responses()) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "", 404),
        ("GET", "comment", 405),
        ("PUT", "comment", 405),
        ("GET", "%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "challenge", 404),
        ("GET", "responses/pending/", 404),
        ("GET", ".sitegen/receive.sqlite3", 404),
    ],
)
def test_there_is_nothing_else(method: str, path: str, status: int, tmp_path: Path) -> None:
    """No file of the site is served, and no address does more than it must."""
    with receiving(tmp_path) as receiver:
        assert receiver.send(method, path).status == status


def test_line_ends_in_a_redirect_make_no_headers(tmp_path: Path) -> None:
    """Nothing that is sent comes back in a header."""
    with receiving(tmp_path) as receiver:
        for path in ("moderation/%0d%0aSet-Cookie:a=b", "moderation%0d%0aX:y", "webmention%0d%0a/"):
            got = receiver.send("GET", path)
            assert got.headers["Set-Cookie"] is None
            assert got.headers["X"] is None


def test_the_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    """What must not be published lies outside `responses/`, and nobody else may read it."""
    with receiving(tmp_path) as receiver:
        receiver.comment()
        receiver.run_due_jobs()
    database = tmp_path / ".sitegen" / "receive.sqlite3"
    assert database.stat().st_mode & 0o077 == 0
    assert not [path for path in tree(tmp_path / "responses") if "sqlite" in path]


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """What cannot be filed now stays in the queue, and is filed when it can be."""
    with receiving(tmp_path) as receiver:
        (tmp_path / "responses").write_text("in the way", "utf-8")
        assert receiver.comment().status == 200
        receiver.run_due_jobs()
        assert receiver.made.context.database.waiting() == 1
        assert any("will be tried again" in line for line in receiver.log)
        (tmp_path / "responses").unlink()
        receiver.clock.forward(minutes=6)
        receiver.run_due_jobs()
        assert [found.author for found in receiver.responses()] == ["Ann"]
        assert receiver.made.context.database.waiting() == 0


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    """A folder that leads out of the site is never written through."""
    outside = tmp_path / "outside"
    outside.mkdir()
    site = tmp_path / "site"
    with receiving(site) as receiver:
        (site / "responses").symlink_to(outside)
        receiver.comment()
        receiver.run_due_jobs()
        assert list(outside.iterdir()) == []
        assert receiver.made.context.database.waiting() == 1


def test_many_at_once_are_all_answered_and_filed(tmp_path: Path) -> None:
    """Forty senders at the same time, with the workers running: all is filed, once."""
    rules = {"per_address": 1000}
    build(tmp_path, PAGES)
    table = {"base_url": "https://news.example/paper/", "receive": rules}
    made = make_receiver(tmp_path, from_table(table), Secrets("", ""), lambda _line: None)
    codes: list[int] = []

    def send(port: int, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        for part in range(5):
            body = urlencode({"url": FLOOD, "name": f"{number}", "text": f"{number} {part}"})
            connection.request("POST", "/comment", body, {"Content-Type": FORM})
            got = connection.getresponse()
            got.read()
            codes.append(got.status)
        connection.close()

    with serving(made, lifespan="on") as port:
        threads = [threading.Thread(target=send, args=(port, number)) for number in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    # The rest of the queue is done by the next one that runs.
    again = make_receiver(tmp_path, from_table(table), Secrets("", ""), lambda _line: None)
    again.context.database.release_leases()
    again.workers.run_due_jobs()
    again.context.database.close()
    assert codes == [200] * 200
    texts = [path.read_text("utf-8").rpartition("---\n")[2].strip() for path in pending(tmp_path)]
    assert sorted(texts) == sorted(f"{number} {part}" for number in range(40) for part in range(5))


def pending(site: Path) -> list[Path]:
    """Return the files that wait."""
    return sorted((site / "responses" / "pending").rglob("*.md"))


@contextmanager
def started(site: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run `sitegen receive` as a program, and give it with its port."""
    command = [sys.executable, "-m", "sitegen", "receive", "--site", str(site), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            told = next(line for line in process.stderr if "listening on" in line)
            port = int(told.partition("127.0.0.1:")[2].partition("/")[0])
            # It listens, but ends well only from when it answers.
            assert talk(port, b"GET / HTTP/1.0\r\n\r\n")
            yield process, port
        finally:
            process.kill()


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """Killed in the middle and started again, the receiver has all that it thanked for."""
    build(tmp_path, PAGES)
    config = 'base_url = "https://news.example/paper/"\n[receive]\nper_address = 100000\n'
    (tmp_path / "sitegen.toml").write_text(config, "utf-8")
    thanked: set[str] = set()

    def send(port: int, number: int, one_more: threading.Semaphore) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with (
            contextlib.closing(connection),
            contextlib.suppress(OSError, http.client.HTTPException),
        ):
            for part in range(1000):
                text = f"{number} {part}"
                body = urlencode({"url": FLOOD, "name": "A", "text": text})
                connection.request("POST", "/comment", body, {"Content-Type": FORM})
                got = connection.getresponse()
                got.read()
                if got.status == 200:
                    thanked.add(text)
                    one_more.release()

    for run in range(2):
        with started(tmp_path) as (process, port):
            one_more = threading.Semaphore(0)
            threads = [
                threading.Thread(target=send, args=(port, 10 * run + number, one_more))
                for number in range(8)
            ]
            for thread in threads:
                thread.start()
            for _ in range(60):
                assert one_more.acquire(timeout=PATIENCE)
            process.kill()
            for thread in threads:
                thread.join()
    with started(tmp_path) as (process, _port):
        process.terminate()
        assert process.wait() == 0
    made = make_receiver(tmp_path, from_table({}), Secrets("", ""), lambda _line: None)
    made.context.database.release_leases()
    made.workers.run_due_jobs()
    made.context.database.close()
    filed = {path.read_text("utf-8").rpartition("---\n")[2].strip() for path in pending(tmp_path)}
    assert len(thanked) >= 120
    assert thanked <= filed


# How it is started


def test_a_weak_secret_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A secret that could be guessed ends the command with what to do instead."""
    monkeypatch.setenv(MODERATION, "short")
    with pytest.raises(UsageError):
        read_secrets()
    (tmp_path / "sitegen.toml").write_text("", "utf-8")
    assert main(["receive", "--site", str(tmp_path)]) == 2
    assert "at least 16 characters" in capsys.readouterr().err


def test_without_the_extra_the_command_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing is told, with the line that installs it."""
    for name in [name for name in sys.modules if name.startswith("sitegen.receive")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "altcha", None)
    (tmp_path / "sitegen.toml").write_text("", "utf-8")
    assert main(["receive", "--site", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert 'needs the package "altcha"' in said
    assert 'pip install "sitegen-news[receive]"' in said


def test_any_asgi_server_can_run_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The factory takes its site from the environment, and answers by the protocol alone."""
    build(tmp_path, PAGES)
    (tmp_path / "sitegen.toml").write_text("", "utf-8")
    monkeypatch.setenv("SITEGEN_SITE", str(tmp_path))
    app = create_app()
    sent: list[str] = []

    async def ask() -> None:
        body = urlencode({"url": FLOOD, "name": "A", "text": "T"}).encode()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "method": "POST",
            "path": "/comment",
            "raw_path": b"/comment",
            "query_string": b"",
            "headers": [(b"content-type", FORM.encode())],
        }

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, object]) -> None:
            sent.append(str(message.get("status", "")))

        async with app.router.lifespan_context(app):
            await app(scope, receive, send)  # type: ignore[arg-type]  # plain dictionaries will do

    asyncio.run(ask())
    assert "200" in sent


def test_a_file_that_is_no_database_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and the file is named; it is not left open."""
    (tmp_path / "sitegen.toml").write_text("", "utf-8")
    place = tmp_path / ".sitegen/receive.sqlite3"
    place.parent.mkdir()
    place.write_bytes(b"no database" * 1000)
    assert main(["receive", "--site", str(tmp_path), "--port", "0"]) == 2
    assert ".sitegen/receive.sqlite3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "free", "hint"),
    [
        ("SQLITE_FULL", 0, "make room"),
        ("SQLITE_IOERR_WRITE", 0, "make room"),
        ("SQLITE_IOERR_WRITE", 10**9, "check the disk"),
        ("SQLITE_READONLY", 10**9, "writable"),
        ("SQLITE_CANTOPEN", 10**9, "writable"),
        ("SQLITE_NOTADB", 10**9, "keep it"),
        ("SQLITE_BUSY", 10**9, "end the other program"),
    ],
)
def test_why_the_database_cannot_be_opened_is_told(name: str, free: int, hint: str) -> None:
    """A full disk is not a folder of somebody else."""
    error = sqlite3.OperationalError("said by SQLite")
    error.sqlite_errorname = name
    told = opening_problem(error, ".sitegen/receive.sqlite3", free)
    assert hint in (told.hint or "")
    assert '".sitegen/receive.sqlite3"' in told.message


def test_a_full_disk_is_told_where_the_folder_is_made() -> None:
    """The same of errors of the system."""
    told = opening_problem(OSError(errno.ENOSPC, "No space left on device"), "x", 0)
    assert told.message == 'cannot open "x": the disk is full'
    told = opening_problem(PermissionError(errno.EACCES, "Permission denied"), "x", 10**9)
    assert "writable" in (told.hint or "")


def test_a_port_that_is_taken_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and a sentence instead of a traceback."""
    (tmp_path / "sitegen.toml").write_text("", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["receive", "--site", str(tmp_path), "--port", str(port)]) == 2
    assert re.search(rf"cannot listen on 127\.0\.0\.1, port {port}", capsys.readouterr().err)
