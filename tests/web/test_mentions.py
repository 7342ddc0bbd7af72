"""Rules of `sitegen.web.mentions`: what is a link to us, and what only looks like one."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.web.mentions import Page, is_withdrawn, normalized_url, read_page

TARGET = "https://news.example/2024/11/04/flood/"
SOURCE = "https://blog.example/posts/1"


def html(text: str, target: str = TARGET, source: str = SOURCE) -> Page | None:
    """Return what a page of HTML says of itself if it names the target."""
    return read_page(text.encode(), "text/html; charset=utf-8", source, target)


@pytest.mark.parametrize(
    "text",
    [
        f'<a href="{TARGET}">x</a>',
        f"<A HREF='{TARGET}'>x</A>",
        f"<a href={TARGET}>x</a>",
        f'<a class="b" href=" {TARGET} ">x</a>',
        f'<img src="{TARGET}">',
        f'<video src="{TARGET}"></video>',
        f'<audio src="{TARGET}"></audio>',
        f'<video><source src="{TARGET}"></video>',
        f'<blockquote cite="{TARGET}">x</blockquote>',
        f'<a href="{TARGET}#comments">x</a>',
        '<a href="HTTPS://NEWS.example:443/2024/11/04/flood/">x</a>',
        '<a href="https://news.example/2024/11/04/fl&#111;od/">x</a>',
        '<base href="https://news.example/2024/"><a href="11/04/flood/">x</a>',
        f"<!-- no --><a href={TARGET}>x</a>",
    ],
)
def test_a_link_or_a_medium_counts(text: str) -> None:
    """Whatever leads a reader or a browser to the target is a mention."""
    assert html(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        TARGET,
        f"<p>{TARGET}</p>",
        f"<!-- <a href={TARGET}>x</a> -->",
        f"<code>&lt;a href={TARGET}&gt;</code>",
        f"<script>var a = '<a href={TARGET}>'</script>",
        f"<textarea><a href={TARGET}></textarea>",
        f"<title><a href={TARGET}></title>",
        f'<p title="<a href={TARGET}>">x</p>',
        f'<p data-href="{TARGET}">x</p>',
        f'<link rel="canonical" href="{TARGET}">',
        f'<meta content="{TARGET}">',
        f'<a href="{TARGET}more">x</a>',
        f'<a href="{TARGET[:-1]}">x</a>',
        f'<a href="{TARGET}?utm=1">x</a>',
        f'<a href="http{TARGET[5:]}">x</a>',
        f'<a href="https://other.example/?u={TARGET}">x</a>',
        f'<a x="y" href="https://other.example/" href="{TARGET}">x</a>',
    ],
)
def test_what_only_looks_like_a_link_does_not_count(text: str) -> None:
    """Text, comments, scripts, other attributes, and addresses that only begin alike."""
    assert html(text) is None


def test_the_fragment_of_the_target_is_ignored() -> None:
    """The target may name a place in the article (W3C checklist)."""
    assert html(f"<a href={TARGET}>x</a>", target=f"{TARGET}#top") is not None


def test_spellings_of_one_address_are_one() -> None:
    """Percent signs, case of the host, its own port and the fragment make no difference."""
    assert normalized_url("HTTPS://News.example:443/%e6%bd%ae#x") == normalized_url(
        "https://news.example/潮"
    )
    assert normalized_url("not an address") == "not an address"


def test_json_names_it_as_a_value() -> None:
    """In JSON a value counts that is the address, anywhere, and no part of one."""
    for kind in ("application/json", "application/feed+json"):
        for value, counts in ((TARGET, True), (f"see {TARGET}", False), (f"{TARGET}x", False)):
            data = json.dumps({"items": [{"a": [1, None, value]}]}).encode()
            assert (read_page(data, kind, SOURCE, TARGET) is not None) is counts
    assert read_page(json.dumps({TARGET: 1}).encode(), "application/json", SOURCE, TARGET) is None


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b'{"a": ' * 50_000, b"1" * 9000])
def test_broken_json_names_nothing(data: bytes) -> None:
    """Nor does what is nested beyond all measure."""
    assert read_page(data, "application/json", SOURCE, TARGET) is None


def test_plain_text_names_it_as_a_word() -> None:
    """In plain text the address itself counts."""
    assert read_page(f"See <{TARGET}>.".encode(), "text/plain", SOURCE, TARGET) is not None
    assert read_page(f"See {TARGET}x".encode(), "text/plain", SOURCE, TARGET) is None


def test_other_media_name_nothing() -> None:
    """A picture is not searched for addresses."""
    assert read_page(f"<a href={TARGET}>".encode(), "image/svg+xml", SOURCE, TARGET) is None
    assert read_page(TARGET.encode(), "application/octet-stream", SOURCE, TARGET) is None


def test_a_page_says_what_it_is() -> None:
    """Title, site, language, and the paragraph around the link."""
    found = html(
        '<html lang="en-GB"><head><title>On  floods &amp; tides</title>'
        '<meta property="og:site_name" content="The Blog"></head><body><p>Before.</p>'
        f'<p>We <em>read</em> <a href="{TARGET}">about the\nflood</a>, and wept.</p><p>After.</p>'
    )
    assert found == Page(
        title="On floods & tides",
        site="The Blog",
        lang="en-GB",
        excerpt="We read about the flood, and wept.",
    )


def test_a_long_paragraph_is_cut_around_the_link() -> None:
    """The excerpt shows what stands before and after, and is never long."""
    found = html(f"<p>{'before ' * 300}<a href={TARGET}>HERE</a>{' after' * 300}</p>")
    assert found is not None
    assert "before HERE after" in found.excerpt
    assert found.excerpt.startswith("…")
    assert found.excerpt.endswith("…")
    assert len(found.excerpt) <= 260


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("u-in-reply-to", "reply"),
        ("u-like-of", "like"),
        ("u-repost-of", "repost"),
        ("x u-bookmark-of", "bookmark"),
        ("u-url", "mention"),
    ],
)
def test_a_link_says_what_kind_of_mention_it_is(name: str, kind: str) -> None:
    """Microformats on the link itself are read."""
    found = html(f'<div class="h-entry"><a class="{name}" href="{TARGET}">x</a></div>')
    assert found is not None
    assert found.kind == kind


def test_a_reply_is_quoted_and_its_author_named() -> None:
    """Of a reply the content is shown, not what stands around the link."""
    found = html(
        '<article class="h-entry"><a class="p-author h-card" href="/">Bo <b>Lee</b></a> answers '
        f'<a class="u-in-reply-to" href="{TARGET}">it</a>'
        '<div class="e-content"><div>I was <b>there</b>.<br>Dry.</div><div>Yes.</div></div>'
        "<p>Foot</p></article>"
    )
    assert found is not None
    assert (found.author, found.excerpt) == ("Bo Lee", "I was there. Dry. Yes.")


def test_scripts_are_no_text() -> None:
    """Neither a script nor a comment gets into an excerpt; tags never do."""
    found = html(
        f"<p>One <script>alert(1)</script><!-- two --><a href={TARGET}>three</a> &lt;b&gt; four</p>"
    )
    assert found is not None
    assert found.excerpt == "One three <b> four"


@dataclass
class Sample:
    """A page in an encoding, and how it says so."""

    codec: str
    header: str
    head: str


@pytest.mark.parametrize(
    "sample",
    [
        Sample("euc_jp", "text/html; charset=EUC-JP", ""),
        Sample("cp932", "text/html", '<meta charset="Shift_JIS">'),
        Sample(
            "cp932",
            "text/html",
            '<meta http-equiv="Content-Type" content="text/html; charset=x-sjis">',
        ),
        Sample("utf-8", "text/html", ""),
    ],
)
def test_a_page_is_read_in_its_encoding(sample: Sample) -> None:
    """The header says it, or the page itself; otherwise it is UTF-8."""
    text = f"{sample.head}<title>高潮</title><a href={TARGET}>x</a>"
    found = read_page(text.encode(sample.codec), sample.header, SOURCE, TARGET)
    assert found is not None
    assert found.title == "高潮"


@pytest.mark.parametrize(
    ("text", "is_gone"),
    [
        ('<meta http-equiv="Status" content="410 Gone">', True),
        ("<META HTTP-EQUIV=status CONTENT=410>", True),
        ('<meta http-equiv="refresh" content="410">', False),
        ('<body><meta http-equiv="Status" content="410 Gone">', False),
        ("<p>410 Gone</p>", False),
    ],
)
def test_a_page_can_say_that_it_is_gone(text: str, is_gone: bool) -> None:  # noqa: FBT001 - a case of a table
    """Static hosts cannot answer 410, so a page may say it in its head."""
    assert is_withdrawn(text.encode()) is is_gone


@given(st.text(alphabet="<>!-/ah ref='\"=pstyl&;#x:n", max_size=200))
def test_any_bytes_are_read(text: str) -> None:
    """No page, however broken, is too much for the reader; nothing long comes out."""
    found = html(f"{text}<a href={TARGET}>x</a>{text}")
    if found is not None:
        assert len(found.excerpt) <= 260
        assert "\n" not in found.title
