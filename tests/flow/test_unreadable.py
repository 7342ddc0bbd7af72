"""A file that cannot be read costs nothing but its own edits: its last good state stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from sitegen.model.errors import SitegenError
from sitegen.queries.pictures import _measured
from tests.flow.builds import Builds
from tests.scan.test_unreadable import circle, dangling
from tests.sitefactory import article, make_site, pages, write

PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
RESPONSE = "---\nkind: comment\nauthor: Ann\ndate: 2024-11-05T08:00:00Z\n---\nYes.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site with articles in folders, a picture and a template of its own."""
    return make_site(
        tmp_path / "site",
        {
            "a.md": article("A", "![A dot](dot.gif)"),
            "x/b.md": article("B", category="World"),
            "x/y/c.md": article("C", tags=["river"]),
            "d.md": article("D"),
            "dot.gif": PIXEL,
        },
        templates={"theme.css": "/* own */"},
        static={"map.txt": "map"},
    )


@pytest.mark.parametrize(
    "path",
    ["articles/a.md", "articles/x", "articles/dot.gif", "static/map.txt", "templates/theme.css"],
)
@pytest.mark.parametrize("spoil", [circle, dangling])
def test_the_last_good_state_stays(site: Path, builds: Builds, path: str, spoil: Any) -> None:
    """Its pages, what is below a folder, pictures, static files and lists are as they were."""
    builds(site)
    good = pages(site)
    spoil(site / path)
    report = builds(site, path, keep_going=True)
    assert pages(site) == good
    assert [str(problem.location) for problem in report.problems] == [path]
    assert report.removed == ()


def test_without_keep_going_nothing_is_published(site: Path, builds: Builds) -> None:
    """What cannot be read is an error."""
    builds(site)
    good = pages(site)
    circle(site / "articles/x")
    write(site, {"articles/d.md": article("Edited")})
    with pytest.raises(SitegenError, match="articles/x: cannot be read: "):
        builds(site, "articles/x", "articles/d.md")
    assert pages(site) == good


def test_all_else_is_published(site: Path, builds: Builds) -> None:
    """An edit beside it, and a deletion, come through; then what can be read again, too."""
    builds(site)
    circle(site / "articles/x")
    write(site, {"articles/d.md": article("Edited"), "articles/a.md": None})
    builds(site, "articles/x", "articles/d.md", "articles/a.md", keep_going=True)
    found = pages(site)
    assert "Edited" in found["2024/11/04/d/index.html"]
    assert "2024/11/04/a/index.html" not in found
    assert "2024/11/04/b/index.html" in found
    (site / "articles/x").unlink()
    write(site, {"articles/x/b.md": article("Back")})
    report = builds(site, "articles/x")
    assert report.problems == ()
    found = pages(site)
    assert "Back" in found["2024/11/04/b/index.html"]
    assert "2024/11/04/c/index.html" not in found


def test_a_page_that_needs_an_unreadable_picture_stays(site: Path, builds: Builds) -> None:
    """The size of the picture cannot be known again; all other pages are made anew."""
    config = (site / "sitegen.toml").read_text("utf-8")
    builds(site)
    good = pages(site)
    dangling(site / "articles")
    _measured.cache_clear()  # it knows the picture from the build before, as a new process does not
    write(site, {"sitegen.toml": f'title = "Another"\n{config}'})
    report = builds(site, "articles", "sitegen.toml", keep_going=True)
    found = pages(site)
    shows_it = "2024/11/04/a/index.html"
    assert found[shows_it] == good[shows_it]
    assert "Another" in found["2024/11/04/d/index.html"]
    places = {str(problem.location) for problem in report.problems}
    assert {"articles", "articles/dot.gif"} <= places


def test_a_page_that_needs_an_unreadable_template_stays(site: Path, builds: Builds) -> None:
    """Others that do not use it are made anew."""
    write(site, {"templates/article.html": "{{ body(article(page.article)) }}"})
    builds(site)
    good = pages(site)
    circle(site / "templates/article.html")
    write(site, {"articles/d.md": article("Edited", "Other words.")})
    report = builds(site, "templates/article.html", "articles/d.md", keep_going=True)
    found = pages(site)
    assert found["2024/11/04/d/index.html"] == good["2024/11/04/d/index.html"]
    assert "Edited" in found["index.html"]
    assert {str(problem.location) for problem in report.problems} == {"templates/article.html"}


@pytest.mark.parametrize("root", ["articles", "responses", "pages", "terms"])
def test_a_missing_folder_does_not_empty_the_site(site: Path, builds: Builds, root: str) -> None:
    """It is an error that says how many files there were."""
    about = {"pages/about.md": "# About\n", "terms/category/town.md": "About the town.\n"}
    write(site, {"responses/2024-11-04-a/1.md": RESPONSE, **about})
    builds(site)
    good = pages(site)
    shutil.rmtree(site / root)
    report = builds(site, root, keep_going=True)
    assert pages(site) == good
    assert "the folder is missing" in report.problems[0].message


def test_an_empty_folder_empties_the_site_and_says_so(site: Path, builds: Builds) -> None:
    """It may be meant; deploy and notify ask again."""
    builds(site)
    shutil.rmtree(site / "articles")
    (site / "articles").mkdir()
    report = builds(site, "articles")
    assert report.articles == 0
    (problem,) = report.problems
    assert problem.message == "no articles are left; the last build had 4 articles"
    assert not problem.is_error
    assert builds(site).problems == ()
