"""Which outputs an edit renders: exactly those that it can change, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.build import Report
from sitegen.flow.session import Session
from sitegen.model.references import published_name
from sitegen.scan.sources import content_digest, theme_folder
from tests.sitefactory import article, build_site, make_site, times, tree, write

pytestmark = pytest.mark.slow

CONFIG = """
title = "The Tide"
front = { seconds = 0, newest = 1, per_section = 1 }
lists = { per_page = 20, related = 2 }
extra = { motto = "First", other = "x" }
search = { enabled = false }
"""
ARTICLES: dict[str, dict[str, Any]] = {
    "one.md": {"date": "2024-03-01 10:00", "category": "World", "tags": ["river"], "author": "Ann"},
    "two.md": {"date": "2024-03-02 10:00", "category": "World", "tags": ["river"], "author": "Ann"},
    "three.md": {"date": "2024-05-01 10:00", "category": "Sport", "author": "Ben"},
    "four.md": {"date": "2024-11-04 10:00", "category": "Sport", "tags": ["wind"], "author": "Ben"},
}
"""The front page shows four, three, and two for its category; one is on none of its parts."""

SEARCH = (
    '{% extends "theme/search.html" %}{% block head %}{{ super() }}'
    '{{ asset("search.js") }}{{ site.extra.motto }}{% endblock %}'
)

RESPONSES_PART = "".join(
    f"{{% macro {name} %}}-{{% endmacro %}}"
    for name in ("threads(a, b, c, d, e, f)", "endpoints()", "discovery(a, b)")
)

PAGES = {
    name: f"{head['date'][:10].replace('-', '/')}/{name.removesuffix('.md')}/index.html"
    for name, head in ARTICLES.items()
}
ONE, TWO, THREE, FOUR = PAGES.values()
FRONT, SEARCH_PAGE, MISSING, THEME = "index.html", "search/index.html", "404.html", "css/theme.css"
INDEXES = {f"{name}/index.html" for name in ("category", "tag", "author")}


def text(name: str, body: str = "The river rose.", **head: object) -> str:
    """Return the text of one of the articles with other front matter."""
    return article(body=body, **{"title": name.capitalize(), **ARTICLES[f"{name}.md"], **head})


def new_site(folder: Path) -> Path:
    """Return the site of these tests, without an output."""
    return make_site(
        folder,
        {name: text(name.removesuffix(".md")) for name in ARTICLES},
        config=CONFIG,
        templates={"search.html": SEARCH},
        static={"search.js": "1", "robots.txt": "x", "photo.svg": "<svg/>"},
    )


STYLESHEET = published_name(
    "css/responses.css",
    content_digest((theme_folder() / "static/css/responses.css").read_bytes()),
)
RESPONSE = "---\nkind: comment\nauthor: Maud\ndate: 2024-11-05\n---\n\nTwo tides.\n"


@dataclass(frozen=True)
class Case:
    """An edit, and what it should lead to."""

    name: str
    files: dict[str, str | None]
    rendered: set[str]
    written: set[str] | None = None
    """None is all that are rendered."""
    removed: set[str] = field(default_factory=set)


LISTS_OF_ONE = {"2024/03/01/index.html", "category/world/index.html", "tag/river/index.html"}
LISTS_OF_ONE |= {"author/ann/index.html", "2024/03/index.html"}  # a month of few shows them
SHOW_ONE = {ONE, TWO, *LISTS_OF_ONE}
SHOW_THREE = {
    *(TWO, THREE, FOUR, FRONT, "2024/05/01/index.html", "2024/05/index.html"),
    *("category/sport/index.html", "author/ben/index.html"),
}
EVERY_PAGE = {
    *PAGES.values(),
    *(FRONT, SEARCH_PAGE, MISSING, "archive/index.html"),
    *INDEXES,
    *(f"category/{slug}/index.html" for slug in ("world", "sport")),
    *(f"tag/{slug}/index.html" for slug in ("river", "wind")),
    *(f"author/{slug}/index.html" for slug in ("ann", "ben")),
    *(f"2024{part}/index.html" for part in ("", "/03", "/05", "/11")),
    *(f"2024/{day}/index.html" for day in ("03/01", "03/02", "05/01", "11/04")),
}

CASES = (
    Case("nothing", {}, set()),
    Case(
        "a body below the first paragraph",
        {"articles/one.md": text("one", "The river rose.\n\nAnd more.")},
        {ONE},
    ),
    Case(
        "a body that gives another summary",
        {"articles/one.md": text("one", "The river fell.")},
        SHOW_ONE,
        {ONE, *LISTS_OF_ONE},  # its neighbour shows no summary: it comes out the same
    ),
    Case(
        "a file with other line ends", {"articles/one.md": text("one").replace("\n", "\r\n")}, set()
    ),
    Case("a key that no page shows", {"articles/one.md": text("one", mood="grey")}, {ONE}, set()),
    Case("a title", {"articles/one.md": text("one", title="Uno")}, SHOW_ONE),
    Case(
        "a title on the front page", {"articles/three.md": text("three", title="Tre")}, SHOW_THREE
    ),
    Case("comments", {"articles/one.md": text("one", comments="hidden")}, {ONE}),
    Case(
        "a response",  # the first one brings the stylesheet of threads along
        {"responses/2024-03-01-one/a.md": RESPONSE},
        {ONE},
        {ONE, STYLESHEET},
    ),
    Case("a response that waits", {"responses/pending/2024-03-01-one/a.md": RESPONSE}, set()),
    Case("a response to nothing", {"responses/2024-03-01-none/a.md": RESPONSE}, set()),
    Case(
        "a link to an article",
        {"articles/one.md": text("one", "The river rose.\n\n[Two](two.md)")},
        {ONE},
    ),
    Case(
        "an alias",
        {"articles/one.md": text("one", aliases=["/old/"])},
        {"old/index.html"},
    ),
    Case(
        "a picture in the text",
        {
            "articles/one.md": text("one", "The river rose.\n\n![P](map.svg)"),
            "articles/map.svg": "<svg/>",
        },
        {ONE},
        {ONE, "map.svg"},
    ),
    Case("a static file", {"static/robots.txt": "y"}, set(), {"robots.txt"}),
    Case(
        "a part of the article page",
        {"templates/parts/responses.html": RESPONSES_PART},
        set(PAGES.values()),
    ),
    Case(
        "a template that comes out the same",
        {"templates/search.html": f"{SEARCH}{{# a note #}}"},
        {SEARCH_PAGE},
        set(),
    ),
    Case("a text of one page", {"templates/locale/en.toml": 'not_found_text = "?"'}, {MISSING}),
    Case("a text of no page", {"templates/locale/en.toml": 'expired = "?"'}, set()),
    Case("a text of all pages", {"templates/locale/en.toml": 'skip = "?"'}, EVERY_PAGE),
    Case("a colour", {"sitegen.toml": f'{CONFIG}accent = "#123456"'}, {THEME}),
    Case("a setting of one page", {"sitegen.toml": CONFIG.replace("First", "Last")}, {SEARCH_PAGE}),
    Case("a setting that no page reads", {"sitegen.toml": CONFIG.replace('"x"', '"y"')}, set()),
    Case("a setting of parsing", {"sitegen.toml": f"{CONFIG}markdown.toc_depth = 2"}, set()),
    Case(
        "a pattern of dates",
        {"sitegen.toml": f'{CONFIG}dates.stamp = "yyyy"'},
        set(PAGES.values()),
    ),
    Case("the title of the paper", {"sitegen.toml": CONFIG.replace("Tide", "Ebb")}, EVERY_PAGE),
    Case(
        "a draft",
        {"articles/one.md": text("one", draft=True)},
        {
            TWO,  # its neighbour and related article
            *LISTS_OF_ONE - {"2024/03/01/index.html"},
            *("2024/03/index.html", "2024/index.html", "2024/03/02/index.html"),
            *(INDEXES - {"index.html"}),
        },
        removed={ONE, "2024/03/01/index.html"},
    ),
    Case(
        "a new article on an old day",
        {
            "articles/new.md": article(
                "New", date="2024-03-01 09:00", category="World", tags=["wind"]
            )
        },
        {
            "2024/03/01/new/index.html",
            ONE,  # its neighbour
            TWO,  # which recommends it
            FOUR,  # as does this one, for the tag
            *("2024/03/01/index.html", "2024/03/index.html", "2024/index.html"),
            *("category/world/index.html", "tag/wind/index.html"),
            *("category/index.html", "tag/index.html"),
        },
    ),
    Case(
        "an article that is removed",
        {"articles/one.md": None},
        {
            TWO,
            *LISTS_OF_ONE - {"2024/03/01/index.html"},
            *("2024/03/index.html", "2024/index.html", "2024/03/02/index.html"),
            *INDEXES,
        },
        removed={ONE, "2024/03/01/index.html"},
    ),
)


class Builder:
    """Builds one site for all cases, each of which leaves it as it found it."""

    def __init__(self, folder: Path, *, goes_on: bool) -> None:
        self.site = new_site(folder / "site")
        self.output = self.site / "output"
        self.session = Session()
        self.goes_on = goes_on
        self.build(())
        # What a session opens it keeps open: here, and not in the test of a response.
        response = next(case.files for case in CASES if case.name == "a response")
        write(self.site, response)
        self.build(response)
        write(self.site, dict.fromkeys(response))
        self.build(response)

    def build(self, changed: Iterable[str]) -> Report:
        """Build as a process that goes on and is told what changed, or as a new one."""
        if not self.goes_on:
            return build_site(self.site)
        return build_site(self.site, session=self.session, changed=changed)


@pytest.fixture(scope="module", params=[False, True], ids=["new process", "same process"])
def builder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Builder]:
    """The site of these tests, built."""
    made = Builder(tmp_path_factory.mktemp("sets"), goes_on=request.param)
    yield made
    made.session.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_edit_renders_what_it_can_change(builder: Builder, case: Case) -> None:
    """An edit renders the outputs that would come out differently, and writes those that do."""
    sources = tree(builder.site)
    before, before_times = tree(builder.output), times(builder.output)
    write(builder.site, case.files)
    report = builder.build(case.files)
    after, after_times = tree(builder.output), times(builder.output)
    write(builder.site, {path: sources.get(path) for path in case.files})
    builder.build(case.files)
    assert tree(builder.output) == before

    assert set(report.rendered) == case.rendered
    assert set(report.written) == (case.rendered if case.written is None else case.written)
    assert set(report.removed) == case.removed
    kept = before.keys() & after.keys() - {".sitegen-manifest"}
    assert {path for path in kept if before[path] != after[path]} <= set(report.written)
    for path in kept - set(report.written):
        assert after_times[path] == before_times[path]


def test_a_static_file_renders_the_pages_that_name_it(tmp_path: Path) -> None:
    """A file that pages ask for gets another name, which these pages alone get to know."""
    site = new_site(tmp_path / "site")
    build_site(site)
    old = {path for path in tree(site / "output") if path.startswith("search.")}
    write(site, {"static/search.js": "2"})
    report = build_site(site)
    new = {path for path in tree(site / "output") if path.startswith("search.")}
    assert set(report.rendered) == {SEARCH_PAGE}
    assert set(report.written) == {SEARCH_PAGE, "search.js", *(new - old)}
    assert set(report.removed) == old - new
    assert len(old) == len(new) == 2


def test_a_stylesheet_of_all_pages_renders_all_pages(tmp_path: Path) -> None:
    """Every page names the stylesheet; the theme's colours do not."""
    site = new_site(tmp_path / "site")
    build_site(site)
    write(site, {"static/css/site.css": "body { color: red }"})
    assert set(build_site(site).rendered) == EVERY_PAGE


