"""What is searched of an article: its words as a reader reads them, and nothing of the page."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.settings import Config
from sitegen.markdown.prose import convert
from sitegen.model import moments
from sitegen.model.documents import Article, Correction, Image, StandalonePage, Term
from sitegen.search.documents import (
    document,
    has_words,
    language_of,
    result_metadata,
    searchable_pieces,
    sort_stamp,
)
from tests.entries import entry, page_entry

TOKYO = ZoneInfo("Asia/Tokyo")


def whole(body: str = "", **details: Any) -> Article:
    """Return an article with these details of its teaser."""
    return Article(entry("a").teaser._replace(**details), body)


def text_of(html: str) -> str:
    """Return the searched form of a body."""
    return "".join(searchable_pieces(html))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<p class="lead">The <em>river</em> <a href="/x">rose</a>.</p>', "<p>The river rose.</p>"),
        ('<h2 id="levels" class="x">Levels</h2>', '<h2 id="levels">Levels</h2>'),
        ("<h2 id='a\"b'>B</h2>", '<h2 id="a&quot;b">B</h2>'),
        ('<h2 id="a&amp;b">B</h2>', '<h2 id="a&amp;b">B</h2>'),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>", "<p>漢字</p>"),
        ('<p>So<sup id="fnref:1"><a href="#fn:1">1</a></sup>.</p>', "<p>So.</p>"),
        ("<script>if (a<b) x('<p>');</script><p>a</p>", "<p>a</p>"),
        ("<svg><svg></svg><title>t</title></svg>a", "a"),
        ('<svg class="x"/>a', "a"),
        ("a<style>p {}", "a"),
        ("1 &lt; 2", "1 &lt; 2"),
    ],
)
def test_a_body_keeps_what_is_read(body: str, expected: str) -> None:
    """Text, headings with their fragments and divisions stay; code of all kinds goes."""
    assert text_of(body) == expected


def test_words_that_stand_apart_stay_apart() -> None:
    """Elements that begin a new line are kept, so that no two words become one."""
    body = "<table><tr><td>Oak</td><td>Elm</td></tr></table><ul><li>Ash</li></ul>Fir<br>Yew"

    assert text_of(body) == body


def test_the_words_between_the_tags_of_a_shortcode() -> None:
    """They are searched; what the shortcode itself shows is not, nor is its marker."""
    made = convert(
        '{{< note title="Hidden" >}}\nThe *tide*.\n{{< /note >}}\n\nA {{< x >}} b.', Config()
    )

    assert text_of(made.html).split() == ["<p>The", "tide.</p>", "<p>A", "b.</p>"]


def test_code_and_pictures() -> None:
    """Code weighs less than prose; of a picture its caption is read."""
    code = '<pre class="x"><code><span class="k">def</span> f</code></pre>'
    figure = '<figure><img src="a.svg" alt="A > B"><figcaption>The quay</figcaption></figure>'

    assert text_of(code) == '<pre data-pagefind-weight="0.5">def f</pre>'
    assert text_of(figure) == "<figure><figcaption>The quay</figcaption></figure>"


@given(st.text(alphabet="<>/ab \"'=-!&;", max_size=40))
def test_any_body_can_be_read(body: str) -> None:
    """Whatever an article holds, its searched form can be made, again and again the same."""
    assert text_of(body) == text_of(body)


def test_a_document_says_what_can_be_filtered() -> None:
    """Terms are filters by their slugs, and metadata by their names."""
    flood, rain = Term("Flood & rain", "flood-rain", "/t/"), Term("Rain", "rain", "/r/")
    text = document(whole(tags=(rain, flood), authors=(Term("Ann", "ann", "/a/"),)))

    assert '<meta data-pagefind-meta="tags[content]" content="Rain, Flood &amp; rain">' in text
    assert '<meta data-pagefind-meta="authors[content]" content="Ann">' in text
    for name, value in (("tag", "flood-rain"), ("tag", "rain"), ("author", "ann")):
        assert f'<meta data-pagefind-filter="{name}[content]" content="{value}">' in text


def test_a_title_in_japanese_is_searched_as_a_heading() -> None:
    """Where words are not divided by spaces, the title is divided only as text."""
    assert "<h1>洪水 &lt;1&gt;</h1>" in document(whole(title="洪水 <1>", lang="ja"))
    assert "<h1>" not in document(whole("<p>Mud.</p>", title="Flood", lang="en"))


def test_a_title_without_a_text_is_searched_as_one() -> None:
    """Pagefind makes no index of documents that have no word but in what is said of them."""
    assert "<h1>Flood</h1>" in document(whole('<p><img src="a.png" alt=""></p>', title="Flood"))
    assert has_words(document(whole(title="Flood")))
    assert not has_words(document(whole(title="…")))


def test_a_summary_counts_once() -> None:
    """An editor's own summary is searched; one that only repeats the first paragraph is not."""
    own = document(whole("<p>The <b>river</b>\nrose.</p>", summary="Water & mud."))
    again = document(whole("<p>The <b>river</b>\nrose.</p>", summary="The river rose…"))

    assert own.count("<p>") == 2
    assert "<p>Water &amp; mud.</p>" in own
    assert again.count("<p>") == 1


