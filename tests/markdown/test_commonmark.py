"""Tests of `sitegen.markdown.commonmark`."""

import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from typing import Literal, get_args, get_type_hints

import pytest
from hypothesis import given

from sitegen.config.loading import from_table
from sitegen.config.settings import Config, MarkdownConfig
from sitegen.markdown.commonmark import OPTIONS, engine
from sitegen.markdown.prose import convert, resolve
from sitegen.model.errors import SitegenError
from tests.markdown_samples import marks, texts

COMMONMARK = Config(markdown=MarkdownConfig(engine="commonmark"))
SANITIZING = Config(markdown=MarkdownConfig(engine="commonmark", raw_html="sanitize"))


def html(text: str) -> str:
    """Return what the engine makes of `text`."""
    return engine()(text)


def test_code_has_pygments_classes() -> None:
    """Fences in any of their ways of writing, and indented code; quotes and tags in it stay."""
    coloured = '<div class="codehilite"><pre><span></span><code><span class="n">x</span>'
    for fence in ("```python", "~~~ python title=x", "```.python", "```{.python}"):
        assert html(f'{fence}\nx = "<&lt;>"\n{fence[:3]}').startswith(coloured)
    assert '"&lt;&amp;lt;&gt;"</span>' in html('```python\nx = "<&lt;>"\n```')
    assert html("    a < b").startswith(
        '<div class="codehilite"><pre><span></span><code>a &lt; b\n</code></pre></div>'
    )
    assert html("<pre><code>a <b>c</b></code></pre>") == "<pre><code>a <b>c</b></code></pre>"


