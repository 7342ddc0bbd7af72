"""Paragraphs of lists that are code by accident are told where they are; code is not."""

from __future__ import annotations

import time
from textwrap import dedent

import pytest

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.markdown.prose import convert
from sitegen.markdown.stray_code import StrayCode, stray_code
from sitegen.parse.parsing import parse

ENGINES = (
    Config(),
    Config(markdown=MarkdownConfig(engine="commonmark")),
    Config(markdown=MarkdownConfig(lists="classic")),
)

STRAY = {
    "below an item": (
        "- Buy a ticket.\n\n          Have it ready at the gate.\n- Wait.",
        StrayCode(3, 11, 3),
    ),
    "with marks": (
        "1. Buy a ticket.\n\n           Have [it](a.md) **ready**, *please*.\n\n2. Wait.",
        StrayCode(3, 12, 4),
    ),
    "two lines": (
        "Text.\n\n- a\n- b\n\n          The gate opens at\n          nine (and not at eight).\n",
        StrayCode(6, 11, 3),
    ),
    "nested": (
        "- a\n    - b\n\n                  It was late.\n",
        StrayCode(4, 19, 7),
    ),
    "Japanese": ("- 切符\n\n          改札で見せます。\n", StrayCode(3, 11, 3)),
    "a tab": ("- Buy a ticket.\n\n\t\t\tHave it ready at the gate.\n", StrayCode(3, 13, 3)),
}


@pytest.mark.parametrize("config", ENGINES, ids=["python-markdown", "commonmark", "classic"])
@pytest.mark.parametrize(("text", "found"), STRAY.values(), ids=STRAY.keys())
def test_sentences_that_became_code_are_found(text: str, found: StrayCode, config: Config) -> None:
    """Both engines show them as code, and each is told where it begins, and where it should."""
    made = convert(text, config)

    assert "<pre" in made.html
    assert made.stray_code == (found,)


MEANT = {
    "a paragraph": "- Buy a ticket.\n\n  Have it ready at the gate.\n",
    "a command": "1. Install it.\n\n           sudo apt install nginx\n",
    "a program": "- Write this.\n\n          Total = count(items);\n          Print it.\n",
    "output": "- It says this.\n\n          Error: no such file /etc/ferry.conf.\n",
    "one word": "- It says this.\n\n          Done.\n",
    "a fence": "- It says this.\n\n  ```\n  The ferry is late today.\n  ```\n",
    "a fence, indented": "- Say:\n\n        ```\n        The ferry is late.\n        ```\n",
    "outside of lists": "It says this.\n\n    The ferry is late today.\n",
    "after a list": "- a\n\nIt says this.\n\n    The ferry is late today.\n",
}


@pytest.mark.parametrize("config", ENGINES, ids=["python-markdown", "commonmark", "classic"])
@pytest.mark.parametrize("text", MEANT.values(), ids=MEANT.keys())
def test_what_is_meant_is_left_alone(text: str, config: Config) -> None:
    """Code, fences, text in its place, and what is code by itself are not told."""
    assert convert(text, config).stray_code == ()


def test_an_article_is_built_with_a_warning() -> None:
    """The warning names the place in the file, and what to do."""
    text = dedent(
        """\
        ---
        title: Ferry
        date: 2024-11-04
        ---

        - Buy a ticket.

                  Have it ready at the gate.
        """
    )
    parsed = parse("articles/a.md", text.encode(), Config())

    assert parsed.entry is not None
    (problem,) = parsed.problems
    assert (str(problem.location), problem.severity) == ("articles/a.md:8:11", "warning")
    assert "shown as code" in problem.message
    assert "column 3" in (problem.hint or "")


def test_many_of_them_take_no_time() -> None:
    """Ten thousand paragraphs and as many pieces of code are compared in one pass."""
    item = "- Buy a ticket.\n\n          Have number {} ready at the gate.\n"
    text = "".join(item.format(number) for number in range(10_000))
    html = "".join(
        f"<pre>Have number {number} ready at the gate.</pre>" for number in range(10_000)
    )
    start = time.process_time()

    assert len(stray_code(text, html + "<pre>" * 10_000)) == 10_000
    assert time.process_time() - start < 5
