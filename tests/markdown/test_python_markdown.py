"""Tests of `sitegen.markdown.python_markdown`."""

import re
import time

import pytest
from hypothesis import given

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.markdown.python_markdown import MAX_QUOTE_DEPTH, check, engine, new_engine
from sitegen.model.errors import Problem, SitegenError
from sitegen.model.frozen import FrozenMap
from sitegen.model.urls import slugify
from tests.markdown_samples import texts


def html(text: str, **extensions: object) -> str:
    """Return what the engine makes of `text` with these extensions configured."""
    return engine(MarkdownConfig(extensions=FrozenMap(extensions)))(text)


def problems(**extensions: object) -> tuple[Problem, ...]:
    """Return what `check` has against these extensions."""
    with pytest.raises(SitegenError) as caught:
        check(Config(markdown=MarkdownConfig(extensions=FrozenMap(extensions))))
    return caught.value.problems


@given(texts, texts)
def test_a_conversion_does_not_depend_on_an_earlier_one(first: str, second: str) -> None:
    """What follows another text gives the same HTML as in an engine that never saw a text."""
    used = engine(MarkdownConfig())
    fresh = new_engine(MarkdownConfig())
    used(first)
    assert used(second) == fresh(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("x[^1]\n\n[^1]: First.", "y[^1]"),
        ("HTML\n\n*[HTML]: Language", "HTML"),
        ("[x]: a.md", "[x]"),
        ("## One", "## One"),
        ("<div markdown=1>\nopen", "*plain*"),
        ("[TOC]\n\n" + "*a **b " * 1500 + "c** d* " * 1500, "> *quote*"),
    ],
)
def test_nothing_leaks_from_text_to_text(first: str, second: str) -> None:
    """Notes, abbreviations, references, ids, open blocks and failures end with their text."""
    used = engine(MarkdownConfig())
    try:
        used(first)
    except SitegenError:
        assert "[TOC]" in first
    assert used(second) == new_engine(MarkdownConfig())(second)


def test_an_option_that_counts_documents_has_no_effect() -> None:
    """`UNIQUE_IDS` of footnotes would number the documents of the process: it stays off."""
    text = "x[^1]\n\n[^1]: Note."
    first = html(text, footnotes={"UNIQUE_IDS": True})
    assert html(text, footnotes={"UNIQUE_IDS": True}) == first
    assert 'id="fn:1"' in first


def test_each_default_extension_is_on() -> None:
    """Tables, notes, code, attributes, abbreviations, definitions, contents, HTML, lists."""
    made = html(
        "[TOC]\n\n## Head {: .cls }\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\nHTML[^1]\n\n"
        "```python\nx = 1\n```\n\nTerm\n:   Definition\n\n<div markdown=1>\n*in*\n</div>\n\n"
        "1. one\n\n* two\n\n*[HTML]: Language\n\n[^1]: Note."
    )
    for expected in (
        '<div class="toc">',
        '<h2 class="cls" id="head">Head</h2>',
        "<table>",
        '<li id="fn:1">',
        '<abbr title="Language">HTML</abbr>',
        '<span class="n">x</span>',
        "<dt>Term</dt>",
        "<div>\n<p><em>in</em></p>\n</div>",
        "<ol>\n<li>one</li>\n</ol>\n<ul>\n<li>two</li>\n</ul>",
    ):
        assert expected in made


def test_a_default_extension_can_be_turned_off() -> None:
    """`tables = false` leaves the others on; the long name means the same extension."""
    text = "| a | b |\n|--|--|\n| 1 | 2 |\n\nTerm\n:   Definition"
    for name in ("tables", "markdown.extensions.tables"):
        made = html(text, **{name: False})
        assert "<table>" not in made
        assert "<dt>" in made


def test_a_site_has_more_extensions_and_other_options() -> None:
    """A table of options turns an extension on, or changes what we chose for a default one."""
    assert "<p>a “quote”</p>" in html('a "quote"', smarty={}).replace("&ldquo;", "“").replace(
        "&rdquo;", "”"
    )
    assert 'href="#one"' in html("# One", toc={"permalink": True})
    assert html("# Zwei", toc={"permalink": True}).startswith('<h1 id="zwei">')


def test_code_in_a_language_that_nobody_knows_is_plain() -> None:
    """Neither an unknown language nor none at all is guessed at, and nothing is styled inline."""
    for fence in ("```nonsense", "```"):
        made = html(f"{fence}\nfor x in y: <b>\n```")
        assert "for x in y: &lt;b&gt;" in made
        assert "style" not in made


