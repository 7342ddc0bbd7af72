"""What templates are told about the archives by year, month and day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from sitegen.cache.trace import Answer, Question, fingerprint
from sitegen.index.change import Change
from sitegen.index.published import period_keys
from sitegen.index.site import Site
from sitegen.model import moments
from sitegen.model.answers import AdjacentPeriods, Period
from sitegen.queries.answering import list_answer
from sitegen.queries.kinds import OWN, SHARED, TEASERS, Function, question
from sitegen.queries.lists import LISTS

Key = tuple[int, int, int]


def _months_affected(_site: Site, change: Change) -> Iterator[Question]:
    for entry in change.entries:
        yield ("months", entry.teaser.date.year)
        yield ("months", 0)  # a template may ask for the months of no year: the years


def _days_affected(_site: Site, change: Change) -> Iterator[Question]:
    for entry in change.entries:
        year, month, _ = moments.calendar_day(entry.teaser.date)
        # A template may ask for the days of no month: the months, or the years, with their counts.
        yield from (("days", year, month), ("days", year, 0), ("days", 0, 0))


def _on_day_affected(_site: Site, change: Change) -> Iterator[Question]:
    for entry in change.entries:
        yield ("on_day", *moments.calendar_day(entry.teaser.date))


def _around_affected(site: Site, change: Change) -> Iterator[Question]:
    grains: tuple[list[Key], list[Key], list[Key]] = ([], [], [])
    for key in site.periods:
        grains[0 if not key[1] else 1 if not key[2] else 2].append(key)
    for entry in change.entries:
        for key, grain in zip(period_keys(entry), grains, strict=True):
            yield ("around", *key)
            place = bisect_left(grain, key)
            for other in grain[max(0, place - 1) : place + 2]:
                yield ("around", *other)


@question(
    "years",
    scope=SHARED,
    reads=(TEASERS, "home"),
    function=Function(
        LISTS,
        "the years of the archive as [periods](#period), newest first; `.count` is 0",
        "with the first article of a year",
    ),
)
def years(site: Site) -> Answer:
    """The years of the archive, newest first."""
    # Without counts: what lists the years must not change with every publication.
    return _periods_answer(tuple(replace(year, count=0) for year in site.inside(0, 0)))


@question(
    "months",
    scope=OWN,
    reads=(TEASERS, "home"),
    affected=_months_affected,
    function=Function(
        LISTS, "the months of a year that have articles", "with every publication in that year"
    ),
)
def months(site: Site, year: int) -> Answer:
    """The months of a year that have articles."""
    return _periods_answer(site.inside(year, 0))


@question(
    "days",
    scope=OWN,
    reads=(TEASERS, "home"),
    affected=_days_affected,
    function=Function(
        LISTS, "the days of a month that have articles", "with every publication in that month"
    ),
)
def days(site: Site, year: int, month: int) -> Answer:
    """The days of a month that have articles."""
    return _periods_answer(site.inside(year, month))


@question(
    "on_day",
    scope=OWN,
    reads=(TEASERS,),
    affected=_on_day_affected,
    function=Function(
        LISTS, "teasers of a day, newest first", "with every publication on that day"
    ),
)
def on_day(site: Site, year: int, month: int, day: int) -> Answer:
    """The articles of a day, newest first."""
    return list_answer(tuple(reversed(site.on_day(year, month, day))))


@question(
    "around",
    scope=OWN,
    reads=(TEASERS, "home"),
    affected=_around_affected,
    function=Function(
        LISTS,
        "`.previous` and `.next` period of the same kind; `.count` is 0",
        "when such a period gets its first article",
    ),
)
def around(site: Site, year: int, month: int = 0, day: int = 0) -> Answer:
    """The periods before and after a year, month or day."""
    before, after = site.beside.get((year, month, day), (None, None))
    # Counts stay out: a neighbour's page must not follow every article of its neighbour.
    value = AdjacentPeriods(
        replace(site.period(*before), count=0) if before else None,
        replace(site.period(*after), count=0) if after else None,
    )
    return Answer(value, fingerprint(value), tuple(str(key) for key in (before, after)))


def _periods_answer(periods: tuple[Period, ...]) -> Answer:
    members = tuple(f"{period.url} {period.count}" for period in periods)
    return Answer(periods, fingerprint(periods), members)
