"""Rules of `sitegen.receive.mail`: what moderators are told, and when."""

from __future__ import annotations

import base64
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme

from sitegen.receive.environment import Secrets
from tests.receiving import SECRET, ReceiverClient, receiving
from tests.wild_server import PATIENCE

PASSWORD = "pass word"  # noqa: S105 - of the tests


class MailServer:
    """A mail server that takes everything."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self.context = context
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.messages: list[EmailMessage] = []
        self.said: list[str] = []

    def run(self) -> None:
        """Serve one client after the other."""
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            line.settimeout(PATIENCE)
            try:
                with (
                    self.context.wrap_socket(line, server_side=True) if self.context else line as it
                ):
                    self._serve(it)
            except OSError:
                line.close()

    def _serve(self, line: socket.socket) -> None:
        reader = line.makefile("rb")
        line.sendall(b"220 here\r\n")
        while command := reader.readline():
            said = command.decode().strip()
            self.said.append(said)
            word = said.partition(" ")[0].upper()
            if word == "EHLO":
                line.sendall(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif word == "AUTH":
                line.sendall(b"235 ok\r\n")
            elif word == "DATA":
                line.sendall(b"354 go\r\n")
                data = b""
                while (part := reader.readline()) != b".\r\n":
                    data += part
                parsed = email.message_from_bytes(data, policy=email.policy.default)
                self.messages.append(parsed)
                line.sendall(b"250 ok\r\n")
            else:
                line.sendall(b"221 bye\r\n" if word == "QUIT" else b"250 ok\r\n")


@contextmanager
def mail_server(context: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """Run a mail server on loopback."""
    server = MailServer(context)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join()


@contextmanager
def telling(folder: Path, server: str, **rules: Any) -> Iterator[ReceiverClient]:
    """Run a receiver that tells by mail."""
    table = {
        "mail_to": ["desk@example.org", "night@example.org"],
        "mail_from": "responses@example.org",
        "mail_server": server,
        "per_address": 100,
        **rules,
    }
    with receiving(folder, secrets=Secrets(SECRET, PASSWORD), receive=table) as receiver:
        yield receiver


def test_moderators_are_told_together_and_not_too_often(tmp_path: Path) -> None:
    """One mail for all that came, after a minute; the next one not before ten."""
    with mail_server() as server, telling(tmp_path, f"smtp://127.0.0.1:{server.port}") as receiver:
        receiver.comment(name="Ann", text="First")
        receiver.comment(name="יעל", text="Second")
        receiver.run_due_jobs()
        assert server.messages == []
        receiver.clock.forward(seconds=61)
        receiver.run_due_jobs()
        (message,) = server.messages
        text = message.get_content()
        assert message["Subject"] == "2 responses to moderate: The Packet"
        assert message["To"] == "desk@example.org, night@example.org"
        assert "Comment by Ann" in text
        assert "Comment by \u2068יעל\u2069 to" in text
        assert "> Second" in text
        assert text.count("http://respond.example/moderation/decide?t=") == 2

        # In the same second as the mail, and not forgotten.
        receiver.comment(name="Cy", text="Third")
        receiver.run_due_jobs()
        receiver.clock.forward(minutes=5)
        receiver.run_due_jobs()
        assert len(server.messages) == 1
        receiver.clock.forward(minutes=6)
        receiver.run_due_jobs()
        assert server.messages[1]["Subject"] == "1 response to moderate: The Packet"
        assert "First" not in server.messages[1].get_content()
        receiver.clock.forward(days=1)
        receiver.run_due_jobs()
        assert len(server.messages) == 2


def test_nothing_is_told_of_what_was_decided(tmp_path: Path) -> None:
    """What no longer waits when the mail is due is not in it, and an empty mail is not sent."""
    with mail_server() as server, telling(tmp_path, f"smtp://127.0.0.1:{server.port}") as receiver:
        receiver.comment()
        receiver.run_due_jobs()
        for path in (tmp_path / "responses").rglob("*.md"):
            path.unlink()
        receiver.clock.forward(minutes=2)
        receiver.run_due_jobs()
        assert server.messages == []
        assert receiver.made.context.database.waiting() == 0


def test_no_field_becomes_a_header(tmp_path: Path) -> None:
    """Line ends in names and texts stay in the body; so does the sender's wish for a copy."""
    with (
        mail_server() as server,
        telling(tmp_path, f"smtp://127.0.0.1:{server.port}") as receiver,
    ):
        receiver.comment(name="Ann\r\nBcc: evil", text="x\r\n.\r\nRCPT TO:<evil@example.org>")
        receiver.run_due_jobs()
        receiver.clock.forward(minutes=2)
        receiver.run_due_jobs()
        (message,) = server.messages
        assert message["Bcc"] is None
        assert [line for line in server.said if "evil" in line] == []
        assert "RCPT TO:<evil@example.org>" in message.get_content()


def test_a_mail_server_that_is_away_is_tried_again(tmp_path: Path) -> None:
    """The mail stays in the queue; comments are taken meanwhile."""
    with mail_server() as server:
        port = server.port
    with telling(tmp_path, f"smtp://127.0.0.1:{port}") as receiver:
        receiver.comment()
        receiver.run_due_jobs()
        receiver.clock.forward(minutes=2)
        receiver.run_due_jobs()
        assert receiver.made.context.database.waiting() == 1
        assert any("the job `mail` failed" in line for line in receiver.log)
        assert receiver.comment(text="Another").status == 200
        receiver.run_due_jobs()
        assert len(receiver.responses()) == 2


def test_a_name_and_a_password_go_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`smtps` checks the server's certificate before anything is said."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    with mail_server(context) as server:
        address = f"smtps://desk%40example.org@localhost:{server.port}"
        with telling(tmp_path, address) as receiver:
            receiver.comment()
            receiver.run_due_jobs()
            receiver.clock.forward(minutes=2)
            receiver.run_due_jobs()
            assert server.said == []
            with authority.cert_pem.tempfile() as certificate:
                monkeypatch.setenv("SSL_CERT_FILE", certificate)
                receiver.clock.forward(minutes=6)
                receiver.run_due_jobs()
        assert len(server.messages) == 1
        (auth,) = (line for line in server.said if line.startswith("AUTH"))
        said = base64.b64decode(auth.split()[-1]).decode()
        assert said == f"\0desk@example.org\0{PASSWORD}"


def test_the_computer_can_send_itself(tmp_path: Path) -> None:
    """`sendmail:` hands the whole mail to a program."""
    program = tmp_path / "sendmail"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/options\ncat > {tmp_path}/mail\n', "utf-8"
    )
    program.chmod(0o755)
    with telling(tmp_path / "site", f"sendmail:{program}") as receiver:
        receiver.comment(text="字")
        receiver.run_due_jobs()
        receiver.clock.forward(minutes=2)
        receiver.run_due_jobs()
    assert (tmp_path / "options").read_text("utf-8") == "-i -t\n"
    message = email.message_from_bytes(
        (tmp_path / "mail").read_bytes(), policy=email.policy.default
    )
    assert "> 字" in message.get_content()


def test_a_flood_makes_no_long_mail(tmp_path: Path) -> None:
    """Twenty are told in full, and of the rest how many there are."""
    with mail_server() as server, telling(tmp_path, f"smtp://127.0.0.1:{server.port}") as receiver:
        for number in range(25):
            receiver.comment(text=f"Number {number}")
        receiver.run_due_jobs()
        receiver.clock.forward(minutes=2)
        receiver.run_due_jobs()
        text = server.messages[0].get_content()
    assert text.count("decide?t=") == 20
    assert "And 5 more: http://respond.example/moderation/" in text
