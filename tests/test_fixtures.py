"""The static host and the browser that other tests lean on."""

from pathlib import Path

from playwright.sync_api import Page

from tests.conftest import StaticServer


def write_site(folder: Path) -> Path:
    """Make a site of one page, one linked page and a 404 page."""
    (folder / "there").mkdir()
    (folder / "index.html").write_text("<title>Front</title><a href='there/'>there</a>")
    (folder / "there" / "index.html").write_text("<title>There</title>")
    (folder / "404.html").write_text("<title>Not here</title>")
    return folder


def test_pages_are_served_below_a_base_path(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """Links work below a base path in a real browser, and nothing is served outside it."""
    address = static_server(write_site(tmp_path), "/news/")

    page.goto(address)
    page.get_by_role("link", name="there").click()

    assert page.title() == "There"
    assert page.url == f"{address}there/"
    outside = page.goto(address.removesuffix("news/") + "there/")
    assert outside is not None
    assert outside.status == 404


def test_a_missing_page_shows_the_sites_own(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """A page that is not there is answered by the site's 404.html with status 404."""
    response = page.goto(static_server(write_site(tmp_path)) + "gone/")

    assert response is not None
    assert response.status == 404
    assert page.title() == "Not here"
