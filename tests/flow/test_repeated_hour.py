"""What the clocks show twice in autumn stands everywhere in the order in which it came.

On 27 October 2024 the clocks of London went from 02:00 BST back to 01:00 GMT, at 01:00 UTC. So
five articles that came half an hour apart have the local times 01:10, 01:40, 01:05, 01:35, 02:05.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sitegen.flow.session import Session
from tests.sitefactory import article, build_site, make_site, pages, write

TIMES = ("00:10", "00:40", "01:05", "01:35", "02:05")
ORDER = ["four", "three", "two", "one", "zero"]
"""The articles, the newest first."""

AT = datetime(2024, 10, 27, 3, tzinfo=UTC)
CONFIG = """
base_url = "https://example.org/"
timezone = "Europe/London"
feeds = { formats = ["atom", "rss", "json"] }
"""


def files() -> dict[str, str]:
    """Return the five article files; their names in the order of the alphabet are another order."""
    return {
        f"{name}.md": article(
            f"Story {name}", date=f"2024-10-27T{time}Z", tags=["tide"], author="Ann", slug=name
        )
        for name, time in zip(reversed(ORDER), TIMES, strict=True)
    }


def order(text: str) -> list[str]:
    """Return the articles in the order in which a page links to them first."""
    return list(dict.fromkeys(re.findall(rf"/2024/10/27/({'|'.join(ORDER)})/", text)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the pages of the five articles."""
    site = make_site(tmp_path_factory.mktemp("site"), files(), config=CONFIG)
    build_site(site, at=AT)
    return pages(site)


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "tag/tide/index.html",
        "category/other/index.html",
        "author/ann/index.html",
        "2024/10/27/index.html",
        "feed.xml",
        "rss.xml",
        "feed.json",
        "news-sitemap.xml",
    ],
)
def test_lists_and_feeds_are_in_the_order_of_coming(built: dict[str, str], path: str) -> None:
    """The article that came last stands first, whatever the clock on the wall said."""
    assert order(built[path]) == ORDER


def test_the_sitemap_of_a_year_is_in_the_order_of_coming(built: dict[str, str]) -> None:
    """It goes from the oldest to the newest."""
    assert order(built["sitemap/2024.xml"]) == ORDER[::-1]


def test_neighbours_are_those_that_came_before_and_after(built: dict[str, str]) -> None:
    """The article before one is the one that came before it."""
    for newer, name, older in zip(ORDER, ORDER[1:], ORDER[2:], strict=False):
        page = built[f"2024/10/27/{name}/index.html"]
        onward = page[page.index('rel="prev"') - 200 : page.index('rel="next"') + 200]

        assert order(onward) == [older, newer]


def test_feeds_are_as_old_as_the_article_that_came_last(built: dict[str, str]) -> None:
    """The feed was updated with its newest entry: 02:05 GMT, not 01:40 of the hour before."""
    assert "<updated>2024-10-27T02:05:00+00:00</updated>" in built["feed.xml"]
    assert json.loads(built["feed.json"])["items"][0]["date_published"] == (
        "2024-10-27T02:05:00+00:00"
    )


def test_the_edition_is_dated_by_the_article_that_came_last(tmp_path: Path) -> None:
    """Of two articles in the repeated hour the one that came later is the newest."""
    times = {"first": "00:40", "second": "01:05"}
    articles = {f"{name}.md": article(date=f"2024-10-27T{at}Z") for name, at in times.items()}
    templates = {"front.html": "{{ edition() }} {{ edition().hour }}:{{ edition().minute }}"}
    site = make_site(tmp_path, articles, config=CONFIG, templates=templates)

    build_site(site, at=AT)

    assert pages(site)["index.html"].startswith("2024-10-27 01:05:00+00:00 1:5")


@pytest.mark.parametrize("goes_on", [False, True])
def test_the_order_is_the_same_from_the_cache(tmp_path: Path, *, goes_on: bool) -> None:
    """It does not matter whether articles were just parsed, or came out of the cache."""
    every = files()
    site = make_site(tmp_path, dict(list(every.items())[::2]), config=CONFIG)
    with Session() as kept:
        session = kept if goes_on else None
        build_site(site, at=AT, session=session)
        for name, text in list(every.items())[1::2]:
            write(site / "articles", {name: text})
            build_site(site, at=AT, session=session)

    assert order(pages(site)["tag/tide/index.html"]) == ORDER
    assert order(pages(site)["feed.xml"]) == ORDER


@pytest.mark.parametrize(
    ("time", "shown"), [("00:39:59", ORDER[4:]), ("00:40", ORDER[3:]), ("01:05", ORDER[2:])]
)
def test_an_article_appears_at_its_moment(tmp_path: Path, time: str, shown: list[str]) -> None:
    """Nothing of the hour after the change is shown in the hour before it."""
    site = make_site(tmp_path, files(), config=CONFIG)

    report = build_site(site, at=datetime.fromisoformat(f"2024-10-27T{time}Z"))

    assert order(pages(site)["tag/tide/index.html"]) == shown
    changes = {
        "00:39:59": "2024-10-27T01:40:00+01:00",
        "00:40": "2024-10-27T01:05:00+00:00",
        "01:05": "2024-10-27T01:35:00+00:00",
    }
    assert report.next_change is not None
    assert report.next_change.isoformat() == changes[time]
