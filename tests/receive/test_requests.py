"""Rules of `sitegen.receive.requests`: who sent a request, and what stands in its form."""

from __future__ import annotations

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sitegen.receive.requests import FORM, raw_fields, sender_of, trusted_networks

OURS = trusted_networks(["127.0.0.1", "10.0.0.0/24", "fd00::/8"])


def request(peer: str, *forwarded: str) -> Request:
    """Return a request from a peer, with headers as proxies write them."""
    headers = [(b"x-forwarded-for", text.encode()) for text in forwarded]
    return Request({"type": "http", "headers": headers, "client": (peer, 1)})


@pytest.mark.parametrize(
    ("peer", "forwarded", "sender"),
    [
        ("203.0.113.1", [], "203.0.113.1"),
        ("203.0.113.1", ["198.51.100.1"], "203.0.113.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1, 198.51.100.1, 10.0.0.7"], "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1, nonsense"], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["1.1.1.1,"], "127.0.0.1"),
        ("127.0.0.1", ["[2001:db8::1]"], "2001:db8::1"),
        ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
        ("127.0.0.1", [", ".join(["10.0.0.1"] * 5000)], "10.0.0.1"),
    ],
)
def test_only_proxies_of_ours_are_believed(peer: str, forwarded: list[str], sender: str) -> None:
    """From the right, up to the first address that is no proxy of ours."""
    assert sender_of(request(peer, *forwarded), OURS) == sender


def test_without_a_peer_there_is_no_sender() -> None:
    """A server that listens at a file of the computer tells none."""
    assert sender_of(Request({"type": "http", "headers": [], "client": None}), OURS) == ""


def test_the_first_of_repeated_fields_counts() -> None:
    """And empty ones are there."""
    assert raw_fields(FORM, b"a=1&a=2&b=&c") == {"a": b"1", "b": b"", "c": b""}


def test_bytes_stay_what_they_are() -> None:
    """Escaped or not: what they mean is found out later."""
    assert raw_fields(f"{FORM}; charset=x", b"a=%ff+\xfe") == {"a": b"\xff \xfe"}


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [("text/plain", b"a=b", 415), ("", b"", 415), (FORM, b"&".join([b"a=b"] * 41), 400)],
)
def test_other_bodies_are_refused(kind: str, body: bytes, status: int) -> None:
    """Another type, or more fields than a form has."""
    with pytest.raises(HTTPException) as caught:
        raw_fields(kind, body)
    assert caught.value.status_code == status
