"""Tests of `sitegen.markdown.lists`, `list_items` and `fences`: what CommonMark says is so."""

import re
import time
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.config.settings import MarkdownConfig
from sitegen.markdown import commonmark
from sitegen.markdown.python_markdown import engine
from sitegen.model.errors import SitegenError
from tests.programs import left_out

REPOSITORY = Path(__file__).parents[2]

CLASSIC = MarkdownConfig(lists="classic")


def html(text: str) -> str:
    """Return what the default engine makes of `text`."""
    return engine(MarkdownConfig())(text)


class Meaning(HTMLParser):
    """What HTML says: its elements and texts, without colours of code, ids and line ends."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.text = ""
        self.in_code = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; of its attributes, where its list begins to count."""
        if tag == "pre":
            self.in_code = True
        if tag not in ("span", "div", "tbody"):
            start = dict(attrs).get("start")
            self.pieces.append(f"<{tag} {start}>" if start else f"<{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that ends in `/>` as any other."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element."""
        if tag == "pre":
            self.in_code = False
        if tag not in ("span", "div", "tbody"):
            self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Note a text, with the last one if nothing stands between them."""
        self.text += data
        data = data if self.in_code else " ".join(data.split())
        if data and self.pieces and not self.pieces[-1].startswith("<"):
            self.pieces[-1] += data
        elif data:
            self.pieces.append(data)


def meaning(html: str) -> list[str]:
    """Return what `html` says."""
    return [text for piece in Meaning(html).pieces if (text := piece.rstrip("\n"))]


SPECIFICATION = REPOSITORY / "tests/emulators/node_modules/commonmark-spec/spec.txt"
"""The CommonMark specification, of which `make test` gets the package from npm."""

SECTIONS = frozenset({"Fenced code blocks", "List items", "Lists"})

_EXAMPLE = re.compile(
    r"^#+ (?P<section>[^\n]*)$|^`{32} example[^\n]*\n(?P<text>.*?)^\.\n(?P<html>.*?)^`{32}$",
    re.MULTILINE | re.DOTALL,
)


def examples() -> dict[int, tuple[str, str]]:
    """Return text and HTML of the examples for lists, items and fences, by their numbers."""
    if not SPECIFICATION.exists():
        left_out("no specification of CommonMark: `make test` installs it, with npm")
    found, section, number = {}, "", 0
    for match in _EXAMPLE.finditer(SPECIFICATION.read_text("utf-8")):
        section = match["section"] or section
        if match["text"] is not None:
            number += 1
            if section in SECTIONS:
                found[number] = (match["text"].replace("→", "\t"), match["html"].replace("→", "\t"))
    return found


_UNCLOSED = "a fence without an end is none"
OTHERWISE = {
    126: _UNCLOSED,
    127: _UNCLOSED,
    128: _UNCLOSED,
    137: _UNCLOSED,
    139: _UNCLOSED,
    129: "codehilite leaves out blank lines at the beginning of code",
    257: "four spaces belong to an item however wide its marker is",
    313: "a number that is indented between two items is an item, not code",
}
"""The examples that we take otherwise, and why."""


def test_the_examples_of_commonmark_come_out_as_it_says() -> None:
    """All of its examples of lists, items and fences but those with a reason."""
    known = examples()
    assert len(known) > 100
    otherwise = {
        number
        for number, (text, expected) in known.items()
        if meaning(html(text)) != meaning(expected)
    }
    assert otherwise == OTHERWISE.keys()


SAME_IN_BOTH = {
    "a list after a line of text": "We need:\n- bread\n- milk",
    "numbers after a line of text": "In order:\n1. bread\n2. milk",
    "text, a list, text": "We need:\n* bread\n* milk\n\nThat is all.",
    "two spaces": "- a\n  - b\n    - c\n- d",
    "three spaces": "1. a\n   - b\n   - c\n2. d",
    "four spaces": "- a\n    - b\n        - c\n- d",
    "numbers in bullets": "- a\n  1. b\n  2. c\n- d",
    "another number at the beginning": "7. a\n8. b",
    "parentheses": "1) a\n2) b",
    "a second paragraph": "- a\n\n  b\n- c",
    "a second paragraph, four spaces": "1. a\n\n    b\n\n2. c",
    "a loose list in a tight one": "- a\n  - b\n\n    c\n- d",
    "a line that is not indented": "- a\nb\n- c",
    "a year that ends a line": "It was the winter of\n1986. Nobody knew.",
    "a fence": "- a\n  ```\n  b\n    c\n  ```\n- d",
    "a fence with a blank line in it": "1. a\n\n   ```sh\n   b\n\n   c\n   ```\n2. d",
    "a fence in an item of an item": "- a\n    - b\n        ~~~\n        c\n        ~~~\n- d",
    "a fence right behind a bullet": "- ```\n  a\n  ```",
    "a fence with attributes": '```js title="a.js" {1,3}\nb\n```',
    "a fence with attributes in braces": "```python {linenos=table}\nb\n```",
    "a fence that is longer at its end": "```\na\n`````",
    "a fence with a space before it": " ```\n a\n ```",
    "a shorter fence in a fence": "````md\n```\na\n```\n````",
    "code of four spaces after a list": "- a\n\nb\n\n    c",
    "a quote in an item": "- > a\n  > b\n- c",
    "a list in a quote": "> - a\n>   - b\n> - c",
    "a heading after a list": "- a\n## b",
    "a line across after a list": "- a\n***\n- b",
    "empty items": "- a\n-\n- c",
    "a table in an item": "- a\n\n  | b | c |\n  |---|---|\n  | d | e |",
}


@pytest.mark.parametrize("text", SAME_IN_BOTH.values(), ids=SAME_IN_BOTH)
def test_lists_and_fences_mean_the_same_in_both_engines(text: str) -> None:
    """What people write: after text, indented by two to four, with fences in them."""
    assert meaning(html(text)) == meaning(commonmark.engine()(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100. a\n\n    b", "<ol 100><li><p>a</p><p>b</p></li></ol>"),
        ("-    a\n\n    b", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("- a\n\n        b", "<ul><li><p>a</p><pre><code>b</code></pre></li></ul>"),
        (
            "- a\n\n    b\n\n        c",
            "<ul><li><p>a</p><p>b</p><pre><code>c</code></pre></li></ul>",
        ),
    ],
)
def test_four_spaces_belong_to_an_item_as_ever(text: str, expected: str) -> None:
    """However wide its marker is; and code in it has eight, of which none is in the code."""
    assert "".join(meaning(html(text))) == expected


def test_the_old_way_can_be_had() -> None:
    """`lists = "classic"` reads lists and fences as Python-Markdown by itself."""
    classic = engine(CLASSIC)
    assert classic("a\n- b") == "<p>a\n- b</p>"
    assert classic("- a\n  - b") == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    assert "<pre>" not in classic('```js title="a.js"\nb\n```')


def test_a_fence_without_an_end_is_none() -> None:
    """The rest of a text does not become code by three ticks, in a list or out of it."""
    assert "<p>b</p>" in html("```js\na\n\nb")
    assert "<p>b</p>" in html("- a\n  ```\n  c\n\nb")


def test_the_lines_that_stand_out_are_known() -> None:
    """`hl_lines` is read whatever stands with it."""
    made = html('```python title="a" hl_lines="2"\na\nb\n```')
    assert '<span class="hll"><span class="n">b</span>' in made


PIECES = (
    *("- a", "* b", "+ c", "1. d", "2) e", "10. f", "-", "text", "    text", "  text", "", ""),
    *("  - g", "   - h", "    - i", "      - j", "  1. k", "     l", "        m", "> n", "# o"),
    *("```", "  ```", "    ~~~", "- ```.js", "***", "  > p", "===", "| q | r |", "|--|--|"),
    *("{: .s }", "t", "[v][u]", "<hr>", "  <br>", "```.js {w}", "\tx", "- [y](z)", "---"),
)
lines = st.lists(st.sampled_from(PIECES), max_size=14).map("\n".join)


@given(lines)
@example("-\n      - j\n     l")
@example("- a\n    ```\n  - ```\n```")
def test_no_text_of_a_list_is_lost(text: str) -> None:
    """Every word stands in the page, as often as it was written."""
    words = re.findall(r"\b[a-qxy]\b", re.sub("`.*|~.*", "", text))
    found = re.findall(r"\b[a-qxy]\b", Meaning(html(text)).text)
    assert sorted(found) == sorted(words)


@pytest.mark.parametrize(
    "text",
    [
        "- a\n" * 20_000,
        "- a\n\n" * 20_000,
        "a\n- b\n\n" * 8_000,
        "- a\n* b\n" * 8_000,
        "- ```\n" * 8_000,
        "- a\n" + "  ```x\n" * 8_000,
        "```x\n" * 8_000,
        "  - " * 8_000,
        "- a\n" + "b\n" * 20_000,
        "1. " + "- " * 60 + "a\n" * 3_000,
    ],
)
def test_long_lists_take_time_in_proportion(text: str) -> None:
    """Whatever is repeated: the second half is not read over and over for the first."""
    before = time.process_time()
    with suppress(SitegenError):  # Some are so deep that they are refused.
        html(text)
    assert time.process_time() - before < 4
