"""Links that lead nowhere, and those that only seem so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sitegen.config.loading import from_table
from sitegen.index.links import broken_links
from sitegen.index.site import Site
from sitegen.model.errors import Location, Problem
from sitegen.plan.planning import plan
from tests.entries import NOON, entry, site_of

HOUR = timedelta(hours=1)


def broken(site: Site) -> list[Problem]:
    """Return what is wrong with the links of a site."""
    found = broken_links(site, plan(site).publishes, site.ordered)
    return [problem for problems in found.values() for problem in problems]


def links(*targets: str, config: str = "warn") -> list[Problem]:
    """Return the problems of an article that links to `targets`, in a small site."""
    site = site_of(
        [
            entry("2024/a", links=targets),
            entry("2024/b", url="/there/"),
            entry("2024/secret", draft=True),
        ],
        ["articles/2024/photo.jpg", "static/map.svg"],
        config=from_table({"links": {"broken": config}}),
    )
    return broken(site)


@pytest.mark.parametrize(
    "target",
    [
        "b.md",
        "b.md#part",
        "photo.jpg",
        "../../static/map.svg",
        "/static/map.svg",
        "/map.svg",
        "/there/",
        "/there",
        "/there/?a=b#c",
        "/",
        "/search/",
        "/category/other/",
    ],
)
def test_a_link_that_leads_somewhere_is_fine(target: str) -> None:
    """Articles, files and every planned page can be linked, by file or by URL."""
    assert links(target) == []


@pytest.mark.parametrize("target", ["c.md", "gone.jpg", "/nowhere/", "../2023/", "./"])
def test_a_link_that_leads_nowhere_is_told_with_its_line(target: str) -> None:
    """A broken link is a warning at the line where it is written."""
    (problem,) = links(target)

    assert problem.message == f'the link "{target}" leads nowhere'
    assert problem.location == Location("articles/2024/a.md", 5)
    assert not problem.is_error


def test_broken_links_can_be_errors() -> None:
    """`[links] broken = "error"` stops the build."""
    (problem,) = links("gone.md", config="error")

    assert problem.is_error


def test_a_link_out_of_the_site_says_so() -> None:
    """A link that climbs out of the site folder gets that as its hint."""
    (problem,) = links("../../../etc/passwd")

    assert problem.hint == "the path leads out of the site folder"


def test_a_link_to_a_draft_is_told_apart() -> None:
    """A link to an unpublished article is left out, and never more than a warning."""
    (problem,) = links("secret.md", config="error")

    assert problem.message == '"secret.md" is not published; the link was left out'
    assert not problem.is_error


def test_a_missing_picture_is_told() -> None:
    """The lead image's file must be there."""
    site = site_of([entry("a", image="gone.jpg")])

    (problem,) = broken(site)
    assert problem.message == 'the image "gone.jpg" leads nowhere'
    assert problem.location == Location("articles/a.md", 3)


@pytest.mark.parametrize(
    "target", ["gone.md", "/2024/11/04/b/", "../../../etc/passwd", "photo.jpg"]
)
def test_a_related_article_that_is_not_there_is_told(target: str) -> None:
    """`related:` names article files; anything else would be passed over in silence."""
    made = entry("a", related=[target])
    site = site_of([made, entry("b")])

    (problem,) = broken(site)
    assert problem.message == f'the related article "{target}" leads nowhere'
    assert problem.hint


def test_a_related_article_may_not_be_published_yet() -> None:
    """An editor may name an article that will appear later, or is over: nothing is wrong."""
    made = entry("a", related=["later.md", "b.md"])
    later = entry("later", date=NOON + HOUR)
    site = site_of([made, entry("b"), later])

    assert broken(site) == []
