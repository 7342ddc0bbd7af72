"""Places of keys in TOML texts."""

import tomllib

import pytest

from sitegen.config.toml_locations import Place, places, syntax_problem

TEXT = """\
title = "News"
'quoted key' = 1
dotted . name = 2
text = \"\"\"
title = "not a key"
\"\"\"
one = '''line'''

[urls] # addresses
  article = "/x/"

[[items]]
a = 1
[[items]]
a = 2
[items.inner]
b = 3
"""


def test_places() -> None:
    """Keys and tables are found where they stand; what stands in a long text is no key."""
    assert dict(places(TEXT)) == {
        ("title",): Place(1, 1, 9),
        ("quoted key",): Place(2, 1, 16),
        ("dotted", "name"): Place(3, 1, 17),
        ("text",): Place(4, 1, 8),
        ("one",): Place(7, 1, 7),
        ("urls",): Place(9, 2, 2),
        ("urls", "article"): Place(10, 3, 13),
        ("items", 0): Place(12, 3, 3),
        ("items", 0, "a"): Place(13, 1, 5),
        ("items", 1): Place(14, 3, 3),
        ("items", 1, "a"): Place(15, 1, 5),
        ("items", 1, "inner"): Place(16, 2, 2),
        ("items", 1, "inner", "b"): Place(17, 1, 5),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb = \n", "a.toml:2:5: TOML: invalid value"),
        ("a = 1\na = 2\n", 'a.toml:2:1: "a" is given twice'),
        ("[a]\nb = 1\n[a]\n", 'a.toml:3:2: "a" is given twice'),
        ("a = [1,\n", "a.toml:1: TOML: invalid value"),
    ],
)
def test_syntax_problem(text: str, message: str) -> None:
    """A syntax error is told at its place, and a double key with the line of the first."""
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    problem = syntax_problem(caught.value, "a.toml", text)
    assert f"{problem.location}: {problem.message}" == message
