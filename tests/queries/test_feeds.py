"""What templates are told about feeds. What readers get: tests/render/test_feeds.py."""

from datetime import timedelta

from sitegen.config.loading import from_table
from sitegen.index.feeds import CORRECTIONS, SITE
from sitegen.queries import answer
from tests.entries import NOON, daily, entry, site_of

CONFIG = from_table({"base_url": "https://example.org/", "feeds": {"items": 3}})


def test_an_update_of_an_item_makes_another_feed() -> None:
    """A correction is in no teaser; yet the item that it moves says so, even below a newer one."""
    newest = entry("newest", date=NOON + timedelta(days=1))
    plain = site_of([entry("flood"), newest], config=CONFIG)
    corrected = site_of(
        [entry("flood", corrected=[NOON + timedelta(hours=1)]), newest], config=CONFIG
    )
    before, after = (answer(site, ("feed", SITE, "")) for site in (plain, corrected))

    assert before.value.updated == after.value.updated == newest.teaser.date
    assert before.fingerprint != after.fingerprint


def test_a_feed_has_the_newest() -> None:
    """As many as are configured, the newest first; a term's feed has that term's."""
    articles = [*daily(5, tags=["river"]), entry("other", date=NOON + timedelta(days=9))]
    site = site_of(articles, config=CONFIG)

    def items(*question: str) -> list[str]:
        return [item.title for item in answer(site, ("feed", *question)).value.items]

    assert items(SITE, "") == ["other", "n004", "n003"]
    assert items("tag", "river") == ["n004", "n003", "n002"]
    assert items(CORRECTIONS, "") == []


def test_there_is_no_feed_of_what_is_not_there() -> None:
    """Nor has the feed of the whole site, or of the corrections, one of its parts."""
    site = site_of(daily(1), config=CONFIG)

    for question in (("tag", "sea"), (SITE, "sea"), (CORRECTIONS, "sea")):
        assert answer(site, ("feed", *question)).value is None


def test_a_feed_is_updated_with_its_last_item() -> None:
    """Whichever that is; without any it was never updated."""
    at = NOON + timedelta(days=30)
    site = site_of([entry("old", updated=at), *daily(3)], config=from_table({}))

    assert answer(site, ("feed", SITE, "")).value.updated == at
    assert answer(site_of(config=CONFIG), ("feed", SITE, "")).value.updated is None
