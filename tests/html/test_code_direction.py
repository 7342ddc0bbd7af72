"""Code within a text that is written from right to left."""

from sitegen.config.settings import Config
from sitegen.html.code_direction import with_code_from_left
from sitegen.markdown import prose


def test_code_says_its_direction_once() -> None:
    """An element within code has the direction already; one that says its own keeps it."""
    html = '<pre class="x"><code>a</code></pre><p><code>b</code> <kbd dir="auto">c</kbd></p>'
    assert with_code_from_left(html) == (
        '<pre dir="ltr" class="x"><code>a</code></pre>'
        '<p><code dir="ltr">b</code> <kbd dir="auto">c</kbd></p>'
    )


def test_what_only_looks_like_code_is_left_alone() -> None:
    """A tag in a script or a comment is none."""
    html = "<script>x = '<code>';</script><!-- <pre> --><p>a</p>"
    assert with_code_from_left(html) == html


def test_only_texts_from_right_to_left_say_it() -> None:
    """In all others code runs from left to right by itself; without a language it is the site's."""
    text = "Run `ls`."
    assert 'dir="ltr"' not in prose.convert(text, Config(), language="en").html
    assert '<code dir="ltr">ls</code>' in prose.convert(text, Config(), language="ar").html
    assert '<code dir="ltr">ls</code>' in prose.convert(text, Config(language="he")).html
