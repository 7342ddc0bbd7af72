"""A comment from the form to the page, in a real browser, without anybody touching a file."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen.config.loading import load_config, with_base_url
from sitegen.receive.environment import Secrets
from sitegen.receive.server import make_receiver
from tests.previews import Running, previewing
from tests.receiving import SECRET, serving
from tests.sitefactory import article, make_site

URL = "2024/11/04/flood/"


@contextmanager
def newsroom(folder: Path, more: str = "") -> Iterator[tuple[Running, str]]:
    """Run a preview and a receiver for the same site; give the preview and the receiver's URL.

    `more` is the end of the configuration.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        home = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        config = f'title = "The Packet"\n[responses]\nreceiver = "{home}"\n{more}'
        site = make_site(folder, {"flood.md": article("Flood")}, config=config)
        with previewing(site) as preview:
            made = make_receiver(
                site,
                with_base_url(load_config(site), preview.home),
                Secrets(SECRET, ""),
                lambda _line: None,
                output=preview.folder,
            )
            with serving(made, "on", listener):
                yield preview, home


def send_comment(
    page: Page, address: str, name: str, text: str, answer: str = "Awaiting moderation"
) -> None:
    """Fill in the form of an article page, as a reader does, and send it."""
    page.goto(address)
    page.locator('input[name="name"]').fill(name)
    page.locator('textarea[name="text"]').fill(text)
    page.locator('form:has(textarea[name="text"]) button').click()
    expect(page.locator("h1")).to_have_text(answer)


def test_a_comment_goes_from_the_form_to_the_page(browser: Browser, tmp_path: Path) -> None:
    """Sent, awaiting moderation, approved; then an open page shows it, and the count goes up."""
    with newsroom(tmp_path) as (preview, home):
        context = browser.new_context()
        watching = context.new_page()
        watching.goto(preview.home + URL)
        expect(watching.locator("body")).to_contain_text("Comment (0)")

        reader = context.new_page()
        send_comment(reader, preview.home + URL, "Ann", "I <b>saw</b> the river rise.")
        reader.get_by_role("link", name="Back to the article").click()
        assert reader.url == f"{preview.home}{URL}#responses"
        expect(watching.locator("body")).to_contain_text("Comment (0)")

        moderator = context.new_page()
        moderator.goto(f"{home}moderation/")
        moderator.locator('input[name="secret"]').fill(SECRET)
        moderator.get_by_role("button", name="Sign in").click()
        expect(moderator.locator("article pre")).to_have_text("I <b>saw</b> the river rise.")
        moderator.get_by_role("button", name="Approve").click()
        expect(moderator.locator(".count")).to_contain_text("Pending: 0")

        expect(watching.locator("body")).to_contain_text("Comment (1)", timeout=60_000)
        expect(watching.locator("#responses")).to_contain_text("the river rise.")
        expect(watching.locator("#responses")).to_contain_text("Ann")
        context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_form_needs_no_script(scripts: bool, browser: Browser, tmp_path: Path) -> None:  # noqa: FBT001 - a case of a table
    """With and without JavaScript a reader can comment, and the browser has no complaints."""
    with newsroom(tmp_path) as (preview, home):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        send_comment(page, preview.home + URL, "Ann", "Thank you.")
        page.goto(f"{home}moderation/")
        page.locator('input[name="secret"]').fill("not the secret, but as long")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        context.close()
    assert [text for text in complaints if "403" not in text] == []


def test_the_pages_fit_a_phone(browser: Browser, tmp_path: Path) -> None:
    """At 360 pixels nothing is cut off, in light and dark."""
    with newsroom(tmp_path) as (preview, home):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": 360, "height": 700},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page = context.new_page()
            send_comment(page, preview.home + URL, "Ann", "word" * 500 + scheme)
            page.goto(f"{home}moderation/")
            page.locator('input[name="secret"]').fill(SECRET)
            page.get_by_role("button", name="Sign in").click()
            expect(page.locator("article pre").first).to_be_visible()
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 360
            context.close()


def test_a_browser_that_works_for_a_comment_has_it_shown(browser: Browser, tmp_path: Path) -> None:
    """With ALTCHA the page after the form does the work, and the comment appears by itself."""
    rules = '[receive]\nunmoderated = ["comment"]\nproof_of_work = true\n'
    with newsroom(tmp_path, rules) as (preview, _home):
        context = browser.new_context()
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        send_comment(page, preview.home + URL, "Ann", "Thank you.", "Your comment has arrived")
        expect(page.locator("html[data-proved]")).to_be_attached(timeout=120_000)
        page.get_by_role("link", name="Back to the article").click()
        expect(page.locator("#responses")).to_contain_text("Thank you.", timeout=60_000)
        context.close()
    assert complaints == []
