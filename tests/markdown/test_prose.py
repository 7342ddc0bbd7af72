"""Tests of `sitegen.markdown.prose`."""

import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.html.finishing import DELIMITER
from sitegen.markdown.prose import (
    SUMMARY_COLUMNS,
    Prose,
    check,
    convert,
    cut,
    resolve,
    summary,
    without_controls,
)
from sitegen.model.documents import Heading, Reference
from sitegen.model.errors import SitegenError
from sitegen.model.frozen import FrozenMap
from tests.markdown_samples import texts

SANITIZING = Config(markdown=MarkdownConfig(raw_html="sanitize"))

ARTICLE = """\
# The *flood*

The river rose[^1], as we [said](../03/rain.md#levels "Rain"), by **two metres**.

![The bridge](bridge.jpg)

## 高潮

| Place | cm |
|:------|---:|
| Quay  | 12 |

```python
print(1)
```

### Later

See [said](../03/rain.md#levels) and <a href='/about/?a=1&amp;b'>us</a>.

[^1]: At [the gauge][g].

[g]: gauge.pdf
"""


def test_an_article_becomes_a_body_and_what_is_known_of_it() -> None:
    """The whole of it: HTML with placeholders, references with lines, contents, summary, title."""
    made = convert(ARTICLE, Config(), first_line=11, take_title=True)
    assert made == Prose(
        html=made.html,
        references=(
            Reference("href", "../03/rain.md#levels", 13),
            Reference("src", "bridge.jpg", 15),
            Reference("href", "../03/rain.md#levels", 29),
            Reference("href", "/about/?a=1&b", 29),
            Reference("href", "gauge.pdf", 33),
        ),
        toc=(Heading(2, "高潮", "高潮"), Heading(3, "later", "Later")),
        summary="The river rose, as we said, by two metres.",
        title="The flood",
    )
    html = resolve(made.html, [f' {item.attribute}="{item.target}"' for item in made.references])
    assert html == (
        '<p>The river rose<sup id="fnref:1"><a role="doc-noteref" class="footnote-ref"'
        ' href="#fn:1">1</a></sup>, as we <a href="../03/rain.md#levels" title="Rain">said</a>,'
        " by <strong>two metres</strong>.</p>\n"
        '<p><img loading="lazy" decoding="async" alt="The bridge" src="bridge.jpg"></p>\n'
        '<h2 id="高潮">高潮</h2>\n'
        '<div class="table-scroll" tabindex="0"><table>\n<thead>\n<tr>\n'
        '<th class="align-left">Place</th>\n<th class="align-right">cm</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td class="align-left">Quay</td>\n<td class="align-right">12</td>\n'
        "</tr>\n</tbody>\n</table></div>\n"
        '<div class="codehilite"><pre tabindex="0"><span></span><code><span class="nb">print</span>'
        '<span class="p">(</span><span class="mi">1</span><span class="p">)</span>\n'
        "</code></pre></div>\n\n"
        '<h3 id="later">Later</h3>\n'
        '<p>See <a href="../03/rain.md#levels">said</a> and <a href="/about/?a=1&b">us</a>.</p>\n'
        '<div class="footnote">\n<hr>\n<ol>\n<li id="fn:1">\n<p>At <a href="gauge.pdf">the gauge'
        '</a>.&#160;<a role="doc-backlink" class="footnote-backref" href="#fnref:1" title="1">'
        "&#8617;&#xFE0E;</a></p>\n</li>\n</ol>\n</div>"
    )


def test_a_text_whose_title_stands_elsewhere_keeps_its_first_heading() -> None:
    """Its h1 is then one of the headings, and all move one level down."""
    made = convert(ARTICLE, Config())
    assert made.title == ""
    assert [(heading.level, heading.text) for heading in made.toc] == [
        (2, "The flood"),
        (3, "高潮"),
    ]
    assert made.html.startswith('<h2 id="the-flood">The <em>flood</em></h2>')


def test_an_h1_after_the_title_moves_the_headings_too() -> None:
    """No h1 stays in a body, whether or not a title was taken out of it."""
    made = convert("Title\n=====\n\n# A\n\n## B", Config(), take_title=True)
    assert made.title == "Title"
    assert made.html == '<h2 id="a">A</h2>\n<h3 id="b">B</h3>'


