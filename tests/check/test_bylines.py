"""When a text under `author` seems to name one person."""

import pytest

from sitegen.check.bylines import seems_one


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("Ann Lee, Site Engineer", True),
        ("NARUSE, Yui", True),
        ("Lee, A. B.", True),
        ("Ann Lee, PhD", True),
        ("Ann Lee, Bo Marl", False),
        ("Ann, Bo", False),
        ("AFP, DPA", False),
        ("AP, Ann Lee, Bo Marl", False),
        ("Ann Lee, Bo Leadbetter", False),
    ],
)
def test_what_seems_to_be_one_name(text: str, *, one: bool) -> None:
    """A job title, a degree, initials, or a surname in capitals that comes first."""
    assert seems_one(text.split(", ")) == one
