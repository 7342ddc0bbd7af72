"""One model of redirects: pages that lead on everywhere, and problems where they cannot."""

from pathlib import Path
from typing import Any

import pytest

from sitegen.index.redirects import Redirect, for_hosts
from sitegen.model.errors import SitegenError, headline
from tests.sitefactory import article, build_site, make_site, pages

FLOOD = "/2024/11/04/flood/"


def told(folder: Path, redirects: str, **head: Any) -> list[str]:
    """Return the problems of a site with an article and these redirects, its errors or warnings."""
    site = make_site(folder, {"flood.md": article(**head)}, config=f"[redirects]\n{redirects}")
    try:
        return [headline(problem) for problem in build_site(site).problems]
    except SitegenError as error:
        return [headline(problem) for problem in error.problems]


def test_a_configured_redirect_is_a_page_that_leads_on(tmp_path: Path) -> None:
    """To a page of the site, below its base path, or to another site as it is written."""
    config = f"""
        base_url = "https://example.org/news/"
        [redirects]
        "/old/" = "{FLOOD}?a=b#levels"
        "/shop" = "https://shop.example.com/x?y=1&z=2"
    """
    site = make_site(tmp_path, {"flood.md": article()}, config=config)
    assert build_site(site).problems == ()
    found = pages(site)
    assert f'content="0; url=/news{FLOOD}?a=b#levels"' in found["old/index.html"]
    assert f'href="https://example.org/news{FLOOD}?a=b#levels"' in found["old/index.html"]
    assert 'url=https://shop.example.com/x?y=1&amp;z=2"' in found["shop/index.html"]


@pytest.mark.parametrize(
    ("redirects", "problem"),
    [
        (
            '"/a/" = "/b/"\n"/b/" = "/a/"',
            "sitegen.toml:2:1: the redirect of /a/ leads in a circle: /a/ → /b/ → /a/",
        ),
        (
            '\n"/a/" = "/a/"',
            "sitegen.toml:3:1: the redirect of /a/ leads in a circle: /a/ → /a/",
        ),
        (
            f'"/b/" = "{FLOOD}"\n"/a/" = "/b/#x"',
            f"sitegen.toml:3:1: the redirect of /a/ leads to another redirect: /a/ → /b/#x → {FLOOD}",  # noqa: E501 - as it is told
        ),
        (
            '"/a/" = "/was/"',
            f"sitegen.toml:2:1: the redirect of /a/ leads to another redirect: /a/ → /was/ → {FLOOD}",  # noqa: E501 - as it is told
        ),
        (
            '"/a/" = "/nowhere/"',
            "sitegen.toml:2:1: the redirect of /a/ leads to /nowhere/, which is no page",
        ),
        (
            '"/archive/" = "/"',
            "sitegen.toml:2:1: /archive/ is wanted by the redirect of /archive/ and by the page /archive/",  # noqa: E501 - as it is told
        ),
        (
            '"/was/" = "/"',
            "sitegen.toml:2:1: /was/ is wanted by the redirect of /was/ and by an alias of articles/flood.md",  # noqa: E501 - as it is told
        ),
    ],
    ids=["circle", "itself", "chain", "alias", "nowhere", "page", "twice"],
)
def test_what_leads_nowhere_good_is_told(tmp_path: Path, redirects: str, problem: str) -> None:
    """Circles, chains, missing pages, and addresses that a page has, each with its line."""
    assert problem in told(tmp_path, redirects, aliases=["/was/"])


def test_a_pattern_needs_a_host_and_room(tmp_path: Path) -> None:
    """It is a page nowhere; and below it there must be no page, which some hosts would hide."""
    assert told(tmp_path / "a", '"/blog/*" = "/tag/:splat"') == [
        "sitegen.toml:2:1: warning: the redirect of /blog/* needs a host that knows patterns"
    ]
    known = '"/blog/*" = "/tag/:splat"\n[hosting]\nhost = "netlify"'
    assert told(tmp_path / "b", known) == []
    over = '"/2024/*" = "/tag/:splat"\n[hosting]\nhost = "netlify"'
    assert told(tmp_path / "c", over) == [
        "sitegen.toml:2:1: the redirect of /2024/* stands over a page: 2024/11/04/flood/index.html"
    ]


def test_an_alias_that_cannot_be_is_told(tmp_path: Path) -> None:
    """At the article that has it."""
    (problem,) = told(tmp_path, "", aliases=["/.git/x/"])
    assert problem.startswith('articles/flood.md:4:11: "aliases" cannot be "/.git/x/"')


def test_hosts_are_told_the_most_important_first() -> None:
    """Some take only the first ones: configured ones, as they are written, then the newest."""
    found = [
        Redirect("/a/", "/", "", None, is_configured=True),
        Redirect("/b/*", "/", "", None, is_configured=True),
        Redirect("/old/", "/", "", None),
        Redirect("/x//y/", "/", "no address of a page", None, is_configured=True),
        Redirect("/newer/", "/", "", None),
        Redirect("/../", "/", "no address of a page", None),
    ]

    assert [item.source for item in for_hosts(found)] == ["/a/", "/b/*", "/newer/", "/old/"]
