"""Lines, texts and times of a calendar are as RFC 5545 wants them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.queries import tracker
from sitegen.render.environment import Environment
from sitegen.render.icalendar import MAX_LINE_BYTES, content_lines, escaped_text
from tests.entries import site_of

FUNCTIONS = Environment(tracker(site_of()), lambda _source: b"").functions


@given(st.text(st.sampled_from("ab é高🜂\t"), max_size=200))
def test_long_lines_are_folded(text: str) -> None:
    """Between letters, never within one; who unfolds them has the line again."""
    made = content_lines(f"\n{text}x\n\n")
    assert made.replace("\r\n ", "") == f"{text}x\r\n"
    assert all(len(line.encode()) <= MAX_LINE_BYTES for line in made.split("\r\n"))


def test_a_text_is_escaped() -> None:
    """What has a meaning in a calendar, and line ends."""
    assert escaped_text(" a,b;c\\d\r\ne ") == "a\\,b\\;c\\\\d\\ne"
    assert FUNCTIONS["ics_text"](3) == "3"


def test_a_time_says_what_it_is() -> None:
    """A moment in UTC, or a whole day; days end on the day after the last."""
    assert FUNCTIONS["ics_time"]("2024-11-04 21:54 +0100") == ":20241104T205400Z"
    assert FUNCTIONS["ics_time"]("2024-11-30") == ";VALUE=DATE:20241130"
    assert FUNCTIONS["ics_time"]("2024-11-30", 1) == ";VALUE=DATE:20241201"
