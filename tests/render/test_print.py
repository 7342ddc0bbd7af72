"""Pages on paper: the browser's own page breaks, made visible as columns of the size of a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.conftest import StaticServer
from tests.render.test_page_layout import BOX, FLOOD, newsroom

PAPER = {"A4": (180, 263), "Letter": (186, 245)}
"""Width and height within the margins, in millimetres."""

BREAKS = """([width, height]) => {
    Object.assign(document.body.style, {
        width: `${width}mm`, height: `${height}mm`, columns: `${width}mm`, columnFill: "auto",
        columnGap: "20mm",
    });
    const step = (width + 20) / 25.4 * 96;
    const pages = e => [...e.getClientRects()].map(r => Math.floor(r.left / step));
    const of = selector => [...document.querySelectorAll(selector)].map(pages);
    return { sections: of(".section, .newest, .top-seconds"), stories: of(".teaser"),
        rules: [...document.querySelectorAll(".row > *, .newest-list > *, .top-seconds > *")]
            .filter(e => getComputedStyle(e, "::after").content !== "none").length };
}"""


def printed(page: Page, address: str) -> Page:
    """Open an address as it is printed on a page without margins."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 1000})
    page.goto(address)
    return page


@pytest.mark.parametrize("paper", PAPER)
def test_what_belongs_together_is_on_one_page(
    tmp_path: Path, page: Page, static_server: StaticServer, paper: str
) -> None:
    """No section of the front page is parted from its name, no story broken, no rule left over."""
    printed(page, static_server(newsroom(tmp_path, categories=8) / "output"))

    found: dict[str, Any] = page.evaluate(BREAKS, PAPER[paper])
    assert len(found["sections"]) == 10
    assert all(len(set(pages)) == 1 for pages in (*found["sections"], *found["stories"]))
    assert len({pages[0] for pages in found["sections"]}) > 2
    assert found["rules"] == 0


def test_a_printed_text_uses_the_page(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """The text of an article stands in two columns, which are as wide as the page together."""
    printed(page, static_server(newsroom(tmp_path) / "output") + FLOOD)

    left, _, right, _ = page.locator(".story-body").evaluate(BOX)
    columns = page.locator(".story-body").evaluate("e => getComputedStyle(e).columnCount")
    assert columns == "2"
    assert right - left == page.evaluate("document.documentElement.clientWidth")
    assert page.locator(":is(.sections, .search, .related, .turn):visible").count() == 0
