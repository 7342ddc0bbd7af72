"""Pages are accessible by axe-core in a real Chromium, and ask nothing of another origin."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

CHECKER = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = {"wide": 1280, "phone": 360}
KINDS = {
    "front": r"index\.html",
    "article": r"\d{4}/\d{2}/\d{2}/[^/]+/index\.html",
    "category": r"category/[^/]+/index\.html",
    "categories": r"category/index\.html",
    "tag": r"tag/[^/]+/index\.html",
    "author": r"author/[^/]+/index\.html",
    "archive": r"archive/index\.html",
    "year": r"\d{4}/index\.html",
    "month": r"\d{4}/\d{2}/index\.html",
    "day": r"\d{4}/\d{2}/\d{2}/index\.html",
    "search": r"search/index\.html",
    "not found": r"404\.html",
}
SEARCHES = {"found": "harbour", "not found": "harbuor"}
"""A word that the newsroom has, and one that it has not."""
ANSWERED = ".search-panel:not([hidden]), #search-list li, #search-none:not([hidden])"
"""What a page shows once it has answered."""
RUN = """rules => axe.run(document, { runOnly: rules, resultTypes: ["violations"] })
    .then(result => result.violations.flatMap(
        violation => violation.nodes.map(node => [violation.id, violation.help, node.html])))"""


def pages_to_check(output: Path) -> list[str]:
    """Give paths within `output`: of each kind the richest page, and every article.

    Raises:
        RuntimeError: a kind of page is not there at all.
    """
    paths = sorted(path.relative_to(output).as_posix() for path in output.rglob("*.html"))
    chosen: list[str] = []
    for kind, pattern in KINDS.items():
        found = [path for path in paths if re.fullmatch(pattern, path)]
        if not found:
            raise RuntimeError(f"no page of the kind “{kind}” in {output}")
        richest = max(found, key=lambda path: (output / path).stat().st_size)
        chosen += found if kind == "article" else [richest]
    return chosen


def faults(browser: Browser, address: str, paths: Iterable[str]) -> list[str]:
    """Give a line for each violation, script error and request to another origin.

    Each page is looked at in light and in dark, wide and on a phone.

    Args:
        browser: a running Chromium.
        address: where the site is served; ends in a slash.
        paths: the pages, relative to `address`.
    """
    return [
        f"{path} ({look}): {fault}"
        for path in paths
        for look, page in _looks(browser)
        for fault in _faults_of(page, address, path)
    ]


def faults_of_search(browser: Browser, address: str) -> list[str]:
    """Give a line for each of the same faults while results are open, and where there are none.

    Args:
        browser: a running Chromium.
        address: where the newsroom is served, with its index; ends in a slash.
    """
    return [
        f"{path or 'front page'}, {name} ({look}): {fault}"
        for path in ("", "search/")
        for name, query in SEARCHES.items()
        for look, page in _looks(browser)
        for fault in _faults_of(page, address, path, query)
    ]


def _looks(browser: Browser) -> Iterator[tuple[str, Page]]:
    for scheme in SCHEMES:
        for name, width in WIDTHS.items():
            context = browser.new_context(
                color_scheme=scheme, viewport={"width": width, "height": 900}
            )
            yield f"{scheme}, {name}", context.new_page()
            context.close()


def _faults_of(page: Page, address: str, path: str, query: str = "") -> Iterator[str]:
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.route(lambda url: not url.startswith((address, "data:")), lambda route: route.abort())
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address + path)
    if query:
        page.keyboard.press("/")
        page.keyboard.type(query)
        page.wait_for_selector(ANSWERED)
    page.evaluate(CHECKER.read_text(encoding="utf-8"))
    for rule, explanation, html in page.evaluate(RUN, RULES):
        yield f"{rule}: {explanation} [{html}]"
    yield from (f"script error: {error}" for error in errors)
    yield from (
        f"request to another origin: {url}"
        for url in requests
        if not url.startswith((address, "data:"))
    )
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "wider than the window: the reader would have to scroll sideways"