def test_a_picture_renders_the_page_that_says_its_size(tmp_path: Path) -> None:
    """A picture keeps its address: another one in its place is copied, and its size looked at."""
    site = new_site(tmp_path / "site")
    shown = {"articles/one.md": text("one", image="map.svg"), "articles/map.svg": "<svg/>"}
    write(site, shown)
    build_site(site)
    write(site, {"articles/map.svg": "<svg></svg>"})
    report = build_site(site)
    assert (set(report.rendered), report.written) == ({ONE}, ("map.svg",))


def test_a_time_that_changes_nothing_renders_nothing(tmp_path: Path) -> None:
    """Time is a question about articles alone: where none appears, nothing is rendered."""
    site = new_site(tmp_path / "site")
    build_site(site)
    assert build_site(site, at=datetime(2031, 1, 1, tzinfo=UTC)).rendered == {}
    assert build_site(site, drafts=True).rendered == {}


def test_an_article_that_appears_renders_what_shows_it(tmp_path: Path) -> None:
    """The minute of an embargo renders the article, its lists and its neighbours."""
    site = new_site(tmp_path / "site")
    late = text("four", title="Late", date="2024-11-05 12:00:01")
    write(site, {"articles/late.md": late})
    before = build_site(site, at=datetime(2024, 11, 5, 12, 0, 0, tzinfo=UTC))
    assert before.next_change == datetime(2024, 11, 5, 12, 0, 1, tzinfo=UTC)
    report = build_site(site, at=before.next_change)
    assert set(report.rendered) == {
        "2024/11/05/late/index.html",
        "2024/11/05/index.html",
        *(FOUR, FRONT, "2024/11/04/index.html", "2024/11/index.html", "2024/index.html"),
        *("category/sport/index.html", "tag/wind/index.html", "author/ben/index.html"),
        *INDEXES,
    }


