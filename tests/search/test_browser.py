"""The search bar and the search page, as a reader with a browser meets them."""

import re
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from sitegen.config.content_security import POLICY
from tests.conftest import StaticServer
from tests.sitefactory import article, build_site, make_site

ARTICLES = {
    "flood.md": article("Flood", "The river rose.", category="Town"),
    "harbour.md": article("A quiet harbour", "Boats sleep.", date="2023-05-01 08:00"),
}

ARCHIVE = {
    "flood.md": article(
        "Flood in the old town", "The river rose. A <b>quagga</b> stood & drank.", category="Town"
    ),
    "second.md": article("After the flood", "The town dries.", date="2023-06-01 08:00"),
    "third.md": article("Flood again", "Once more.", date="2023-01-01 08:00", category="Town"),
    "organist.md": article("The organist retires", "He played.", date="2022-03-01 08:00"),
    "or.md": article("Tea or coffee", "Or nothing at all.", date="2023-03-01 08:00"),
    "tegami.md": article(
        "港だより", "三月の夜、岬の灯台が初めて赤く光ったと漁師は言う。", lang="ja"
    ),
    "gaut.md": article("גאות גבוהה", "הרציף הוצף.", lang="he", date="2022-02-01 08:00"),
    **{f"boats-{n}.md": article(f"Boat {n}", "A regatta.", date=f"2021-05-{n:02} 08:00")
       for n in range(1, 26)},
}  # fmt: skip
"""Five years, three languages, some words that only one article has."""

# How long somebody waits at most for what should be there: other programs may be busy.
expect.set_options(timeout=30_000)

Before = Callable[[str], HTTPStatus | None]


class Gate:
    """Holds back the answer to an address that holds a text, until the test lets it pass."""

    def __init__(self, text: str) -> None:
        """Hold back the first address that has `text` in its path, and no other."""
        self._text = text
        self._path = ""
        self._open = threading.Event()
        self.held = threading.Event()
        """Set when somebody waits."""

    def __call__(self, path: str) -> HTTPStatus | None:
        """Wait at the gate."""
        if self._text in path and self._path in ("", path):
            self._path = path
            self.held.set()
            self._open.wait()
        return None

    def open(self) -> None:
        """Let pass whoever waits, and everybody after."""
        self._open.set()


@pytest.fixture(scope="module")
def without_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site that has no index, as on a machine for which there is no Pagefind."""
    site = make_site(tmp_path_factory.mktemp("bare"), ARTICLES, config="[search]\n")
    build_site(site)
    for path in (site / "output/search/index").rglob("*.json"):
        path.unlink()
    return site / "output"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site with an index."""
    site = make_site(tmp_path_factory.mktemp("archive"), ARCHIVE, config="[search]\n")
    build_site(site)
    return site / "output"


def search_for(page: Page, query: str) -> Locator:
    """Type a query into the bar as a reader would, and return the results below it."""
    page.keyboard.press("/")
    page.keyboard.type(query)
    page.locator(".search-panel").wait_for()
    return page.locator(".search-panel li")


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
        config='expired = "notice"\n[search]\n',
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
    if path == "old/":  # it leads on by itself: what is typed meanwhile would be lost
        page.wait_for_url("**/2024/11/04/moved/")
    if page.get_by_role("searchbox").count():
        page.keyboard.press("/")
        page.keyboard.type("flood")
        results = page.locator(".search-panel li, #search-list > li")
        expect(results.filter(has_text="Flood")).to_have_count(1)
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


