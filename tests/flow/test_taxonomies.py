"""Lists of the site's own taxonomies, trees and series: what is made, and what becomes stale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sitegen.flow.session import Session
from tests.sitefactory import article, build_site, make_site, tree, write

NOON = datetime(2024, 11, 5, 12, tzinfo=UTC)
CONFIG = """
base_url = "https://example.org/"
search = { enabled = false }
[taxonomies.place]
title = "Places"
label = "Place"
tree = true
feeds = ["atom", "rss"]
per_page = 1
"""


def pages(site: Path) -> dict[str, str]:
    """Return every page by its address."""
    return {
        f"/{path.removesuffix('index.html')}": content.decode()
        for path, content in tree(site / "output").items()
        if path.endswith("index.html")
    }


def head(day: int, **more: Any) -> dict[str, Any]:
    """Return the front matter of an article of a day of March 2024."""
    return {"date": f"2024-03-{day:02} 10:00", **more}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site with a series of three parts, and articles in a tree of places."""
    return make_site(
        tmp_path,
        {
            "p3.md": article("Third", **head(1, series="The flood", part=3)),
            "p1.md": article("First", **head(2, series="The flood", part=1)),
            "p2.md": article("Second", **head(3, series="the flood", part=2)),
            "oslo.md": article("Oslo", **head(4, place="Europe/Norway/Oslo")),
            "lund.md": article("Lund", **head(5, place=["Europe/Sweden", "Asia"])),
            "none.md": article("None", **head(6)),
        },
        config=CONFIG,
    )


def test_lists_of_a_tree(site: Path) -> None:
    """A term of a tree lists the articles of those below it; each has pages and feeds."""
    build_site(site)
    made = pages(site)
    assert {url for url in made if url.startswith("/place/")} == {
        "/place/",
        "/place/asia/",
        "/place/asia/page/1/",
        "/place/asia/page/2/",
        "/place/europe/",
        "/place/europe/page/1/",
        "/place/europe/page/2/",
        "/place/europe/page/3/",
        "/place/europe/norway/",
        "/place/europe/norway/page/1/",
        "/place/europe/norway/page/2/",
        "/place/europe/norway/oslo/",
        "/place/europe/norway/oslo/page/1/",
        "/place/europe/norway/oslo/page/2/",
        "/place/europe/sweden/",
        "/place/europe/sweden/page/1/",
        "/place/europe/sweden/page/2/",
    }
    assert "Lund" in made["/place/europe/"]
    assert "Oslo" in made["/place/europe/page/1/"]
    index = made["/place/"].partition("<main")[2]
    order = [index.index(f'href="/place/{name}/"') for name in ("asia", "europe", "europe/norway")]
    assert order == sorted(order)
    assert (site / "output/place/europe/norway/rss.xml").exists()
    assert "https://example.org/place/europe/norway/" in (
        site / "output/sitemap/pages.xml"
    ).read_text("utf-8")
    crumbs = made["/place/europe/norway/oslo/"]
    assert '"position":3,"name":"Norway"' in crumbs


def test_parts_in_their_order(site: Path) -> None:
    """Parts stand in the order of their numbers, whatever their dates, and know each other."""
    build_site(site)
    made = pages(site)
    listed = made["/series/the-flood/"].partition("<main")[2]
    order = [listed.index(f">{name}<") for name in ("First", "Second", "Third")]
    assert order == sorted(order)
    second = made["/2024/03/03/p2/"]
    assert "Part 2 of 3" in second
    assert 'href="/2024/03/02/p1/" rel="prev"' in second
    assert 'href="/2024/03/01/p3/" rel="next"' in second
    assert '"isPartOf":[{"@type":"CreativeWorkSeries","name":"The flood"' in second
    assert "Part 1 of 3" not in made["/2024/03/06/none/"]


def test_embargoed_part_is_not_counted(site: Path) -> None:
    """A part that is not published yet stands in no output, in no count, until its second."""
    text = article("Fourth", **head(7, series="The flood", part=4, publish="2024-11-05 12:00"))
    write(site / "articles", {"p4.md": text})
    build_site(site, at=NOON - timedelta(seconds=1))
    before = b"".join(tree(site / "output").values())
    assert b"Fourth" not in before
    assert b"of 4" not in before
    assert "Part 3 of 3" in pages(site)["/2024/03/01/p3/"]
    build_site(site, at=NOON)
    assert "Part 3 of 4" in pages(site)["/2024/03/01/p3/"]


def test_new_part_renders_those_that_show_it(site: Path, session: Session) -> None:
    """A new part makes stale the parts of its series, and the pages of no other articles."""
    build_site(site, session=session)
    name = "articles/p4.md"
    write(site, {name: article("Fourth", **head(1, series="The flood", part=4), category="New")})
    report = build_site(site, session=session, changed=[name])
    stories = {path for path in report.rendered if path.startswith("2024/03/") and "p" in path[11:]}
    assert {path.split("/")[3] for path in stories} >= {"p1", "p2", "p3", "p4"}
    assert not any(path.split("/")[3] in ("oslo", "lund", "none") for path in stories)


def test_index_comes_with_its_first_article(tmp_path: Path) -> None:
    """A taxonomy of one's own has a list of all terms, and a link to it, once it has a term."""
    site = make_site(tmp_path, {"a.md": article("A", **head(1))}, config=CONFIG)
    build_site(site)
    assert "/place/" not in pages(site)
    assert "/place/" not in pages(site)["/"]
    write(site / "articles", {"b.md": article("B", **head(2, place="Asia"))})
    build_site(site)
    assert 'href="/place/">Places</a>' in pages(site)["/"]
    assert "/place/" in pages(site)


def test_unknown_taxonomy_is_told_with_those_there_are(tmp_path: Path) -> None:
    """A template that names no taxonomy is told which there are, the site's own too."""
    site = make_site(
        tmp_path,
        {"a.md": article("A", **head(1))},
        config=CONFIG,
        templates={"search.html": '{{ terms("plase") }}', "404.html": "{{ feeds('x') }}"},
    )
    report = build_site(site, keep_going=True)
    told = {item.message: item.hint for item in report.problems}
    assert (told['unknown taxonomy "plase"'] or "").startswith('did you mean "place"?')
    assert 'unknown taxonomy "x"' in told
