"""Tests of `sitegen.html.line_breaks`."""

import pytest

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.markdown.prose import convert


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("高潮が\n来た。", "<p>高潮が来た。</p>"),
        ("高潮が\n*来た*。", "<p>高潮が<em>来た</em>。</p>"),
        ("*高潮が*\n来た。", "<p><em>高潮が</em>来た。</p>"),
        ("カタカナ、\n「引用」", "<p>カタカナ、「引用」</p>"),
        ("高潮 A\nB 来た", "<p>高潮 A\nB 来た</p>"),
        ("高潮\nflood", "<p>高潮\nflood</p>"),
        ("고조\n고조", "<p>고조\n고조</p>"),
        ("- 高潮\n  来た", "<ul>\n<li>高潮来た</li>\n</ul>"),
        ("高潮  \n来た", "<p>高潮<br>\n来た</p>"),
        ("高潮\n\n来た", "<p>高潮</p>\n<p>来た</p>"),
    ],
)
def test_lines_of_japanese_are_joined_without_a_gap(text: str, expected: str, engine: str) -> None:
    """Where a line breaks between two of its characters; not in Korean, which has spaces."""
    config = Config(markdown=MarkdownConfig(engine=engine))  # type: ignore[arg-type]
    assert convert(text, config).html.replace("<br />", "<br>") == expected


def test_lines_of_code_are_kept() -> None:
    """In code and in HTML that is shown as it is written."""
    made = convert(
        "漢字\n漢字\n\n```\n高潮\n来た\n```\n\n<textarea>あ\nい</textarea>", Config()
    ).html
    assert "漢字漢字" in made
    assert "高潮\n来た" in made
    assert "あ\nい" in made
