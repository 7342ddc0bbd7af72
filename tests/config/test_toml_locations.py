"""Places of keys in TOML texts."""

import tomllib

import pytest

from sitegen.config.toml_locations import KeyPosition, key_positions, syntax_problem

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
    assert dict(key_positions(TEXT)) == {
        ("title",): KeyPosition(1, 1, 9),
        ("quoted key",): KeyPosition(2, 1, 16),
        ("dotted", "name"): KeyPosition(3, 1, 17),
        ("text",): KeyPosition(4, 1, 8),
        ("one",): KeyPosition(7, 1, 7),
        ("urls",): KeyPosition(9, 2, 2),
        ("urls", "article"): KeyPosition(10, 3, 13),
        ("items", 0): KeyPosition(12, 3, 3),
        ("items", 0, "a"): KeyPosition(13, 1, 5),
        ("items", 1): KeyPosition(14, 3, 3),
        ("items", 1, "a"): KeyPosition(15, 1, 5),
        ("items", 1, "inner"): KeyPosition(16, 2, 2),
        ("items", 1, "inner", "b"): KeyPosition(17, 1, 5),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb = \n", "a.toml:2:5: TOML: invalid value"),
        ("a = 1\na = 2\n", 'a.toml:2:1: "a" is given twice'),
        ("[a]\nb = 1\n[a]\n", 'a.toml:3:2: "a" is given twice'),
        ("a = 1\nb =", "a.toml:2: TOML: invalid value"),
        ("a = [1,\n", "a.toml:1:5: TOML: unclosed array"),
        ("a = 1\nb = [1,\n2,\n", "a.toml:2:5: TOML: unclosed array"),
        ("a = 1\nb = [1,\nc = 2\n", "a.toml:2:5: TOML: unclosed array"),
        ("a = 1\nb = [1\nc = 2\n", "a.toml:2:5: TOML: unclosed array"),
        ('a = 1\nb = """x\nc = 2\n', "a.toml:2:5: TOML: unterminated string"),
        ("a = 1\nb = '''x\nc = 2\n", "a.toml:2:5: TOML: expected \"'''\""),
        ('a = 1\nb = "x\nc = 2\n', "a.toml:2:7: TOML: illegal character '\\n'"),
    ],
)
def test_syntax_problem(text: str, message: str) -> None:
    """A syntax error is told at its place, a double key with the line of the first.

    A text or list without an end is told where it begins.
    """
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    problem = syntax_problem(caught.value, "a.toml", text)
    assert f"{problem.location}: {problem.message}" == message
