"""What runs from left to right within a text that is written from right to left."""

import pytest

from sitegen.config.settings import Config
from sitegen.html.left_to_right import with_left_to_right
from sitegen.markdown import prose


def test_code_says_its_direction_once() -> None:
    """An element within code has the direction already; one that says its own keeps it."""
    html = '<pre class="x"><code>a</code></pre><p><code>b</code> <kbd dir="auto">c</kbd></p>'
    assert with_left_to_right(html) == (
        '<pre dir="ltr" class="x"><code>a</code></pre>'
        '<p><code dir="ltr">b</code> <kbd dir="auto">c</kbd></p>'
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("אל https://example.org/a/?b=1&amp;c, או", "https://example.org/a/?b=1&amp;c"),
        ("(www.example.org/)", "www.example.org/"),
        ("<svg/>www.example.org/.", "www.example.org/"),
        ("טלפון +972 3 555 0100.", "+972 3 555 0100"),
        ("+20(2)555-0100", "+20(2)555-0100"),
        ("<a href='tel:+97235550100'>+972-3-5550100</a>", "+972-3-5550100"),
    ],
)
def test_addresses_and_telephone_numbers_are_isolated(text: str, part: str) -> None:
    """What is read from left to right keeps its order, without the signs that follow it."""
    expected = text.replace(part, f'<bdi dir="ltr">{part}</bdi>')
    assert with_left_to_right(f"<p>{text}</p>") == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<script>x = '<code>'; y = 'https://example.org/'</script><p>a</p>",
        "<!-- <pre> --><p>a</p>",
        "<style>a { b: url(https://example.org/) }</style>",
        "<pre dir=ltr>https://example.org/</pre>",
        '<p>1 + 2 2 2, +5% <img alt="https://example.org/" src="https://example.org/a.png"></p>',
    ],
)
def test_what_only_looks_so_is_left_alone(html: str) -> None:
    """Neither scripts nor comments, attributes, code or sums have such parts."""
    assert with_left_to_right(html) == html


def test_only_texts_from_right_to_left_say_it() -> None:
    """In all others it runs so by itself; without a language it is the site's."""
    text = "Run `ls`, or call +972 3 555 0100."
    assert "ltr" not in prose.convert(text, Config(), language="en").html
    assert prose.convert(text, Config(), language="ar").html.count(' dir="ltr"') == 2
    assert '<code dir="ltr">ls</code>' in prose.convert(text, Config(language="he")).html
