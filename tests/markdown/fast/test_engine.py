"""Tests of `sitegen.markdown.fast.engine`, `inline` and `links`.

What they do must be what Python-Markdown does: every test of the HTML holds it against the library.
"""

from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown
from markdown.blockprocessors import ParagraphProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import SimpleTagInlineProcessor
from markdown.preprocessors import Preprocessor

from sitegen.config.settings import MarkdownConfig
from sitegen.markdown.fast.blocks import GUARDS
from sitegen.markdown.fast.engine import FastMarkdown
from sitegen.markdown.fast.inline import guard_of
from sitegen.markdown.fast.links import MAX_SCANNED
from sitegen.markdown.python_markdown import (
    engine,
    new_markdown,
    selected_extensions,
)
from sitegen.model.errors import SitegenError
from sitegen.work.proven_versions import MARKDOWN
from tests.conftest import Pretend
from tests.markdown_samples import marks, texts


class Shouting(Extension):
    """An extension that nobody knows: a pattern without special characters, and a preprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - The library's name.
        """Register the parts."""
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"(wor)(ds?)", "u"), "shout", 165)
        md.preprocessors.register(_Spaced(md), "spaced", 22)


class _Spaced(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return [line.replace("flood", "a\n\n> b") for line in lines]


class Lowered(Extension):
    """An extension that changes a pattern of the library's."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - The library's name.
        """Add a delimiter."""
        assert md.delimiters is not None
        md.delimiters.add("~", "sub")


LIBRARY = ["extra", "admonition", "codehilite", "legacy_attrs", "legacy_em", "meta", "nl2br"]
SETS: dict[str, list[tuple[Any, dict[str, Any]]]] = {
    "none": [],
    "default": list(selected_extensions(MarkdownConfig())),
    "library": [(name, {}) for name in [*LIBRARY, "sane_lists", "smarty", "toc", "wikilinks"]],
    "foreign": [*selected_extensions(MarkdownConfig()), (Shouting(), {})],
    "linked": [("toc", {"permalink": True, "baselevel": 2}), ("footnotes", {})],
}


@cache
def both(name: str) -> tuple[Markdown, Markdown]:
    """Return the library and ours with a set of extensions."""
    pair = Markdown(output_format="html"), FastMarkdown(output_format="html")
    for markdown in pair:
        for extension, options in SETS[name]:
            markdown.registerExtensions([extension], {extension: options})
    return pair


def assert_equal(text: str, name: str) -> None:
    """Hold our HTML of `text` against the library's."""
    stock, fast = both(name)
    expected, made = stock.convert(text), fast.convert(text)
    stock.reset()
    fast.reset()
    assert made == expected


@pytest.mark.parametrize("name", SETS)
@given(texts)
def test_articles_become_the_same_html(name: str, text: str) -> None:
    """Texts like those of articles."""
    assert_equal(text, name)


@pytest.mark.parametrize("name", SETS)
@given(marks)
@example("a\x02klzzwxh:0000\x03*b*")
@example("x\n   \n \n\ty\r\nz")
@example("&#38 &amp &x; <a &#x26; b>")
@example("[a][b] ![a][b] [b] ![b]\n\n[b]: c 'd'")
@example("[a](b'c) ![[x](y)](z) [[[a](b)")
@example("<div markdown=1>\n## *x* {: #a .b c}\n</div>\n\n# x[^1]\n\n[^1]: <b>y</b>")
@example("# a <!-- b --> `<c>` &lt; \\* data {: data-toc-label='x' }\n\n[TOC]")
@example("٣. three\n\n3. three")
@example("term\n\n  : definition\n\n    more")
@example("*a **b *c* d** e* _f*g_h*")
def test_marks_in_any_order_become_the_same_html(name: str, text: str) -> None:
    """Everything that means something in Markdown, next to everything else."""
    assert_equal(text, name)


FENCES = (
    "```",
    "```python",
    "~~~",
    "~~~ {.c #i}",
    "``` {.c",
    "~~~ {: x }}",
    "````",
    " ```",
    "    ~~~",
)


@pytest.mark.parametrize("name", ["default", "library"])
@given(st.lists(st.sampled_from((*FENCES, *FENCES, "code", "", "`", "\r", "<p>")), max_size=9))
@example(["~~~ {.c} }", "```", "~~~", "```"])
def test_fenced_code_becomes_the_same_html(name: str, lines: list[str]) -> None:
    """Fences that fit and that do not, with attributes and without, in one another."""
    assert_equal("\n".join(lines), name)


def test_nothing_is_unknown_in_the_default_set() -> None:
    """All its parts but the paragraph are known: nothing is run that the text does not call for.

    Fails if a version of the library brings new parts.
    """
    fast = both("default")[1]
    guarded = {type(item) for item in fast.parser.blockprocessors} - set(GUARDS)
    assert guarded == {ParagraphProcessor}
    assert all(guard_of(pattern) for pattern in fast.inlinePatterns)


@pytest.mark.parametrize("extension", [Lowered(), "smarty", "def_list", Shouting()])
def test_an_extension_may_come_between_two_texts(extension: Extension | str) -> None:
    """It counts from the next text on."""
    text = 'a ~b~ *c* "words"\n: flood'
    pair = Markdown(output_format="html"), FastMarkdown(output_format="html")
    before = [markdown.convert(text) for markdown in pair]
    for markdown in pair:
        markdown.registerExtensions([extension], {})
    after = [markdown.convert(text) for markdown in pair]
    assert before[0] == before[1] != after[0] == after[1]


proven = pytest.mark.skipif(not MARKDOWN.is_proven, reason=MARKDOWN.note())
"""For what only the fast paths can do."""


@proven
def test_the_engine_has_fast_paths_with_a_proven_version() -> None:
    """With a version of the library that is listed, the fast paths are taken."""
    assert type(new_markdown()) is FastMarkdown


@pytest.mark.parametrize("version", ["3.8", "3.11", "3.11.2", "3.11.99", "3.12"])
def test_any_other_version_of_the_library_does_the_work_itself(
    pretend: Pretend, version: str
) -> None:
    """Patch versions, too, are taken as they are until they have been compared."""
    pretend(markdown=version)

    markdown = new_markdown()
    assert type(markdown) is Markdown
    assert markdown.convert("a *b*") == "<p>a <em>b</em></p>"


@proven
def test_open_brackets_are_read_once() -> None:
    """The library would be busy with these for an hour."""
    text = "[" * 150_000
    assert engine(MarkdownConfig())(text) == f"<p>{text}</p>"
    defined = engine(MarkdownConfig())(f"{text}\n\n[a]: b")
    assert defined == f"<p>{text}</p>"


@proven
@pytest.mark.parametrize("piece", ["[a](", "![a](<b", "[[a](b) ", "[a](b'c) "])
def test_links_without_end_are_refused_before_they_take_too_long(piece: str) -> None:
    """Some are text, as ever; so many that they would be read for seconds are a problem."""
    convert = engine(MarkdownConfig())
    assert_equal(piece * 300, "default")
    with pytest.raises(SitegenError, match="too many unclosed brackets"):
        convert(piece * (MAX_SCANNED // 500 // len(piece)))
    assert convert("[a](b)") == '<p><a href="b">a</a></p>'