def test_the_contents_are_as_deep_as_the_configuration_says() -> None:
    """From h2 to `toc_depth`; headings in a writer's HTML count like any other."""
    text = "## A\n\n### B\n\n<h3>C</h3>\n\n#### D"
    for depth, expected in ((1, ""), (2, "A"), (3, "ABC"), (6, "ABCD")):
        made = convert(text, Config(markdown=MarkdownConfig(toc_depth=depth)))
        assert "".join(heading.text for heading in made.toc) == expected


@given(texts, st.sampled_from([Config(), SANITIZING]), st.booleans())
def test_any_text_gives_a_sound_body(text: str, config: Config, take_title: bool) -> None:  # noqa: FBT001 - Hypothesis gives it.
    """No h1, no shared heading ids, a placeholder for each reference, and the same every time."""
    made = convert(text, config, take_title=take_title)
    html = resolve(made.html, [f"[{n}]" for n in range(len(made.references))])
    ids = [heading.id for heading in made.toc]
    assert DELIMITER not in html
    assert not re.search(r"<h1[ >]", re.sub(r"(?s)<!--.*?-->|<script.*?</script>", "", html))
    assert len(set(ids)) == len(ids)
    assert made == convert(text, config, take_title=take_title)


@given(texts)
def test_no_inline_style_is_made(text: str) -> None:
    """The default extensions write no `style` and no `align`; only a writer's HTML may."""
    made = convert(text, Config()).html
    assert "style=" not in made or "style" in text
    assert "align=" not in made or "align" in text


def test_control_characters_are_dropped() -> None:
    """They mean nothing in a text, a great deal to Python-Markdown, and are no valid HTML."""
    made = convert("a\x02b\x03 \x1a0\x1a\x00\x7f\x85\ufffe*c*\td", Config())
    assert made.html == "<p>ab 0<em>c</em> d</p>"


def test_what_is_dropped_is_found() -> None:
    """No character that means nothing hides from the look for them, and no other is dropped."""
    kept = [code for code in range(sys.maxunicode + 1) if without_controls(chr(code))]
    assert "".join(map(chr, kept)) == without_controls("".join(map(chr, range(sys.maxunicode + 1))))


def test_a_summary_is_made_where_it_is_asked_for() -> None:
    """All else is the same without it."""
    made = convert(ARTICLE, Config())
    assert made.summary
    assert convert(ARTICLE, Config(), take_summary=False) == made._replace(summary="")


def test_a_text_that_is_nothing_gives_nothing() -> None:
    """An empty body is a body."""
    assert convert(" \n\n", Config(), take_title=True) == Prose("", (), (), "", "")


# --- Lines of references.


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[a](a.md)\n\n[b](b.md)", (1, 3)),
        ("a.md is there: [a](a.md)\n\nor\n[a](a.md)", (1, 4)),
        ("a.md\n\n[a](a.md)", (3,)),
        ("[aa](aa.md) [b](b/a.md)\n[a](a.md)", (1, 1, 2)),
        ("[a][x] and\n[again][x]\n\n[x]: a.md", (4, 4)),
        ("<img src='a.jpg?a&amp;b'\nsrcset='b.jpg 1x,\nc.jpg 2x'>", (1, 2, 3)),
        ('<a\nhref=a.md>x</a> <a href="a.md">', (2, 2)),
        ("[a](&#97;.md)", (0,)),
        ("![x](a.jpg)![y](a.jpg)\n\n![z](a.jpg)", (1, 1, 3)),
    ],
)
def test_a_reference_knows_its_line(text: str, lines: tuple[int, ...]) -> None:
    """Where its target is written as one, the first after its last; 0 if it is nowhere."""
    assert tuple(item.line for item in convert(text, Config()).references) == lines


# --- The summary.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title\n\n![x](a.jpg)\n\n<!-- <p>no -->\n\nFirst *one*.\n\nSecond.", "First one."),
        ("- a\n- b\n\n> Quoted & <b>bold</b>", "Quoted & bold"),
        ("```\n<p>code</p>\n```\n\nText", "Text"),
        ("<div>\n<p>Raw<p>not this</div>", "Raw"),
        ("<script>'<p>no</p>'</script>\n\nText", "Text"),
        ("- only\n- a list", ""),
        ("# x[^1]\n\n[^1]: A note is no summary.", ""),
        ("One<br>two  \nthree", "One two three"),
        ("[TOC]\n\n## A\n\nText", "Text"),
        ("川が\n増水した。", "川が増水した。"),
        ('<audio controls src="a.mp3">No sound? <a href="a.mp3">Load</a></audio>\n\nText', "Text"),
        ("<video>\n<p>Fallback</p>\n</video>\n\nText", "Text"),
        ("Before <svg><title>Chart</title></svg> and after", "Before and after"),
        ("{:toc}\n\nText", "Text"),
        ("[[_TOC_]]\n\nText", "Text"),
        ("[Text](a.md)", "Text"),
    ],
)
def test_the_summary_is_the_first_paragraph_with_text(text: str, expected: str) -> None:
    """As plain text, whatever stands before it; code, scripts and notes are no paragraphs."""
    for config in (Config(), SANITIZING):
        assert convert(text, config).summary == expected


def test_a_hidden_paragraph_is_no_summary() -> None:
    """What the page hides is not shown in lists; sanitised, it is not hidden any more."""
    text = "<p hidden>Hidden</p>\n<p style='display: none'>Gone</p>\n\nText"
    assert convert(text, Config()).summary == "Text"
    assert convert(text, SANITIZING).summary == "Hidden"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. <!--more--> Two.", "One."),
        ("# T\n\nOne.\n\nTwo.\n\n<!-- More -->\n\nThree.", "One. Two."),
        ("One.\n\n<!--more Read on-->\n\nTwo.", "One."),
        ("<!--more-->\n\nOne.\n\nTwo.", "One."),
        ("One.\n\n```\n<!--more-->\n```\n\nTwo.", "One."),
        ("One.<!--moreover--> Two.", "One. Two."),
        ("word " * 60 + "\n\n<!--more-->", "word " * 39 + "word…"),
    ],
)
def test_a_summary_ends_at_the_mark_for_more(text: str, expected: str) -> None:
    """`<!--more-->` ends it where it stands, unless it would be too long or empty."""
    for settings in (
        Config(),
        SANITIZING,
        Config(markdown=MarkdownConfig(engine="commonmark")),
    ):
        assert convert(text, settings).summary == expected


def test_a_long_summary_is_cut_after_a_word() -> None:
    """Near 200 characters, without the comma before the cut."""
    text = cut("word, " * 60)
    assert text == "word, " * 32 + "word…"
    assert cut("word " * 40) == "word " * 40


def test_a_long_summary_in_japanese_is_cut_at_half_the_length() -> None:
    """At 100 characters, since they are twice as wide, and at any of them."""
    assert cut("水" * 101) == "水" * 100 + "…"
    assert cut("水" * 100) == "水" * 100
    assert cut("水" * 99 + "。水") == "水" * 99 + "…"


def test_a_word_without_end_is_cut_where_it_is() -> None:
    """A text without spaces is cut all the same."""
    assert cut("x" * 300) == "x" * 200 + "…"


@given(
    st.text(st.sampled_from("ab, 水。éA"), max_size=400).map(lambda text: " ".join(text.split()))
)
def test_a_summary_is_a_beginning_of_the_text(text: str) -> None:
    """It never is wider than allowed, and says it if something is missing."""
    short = cut(text)
    columns = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    assert (short == text) == (columns <= SUMMARY_COLUMNS)
    if short != text:
        assert short.endswith("…")
        assert text.startswith(short[:-1])
        assert len(short) <= SUMMARY_COLUMNS + 1


@given(st.text(st.sampled_from('<>p/ adiv!-"='), max_size=60))
def test_a_summary_can_be_asked_of_any_html(html: str) -> None:
    """Whatever the HTML, its summary is one line."""
    assert "\n" not in summary(html)


# --- Failures.


def test_a_text_that_cannot_be_converted_is_a_problem_without_a_place() -> None:
    """The file is the caller's to name."""
    with pytest.raises(SitegenError) as caught:
        convert("\n".join("    " * level + "- a" for level in range(600)), Config())
    assert [item.location for item in caught.value.problems] == [None]


def test_check_names_what_is_wrong_in_the_configuration() -> None:
    """Before any text is converted."""
    extensions = FrozenMap({"no_such_extension": {}})
    with pytest.raises(SitegenError, match=r"^sitegen\.toml: .*no_such_extension"):
        check(Config(markdown=MarkdownConfig(extensions=extensions)))


def test_bodies_are_resolved_without_the_engine() -> None:
    """Pages made of kept bodies do not wait for Python-Markdown to be imported."""
    code = (
        "import sys, sitegen.markdown.prose\n"
        "sys.exit('markdown' in sys.modules or 'nh3' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
