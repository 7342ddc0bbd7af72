"""Words and numbers of messages."""

import pytest

from sitegen.model.wording import counted


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1024, "1,024 files")]
)
def test_a_number_has_its_noun_in_the_right_form(number: int, text: str) -> None:
    """One is singular, all else is plural, and thousands are set off."""
    assert counted(number, "file") == text
