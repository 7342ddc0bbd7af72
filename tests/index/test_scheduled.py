"""What happens at the next moment at which a site changes by itself."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given

from sitegen.config.loading import from_table
from sitegen.index.scheduled import changes_of, first_changes, next_changes
from sitegen.model.documents import Entry
from sitegen.model.moments import Moment
from tests.entries import NOON, entry, site_of
from tests.index.test_published import HOUR, MOMENTS, papers

NEWS = from_table({"base_url": "https://example.org/"})


@given(entries=papers(), at=MOMENTS)
def test_it_is_what_becomes_different(entries: list[Entry], at: Moment) -> None:
    """What appears is published at the moment and was not before; what expires the reverse."""
    site = site_of(entries, at=at)
    found = next_changes(site)

    assert {change.at for change in found} == ({site.next_change} if site.next_change else set())
    if site.next_change is None:
        return
    then = site_of(entries, at=site.next_change)
    appear = {change.teaser.id for change in found if change.kind == "appears"}
    expire = {change.teaser.id for change in found if change.kind == "expires"}
    assert appear == then.entries.keys() - site.entries.keys()
    assert expire == site.entries.keys() - then.entries.keys()


@given(entries=papers(), at=MOMENTS)
def test_a_build_and_the_articles_alone_say_the_same(entries: list[Entry], at: Moment) -> None:
    """`sitegen next`, which builds nothing, lists what the report of a build names."""
    site = site_of(entries, config=NEWS, at=at)

    alone = first_changes(change for item in entries for change in changes_of(item, NEWS, at))
    assert alone == next_changes(site)


def test_news_grow_old() -> None:
    """Two days after its date an article leaves the news sitemap, if it was in it."""
    old = entry("flood", date=NOON)
    hidden = entry("rain", date=NOON, draft=True)
    (change,) = next_changes(site_of([old, hidden], config=NEWS, at=NOON + HOUR))

    assert (change.at, change.kind, change.teaser.id) == (
        NOON + timedelta(days=2),
        "leaves_news",
        old.teaser.id,
    )
    assert next_changes(site_of([old], at=NOON + HOUR)) == ()
