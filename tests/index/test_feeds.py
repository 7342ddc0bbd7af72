"""Which feeds there are. What stands in them: tests/render/test_feeds.py."""

import pytest

from sitegen.config.loading import from_table
from sitegen.index.feeds import CORRECTIONS, SITE, comments_feed, feed_pages

ADDRESS = {"base_url": "https://example.org/"}
RECEIVER = {"responses": {"receiver": "https://respond.example.org/"}}


@pytest.mark.parametrize(
    ("table", "is_there"),
    [
        (ADDRESS | RECEIVER | {"feeds": {"formats": ["json", "atom"]}}, True),
        (ADDRESS | RECEIVER | {"feeds": {"formats": ["rss", "json"]}}, False),
        (ADDRESS | {"feeds": {"formats": ["atom"]}}, False),
        (RECEIVER | {"feeds": {"formats": ["atom"]}}, False),
    ],
    ids=["all", "no-atom", "no-receiver", "no-address"],
)
def test_comments_have_a_feed_where_they_can_be_read(
    table: dict[str, object], *, is_there: bool
) -> None:
    """It is an Atom feed: a site that wants none of those, or no comments, has none."""
    found = (("comments_feed", "/comments/feed.xml"),) if is_there else ()
    assert comments_feed(from_table(table)) == found


def test_each_list_has_the_feeds_that_are_configured_for_it() -> None:
    """In the order of preference, each once; corrections have those of the whole site."""
    feeds = {
        "formats": ["json", "atom", "json"],
        "categories": ["rss"],
        "tags": ["atom"],
        "authors": [],
    }
    config = from_table(ADDRESS | {"feeds": feeds})

    assert feed_pages(config, SITE, "/") == [("json_feed", "/feed.json"), ("atom", "/feed.xml")]
    assert [kind for kind, _ in feed_pages(config, CORRECTIONS, "/c/")] == ["json_feed", "atom"]
    assert feed_pages(config, "category", "/world/") == [("rss", "/world/rss.xml")]
    assert feed_pages(config, "tag", "/tag/a.html") == [("atom", "/tag/a/feed.xml")]
    assert feed_pages(config, "author", "/author/ann/") == []
    assert feed_pages(from_table({"feeds": feeds}), SITE, "/") == []
