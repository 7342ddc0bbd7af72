"""`docs/markdown.md` says what is so: its tables are held against both engines."""

import re
from pathlib import Path

import pytest

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.markdown.prose import convert
from sitegen.markdown.python_markdown import DEFAULTS

PAGE = (Path(__file__).parent.parent / "docs" / "markdown.md").read_text("utf-8")

ENGINES = (Config(), Config(markdown=MarkdownConfig(engine="commonmark")))


LISTS = tuple(Config(markdown=MarkdownConfig(lists=way)) for way in ("classic", "commonmark"))


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    _, _, rest = PAGE.partition(f"## {heading}\n")
    lines = re.findall(r"^\| (.*) \|$", rest.partition("\n## ")[0], re.MULTILINE)
    return [line.split(" | ") for line in lines[1:]]


def meant(cell: str) -> str | None:
    """Return what a cell in code says, with its line ends, spaces and bars; None for words."""
    found = re.fullmatch("`+ ?(.*?) ?`+", cell)
    return found and found[1].replace("⏎", "\n").replace("·", " ").replace("¦", "|")


def test_each_default_extension_has_its_row() -> None:
    """And no other."""
    assert [meant(cells[0]) for cells in rows("The default set")] == list(DEFAULTS)


@pytest.mark.parametrize("cells", rows("How the two differ"), ids=lambda cells: cells[0])
def test_the_two_differ_as_they_say(cells: list[str]) -> None:
    """Each row is what both engines make of a text, and not the same."""
    text = meant(cells[0])
    assert text
    made = [convert(text, config).html for config in ENGINES]
    for html, cell in zip(made, cells[1:], strict=True):
        expected = meant(cell)
        if expected is None:
            assert WORDS[cell](html)
        else:
            assert html == expected
    assert made[0] != made[1]


@pytest.mark.parametrize("cells", rows("Lists and fenced code"), ids=lambda cells: cells[0])
def test_lists_differ_from_those_of_python_markdown_as_they_say(cells: list[str]) -> None:
    """Each row is what becomes of a text by `lists = "classic"`, and without it."""
    text = meant(cells[0])
    assert text
    assert [convert(text, config).html for config in LISTS] == [meant(cell) for cell in cells[1:]]


@pytest.mark.parametrize("cells", rows("What GitHub adds"), ids=lambda cells: cells[0])
def test_what_github_adds_is_there_in_both(cells: list[str]) -> None:
    """Each row is what both engines make of a text."""
    text, expected = map(meant, cells)
    assert text
    assert [convert(text, config).html for config in ENGINES] == [expected, expected]


WORDS = {
    "nothing": lambda html: html == "",
    "the address in coded characters": lambda html: html.startswith('<p><a href="&#109;&#97;'),
}
"""What is true of the HTML where a cell has words for it."""


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
@pytest.mark.parametrize("cells", rows("Formulas"), ids=lambda cells: cells[0])
def test_formulas_become_what_it_says(cells: list[str], engine: str) -> None:
    """With both engines."""
    config = Config(markdown=MarkdownConfig(engine=engine, math="tex"))  # type: ignore[arg-type]  # one of two
    text = meant(cells[0])
    assert text
    assert convert(text, config).html == meant(cells[1])