@given(texts)
def test_ids_of_headings_are_slugs(text: str) -> None:
    """The id of a heading is the slug of its text, as of a headline, with a number if needed."""
    heading = " ".join(re.sub(r"[^\w ]", "", text).split())[:60]
    made = html(f"## x{heading}\n\n## x{heading}")
    slug = slugify(f"x{heading}")
    assert f'id="{slug}"' in made
    assert f'id="{slug}_1"' in made


def test_quotes_can_be_nested_but_not_without_end() -> None:
    """A hundred levels are quotes; more are refused, wherever on the stack the caller stands."""
    assert html(">" * MAX_QUOTE_DEPTH + " deep").count("<blockquote>") == MAX_QUOTE_DEPTH
    with pytest.raises(SitegenError, match="nested more than 100 levels deep"):
        html("text\n\n" + "> " * (MAX_QUOTE_DEPTH + 1) + "deep")


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("    " * level + "- a" for level in range(600)),
        "[TOC]\n\n" + "**a *b " * 1500 + "c* d** " * 1500,
    ],
)
def test_nesting_without_end_is_a_problem_of_the_text(text: str) -> None:
    """Lists or emphasis that exhaust the stack are told to the editor; the engine goes on."""
    with pytest.raises(SitegenError, match="nested too deeply") as caught:
        html(text)
    assert caught.value.problems[0].location is None
    assert html("*fine*") == "<p><em>fine</em></p>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a " * 8_000, "too many tags have no end"),
        ("<a href='" * 8_000, "too many tags have no end"),
        ("a | b\n--|--\n" + "`| " * 8_000, "too much code in one row"),
        ("# a {" * 20_000, "too many braces in one paragraph"),
        ("*[A]: x\n" * 4_000, "without a blank line between them"),
        ("---\n" * 40_000, "without a blank line between them"),
    ],
)
def test_what_would_be_read_for_minutes_is_a_problem_of_the_text(text: str, message: str) -> None:
    """Signs that are read again for each of them are told, with what to do; few are no problem."""
    start = time.process_time()
    with pytest.raises(SitegenError, match=message) as caught:
        html(text)
    assert time.process_time() - start < 4
    assert caught.value.problems[0].hint
    html(text[:2_000])
    assert html("*fine*") == "<p><em>fine</em></p>"


def test_many_headings_without_blank_lines_are_read_once() -> None:
    """In a time in proportion to their number; what is between them stays there."""
    made = html("# a\nb\n## c\n" * 5_000)
    assert made.startswith('<h1 id="a">a</h1>\n<p>b</p>\n<h2 id="c">c</h2>\n<h1 id="a_1">')
    assert made.count("<h2") == 5_000


def test_an_extension_that_fails_on_a_text_is_a_problem_of_the_text() -> None:
    """Whatever an extension raises names the engine and the reason, not a traceback."""
    with pytest.raises(SitegenError) as caught:
        html("```python\nx = 1\n```", codehilite={"pygments_style": "no such style"})
    assert caught.value.problems[0].message.startswith(
        "Python-Markdown cannot convert the text: Could not find style module"
    )


def test_an_extension_that_is_not_there_is_named() -> None:
    """The problem names file and key; a near name is offered, else what to install."""
    near, far = problems(footnote={}, no_such_package={"a": 1})
    assert str(near.location) == "sitegen.toml"
    assert near.message == 'unknown extension "markdown.extensions.footnote"'
    assert near.hint == 'did you mean "footnotes"?'
    assert far.hint is not None
    assert far.hint.startswith("install the package")


def test_an_option_that_is_not_there_is_named() -> None:
    """An unknown option is found with the near name, or with all the names there are."""
    far, near = problems(toc={"permalnk": True}, tables={"x": 1})
    assert near.message == '"markdown.extensions.toc" has no option "permalnk"'
    assert near.hint == 'did you mean "permalink"?'
    assert far.hint == "known options: use_align_attribute"


def test_a_value_that_an_extension_refuses_is_told() -> None:
    """What an extension raises for a wrong value comes with the key."""
    (found,) = problems(toc={"toc_depth": "deep"})
    assert found.message.startswith('"markdown.extensions.toc" cannot be used: ')


def test_the_module_of_an_extension_must_be_one() -> None:
    """A module that can be imported but is no extension is a problem, too."""
    (found,) = problems(json={})
    assert found.message.startswith('"markdown.extensions.json" cannot be used: ')


def test_check_is_content_with_the_defaults() -> None:
    """A site without a configuration has an engine."""
    check(Config())
