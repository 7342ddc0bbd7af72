"""A file → an HTTP response: all of it, a part that is asked for, or nothing if that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import BinaryIO, NamedTuple

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

BLOCK = 1 << 18
"""Bytes of a file that are sent at once."""

MOST_DIGITS = 18
"""Of a number in a `Range` header."""


class ByteRange(NamedTuple):
    """Some of the bytes of a file: from `start` on, `length` of them."""

    start: int
    length: int


def requested_range(headers: Headers, etag: str, size: int) -> ByteRange | None:
    """Return what a `Range` header asks for of a file with `size` bytes; None is all of it.

    A length of 0 says that the range cannot be had. Several ranges are answered with the whole,
    as RFC 9110 allows; so is a range of another version (`If-Range`).
    """
    unit, _, wanted = headers.get("range", "").partition("=")
    first, dash, last = wanted.strip().partition("-")
    if unit.strip().lower() != "bytes" or not dash or headers.get("if-range", etag) != etag:
        return None
    if not all(part == "" or _is_number(part) for part in (first, last)):
        return None
    if first:
        start = int(first)
        end = min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    elif last:
        start, end = max(0, size - int(last)), size - 1
    else:
        return None
    return ByteRange(start, max(0, end - start + 1))


def send_file(
    request: Request, file: BinaryIO, size: int, status: int, headers: Mapping[str, str]
) -> Response:
    """Return the answer with an open file, or with the part that is asked for; it is closed then.

    `headers` have the `ETag` and whatever else is known of the file.
    """
    headers = {**headers, "Cache-Control": "no-cache", "Accept-Ranges": "bytes"}
    if status == 200 and is_unchanged(request.headers, headers):  # noqa: PLR2004 - HTTP
        file.close()
        return not_modified(headers)
    byte_range = requested_range(request.headers, headers["ETag"], size)
    if byte_range is not None and not byte_range.length:
        file.close()
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    if byte_range is None:
        byte_range = ByteRange(0, size)
    else:
        status = 206
        last = byte_range.start + byte_range.length - 1
        headers["Content-Range"] = f"bytes {byte_range.start}-{last}/{size}"
    headers["Content-Length"] = str(byte_range.length)
    if request.method == "HEAD":
        file.close()
        return Response(status_code=status, headers=headers)
    return StreamingResponse(_blocks(file, byte_range), status, headers)


def _blocks(file: BinaryIO, byte_range: ByteRange) -> Iterator[bytes]:
    with file:
        file.seek(byte_range.start)
        left = byte_range.length
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def is_unchanged(asked: Headers, headers: Mapping[str, str]) -> bool:
    """Whether the browser has this version already, by `If-None-Match` or `If-Modified-Since`."""
    if tags := asked.get("if-none-match"):
        known = (tag.strip().removeprefix("W/") for tag in tags.split(","))
        return any(tag in ("*", headers["ETag"]) for tag in known)
    since, modified = asked.get("if-modified-since"), headers.get("Last-Modified")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def not_modified(headers: Mapping[str, str]) -> Response:
    """Return the answer for a browser that has this version already."""
    kept = ("ETag", "Cache-Control", "Last-Modified")
    return Response(
        status_code=304, headers={name: headers[name] for name in kept if name in headers}
    )
