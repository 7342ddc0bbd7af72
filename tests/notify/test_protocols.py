"""What is sent to other sites, and what their answers mean."""

from __future__ import annotations

import xmlrpc.client
from urllib.parse import parse_qs

import pytest

from sitegen.notify.protocols import Message, encode, verdict

MESSAGE = Message(
    "https://paper.example/a/",
    "https://other.example/b",
    "川の水",
    "Rose & fell. " * 40,
    "The Paper",
)


def test_a_webmention_is_two_addresses() -> None:
    """And nothing else."""
    body, kind = encode("webmention", MESSAGE)
    assert kind == "application/x-www-form-urlencoded"
    assert parse_qs(body.decode("ascii")) == {
        "source": ["https://paper.example/a/"],
        "target": ["https://other.example/b"],
    }


def test_a_pingback_is_a_call() -> None:
    """Source and target, as strings."""
    body, kind = encode("pingback", MESSAGE)
    assert kind.startswith("text/xml")
    assert xmlrpc.client.loads(body) == (
        ("https://paper.example/a/", "https://other.example/b"),
        "pingback.ping",
    )


def test_a_trackback_says_its_encoding() -> None:
    """TrackBack 1.2; an excerpt is an excerpt."""
    body, kind = encode("trackback", MESSAGE)
    fields = parse_qs(body.decode("ascii"), encoding="utf-8")
    assert kind == "application/x-www-form-urlencoded; charset=utf-8"
    assert fields["url"] == ["https://paper.example/a/"]
    assert fields["title"] == ["川の水"]
    assert fields["blog_name"] == ["The Paper"]
    assert len(fields["excerpt"][0]) <= 252


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, "accepted"),
        (204, "accepted"),
        (400, "refused"),
        (410, "refused"),
        (429, "retry"),
        (503, "retry"),
    ],
)
def test_a_status_says_whether_it_came(status: int, result: str) -> None:
    """A success is one; what may pass is tried again; all else is a no."""
    assert verdict("webmention", status, b"").result == result


def fault(code: int, text: str = "no") -> bytes:
    """Return a fault of XML-RPC."""
    return xmlrpc.client.dumps(xmlrpc.client.Fault(code, text), methodresponse=True).encode()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxx">]>'
    b"<methodResponse>&x;</methodResponse>"
)


@pytest.mark.parametrize(
    ("body", "result", "reason"),
    [
        (xmlrpc.client.dumps(("ok",), methodresponse=True).encode(), "accepted", ""),
        (fault(48), "accepted", ""),
        (fault(0, "It\n is \u202enot"), "refused", "returned fault 0: It is not"),
        (fault(17), "refused", "returned fault 17: no"),
        (fault(33), "refused", "returned fault 33: no"),
        (fault(49), "refused", "returned fault 49: no"),
        (fault(16), "retry", "returned fault 16: no"),
        (fault(50), "retry", "returned fault 50: no"),
        (b"<html>hello", "refused", "did not return valid XML-RPC"),
        (b"<html/>", "refused", "did not return valid XML-RPC"),
        (b"", "refused", "did not return valid XML-RPC"),
        (BOMB, "refused", "did not return valid XML-RPC"),
    ],
)
def test_answers_to_a_pingback(body: bytes, result: str, reason: str) -> None:
    """Registered already is as good as taken; entities are not read."""
    assert verdict("pingback", 200, body) == (result, reason)


@pytest.mark.parametrize(
    ("body", "result", "reason"),
    [
        (b"<response><error>0</error></response>", "accepted", ""),
        (b"<response><error> 0</error><rss/></response>", "accepted", ""),
        (b"<response><error></error></response>", "accepted", ""),
        (b"<response></response>", "accepted", ""),
        (b"<error>1</error><message>No &amp; no</message>", "refused", "returned error 1: No & no"),
        (b"<error>-2</error>", "refused", "returned error -2"),
    ],
)
def test_answers_to_a_trackback(body: bytes, result: str, reason: str) -> None:
    """An error is one only where it says so: old servers answer in many ways."""
    assert verdict("trackback", 200, body) == (result, reason)
