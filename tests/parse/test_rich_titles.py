"""Titles with emphasis: what is taken, what stays text."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.parse.rich_titles import rich_title


def same(text: str) -> str:
    """Return a text as it is."""
    return text


@pytest.mark.parametrize(
    ("written", "text", "html"),
    [
        ("Flood", "Flood", ""),
        ("On *Moby-Dick* & more", "On Moby-Dick & more", "On <em>Moby-Dick</em> &amp; more"),
        ("CO<SUB>2</SUB> and m<sup>2</sup>", "CO2 and m2", "CO<sub>2</sub> and m<sup>2</sup>"),
        ("<i>A <em>B</em></i>", "A B", "<i>A <em>B</em></i>"),
        ("「*高潮*」が*来た*", "「高潮」が来た", "「<em>高潮</em>」が<em>来た</em>"),
        ("2*3*4 and 5 * 6 * 7", "2*3*4 and 5 * 6 * 7", ""),
        ("**Bold**, *one", "**Bold**, *one", ""),
        ("<i>A <em>B</i></em>", "<i>A B</i>", "&lt;i&gt;A <em>B&lt;/i&gt;</em>"),
        ("<em>A", "<em>A", ""),
        ("<em>A</em> </em><b>", "A </em><b>", "<em>A</em> &lt;/em&gt;&lt;b&gt;"),
        ("<em onclick=x>A</em>", "<em onclick=x>A</em>", ""),
        ("*<script>*", "<script>", "<em>&lt;script&gt;</em>"),
    ],
)  # fmt: skip
def test_what_is_emphasised(written: str, text: str, html: str) -> None:
    """Stars around words, and four elements with both tags and no attribute; all else is text."""
    assert rich_title(written, same) == (text, html)


@given(st.text(st.sampled_from("a*<>/emisubp &\\"), max_size=30))
def test_a_title_as_html_says_what_its_text_says(written: str) -> None:
    """Without its tags the HTML is the text, and no other tag is in it."""
    text, html = rich_title(written, same)
    if html:
        bare = re.sub("</?(?:em|i|sub|sup)>", "", html)
        assert "<" not in bare
        assert " ".join(unescape(bare).split()) == text


def test_references_are_text_wherever_they_stand() -> None:
    """What stands between the marks is made plain; what comes of it is no mark."""
    assert rich_title("*A* &lt;em&gt;", unescape) == (
        "A <em>",
        "<em>A</em> &lt;em&gt;",
    )
