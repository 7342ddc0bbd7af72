"""Points in time: one type, which orders by what came first and remembers whose clocks show it.

Python compares two datetimes of one zone by their wall clocks: of two articles in the hour that
comes twice in autumn, the later one may come out as the earlier. A `Moment` is compared as the
instant that it is. What its zone's clocks show is worked out when somebody asks.

Templates hold moments. So the type has only what docs/templates.md promises to them, and nothing
that reads a clock or the machine's own zone; for all else there are the functions of this module.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal, overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct
from msgspec.structs import force_setattr

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 24 * 60 * 60 * 1_000_000
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND


class Moment(Struct, frozen=True, eq=False, array_like=True, gc=False):
    """A point in time, as the clocks of a zone show it.

    Equal, less and greater say which instant comes first, whatever the zones are. Two moments have
    a `timedelta` between them, and a moment plus a `timedelta` is that much later, however often
    the clocks are changed meanwhile. Raises `ValueError` for a zone that nobody knows, or a point
    in time outside the years 1 to 9999.
    """

    instant: int
    """Microseconds since the beginning of 1970, UTC."""
    zone: str
    """The IANA name of a time zone, or an offset: `Europe/London`, `+09:00`."""

    def __post_init__(self) -> None:
        # One text for the zone of a hundred thousand articles, wherever they come from.
        force_setattr(self, "zone", _known(self.zone))
        if not _FIRST <= self.instant <= _LAST:
            raise ValueError("a moment outside the years 1 to 9999")

    def __eq__(self, other: object) -> bool:
        if type(other) is not Moment:
            return NotImplemented
        return self.instant == other.instant

    # msgspec's own goes by identity.
    def __ne__(self, other: object) -> bool:
        if type(other) is not Moment:
            return NotImplemented
        return self.instant != other.instant

    def __hash__(self) -> int:
        return hash(self.instant)

    def __lt__(self, other: Moment) -> bool:
        if type(other) is not Moment:
            return NotImplemented
        return self.instant < other.instant

    def __le__(self, other: Moment) -> bool:
        if type(other) is not Moment:
            return NotImplemented
        return self.instant <= other.instant

    def __gt__(self, other: Moment) -> bool:
        if type(other) is not Moment:
            return NotImplemented
        return self.instant > other.instant

    def __ge__(self, other: Moment) -> bool:
        if type(other) is not Moment:
            return NotImplemented
        return self.instant >= other.instant

    def __add__(self, time: timedelta) -> Moment:
        if not isinstance(time, timedelta):
            return NotImplemented
        # There is no moment after the last one: what never ends is not wrong for that.
        instant = self.instant + time // _MICROSECOND
        return Moment(min(max(instant, _FIRST), _LAST), self.zone)

    @overload
    def __sub__(self, other: Moment) -> timedelta: ...

    @overload
    def __sub__(self, other: timedelta) -> Moment: ...

    def __sub__(self, other: Moment | timedelta) -> timedelta | Moment:
        if isinstance(other, Moment):
            return timedelta(microseconds=self.instant - other.instant)
        return self + -other

    def __str__(self) -> str:
        return iso(self, separator=" ")

    def __repr__(self) -> str:
        """Return a text that says everything: it is fingerprinted, and `parse` reads it."""
        return f"Moment('{iso(self)}[{self.zone}]')"

    @property
    def year(self) -> int:
        """The year that the zone's calendar shows."""
        return _shown(self).year

    @property
    def month(self) -> int:
        """The month, 1 to 12."""
        return _shown(self).month

    @property
    def day(self) -> int:
        """The day of the month."""
        return _shown(self).day

    @property
    def hour(self) -> int:
        """The hour that the zone's clocks show, 0 to 23."""
        return _shown(self).hour

    @property
    def minute(self) -> int:
        """The minute."""
        return _shown(self).minute

    @property
    def second(self) -> int:
        """The second."""
        return _shown(self).second


