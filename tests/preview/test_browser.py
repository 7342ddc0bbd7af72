"""An open page follows the site while it is edited, and loses nothing that it need not lose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from sitegen.flow.build import Options
from tests.previews import Running, previewing
from tests.rebuilding import DEADLINE_SECONDS, save
from tests.sitefactory import AT, article, make_site

DEADLINE = DEADLINE_SECONDS * 1000
expect.set_options(timeout=DEADLINE)

FLOOD = "articles/flood.md"
FLOOD_PAGE = "2024/11/04/flood/"
STORM_PAGE = "2024/11/04/storm/"
LONG = "\n\n".join(f"Paragraph {number} of a long report." for number in range(200))
OVERLAY = "sitegen-problems dialog"

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="10"><rect/></svg>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a long article, a picture, and a stylesheet of its own."""
    return make_site(
        tmp_path / "site",
        {
            "flood.md": article("Flood", LONG),
            "storm.md": article("Storm", "![A map](map.svg)"),
            "map.svg": PICTURE.format(10),
        },
        config='base_url = "https://example.org/news/"',
        static={
            "css/site.css": "body { color: rgb(1, 2, 3) }",
            "about.html": "<title>About</title><p>A page that no article is on.",
        },
    )


@pytest.fixture
def preview(site: Path) -> Iterator[Running]:
    """The site, shown as it is at `AT`."""
    with previewing(site, Options(at=AT)) as running:
        yield running


SCRIPT = "document.querySelector('script[data-sitegen]')"


def visit(page: Page, address: str) -> None:
    """Open a page, and wait until it has heard how things stand."""
    page.goto(address)
    page.wait_for_function(f"{SCRIPT}.dataset.shown", timeout=DEADLINE)


def catch_up(page: Page, preview: Running) -> None:
    """Wait until the page has done what the last build asks of it."""
    state = re.search(r'data-state="(\S+?)"', preview.get("/").text)
    assert state
    page.wait_for_function(
        f"state => {SCRIPT}.dataset.shown === state", arg=state[1], timeout=DEADLINE
    )


def mark(page: Page) -> None:
    """Leave a mark that is gone once the page is loaded again."""
    page.evaluate("window.marked = true")


def is_marked(page: Page) -> bool:
    """Whether the page is still the one that was marked."""
    return bool(page.evaluate("window.marked === true"))


def scroll(page: Page, to: int) -> None:
    """Scroll down."""
    page.evaluate(f"scrollTo({{ top: {to}, behavior: 'instant' }})")
    assert place(page) == to


def place(page: Page) -> int:
    """Return how far down the page is scrolled."""
    return int(page.evaluate("Math.round(scrollY)"))


def await_place(page: Page, to: int) -> None:
    """Wait until the page is scrolled so far down."""
    page.wait_for_function(f"Math.round(scrollY) === {to}", timeout=DEADLINE)


def colour(page: Page) -> str:
    """Return the colour of the text."""
    return str(page.evaluate("getComputedStyle(document.body).color"))


def await_colour(page: Page, value: str) -> None:
    """Wait until the text has a colour."""
    page.wait_for_function(
        "value => getComputedStyle(document.body).color === value",
        arg=value,
        timeout=DEADLINE,
    )


@contextmanager
def other_reader(browser: Browser) -> Iterator[Page]:
    """Give a page of another browser profile."""
    context = browser.new_context()
    try:
        yield context.new_page()
    finally:
        context.close()


# --- Pages


def test_a_saved_article_is_shown_where_it_was_being_read(preview: Running, page: Page) -> None:
    """The page shows what was saved without a hand on the browser, at the same place."""
    visit(page, preview.home + FLOOD_PAGE)
    mark(page)
    scroll(page, 1500)
    save(preview.site, {FLOOD: article("Flood", f"{LONG}\n\nAnd one more paragraph.")})
    expect(page.get_by_text("And one more paragraph.")).to_be_attached()
    await_place(page, 1500)
    assert not is_marked(page)


def test_the_place_is_kept_across_several_saves(preview: Running, page: Page) -> None:
    """Each of several saves leads back to where the reader was."""
    visit(page, f"{preview.home}{FLOOD_PAGE}#main")
    scroll(page, 900)
    for number in range(3):
        with page.expect_event("load"):
            save(preview.site, {FLOOD: article("Flood", f"{LONG}\n\nSaved {number}.")})
        expect(page.get_by_text(f"Saved {number}.")).to_be_attached()
        await_place(page, 900)