def test_pygments_is_imported_for_code_only() -> None:
    """A site without code does not wait for it."""
    code = (
        "import sys; from sitegen.markdown.commonmark import engine; engine()('# a\\n\\n*b*[^1]');"
        "sys.exit('pygments' in sys.modules or 'markdown' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_notes_stand_at_the_end_with_ways_back() -> None:
    """In the order of their references, each reference with an id of its own."""
    made = html("a[^x] b[^y] c[^x]\n\n[^y]:\n    | n |\n    |--:|\n\n[^x]: one *note*\n\nend")
    assert made == (
        '<p>a<sup id="fnref:x"><a class="footnote-ref" href="#fn:x">1</a></sup>'
        ' b<sup id="fnref:y"><a class="footnote-ref" href="#fn:y">2</a></sup>'
        ' c<sup id="fnref2:x"><a class="footnote-ref" href="#fn:x">1</a></sup></p>\n'
        "<p>end</p>\n"
        '<div class="footnote">\n<hr>\n<ol>\n<li id="fn:x">\n'
        '<p>one <em>note</em>&#160;<a class="footnote-backref" href="#fnref:x" title="1">'
        '&#8617;&#xFE0E;</a> <a class="footnote-backref" href="#fnref2:x" title="1">'
        "&#8617;&#xFE0E;</a></p>\n</li>\n"
        '<li id="fn:y">\n<table><thead><tr><th align="right">n</th></tr></thead><tbody>\n'
        '</tbody></table>\n<p><a class="footnote-backref" href="#fnref:y" title="2">'
        "&#8617;&#xFE0E;</a></p>\n</li>\n</ol>\n</div>"
    )


def test_no_text_of_a_note_is_lost() -> None:
    """Of one that nothing refers to, of two with one name, in a quote, with a tag left open."""
    made = html(
        "x[^a]\n\n[^a]: One.\n\n[^a]: Two.\n\n[^b]: Three.\n\n> [^c]: Four.\n\n[^d]: <div>Five"
    )
    for word in ("One", "Two", "Three", "Four", "Five"):
        assert made.index(word) > made.index('<div class="footnote">')
    assert made.count("footnote-backref") == 1
    assert html("x[^é f]\n\n[^é f]: y").count(":é-f") == 4
    assert html("x[^1]") == "<p>x[^1]</p>"


def test_contents_link_to_headings() -> None:
    """`[TOC]` becomes nested lists, whatever the levels; all headings get ids of their own."""
    made = html("# A *b*\n\n[TOC]\n\n### C & d\n\n## C\n\n## C {#own}\n\n<h2>C</h2>")
    assert made == (
        '<h1 id="a-b">A <em>b</em></h1>\n<div class="toc">\n<ul>\n<li><a href="#a-b">A b</a><ul>\n'
        '<li><a href="#c-and-d">C &amp; d</a></li>\n<li><a href="#c">C</a></li>\n'
        '<li><a href="#own">C</a></li>\n<li><a href="#c_1">C</a></li>\n</ul>\n</li>\n</ul>\n'
        "</div>\n"
        '<h3 id="c-and-d">C &amp; d</h3>\n<h2 id="c">C</h2>\n<h2 id="own">C</h2>\n'
        '<h2 id="c_1">C</h2>'
    )
    assert html("[TOC]") == '<div class="toc">\n</div>'


def test_each_extension_is_on() -> None:
    """Tables, notes, struck text, definitions, attributes of headings: and no more."""
    assert OPTIONS == (
        "TABLES",
        "FOOTNOTES",
        "STRIKETHROUGH",
        "DEFINITION_LIST",
        "HEADING_ATTRIBUTES",
    )
    for text, expected in (
        ("|a|\n|:-:|\n|b|", '<td align="center">b</td>'),
        ("~~a~~", "<del>a</del>"),
        ("a\n: b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>"),
        ("# a {#b .c}", '<h1 id="b" class="c">a</h1>'),
        ('"a" -- $b$ [[c]]', '<p>"a" -- $b$ [[c]]</p>'),
    ):
        assert expected in html(text)


ARTICLE = """\
# The *flood*

The river rose[^1], as we [said](../03/rain.md#levels "Rain"), by **two metres**.

![The bridge](bridge.jpg)

## 高潮

| Place | cm |
|:------|---:|
| Quay  | 12 |

```python
print(1)
```

Term
: Definition

### Later

See <a href='/about/'>us</a>.

[^1]: At [the gauge][g].

[g]: gauge.pdf
"""


class Flat(HTMLParser):
    """HTML without what means nothing: order of attributes, space between blocks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.pieces.append((tag, sorted(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element."""
        self.pieces.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that ends in `/>` as any other."""
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if data.strip():
            self.pieces.append(data)


@pytest.mark.parametrize("raw_html", get_args(get_type_hints(MarkdownConfig)["raw_html"]))
def test_both_engines_make_the_same_of_an_article(raw_html: Literal["allow", "sanitize"]) -> None:
    """What both dialects know gives the same body, references, contents, summary and title."""
    python, commonmark = (
        convert(ARTICLE, Config(markdown=config), take_title=True)
        for config in (
            MarkdownConfig(raw_html=raw_html),
            MarkdownConfig(raw_html=raw_html, engine="commonmark"),
        )
    )
    bodies = [
        resolve(made.html, [f' {item.attribute}="{item.target}"' for item in made.references])
        for made in (python, commonmark)
    ]
    assert Flat(bodies[0]).pieces == Flat(bodies[1]).pieces
    assert commonmark._replace(html="") == python._replace(html="")


@given(texts)
def test_any_text_gives_the_same_every_time(text: str) -> None:
    """A conversion depends on its text alone, and ids of headings are each their own."""
    made = convert(text, COMMONMARK)
    ids = [heading.id for heading in made.toc]
    assert len(set(ids)) == len(ids)
    assert made == convert(text, COMMONMARK)


@given(marks)
def test_no_inline_style_is_made(text: str) -> None:
    """Pages forbid it; it stands only where a writer's HTML has it."""
    assert "style=" not in convert(text, COMMONMARK).html
    assert "style=" not in convert(text, SANITIZING).html


def test_extensions_of_the_other_engine_are_refused() -> None:
    """They would do nothing: the key is named, with its place and what to do."""
    text = '[markdown]\nengine = "commonmark"\n[markdown.extensions]\nsmarty = {}\n'
    with pytest.raises(SitegenError) as caught:
        from_table(tomllib.loads(text), text=text)
    (found,) = caught.value.problems
    assert str(found.location) == "sitegen.toml:3:2"
    assert found.hint == 'remove them, or set `engine = "python-markdown"`'
    assert from_table({"markdown": {"engine": "commonmark"}}) == COMMONMARK


def test_a_missing_package_is_told() -> None:
    """Which extra to install, and not a traceback."""
    code = (
        "import sys; sys.modules['pyromark'] = None\n"
        "from sitegen.config.settings import Config, MarkdownConfig\n"
        "from sitegen.markdown.prose import check\n"
        "from sitegen.model.errors import SitegenError\n"
        "try: check(Config(markdown=MarkdownConfig(engine='commonmark')))\n"
        "except SitegenError as error: print(error, error.problems[0].hint)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "sitegen.toml" in said.stdout
    assert '`pip install "sitegen-news[commonmark]"`' in said.stdout
