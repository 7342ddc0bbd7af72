"""The archive of the theme: a month with few articles and one with many."""

from __future__ import annotations

import re
from pathlib import Path

from tests.sitefactory import article, build_site, make_site, pages, write

MONTH = "2024/11/index.html"


def shown(site: Path) -> tuple[list[str], list[str]]:
    """Return the headlines and the days that the page of November links to."""
    page = pages(site)[MONTH]
    headlines = re.findall(r'<h3 class="headline"><a href="[^"]+">([^<]+)', page)
    return headlines, re.findall(r'href="/2024/11/(\d\d)/"', page)


def test_a_month_of_few_articles_shows_them(tmp_path: Path) -> None:
    """Each stands below its day, the newest first, and the day leads to its own page."""
    articles = {
        "a.md": article("Alder", date="2024-11-03 08:00"),
        "b.md": article("Birch", date="2024-11-04 08:00"),
        "c.md": article("Cedar", date="2024-11-04 09:00"),
    }
    site = make_site(tmp_path, articles)
    build_site(site)
    assert shown(site) == (["Cedar", "Birch", "Alder"], ["04", "03"])

    write(site, {"articles/b.md": article("Beech", date="2024-11-04 08:00")})
    build_site(site)
    assert shown(site) == (["Cedar", "Beech", "Alder"], ["04", "03"])


def test_a_month_of_many_articles_shows_its_days(tmp_path: Path) -> None:
    """From 21 articles on it stays small: a line a day with a number."""
    articles = {f"{n}.md": article(f"Tide {n}", date="2024-11-04 08:00") for n in range(20)}
    site = make_site(tmp_path, articles)
    build_site(site)
    assert len(shown(site)[0]) == 20

    write(site, {"articles/more.md": article("Storm", date="2024-11-03 08:00")})
    build_site(site)
    assert shown(site) == ([], ["04", "03"])
    assert re.search(
        r'href="/2024/11/04/">[^<]+</a> <span class="count">20 articles', pages(site)[MONTH]
    )
