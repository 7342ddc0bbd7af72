"""Galleries and embeds as a reader with a browser meets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from sitegen.config.content_security import policy
from tests.conftest import StaticServer
from tests.sitefactory import article, build_site, make_site

FRAMES = ("https://www.youtube-nocookie.com", "https://www.openstreetmap.org")
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"/>'
BODY = """
{{< youtube id="dQw4w9WgXcQ" title="High water" >}}

{{< map lat="50.37" lon="-4.14" title="Quay" image="1.svg" >}}

{{< gallery >}}
![First](1.svg)

![Second](2.svg) The *second*.

![Third](3.svg)
{{< /gallery >}}
"""
PATH = "2024/11/04/a/"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site with an article, and another one from right to left."""
    files = {f"{number}.svg": DRAWING for number in (1, 2, 3)}
    files |= {"a.md": article("A", BODY), "he.md": article("שלום", BODY, lang="he")}
    site = make_site(tmp_path_factory.mktemp("embeds"), files)
    build_site(site)
    return site / "output"


def test_nothing_is_loaded_from_elsewhere_before_a_click(
    output: Path, page: Page, static_server: StaticServer
) -> None:
    """A click loads one frame, that of its film, and moves the focus into it; the link remains."""
    address = static_server(output, headers={"Content-Security-Policy": policy(frames=FRAMES)})
    asked: list[str] = []

    def stand_in(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<!doctype html><title>A film</title>", content_type="text/html")

    page.route(lambda url: not url.startswith(address), stand_in)
    page.goto(address + PATH)
    page.mouse.wheel(0, 10_000)
    page.wait_for_load_state("networkidle")
    assert asked == []

    film = page.get_by_role("button", name="High water")
    film.focus()
    page.keyboard.press("Space")
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("title", "High water")
    expect(frame).to_be_focused()
    expect(page.get_by_role("link", name="High water")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked == ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"]


def test_pictures_open_large_and_are_walked_through_by_keys(
    output: Path, page: Page, static_server: StaticServer
) -> None:
    """Arrows, Home and End go on and back; Escape leads back to the picture that was shown last."""
    page.goto(static_server(output) + PATH)
    pictures = page.locator(".gallery-pictures a")
    pictures.nth(0).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Gallery")
    count = dialog.get_by_role("status")
    expect(count).to_have_text("1 of 3")
    expect(dialog.get_by_role("button", name="Previous picture")).to_be_hidden()

    page.keyboard.press("ArrowRight")
    expect(count).to_have_text("2 of 3")
    expect(dialog.get_by_text("The second.")).to_be_in_viewport()
    page.keyboard.press("End")
    expect(count).to_have_text("3 of 3")
    expect(dialog.get_by_role("img", name="Third")).to_be_in_viewport()
    back = dialog.get_by_role("button", name="Previous picture")
    back.click()
    expect(count).to_have_text("2 of 3")
    # Where a button is taken away below the finger, the keys still work.
    back.click()
    page.keyboard.press("ArrowRight")
    expect(count).to_have_text("2 of 3")

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(pictures.nth(1)).to_be_focused()


def test_swiping_counts_on(output: Path, page: Page, static_server: StaticServer) -> None:
    """Whoever scrolls the row of pictures, by finger or wheel, sees which one it is."""
    page.goto(static_server(output) + PATH)
    page.locator(".gallery-pictures a").nth(0).click()
    count = page.get_by_role("dialog").get_by_role("status")
    expect(count).to_have_text("1 of 3")

    page.locator(".gallery-track").evaluate("track => { track.scrollLeft = track.clientWidth; }")
    expect(count).to_have_text("2 of 3")


def test_pictures_follow_each_other_in_the_direction_of_the_text(
    output: Path, page: Page, static_server: StaticServer
) -> None:
    """From right to left the next one lies at the left, with its button and its key."""
    page.goto(static_server(output) + "2024/11/04/he/")
    page.locator(".gallery-pictures a").nth(0).click()
    dialog = page.get_by_role("dialog")
    page.keyboard.press("ArrowLeft")
    expect(dialog.get_by_role("status")).to_have_text("2 of 3")
    following, before = (
        dialog.get_by_role("button", name=f"{name} picture").bounding_box()
        for name in ("Next", "Previous")
    )
    assert following
    assert before
    assert following["x"] < 100 < before["x"]