def of(time: datetime, zone: str | None = None) -> Moment:
    """Return the moment of a datetime that knows its zone; `zone` shows it on other clocks.

    Raises `ValueError` for a datetime without a zone.
    """
    offset = time.utcoffset()
    if offset is None:
        raise ValueError("a time without a zone is no moment")
    return Moment((time - _EPOCH) // _MICROSECOND, zone or _name(time.tzinfo, offset))


def parse(text: str) -> Moment:
    """Return the moment of a text in ISO 8601 with an offset, and perhaps a zone (RFC 9557).

    `2024-11-04T21:54:00+00:00[Europe/London]`. Raises `ValueError` for any other text.
    """
    time, bracket, rest = text.partition("[")
    if bracket and not rest.endswith("]"):
        raise ValueError(f'"{text}" has no end')
    return of(datetime.fromisoformat(time), rest[:-1] or None)


def in_zone(moment: Moment, zone: str) -> Moment:
    """Return the same instant on the clocks of a zone; `ValueError` if nobody knows it."""
    return moment if moment.zone == zone else Moment(moment.instant, zone)


def local(moment: Moment) -> datetime:
    """Return what the zone's calendar and clocks show, with the offset of that moment from UTC."""
    shown = _shown(moment)
    return shown.replace(tzinfo=_fixed(shown.utcoffset() or timedelta()), fold=0)


def calendar_day(moment: Moment) -> tuple[int, int, int]:
    """Return year, month and day that the zone's calendar shows."""
    shown = _shown(moment)
    return (shown.year, shown.month, shown.day)


def first_instant(day: date) -> int:
    """Return an instant that is before all moments which some zone shows as this day."""
    return (day.toordinal() - _EPOCH.toordinal() - 1) * _DAY


def last_instant(day: date) -> int:
    """Return an instant that is after all moments which some zone shows as this day."""
    return (day.toordinal() - _EPOCH.toordinal() + 2) * _DAY


def iso(
    moment: Moment, precision: Literal["auto", "seconds"] = "auto", separator: str = "T"
) -> str:
    """Return the moment as ISO 8601, with the offset from UTC: `2024-11-04T21:54:00+00:00`.

    `auto` are seconds, with a fraction where there is one.
    """
    return _shown(moment).isoformat(separator, precision)


def writable(moment: Moment) -> Moment:
    """Return the moment with an offset that RFC 3339, HTML and RFC 822 can write: whole minutes.

    Before there were time zones, clocks went by the sun: in Tokyo 9 hours, 18 minutes, 59 seconds;
    in Monrovia until 1972.
    """
    offset = _shown(moment).utcoffset()
    return in_zone(moment, "UTC") if offset is None or offset.seconds % 60 else moment


def rfc3339(moment: Moment, precision: Literal["auto", "seconds"] = "seconds") -> str:
    """Return the moment for machines, `2024-11-04T21:54:00+00:00`: see `writable`."""
    text = iso(moment, "seconds")
    if precision == "seconds" and len(text) == _LONGEST:
        return text
    return iso(writable(moment), precision)


_LONGEST = len("2024-11-04T21:54:00+00:00")
"""What is longer has an offset with seconds."""


def clock_time(moment: Moment) -> str:
    """Return what the clocks and calendar show, to the minute: `2024-11-04 21:54`."""
    return _shown(moment).isoformat(" ", "minutes")[:16]  # `%Y` has no zeros before the year 871


def written(moment: Moment) -> str:
    """Return the moment as people write it in front matter: `2024-11-04 21:54`.

    The second time that the clocks show it in autumn, it has its offset: by itself it would mean
    the first.
    """
    if not _shown(moment).fold:
        return clock_time(moment)
    exact = writable(moment)
    return f"{clock_time(exact)} {iso(exact)[-6:]}"


def abbreviation(moment: Moment) -> str:
    """Return what people call the time of the moment: `GMT`, `BST`; `+03` where nothing else."""
    return _shown(moment).tzname() or ""


def zone_of(name: str) -> tzinfo:
    """Return the time zone of an IANA name, or of an offset such as `+09:00`.

    Raises `ValueError` if there is no such zone.
    """
    return _clock(name).tzinfo or UTC


def _shown(moment: Moment) -> datetime:
    """Return what clocks and calendar show; only for what does not compare or calculate."""
    return _shown_at(moment.instant, moment.zone)


@lru_cache(maxsize=4096)
def _shown_at(instant: int, zone: str) -> datetime:
    # A page shows the moments of its neighbours, which other pages show, too.
    clock = _clock(zone)
    utc = clock + timedelta(0, 0, instant)
    try:
        return utc.tzinfo.fromutc(utc)  # type: ignore[union-attr]  # `_clock` has given it one
    except OverflowError:  # the first or last hours of all, in a zone that is beyond them
        return utc.replace(tzinfo=UTC)


@lru_cache(maxsize=1024)
def _clock(name: str) -> datetime:
    """Return the beginning of 1970 in UTC, which says that it is of the zone: for `fromutc`."""
    try:
        zone = (
            ZoneInfo(name) if name[:1] not in ("+", "-") else datetime.strptime(name, "%z").tzinfo
        )
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'there is no time zone "{name}"') from None
    return _EPOCH.replace(tzinfo=zone)


@lru_cache(maxsize=1024)
def _known(name: str) -> str:
    _clock(name)
    return name


@lru_cache(maxsize=1024)
def _fixed(offset: timedelta) -> timezone:
    return timezone(offset)


def _name(zone: tzinfo | None, offset: timedelta) -> str:
    """Return the name of a zone, or its offset if it has no name of its own."""
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone.key
    if not offset:
        return "UTC"
    return _EPOCH.replace(tzinfo=_fixed(offset)).isoformat()[19:]
