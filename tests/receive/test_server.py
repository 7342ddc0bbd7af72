"""Rules of the receiver as a server: nobody hangs it, nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import http.client
import os
import random
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from sitegen.cli.main import main
from sitegen.config.loading import from_table
from sitegen.model.errors import UsageError
from sitegen.receive import requests
from sitegen.receive.database import MOST_WAITING, Database
from sitegen.receive.environment import MODERATION, Secrets, read_secrets
from sitegen.receive.server import create_app, make_receiver, now, opening_problem
from sitegen.responses import moderation
from sitegen.web import idle_timeout
from tests import killing_receiver
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


class Flood:
    """Two hundred senders of comments at once."""

    def __init__(self) -> None:
        self.thanked: set[str] = set()
        self.refused: set[str] = set()
        self.failed: set[str] = set()

    def send(self, port: int, texts: list[str], *, enough: int, then: Callable[[], None]) -> None:
        """Send each text on a connection of its own; call `then` after so many thanks."""

        async def one(text: str) -> None:
            body = urlencode({"url": FLOOD, "name": "A", "text": text}).encode()
            head = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(head + body)
                status = (await reader.read()).partition(b" ")[2][:3]
                writer.close()
            except OSError:
                status = b""
            kind = {b"200": self.thanked, b"429": self.refused}.get(status, self.failed)
            kind.add(text)
            if kind is self.thanked and len(self.thanked) == enough:
                then()

        async def all_of_them() -> None:
            await asyncio.gather(*map(one, texts))

        asyncio.run(all_of_them())


def fill_queue(site: Path, room: int) -> None:
    """Leave room for so many jobs in the queue."""
    with Database(site / ".sitegen/receive.sqlite3"):
        pass  # makes the tables
    with contextlib.closing(sqlite3.connect(site / ".sitegen/receive.sqlite3")) as connection:
        row = "INSERT INTO jobs VALUES (?, ?, 'filler', '{}', 1e12, 1, 0)"
        rows = ((number, b"%d" % number) for number in range(MOST_WAITING - room))
        connection.executemany(row, rows)
        connection.commit()


def empty_queue(site: Path) -> None:
    """Take out what `fill_queue` put in."""
    with contextlib.closing(sqlite3.connect(site / ".sitegen/receive.sqlite3")) as connection:
        connection.execute("DELETE FROM jobs WHERE kind = 'filler'")
        connection.commit()


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_a_flood(tmp_path: Path) -> None:
    """Killed twice in the middle, with a queue that fills up: who was thanked is filed, once."""
    build(tmp_path, PAGES)
    rules = "per_address = 100000\nper_article = 100000\nin_total = 100000\n"
    config = f'base_url = "https://news.example/paper/"\n[receive]\n{rules}'
    (tmp_path / "sitegen.toml").write_text(config, "utf-8")
    fill_queue(tmp_path, room=80)
    # Nothing can be filed at first, so that the queue fills up.
    (tmp_path / "responses").write_text("in the way", "utf-8")
    first = [f"a {number}" for number in range(200)]
    second = [f"b {number}" for number in range(80)]
    flood = Flood()
    with started(tmp_path) as (process, port):
        flood.send(port, first, enough=80, then=lambda: None)
        process.kill()
    assert len(flood.thanked) == 80
    assert len(flood.refused) == 120
    empty_queue(tmp_path)
    (tmp_path / "responses").unlink()
    with started(tmp_path) as (process, port):
        again = sorted(flood.refused) + second
        flood.send(port, again, enough=140, then=process.kill)
    assert flood.failed
    with started(tmp_path) as (process, port):
        again = sorted({*first, *second} - flood.thanked)
        flood.send(port, again, enough=0, then=lambda: None)
        process.terminate()
        assert process.wait() == 0
    assert flood.thanked == {*first, *second}
    later = from_table({}), Secrets("", ""), lambda _line: None
    in_an_hour = now() + timedelta(hours=1)
    made = make_receiver(tmp_path, *later, clock=lambda: in_an_hour)
    made.workers.run_due_jobs()
    assert made.context.database.waiting() == 0
    made.context.database.close()
    filed = [path.read_text("utf-8").rpartition("---\n")[2].strip() for path in pending(tmp_path)]
    assert sorted(filed) == sorted(flood.thanked)


KILLS = int(os.environ.get("KILLS", "20"))


@pytest.mark.slow
def test_a_kill_at_any_moment_damages_nothing(tmp_path: Path) -> None:
    """While it takes, files and approves: the next start is whole, with all that was thanked for.

    `KILLS=100` kills at so many moments.
    """
    program = [sys.executable, "-m", "tests.killing_receiver"]
    build(tmp_path / "whole", PAGES)
    done = subprocess.run(
        [*program, str(tmp_path / "whole")], check=True, capture_output=True, text=True
    )
    moments = random.Random(14).sample(range(1, int(done.stdout) + 1), KILLS)  # noqa: S311 - to choose
    sites = [tmp_path / str(moment) for moment in moments]
    for site in sites:
        build(site, PAGES)
    words = [f"{site}:{site.name}" for site in sites]
    subprocess.run([*program, *words], check=True)
    killed = 0
    for site in sites:
        thanked = (site / "thanked.txt").read_text("utf-8").splitlines()
        killed += len(thanked) < killing_receiver.COMMENTS
        made = killing_receiver.receiver(site)
        made.context.database.release_leases()
        made.workers.run_due_jobs()
        moderation.remove_leftovers(site, time.time() + 60)
        database = sqlite3.connect(site / ".sitegen/receive.sqlite3")
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        database.close()
        filed = set()
        for status in ("pending", "shown"):
            for found in moderation.list_responses(site, status, made.context.config):
                assert found.problems == ()
                filed.add(found.response.text if found.response else "")
        assert set(thanked) <= filed <= set(killing_receiver.texts())
        names = [path.name for path in (site / "responses").rglob("*") if path.is_file()]
        assert all(name.endswith(".md") for name in names)
        # And it works on: what it has is known to it, what is new is taken.
        assert {killing_receiver.send(made, text) for text in (*thanked[-1:], "new")} == {200}
        made.workers.run_due_jobs()
        texts = [
            found.response.text
            for found in moderation.list_responses(site, "pending", made.context.config)
            if found.response
        ]
        assert texts.count("new") == 1
        made.context.database.close()
    assert killed > KILLS // 2


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
