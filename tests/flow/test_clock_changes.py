"""What appears and expires at moments that clocks skip or show twice, and at year's end.

Written on the clocks of the newsroom; held against the instants that are meant.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from sitegen.flow.session import Session
from sitegen.model import moments
from tests.sitefactory import article, build_site, make_site, pages, tree, write

SECOND = timedelta(seconds=1)


class Edge(NamedTuple):
    """A text in front matter, the newsroom's zone, and the instant that is meant, in UTC."""

    zone: str
    text: str
    instant: str
    day: str
    """The day that pages show."""


EDGES = {
    "before the gap": Edge("Europe/London", "2024-03-31 00:59:59", "2024-03-31 00:59:59", "31"),
    "in the gap": Edge("Europe/London", "2024-03-31 01:30", "2024-03-31 01:30", "31"),
    "after the gap": Edge("Europe/London", "2024-03-31 02:00", "2024-03-31 01:00", "31"),
    "first of two": Edge("Europe/London", "2024-10-27 01:30", "2024-10-27 00:30", "27"),
    "second of two": Edge("Europe/London", "2024-10-27 01:30 +0000", "2024-10-27 01:30", "27"),
    "a midnight that is skipped": Edge("America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00", "04"),
    "a midnight that comes twice": Edge("America/Havana", "2024-11-03", "2024-11-03 04:00", "03"),
    "half an hour of gap": Edge(
        "Australia/Lord_Howe", "2024-10-06 02:15", "2024-10-05 15:45", "06"
    ),
    "a day that there was not": Edge("Pacific/Apia", "2011-12-30", "2011-12-30 10:00", "31"),
    "year's end, east": Edge("Asia/Tokyo", "2025-01-01", "2024-12-31 15:00", "01"),
    "year's end, west": Edge(
        "America/New_York", "2024-12-31 23:59:59", "2025-01-01 04:59:59", "31"
    ),
    "clocks by the sun": Edge(
        "Africa/Monrovia", "1971-12-31 23:59:30", "1972-01-01 00:44:00", "31"
    ),
}


@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES.keys())
def test_an_article_is_there_from_its_second_to_its_end(tmp_path: Path, edge: Edge) -> None:
    """One appears and one expires at the instant; both builds say before when that will be.

    So does a process that builds on, and it leaves what a clean build leaves.
    """
    config = f'timezone = "{edge.zone}"\nbase_url = "https://example.org/"\n'
    articles = {
        "always.md": article("Always", date="1970-01-02"),
        "comes.md": article("Comes", date=edge.text),
        "goes.md": article("Goes", date="1970-01-01", expires=edge.text),
    }
    site = make_site(tmp_path / "site", articles, config=config)
    instant = datetime.fromisoformat(f"{edge.instant}Z")
    with Session() as session:
        before = build_site(site, at=instant - SECOND, session=session)
        shown = pages(site)
        assert before.next_change == instant
        assert {(change.kind, change.teaser.title) for change in before.next_changes} == {
            ("appears", "Comes"),
            ("expires", "Goes"),
        }
        assert not any("Comes" in text for text in shown.values())
        assert "1970/01/01/goes/index.html" in shown

        build_site(site, at=instant, session=session, changed=())
    shown = pages(site)
    (page,) = (path for path in shown if path.endswith("/comes/index.html"))
    assert page.split("/")[2] == edge.day
    assert not any("Goes" in text for text in shown.values())

    clean = tmp_path / "clean"
    build_site(site, at=instant, output=clean, state=tmp_path / "state")
    assert tree(clean) == tree(site / "output")


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Tokyo", "Africa/Monrovia"])
def test_machines_can_read_every_moment(tmp_path: Path, zone: str) -> None:
    """No offset has seconds, whatever clocks the newsroom had: in pages, data, feeds, sitemaps."""
    dates = ("0099-01-02", "1871-01-01", "1899-12-31 23:59:59", "1951-05-06 12:00")
    articles = {
        f"a{number}.md": article(
            f"A{number}",
            date=date,
            updated=date,
            corrections=[{"date": date, "text": "It was Ann."}],
        )
        for number, date in enumerate(dates)
    }
    site = make_site(
        tmp_path / "site",
        articles,
        config=f'timezone = "{zone}"\nbase_url = "https://example.org/"\n',
    )
    build_site(site)
    found = [
        moment
        for text in pages(site).values()
        for moment in re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"<\s]*", text)
    ]

    assert {moments.parse(text).year for text in found} >= {99, 1951}
    assert {
        text for text in found if not re.fullmatch(r"[-0-9T:]{19}(Z|[+-]\d\d:\d\d)", text)
    } == set()


def test_two_days_of_news_are_48_hours(tmp_path: Path) -> None:
    """News is news for 48 hours, also where clocks are changed in them, and across the year."""
    config = 'timezone = "Europe/London"\nbase_url = "https://example.org/"\n'
    site = make_site(tmp_path / "site", config=config)
    for date, instant in (
        ("2024-03-30 01:30", "2024-03-30 01:30"),
        ("2024-10-26 01:30", "2024-10-26 00:30"),
        ("2024-12-31 23:30", "2024-12-31 23:30"),
    ):
        write(site, {"articles/a.md": article("A", date=date)})
        until = datetime.fromisoformat(f"{instant}Z") + timedelta(hours=48)
        report = build_site(site, at=until - SECOND)
        assert "/a/" in pages(site)["news-sitemap.xml"]
        assert report.next_change == until.astimezone(UTC)
        build_site(site, at=until)
        assert "/a/" not in pages(site).get("news-sitemap.xml", "")
