"""Where a reader of Arabic or Hebrew sees things, measured in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.responses.test_loading import comment
from tests.sitefactory import article, build_site, make_site
from tests.static_server import serving

BODY = """
He said <q>yes</q>, *never*, `a + b` and [^1].

> A quote.

| a | b | c |
|---|:--|--:|
| 1 | 2 | 3 |

```
x = f(1)
```

[^1]: A note.
"""
WORDS = {
    "ar": "نشرت الصحيفة",
    "he": "העיתון פרסם",
    "en": "The paper says",
    "ja": "新聞は報じた",
    "zh-TW": "報紙報導",
    "ko": "신문이 보도했다",
    "de": "Die Zeitung meldet",
    "hi": "अख़बार ने लिखा",
    "ur": "اخبار نے لکھا",
}
BOX = "e => { const b = e.getBoundingClientRect(); return [b.left, b.right]; }"


def folder_of(lang: str) -> str:
    """Return the path of the page of a language's article."""
    return f"2024/11/04/{lang.lower()}/"


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built paper in Arabic, with an article in each of some languages, and comments."""
    articles = {
        f"{lang}.md": article(
            word,
            f"{word}. {BODY}",
            lang=lang,
            slug=lang.lower(),
            date=f"2024-11-04 21:{40 - at}",
            author=f"{WORDS['ar']}, Ann Lee (AP), Ben",
        )
        for at, (lang, word) in enumerate(WORDS.items())
    }
    bad = "\u202eTom\u2066 \u2069\u2069\u202d (x)"
    site = make_site(
        tmp_path_factory.mktemp("paper") / "site",
        articles,
        config='language = "ar"\ntitle = "نداء"\n',
        files={
            "responses/2024-11-04-ar/01aa.md": comment(
                "\u202eנהפך \u2067abc", author=f'"{bad}"', lang="he"
            ),
            "responses/2024-11-04-ar/01bb.md": comment("Fine.", in_reply_to="01aa"),
        },
    )
    build_site(site)
    return site / "output"


@pytest.fixture(scope="module")
def address(newspaper: Path) -> Iterator[str]:
    """The address at which the paper is served."""
    with serving(newspaper) as found:
        yield found


@pytest.fixture(scope="module")
def wide(browser: Browser) -> Iterator[Page]:
    """A page of a wide window."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    yield context.new_page()
    context.close()


def sides(page: Page, selector: str) -> tuple[float, float]:
    """Return left and right of the first element that a selector finds."""
    left, right = page.locator(selector).first.evaluate(BOX)
    return left, right


def style(page: Page, selector: str, name: str) -> str:
    """Return a computed property of the first element that a selector finds."""
    script = "(e, name) => getComputedStyle(e).getPropertyValue(name)"
    found: str = page.locator(selector).first.evaluate(script, name)
    return found


LETTERS = """e => {
  const lines = [];
  const walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    for (let at = 0; at < text.length; at++) {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const box = range.getBoundingClientRect();
      if (box.width) lines.push([box.left, text.data[at]]);
    }
  }
  return lines.sort((one, other) => one[0] - other[0]).map(([, sign]) => sign).join("");
}"""
"""The signs of an element of one line as they stand from the left to the right."""


def seen(page: Page, selector: str) -> str:
    """Return the signs of the first element that a selector finds, from the left to the right."""
    found: str = page.locator(selector).first.evaluate(LETTERS)
    return " ".join(found.split())


def test_a_page_is_mirrored(wide: Page, address: str) -> None:
    """Date, mark, text and related articles begin at the right, the search stands at the left."""
    wide.goto(address + folder_of("ar"))
    assert sides(wide, ".search")[1] < sides(wide, ".masthead-name")[0]
    assert sides(wide, ".masthead-date")[1] > sides(wide, ".masthead-name")[1]
    assert sides(wide, ".search-button")[0] == sides(wide, ".search")[0]
    assert sides(wide, ".related")[1] < sides(wide, ".story-body > p")[0]
    right = sides(wide, ".story-body")[1]
    assert sides(wide, ".mark")[0] > sides(wide, ".story-headline")[1] - 5 > 0
    for selector in (
        ".byline",
        ".standfirst, .story-body > p",
        ".story-foot",
        ".codehilite",
        "table",
    ):
        assert abs(sides(wide, selector)[1] - right) < 1, selector
    assert style(wide, "blockquote", "border-right-width") == "1px"
    assert style(wide, "blockquote", "border-left-width") == "0px"
    assert style(wide, ".response ol", "border-right-width") == "1px"
    assert style(wide, ".footnote-backref", "scale") == "-1 1"
    arrow = "e => getComputedStyle(e, '::before').content"
    assert "→" in wide.locator(".turn-older .label").evaluate(arrow)


def test_code_and_columns_with_a_side_are_not(wide: Page, address: str) -> None:
    """Code runs from left to right; a column whose side is named has that."""
    wide.goto(address + folder_of("ar"))
    assert seen(wide, "pre code") == "x = f(1)"
    assert seen(wide, "p > code") == "a + b"
    aligned = [style(wide, f"td:nth-child({number})", "text-align") for number in (1, 2, 3)]
    assert aligned == ["start", "left", "right"]


