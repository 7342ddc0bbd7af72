"""Tests of `sitegen.markdown.fast.tree`: the library's HTML where its tree processors act."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.markdown.fast.test_engine import SETS, assert_equal

LINES = (
    *("", "", "words", "# One", "## One", "## *Two* `<b>`", "[TOC]", "x [TOC]", "[TOC] {: .c }"),
    *("{: #one }", "## Three {: #one .c data-toc-label='*' }", "## a[^1] <i>b</i> &lt;", "---"),
    *(
        "a  ",
        "\\*a\\*",
        "[a\\_](b\\*c '\\`')",
        "`a\\`",
        "{: title='\\*' hidden x}",
        "<br>",
        "a <hr>",
    ),
    *("- a", "- a {: .c }", "- [TOC]", "- # One", "    - b", "    text", "> ## One", "> [TOC]"),
    *("<div markdown=1>", "<h1 id='one' markdown=1>", "</h1>", "</div>", "<p id=two>x</p>"),
    *("""<img a"='*x*&#123;: .c }' markdown=1 />""", "<hr alt='&#92;*' markdown=1>"),
    *("a | b", "--|:-:", "c {: .c } | [TOC]", "t", ": d", ": # One", "*[One]: Eins", "[^1]: # One"),
    *("```", "~~~ {.python #id}", "\tcode", '&amp; & < > "', "<!-- # One -->", "a\x02b", "-", "="),
)
texts = st.lists(st.sampled_from(LINES), min_size=1, max_size=12).map("\n".join)


@pytest.mark.parametrize("name", SETS)
@given(texts)
@example("""<div markdown=1>\n<img a"='*x*&#123;: .c }' markdown=1 />\n</div>""")
@example("""<div markdown=1>\n<img a"='&#92;*' markdown=1 />\n</div>""")
@example("## One\n{: #one_1 }\n\n## One\n\n## One\n\n[TOC]")
@example("- a  \n    b\n- c\n\n    [TOC]")
def test_the_tree_becomes_the_same_html(name: str, text: str) -> None:
    """Headings, contents, attributes, escaped characters, breaks, tables and HTML."""
    assert_equal(text, name)
