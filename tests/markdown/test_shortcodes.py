"""Shortcodes are read exactly where an engine sees words, in both engines alike."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.settings import Config, MarkdownConfig
from sitegen.markdown import prose, shortcodes
from sitegen.markdown.prose import convert
from sitegen.markdown.shortcode_tags import read_tags

ENGINES = [
    pytest.param("python-markdown", id="python-markdown"),
    pytest.param("commonmark", id="commonmark"),
]


def config(engine: str, **other: Any) -> Config:
    """Return a configuration."""
    return Config(markdown=MarkdownConfig(engine=engine, **other))  # type: ignore[arg-type]  # literals


def shown(made: prose.Prose) -> str:
    """Return HTML with markers as `<0>` and `</0>`, each space and line end as one of them."""
    html = re.sub("<!--\x1b(/?[0-9]+)-->", r"<\1>", made.html)
    return re.sub(r"\s+", " ", re.sub(r"(?<=>)\s*\n\s*(?=<)", "", html))


CORPUS = [
    # Alone, it is a block; in words it stays in them.
    ('{{< figure src="a" >}}', "<0>"),
    ('{{<figure src="a">}}', "<0>"),
    ("One {{< badge >}} two.", "<p>One <0> two.</p>"),
    ("{{< a >}} {{< b />}}", "<0><1>"),
    ("A {{< q >}}*b* c{{< /q >}} d", "<p>A <0><em>b</em> c</0> d</p>"),
    ("**{{< x >}}** *{{< y >}}a{{< /y >}}*", "<p><strong><0></strong> <em><1>a</1></em></p>"),
    # Around a paragraph, and around blocks, blank lines or not.
    ("{{< note >}}words{{< /note >}}", "<0><p>words</p></0>"),
    ("{{< note >}}\nSome *text*.\n{{< /note >}}", "<0><p>Some <em>text</em>.</p></0>"),
    ("{{< note >}}\n\nSome.\n\n{{< /note >}}", "<0><p>Some.</p></0>"),
    ("{{< note >}}One\n\ntwo{{< /note >}}", "<0><p>One</p><p>two</p></0>"),
    ("Before\n{{< x >}}\nbehind", "<p>Before</p><0><p>behind</p>"),
    (
        "{{< note >}}\n- one\n- two\n{{< /note >}}\nEnd",
        "<0><ul><li>one</li><li>two</li></ul></0><p>End</p>",
    ),
    ("{{< a >}}\n## Head\n{{< /a >}}", '<0><h2 id="head">Head</h2></0>'),
    ("{{< a >}}\n{{< b >}}in{{< /b >}}\n{{< /a >}}", "<0><1><p>in</p></1></0>"),
    ("{{< a >}}{{< a >}}in{{< /a >}}{{< /a >}}", "<0><1><p>in</p></1></0>"),
    ("{{< a >}}\n{{< b >}}\n{{< /a >}}", "<0><1></0>"),
    ("{{< a />}}\n{{< a >}}in{{< /a >}}", "<0><1><p>in</p></1>"),
    ("{{< a >}}{{< /a >}} text", "<p><0></0> text</p>"),
    # In quotations, lists, tables, definitions, notes.
    (
        "> {{< note >}}\n> In it\n> {{< /note >}}\n\nEnd",
        "<blockquote><0><p>In it</p></0></blockquote><p>End</p>",
    ),
    ('> {{< x\n> a="b" >}}', "<blockquote><0></blockquote>"),
    ("- {{< x >}}\n- b", "<ul><li><0></li><li>b</li></ul>"),
    ("- a\n\n    {{< x >}}\n\n- c", "<ul><li><p>a</p><0></li><li><p>c</p></li></ul>"),
    ("Term\n: {{< x >}} def", "<dl><dt>Term</dt><dd><0> def</dd></dl>"),
    ("| a |\n|---|\n| {{< x '|' >}} |".replace("'", '"'), None),
    # Code, comments, attributes: what is written there is a text.
    ("`{{< x >}}` and `` {{< `y` >}} ``", None),
    ('```\n{{< figure src="a" >}}\n```', None),
    ('```python\nx = "{{< y >}}"\n\n{{< z\n  a="b" >}}\n```', None),
    ("    {{< x >}}\n    y\n", None),
    ("- a\n\n    ```\n    {{< x >}}\n    ```", None),
    ("<pre>{{&lt; x &gt;}}</pre>", None),
    ("<!--\n{{< x >}}\n-->", None),
    ('<a title="{{< x >}}">d</a>', '<p><a title="{{&lt; x &gt;}}">d</a></p>'),
    ('<a title="{{&lt; x &gt;}}">d</a>', None),
    ('![{{< x >}}](https://a.example/b.png "{{< y >}}")', None),
    # Raw HTML around it.
    ('<div class="a">\n{{< x >}}\n</div>', '<div class="a"><0></div>'),
    ("<aside>\n\n{{< x >}}\n\n</aside>", "<aside><0></aside>"),
    ("<b>{{< x >}}</b>", "<p><b><0></b></p>"),
    # Escaped.
    ("{{</* x */>}} {{%/* y */%}}", "<p>{{&lt; x &gt;}} {{% y %}}</p>"),
    ("Just {{ braces }} and {{- these -}}", "<p>Just {{ braces }} and {{- these -}}</p>"),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "html"), [case for case in CORPUS if case[1] is not None])
def test_a_tag_is_a_block_or_stands_in_words(engine: str, text: str, html: str) -> None:
    """A tag with a line for itself is a block, whatever is around it; any other is in the words."""
    made = convert(text, config(engine))

    assert shown(made) == html
    assert made.wrong_shortcodes == ()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", [case[0] for case in CORPUS if case[1] is None])
def test_what_is_no_word_stays(engine: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In code, comments, addresses and attributes a tag is the text that is written there."""
    made = convert(text, config(engine))
    if "|---|" in text:
        assert "<td><0></td>" in shown(made)
        return
    monkeypatch.setattr(shortcodes, "read_tags", lambda _text: iter(()))
    as_text = convert(text, config(engine))

    assert made.shortcodes == ()
    assert made.html.replace("&quot;", '"') == as_text.html.replace("&quot;", '"')


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a {{< /x >}}", 1, 3, "nothing is open that `{{< /x >}}` could close"),
        ("- {{< a >}}\n\nb\n\n{{< /a >}}", 1, 3, "begins in a list and ends outside of it"),
        ("{{< a >}}\n\n> b\n> {{< /a >}}", 1, 1, "begins outside of a quotation and ends in it"),
        ("x {{< a >}} b\n\nc {{< /a >}} d", 1, 3, "begins in a paragraph and ends in another one"),
        (
            "\n{{< a >}}\n{{< b >}}\n{{< /a >}}\n{{< /b >}}",
            3,
            1,
            'begins in "a" and ends behind it',
        ),
        ("a\nb {{< x", 2, 3, 'the tag of the shortcode "x" does not end'),
        ('{{< x a="b >}}', 1, 9, "a value whose quotes do not end"),
        ("{{< x a='b' >}}", 1, 9, "in quotes that are none here"),
        ('{{< x a="1" a="2" >}}', 1, 12, '"a" is given twice'),
        ('{{< x a="1"b="2" >}}', 1, 12, 'needs a space before "b"'),
        ("{{< x a= >}}", 1, 10, "a key without a value"),
        ("{{< x = >}}", 1, 7, "a sign that is in the way: ="),
        ("{{< >}}", 1, 1, "a shortcode begins here that has no name"),
        ("{{< x >}}{{< /x y >}}", 1, 17, "takes no arguments"),
        ("{{% x %}}", 1, 1, "is written with % signs"),
        ("{{< a\n\nb >}}", 1, 1, 'the tag of the shortcode "a" does not end'),
    ],
)
def test_mistakes_have_their_place(
    engine: str, text: str, line: int, column: int, message: str
) -> None:
    """Each mistake is told where it is written, with what to do."""
    (wrong,) = convert(text, config(engine), first_line=5).wrong_shortcodes

    assert (wrong.line - 4, wrong.column) == (line, column)
    assert message in wrong.message
    assert wrong.hint


