"""Formulas are no Markdown, in both engines alike; in code they are what is written."""

from __future__ import annotations

import re
import time
from importlib.util import find_spec
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.markdown.formulas import as_written, put_back, taken_out
from sitegen.markdown.mathml import MAX_LENGTH, FormulaError, mathml
from sitegen.markdown.prose import convert
from sitegen.parse.parsing import parse
from tests.programs import left_out

ENGINES = [
    pytest.param("python-markdown", id="python-markdown"),
    pytest.param("commonmark", id="commonmark"),
]
INLINE = '<span class="math inline">\\({}\\)</span>'
BLOCK = '<div class="math display" tabindex="0">\\[{}\\]</div>'
IN_QUOTE = "a\n&gt; b"
LINE = '<span class="math display">\\[{}\\]</span>'


def config(engine: str, math: str = "tex", **other: str) -> Config:
    """Return a configuration with formulas."""
    markdown = MarkdownConfig(engine=engine, math=math, **other)  # type: ignore[arg-type]  # literals
    return Config(markdown=markdown)


@pytest.fixture
def latex2mathml() -> None:
    """Leave a test out where the package is not there."""
    if find_spec("latex2mathml") is None:
        left_out("latex2mathml is not installed")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Be $a_1 * b_1$ so.", "<p>Be {a_1 * b_1} so.</p>"),
        ("*$a$*, **$b$**", "<p><em>{a}</em>, <strong>{b}</strong></p>"),
        ("$$\na\n- b\n# c\n$$", BLOCK.format("a\n- b\n# c")),
        ("So $$x$$ is.", f"<p>So {LINE.format('x')} is.</p>"),
        ("$a < b$", "<p>{a &lt; b}</p>"),
        ("> $$\n> a\n> > b\n> $$", f"<blockquote>\n{BLOCK.format(IN_QUOTE)}\n</blockquote>"),
        ("```math\na_1\n```", BLOCK.format("a_1")),
        (r"$\text\$ b$", r"<p>{\text\$ b}</p>"),
        ("高さ$h$は", "<p>高さ{h}は</p>"),
    ],
)
def test_formulas_are_no_markdown(engine: str, text: str, html: str) -> None:
    """In words, in emphasis, on their own lines, in quotes and fences, after Japanese."""
    wanted = re.sub("{(.*?)}", lambda match: INLINE.format(match[1]), html)

    assert convert(text, config(engine)).html == wanted


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "From US$5 to US$7, or 5$ a day, 6$ a night.",
        "$5–$10",
        "`$a$` and ``$b$ ` $c$``",
        "```php\n$a.$b\n```",
        "- a\n\n  ```\n  $a$\n  ```",
        "Text.\n\n    $a.$b\n",
        "[a](https://a.example/$b$) https://a.example/?$x$",
        '<a title="$a$" href="/$b$">c</a>',
        "a $x\n\ny$ b",
        "<pre>$a$</pre>",
        "<!-- $a$ -->",
        "A $ and $ B",
        "$ a$ $",
    ],
)
def test_what_is_no_formula_stays(engine: str, text: str) -> None:
    """Prices, code, addresses, attributes, comments; what is not closed in its paragraph."""
    off = config(engine, "off")

    assert convert(text, config(engine)).html == convert(text, off).html


@pytest.mark.parametrize("engine", ENGINES)
def test_a_dollar_sign_can_be_written(engine: str) -> None:
    r"""`\$` is a dollar sign, and begins no formula."""
    assert convert(r"\$a\$ `\$`", config(engine)).html == r"<p>$a$ <code>\$</code></p>"


@pytest.mark.parametrize("engine", ENGINES)
def test_words_have_the_tex(engine: str) -> None:
    """Titles, contents and summaries are plain text: there a formula is its TeX."""
    text = "# On $x^2$\n\nIt is $a\n= b$ so.\n\n## More $y$\n\n[a](b.md) ![$z$](c.png)"
    made = convert(text, config(engine), take_title=True, first_line=5)

    assert (made.title, made.summary) == ("On x^2", "It is a = b so.")
    assert [(item.text, item.id) for item in made.toc] == [("More y", "more")]
    assert [(item.target, item.line) for item in made.references] == [("b.md", 12), ("c.png", 12)]
    assert 'alt="$z$"' in made.html


