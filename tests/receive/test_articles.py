"""Rules of `sitegen.receive.articles`: which article a URL is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.config.loading import load_config
from sitegen.model.urls import Base
from sitegen.receive.articles import Article, Articles
from tests.receiving import BASE, FLOOD, PAGES, TARGET, article_page, build
from tests.sitefactory import article, build_site, make_site

FOUND = Article("2024-flood", FLOOD, "open", "open")


@pytest.fixture
def articles(tmp_path: Path) -> Articles:
    """The articles of a small built site below `/paper`."""
    build(tmp_path, PAGES)
    return Articles(tmp_path / "output", Base.parse(BASE))


@pytest.mark.parametrize(
    "url",
    [
        TARGET,
        f"{TARGET}#comments",
        TARGET.replace("https", "http"),
        TARGET.replace("news", "NEWS"),
        TARGET[:-1],
        f"{TARGET}index.html",
        TARGET.replace("flood", "fl%6fod"),
        "https://news.example/paper/old/flood/",
    ],
)
def test_a_url_of_an_article_is_known(url: str, articles: Articles) -> None:
    """With a fragment, over http, without the slash, by its former address."""
    found = articles.at(url)
    assert found is not None
    assert found.thread == "2024-flood"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "https://news.example/",
        "https://news.example/paper",
        "https://news.example/paper/",
        "https://news.example/2024/11/04/flood/",
        "https://news.example:8000/paper/2024/11/04/flood/",
        "https://news.example:x/paper/2024/11/04/flood/",
        "https://other.example/paper/2024/11/04/flood/",
        "https://news.example@other.example/paper/2024/11/04/flood/",
        "https://news.example/paper/2024/11/04/flood/?a=b",
        "https://news.example/paper/2024/11/04/../04/flood/",
        "https://news.example/paper/%2e%2e/output/2024/11/04/flood/",
        "https://news.example/paper/2024/11/04/flood%2f",
        "https://news.example/paper/2024/11/04/Flood/",
        "https://news.example/paper/.sitegen-manifest",
        "https://[news.example/paper/",
        "ftp://news.example/paper/2024/11/04/flood/",
    ],
)
def test_anything_else_is_no_article(url: str, articles: Articles) -> None:
    """Other hosts and ports, other paths, ways out of the folder, pages of another kind."""
    assert articles.at(url) is None


def test_the_base_path_is_left_out_in_forms(articles: Articles) -> None:
    """A form names its page as the templates do."""
    assert articles.below(FLOOD) == FOUND
    assert articles.below("/paper" + FLOOD) is None


def test_a_page_that_nobody_built_is_not_read(articles: Articles, tmp_path: Path) -> None:
    """Only what the manifest names is a page of the site."""
    stray = tmp_path / "output" / "stray.html"
    stray.write_text(article_page("stray"), "utf-8")
    assert articles.below("/stray.html") is None


def test_former_addresses_in_a_circle_lead_nowhere(tmp_path: Path) -> None:
    """Each page names the other: after a few steps that is enough."""
    pages = {
        f"{one}/index.html": f'<link rel="canonical" href="https://news.example/{other}/">'
        for one, other in (("a", "b"), ("b", "a"))
    }
    build(tmp_path, pages)
    assert Articles(tmp_path / "output", Base.parse("https://news.example/")).below("/a/") is None


def test_what_the_next_build_says_counts(articles: Articles, tmp_path: Path) -> None:
    """An article that is closed or gone with a build is so here, without starting anew."""
    assert articles.below(FLOOD) == FOUND
    page = "2024/11/04/flood/index.html"
    build(tmp_path, {**PAGES, page: article_page("2024-flood", "closed", "hidden")})
    assert articles.below(FLOOD) == FOUND._replace(comments="closed", trackbacks="hidden")
    build(tmp_path, {name: text for name, text in PAGES.items() if name != page})
    assert articles.below(FLOOD) is None


def test_the_pages_of_the_theme_say_it(tmp_path: Path) -> None:
    """A site that was built with the theme is understood: open, closed, not yet published."""
    site = make_site(
        tmp_path,
        {
            "open.md": article("Open", aliases=["/old/open/"]),
            "shut.md": article("Shut", comments="closed", trackbacks="closed"),
            "later.md": article("Later", date="2030-01-01"),
            "潮.md": article("高潮", slug="高潮"),
        },
        config='base_url = "https://news.example/"\n'
        '[responses]\nreceiver = "https://respond.example/"',
    )
    build_site(site)
    articles = Articles(site / "output", Base.parse(load_config(site).base_url))
    found = articles.below("/2024/11/04/open/")
    assert found is not None
    assert (found.comments, found.trackbacks) == ("open", "open")
    assert articles.below("/old/open/") == found
    shut = articles.at("https://news.example/2024/11/04/shut/")
    assert shut is not None
    assert (shut.comments, shut.trackbacks) == ("closed", "closed")
    assert articles.below("/2030/01/01/later/") is None
    japanese = articles.below("/2024/11/04/高潮/")
    assert japanese is not None
    assert japanese.url == "/2024/11/04/高潮/"
    assert articles.at("https://news.example/2024/11/04/%E9%AB%98%E6%BD%AE/") == japanese