def test_arguments_are_as_in_hugo() -> None:
    """Keys, values in both kinds of quotes and bare, words, values without a name, over lines."""
    text = '{{< x a="b \\" \\\\ c" d=`"e"` f=g/h wide "i j" url=https://a.b/?c=d\n  last >}}'
    (tag,) = read_tags(text)

    assert [(item.key, item.value, item.is_word) for item in tag.arguments] == [
        ("a", 'b " \\ c', False),
        ("d", '"e"', False),
        ("f", "g/h", False),
        ("", "wide", True),
        ("", "i j", False),
        ("url", "https://a.b/?c=d", False),
        ("", "last", True),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_words_have_no_shortcodes(engine: str) -> None:
    """Titles, contents and the summary are made of words; the inner words are among them."""
    text = (
        "# On {{< x >}} mud\n\n[TOC]\n\n{{< figure >}}\n\n"
        "{{< note >}}\nIt {{< y >}} is `{{< z >}}`.\n"
        "{{< /note >}}\n\n## More {{< w >}} mud\n\n[a](b.md)"
    )
    made = convert(text, config(engine), take_title=True, first_line=5)

    assert (made.title, made.summary) == ("On mud", "It is {{< z >}}.")
    assert [(item.text, item.id) for item in made.toc] == [("More mud", "more-mud")]
    assert [(item.target, item.line) for item in made.references] == [("b.md", 17)]
    assert [(item.name, item.line, item.column) for item in made.shortcodes] == [
        ("figure", 9, 1),
        ("note", 11, 1),
        ("y", 12, 4),
        ("w", 15, 9),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_text_between_tags_is_sanitised(engine: str) -> None:
    """`raw_html = "sanitize"` leaves shortcodes alone, and nothing else that it does not know."""
    text = '{{< a >}}\n<b onclick="x">b</b> <script>{{< c >}}</script>\n{{< /a >}}'

    assert shown(convert(text, config(engine, raw_html="sanitize"))) == "<0><p><b>b</b> </p></0>"


@pytest.mark.parametrize("engine", ENGINES)
def test_formulas_and_github_stand_beside(engine: str) -> None:
    """Formulas keep their places behind tags; alerts, tasks and struck words may hold tags."""
    text = '{{< k\n a="$b$"\n>}} {{< c >}} $x {{< y >}}$ so $\\frac{$'
    made = convert(text, config(engine, math="tex"))
    assert "\\(x {{&lt; y &gt;}}\\)" in made.html
    assert [item.name for item in made.shortcodes] == ["k", "c"]

    made = convert(
        "> [!NOTE]\n> {{< x >}} text\n\n- [ ] ~~{{< y >}}~~", config(engine, github=True)
    )
    assert '<aside class="alert alert-note">' in made.html
    assert [item.name for item in made.shortcodes] == ["x", "y"]


def test_a_wrong_formula_keeps_its_place() -> None:
    """Tags that are taken out before it move no place that an editor is told."""
    text = '{{< k\n a="b"\n>}}\n\n{{< c >}} so $\\frac{$'
    (wrong,) = convert(text, config("commonmark", math="mathml"), first_line=3).wrong_formulas

    assert (wrong.line, wrong.column) == (7, 14)


@pytest.mark.parametrize(
    "text",
    [
        "{{< a >}} " * 5000,
        "{{< a >}} x " * 2500 + "{{< /b >}} y " * 2500,
        "{{< a >}}" * 2500 + "x" + "{{< /a >}}" * 2500,
        "{{< " * 20_000,
        '{{< a "' * 10_000,
        "{{</* " * 10_000,
        "<div>" * 3000 + "{{< a >}}" * 3000,
        "{{< a " + 'b="c" ' * 20_000,
    ],
    ids=["line", "unopened", "nested", "endless", "quotes", "escaped", "elements", "arguments"],
)
def test_a_text_made_to_stop_a_build_is_read_in_time(text: str) -> None:
    """Thousands of tags, in a line or in each other, with ends or without."""
    began = time.process_time()
    convert(text, config("commonmark"))

    assert time.process_time() - began < 5


@given(
    st.lists(
        st.sampled_from(
            [
                "{{< a >}}",
                "{{< /a >}}",
                '{{< b c="d" />}}',
                "{{<",
                ">}}",
                "\n",
                "\n\n",
                "> ",
                "- ",
                "    ",
                "`",
                "```\n",
                "*",
                "<div>",
                "</div>",
                "x",
                "{{</* y */>}}",
                "\U000f0000",
                "# ",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_every_text_becomes_well_formed_markers(text: str) -> None:
    """Whatever is written: each marker stands once, in order, and no stand-in is left."""
    made = convert(text, config("commonmark"))
    numbers = re.findall("<!--\x1b(/?[0-9]+)-->", made.html)

    assert [item for item in numbers if item[0] != "/"] == [*map(str, range(len(made.shortcodes)))]
    closing = {item[1:] for item in numbers if item[0] == "/"}
    assert closing == {str(n) for n, item in enumerate(made.shortcodes) if item.has_inner}
    assert len(numbers) == len(set(numbers))
    assert made.html.count("\U000f0001") == 0
    assert made.html.count("\U000f0000") <= text.count("\U000f0000")
