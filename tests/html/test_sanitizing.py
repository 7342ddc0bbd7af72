"""Tests of `sitegen.html.sanitizing`."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.markdown.prose import convert, resolve
from tests.markdown_samples import pages, texts

SANITIZING = Config(markdown=MarkdownConfig(raw_html="sanitize"))


class Danger(HTMLParser):
    """Collects what a sanitised body must not contain."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        if tag in {"script", "style", "iframe", "object", "embed", "form", "input", "base", "svg"}:
            self.found.append(tag)
        for name, value in attrs:
            scheme = "".join((value or "").split()).lower()
            if name.startswith("on") or name == "style" or scheme.startswith("javascript:"):
                self.found.append(f"{name}={value}")


def published(text: str) -> str:
    """Return the body that an unknown writer's text becomes."""
    made = convert(text, SANITIZING)
    return resolve(made.html, [f' {item.attribute}="/x"' for item in made.references])


EVIL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' java&#9;script:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "<svg/onload=alert(1)>",
    "<iframe src=//example.org></iframe>",
    "<form action=x><input name=y></form>",
    "<p style='position:fixed'>x</p>",
    "<math><mtext><style><img src=x onerror=alert(1)></style>",
    "x {: onclick=alert(1) style=color:red }",
    "<td align='\" onx=\"'>",
    "<a title='\"><script>alert(1)</script>' href='\" onclick=\"x'>y</a>",
    "<img srcset='x\" onerror=\"alert(1) 1x, y 2x'>",
    "<a class='footnote-ref' href='https://example.org/\" onclick=\"x'>y</a>",
    "<h2 id='\" onclick=\"x'>y</h2>",
)


@given(st.lists(st.one_of(st.sampled_from(EVIL), texts, pages.map(lambda page: page.text))))
def test_nothing_that_can_run_or_pretend_comes_through(parts: list[str]) -> None:
    """No script, frame, form, handler, inline style or javascript: address, however written."""
    assert Danger(published("\n\n".join(parts))).found == []


@pytest.mark.parametrize(
    "text",
    [
        "A **b** *c* `d` ~ e\n\n***\n\n> quote",
        "| a | b |\n|:-:|--:|\n| 1 | 2 |",
        "x[^1]\n\n[^1]: Note.",
        "```python\nx = '<b>'\n```",
        "HTML\n\n*[HTML]: Language",
        "Term\n:   Definition",
        "## One {: #own .cls }\n\n[TOC]",
        "![alt](photo.jpg 'Title')",
        "1. a\n2. b\n    - c",
        '<figure><img src="a.jpg" alt=""><figcaption>x</figcaption></figure>',
        "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
        "<details><summary>More</summary><p>x</p></details>",
    ],
)
def test_what_markdown_makes_comes_through(text: str) -> None:
    """The default extensions, figures, ruby and details look the same for every writer."""
    made = convert(text, Config())
    expected = resolve(made.html, [f' {item.attribute}="/x"' for item in made.references])
    written_as = {"&#160;": "&nbsp;", "&#8617;&#xFE0E;": "\u21a9\ufe0e"}
    for entity, char in written_as.items():
        expected = expected.replace(entity, char)
    assert published(text) == expected


def test_links_that_lead_away_say_so_to_search_engines() -> None:
    """Links to other sites get a `rel`, a writer's own is dropped; links of the site get none."""
    made = published("<a rel=me href=https://example.org/>x</a> [y](/about/) [z](#top)")
    assert made == (
        '<p><a rel="nofollow ugc noopener" href="https://example.org/">x</a> '
        '<a href="/x">y</a> <a href="#top">z</a></p>'
    )


def test_references_are_found_in_what_was_sanitised() -> None:
    """Links and images of an unknown writer are resolved like any other's."""
    made = convert("![a](p.jpg) <a href=../03/flood.md onclick=x>b</a>", SANITIZING)
    assert [item.target for item in made.references] == ["p.jpg", "../03/flood.md"]


def test_a_character_reference_is_no_way_to_a_marker() -> None:
    """A control character that the sanitiser decodes does not come through."""
    made = convert("&#26;0&#26; &#2;x", SANITIZING)
    assert made.html == "<p>0 x</p>"
    assert made.summary == "0 x"
