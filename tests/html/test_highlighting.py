"""Tests of `sitegen.html.highlighting`."""

import time

import pytest
from pygments.formatters.html import HtmlFormatter

from sitegen.config.settings import MarkdownConfig
from sitegen.html.highlighting import formatter, highlighted
from sitegen.markdown.python_markdown import engine


@pytest.mark.parametrize("language", ["python", "PYTHON", "html", "c++", "", "no-such-language"])
def test_code_is_as_codehilite_makes_it(language: str) -> None:
    """Both engines give the same HTML for a piece of code, known language or not."""
    code = "\n\nfor <x> in y:  # &amp;\n    pass\n\n"
    assert (
        engine(MarkdownConfig())(f"```{language}\n{code}```") == highlighted(code, language).strip()
    )


def test_code_that_would_be_coloured_for_minutes_is_plain() -> None:
    """In both engines, and only if it is long."""
    code = "`a " * 40_000
    start = time.process_time()
    for made in (highlighted(code, "rst"), engine(MarkdownConfig())(f"~~~ rst\n{code}\n~~~")):
        assert "<span></span><code>`a `a " in made
    assert time.process_time() - start < 2
    assert '<span class="nc">' in highlighted(":a: `b`", "rst")


def test_a_formatter_is_made_once() -> None:
    """The same for the same options; it does what a new one does."""
    assert formatter(cssclass="a", lang_str="b") is formatter(cssclass="a")
    assert formatter(cssclass="a") is not formatter(cssclass="b")
    assert formatter(hl_lines=[2]).hl_lines == HtmlFormatter(hl_lines=[2]).hl_lines
