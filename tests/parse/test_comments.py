"""Texts that YAML cuts at a number sign."""

import pytest

from sitegen.config.settings import Config
from sitegen.parse.parsing import parse


def told(*lines: str) -> list[str]:
    """Return what is said of front matter with these lines."""
    text = "\n".join(("---", "date: 2024-11-04", *lines, "---", "", "Text #1"))
    problems = parse("articles/a.md", text.encode(), Config()).problems
    return [f"{item.location and item.location.line} {item.message}" for item in problems]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("title: C# news #1",), '3 "title" ends before "#1": in YAML a comment begins there'),
        (
            ("title: A", "summary: One  #two three"),
            '4 "summary" ends before "#two three": in YAML a comment begins there',
        ),
        (("title: A", "tags:", "  - C #1"), '5 "tags" ends before "#1"'),
        (("title: A", "image:", "  src: a.jpg", "  alt: Gate #4"), '6 "alt" ends before "#4"'),
    ],
)
def test_a_text_that_a_comment_ends_is_told(lines: tuple[str, ...], said: str) -> None:
    """Where the comment looks like a word of the text, at its line."""
    (found,) = told(*lines)
    assert found.startswith(said)


@pytest.mark.parametrize(
    "lines",
    [
        ("title: A # a comment",),
        ("title: A", "draft: false #x"),
        ('title: "C# news #1" #x',),
        ("title: C#1",),
        ("title: A", "# Comment #1"),
        ("title: >", "  A", "  B"),
    ],
)
def test_comments_are_comments(lines: tuple[str, ...]) -> None:
    """With a space behind their sign, behind quotes, or where no words are expected."""
    assert told(*lines) == []


def test_only_yaml_has_such_comments() -> None:
    """Pelican's lines and TOML keep their number signs."""
    text = '+++\ntitle = "A" #1\ndate = 2024-11-04\n+++\n\nText'
    assert parse("articles/a.md", text.encode(), Config()).problems == ()
