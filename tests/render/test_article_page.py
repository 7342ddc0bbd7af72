"""The lines that an article page is built around: their texts, their order, their dashes."""

from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.conftest import StaticServer
from tests.sitefactory import article, build_site, make_site, pages

FLOOD = "2024/11/04/flood/index.html"

LINES = [
    "Loading",
    "Search",
    "▼ Flood in the old town",
    "- Category:Other",
    "The river rose in the night.",
    "It fell again by noon.",
    "- 4/11 21:54",
    "- Comment (0)",
    "- Trackback(0)",
]


def flood(folder: Path, date: str = "2024-11-04 21:54") -> Path:
    """Make and build a site in Tokyo with one article that names no category."""
    body = "The river rose in the night.\n\nIt fell again by noon."
    site = make_site(
        folder,
        {"flood.md": article("Flood in the old town", body, date=date)},
        config='timezone = "Asia/Tokyo"\n',
    )
    build_site(site)
    return site


def assert_in_order(lines: Sequence[str], expected: Sequence[str]) -> None:
    """Check that each expected line is there, alone of its kind, and after the one before it."""
    places = []
    for text in expected:
        assert lines.count(text) == 1, f"{text!r} is there {lines.count(text)} times: {lines}"
        places.append(lines.index(text))
    assert places == sorted(places), lines


WITH_MARKERS = """() => {
    for (const item of document.querySelectorAll("li")) {
        const style = getComputedStyle(item);
        const marker = /^"(.*)"$/.exec(style.listStyleType);
        if (style.display === "list-item" && marker) {
            item.prepend(document.createTextNode(marker[1]));
        }
    }
    return document.body.innerText;
}"""
"""The text that a reader sees, with the markers of list items, which are none of the text."""


@pytest.mark.parametrize("width", [320, 1400])
@pytest.mark.parametrize("date", ["2024-11-04 21:54", "2024-11-04 12:54:00 +0000"])
def test_a_browser_shows_the_lines_in_order(
    tmp_path: Path, page: Page, static_server: StaticServer, date: str, width: int
) -> None:
    """The lines of the layout stand on the page exactly, in order, in the site's time zone."""
    site = flood(tmp_path, date)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(static_server(site / "output") + FLOOD.removesuffix("index.html"))

    shown = str(page.evaluate(WITH_MARKERS)).split("\n")
    assert_in_order([line.strip(" ") for line in shown], LINES)


def test_the_dashes_belong_to_lists(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """Lines that begin with a dash are items of lists, whose marker is the dash."""
    site = flood(tmp_path)
    page.goto(static_server(site / "output") + FLOOD.removesuffix("index.html"))

    found = page.evaluate("""() => [...document.querySelectorAll("ul > li")]
        .filter(item => getComputedStyle(item).listStyleType === '"- "')
        .map(item => item.innerText)""")
    assert found == ["Category:Other", "4/11 21:54", "Comment (0)", "Trackback(0)"]


def test_the_category_leads_to_its_list(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """The category of an article is a link to the list of that category."""
    site = flood(tmp_path)
    page.goto(static_server(site / "output") + FLOOD.removesuffix("index.html"))

    page.get_by_role("listitem").filter(has_text="Category:Other").get_by_role("link").click()
    assert page.url.endswith("/category/other/")
    assert page.get_by_role("link", name="Flood in the old town").is_visible()


class Lines(HTMLParser):
    """The text of a page by its blocks, as a program without a style sheet reads it."""

    INLINE = frozenset({"a", "span", "time", "em", "strong", "b", "i", "cite", "abbr"})

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.text = ""
        self.feed(html)
        self.lines = [" ".join(line.split()) for line in self.text.split("\0")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line with a block; one of a list begins with its dash."""
        del attrs
        if tag not in self.INLINE:
            self.text += "\0- " if tag == "li" else "\0"

    def handle_endtag(self, tag: str) -> None:
        """End the line of a block."""
        if tag not in self.INLINE:
            self.text += "\0"

    def handle_data(self, data: str) -> None:
        """Take the text."""
        self.text += data


def test_the_html_has_the_lines_in_order(tmp_path: Path) -> None:
    """A reader without style sheets, a search engine or a screen reader, gets them alike."""
    lines = Lines(pages(flood(tmp_path))[FLOOD]).lines

    assert_in_order([line for line in lines if line], LINES)


def test_emphasis_in_a_title_is_shown_where_titles_are_headings(tmp_path: Path) -> None:
    """On the article's page, in lists and beside it; cards, feeds and the window have its words."""
    site = make_site(
        tmp_path,
        {"a.md": article("On *Moby* <b>"), "b.md": article("B", date="2024-11-03")},
        config='base_url = "https://example.org/"\n[front_matter]\nrich_titles = true',
    )
    build_site(site)
    found = pages(site)
    rich = "On <em>Moby</em> &lt;b&gt;"

    page = found["2024/11/04/a/index.html"]
    assert f"</span>{rich}</h1>" in page
    assert f">{rich}</a>" in found["index.html"]
    assert f">{rich}</span>" in found["2024/11/03/b/index.html"]
    assert "<title>On Moby &lt;b&gt; – News</title>" in page
    assert '<meta property="og:title" content="On Moby &lt;b&gt;">' in page
    assert '"headline":"On Moby \\u003cb\\u003e"' in page
    assert "<title>On Moby &lt;b&gt;</title>" in found["feed.xml"]
    assert '"title": "On Moby <b>"' in found["feed.json"]


@pytest.mark.parametrize("width", [320, 1400])
def test_nothing_pasted_is_wider_than_the_text(
    tmp_path: Path, page: Page, static_server: StaticServer, width: int
) -> None:
    """A frame of 2,000 pixels, alone or in a paragraph, and a long formula stay in the column."""
    frame = '<iframe srcdoc="A film" title="A film" width="2000" height="90"></iframe>'
    formula = f"$$\n{'+'.join(['a'] * 400)}\n$$"
    words = "The river rose in the night. " * 20
    body = f"{words}\n\n{frame}\n\n<p>{frame}</p>\n\n{formula}"
    config = '[markdown]\nmath = "tex"\n'
    site = make_site(tmp_path, {"flood.md": article("Flood", body)}, config=config)
    build_site(site)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(static_server(site / "output") + FLOOD.removesuffix("index.html"))

    def widths(selector: str) -> list[float]:
        elements = page.locator(f".prose {selector}").all()
        return [box["width"] for item in elements if (box := item.bounding_box())]

    (column,) = widths("p:first-child")
    assert len(widths("iframe")) == 2
    assert max(*widths("iframe"), *widths(".math")) <= column + 1
    assert page.evaluate("document.documentElement.scrollWidth") == width