def test_a_site_without_search_loads_no_script(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """Where the search is turned off, the bar leads to the archives."""
    site = make_site(tmp_path, ARTICLES, config="[search]\nenabled = false\n")
    build_site(site)
    seen = requests(page)
    page.goto(static_server(site / "output"))
    page.get_by_role("searchbox", name="Search").fill("flood")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=flood")
    assert page.get_by_role("main").get_by_role("link", name="2023").is_visible()
    assert [path for path in seen if ".js" in path] == []


@pytest.mark.parametrize("base", ["/", "/news/"])
def test_a_rare_word_leads_to_its_article(
    tmp_path: Path, page: Page, static_server: StaticServer, base: str
) -> None:
    """Typed into the bar of any page, wherever the site lies, a word finds the article with it."""
    config = f'base_url = "https://example.org{base}"\n[search]\n'
    site = make_site(tmp_path, ARCHIVE, config=config)
    build_site(site)
    page.goto(static_server(site / "output", base) + "2023/06/01/second/")
    found = search_for(page, "quagg")

    expect(found).to_have_count(1)
    expect(found).to_contain_text("Flood in the old town")
    expect(found.locator("mark")).to_have_text("quagga")
    expect(found).to_contain_text("stood & drank")
    expect(found).to_contain_text("Town")
    expect(found.locator("time")).to_have_text("Nov 4, 2024")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{base}2024/11/04/flood/")


def test_a_standalone_page_is_found_among_articles(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """With its text and no date; not in a category or a year, and after articles by date."""
    files = {"pages/about.md": article("Who we are", "We saw the flood rise.", date=None)}
    # Already the newest year is more than is opened at once: the pages are opened with it.
    site = make_site(tmp_path, ARCHIVE, config="[search]\nat_once = 1\n", files=files)
    build_site(site)
    address = static_server(site / "output")
    page.goto(address + "search/?q=flood&sort=newest")
    headlines = page.locator("#search-list .headline")
    expect(headlines).to_have_text(["Flood in the old town", "Who we are"])
    expect(page.locator("#search-list article").nth(1).locator(".meta")).to_have_count(0)
    page.get_by_label("Category", exact=True).select_option("Town")
    expect(headlines).to_have_text(["Flood in the old town"])
    page.goto(address + "search/?q=flood&year=2023")
    expect(headlines).to_have_count(2)
    page.goto(address)
    found = search_for(page, "saw rise")
    expect(found).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/about/")


def test_a_result_that_runs_the_other_way_does_so(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """Headline and excerpt in Hebrew run from the right, the line below them as the page does."""
    page.goto(static_server(archive))
    found = search_for(page, "הרציף")
    expect(found).to_have_count(1)
    for part in (".headline", ".summary"):
        expect(found.locator(part)).to_have_css("direction", "rtl")
    expect(found.locator(".meta")).to_have_css("direction", "ltr")


@pytest.mark.parametrize("start", ["", "2024/11/04/tegami/"])
def test_a_japanese_word_inside_a_sentence_is_found(
    archive: Path, page: Page, static_server: StaticServer, start: str
) -> None:
    """Japanese has no spaces: a word is found inside a sentence, from pages in either language."""
    page.goto(static_server(archive) + start)
    found = search_for(page, "灯台")

    expect(found).to_have_count(1)
    expect(found).to_contain_text("港だより")
    expect(found.locator("mark")).to_have_text("灯台")
    expect(found.locator(".headline")).to_have_attribute("lang", "ja")
    expect(found.locator(".summary")).to_have_text(re.compile("^三月の夜、岬の灯台"))
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").fill("quagga")
    expect(found).to_contain_text("Flood in the old town")


def test_a_year_that_does_not_know_a_word_does_not_guess(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """A word is not found in articles that only have the letters with which it begins."""
    page.goto(static_server(archive))

    expect(search_for(page, "organist")).to_have_count(1)


def test_a_misspelled_word_is_met_with_help(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """Where nothing is found, the bar says so, names the word that may be meant, and a way on."""
    page.goto(static_server(archive))
    search_for(page, "regtata")
    panel = page.locator(".search-panel")

    expect(panel).to_contain_text("Nothing was found for “regtata”")
    expect(panel.get_by_role("link", name="All articles by date")).to_be_visible()
    panel.get_by_role("link", name="regatta").click()
    page.wait_for_url("**/search/?q=regatta")
    expect(page.locator("#search-count")).to_have_text("Results: 25")


def test_an_older_answer_never_takes_the_place_of_a_newer_one(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """However slow the first of two questions is, the second one's answer stays."""
    gate = Gate("/fragment/")
    page.goto(static_server(archive, before=gate))
    page.keyboard.press("/")
    page.keyboard.type("quagga")
    assert gate.held.wait(30)
    page.get_by_role("searchbox").fill("organist")
    panel = page.locator(".search-panel")
    expect(panel).to_contain_text("The organist retires")
    with page.expect_response("**/fragment/*"):
        gate.open()

    page.get_by_role("searchbox").press("ArrowDown")
    expect(panel.get_by_role("link").first).to_be_focused()
    expect(panel).to_contain_text("The organist retires")


def test_the_number_of_results_is_announced(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """Who does not see the results hears how many there are."""
    page.goto(static_server(archive))
    search_for(page, "flood")

    expect(page.get_by_role("status").filter(has_text="Results: 3")).to_have_count(1)


def test_the_keyboard_walks_through_the_results(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """Arrows go round through field and results, letters go on typing, Escape closes."""
    page.goto(static_server(archive))
    found = search_for(page, "flood")
    field = page.get_by_role("searchbox")
    expect(found).to_have_count(3)

    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name="All results (3)")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(found.nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.type("s")
    expect(field).to_have_value("floods")
    page.keyboard.press("Escape")
    expect(page.locator(".search-panel")).to_be_hidden()
    expect(field).to_have_value("floods")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search-panel")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=floods")


def test_a_failed_download_can_be_tried_again(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """A part of the index that does not come is told as that, and not as nothing found."""
    broken = {"index": True}

    def failing(path: str) -> HTTPStatus | None:
        return HTTPStatus.BAD_GATEWAY if path.endswith(".pf_index") and broken["index"] else None

    page.goto(static_server(archive, before=failing))
    # All letters at once: of letter after letter, a later search would succeed by itself.
    page.get_by_role("searchbox").fill("quagga")
    panel = page.locator(".search-panel")

    expect(panel).to_contain_text("could not be loaded")
    expect(panel.get_by_role("link", name="All articles by date")).to_be_visible()
    broken["index"] = False
    panel.get_by_role("button", name="Try again").click()
    expect(panel.locator("li")).to_contain_text("Flood in the old town")


def test_the_search_page_keeps_the_search_in_its_address(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """Results can be shared; Back and Forward lead through searches and filters."""
    address = static_server(archive)
    page.goto(address + "search/?q=flood&year=2023&sort=newest")
    headlines = page.locator("#search-list .headline")
    field = page.get_by_role("searchbox")

    expect(headlines).to_have_text(["After the flood", "Flood again"])
    page.get_by_label("Category", exact=True).select_option("Town")
    expect(headlines).to_have_text(["Flood again"])
    page.get_by_label("Year", exact=True).select_option("All years")
    expect(headlines).to_have_text(["Flood in the old town", "Flood again"])
    assert page.url == address + "search/?q=flood&category=town&sort=newest"
    field.fill("organist")
    expect(page.get_by_role("main")).to_contain_text("Nothing was found for “organist”")
    page.get_by_label("Category", exact=True).select_option("All categories")
    expect(headlines).to_have_text(["The organist retires"])
    headlines.get_by_role("link").click()
    page.wait_for_url("**/organist/")

    page.go_back()
    expect(headlines).to_have_text(["The organist retires"])
    expect(field).to_have_value("organist")
    page.go_back()
    page.go_back()
    expect(headlines).to_have_text(["Flood in the old town", "Flood again"])
    expect(page.get_by_label("Category", exact=True)).to_have_value("town")
    page.go_forward()
    page.go_forward()
    expect(field).to_have_value("organist")
    expect(headlines).to_have_text(["The organist retires"])


def test_own_taxonomies_narrow_the_results(
    tmp_path: Path, page: Page, static_server: StaticServer
) -> None:
    """A taxonomy of the site's own is a filter; of a tree, a term finds what lies below it."""
    site = make_site(
        tmp_path,
        {
            "oslo.md": article("Oslo", "A flood.", place="Europe/Norway"),
            "lund.md": article("Lund", "A flood.", place="Europe/Sweden", date="2024-11-03 10:00"),
            "kobe.md": article("Kobe", "A flood.", place="Asia", date="2024-11-02 10:00"),
        },
        config='search = {}\n[taxonomies.place]\nlabel = "Place"\ntree = true',
    )
    build_site(site)
    address = static_server(site / "output")
    page.goto(address + "search/?q=flood&sort=newest&place=europe")
    headlines = page.locator("#search-list .headline")
    expect(headlines).to_have_text(["Oslo", "Lund"])
    page.get_by_label("Place", exact=True).select_option("– Norway")
    expect(headlines).to_have_text(["Oslo"])
    assert page.url == address + "search/?q=flood&place=europe%2Fnorway&sort=newest"
    page.get_by_label("Place", exact=True).select_option("All")
    expect(headlines).to_have_text(["Oslo", "Lund", "Kobe"])


def test_more_results_follow_when_they_are_asked_for(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """The rest of a long list comes with a press, and is there again after Back."""
    page.goto(static_server(archive) + "search/?q=regatta&sort=newest")
    results = page.locator("#search-list > li")
    expect(results).to_have_count(20)
    expect(results.first).to_contain_text("Boat 25")

    page.get_by_role("button", name="More results").click()
    expect(results).to_have_count(25)
    expect(results.nth(20).get_by_role("link")).to_be_focused()
    expect(page.get_by_role("button", name="More results")).to_be_hidden()
    results.nth(24).get_by_role("link").click()
    page.wait_for_url("**/boats-1/")
    page.go_back()
    expect(results).to_have_count(25)
    expect(results.nth(24)).to_be_in_viewport()


@pytest.fixture(scope="module")
def by_and_by(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the same site where a search looks through two articles at once.

    The newest year has two. 2023 has three, which is a layer of its own, as a year always fits.
    """
    config = "[search]\nat_once = 2\n"
    site = make_site(tmp_path_factory.mktemp("by-and-by"), ARCHIVE, config=config)
    build_site(site)
    return site / "output"


def years_opened(seen: list[str]) -> list[str]:
    """Return the years of which something was asked for, in that order."""
    found = (re.search(r"search/index/(\d{4})-", path) for path in seen)
    return list(dict.fromkeys(match[1] for match in found if match))


def test_the_newest_years_answer_and_older_ones_wait_for_the_reader(
    by_and_by: Path, page: Page, static_server: StaticServer
) -> None:
    """The bar opens the newest years, says since when it searched, and offers the others."""
    seen = requests(page)
    page.goto(static_server(by_and_by))
    found = search_for(page, "flood")
    panel = page.locator(".search-panel")
    status = page.get_by_role("status")

    expect(found.locator(".headline")).to_have_text(["Flood in the old town"])
    expect(status.filter(has_text="Results since 2024: 1")).to_have_count(1)
    expect(panel.get_by_role("link", name="All results since 2024 (1)")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert years_opened(seen) == ["2024"]

    page.keyboard.press("ArrowUp")
    older = panel.get_by_role("button", name="Search older articles too (2021–2023)")
    expect(older).to_be_focused()
    page.keyboard.press("Enter")
    expect(found).to_have_count(3)
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(status.filter(has_text="Results: 3")).to_have_count(1)
    expect(older).to_have_count(0)
    assert years_opened(seen) == ["2024", "2023", "2022", "2021"]
    panel.get_by_role("link", name="All results (3)").click()
    page.wait_for_url("**/search/?q=flood&older=1")
    expect(page.locator("#search-count")).to_have_text("Results: 3")


def test_the_form_asks_for_older_articles_as_the_reader_did(
    by_and_by: Path, page: Page, static_server: StaticServer
) -> None:
    """Enter leads to as many results as the panel told of."""
    page.goto(static_server(by_and_by))
    search_for(page, "flood")
    page.get_by_role("button", name="Search older articles").click()
    expect(page.locator(".search-panel li")).to_have_count(3)

    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=flood&older=1")
    expect(page.locator("#search-list > li")).to_have_count(3)


def test_years_open_one_after_another_until_something_is_found(
    by_and_by: Path, page: Page, static_server: StaticServer
) -> None:
    """What only older articles have is found without a press, and no year is opened needlessly."""
    seen = requests(page)
    page.goto(static_server(by_and_by))
    found = search_for(page, "organist")

    expect(found.locator(".headline")).to_have_text(["The organist retires"])
    expect(page.get_by_role("button", name="Search older articles too (2021)")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert years_opened(seen) == ["2024", "2023", "2022"]
    page.get_by_role("searchbox").fill("xyzzyx")
    expect(page.locator(".search-panel")).to_contain_text("Nothing was found for “xyzzyx”")
    assert years_opened(seen) == ["2024", "2023", "2022", "2021"]


def test_a_year_that_is_named_is_the_only_one_that_opens(
    by_and_by: Path, page: Page, static_server: StaticServer
) -> None:
    """A search in an older year is whole, and costs no other year."""
    seen = requests(page)
    page.goto(static_server(by_and_by) + "search/?q=regatta&year=2021")

    expect(page.locator("#search-count")).to_have_text("Results: 25")
    expect(page.get_by_role("button", name="Search older articles")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert years_opened(seen) == ["2021"]
    page.get_by_label("Year", exact=True).select_option("2022")
    expect(page.get_by_role("main")).to_contain_text("Nothing was found for “regatta”")
    page.wait_for_load_state("networkidle")
    assert years_opened(seen) == ["2021", "2022"]


def test_the_search_page_opens_older_years_with_a_press(
    by_and_by: Path, page: Page, static_server: StaticServer
) -> None:
    """The wish stands in the address: it can be shared, and Back takes it back."""
    address = static_server(by_and_by)
    page.goto(address + "search/?q=flood&sort=newest")
    headlines = page.locator("#search-list .headline")
    number = page.locator("#search-count")
    older = page.get_by_role("button", name="Search older articles too (2021–2023)")

    expect(headlines).to_have_text(["Flood in the old town"])
    expect(number).to_have_text("Results since 2024: 1")
    older.press("Enter")
    expect(headlines).to_have_text(["Flood in the old town", "After the flood", "Flood again"])
    expect(number).to_have_text("Results: 3")
    expect(headlines.first.get_by_role("link")).to_be_focused()
    expect(page.locator("#search-older")).to_be_hidden()
    assert page.url == address + "search/?q=flood&sort=newest&older=1"

    page.go_back()
    expect(number).to_have_text("Results since 2024: 1")
    expect(older).to_be_visible()
    page.goto(address + "search/?q=flood&older=1")
    expect(number).to_have_text("Results: 3")


def test_an_older_year_that_does_not_come_is_told(
    by_and_by: Path, page: Page, static_server: StaticServer
) -> None:
    """What could not be searched is not passed over in silence."""
    broken = {"2022-en/"}

    def fails(path: str) -> HTTPStatus | None:
        is_broken = any(name in path for name in broken)
        return HTTPStatus.SERVICE_UNAVAILABLE if is_broken else None

    page.goto(static_server(by_and_by, before=fails))
    search_for(page, "flood")
    page.get_by_role("button", name="Search older articles").click()
    panel = page.locator(".search-panel")
    expect(panel).to_contain_text("could not be loaded")
    broken.clear()
    panel.get_by_role("button", name="Try again").click()
    expect(panel.locator("li")).to_have_count(3)


def test_the_search_page_says_what_to_do_where_nothing_is_found(
    archive: Path, page: Page, static_server: StaticServer
) -> None:
    """The archives are beside the message, and not beside results."""
    page.goto(static_server(archive) + "search/?q=quagga")
    expect(page.locator("#search-list > li")).to_have_count(1)
    expect(page.get_by_role("heading", name="By year")).to_be_hidden()

    page.get_by_role("searchbox").fill("xyzzyx")
    expect(page.get_by_role("main")).to_contain_text("Nothing was found for “xyzzyx”")
    expect(page.get_by_role("heading", name="By year")).to_be_visible()


@pytest.mark.parametrize("failing", ["parts.json", "shards.json", "pagefind.js"])
def test_the_search_page_tells_of_a_failed_download(
    archive: Path, page: Page, static_server: StaticServer, failing: str
) -> None:
    """Whatever does not come, the page says so, and can try again."""
    broken = {failing}

    def fails(path: str) -> HTTPStatus | None:
        is_broken = any(path.endswith(name) for name in broken)
        return HTTPStatus.SERVICE_UNAVAILABLE if is_broken else None

    page.goto(static_server(archive, before=fails) + "search/?q=quagga")
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    expect(page.locator(".is-loading")).to_have_count(0)
    broken.clear()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#search-list > li")).to_contain_text("Flood in the old town")
    expect(page.get_by_role("alert")).to_be_hidden()


OBSERVED = """window.moved = [];
new PerformanceObserver(list => list.getEntries().forEach(entry => moved.push(entry.value)))
    .observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize("query", ["flood", "xyzzyq"])
def test_answers_move_nothing_that_is_seen(
    archive: Path, page: Page, static_server: StaticServer, query: str
) -> None:
    """A search by address shifts no layout, on a wide screen either, whether it finds or not."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.add_init_script(OBSERVED)
    page.goto(f"{static_server(archive)}search/?q={query}")
    answer = page.locator("#search-list li, #search-none-text")
    expect(answer.filter(visible=True).first).to_be_visible()

    # Two frames on, all that was laid out anew has been seen and told.
    page.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
    assert sum(page.evaluate("moved")) < 0.005
