"""Tests of `sitegen.markdown.fast.plain`: what it reads is held against the library."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.config.settings import MarkdownConfig
from sitegen.markdown.fast.plain import has_no_markup, parse_plain
from sitegen.markdown.python_markdown import engine
from tests.markdown.fast.test_engine import SETS, assert_equal, both

PIECES = (
    *("a", "word ", " ", "\n", "  \n", ", ", ".", "é", "日", "!", "^", "(", ")", '"q"', "'s", "10"),
    *("*", "**", "***", "_", "`", "``", "[", "]", "![", "](", "[^", "](u)", "\\", "<", "&", ">"),
    *("*a*", "**b c**", "`d`", "`e * [`", "[f](g_h*i*.md)", "[](u&v)", "*j", "k*", "**l", "m**"),
    *("![n](o)", '![p](q "r s")', '[t](u "v")', '](w  "x" )', ' "y\n z ")', "](", '"', "'"),
    *("[x]", "][x]", "{: .c }", "\x02", "\u2028", "\x1c", "<b>", "&amp;", "HTML", "[^1]", "|"),
    *("~~", "~", "~~s~~", "~~~"),
)
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join)
"""Emphasis, code and links next to all that could make something else of them."""

DEFINITIONS = ("", "\n\n[x]: y\n", "\n\n[u]: y\n[f]: z\n", "\n\n[^1]: note\n\n*[HTML]: words\n")
PLACES = ("{}", "- {}\n- b\n\n    - c {}\n", "> {}", "## {}", "t | u\n--|--\n{} | {}", "a\n: {}")


@pytest.mark.parametrize("name", SETS)
@given(text=texts, place=st.sampled_from(PLACES), definitions=st.sampled_from(DEFINITIONS))
@example(text="*a*b*c* **d**e", place="- {}\n- b\n\n    - c {}\n", definitions="")
@example(text="[a](b)[x] [c](d)", place="{}", definitions="\n\n[x]: y\n")
@example(text="![*a*](b) !`c`[d](e)", place="{}", definitions="")
@example(text='![a](b "c\n d ") [e](f "")![^1](g)', place="{}", definitions="\n\n[^1]: note\n")
def test_it_is_what_the_library_makes_of_it(
    name: str, text: str, place: str, definitions: str
) -> None:
    """In a paragraph, list, quote, heading, table or definition; with references and without."""
    assert_equal(place.replace("{}", text) + definitions, name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("words (only) – “quoted”!", []),
        ("*a* and **b c**, `d`; [e](f.md).", ["em", "strong", "code", "a"]),
        ("`*a* [b](c)`", ["code"]),
        ("*a*b*c*", ["em", "em"]),
        ("[a](b_c*d*&e)", ["a"]),
        ('![a](b) and ![c](d "e f")![](g)[h](i  " j")', ["img", "img", "img", "a"]),
    ],
)
def test_what_is_plain_is_read(text: str, names: list[str]) -> None:
    """Words, and the three kinds of marks, in and behind words, too."""
    found = parse_plain(text)
    assert found is not None
    assert [element.tag for element in found.elements] == names


@pytest.mark.parametrize(
    "text",
    [
        *(
            "~~a~~",
            "*~~a~~*",
            "*a",
            "* a*",
            "***a***",
            "*a**",
            "*a `b`*",
            "[*a*](b)",
            "a_b",
            "``a``",
            "`a",
            "a\\*",
        ),
        *("[a]", "[a](b 'c')", "[a](<b>)", "![*a*](b)", "[^a]", "<b>", "&amp;", "a  \nb"),
        *("[![a](b)](c)", "![^a](b)", '[a](b "c"d")', '[a](b "c" )', '[a]("c")', '[a](b "(")'),
    ],
)
def test_anything_else_is_left_to_the_patterns(text: str) -> None:
    """Marks in marks, marks that are not closed, and whatever else means something."""
    assert parse_plain(text) is None


@given(st.one_of(texts, st.text()).filter(has_no_markup))
@example("words (only) – “quoted”!\nlines] ](a){: .c } a@b.c > # - + | ~ ^")
def test_in_an_unmarked_text_no_pattern_matches(text: str) -> None:
    """It is left as it is: none of the patterns would find anything there."""
    patterns = both("default")[1].inlinePatterns
    assert not [item for item in patterns if item.getCompiledRegExp().search(text)]


@pytest.mark.parametrize("text", ["*a**a*![](u&v)", "*m**] k*`c`[](u&v)k*"])
def test_halves_of_placeholders_are_the_librarys(text: str) -> None:
    """Emphasis that leaves the library with half a placeholder has the same number in it."""
    before = "`a` *b* `c`\n\n"
    assert "klzzwxh:0003" in engine(MarkdownConfig())(before + text)
    for name in SETS:
        assert_equal(f"{before}{text}\n\n*e* *f* [g](h)", name)