def test_names_keep_their_order(wide: Page, address: str) -> None:
    """Latin names in an Arabic byline follow each other from the right, whatever is between."""
    wide.goto(address + folder_of("ar"))
    line = seen(wide, ".byline-names")
    assert line.startswith("Ben"), line
    assert "Ann Lee (AP)" in line
    assert line.index("Ben") < line.index("Ann Lee (AP)")


def test_what_strangers_write_turns_nothing_else(wide: Page, address: str) -> None:
    """Signs that reverse a text are taken out of names, and end with their paragraph."""
    wide.goto(address + folder_of("ar"))
    assert seen(wide, "#comment-01aa .response-author") == "Tom (x)"
    assert sides(wide, "#comment-01aa .meta > a")[1] < sides(wide, "#comment-01aa bdi")[0]
    assert seen(wide, "#comment-01bb .prose") == "Fine."


def test_the_words_of_the_paper_keep_to_the_edge_of_an_article(wide: Page, address: str) -> None:
    """On the page of an English article they run from the right, and stand below its headline."""
    wide.goto(address + folder_of("en"))
    left = sides(wide, ".story-body")[0]
    for selector in (".byline", ".story-head .dashed", ".story-foot .dashed"):
        assert style(wide, selector, "direction") == "rtl"
        assert abs(sides(wide, selector)[0] - left) < 1, selector
    assert style(wide, ".story-headline", "direction") == "ltr"
    # A Japanese headline in the menu below, which runs from the right, too.
    assert style(wide, ".turn-older .headline", "direction") == "ltr"
    assert style(wide, ".turn-older .headline", "text-align") == "right"
    assert sides(wide, ".search")[1] < sides(wide, ".masthead-name")[0]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_nothing_hangs_out_of_a_page(wide: Page, address: str, lang: str, width: int) -> None:
    """A page of either direction, with the form in the other one, is as wide as the window."""
    wide.set_viewport_size({"width": width, "height": 900})
    wide.goto(address + folder_of(lang))
    out = wide.evaluate("document.documentElement.scrollWidth - innerWidth")
    wide.set_viewport_size({"width": 1400, "height": 900})
    assert out <= 0


TYPE = """() => {
  const of = (selector) => getComputedStyle(document.querySelector(selector));
  const [title, text, em] = [".story-headline", ".story-body > p", ".story-body em"].map(of);
  const high = (style) => parseFloat(style.lineHeight) / parseFloat(style.fontSize);
  return {
    font: text.fontFamily.split(",")[0].replaceAll('"', ""),
    spacing: parseFloat(title.letterSpacing) || 0,
    headline: +high(title).toFixed(2),
    text: +high(text).toFixed(2),
    em: [em.fontStyle, em.fontWeight, em.textEmphasisStyle],
    hyphens: [text.hyphens, title.hyphens],
    numerals: text.fontVariantNumeric,
    breaks: [title.wordBreak, text.wordBreak, text.lineBreak],
  };
}"""
SLANTED, BOLD = ["italic", "400", "none"], ["normal", "700", "none"]
SESAME, DOTS = ["normal", "400", "sesame"], ["normal", "400", "dot"]
WRAP = ["normal", "normal", "auto"]


@pytest.mark.parametrize(
    ("lang", "font", "headline", "text", "em", "breaks"),
    [
        ("en", "Iowan Old Style", 1.04, 1.6, SLANTED, WRAP),
        ("ar", "Iowan Old Style", 1.4, 1.9, BOLD, WRAP),
        ("ur", "Noto Nastaliq Urdu", 1.9, 2.3, BOLD, WRAP),
        ("he", "Iowan Old Style", 1.2, 1.7, BOLD, WRAP),
        ("hi", "Iowan Old Style", 1.4, 1.9, BOLD, WRAP),
        ("ja", "Hiragino Mincho ProN", 1.38, 2, SESAME, ["auto-phrase", "normal", "strict"]),
        ("zh-TW", "Songti TC", 1.38, 2, DOTS, ["normal", "normal", "strict"]),
        ("ko", "Nanum Myeongjo", 1.38, 1.85, DOTS, ["keep-all", "keep-all", "strict"]),
    ],
)
def test_each_script_has_its_type(
    wide: Page,
    address: str,
    lang: str,
    font: str,
    headline: float,
    text: float,
    em: list[str],
    breaks: list[str],
) -> None:
    """Fonts of the system, the height of lines, emphasis and breaks are those of the language."""
    wide.goto(address + folder_of(lang))
    found = wide.evaluate(TYPE)
    is_latin = lang == "en"
    assert found == {
        "font": font,
        "spacing": found["spacing"] if is_latin else 0,
        "headline": headline,
        "text": text,
        "em": em,
        "hyphens": ["auto", "manual"],
        "numerals": "oldstyle-nums" if is_latin else "normal",
        "breaks": breaks,
    }
    assert is_latin is (found["spacing"] < 0)


@pytest.mark.parametrize(
    ("lang", "marks"), [("en", "“”"), ("de", "„“"), ("ja", "「」"), ("he", "””"), ("ar", "”“")]
)
def test_quotation_marks_are_those_of_the_language(
    wide: Page, address: str, lang: str, marks: str
) -> None:
    """`<q>` in an article has the marks that its language has."""
    wide.goto(address + folder_of(lang))
    session = wide.context.new_cdp_session(wide)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    words = [node for node in nodes if node["role"]["value"] == "StaticText"]
    texts = [node["name"]["value"] for node in words]
    at = texts.index("yes")
    assert texts[at - 1] + texts[at + 1] == marks
