"""What templates are told about the archives by year, month and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sitegen.cache.trace import Answer, fingerprint
from sitegen.index.site import Site
from sitegen.model.answers import Around, Period
from sitegen.queries.answering import Answering, list_answer


def _years(site: Site) -> Answer:
    # Without counts: what lists the years must not change with every publication.
    return _periods_answer(tuple(replace(year, count=0) for year in site.inside(0, 0)))


def _months(site: Site, year: int) -> Answer:
    return _periods_answer(site.inside(year, 0))


def _days(site: Site, year: int, month: int) -> Answer:
    return _periods_answer(site.inside(year, month))


def _on_day(site: Site, year: int, month: int, day: int) -> Answer:
    return list_answer(tuple(reversed(site.on_day(year, month, day))))


def _around(site: Site, year: int, month: int, day: int) -> Answer:
    before, after = site.beside.get((year, month, day), (None, None))
    # Counts stay out: a neighbour's page must not follow every article of its neighbour.
    value = Around(
        replace(site.period(*before), count=0) if before else None,
        replace(site.period(*after), count=0) if after else None,
    )
    return Answer(value, fingerprint(value), tuple(str(key) for key in (before, after)))


def _periods_answer(periods: tuple[Period, ...]) -> Answer:
    members = tuple(f"{period.url} {period.count}" for period in periods)
    return Answer(periods, fingerprint(periods), members)


ANSWERS: Mapping[str, Answering] = {
    "years": _years,
    "months": _months,
    "days": _days,
    "on_day": _on_day,
    "around": _around,
}
"""The kinds of question that are answered here."""
