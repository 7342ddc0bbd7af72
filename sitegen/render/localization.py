"""Dates, plural forms and language names from CLDR, by Babel."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from sitegen.index.words import FORMS
from sitegen.model import moments
from sitegen.model.moments import Moment

_QUOTED = re.compile("'[^']*'")
_OF_THE_CLOCK = re.compile("[abBhHkKjJCmsSAzZOvVxX]")
"""Letters of a pattern that stand for the time of day or the zone (UTS #35, part 4)."""


def formatted(moment: Moment, pattern: str, language: str) -> str:
    """Return what the clocks and calendars of a moment's zone show, as a CLDR pattern has it.

    `pattern` may also be the name of a style of dates: `full`, `long`, `medium`, `short`.
    """
    if not _has_time(pattern):
        return _day(date(*moments.calendar_day(moment)), pattern, language)
    from babel.dates import format_datetime  # noqa: PLC0415 - slow to import

    zone: Any = moments.zone_of(moment.zone)
    return format_datetime(moments.local(moment), pattern, zone, locale=_locale(language))


@lru_cache(maxsize=64)
def _has_time(pattern: str) -> bool:
    if pattern in ("full", "long", "medium", "short"):
        return False
    return _OF_THE_CLOCK.search(_QUOTED.sub("", pattern)) is not None


@lru_cache(maxsize=16384)
def _day(day: date, pattern: str, language: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - slow to import

    return format_date(day, pattern, locale=_locale(language))


@lru_cache(maxsize=1024)
def month(year: int, number: int, language: str) -> str:
    """Return the name of a month with its year: `November 2024`."""
    from babel.dates import format_skeleton  # noqa: PLC0415 - slow to import

    return format_skeleton("yMMMM", date(year, number, 1), locale=_locale(language))


@lru_cache(maxsize=1024)
def day(year: int, month: int, number: int, language: str) -> str:
    """Return the name of a day: `4 November 2024`, or as the language orders it."""
    from babel.dates import format_date  # noqa: PLC0415 - slow to import

    return format_date(date(year, month, number), "long", locale=_locale(language))


@lru_cache(maxsize=1024)
def plural_form(language: str, count: int) -> str:
    """Return which plural form a language uses for a number: `one`, `few`, `other`."""
    return str(_locale(language).plural_form(count))


def plural_forms(language: str) -> tuple[str, ...]:
    """Return the plural forms that a language has, in CLDR's order."""
    rules = _locale(language).plural_form.rules
    return tuple(form for form in FORMS if form == "other" or form in rules)


@lru_cache(maxsize=1024)
def counted_number(language: str, count: float) -> str:
    """Return a number as a language writes it: `10,000`, `10.000`."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - slow to import

    return str(format_decimal(count, locale=_locale(language)))


@lru_cache(maxsize=8)
def _locale(language: str) -> Any:
    """Return the CLDR locale nearest to a language tag; English if there is none."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to import

    tag = language.replace("-", "_")
    for name in (tag, tag.partition("_")[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=64)
def language_name(tag: str) -> str:
    """Return the name of a language in that language, or its tag if nobody knows it."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to import

    try:
        return Locale.parse(tag.replace("_", "-"), sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag
