"""Markdown and HTML as writers write them, well and badly, for tests with Hypothesis."""

from html import escape
from typing import NamedTuple

from hypothesis import strategies as st

FRAGMENTS = (
    "A plain sentence, and another.",
    "# Heading one",
    "## Heading *two*",
    "## Heading *two*",
    "### 見出し",
    "Setext\n======",
    "> quoted\n> > twice",
    "- one\n- two\n    - three",
    "1. one\n2. two",
    "| a | b |\n|--:|:-:|\n| 1 | `x|y` |",
    "```python\nprint('<b>')\n```",
    "```nonsense\nwhat\n```",
    "    indented code",
    "Term\n:   Definition",
    "A note[^1] and another[^two].",
    "[^1]: The note.",
    "[^two]: See [there](../03/flood.md).",
    "*[HTML]: HyperText",
    "HTML is a word.",
    "[link](flood.md) and [ref][x] and ![picture](photo.jpg)",
    "[x]: sub/paper.pdf?x 'Title'",
    "[TOC]",
    "Words {: .cls #own }",
    "<div markdown='1'>\n*inside*\n</div>",
    "<table><tr><td align=right>1</td></tr></table>",
    "<img src=a.jpg srcset='a.jpg 1x, https://example.org/b.jpg 2x'>",
    "<!-- <a href='no.md'> -->",
    "<script>if (a < b) '<img src=no.jpg>'</script>",
    "<h2>Raw</h2>",
    "<p>left open",
    "<ruby>漢字<rt>かんじ</rt></ruby>",
    "<a href='",
    "***",
    "",
)

texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=20)), max_size=12).map(
        "\n\n".join
    ),
    st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("\n".join),
)
"""Texts of articles: typical pieces in any order, and anything else."""


MARKS = (
    *"*_`[]()<>!&\\|:=#{}~'\"^@+-/ \t\n",
    *("**", "***", "__", "``", "```", "~~~", "](", "][", "![", "[^", "*[", "]: ", "]:", "  \n"),
    *("\n\n", "\n    ", "\n- ", "\n1. ", "\n# ", "\n## ", "\n> ", "\n: ", "\n| ", "\n---\n"),
    *("\n===", "\n```\n", "\n~~~python\n", "\n|--|:-:|\n", "[TOC]", "[^1]", "\n[^1]: ", "[x]", "x"),
    *(
        "\n[x]: ",
        "\n*[HTML]: ",
        "HTML",
        "{: .c }",
        "{: #i k=v }",
        "{",
        "<b>",
        "</b>",
        "<br>",
        "<p>",
    ),
    *(
        "<div>",
        "</div>",
        "\n<div markdown=1>\n",
        "<div markdown='span'>",
        "<!--",
        "-->",
        "<?",
        "?>",
    ),
    *("<![CDATA[", "]]>", "<a href='", "<h2>", "<pre>", "</pre>", "<hr>", "<script>", "</script>"),
    *("&amp;", "&#38;", "&#38 ", "&x", "<http://a.b>", "<a@b.c>", "(a.md)", "(<a b>)", ' "t")'),
    *(
        "word",
        "words",
        "flood",
        "é",
        "日本",
        "٣",
        "10",
        "\x02",
        "\x03",
        "\r",
        "klzzwxh:0000",
        "\f",
        "<p>",
        "<?",
    ),
    *("    code", "\u2028", "!!! note", "[[wiki]]", "'q'", '"q"', "..."),
)
marks = st.lists(st.sampled_from(MARKS), max_size=40).map("".join)
"""What means something in Markdown, in any order."""


class Html(NamedTuple):
    """A piece of HTML and the start tags in it: (name, attributes with decoded values)."""

    text: str
    tags: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


_names = st.sampled_from(["a", "IMG", "video", "object", "p", "div", "h2", "td", "span", "x-y"])
_keys = st.sampled_from(["href", "SRC", "poster", "data", "class", "title", "data-x", "@click"])
_values = st.text(st.sampled_from("ab/.:#?&;=<>\"' \n高é"), max_size=12)
# To `html.parser`, `href==x` is `href=x`; to the standard and to us, the value begins with `=`.
_bare = st.from_regex(r"[ab/.:#?高é][ab/.:#?=高é]{0,11}", fullmatch=True)
_spaces = st.sampled_from([" ", "\n", "  \t"])


@st.composite
def _attributes(draw: st.DrawFn) -> tuple[str, tuple[str, str]]:
    """Draw an attribute in one of its ways of writing, and what it means."""
    key = draw(_keys)
    form = draw(st.sampled_from(["none", "bare", "single", "double"]))
    if form == "none":
        return key, (key.lower(), "")
    value = draw(_bare if form == "bare" else _values)
    equals = draw(st.sampled_from(["=", " = ", "=\n"]))
    # An unquoted value would take in a `/` before the `>`: it never ends in one here.
    value = value.rstrip("/") + "x" if form == "bare" else value
    quote = {"bare": "", "single": "'", "double": '"'}[form]
    written = escape(value, quote=False).replace(quote, f"&#{ord(quote)};") if quote else value
    return f"{key}{equals}{quote}{written}{quote}", (key.lower(), value)


@st.composite
def _tags(draw: st.DrawFn) -> Html:
    name = draw(_names)
    found = draw(st.lists(_attributes(), max_size=4, unique_by=lambda item: item[1][0]))
    written = "".join(draw(_spaces) + item for item, _ in found)
    text = f"<{name}{written}{draw(st.sampled_from(['', ' ', ' /']))}>"
    return Html(text, ((name.lower(), tuple(meaning for _, meaning in found)),))


def _without_tags(text: str) -> Html:
    return Html(text, ())


_hidden = st.sampled_from(
    [
        "<!-- <a href='no.md'> > -->",
        "<!---->",
        "</a>",
        "</p >",
        "<!DOCTYPE html>",
        "&lt;a href='no.md'&gt;",
        "&amp;&nbsp;",
    ]
)
_scripts = st.sampled_from(["script", "style"]).map(
    lambda name: Html(f"<{name}>'<a href=no.md>' < b </{name}>", ((name, ()),))
)

pages = st.lists(
    st.one_of(
        _tags(),
        _scripts,
        _hidden.map(_without_tags),
        st.text(max_size=10).map(escape).map(_without_tags),
    ),
    max_size=10,
).map(
    lambda parts: Html(
        "".join(part.text for part in parts), tuple(tag for part in parts for tag in part.tags)
    )
)
"""HTML in all ways of writing tags and attributes, with what it contains."""
