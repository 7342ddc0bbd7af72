"""How the theme lays pages out, measured in a real browser where a reader would look."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import StaticServer
from tests.picture_files import png
from tests.sitefactory import DATE, article, build_site, make_site, pages, write

LONG = "\n\n".join(f"## Part {n}\n\n{'The river rose in the night. ' * 30}" for n in range(4))
FLOOD = "2024/11/04/flood/"


def newsroom(folder: Path, categories: int = 3, *, lead_picture: bool = True) -> Path:
    """Make and build a site of 40 articles: a lead, seconds with pictures, several sections."""
    articles = {
        f"a{n:02}.md": article(
            f"The harbour on day {n}",
            summary="What the tide left behind on the quay, told in one sentence.",
            date=f"2024-10-{1 + n % 28:02} 08:{n:02}",
            category=f"Part {n % categories:02}",
            image="quay.png" if n % 2 else None,
        )
        for n in range(40)
    }
    articles["flood.md"] = article(
        body=LONG,
        author="Ann",
        summary="It came at high tide.",
        category="Part 01",
        image="quay.png" if lead_picture else None,
    )
    site = make_site(folder, articles, files={"articles/quay.png": png(300, 200)})
    build_site(site)
    return site


def opened(browser_page: Page, address: str, width: int) -> Page:
    """Open an address in a window of a width."""
    browser_page.set_viewport_size({"width": width, "height": 900})
    browser_page.goto(address)
    return browser_page


BOX = "e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; }"


def box(page: Page, selector: str) -> list[float]:
    """Return left, top, right and bottom of the last element that a selector finds."""
    found: list[float] = page.locator(selector).last.evaluate(BOX)
    return found


def test_a_wide_page_uses_its_width(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """The byline is below the headline, and related articles fill the column beside the text."""
    address = static_server(newsroom(tmp_path) / "output")
    opened(page, address + FLOOD, 1400)

    left, _, right, foot = box(page, ".story-headline")
    byline, standfirst = box(page, ".byline"), box(page, ".standfirst")
    assert foot <= standfirst[1] < standfirst[3] <= byline[1]
    assert byline[0] == standfirst[0] == box(page, ".story-body")[0]
    assert byline[1] - foot < 150
    related, main = box(page, ".related"), box(page, "main")
    text = box(page, ".story-body > p")
    assert text[2] < related[0] < text[2] + 150
    assert related[1] == box(page, ".story-main")[1]
    assert main[2] - related[2] < 60
    assert left < right <= related[2]


def test_the_columns_of_the_front_page_end_together(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """Lead, seconds and newest end on one line, and one of the seconds shows its picture."""
    opened(page, static_server(newsroom(tmp_path) / "output"), 1400)

    ends = [box(page, f"{column} .meta")[3] for column in (".lead", ".second", ".brief")]
    assert max(ends) - min(ends) < 2, ends
    assert page.locator(".second img:visible").count() == 1


def test_a_lead_without_a_picture_leaves_no_column_empty(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """It has the whole width, with the seconds below it, and the newest below them."""
    opened(page, static_server(newsroom(tmp_path, lead_picture=False) / "output"), 1400)

    lead, seconds, newest = (box(page, name) for name in (".lead", ".top-seconds", ".newest"))
    assert lead[0] == seconds[0] == newest[0]
    assert lead[2] == seconds[2] == newest[2]
    assert lead[3] <= seconds[1] < seconds[3] <= newest[1]


def test_a_phone_shows_every_section(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """No category is out of sight: nothing has to be pushed aside to find it."""
    opened(page, static_server(newsroom(tmp_path, categories=11) / "output"), 320)

    links = page.locator(".sections a")
    edges = [links.nth(place).evaluate(BOX) for place in range(links.count())]
    assert len(edges) == 11
    assert all(left >= 0 and right <= 320 for left, _, right, _ in edges)


def test_more_than_a_dozen_categories_open_without_a_script(
    tmp_path: Path, browser: Browser, static_server: StaticServer
) -> None:
    """Twelve stand in the line; the others are behind a word that opens without JavaScript."""
    address = static_server(newsroom(tmp_path, categories=15) / "output")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)

    assert page.locator(".sections a:visible").count() == 12
    page.get_by_text("More", exact=True).click()
    page.locator(".sections").get_by_role("link", name="Part 14").click()

    # The category of the page is in the line, and marked.
    assert page.url == f"{address}category/part-14/"
    shown = page.locator(".sections a:visible")
    assert shown.count() == 13
    assert shown.last.get_attribute("aria-current") == "page"
    context.close()


def test_publishing_leaves_the_navigation_of_other_pages_alone(tmp_path: Path) -> None:
    """One more article in a category beyond the dozen makes no older article's page anew."""
    site = newsroom(tmp_path, categories=15)
    more = article("Storm", date=DATE, category="Part 14")
    write(site, {"articles/storm.md": more})

    anew = [path for path in build_site(site).rendered if path.endswith("index.html")]
    assert not [path for path in anew if path.startswith("2024/10/") and path.count("/") > 3]


@pytest.mark.parametrize(
    ("summary", "body", "shown"),
    [
        ("Two tides.", "The river rose.", True),
        (None, "The river rose.", False),
        ("The river rose.", "The river rose. It fell.", False),
        ("The river…", "The *river* rose.", False),
        ("The river rose. It fell.", "The river rose.", False),
        ("Two tides.", "", True),
    ],
)
def test_a_standfirst_is_the_editors(
    tmp_path: Path, summary: str | None, body: str, *, shown: bool
) -> None:
    """A summary of the front matter stands under the headline, unless the text says the same."""
    site = make_site(tmp_path, {"flood.md": article(summary=summary, body=body)})
    build_site(site)

    found = f'<p class="standfirst">{summary}</p>' in pages(site)[FLOOD + "index.html"]
    assert found is shown


def test_zero_counts_look_like_plain_facts(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """Without a receiver the counts lead nowhere: no link, no line below, no colour of links."""
    opened(page, static_server(newsroom(tmp_path) / "output") + FLOOD, 1400)

    count = page.get_by_text("Comment (0)")
    style = "e => { const s = getComputedStyle(e); return [s.color, s.textDecorationLine]; }"
    assert count.locator("a").count() == 0
    assert count.evaluate(style) == page.locator(".byline").evaluate(style)
    assert count.evaluate(style) != page.locator(".story-head .dashed a").evaluate(style)
