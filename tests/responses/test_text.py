"""The HTML of responses: what readers mean stays, what could do harm does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.html.scanning import attributes_of, tags
from sitegen.responses.files import Format
from sitegen.responses.text import MOST_SIGNS, html

REL = 'rel="nofollow ugc noopener"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\nTwo.\n\nThree.", "<p>One.<br>\nTwo.</p>\n<p>Three.</p>"),
        ("*a* **b** `c<d`", "<p><em>a</em> <strong>b</strong> <code>c&lt;d</code></p>"),
        ("> so", "<blockquote>\n<p>so</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("# Ha", "<p># Ha</p>"),
        ("Ha\n==", "<p>Ha<br>\n==</p>"),
        ("![x](https://a.example/y.png)", "<p>![x](https://a.example/y.png)</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("me@example.org", "<p>me@example.org</p>"),
        ("[x](https://a.example/)", f'<p><a href="https://a.example/" {REL}>x</a></p>'),
        ("[x](javascript:alert(1))", "<p>x</p>"),
        ("[x](/admin/)", "<p>x</p>"),
        ("[x](//a.example/)", "<p>x</p>"),
        ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"),
    ],
)  # fmt: skip
def test_a_comment_is_plain_words(text: str, expected: str) -> None:
    """Paragraphs, emphasis, quotations, lists and links are made; nothing else is."""
    found = html(text, "markdown")
    if "![x]" in text:
        assert "<img" not in found
    else:
        assert found == expected


def test_an_address_becomes_a_link_without_the_end_of_its_sentence() -> None:
    """Bare addresses are linked, brackets and full stops around them are not part of them."""
    url = "https://a.example/x_(y)?z=1&w=2"
    written = url.replace("&", "&amp;")
    for written_as in ("markdown", "text"):
        for text in (f"see {url}.", f"(see {url})", f"{url}!", f"「{url}」", f"{url}。そう"):
            assert f'<a href="{written}" {REL}>{written}</a>' in html(text, written_as), text


def test_an_excerpt_is_text() -> None:
    """What another site says of us is not taken for Markdown or HTML."""
    assert html("*a* <b>\n\n# x", "text") == "<p>*a* &lt;b&gt;</p>\n<p># x</p>"


def test_an_archive_may_have_html() -> None:
    """Imported comments keep what is harmless in them."""
    text = '<p onclick="x()" id="comments">Hi <b>x</b> <img src=x onerror=y></p><script>y</script>'
    assert html(text, "html") == "<p>Hi x </p>"


HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "[a](data:text/html;base64,xx)", '[a](https://a.example/"onmouseover=alert(1))',
    "<a href='javascript:alert(1)'>", "<iframe src=https://a.example>", "</div></article>",
    "[a](JaVaScRiPt:alert(1))", "<https://a.example/><script>", "[a]: javascript:x\n\n[a]",
    "<style>*{display:none}</style>", "<form action=x>", '"><b id=comments>', "&lt;script&gt;",
    "https://a.example/<script>", "`<script>`", "<!-- ", "<![CDATA[", "\x00<b>", "<p id=x>",
)  # fmt: skip
ALLOWED = {
    "a", "p", "br", "em", "strong", "code", "blockquote", "ul", "ol", "li", "del", "s", "sub",
    "sup", "q",
}  # fmt: skip
pieces = st.lists(st.sampled_from([*HOSTILE, "*", "_", "[", "]", "(", ")", "\n", "> ", "a "]))


@settings(max_examples=300)
@given(pieces.map("".join) | st.text(), st.sampled_from(["markdown", "text", "html"]))
def test_nothing_harmful_comes_out(text: str, written_as: Format) -> None:
    """Whatever was typed, the page gets words and links to the web, and no attribute but theirs."""
    found = html(text, written_as)
    opened: list[str] = []
    for tag in tags(found, every=True):
        assert tag.name in ALLOWED
        for item in attributes_of(tag.attributes):
            if item.name == "href":
                assert item.value.startswith(("http://", "https://"))
            else:
                assert (tag.name, item.name) in {("a", "rel"), ("ol", "start")}
        if tag.is_end:
            assert opened.pop() == tag.name
        elif tag.name != "br":
            opened.append(tag.name)
    assert opened == []


@pytest.mark.parametrize(
    "text",
    ["[" * 8000, ">" * 8000, "[a](" * 2000, "*a" * 4000, "`" * 8001, "\n- x" * 2000, "<" * 8000],
)
def test_a_text_that_means_harm_costs_little(text: str) -> None:
    """What Markdown would take long for is shown as it was typed."""
    assert html(text, "markdown")


@pytest.mark.parametrize("sign", ["[", "*", "_", "`"])
def test_a_text_of_nothing_but_signs_is_not_tried_as_markdown(sign: str) -> None:
    """Up to a limit it is; beyond it, where that would take time, it is plain text."""
    text = f"**bold** {sign * (MOST_SIGNS - 4)}"
    assert html(text, "markdown") != html(text, "text")
    assert html(text + sign, "markdown") == html(text + sign, "text")
