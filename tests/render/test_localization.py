"""Plural forms, as CLDR has them."""

import pytest

from sitegen.render.localization import plural_forms


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja", "other"),
        ("de", "one other"),
        ("ru", "one few many other"),
        ("ar", "zero one two few many other"),
        ("tlh", "one other"),
    ],
)
def test_the_forms_of_a_language_are_those_of_cldr(language: str, expected: str) -> None:
    """A language that CLDR does not know counts as English does."""
    assert plural_forms(language) == tuple(expected.split())