def test_only_pages_that_changed_load_again(preview: Running, browser: Browser, page: Page) -> None:
    """A second reader, on a page that is the same as before, is not disturbed."""
    with other_reader(browser) as other:
        visit(page, preview.home + FLOOD_PAGE)
        visit(other, preview.home + "about.html")
        mark(page)
        mark(other)
        save(preview.site, {FLOOD: article("Flood", "The river fell.")})
        expect(page.get_by_text("The river fell.")).to_be_visible()
        catch_up(other, preview)
        assert is_marked(other)
        assert not is_marked(page)


def test_a_new_article_is_shown_on_the_front_page(preview: Running, page: Page) -> None:
    """Pages that list an article change with it."""
    visit(page, preview.home)
    save(preview.site, {"articles/fog.md": article("Fog over the bay")})
    expect(page.get_by_role("link", name="Fog over the bay").first).to_be_visible()


def test_an_announced_article_appears_by_itself(tmp_path: Path, page: Page) -> None:
    """At the second it is announced for, an article is on the front page and at its address."""
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    comet = article("Comet", date="2024-11-04", publish=soon.isoformat())
    site = make_site(tmp_path / "site", {"comet.md": comet})
    with previewing(site) as preview:
        visit(page, preview.home + "2024/11/04/comet/")
        expect(page.get_by_role("heading", name="Comet")).to_have_count(0)
        expect(page.get_by_role("heading", name="Comet")).to_be_visible()
        assert datetime.now(UTC) >= soon
        page.goto(preview.home)
        expect(page.get_by_role("link", name="Comet").first).to_be_visible()


def test_a_page_that_is_removed_shows_that(preview: Running, page: Page) -> None:
    """Whoever reads an article that is deleted sees the page for that; and the article again."""
    visit(page, preview.home + FLOOD_PAGE)
    save(preview.site, {FLOOD: None})
    expect(page.locator("body.page-not-found")).to_be_visible()
    save(preview.site, {FLOOD: article("Flood is back")})
    expect(page.get_by_role("heading", name="Flood is back")).to_be_visible()


def test_a_changed_picture_is_shown(preview: Running, page: Page) -> None:
    """A picture has no fingerprint in its name: the page loads again for it, and only this page."""
    visit(page, preview.home + STORM_PAGE)
    width = "document.querySelector('img[alt=\"A map\"]').naturalWidth"
    page.wait_for_function(f"{width} === 10", timeout=DEADLINE)
    save(preview.site, {"articles/map.svg": PICTURE.format(30)})
    page.wait_for_function(f"{width} === 30", timeout=DEADLINE)


def test_a_picture_of_a_stylesheet_counts_too(preview: Running, page: Page) -> None:
    """What a stylesheet names is used by the pages that use the stylesheet."""
    background = "body { background: url(../paper.svg) }"
    save(preview.site, {"static/css/site.css": background, "static/paper.svg": PICTURE.format(10)})
    preview.until_said("static/")
    visit(page, preview.home + FLOOD_PAGE)
    mark(page)
    with page.expect_event("load"):
        save(preview.site, {"static/paper.svg": PICTURE.format(30)})
    assert not is_marked(page)


def test_what_was_missed_is_made_up_for(preview: Running, page: Page) -> None:
    """A page that was sent before a build and listens after it is brought up to date."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/__sitegen__/reload.js", hold)
    with page.expect_request("**/__sitegen__/reload.js"):
        page.goto(preview.home + FLOOD_PAGE, wait_until="commit")
    save(preview.site, {FLOOD: article("Flood", "The river fell.")})
    preview.until_said("flood.md: ")
    page.unroute("**/__sitegen__/reload.js")
    for route in held:
        route.continue_()
    expect(page.get_by_text("The river fell.")).to_be_visible()


def test_a_page_outlives_the_preview(site: Path, page: Page) -> None:
    """When the preview is started again, pages that are open go on following it."""
    with previewing(site, Options(at=AT)) as preview:
        visit(page, preview.home + FLOOD_PAGE)
        mark(page)
    save(site, {FLOOD: article("Flood", "The river fell.")})
    with previewing(site, Options(at=AT), port=preview.port) as again:
        assert again.port == preview.port
        expect(page.get_by_text("The river fell.")).to_be_visible()
        page.wait_for_function(f"{SCRIPT}.dataset.shown", timeout=DEADLINE)
        mark(page)
    with previewing(site, Options(at=AT), port=preview.port) as again:
        catch_up(page, again)
        assert is_marked(page)


def test_a_hidden_page_does_not_listen(preview: Running, page: Page) -> None:
    """Browsers allow few connections: tabs in the background take none, and catch up later."""
    visit(page, preview.home + FLOOD_PAGE)
    with page.expect_event("requestfailed", lambda request: "/events" in request.url):
        hide(page, hidden=True)
    mark(page)
    save(preview.site, {FLOOD: article("Flood", "The river fell.")})
    preview.until_said("flood.md: ")
    assert is_marked(page)
    hide(page, hidden=False)
    expect(page.get_by_text("The river fell.")).to_be_visible()


def hide(page: Page, *, hidden: bool) -> None:
    """Let the page believe that it is in the background, or not; a headless one never is."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


