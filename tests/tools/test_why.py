"""Why a page is as it is."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sitegen.model.errors import SitegenError
from sitegen.tools.why import MAX_SHOWN, last_state, why, why_json, why_text
from tests.sitefactory import article, build_site, make_site, write

FLOOD = "2024/11/04/flood/index.html"


def paper(folder: Path, config: str = "") -> Path:
    """Make and build a small site."""
    site = make_site(
        folder,
        {
            "flood.md": article("Flood", tags=["River"]),
            "storm.md": article("Storm", date="2024-11-03"),
            "鐘.md": article("鐘", date="2024-11-02"),
        },
        config=config,
        static={"map.svg": "<svg/>", "plan #1?.svg": "<svg/>"},
    )
    build_site(site)
    return site


def asked(found: dict[str, object]) -> dict[str, Any]:
    """Return what a page asked, with what it was told."""
    answers = found["answers"]
    assert isinstance(answers, list)
    return dict(answers)


def test_a_page_tells_what_it_was_made_from(tmp_path: Path) -> None:
    """The answer names URL, file, template and each question with what it was told."""
    found = why(paper(tmp_path), "/2024/11/04/flood/")

    assert (found["url"], found["path"], found["template"]) == (
        "/2024/11/04/flood/",
        FLOOD,
        "article.html",
    )
    assert found["reason"] == "it is new"
    assert found["last_build"] == "rendered"
    answers = asked(found)
    assert "article(articles/flood.md)" in answers
    assert answers["neighbours(articles/flood.md)"] == ("articles/storm.md",)
    assert answers["setting(title)"] == ("News",)
    assert "template(article.html)" in answers


def test_the_answer_that_changed_is_named(tmp_path: Path) -> None:
    """After a change, the pages that follow it say which answer is another, and what is new."""
    site = paper(tmp_path)
    write(site, {"articles/gale.md": article("Gale", date="2024-11-03 12:00")})
    build_site(site)

    flood = why(site, "/2024/11/04/flood/")
    assert flood["last_build"] == "rendered"
    assert str(flood["reason"]).startswith("the answer to ")
    assert "(articles/flood.md) changed: + articles/gale.md" in str(flood["reason"])
    bell = why(site, "/2024/11/02/鐘/")
    assert (bell["last_build"], bell["reason"]) == ("unchanged", "it is new")


def test_an_edited_template_is_the_reason_of_its_pages(tmp_path: Path) -> None:
    """An override that comes later is what the pages that it changes name."""
    site = paper(tmp_path)
    write(site, {"templates/404.html": "<p>Lost."})
    build_site(site)

    assert "template(404.html) changed" in str(why(site, "/404.html")["reason"])
    assert why(site, "/")["last_build"] == "unchanged"


@pytest.mark.parametrize(
    "url",
    [
        "/2024/11/04/flood/",
        "/2024/11/04/flood",
        "2024/11/04/flood/index.html",
        "2024/11/04/flood/",
        "/2024/11/04/flood/index.html",
        "/2024/11/04/flood/?from=feed#top",
        "https://example.org/news/2024/11/04/flood/",
        "/news/2024/11/04/flood/",
    ],
)
def test_a_page_can_be_named_as_it_is_at_hand(tmp_path: Path, url: str) -> None:
    """A URL, an address from the browser and a path of the output name the same page."""
    site = paper(tmp_path, 'base_url = "https://example.org/news/"\n')

    assert why(site, url)["path"] == FLOOD


@pytest.mark.parametrize("url", ["/2024/11/02/鐘/", "/2024/11/02/%E9%90%98/"])
def test_an_encoded_url_is_the_same(tmp_path: Path, url: str) -> None:
    """What is copied from a browser's address bar works, encoded or not."""
    assert why(paper(tmp_path), url)["path"] == "2024/11/02/鐘/index.html"


def test_the_base_path_of_the_last_build_counts(tmp_path: Path) -> None:
    """A site that was built with `--base-url` is asked about below that path."""
    site = paper(tmp_path)
    build_site(site, base_url="https://example.org/preview/")

    assert why(site, "/preview/2024/11/04/flood/")["path"] == FLOOD


def test_each_output_folder_has_its_own_answer(tmp_path: Path) -> None:
    """What was built elsewhere is asked for with that folder."""
    site = paper(tmp_path / "site")
    there = tmp_path / "there"
    build_site(site, output=there, drafts=True, at=datetime(2024, 11, 3, 12, tzinfo=UTC))

    assert why(site, "/2024/11/04/flood/", there)["path"] == FLOOD
    last = last_state(site, there).last
    assert last is not None
    assert last.drafts


@pytest.mark.parametrize(
    ("url", "message", "hint"),
    [
        (
            "/2024/11/04/flod/",
            'no output "/2024/11/04/flod/"',
            'did you mean "/2024/11/04/flood/"?',
        ),
        ("/nothing/like/it.txt", 'no output "/nothing/like/it.txt"', None),
        ("/map.svg", "map.svg is a copy of its source file", None),
        ("plan #1?.svg", "plan #1?.svg is a copy of its source file", None),
        ("/a/../b/", "cannot be a URL of the site", None),
        ("https://[example.org/", "is not a URL", None),
    ],
)
def test_what_is_no_page_is_told(tmp_path: Path, url: str, message: str, hint: str | None) -> None:
    """A page that was not made is a problem with the nearest one as its hint."""
    site = paper(tmp_path)
    with pytest.raises(SitegenError) as caught:
        why(site, url)

    assert message in caught.value.problems[0].message
    assert caught.value.problems[0].hint == hint


def test_a_site_that_was_never_built_has_no_reasons(tmp_path: Path) -> None:
    """Before the first build there is nothing to explain."""
    site = make_site(tmp_path, {"flood.md": article()})
    with pytest.raises(SitegenError, match="has not been built yet"):
        why(site, "/")


def test_the_text_is_for_people(tmp_path: Path) -> None:
    """A person reads where the page comes from, why it was made, and what it asked."""
    site = paper(tmp_path)
    build_site(site)
    lines = why_text(why(site, "/2024/11/04/flood/")).split("\n")

    assert lines[:4] == [
        f"/2024/11/04/flood/  →  {FLOOD}, from article.html",
        "rendered because it is new",
        "not rendered by the last build: every answer was the same",
        "questions:",
    ]
    assert "  neighbours(articles/flood.md) → articles/storm.md" in lines


def test_long_answers_are_counted(tmp_path: Path) -> None:
    """Of a long list the first members are named and the others counted."""
    many = {f"n{n:02}.md": article(tags=["x"], date=f"2024-10-{n + 1:02}") for n in range(20)}
    site = make_site(tmp_path, many)
    build_site(site)

    (line,) = (
        line
        for line in why_text(why(site, "/tag/x/")).split("\n")
        if line.startswith("  listing(tag, x, 0)")
    )
    assert line.endswith(f", and {20 - MAX_SHOWN} more")
    assert line.count("articles/") == MAX_SHOWN


def test_programs_get_all_of_it(tmp_path: Path) -> None:
    """The JSON has every question and every member."""
    found = json.loads(why_json(why(paper(tmp_path), "/")))

    assert found.keys() == {"url", "path", "template", "reason", "last_build", "answers"}
    members = dict(found["answers"])["front()"]
    assert members == ["articles/flood.md", "articles/storm.md", "articles/鐘.md"]
