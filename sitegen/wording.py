"""Dates and plural forms as a language has them, from CLDR by way of Babel."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from functools import lru_cache


@lru_cache(maxsize=16384)
def formatted(wall: datetime, fold: int, zone: tzinfo | None, pattern: str, language: str) -> str:
    """Return what a zone's clocks show, by a CLDR pattern or style name."""
    from babel.dates import format_date, format_datetime  # noqa: PLC0415 - slow to import

    moment = wall.replace(fold=fold, tzinfo=zone)
    if pattern in ("full", "long", "medium", "short"):
        return format_date(moment, pattern, locale=_locale(language))
    return format_datetime(moment, pattern, tzinfo=moment.tzinfo, locale=_locale(language))


@lru_cache(maxsize=1024)
def month(year: int, number: int, language: str) -> str:
    """Return the name of a month with its year: `November 2024`."""
    from babel.dates import format_skeleton  # noqa: PLC0415 - slow to import

    return format_skeleton("yMMMM", date(year, number, 1), locale=_locale(language))


@lru_cache(maxsize=1024)
def plural_form(language: str, count: int) -> str:
    """Return which plural form a language uses for a number: `one`, `few`, `other`."""
    from babel import Locale  # noqa: PLC0415 - slow to import

    return str(Locale.parse(_locale(language)).plural_form(count))


@lru_cache(maxsize=8)
def _locale(language: str) -> str:
    """Return the name of the CLDR locale nearest to a language tag; English if there is none."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to import

    tag = language.replace("-", "_")
    for name in (tag, tag.partition("_")[0]):
        try:
            return str(Locale.parse(name))
        except (UnknownLocaleError, ValueError):
            continue
    return "en"


@lru_cache(maxsize=64)
def language_name(tag: str) -> str:
    """Return the name of a language in that language, or its tag if nobody knows it."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to import

    try:
        return Locale.parse(tag.replace("_", "-"), sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag
