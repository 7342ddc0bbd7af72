"""Tests of `sitegen.markdown.fast.blocks`: blocks that begin and go on as others do."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown.blockprocessors import ParagraphProcessor

from sitegen.markdown.fast.blocks import FastBlockParser
from tests.markdown.fast.test_engine import SETS, assert_equal, both

STARTS = (
    *(
        "- ",
        "-",
        "* ",
        "+ ",
        "1. ",
        "2.",
        "3) ",
        "٣. ",
        "> ",
        ">",
        "# ",
        "####### ",
        "#",
        "## ",
        ": ",
    ),
    *(
        ":",
        "| ",
        "===",
        "---",
        "    ",
        "   ",
        " ",
        "",
        "",
        "",
        "[^1]: ",
        "[x]: ",
        "*[x]: ",
        "    - ",
    ),
    *("    1. ", "     ", "        ", "> - ", "- > ", "- # ", "1. - ", "\t", "\x0c", "\\"),
)
CELLS = ("`c|d` | e |", "c \\| d | e |", "c\\\\| d", "|", ":-: | --: |", "c | d | e || f")
RESTS = (
    *("", "", "a", "word, words", "x #", "a # b ##", " ", "\\# a", "a\\", "b | c", "--|--", "[x]"),
    *CELLS,
)
ENDS = ("\n", "\n", "\n", "\n\n", "\n\n", "\n\n\n", "  \n", "\n  \n", "\r\n")
texts = st.lists(
    st.tuples(st.sampled_from(STARTS), st.sampled_from(RESTS), st.sampled_from(ENDS)).map("".join),
    min_size=1,
    max_size=10,
).map("".join)
"""Lines that begin like blocks of every kind, with and without lines between them."""


@pytest.mark.parametrize("name", SETS)
@given(texts)
@example("- # a\nb\n- c\n\n- d\n    - e\n\n    f\n")
@example("1. a\n# b\n2. c\n- d\n")
@example("####### a\n\n# \n\n#\n\n## a ## b\n\n# a\\\n")
@example("\x0c\n\n- \x0c\n- a\n\n\x0c b\n")
def test_blocks_become_the_same_html(name: str, text: str) -> None:
    """Lists in quotes, headings in lists, code after items, definitions after paragraphs, …."""
    assert_equal(text, name)


@pytest.mark.parametrize("border", ["", "|"])
@given(st.lists(st.sampled_from((*CELLS, "a|b", "--|-", "|")), min_size=2, max_size=5))
def test_tables_become_the_same_html(border: str, rows: list[str]) -> None:
    """Rows with code, escaped and missing borders, with too few cells and too many."""
    rows[1:1] = ["---|:-:"]
    assert_equal("\n".join(f"{border}{row}" for row in rows), "default")


def test_a_plain_paragraph_is_tried_as_nothing_else() -> None:
    """Not as a heading, a list, a table, …; a line that may begin one is."""
    parser = both("default")[1].parser
    assert isinstance(parser, FastBlockParser)
    assert [type(item) for item in parser.processors_for("Plain – words, (some) “text”.")] == [
        ParagraphProcessor
    ]
    assert len(parser.processors_for("- words")) == 3
    assert len(parser.processors_for("words\n# words")) == 2
