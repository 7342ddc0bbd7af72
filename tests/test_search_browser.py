"""The search bar and the search page, as a reader with a browser meets them."""

import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen.content_security import POLICY
from tests.conftest import StaticServer
from tests.sitefactory import article, build_site, make_site

ARTICLES = {
    "flood.md": article("Flood", "The river rose. ", category="Town"),
    "harbour.md": article("A quiet harbour", "Boats sleep.", date="2023-05-01 08:00"),
}

Before = Callable[[str], HTTPStatus | None]


class Gate:
    """Holds back the answers to addresses that hold a text, until the test lets them pass."""

    def __init__(self, text: str) -> None:
        """Hold back what has `text` in its path."""
        self._text = text
        self._open = threading.Event()
        self.held = threading.Event()
        """Set when somebody waits."""

    def __call__(self, path: str) -> HTTPStatus | None:
        """Wait at the gate."""
        if self._text in path:
            self.held.set()
            self._open.wait()
        return None

    def open(self) -> None:
        """Let pass whoever waits, and everybody after."""
        self._open.set()


@pytest.fixture(scope="module")
def without_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site that has no index, as on a machine for which there is no Pagefind."""
    site = make_site(tmp_path_factory.mktemp("bare"), ARTICLES)
    build_site(site)
    for path in (site / "output/search/index").rglob("*.json"):
        path.unlink()
    return site / "output"


def requests(page: Page) -> list[str]:
    """Return the list to which the path of each request of the page will be added."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url.split("/", 3)[3]))
    return seen


def test_nothing_is_loaded_before_the_reader_turns_to_the_bar(
    without_index: Path, page: Page, static_server: StaticServer
) -> None:
    """A page loads one small script; what searches is loaded at the first focus."""
    seen = requests(page)
    page.goto(static_server(without_index))
    page.wait_for_load_state("networkidle")
    before = [path for path in seen if "search" in path]

    assert [path.split(".")[0] for path in before] == ["js/search"]
    assert sum((without_index / path).stat().st_size for path in before) < 3_000

    with page.expect_request("**/search/parts.json"):
        page.keyboard.press("/")


def test_the_slash_leads_to_the_bar(
    without_index: Path, page: Page, static_server: StaticServer
) -> None:
    """The key focuses the bar and is not typed; with a modifier, or while typing, it is a slash."""
    page.goto(static_server(without_index))
    field = page.get_by_role("searchbox", name="Search")

    page.keyboard.press("Control+/")
    expect(field).not_to_be_focused()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("1/2")
    expect(field).to_have_value("1/2")


def test_loading_is_shown_while_something_loads(
    without_index: Path, page: Page, static_server: StaticServer
) -> None:
    """The word is seen from when the reader waits until there is nothing to wait for."""
    gate = Gate("parts.json")
    page.goto(static_server(without_index, before=gate))
    loading = page.locator(".search-status")
    seen = "status => status.getBoundingClientRect().width > 20"

    assert not loading.evaluate(seen)
    page.keyboard.press("/")
    assert gate.held.wait(30)
    page.wait_for_selector(".is-loading")
    assert loading.evaluate(seen)
    assert page.get_by_role("status").first.inner_text() == "Loading"
    gate.open()
    page.wait_for_selector(".is-loading", state="detached")
    assert not loading.evaluate(seen)
    assert page.evaluate("document.body.innerText").split("\n")[1:3] != ["Loading", "Loading"]


def test_without_an_index_the_bar_says_so_and_leads_to_the_archive(
    without_index: Path, page: Page, static_server: StaticServer
) -> None:
    """A site whose index could not be made still leads its reader on."""
    page.goto(static_server(without_index))
    page.keyboard.press("/")
    page.keyboard.type("flood")

    expect(page.locator(".search-panel")).to_contain_text("The search is not available")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/archive/")


def test_without_javascript_the_form_leads_to_the_archives(
    without_index: Path, browser: Browser, static_server: StaticServer
) -> None:
    """The form goes to the search page, which offers the categories and the years."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(static_server(without_index))
    page.get_by_role("searchbox", name="Search").fill("flood")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=flood")
    assert page.get_by_role("main").get_by_role("link", name="Town").is_visible()
    assert page.get_by_role("main").get_by_role("link", name="2023").is_visible()
    assert not page.get_by_label("Order").is_visible()
    context.close()


ANSWERED = ".search-panel:not([hidden]), #search-list li, main .notice:not(#search-intro):visible"
"""What is on a page after an answer, whatever it is."""

EVERY_KIND = (
    "", "2024/11/04/flood/", "category/town/", "category/", "archive/", "2024/", "2024/11/",
    "2024/11/04/", "search/", "404.html", "old/", "2024/11/03/gone/",
)  # fmt: skip
"""A page of each kind."""

RICH = """
| left | right |
|:-----|------:|
| 1    |     2 |

```python
print("news")
```

A footnote.[^1]

[^1]: Below.
"""


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site with a page of each kind."""
    site = make_site(
        tmp_path_factory.mktemp("kinds"),
        {
            **ARTICLES,
            "flood.md": article(body=RICH, category="Town"),
            "gone.md": article("Gone", date="2024-11-03 08:00", expires="2024-11-04 08:00"),
            "moved.md": article("Moved", aliases=["/old/"]),
        },
        config='expired = "notice"\n',
    )
    build_site(site)
    return site / "output"


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_page_passes_the_policy(
    every_kind: Path, page: Page, static_server: StaticServer, path: str
) -> None:
    """With the documented Content-Security-Policy the browser refuses nothing of the theme."""
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.add_init_script("""addEventListener("securitypolicyviolation",
        event => console.error("refused", event.violatedDirective, event.blockedURI))""")

    page.goto(static_server(every_kind, headers={"Content-Security-Policy": POLICY}) + path)
    if page.get_by_role("searchbox").count():
        page.keyboard.press("/")
        page.keyboard.type("flood")
        page.wait_for_selector(ANSWERED)
    assert [text for text in refused if "refused" in text.lower()] == []


def test_the_policy_refuses_what_is_inline(
    every_kind: Path, page: Page, static_server: StaticServer
) -> None:
    """The header is one that a browser understands: what a stranger puts into a page is not run."""
    page.goto(static_server(every_kind, headers={"Content-Security-Policy": POLICY}))
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'run'";
        document.head.append(script);
    }""")

    assert page.title() != "run"