@pytest.mark.parametrize(
    ("harm", "rendered"),
    [
        (lambda path: path.unlink(), {ONE}),
        (lambda path: path.write_text("by hand"), {ONE}),
        (lambda path: path.write_bytes(path.read_bytes()), set()),
        (lambda path: path.chmod(0o600), set()),
        (lambda path: path.touch(), set()),
    ],
    ids=["deleted", "edited", "written again", "mode", "touched"],
)
def test_an_output_that_was_touched_is_looked_at(
    tmp_path: Path, harm: Callable[[Path], None], rendered: set[str]
) -> None:
    """A page is rendered again if it does not hold what was left in it, else it stays."""
    site = new_site(tmp_path / "site")
    build_site(site)
    before = tree(site / "output")
    harm(site / "output" / ONE)
    assert set(build_site(site).rendered) == rendered
    assert tree(site / "output") == before
    assert build_site(site).rendered == {}


def thousand(folder: Path) -> Path:
    """Return a site of 1,000 articles over five years, one in three days or so."""
    start = datetime(2019, 1, 1, tzinfo=UTC)
    articles = {}
    for number in range(1000):
        date = start + timedelta(hours=number * 50)
        articles[f"{date:%Y/%m}/n{number}.md"] = article(
            f"Number {number}",
            date=f"{date:%Y-%m-%d %H:%M}",
            category=f"Category {number % 6}",
            tags=[f"tag {number % 20}", f"tag {number % 7}"],
            author=f"Author {number % 4}",
        )
    return make_site(folder, articles, config="lists.per_page = 20")


