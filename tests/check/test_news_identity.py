"""Google News takes a paper's name and icon from its front page: what is missing is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.check.flow import check
from sitegen.flow.build import Options
from tests.sitefactory import AT, article, make_site, write

NAMED = 'base_url = "https://example.org/"\ntitle = "The Tide"\n'
DATA = '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "T"}]}</script>'


def told(site: Path) -> list[str]:
    """Return the places and first words of the findings of this rule."""
    findings = check(site, Options(at=AT)).findings
    return [
        f"{item.location} {item.message[:26]}" for item in findings if item.rule == "news-identity"
    ]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site with the theme."""
    return make_site(tmp_path / "site", {"a.md": article()}, config=NAMED)


def test_the_theme_has_what_is_needed(site: Path) -> None:
    """With a title nothing is missing; without one the paper is called "News"."""
    assert told(site) == []
    write(site, {"sitegen.toml": NAMED.replace("title", "description")})
    assert told(site) == ['sitegen.toml the paper is called "News"']
    write(site, {"sitegen.toml": 'description = "A paper"\n'})
    assert told(site) == []  # It has no address, and so no sitemap of news.


@pytest.mark.parametrize(
    ("head", "missing"),
    [
        ("", ["name", "icon"]),
        (DATA, ["icon"]),
        ('<link rel="shortcut icon" href="/a.png">', ["name"]),
        (f'{DATA}<link rel=icon href="/a.png">', []),
        ('<script type="application/ld+json">{</script>', ["name", "icon"]),
    ],
)
def test_a_front_page_of_ones_own_may_lack_both(site: Path, head: str, missing: list[str]) -> None:
    """The name is read from `WebSite` data, wherever it stands in them; the icon from a link."""
    write(site, {"templates/front.html": f"<!doctype html><title>T</title>{head}"})
    words = {
        "name": "output/index.html the front page does not te",
        "icon": "output/index.html the front page has no icon",
    }
    assert told(site) == sorted(words[name] for name in missing)


def test_an_icon_may_be_a_file(site: Path) -> None:
    """Browsers and Google look for `favicon.ico` by themselves."""
    write(
        site,
        {
            "templates/front.html": f"<!doctype html><title>T</title>{DATA}",
            "static/favicon.ico": "x",
        },
    )
    assert told(site) == []
