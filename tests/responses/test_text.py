"""The HTML of responses: what readers mean stays, what could do harm does not."""

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.html.scanning import attributes_of, tags
from sitegen.receive.comments import LONGEST_TEXT
from sitegen.responses.files import Format
from sitegen.responses.text import MOST_LEVELS, MOST_SIGNS, MOST_TAGS, converted, html

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


def test_the_end_of_an_address_is_found_in_one_go() -> None:
    """However many signs stand there, each is looked at once: no text holds up a build."""
    url = "https://a.example/"
    for end in ("!" * 4000 + ")" * 3900, "!)" * 3900, ").]" * 2600):
        assert html(url + end, "text").startswith(f'<p><a href="{url}" {REL}>{url}</a>')


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


@pytest.mark.parametrize("mark", ["- ", "+ ", "* ", "1. ", "> ", ">", "- > 1. ", "    - ", "\t- "])
def test_a_text_that_is_nested_without_end_is_shown_as_typed(mark: str) -> None:
    """Python-Markdown would run out of the stack, and with it the build."""
    text = mark * (LONGEST_TEXT // len(mark) - 1) + "x"
    made = converted(text, "markdown")
    assert made.html == html(text, "text")
    assert "read as Markdown" in made.fault


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("    " * level + "- a" for level in range(60)),
        "\n\n".join("> " * level + "a" for level in range(80)),
        "[" * 150 + "a" + "](https://a.example/)" * 150,
        "- [" * 21 + "a" + "](https://a.example/)" * 21,
        "- \x02" * 2600 + "x",
    ],
    ids=["list", "quotations", "links", "mixed", "dropped"],
)
def test_depth_is_counted_over_lines_and_brackets(text: str) -> None:
    """However the levels are made."""
    assert "levels deep" in converted(text, "markdown").fault


def test_as_deep_as_people_quote_is_markdown() -> None:
    """Up to the limit lists and quotations are made, beyond it the text stays."""
    for mark, tag in (("- ", "<ul>"), ("1. ", "<ol>"), ("> ", "<blockquote>")):
        made = converted(mark * MOST_LEVELS + "x", "markdown")
        assert (made.html.count(tag), made.fault) == (MOST_LEVELS, "")
        assert converted(mark * (MOST_LEVELS + 1) + "x", "markdown").fault


PIECES = (
    *("- ", "+ ", "* ", "1. ", "> ", ">", "    ", "\t", "\n", "\n\n", "  \n", "\n- ", "\n> "),
    *("*", "**", "***", "_", "__", "`", "``", "[", "]", "](", "](https://a.example/)", "[a]: b"),
    *("\n    ", ")", "https://a.example/", "!", ".", "<", "<b>", "&", "&#1;", "\\", "x", "a b "),
    *("\x02", "語"),
)  # fmt: skip

runs = st.lists(
    st.tuples(
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=4),
        st.integers(1, 40) | st.integers(1, 8000),
    ),
    min_size=1,
    max_size=6,
).map(lambda parts: "".join("".join(pieces) * times for pieces, times in parts)[:LONGEST_TEXT])
"""Texts as long as a comment may be: pieces of Markdown, each many times over."""

MOST_FRAMES = 150
"""On the stack: a small part of what Python gives, since a build needs some itself."""
MOST_CALLS_A_CHARACTER = 40


class Effort:
    """Counts Python's calls, and how deep they are within each other."""

    def __init__(self) -> None:
        self.calls = self.depth = self.deepest = 0

    def __call__(self, _frame: FrameType, event: str, _argument: object) -> None:
        """Count one event of `sys.setprofile`."""
        if event == "call":
            self.calls += 1
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        elif event == "return":
            self.depth -= 1


def effort_of(text: str) -> Effort:
    """Return what converting a comment costs."""
    effort = Effort()
    before = sys.getprofile()
    sys.setprofile(effort)
    try:
        assert "cannot" not in converted(text, "markdown").fault
    finally:
        sys.setprofile(before)
    return effort


@settings(max_examples=60, deadline=None)
@given(runs)
def test_no_comment_costs_much(text: str) -> None:
    """Of any text that a form takes, the stack and the number of steps are limited."""
    effort = effort_of(text)
    assert effort.deepest <= MOST_FRAMES
    assert effort.calls <= MOST_CALLS_A_CHARACTER * (len(text) + 1000)


def test_html_of_tags_without_end_is_shown_as_typed() -> None:
    """The sanitiser takes time by the square of what is nested, so that an import has a limit."""
    made = converted("<blockquote>" * MOST_TAGS, "html")
    assert (made.html.count("<blockquote>"), made.fault) == (MOST_TAGS, "")
    made = converted("<blockquote>" * (MOST_TAGS + 1), "html")
    assert made.html.startswith("<p>&lt;blockquote&gt;")
    assert "tags" in made.fault


@pytest.mark.parametrize("sign", ["[", "*", "_", "`"])
def test_a_text_of_nothing_but_signs_is_not_tried_as_markdown(sign: str) -> None:
    """Up to a limit it is; beyond it, where that would take time, it is plain text."""
    text = f"**bold** {sign.replace('[', '[]') * (MOST_SIGNS - 4)}"
    assert html(text, "markdown") != html(text, "text")
    assert html(text + sign, "markdown") == html(text + sign, "text")