def test_a_new_article_costs_the_same_at_any_size(tmp_path: Path) -> None:
    """At 1,000 articles a new one renders fewer than 15 outputs, and so does a new title."""
    site = thousand(tmp_path / "site")
    build_site(site)
    new = article(
        "New", date="2024-11-05 11:00", category="Category 1", tags=["tag 1"], author="Author 1"
    )
    write(site, {"articles/new.md": new})
    report = build_site(site)
    assert 1 < len(report.rendered) < 15
    assert set(report.written) <= report.rendered.keys()
    write(site, {"articles/new.md": new.replace("New", "Newer")})
    assert 1 < len(build_site(site).rendered) < 15
    write(site, {"articles/new.md": new.replace("New", "Newer") + "\n\nMore."})
    assert set(build_site(site).rendered) == {"2024/11/05/new/index.html"}


def test_all_reasons_are_told(tmp_path: Path) -> None:
    """For each rendered output the report says why, by the question whose answer changed."""
    site = new_site(tmp_path / "site")
    first: Report = build_site(site)
    assert set(first.rendered.values()) == {"it is new"}
    write(site, {"articles/one.md": text("one", title="Uno")})
    reasons = build_site(site).rendered
    assert reasons[ONE] == "the answer to article(articles/one.md) changed"
    assert reasons["2024/03/01/index.html"] == "the answer to on_day(2024, 3, 1) changed"
    write(site, {"articles/two.md": text("two", date="2024-03-03 10:00")})
    reasons = build_site(site).rendered
    assert reasons["2024/03/index.html"] == (
        "the answer to days(2024, 3) changed: + /2024/03/03/ 1, - /2024/03/02/ 1"
    )
    assert reasons["2024/03/03/two/index.html"] == "it is new"