# --- Stylesheets


def test_a_changed_stylesheet_is_exchanged(preview: Running, page: Page) -> None:
    """A new style is applied to the page as it stands: nothing is loaded again, nothing moves."""
    visit(page, preview.home + FLOOD_PAGE)
    assert colour(page) == "rgb(1, 2, 3)"
    mark(page)
    scroll(page, 1200)
    for shade in ("rgb(4, 5, 6)", "rgb(7, 8, 9)"):
        before = sheets(page)
        save(preview.site, {"static/css/site.css": f"body {{ color: {shade} }}"})
        await_colour(page, shade)
        assert is_marked(page)
        assert place(page) == 1200
        page.wait_for_function(
            "count => document.querySelectorAll('link[rel=stylesheet]').length === count",
            arg=len(before),
            timeout=DEADLINE,
        )
        assert sheets(page) != before


def test_a_stylesheet_without_a_fingerprint_is_exchanged(preview: Running, page: Page) -> None:
    """The accent colour is in a stylesheet whose name stays: it is fetched anew."""
    visit(page, preview.home + FLOOD_PAGE)
    mark(page)
    scroll(page, 700)
    before = [sheet for sheet in sheets(page) if "theme.css" in sheet]
    save(preview.site, {"templates/theme.css": "body { color: rgb(9, 8, 7) }"})
    await_colour(page, "rgb(9, 8, 7)")
    assert len(before) == 1
    assert is_marked(page)
    assert place(page) == 700


def test_text_and_style_at_once_load_the_page_again(preview: Running, page: Page) -> None:
    """Where more than a stylesheet differs, the page is loaded again, with the new style."""
    visit(page, preview.home + FLOOD_PAGE)
    mark(page)
    save(
        preview.site,
        {
            "static/css/site.css": "body { color: rgb(4, 5, 6) }",
            FLOOD: article("Flood", "The river fell."),
        },
    )
    expect(page.get_by_text("The river fell.")).to_be_visible()
    await_colour(page, "rgb(4, 5, 6)")
    assert not is_marked(page)


