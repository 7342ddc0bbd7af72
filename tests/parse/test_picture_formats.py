"""Pictures that browsers do not show are refused where they are named."""

from __future__ import annotations

import pytest

from sitegen.config.settings import Config
from sitegen.parse.parsing import parse
from tests.sitefactory import article


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (article(image="IMG_1.HEIC"), "articles/a.md:4:8"),
        (article(image={"src": "a.heif", "alt": "A"}), "articles/a.md:4:16"),
        (article(body="![A](a.heic)"), "articles/a.md:6"),
        (article(body='One.\n\n<img src="/pictures/a.heic?x" alt="A">'), "articles/a.md:8"),
        (article(body="![A](a.psd)"), "articles/a.md:6"),
    ],
)
def test_they_are_refused_with_what_to_do(text: str, place: str) -> None:
    """In front matter and in texts, at the line; the hint says what to export."""
    parsed = parse("articles/a.md", text.encode(), Config())

    assert parsed.article is None
    (problem,) = parsed.problems
    assert str(problem.location) == place
    assert "cannot be shown by most browsers: it is a " in problem.message
    assert "export it as JPEG" in (problem.hint or "")


def test_what_one_browser_shows_is_warned_of() -> None:
    """A TIFF is a warning: old archives have some."""
    parsed = parse("articles/a.md", article(body="![A](scan.tif)").encode(), Config())

    assert parsed.article is not None
    assert [problem.severity for problem in parsed.problems] == ["warning"]


@pytest.mark.parametrize(
    "text",
    [
        article(body="[The original](a.heic)"),
        article(body="![A](https://example.net/a.heic)"),
        article(image="a.jpg", body="![A](a.avif) ![B](heic) ![C](a.heic.jpg)"),
    ],
)
def test_others_are_taken(text: str) -> None:
    """A link to a file, a picture of another site, and every format that browsers show."""
    assert parse("articles/a.md", text.encode(), Config()).problems == ()
