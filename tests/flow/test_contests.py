"""An article with somebody else's address takes nobody's place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sitegen.model.errors import SitegenError
from tests.flow.builds import Builds
from tests.sitefactory import AT, article, build_site, make_site, pages, write


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of three articles and a static page."""
    return make_site(
        tmp_path / "site",
        {
            "a.md": article("Alder", category="World", date="2024-11-03"),
            "b.md": article("Birch", date="2024-11-02"),
            "c.md": article("Cedar", date="2024-11-01"),
        },
        static={"about/index.html": "About us"},
    )


ADDRESSES = ["/", "/archive/", "/search/", "/category/", "/category/world/", "/2024/", "/about/"]


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_page_that_is_no_article_goes_first(site: Path, builds: Builds, url: str) -> None:
    """Front page, lists, archives and static pages stay; the article is told, and shown nowhere."""
    builds(site)
    path = url[1:] + "index.html"
    write(site, {"articles/b.md": None})
    builds(site, "articles/b.md")
    without = pages(site)
    write(site, {"articles/b.md": article("Birch", date="2024-11-02", url=url)})
    report = builds(site, "articles/b.md", keep_going=True)
    found = pages(site)
    assert found[path] == without[path]
    assert "Birch" not in "".join(found.values())
    assert report.articles == 2
    (problem,) = report.problems
    assert str(problem.location).startswith("articles/b.md:")


def test_of_two_articles_the_one_that_is_there_stays(site: Path, builds: Builds) -> None:
    """Though the other has the earlier date; lists show the one that has a page."""
    builds(site)
    good = pages(site)
    address = "/2024/11/03/a/"
    write(site, {"articles/d.md": article("Dogwood", date="2024-10-01", url=address)})
    for _ in range(2):
        report = builds(site, "articles/d.md", keep_going=True)
        assert pages(site) == good
        assert report.articles == 3
        assert len(report.problems) == 1


def test_the_one_that_is_there_stays_though_it_cannot_be_made_anew(
    site: Path, builds: Builds
) -> None:
    """A fault of its template does not hand its address on."""
    builds(site)
    good = pages(site)
    write(site, {"articles/d.md": article("Dogwood", date="2024-10-01", url="/2024/11/03/a/")})
    builds(site, "articles/d.md", keep_going=True)
    write(site, {"templates/article.html": "{{ nonsense }}"})
    for _ in range(2):
        builds(site, "templates/article.html", keep_going=True)
        assert pages(site)["2024/11/03/a/index.html"] == good["2024/11/03/a/index.html"]
    write(site, {"templates/article.html": None})
    builds(site, "templates/article.html", keep_going=True)
    assert pages(site) == good


def test_without_history_the_earlier_date_has_it(site: Path) -> None:
    """Then the id: a clean build comes out the same on every machine."""
    write(site, {"articles/d.md": article("Dogwood", date="2024-10-01", url="/2024/11/03/a/")})
    report = build_site(site, keep_going=True)
    found = pages(site)
    assert "Dogwood" in found["2024/11/03/a/index.html"]
    assert "Alder" not in "".join(found.values())
    assert report.articles == 3


def test_who_gives_the_address_back_is_shown_again(site: Path, builds: Builds) -> None:
    """Both are shown, where they would be if nothing had been."""
    builds(site)
    write(site, {"articles/b.md": article("Birch", date="2024-11-02", url="/2024/11/03/a/")})
    builds(site, "articles/b.md", keep_going=True)
    assert "Birch" not in pages(site)["index.html"]
    write(site, {"articles/b.md": article("Birch", date="2024-11-02", url="/elsewhere/")})
    report = builds(site, "articles/b.md", keep_going=True)
    assert report.problems == ()
    incremental = pages(site)
    build_site(site, clean=True)
    assert pages(site) == incremental
    assert "Birch" in incremental["elsewhere/index.html"]


def test_when_the_holder_goes_the_other_has_the_address(site: Path, builds: Builds) -> None:
    """The page is the other's from then on."""
    builds(site)
    write(site, {"articles/b.md": article("Birch", date="2024-11-02", url="/2024/11/03/a/")})
    builds(site, "articles/b.md", keep_going=True)
    write(site, {"articles/a.md": None})
    assert builds(site, "articles/a.md").problems == ()
    assert "Birch" in pages(site)["2024/11/03/a/index.html"]


def test_a_file_in_the_way_of_a_folder_costs_itself_alone(site: Path, builds: Builds) -> None:
    """An article at `/2024` would keep every page of the year from being written."""
    builds(site)
    write(site, {"articles/d.md": article("Dogwood", url="/2024/11/03/a")})
    write(site, {"articles/e.md": article("Elm", url="/elm/")})
    report = builds(site, "articles/d.md", "articles/e.md", keep_going=True)
    found = pages(site)
    assert "Alder" in found["2024/11/03/a/index.html"]
    assert "Elm" in found["elm/index.html"]
    assert any("articles/d.md" in str(problem.location) for problem in report.problems)


def test_without_keep_going_it_is_an_error(site: Path, builds: Builds) -> None:
    """Nothing is published, as with any other error."""
    builds(site)
    good = pages(site)
    write(site, {"articles/b.md": article("Birch", url="/")})
    with pytest.raises(SitegenError, match="is wanted by"):
        builds(site, "articles/b.md")
    assert pages(site) == good


def test_an_article_with_an_error_ends_when_its_last_good_state_said(
    site: Path, builds: Builds
) -> None:
    """What is wrong now does not keep an article online for ever."""
    ends = (AT + timedelta(hours=1)).isoformat()
    write(site, {"articles/b.md": article("Birch", date="2024-11-02", expires=ends)})
    builds(site)
    write(site, {"articles/b.md": article("Birch", date="never")})
    report = builds(site, "articles/b.md", keep_going=True)
    assert "Birch" in pages(site)["index.html"]
    assert report.next_change is not None
    builds(site, "articles/b.md", keep_going=True, at=AT + timedelta(hours=2))
    assert "Birch" not in pages(site)["index.html"]
