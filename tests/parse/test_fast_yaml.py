"""Plain YAML front matter read without a parser are what the parser gives, or are left to it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.parse import fast_yaml, yaml
from sitegen.parse.nodes import FrontMatterError, Table


def by_library(text: str, first_line: int = 1) -> Table | None:
    """Return what the YAML library gives; None for an error."""
    try:
        return yaml.read(text, first_line)
    except FrontMatterError:
        return None


def check(text: str) -> bool:
    """Check that front matter is read as the library does, if it is; return whether it was."""
    quick = fast_yaml.read(text, 3)
    if quick is None:
        return False
    assert quick == by_library(text, 3), text
    return True


@pytest.mark.parametrize(
    "front_matter",
    [
        "title: Flood in the old town\ndate: 2024-11-04 21:54\n",
        "\ntitle: 'C:\\new'\n\n\ntags: [flood, \"old town\" , 'x, y']\nauthor: Ann O'Hara (AP)\n",
        'title: "高潮: #1 & 2"\nsummary: 港が閉まる。\n',
        "tags:\n  - flood\n  -  'old town' \n  - a:b, c\nimage: ../x/photo.jpg\ntrue: no\n",
        "aliases:\n- /a/\n- /b/\nurl: https://example.org/?a=1&b=2\n",
    ],
)
def test_usual_front_matter_is_read(front_matter: str) -> None:
    """What editors write is read without the library."""
    assert check(front_matter)


@pytest.mark.parametrize(
    "front_matter",
    [
        "", "\n", "title:\n", "title: x", "title: x # y\n", "a: b: c\n", "a: &b c\n", "a: *b\n",
        "a: !b c\n", "a: {b: c}\n", "a: [b, [c]]\n", "a: [b,]\n", "a: []\n", "a: |\n  b\n",
        "a: b\n  c\n", 'a: "\\n"\n', "a: 'it''s'\n", "a: b\na: c\n", "- a\n", "a\n", "a: b\n---\n",
        "a: @b\n", "a: `b`\n", "a: %b\n", "a:\tb\n", "a: b\tc\n", "a: b\x85c\n", "a: b\u2028c\n",
        "a:\n  - b\n   - c\n", "a:\n  - b\n - c\n", "a:\n  - b: c\n", "a:\n  - - b\n", " a: b\n",
        "a: [b: c]\n", "a: [b\n  ]\n", "a: - b\n", "a: ? b\n", "a : b\n", "'a': b\n", "a: b:\n",
        f"a: {'b' * fast_yaml.MAX_LENGTH}\n", f"{'a' * 1100}: b\n",
    ],
)  # fmt: skip
def test_all_else_is_left_to_the_library(front_matter: str) -> None:
    """What needs a second thought is not read, be it right or wrong."""
    assert not check(front_matter)


@pytest.mark.parametrize(
    ("frame", "signs", "length"),
    [
        ("a: {}\n", "b \"':,-[]#\\&é.", 4),
        ("a: b{}\nc: d\n", " \n'\":#-,c[é", 4),
        ("a: [{}]\n", "b \"':,-[]#?é", 4),
        ('a: "{}"\n', "b \"'\\\n#:é", 4),
        ("a:{}\n", "\n -b\"':#", 6),
        ("a:\n - b{}\nc: d\n", "\n -b\"':#", 5),
        ("{}", "a: \n-#[", 7),
    ],
)
def test_all_short_texts(frame: str, signs: str, length: int) -> None:
    """No text of the signs that mean something is read in another way than by the library."""
    read = 0
    for size in range(length + 1):
        for text in product(signs, repeat=size):
            read += check(frame.format("".join(text)))
    assert read > 0


CHARACTERS = st.one_of(
    st.sampled_from("ab1 \"':,-[]{}#&*!|>%@`?\\/._()=<>\n\t\xa0é高\u2028\ufeff\x85\U0001f30a"),
    st.characters(exclude_categories=["Cs"]),
)
WORDS = st.text(CHARACTERS, max_size=8)
VALUES = st.one_of(
    WORDS,
    WORDS.map(lambda text: f'"{text}"'),
    WORDS.map(lambda text: f"'{text}'"),
    st.lists(WORDS, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    st.lists(WORDS, max_size=3).map(lambda items: "".join(f"\n  - {item}" for item in items)),
)
KEYS = st.one_of(st.sampled_from(["a", "title", "a-b", "_", "A1", "null"]), WORDS)
LINES = st.builds(
    lambda key, gap, value: f"{key}:{gap}{value}\n", KEYS, st.sampled_from(["", " ", "  "]), VALUES
)
FRONT_MATTER = st.lists(LINES, max_size=4).map("".join)


@given(st.one_of(FRONT_MATTER, st.text(CHARACTERS, max_size=30)))
@example("a: b\n")
def test_any_front_matter(front_matter: str) -> None:
    """Whatever the front matter is, it is what the library makes of it."""
    check(front_matter)
    check(f"\n{front_matter}")
