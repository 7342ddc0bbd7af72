"""Tests of `sitegen.html.figures`: both engines give the same."""

from typing import Literal

import pytest

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.markdown.prose import convert, resolve


def body(text: str, engine: Literal["python-markdown", "commonmark"]) -> str:
    """Return the HTML of `text`."""
    made = convert(text, Config(markdown=MarkdownConfig(engine=engine)))
    html = resolve(made.html, [f' {item.attribute}="{item.target}"' for item in made.references])
    return html.replace(' loading="lazy" decoding="async"', "").replace(" />", ">")


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
def test_a_picture_with_a_title_is_a_figure(
    engine: Literal["python-markdown", "commonmark"],
) -> None:
    """If its paragraph holds nothing else; the title is its caption, and no title any more."""
    made = body('![The *quay*](a.jpg "At <high> water")', engine)
    assert made.startswith("<figure>\n<img ")
    assert made.endswith(">\n<figcaption>At &lt;high&gt; water</figcaption>\n</figure>")
    assert ' src="a.jpg"' in made
    assert ' alt="The quay"' in made or ' alt="The *quay*"' in made
    assert "title" not in made
    linked = body('- a\n\n  [![b](c.jpg "d")](e.md)', engine)
    assert '<a href="e.md"><img ' in linked
    assert "</a>\n<figcaption>d</figcaption>\n</figure>" in linked


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
@pytest.mark.parametrize(
    "text", ["![a](b.jpg)", '![a](b.jpg "c") d', '![a](b.jpg "c")\n![d](e.jpg "f")', "[a](b 'c')"]
)
def test_any_other_picture_stays_in_its_paragraph(
    text: str, engine: Literal["python-markdown", "commonmark"]
) -> None:
    """Without a title, with words beside it, or with another picture."""
    assert body(text, engine).startswith("<p>")
