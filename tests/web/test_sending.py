"""Nothing is sent that the browser has, and parts are sent where parts are asked for."""

import pytest
from starlette.datastructures import Headers

from sitegen.web.sending import ByteRange, is_unchanged, requested_range

TAG = '"abc"'
MODIFIED = "Mon, 04 Nov 2024 21:54:00 GMT"
SENT = {"ETag": TAG, "Last-Modified": MODIFIED}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-", ByteRange(0, 100)),
        ("bytes=0-0", ByteRange(0, 1)),
        ("bytes=10-19", ByteRange(10, 10)),
        ("bytes=90-", ByteRange(90, 10)),
        ("bytes=90-1000", ByteRange(90, 10)),
        ("bytes=-10", ByteRange(90, 10)),
        ("bytes=-1000", ByteRange(0, 100)),
        ("Bytes = 1-2", ByteRange(1, 2)),
        ("bytes=100-", ByteRange(100, 0)),
        ("bytes=500-600", ByteRange(500, 0)),
        ("bytes=-0", ByteRange(100, 0)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=a-b", None),
        ("bytes=0-1,3-4", None),
        ("bytes=--1", None),
        (f"bytes={'9' * 5000}-", None),
        ("lines=1-2", None),
        ("", None),
    ],
)
def test_ranges_are_those_of_rfc_9110(header: str, expected: ByteRange | None) -> None:
    """One range is answered, what cannot be had has no length, anything else is the whole."""
    assert requested_range(Headers({"Range": header}), TAG, 100) == expected


def test_a_range_of_another_version_is_the_whole() -> None:
    """A download that goes on must not join two versions."""
    ask = {"Range": "bytes=10-"}
    assert requested_range(Headers({**ask, "If-Range": TAG}), TAG, 100) == ByteRange(10, 90)
    assert requested_range(Headers({**ask, "If-Range": '"old"'}), TAG, 100) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"If-None-Match": TAG}, True),
        ({"If-None-Match": f"W/{TAG}"}, True),
        ({"If-None-Match": f'"old", {TAG}'}, True),
        ({"If-None-Match": "*"}, True),
        ({"If-None-Match": '"old"'}, False),
        ({"If-Modified-Since": MODIFIED}, True),
        ({"If-Modified-Since": "Tue, 05 Nov 2024 00:00:00 GMT"}, True),
        ({"If-Modified-Since": "Sun, 03 Nov 2024 00:00:00 GMT"}, False),
        ({"If-Modified-Since": "yesterday"}, False),
        ({"If-None-Match": '"old"', "If-Modified-Since": MODIFIED}, False),
    ],
)
def test_what_the_browser_has_is_unchanged(headers: dict[str, str], expected: bool) -> None:  # noqa: FBT001 - a row of the table
    """The tag decides; without one the date does."""
    assert is_unchanged(Headers(headers), SENT) == expected


def test_a_date_says_nothing_of_a_page_without_one() -> None:
    """A page that is made while it is sent has a tag only."""
    assert not is_unchanged(Headers({"If-Modified-Since": MODIFIED}), {"ETag": TAG})
