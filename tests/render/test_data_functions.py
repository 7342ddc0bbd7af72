"""The texts of data files become numbers, or a template is told that they are none."""

from __future__ import annotations

from typing import Any

import pytest

from sitegen.queries import tracker
from sitegen.render.environment import Environment
from sitegen.render.question_functions import UnanswerableError
from tests.entries import site_of

FUNCTIONS = Environment(tracker(site_of()), lambda _source: b"").functions


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3), ("-3", -3), ("\u22123", -3), (" 12.50 ", 12.5), ("12,5", 12.5), ("1,234", 1234),
        ("1 234 567", 1234567), ("1,234.5", 1234.5), ("1'234", 1234), ("007", 7), (4, 4),
        (1.5, 1.5),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: Any, number: float) -> None:
    """With a comma or a point, and thousands parted."""
    assert repr(FUNCTIONS["number"](text)) == repr(number)


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "12%", "1,23,4", True, None, (), "9" * 999])
def test_what_is_no_number_is_told(text: Any) -> None:
    """Unless the template says what to take in its place."""
    assert FUNCTIONS["number"](text, None) is None
    with pytest.raises(UnanswerableError, match="is not a number"):
        FUNCTIONS["number"](text)