def test_captions_and_corrections_are_searched() -> None:
    """What the page shows besides the body is found as well."""
    date = moments.parse("2024-11-05T00:00+09:00[Asia/Tokyo]")
    article = whole(image=Image("/a.svg", caption="The quay at dawn"))
    text = document(article._replace(corrections=(Correction(date, "It was Tuesday."),)))

    assert "<p>The quay at dawn</p>" in text
    assert "<p>It was Tuesday.</p>" in text


@pytest.mark.parametrize(
    ("lang", "language"),
    [("en", "en"), ("en-GB", "en"), ("zh_Hant", "zh"), ("JA", "ja"), ("../x", "und"), ("", "und")],
)
def test_languages_are_those_of_words(lang: str, language: str) -> None:
    """Regions share an index; what is no language names no folder."""
    assert language_of(whole(lang=lang).teaser) == language


def test_results_are_put_in_order_by_time() -> None:
    """The stamp is UTC, so that articles of all zones are in one order; any year has 12 digits."""
    night = whole(date=moments.parse("2024-01-01T00:30+09:00[Asia/Tokyo]")).teaser

    assert sort_stamp(night) == "202312311530"
    assert (
        sort_stamp(night._replace(date=moments.parse("0001-01-01T00:00Z[Asia/Tokyo]")))
        == "000101010000"
    )
    assert (
        result_metadata(whole(date=night.date).teaser, "medium", "en")["date"]
        == "2024-01-01T00:30:00+09:00"
    )


def test_a_standalone_page_has_neither_date_nor_terms() -> None:
    """It is searched by title and text, filtered by language alone, and comes after articles."""
    teaser = page_entry("about", title="Who we are", lang="en-GB").teaser
    html = document(StandalonePage(teaser, "<h2 id='a'>Where</h2><p>At the quay.</p>"))

    assert '<meta data-pagefind-meta="title[content]" content="Who we are">' in html
    assert re.findall(r'filter="(\w+)', html) == ["language"]
    assert "<p>At the quay.</p>" in html
    assert result_metadata(teaser, "medium", "en") == {"language": "en-GB"}
    assert sort_stamp(teaser) == "000000000000"


@pytest.mark.parametrize(
    ("lang", "language", "said"),
    [("he", "en", "rtl"), ("en", "ar", "ltr"), ("he", "ar", None), ("fr", "en", None)],
)
def test_a_result_that_runs_the_other_way_says_so(
    lang: str, language: str, said: str | None
) -> None:
    """Where it runs as the page of the search does, the index holds nothing more."""
    article, page = entry("a").teaser._replace(lang=lang), page_entry("about", lang=lang).teaser
    assert result_metadata(article, "medium", language).get("direction") == said
    assert result_metadata(page, "medium", language).get("direction") == said