def sheets(page: Page) -> list[str]:
    """Return the addresses of the page's stylesheets."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('link[rel=stylesheet]')].map(link => link.href)"
    )
    return found


# --- Problems


@pytest.mark.parametrize(
    ("path", "wrong", "told"),
    [
        (FLOOD, "---\ntitle: <b>Flood</b>\ndate: never\n---\n", "articles/flood.md:3:7: "),
        ("templates/article.html", "{{ artcle(page.article) }}", "templates/article.html:1:4: "),
        (
            "templates/article.html",
            "<p>\n{% if x %}",
            "templates/article.html:2: Unexpected end of template",
        ),
        ("sitegen.toml", 'tilte = "The Packet"', "sitegen.toml:1:1: unknown key"),
    ],
)
def test_an_error_is_shown_over_the_page(
    preview: Running, page: Page, path: str, wrong: str, told: str
) -> None:
    """The page shows what the terminal says, with the code; it goes when that is mended."""
    visit(page, preview.home + FLOOD_PAGE)
    mark(page)
    right = (preview.site / path).read_text() if (preview.site / path).exists() else None
    save(preview.site, {path: wrong})

    overlay = page.locator(OVERLAY)
    expect(overlay).to_be_visible()
    expect(overlay).to_have_attribute("role", "alertdialog")
    expect(overlay.get_by_role("heading", name="1 error", exact=True)).to_be_visible()
    expect(overlay.locator("h2")).to_contain_text(told)
    said = preview.until_said(re.escape(told)).strip()
    headline, _, rest = said.partition("\n")
    frame, _, hint = rest.partition("\n\n")
    assert overlay.locator("h2").inner_text() == headline
    assert overlay.locator("pre").inner_text() == frame
    if hint:
        assert overlay.locator("p").last.inner_text() == hint
    assert overlay.locator("b").count() == 0
    assert is_marked(page)
    assert page.get_by_text("Paragraph 1 of a long report.").count() == 1

    save(preview.site, {path: right})
    expect(overlay).to_have_count(0)


def test_an_error_that_stays_is_shown_on_every_page(preview: Running, page: Page) -> None:
    """Whichever page is opened while something is wrong says so."""
    save(preview.site, {FLOOD: "---\ntitle: Flood\ndate: never\n---\n"})
    preview.until_said("1 error")
    visit(page, preview.home)
    expect(page.locator(OVERLAY)).to_be_visible()


def test_the_overlay_can_be_put_away(preview: Running, page: Page) -> None:
    """Escape or the button closes it; it comes back with the next problem, not with the same."""
    visit(page, preview.home + FLOOD_PAGE)
    overlay = page.locator(OVERLAY)
    save(preview.site, {FLOOD: "---\ntitle: Flood\ndate: never\n---\n"})
    expect(overlay.get_by_role("button")).to_be_focused()
    page.keyboard.press("Escape")
    expect(overlay).to_have_count(0)

    save(preview.site, {"articles/fog.md": article("Fog")})
    preview.until_said("fog.md: ")
    catch_up(page, preview)
    expect(overlay).to_have_count(0)

    save(preview.site, {FLOOD: "---\ntitle: Flood\ndate: tomorrow\n---\n"})
    expect(overlay).to_be_visible()
    overlay.get_by_role("button").click()
    expect(overlay).to_have_count(0)


def test_warnings_do_not_cover_the_page(preview: Running, page: Page) -> None:
    """What does not keep the site from being published is for the terminal."""
    visit(page, preview.home)
    save(preview.site, {"articles/fog.md": article("Fog", "[nowhere](/nothing/)")})
    preview.until_said("warning: ")
    expect(page.get_by_role("link", name="Fog").first).to_be_visible()
    catch_up(page, preview)
    expect(page.locator(OVERLAY)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_overlay_is_readable_whatever_the_sites_style(
    preview: Running, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    """The site's stylesheet does not reach the overlay, which has enough contrast in any scheme."""
    hostile = (
        "* { color: red !important; background: red !important; visibility: hidden !important }"
        "html * { display: none !important }"
    )
    save(preview.site, {"static/css/site.css": hostile})
    preview.until_said("site.css: ")
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    save(preview.site, {FLOOD: "---\ntitle: Flood\ndate: never\n---\n"})
    preview.until_said("1 error")
    visit(page, preview.home + FLOOD_PAGE)
    expect(page.locator(OVERLAY)).to_be_visible()
    for part in (OVERLAY, f"{OVERLAY} pre"):
        colours = "style => [style.color, style.backgroundColor]"
        style = page.locator(part).evaluate(f"element => ({colours})(getComputedStyle(element))")
        assert contrast(*style) > 7
    context.close()


def contrast(one: str, other: str) -> float:
    """Return the contrast of two `rgb()` colours, as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_a_site_that_cannot_be_built_yet_appears_when_it_can(tmp_path: Path, page: Page) -> None:
    """The page that tells what is wrong turns into the site."""
    site = make_site(tmp_path / "site", {"flood.md": article("Flood")}, config="tilte = 1")
    with previewing(site, Options(at=AT)) as preview:
        visit(page, preview.home)
        expect(page.get_by_text('unknown key "tilte"')).to_be_visible()
        expect(page.locator(OVERLAY)).to_have_count(0)
        save(site, {"sitegen.toml": "langauge = 1"})
        expect(page.get_by_text('unknown key "langauge"')).to_be_visible()
        save(site, {"sitegen.toml": ""})
        expect(page.get_by_role("link", name="Flood").first).to_be_visible()


# --- The end


def test_closed_pages_are_forgotten(site: Path, page: Page) -> None:
    """A stream ends with its page."""
    with previewing(site, Options(at=AT)) as preview:
        visit(page, preview.home)
        with page.expect_event("requestfailed", lambda request: "/events" in request.url):
            page.goto("about:blank")
        assert preview.get("/news/").status == 200
