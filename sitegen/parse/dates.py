"""Dates as editors and other generators write them, read in the newsroom's time zone."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone
from typing import NoReturn
from zoneinfo import ZoneInfo

from sitegen.model import moments
from sitegen.model.moments import Moment

EXAMPLE = "2024-11-04 21:54"

_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:\s*([AaPp])\.?[Mm]\.?)?"
_ZONE = r"(Z|z|[A-Za-z]{2,5}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)"
_REST = rf"(?:(?:[Tt]|,?\s+|\s+at\s+){_CLOCK}(?:\s*{_ZONE})?)?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_REST}", re.ASCII)
_WORDS = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,?\s+)?"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?|([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?)"
    rf"\s+(\d{{4}}){_REST}",
    re.ASCII,
)
_TIME_ONLY = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "jst": 9,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""In hours from UTC: RFC 5322's own names, and Japan's. Other abbreviations are ambiguous."""

_LAST_OFFSET = timedelta(hours=24)


class InvalidDateError(ValueError):
    """A text that is no point in time: `reason` for the message, `hint` for mending it."""

    def __init__(self, reason: str, hint: str = f"write it as {EXAMPLE}") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def parse_date(text: str, zone: ZoneInfo) -> Moment:
    """Return the point in time that `text` says, in `zone`; raise `InvalidDateError`.

    Takes ISO 8601 and what is near to it (`2024-11-04`, `2016-1-29`, `2024/11/04 21:54`,
    `2013-11-22 05:00:00 +0000`, `2016-10-08T18:16:37.000Z`) and the texts of mails and blogs
    (`Mon, 04 Nov 2024 21:54:00 +0900`, `Nov 4, 2024`). Without a time it is midnight, without a
    zone the newsroom's time. A local time that the clocks skip is moved on by what they skip;
    of one that comes twice the first is meant.
    """
    if found := _ISO.fullmatch(text):
        year, month, day, rest = found[1], int(found[3]), int(found[4]), found.groups()[4:]
    elif found := _WORDS.fullmatch(text):
        year, rest = found[5], found.groups()[5:]
        month = _month(found[2] or found[3])
        day = int(found[1] or found[4])
    else:
        _refuse(text)
    hour, minute, second, fraction, half, offset = rest
    return _in_zone(
        _local(int(year), month, day, _clock(hour, minute, second, half), fraction),
        offset,
        zone,
    )


def midnight(year: str, month: str, date: str, zone: ZoneInfo) -> Moment:
    """Return the midnight that begins a day in `zone`. Raises `InvalidDateError`."""
    return _in_zone(_local(int(year), int(month), int(date), (0, 0, 0), None), None, zone)


def _refuse(text: str) -> NoReturn:
    if _TIME_ONLY.fullmatch(text):
        raise InvalidDateError("a time needs a date")
    if not text:
        raise InvalidDateError("it is empty")
    raise InvalidDateError(f'"{text}" cannot be read as a date')


def _month(name: str) -> int:
    key = name[:3].lower()
    known = key in _MONTHS and _MONTH_NAMES[_MONTHS.index(key)].lower().startswith(name.lower())
    if known or name.lower() == "sept":
        return _MONTHS.index(key) + 1
    raise InvalidDateError(f'"{name}" is not a month')


def _clock(
    hour: str | None, minute: str | None, second: str | None, half: str | None
) -> tuple[int, int, int]:
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    if half:
        if not 1 <= hours <= 12:  # noqa: PLR2004 (the hours of a clock's face)
            raise InvalidDateError(f"there is no hour {hours} {half.lower()}m")
        hours = hours % 12 + (12 if half in "Pp" else 0)
    return hours, minutes, seconds


def _local(
    year: int, month: int, day: int, clock: tuple[int, int, int], fraction: str | None
) -> datetime:
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        return datetime(year, month, day, *clock, microsecond)  # noqa: DTZ001 (its zone comes next)
    except ValueError:
        raise InvalidDateError(_impossible(year, month, day, clock)) from None


def _impossible(year: int, month: int, day: int, clock: tuple[int, int, int]) -> str:
    if year < 1:
        return "there is no year 0"
    if not 1 <= month <= 12:  # noqa: PLR2004 (months)
        return f"there is no month {month}"
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        return f"{_MONTH_NAMES[month - 1]} {year} has {last} days, not {day}"
    hour, minute, second = clock
    return f"there is no time {hour}:{minute:02}" + (f":{second:02}" if second else "")


def _in_zone(local: datetime, offset: str | None, zone: ZoneInfo) -> Moment:
    try:
        aware = local.replace(tzinfo=_offset(offset) if offset else zone)
        return moments.of(aware.astimezone(UTC).astimezone(zone))
    except OverflowError:
        raise InvalidDateError(f"the year {local.year} is out of range") from None


def _offset(text: str) -> timezone:
    name = text.lower()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    sign = -1 if "-" in name else 1
    digits = re.sub(r"[^0-9:]", "", name)
    if not digits:
        raise InvalidDateError(f'unknown time zone "{text}"', f"write the offset: {EXAMPLE} +0900")
    hours, minutes = digits.split(":") if ":" in digits else (digits[:-2], digits[-2:])
    if len(digits) <= 2:  # noqa: PLR2004 (+9, +09)
        hours, minutes = digits, "0"
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes))
    if offset >= _LAST_OFFSET or int(minutes) > 59:  # noqa: PLR2004 (minutes)
        raise InvalidDateError(
            f'"{text}" is not an offset from UTC', f"for instance {EXAMPLE} +0900"
        )
    return timezone(sign * offset)
