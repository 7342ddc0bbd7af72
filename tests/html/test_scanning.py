"""Tests of `sitegen.html.scanning`."""

from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.html.scanning import attribute_text, attributes_of, plain_text, tags
from tests.markdown_samples import Html, pages

Found = list[tuple[str, tuple[tuple[str, str], ...]]]


class Parser(HTMLParser):
    """The standard library's parser, to be held against ours."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: Found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag as `scanned` gives it."""
        self.found.append((tag, tuple((name, value or "") for name, value in attrs)))


def scanned(html: str, *, every: bool = True) -> Found:
    """Return the start tags of `html` with their attributes, decoded."""
    return [
        (
            tag.name,
            tuple(
                (item.name, attribute_text(item.value)) for item in attributes_of(tag.attributes)
            ),
        )
        for tag in tags(html, every=every)
        if not tag.is_end
    ]


@given(pages)
def test_tags_and_attributes_are_found_as_they_were_written(page: Html) -> None:
    """Every tag and attribute is found, in whatever quotes and spaces; nothing else is one."""
    assert scanned(page.text) == list(page.tags)


@given(pages)
def test_the_scan_agrees_with_the_parser_of_the_standard_library(page: Html) -> None:
    """On HTML that a writer may write, the scan sees what `html.parser` sees."""
    assert scanned(page.text) == Parser(page.text).found


@given(st.text(st.sampled_from("<>/!-='\" \nabAhref&;[]"), max_size=80))
def test_the_scan_agrees_with_the_parser_on_whatever_a_sanitiser_returns(text: str) -> None:
    """On any text made well-formed by an HTML5 parser, the scan sees what `html.parser` sees."""
    html = nh3.clean(text, tags={"a", "b", "h1", "br"}, attributes={"*": {"a", "h", "href"}})
    assert scanned(html) == Parser(html).found


@given(pages)
def test_only_plain_tags_are_passed_over(page: Html) -> None:
    """Without `every`, whatever has an attribute other than a span's class is still yielded."""
    found = scanned(page.text, every=False)
    for name, attributes in page.tags:
        if attributes and name != "span":
            assert (name, attributes) in found


@given(st.text(st.sampled_from("<>/!-='\" \nabAhref&;[]script"), max_size=80))
def test_tags_lie_in_the_text_in_order(text: str) -> None:
    """Whatever the text, tags and attributes are slices of it, one after the other."""
    position = 0
    for tag in tags(text, every=True):
        assert position <= tag.start < tag.end <= len(text)
        assert text[tag.start] == "<"
        assert text[tag.end - 1] == ">"
        assert text[tag.start : tag.end - 1].endswith(tag.attributes)
        position = tag.end
        place = 0
        for item in attributes_of(tag.attributes):
            assert place <= item.start < item.end <= len(tag.attributes)
            place = item.end


def test_comments_end_where_a_browser_ends_them() -> None:
    """`<!-->` is a whole comment, `--!>` ends one, and one left open hides the rest."""
    assert scanned("<!--><a><!---><b><!-- <i> --!><u><!-- <s>") == [("a", ()), ("b", ()), ("u", ())]


def test_cdata_and_declarations_are_no_tags() -> None:
    """What stands in a CDATA section, a declaration or a processing instruction is no tag."""
    assert scanned("<![CDATA[ <a href='x'> ]]><?php <b ?><!x <i></ ><u>") == [("u", ())]


def test_the_text_of_scripts_is_no_markup() -> None:
    """In script, style, textarea and the like only their own end tag counts."""
    html = "<TEXTAREA rows=2><a></textarea><script>'</scripts><b>'</script ><style><i>"
    assert scanned(html) == [("textarea", (("rows", "2"),)), ("script", ()), ("style", ())]


def test_a_tag_that_never_ends_hides_the_rest() -> None:
    """After a quote that is left open there is no tag any more, as in a browser."""
    assert scanned("<b><a title='x>, <i>") == [("b", ())]


def test_unquoted_values_reach_to_the_next_space() -> None:
    """`<img src=a.jpg/>` loads `a.jpg/`, and a quote within an unquoted value is a letter."""
    assert scanned("<img src=a.jpg/><a title=it's href = x.md>") == [
        ("img", (("src", "a.jpg/"),)),
        ("a", (("title", "it's"), ("href", "x.md"))),
    ]


def test_character_references_in_attributes_are_decoded_as_the_standard_says() -> None:
    """`&copy=` in an address is no copyright sign; with a semicolon, or at the end, it is."""
    assert attribute_text("?a=1&amp;b=2&copy=3&copyx&#x26;&#38;&copy;&nonsense;") == (
        "?a=1&b=2&copy=3&copyx&&©&nonsense;"
    )
    assert attribute_text("a&amp") == "a&"


def test_plain_text_is_what_a_reader_reads() -> None:
    """No tags, comments, numbers of footnotes or ruby readings; entities decoded; one line."""
    html = (
        'A <a title="x>y">link</a>,\n <!-- c -->&amp; a note<sup id="fnref:1"><a>1</a></sup>, '
        "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>."
    )
    assert plain_text(html) == "A link, & a note, 漢字."


def test_lines_of_japanese_are_joined_without_a_space() -> None:
    """A line break between Japanese characters is none; beside Latin letters it is a space."""
    assert plain_text("川が\nあふれた。\nNHK\nによる") == "川があふれた。 NHK による"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("One<br>two<BR/>three", "One two three"),
        ("<h2>One</h2><p class='x'>two</p>three", "One two three"),
        ("<ul><li>One</li><li>two</li></ul>", "One two"),
        ("<tr><td>One</td><td>two</td></tr>", "One two"),
        ("One<br>\n  two", "One two"),
        ("O<b>n</b>e<wbr>two <prefix>three</prefix>", "Onetwo three"),
        ("川が<br>\nあふれた。\n水は", "川が あふれた。水は"),
        ('<img alt="<br>">One', "One"),
    ],
)
def test_words_stay_apart_at_breaks_and_blocks(html: str, text: str) -> None:
    """A tag that divides words leaves a space, any other nothing."""
    assert plain_text(html) == text


def test_what_stands_there_for_browsers_is_not_read() -> None:
    """Fallback texts, drawings and code go; an element without its end tag is read as text."""
    html = (
        '<AUDIO src="a">No <b>sound</b></AUDIO>One <svg\n><title>x</title></svg>two<object/> three'
    )
    assert plain_text(html) == "One two three"
    assert plain_text("One <video> two") == "One two"


def test_elements_that_are_never_closed_cost_one_look_each() -> None:
    """Ten thousand beginnings without an end are read as text in no time."""
    text = "<audio x>" * 10_000 + "Text"
    assert plain_text(text) == "Text"
