"""Which shards there are: the years of published articles, and the stemmer that pages load."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sitegen.config.loading import from_table
from sitegen.model import moments
from sitegen.model.search_index import SHARD_LIST_PATH, Shard
from sitegen.plan.planning import plan
from sitegen.search.shards import script_language, shard_list, years
from tests.entries import NOON, entry, page_entry, site_of, term_entry


def shard(language: str, articles: int, year: int = 2024, *, stemmed: bool = True) -> Shard:
    """Return a shard."""
    return Shard(f"{year}-{language}/", language, year, articles, "t", stemmed)


def test_years_hold_their_articles_in_order() -> None:
    """Each article is in its year, oldest first; years are those of the site's own clock."""
    dates = {"a": moments.parse("2023-12-31T23:59Z"), "b": NOON, "c": NOON - timedelta(days=3)}
    found = years(site_of(entry(name, date=date) for name, date in dates.items()), "1")

    assert [
        (year.name, [teaser.id[9:10] for teaser, _ in year.articles]) for year in found.values()
    ] == [
        ("2023", ["a"]),
        ("2024", ["c", "b"]),
    ]


def test_a_key_stands_for_a_year() -> None:
    """Another article, another state of one, another way to show dates and another Pagefind."""
    one, two = entry("a"), entry("b", date=NOON - timedelta(days=1461))
    keys = [
        years(site_of([one, two]), "1"),
        years(site_of([one, entry("b2", date=NOON - timedelta(days=1461))]), "1"),
        years(site_of([one._replace(article_digest=b"other"), two]), "1"),
        years(site_of([one, two], config=from_table({"dates": {"medium": "long"}})), "1"),
        years(site_of([one, two], config=from_table({"language": "ja"})), "1"),
        years(site_of([one, two]), "2"),
    ]

    assert keys[1]["2024"] == keys[0]["2024"]
    assert keys[2]["2020"] == keys[0]["2020"]
    assert len({year["2024"].key for year in keys}) == 5
    assert len({year["2020"].key for year in keys}) == 5


def test_a_year_is_another_where_texts_call_its_terms_otherwise() -> None:
    """The names of authors and tags are searched; texts are found beside standalone pages."""
    articles = [entry("a", authors=["ann"]), entry("b", date=NOON - timedelta(days=1461))]
    text = term_entry("author/ann", "Ann Lee")
    before, after = years(site_of(articles), "1"), years(site_of([*articles, text]), "1")
    assert before["2024"].key != after["2024"].key
    assert before["2020"] == after["2020"]
    assert [teaser.url for teaser, _ in after["pages"].articles] == ["/author/ann/"]
    assert "pages" not in years(site_of([*articles, term_entry("tag/sea", noindex=True)]), "1")


def test_articles_that_are_not_to_be_found_are_in_no_year() -> None:
    """With `noindex` an article is not even counted."""
    assert years(site_of([entry("a", noindex=True)]), "1") == {}
    assert years(site_of(), "1") == {}


@pytest.mark.parametrize(
    ("site_language", "shards", "expected"),
    [
        ("en-GB", [shard("en", 1), shard("de", 9)], "en"),
        ("ja", [shard("ja", 9, stemmed=False), shard("en", 1)], "en"),
        ("fr", [shard("en", 2), shard("en", 2, 2023), shard("de", 3)], "en"),
        ("fr", [shard("en", 2), shard("de", 2)], "de"),
        ("ja_JP", [shard("ja", 9, stemmed=False)], "ja"),
    ],
)
def test_pages_load_the_stemmer_that_serves_most(
    site_language: str, shards: list[Shard], expected: str
) -> None:
    """The paper's own language first; then that of most articles, of those that have a stemmer."""
    assert script_language(site_language, shards) == expected


def test_the_list_begins_with_the_newest_year() -> None:
    """A browser may load the shards in the order of the list."""
    shards = [shard("en", 1, 2023), shard("ja", 1), shard("en", 1)]
    listed = json.loads(shard_list("x/pagefind.js", shards, 7))

    assert [item["path"] for item in listed["shards"]] == ["2024-en/", "2024-ja/", "2023-en/"]
    assert (listed["version"], listed["script"]) == (1, "x/pagefind.js")
    assert listed["at_once"] == 7


@pytest.mark.parametrize("url", ["/search/index/2024-en/", "/search/index/shards.json"])
def test_nobody_else_publishes_in_the_folder_of_the_index(url: str) -> None:
    """An article there is a collision, unless there is no index."""
    (problem,) = plan(site_of([entry("a", url=url)])).problems
    assert "is wanted by" in problem.message
    assert "the search index" in problem.message
    without = from_table({"search": {"enabled": False}})
    assert plan(site_of([entry("a", url=url)], config=without)).problems == ()


def test_a_file_is_not_in_the_way_of_the_folder() -> None:
    """A static file that is named like the index's folder is a problem, too."""
    problems = plan(site_of(files=["static/search/index"])).problems

    assert [SHARD_LIST_PATH.rpartition("/")[0] in problem.message for problem in problems] == [True]


def test_pages_are_as_a_year_of_their_own() -> None:
    """After the years and first in the list; another title or order of theirs is another key."""
    pages = [page_entry("b", title="A"), page_entry("a", title="B"), page_entry("c", noindex=True)]
    found = years(site_of([*pages, entry("x")]), "1")
    assert list(found) == ["2024", "pages"]
    assert [teaser.id for teaser, _ in found["pages"].articles] == ["pages/a.md", "pages/b.md"]
    assert [year.number for year in found.values()] == [2024, 0]

    edited = years(site_of([pages[0], page_entry("a", title="C"), entry("x")]), "1")
    assert edited["pages"].key != found["pages"].key
    assert edited["2024"].key == found["2024"].key
    shards = [shard("en", 1), shard("en", 2, 0)]
    listed = json.loads(shard_list("x/pagefind.js", shards, 7))["shards"]
    assert [item["year"] for item in listed] == [0, 2024]
