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


def stated(site: Path, path: str) -> str | None:
    """Return how many articles a page of the archive says that it has."""
    found = re.search('<p class="count">([^<]+)', pages(site)[path])
    return found and found[1]


def test_periods_say_how_many_articles_they_have(tmp_path: Path) -> None:
    """Year, month and day do; the archive does not: it would follow every publication."""
    site = make_site(tmp_path, {"a.md": article(date="2024-11-04 08:00")})
    build_site(site)
    paths = ("2024/index.html", MONTH, "2024/11/04/index.html")
    assert [stated(site, path) for path in paths] == ["1 article"] * 3
    assert stated(site, "archive/index.html") is None

    write(site, {"articles/b.md": article("B", date="2024-11-04 09:00")})
    assert "archive/index.html" not in build_site(site).rendered
    assert [stated(site, path) for path in paths] == ["2 articles"] * 3


def test_a_day_of_many_articles_shows_their_headlines(tmp_path: Path) -> None:
    """Up to 60 it shows them as other lists do; from then on a line each, with the time."""
    articles = {f"{n}.md": article(f"Tide {n}", date=f"2024-11-04 08:{n:02}") for n in range(60)}
    site = make_site(tmp_path, articles)
    build_site(site)
    day = "2024/11/04/index.html"
    assert pages(site)[day].count('<h2 class="headline">') == 60

    write(site, {"articles/more.md": article("Storm <b>", date="2024-11-04 09:00")})
    build_site(site)
    page = pages(site)[day]
    lines = re.findall(
        r'<li><a href="[^"]+">([^<]+)</a> <span class="count"><time[^>]+>([^<]+)', page
    )
    assert lines[:2] == [("Storm &lt;b&gt;", "09:00"), ("Tide 59", "08:59")]
    assert len(lines) == 61
    assert '<h2 class="headline">' not in page


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    """Without an article there is a sentence, and no page for a time."""
    site = make_site(tmp_path, {"a.md": article(draft=True)})
    build_site(site)
    assert "Nothing has been published yet." in pages(site)["archive/index.html"]
    assert not [path for path in pages(site) if path.startswith("2024/")]


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
    assert stated(site, MONTH) == "20 articles"

    write(site, {"articles/more.md": article("Storm", date="2024-11-03 08:00")})
    build_site(site)
    assert shown(site) == ([], ["04", "03"])
    assert re.search(
        r'href="/2024/11/04/">[^<]+</a> <span class="count">20 articles', pages(site)[MONTH]
    )


def test_large_numbers_are_written_as_the_language_does(tmp_path: Path) -> None:
    """The digits of thousands are parted as readers know them."""
    template = '{{ text("articles", count=10000) }} {{ text("articles", count=999) }}'
    for language, written in (("en-GB", "10,000 articles 999"), ("de", "10.000 Artikel 999")):
        site = make_site(
            tmp_path / language, config=f'language = "{language}"', templates={"404.html": template}
        )
        build_site(site)
        assert pages(site)["404.html"].startswith(written)
