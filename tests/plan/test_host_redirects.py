"""What a host is told of redirects: never to lead away from something that is there."""

from __future__ import annotations

import pytest

from sitegen.config.loading import from_table
from sitegen.index.exchange import exchange
from sitegen.index.published import empty_site
from sitegen.index.site import Site
from sitegen.model.documents import Article, StandalonePage, TermText
from sitegen.plan.host_redirects import redirects
from sitegen.plan.planning import plan
from tests.entries import LATER, NOON, catalogues, entry, source

CONFIG = from_table({"base_url": "https://example.org/", "hosting": {"host": "netlify"}})
TAKEN = [
    "/", "/archive/", "/search/", "/404.html", "/sitemap.xml", "/feed.xml", "/tag/sea/",
    "/tag/sea/feed.xml", "/category/", "/category/other/", "/corrections/", "/2024/", "/2024/11/",
    "/2024/11/04/", "/a/b/", "/about/", "/logo.svg", "/css/theme.css",
]  # fmt: skip
"""Addresses at which the site below has a page, a list, a feed or a file."""


def moved(urls: list[str], *, aliases: list[str] | None = None) -> Site:
    """Return a site one of whose articles was at `urls`."""
    known = [
        entry("a", tags=["sea"], corrected=(NOON,), aliases=aliases or ()),
        entry("b"),
    ]
    empty = empty_site(
        CONFIG,
        {path: source(path) for path in ("static/about/index.html", "static/logo.svg")},
        at=LATER,
        drafts=False,
        catalogues=catalogues({}),
        load_article=lambda teaser, _digest: Article(teaser, body=""),
        load_page=lambda teaser, _digest: StandalonePage(teaser, body=""),
        load_term=lambda teaser, _digest: TermText(teaser, body=""),
        read=lambda _source: b"",
        addresses=dict.fromkeys(urls, known[0].teaser.identity),
    )
    articles = {item.teaser.id: item for item in known}
    return exchange(empty, articles, LATER, articles.get).site


@pytest.mark.parametrize("url", TAKEN)
def test_a_former_address_gives_way_to_what_is_there(url: str) -> None:
    """Neither a page nor a rule of the host leads away from where something is."""
    site = moved([url, "/old/"])

    assert [item.source for item in redirects(site)] == ["/old/"]
    stubs = {page.url for page in plan(site).outputs.values() if page.kind == "redirect"}
    assert url not in stubs


@pytest.mark.parametrize("url", TAKEN)
def test_an_alias_gives_way_to_what_is_there(url: str) -> None:
    """An alias at a taken address is an error; where the build goes on, no rule hides the page."""
    site = moved([], aliases=[url, "/old/"])

    assert [item.source for item in redirects(site)] == ["/old/"]
    assert any("is wanted by" in problem.message for problem in plan(site).problems)


def test_a_former_address_leads_on_where_nothing_is() -> None:
    """An address that nothing has any more leads to where its article is."""
    (item,) = redirects(moved(["/old/"]))

    assert (item.source, item.target) == ("/old/", "/a/a/")
