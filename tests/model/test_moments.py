"""Points in time: in the order in which they come, in every zone, through every text and copy."""

import copy
import pickle
import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.cache.encoding import Encoding
from sitegen.cache.trace import fingerprint
from sitegen.model import moments
from sitegen.model.moments import Moment

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONDON = "Europe/London"

NAMES = st.sampled_from(sorted(available_timezones() - {"localtime"}))
OFFSETS = st.integers(-86_399, 86_399).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=timezone(timedelta(seconds=seconds))).isoformat()[
        19:
    ]
)
ZONES = NAMES | OFFSETS
INSTANTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)).map(  # noqa: DTZ001 - UTC comes next
    lambda time: (time.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
)
RECENT = st.integers(1_700_000_000_000_000, 1_740_000_000_000_000)
"""Instants that are near to each other: some of them are equal, and many of the same day."""
MOMENTS = st.builds(Moment, INSTANTS | RECENT, ZONES)

FIRST = moments.parse("2024-10-27T01:30+01:00[Europe/London]")
SECOND = moments.parse("2024-10-27T01:30+00:00[Europe/London]")
"""The two moments at which the clocks of London showed 01:30 on that day."""

SEALED = Encoding[Moment](Moment)


# --- Order


@given(MOMENTS, MOMENTS)
@example(FIRST, SECOND)
def test_the_order_is_that_of_instants(one: Moment, other: Moment) -> None:
    """Which moment is earlier, and how much, does not depend on the clocks that show them."""
    distance = one.instant - other.instant

    assert (one < other) == (distance < 0)
    assert (one <= other) == (distance <= 0)
    assert (one > other) == (distance > 0)
    assert (one >= other) == (distance >= 0)
    assert (one == other) == (distance == 0)
    assert (one != other) == (distance != 0)
    assert one - other == timedelta(microseconds=distance)
    assert min(one, other).instant == min(one.instant, other.instant)


@given(INSTANTS, ZONES, ZONES)
def test_equal_moments_have_equal_hashes(instant: int, one: str, other: str) -> None:
    """The same instant on other clocks is the same key."""
    here, there = Moment(instant, one), Moment(instant, other)

    assert here == there
    assert hash(here) == hash(there)
    assert {here: 1}[there] == 1


@given(MOMENTS, st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_a_moment_and_a_time_make_a_later_one(moment: Moment, time: timedelta) -> None:
    """It is later by so much, however often the clocks are changed, on the same clocks."""
    try:
        wanted = EPOCH + timedelta(microseconds=moment.instant) + time
    except OverflowError:
        return

    assert moments.local(moment + time) == wanted
    assert (moment + time).zone == moment.zone
    assert (moment + time) - moment == time
    assert (moment + time) - time == moment


def test_a_day_of_the_clock_may_be_another_time_of_day() -> None:
    """Twenty-four hours after noon it is eleven o'clock where the clocks were turned back."""
    noon = moments.parse("2024-10-26T12:00+01:00[Europe/London]")

    assert str(noon + timedelta(days=1)) == "2024-10-27 11:00:00+00:00"


def test_time_does_not_go_on_after_the_last_moment() -> None:
    """What would be after the year 9999, or before the year 1, is the last or first moment."""
    last = moments.parse("9999-12-31T23:00Z")

    assert str(last + timedelta(days=2)) == "9999-12-31 23:59:59.999999+00:00"
    assert str(Moment(0, "UTC") - timedelta(days=999_999)) == "0001-01-01 00:00:00+00:00"


def test_a_moment_is_compared_with_moments_only() -> None:
    """A datetime, which may be compared by its wall clock, is neither equal nor in order."""
    time = moments.local(FIRST)

    assert time != FIRST
    for compare in ("__lt__", "__le__", "__gt__", "__ge__", "__add__"):
        assert getattr(FIRST, compare)("2024") is NotImplemented
    with pytest.raises(TypeError):
        _ = time > FIRST  # type: ignore[operator]  # that is the point


# --- What clocks show


@given(MOMENTS)
@example(FIRST)
@example(SECOND)
def test_the_clocks_of_the_zone_are_shown(moment: Moment) -> None:
    """Year to second are those of the calendar and clocks there, with the offset of that moment."""
    zone = moments.zone_of(moment.zone)
    shown = (EPOCH + timedelta(microseconds=moment.instant)).astimezone(zone)
    local = moments.local(moment)

    assert local == shown.astimezone(UTC)
    assert local.replace(tzinfo=None) == shown.replace(tzinfo=None, fold=0)
    assert local.utcoffset() == shown.utcoffset()
    assert isinstance(local.tzinfo, timezone)
    assert local.fold == 0
    assert (moment.year, moment.month, moment.day) == (shown.year, shown.month, shown.day)
    assert (moment.hour, moment.minute, moment.second) == (shown.hour, shown.minute, shown.second)
    assert moments.calendar_day(moment) == (shown.year, shown.month, shown.day)
    assert moments.iso(moment) == shown.isoformat()
    assert moments.iso(moment, "seconds") == shown.isoformat(timespec="seconds")
    assert str(moment) == str(shown)


@given(MOMENTS, ZONES)
def test_another_zone_shows_the_same_instant(moment: Moment, zone: str) -> None:
    """Only the clocks are others."""
    there = moments.in_zone(moment, zone)

    assert there == moment
    assert there.zone == zone


@given(MOMENTS)
def test_the_days_around_hold_every_moment_of_a_day(moment: Moment) -> None:
    """No zone shows a day before `first_instant`, or after `last_instant`."""
    day = date(*moments.calendar_day(moment))

    assert moments.first_instant(day) < moment.instant < moments.last_instant(day)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_ends_of_the_calendar_are_shown_somehow(zone: str) -> None:
    """A zone that is beyond the first or last hours of all shows them as UTC."""
    first, last = (Moment(end.instant, zone) for end in (moments.parse(text) for text in ENDS))

    assert moments.iso(first).startswith(("0001-01-01T00:00", "0001-01-01T09:18"))
    assert moments.iso(last).startswith("9999-12-31T")


ENDS = ("0001-01-01T00:00Z", "9999-12-31T23:59:59Z")


def test_words_of_people() -> None:
    """A moment as it is written in front matter, and what people call its time."""
    assert moments.written(FIRST) == "2024-10-27 01:30"
    assert moments.written(SECOND) == "2024-10-27 01:30 +00:00"
    assert moments.written(moments.parse("0871-03-04T09:05Z")) == "0871-03-04 09:05"
    assert (moments.abbreviation(FIRST), moments.abbreviation(SECOND)) == ("BST", "GMT")


@given(MOMENTS)
@example(moments.parse("1871-01-01T00:00:00+09:18:59[Asia/Tokyo]"))
@example(moments.parse("1951-05-06T12:00:00-00:44:30[Africa/Monrovia]"))
def test_machines_read_each_moment(moment: Moment) -> None:
    """RFC 3339 has no seconds in offsets: such a moment is written in UTC."""
    text = moments.rfc3339(moment, "auto")

    assert re.fullmatch(RFC_3339, text)
    assert moments.parse(text) == moment
    assert moments.writable(moment) == moment
    assert re.fullmatch(RFC_3339, moments.rfc3339(moment))


RFC_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?[+-]\d\d:\d\d"


# --- In and out


@given(MOMENTS)
@example(FIRST)
@example(SECOND)
def test_a_moment_survives_every_way_of_being_kept(moment: Moment) -> None:
    """A text, a pickle, a copy and msgspec's own forms give the same instant on the same clocks."""
    text = f"{moments.iso(moment)}[{moment.zone}]"
    ways = [
        moments.parse(text),
        pickle.loads(pickle.dumps(moment)),  # noqa: S301 - our own
        copy.copy(moment),
        copy.deepcopy(moment),
        msgspec.msgpack.decode(msgspec.msgpack.encode(moment), type=Moment),
        msgspec.json.decode(msgspec.json.encode(moment), type=Moment),
    ]

    assert repr(moment) == f"Moment('{text}')"
    for found in ways:
        assert found == moment
        assert found.zone is moment.zone
        assert repr(found) == repr(moment)
        assert fingerprint(found) == fingerprint(moment)
        assert SEALED.encode(found) == SEALED.encode(moment)
        assert repr(SEALED.decode(SEALED.encode(found))) == repr(moment)


def test_the_two_moments_of_a_repeated_time_have_two_fingerprints() -> None:
    """Of 01:30 before and after the change no cache takes one for the other."""
    assert len({repr(FIRST), repr(SECOND)}) == 2
    assert len({SEALED.encode(FIRST), SEALED.encode(SECOND)}) == 2
    assert fingerprint(FIRST) != fingerprint(SECOND)


@given(INSTANTS, NAMES, st.sampled_from((0, 1)))
def test_a_datetime_is_the_moment_that_it_says(instant: int, zone: str, fold: int) -> None:
    """Of a wall clock's time that comes twice, `fold` says which one is meant."""
    time = (EPOCH + timedelta(microseconds=instant)).astimezone(ZoneInfo(zone)).replace(fold=fold)
    offset = time.utcoffset()
    assert offset is not None
    found = moments.of(time)

    assert found.instant == instant_of(time.replace(tzinfo=None), offset)
    assert found.zone == zone
    assert moments.of(time, "Asia/Tokyo").zone == "Asia/Tokyo"


def instant_of(clock: datetime, offset: timedelta) -> int:
    """Return the microseconds since 1970 at which a clock of this offset shows this."""
    return (clock.replace(tzinfo=UTC) - offset - EPOCH) // timedelta(microseconds=1)


def test_offsets_are_zones_without_a_name() -> None:
    """A datetime whose zone is a mere offset keeps that; none at all is UTC."""
    assert moments.parse("2024-11-04T21:54+09:00").zone == "+09:00"
    assert moments.parse("1871-01-01T00:00-09:18:59").zone == "-09:18:59"
    assert moments.parse("2024-11-04T21:54Z").zone == "UTC"
    assert moments.of(datetime(2024, 11, 4, tzinfo=UTC)).zone == "UTC"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2024-11-04T21:54",
        "2024-11-04T21:54Z[Europe/London",
        "2024-11-04T21:54Z[Europe/Lodnon]",
        "2024-11-04T21:54Z[../../etc/passwd]",
        "2024-11-04T21:54Z[+99:00]",
        "0001-01-01T00:00+09:00",
        "9999-12-31T23:59-09:00",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    """A text without an offset, with an unknown zone or outside the calendar is no moment."""
    with pytest.raises(ValueError):  # noqa: PT011 - whichever says so
        moments.parse(text)


@pytest.mark.parametrize("kept", [[0, "Europe/Lodnon"], [0], ["0", "UTC"], [10**18, "UTC"]])
def test_what_no_moment_is_kept_as_is_refused(kept: list[object]) -> None:
    """A record that was damaged or forged is an error where it is read, not in a page."""
    data = msgspec.msgpack.encode(kept)

    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(data, type=Moment)


def test_a_moment_cannot_be_changed() -> None:
    """It can be a key, and shared by a hundred thousand articles."""
    with pytest.raises(AttributeError):
        FIRST.instant = 0  # type: ignore[misc]  # that is the point


def test_a_moment_has_nothing_that_reads_a_clock() -> None:
    """What templates can reach of it is what docs/templates.md promises, and its two parts."""
    offered = {name for name in dir(FIRST) if not name.startswith("_")}

    assert offered == {"instant", "zone", "year", "month", "day", "hour", "minute", "second"}
