"""Reads requests: their body, within limits; their sender; their form."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from sitegen.web.addresses import Network

MOST_BYTES = 100_000
"""Bytes of a body: a comment of 8,000 characters, percent-encoded, and something over."""

SECONDS = 15.0
"""Time that a body may take to come."""

MOST_FIELDS = 40

_MOST_PROXIES = 10

FORM = "application/x-www-form-urlencoded"


async def read_body(request: Request, most: int = MOST_BYTES, seconds: float = SECONDS) -> bytes:
    """Return the body of a request.

    Raises `HTTPException`: 413 if it is longer than `most` bytes, 408 if it takes longer than
    `seconds`, 400 if it does not come to its end.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise HTTPException(413, "The request is too large.")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise HTTPException(413, "The request is too large.")
    except TimeoutError:
        raise HTTPException(408, "The request timed out.", {"Connection": "close"}) from None
    except ClientDisconnect:
        raise HTTPException(400, "The request is incomplete.") from None
    return bytes(body)


def read_form(request: Request, body: bytes) -> dict[str, str]:
    """Return the fields of a form in UTF-8; the first of each name.

    Raises `HTTPException` (400, 415) for anything else.
    """
    fields = raw_fields(request.headers.get("content-type", ""), body)
    try:
        return {name: value.decode() for name, value in fields.items()}
    except UnicodeDecodeError:
        raise HTTPException(400, "The form is not in UTF-8.") from None


def raw_fields(content_type: str, body: bytes) -> dict[str, bytes]:
    """Return the fields of a form as bytes: their encoding may stand in another field.

    Starlette's own reader assumes UTF-8. Raises `HTTPException` (400, 415).
    """
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, f"Send the form as {FORM}.")
    try:
        # Latin-1 gives each byte a character, also one that should have been escaped.
        pairs = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise HTTPException(400, "The form has too many fields.") from None
    fields: dict[str, bytes] = {}
    for name, value in pairs:
        fields.setdefault(name, value.encode("latin-1"))
    return fields


def trusted_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks of the newsroom's own proxies. Raises `ValueError`."""
    return tuple(ip_network(text, strict=False) for text in texts)


def sender_of(request: Request, trusted: Sequence[Network]) -> str:
    """Return the address of the sender of a request.

    Each proxy adds on the right the address that it got the request from. So the header is trusted
    only as far as our own proxies wrote it: what stands to the left anybody can send.
    """
    peer = request.client.host if request.client else ""
    headers = request.headers.getlist("x-forwarded-for")
    forwarded = [part.strip() for header in headers for part in header.split(",")]
    chain = [*forwarded[-_MOST_PROXIES:], peer]
    sender = peer
    while chain:
        candidate = chain.pop().removeprefix("[").partition("]")[0]
        try:
            address = ip_address(candidate)
        except ValueError:
            break
        sender = str(address)
        if not any(address in network for network in trusted):
            break
    return sender


def origin_of(headers: Mapping[str, str]) -> str:
    """Return the `Origin` of a request, "" if there is none."""
    return headers.get("origin", "")
