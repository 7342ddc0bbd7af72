"""Tests of `sitegen.html.github`: both engines give the same."""

import time

import pytest

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.html.github import with_alert_titles
from sitegen.markdown.prose import convert, resolve
from sitegen.work import garbage_collection

ENGINES = ("python-markdown", "commonmark")


@pytest.fixture(params=ENGINES, name="config")
def fixture_config(request: pytest.FixtureRequest) -> Config:
    """Return the configuration of a site with one of the engines."""
    return Config(markdown=MarkdownConfig(engine=request.param))


def body(text: str, config: Config) -> str:
    """Return the HTML of `text`."""
    made = convert(text, config)
    return resolve(made.html, [f' {item.attribute}="{item.target}"' for item in made.references])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://example.org/a?b=c&d.", "https://example.org/a?b=c&amp;d"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("高潮はhttps://example.org/aである。", ""),
        ("高潮は https://example.org/a。", "https://example.org/a"),
        ("https://example.org/日本、と", "https://example.org/日本"),
        ("**https://example.org/**", "https://example.org/"),
        ("https://example.org/a_b_c", "https://example.org/a_b_c"),
        ("- https://example.org/!", "https://example.org/"),
        ('"https://example.org/"', "https://example.org/"),
        ("a@https://b", ""),
        ("`https://example.org/`", ""),
        ("    https://example.org/", ""),
        ("<!-- https://example.org/ -->", ""),
        ("https://", ""),
        ("<i title='https://example.org/'>a</i>", ""),
    ],
)
def test_an_address_in_the_text_is_a_link(text: str, expected: str, config: Config) -> None:
    """Without what ends the sentence; and in code and in comments it is none."""
    made = body(text, config)
    assert made.count("<a ") == bool(expected)
    assert not expected or f'<a href="{expected}">{expected}</a>' in made


def test_an_address_without_its_scheme_is_a_link(config: Config) -> None:
    """`www.` is enough to know one, in the middle of a word it is not."""
    made = body("www.example.org, awww.nice", config)
    assert made == '<p><a href="http://www.example.org">www.example.org</a>, awww.nice</p>'


def test_what_is_a_link_is_not_made_one_again(config: Config) -> None:
    """In its text and in its target."""
    for text in ("[https://a.org/](https://b.org/)", "<https://a.org/>", "[a *b*](https://b.org/)"):
        assert body(text, config).count("<a ") == 1


def test_text_is_struck_out(config: Config) -> None:
    """Two tildes on both sides, around emphasis and within it; three are none."""
    assert body("~~a *b*~~ *c ~~d~~*", config) == (
        "<p><del>a <em>b</em></del> <em>c <del>d</del></em></p>"
    )
    assert body("~~ a ~~ b\\~~c", config).count("<del>") == 0


def test_tasks_have_their_boxes(config: Config) -> None:
    """Open and done, in tight and in loose lists; they are characters, which feeds show, too."""
    made = body("- [ ] a\n- [x] b\n- [y] c\n- [ ]d", config)
    assert '<li class="task">☐ a</li>\n<li class="task">☑ b</li>\n<li>[y] c</li>' in made
    assert "<li>[ ]d</li>" in made
    assert '<li class="task">\n<p>☐ a</p>' in body("- [ ] a\n\n- [X] b", config)


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION", "note"])
def test_a_quote_with_a_sign_is_an_alert(kind: str, config: Config) -> None:
    """Its heading is a word; what follows is its text."""
    made = body(f"> [!{kind}]\n> *a*\n>\n> > b\n\nc\n\n> d", config)
    assert made.startswith(f'<aside class="alert alert-{kind.lower()}">\n<div class="alert-title">')
    assert "<p><em>a</em></p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</aside>" in made
    assert made.endswith("<p>c</p>\n<blockquote>\n<p>d</p>\n</blockquote>")


def test_one_alert_may_follow_another(config: Config) -> None:
    """With a blank line between; and a quote before it stays one."""
    made = body("> a\n\n> [!TIP]\n> b\n\n> [!NOTE]\n> c\n\n- > [!TIP]\n  > d", config)
    assert made == (
        "<blockquote>\n<p>a</p>\n</blockquote>\n"
        '<aside class="alert alert-tip">\n<div class="alert-title"></div>\n<p>b</p>\n'
        '</aside>\n<aside class="alert alert-note">\n<div class="alert-title"></div>\n'
        '<p>c</p>\n</aside>\n<ul>\n<li>\n<aside class="alert alert-tip">\n'
        '<div class="alert-title"></div>\n<p>d</p>\n</aside>\n</li>\n</ul>'
    )


def test_the_sign_of_an_alert_may_stand_by_itself(config: Config) -> None:
    """With a blank line behind it; an unknown sign is text."""
    made = body("> [!NOTE]\n>\n> a", config)
    assert made == (
        '<aside class="alert alert-note">\n<div class="alert-title"></div>\n<p>a</p>\n</aside>'
    )
    assert "<blockquote>\n<p>[!HELP]" in body("> [!HELP]\n> a", config)


def test_the_heading_of_an_alert_is_filled_in(config: Config) -> None:
    """In the words of whoever shows the text, which are escaped; and it is no summary."""
    text = "> [!WARNING]\n> a\n\n> [!TIP]\n> b"
    made = with_alert_titles(body(text, config), {"warning": "A & B", "tip": "T"}.__getitem__)

    assert '<div class="alert-title">A &amp; B</div>\n<p>a</p>' in made
    assert '<div class="alert-title">T</div>\n<p>b</p>' in made
    assert convert(text, config).summary == "a"


def test_a_sanitised_text_has_all_of_it() -> None:
    """What we made is what the sanitiser lets pass; links lead away with its `rel`."""
    config = Config(markdown=MarkdownConfig(raw_html="sanitize"))
    made = body("> [!TIP]\n> - [ ] ~~a~~ https://b.org/", config)
    assert '<aside class="alert alert-tip">' in made
    assert '<li class="task">☐ <del>a</del> <a rel="nofollow ugc noopener" href="https:' in made


def test_it_can_be_turned_off() -> None:
    """`github = false` leaves the signs as text."""
    config = Config(markdown=MarkdownConfig(github=False))
    text = "~~a~~ https://b.org/"
    assert body(text, config) == f"<p>{text}</p>"
    assert "[!NOTE]" in body("> [!NOTE]\n> - [ ] c", config)


@pytest.mark.parametrize(
    "piece", ["~~a ", "~~", "> [!NOTE]\n\n", "- [ ] ", "www.", "http://)", "~~a~"]
)
def test_signs_without_end_take_time_in_proportion(piece: str) -> None:
    """However often they are repeated."""
    before = time.process_time()
    with garbage_collection.paused():  # as in a build; a large process would collect for long
        convert(piece * (100_000 // len(piece)), Config(markdown=MarkdownConfig(raw_html="allow")))
    assert time.process_time() - before < 3