@given(st.text(alphabet="$`\\\n >-_ab()[]<\U000f0000~#", max_size=60))
def test_nothing_is_lost(text: str) -> None:
    """What is taken out of a text is all that it is put back with."""
    source, formulas = taken_out(text)

    assert as_written(source, formulas) == text
    assert not formulas.keys() & set(text)
    assert convert(text, config("python-markdown")).html.count("\U000f0001") == 0


@pytest.mark.parametrize("text", ["$a", "$$", "`$", "$a$", r"\$", "<!--", "$`", "](", "$$ \n"])
def test_no_text_takes_long(text: str) -> None:
    """Signs in a row are looked through in a time that grows as the text does."""
    start = time.process_time()
    taken_out(text * 20_000)

    assert time.process_time() - start < 5


@pytest.mark.parametrize("html", ["<pre>", "<!--", "<a ", "<a '"])
def test_no_html_takes_long(html: str) -> None:
    """As little as tags that are never closed."""
    formulas = taken_out("$a$")[1]
    start = time.process_time()
    put_back(html * 20_000, formulas, lambda _formula: "")

    assert time.process_time() - start < 5


# --- MathML


@pytest.mark.usefixtures("latex2mathml")
@pytest.mark.parametrize("engine", ENGINES)
def test_browsers_get_mathml(engine: str) -> None:
    """As an element with its TeX for those who cannot see it; also where HTML is sanitised."""
    wanted = (
        '<p>So <span class="math inline"><math display="inline" alttext="x^2"><mrow><msup>'
        "<mi>x</mi><mn>2</mn></msup></mrow></math></span>.</p>"
    )
    for raw_html in ("allow", "sanitize"):
        assert convert("So $x^2$.", config(engine, "mathml", raw_html=raw_html)).html == wanted


@pytest.mark.usefixtures("latex2mathml")
@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>} & x",
        r"\href{javascript:alert(1)}{x}",
        r'\color{red" onload="x}{y}',
        r"\text{&#x3C;script&#x3E;}",
        r"\frac{a}{b} \neq \sum_{i=1}^n x_i < 1",
        r"\begin{align}a&=b\\c&=d\end{align}",
    ],
)
def test_a_formula_runs_nothing(tex: str) -> None:
    """Whatever it says, it is well-formed, and has neither scripts nor addresses."""
    root = ET.fromstring(mathml(tex, is_display=True))  # noqa: S314 - our own

    names = {name for element in root.iter() for name in element.attrib}
    assert names.isdisjoint({"href", "onload", "src", "style", "class", "id"})
    assert all(element.tag == "math" or element.tag.startswith("m") for element in root.iter())


@pytest.mark.usefixtures("latex2mathml")
@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{a", "it is not complete"),
        (r"a \left( b", r"\left has no \right"),
        ("x^", "^ or _ has nothing to stand at"),
        (r"\foo{x}", r'unknown command "\foo"'),
        (r"\frac{" * 900, "it is nested too deeply"),
        ("x" * (MAX_LENGTH + 1), "it has more than 10,000 characters"),
    ],
)
def test_what_cannot_be_read_says_why(tex: str, reason: str) -> None:
    """In words, whatever the package raises."""
    with pytest.raises(FormulaError) as caught:
        mathml(tex, is_display=False)
    assert str(caught.value) == reason


@pytest.mark.usefixtures("latex2mathml")
def test_a_wrong_formula_is_told_where_it_is() -> None:
    """The article is built with the formula as it is written, and a warning names its place."""
    text = "---\ntitle: A\ndate: 2024-11-04\n---\n\nGood $a$.\n\nSo $x^$ is.\n"
    parsed = parse("articles/a.md", text.encode(), config("python-markdown", "mathml"))

    assert parsed.article is not None
    assert '<span class="math inline">$x^$</span>' in parsed.article.body
    (problem,) = parsed.problems
    assert (str(problem.location), problem.severity) == ("articles/a.md:8:4", "warning")
