"""Points in time in the many ways in which archives write them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.model import moments
from sitegen.model.moments import Moment
from sitegen.parse import dates

TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-11-04", "2024-11-04T00:00:00+09:00"),
        ("2024-11-04 21:54", "2024-11-04T21:54:00+09:00"),
        ("2024-11-04T21:54", "2024-11-04T21:54:00+09:00"),
        ("2024-11-04t21:54:07", "2024-11-04T21:54:07+09:00"),
        ("2024-11-04 9:05", "2024-11-04T09:05:00+09:00"),
        ("2024-11-04 09:05:30.25", "2024-11-04T09:05:30.250000+09:00"),
        ("2024-11-04 09:05:30,1234567", "2024-11-04T09:05:30.123456+09:00"),
        ("2016-1-29", "2016-01-29T00:00:00+09:00"),
        ("2024/11/04", "2024-11-04T00:00:00+09:00"),
        ("2024/11/4 21:54", "2024-11-04T21:54:00+09:00"),
        ("2024.11.04", "2024-11-04T00:00:00+09:00"),
        ("2013-11-22 05:00:00 +0000", "2013-11-22T14:00:00+09:00"),
        ("2023-02-07 12:52:00 -0500", "2023-02-08T02:52:00+09:00"),
        ("2016-10-08T18:16:37.000Z", "2016-10-09T03:16:37+09:00"),
        ("2024-11-04T21:54:00+09:00", "2024-11-04T21:54:00+09:00"),
        ("2024-11-04T21:54:00+05:45", "2024-11-05T01:09:00+09:00"),
        ("2024-11-04 21:54 +0545", "2024-11-05T01:09:00+09:00"),
        ("2024-11-04 21:54 +545", "2024-11-05T01:09:00+09:00"),
        ("2024-11-04 21:54 -5", "2024-11-05T11:54:00+09:00"),
        ("2024-11-04 21:54 -05", "2024-11-05T11:54:00+09:00"),
        ("2024-11-04 21:54 +9", "2024-11-04T21:54:00+09:00"),
        ("2024-11-04 21:54 UTC", "2024-11-05T06:54:00+09:00"),
        ("2024-11-04 21:54 UTC+1", "2024-11-05T05:54:00+09:00"),
        ("2024-11-04 21:54 JST", "2024-11-04T21:54:00+09:00"),
        ("2024-11-04 21:54 EST", "2024-11-05T11:54:00+09:00"),
        ("2024-11-04 9:54 pm", "2024-11-04T21:54:00+09:00"),
        ("2024-11-04 12:05 a.m.", "2024-11-04T00:05:00+09:00"),
        ("Mon, 04 Nov 2024 21:54:00 +0900", "2024-11-04T21:54:00+09:00"),
        ("4 Nov 2024 21:54 GMT", "2024-11-05T06:54:00+09:00"),
        ("4 November 2024", "2024-11-04T00:00:00+09:00"),
        ("Monday, November 4, 2024 at 9:54 PM", "2024-11-04T21:54:00+09:00"),
        ("Jul 08 2022", "2022-07-08T00:00:00+09:00"),
        ("Sept. 3rd, 2022", "2022-09-03T00:00:00+09:00"),
    ],
)
def test_read(text: str, expected: str) -> None:
    """Every common way of writing a date gives its moment in the newsroom's zone."""
    moment = dates.parse_date(text, TOKYO)
    assert moments.iso(moment) == expected
    assert moment.zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("soon", '"soon" cannot be read as a date'),
        ("11/04/2024", '"11/04/2024" cannot be read as a date'),
        ("20241104", '"20241104" cannot be read as a date'),
        ("2024-11/04", '"2024-11/04" cannot be read as a date'),
        ("21:54", "a time needs a date"),
        ("21:54:00.5", "a time needs a date"),
        ("0000-11-04", "there is no year 0"),
        ("2024-13-04", "there is no month 13"),
        ("2024-00-04", "there is no month 0"),
        ("2023-02-29", "February 2023 has 28 days, not 29"),
        ("2024-11-00", "November 2024 has 30 days, not 0"),
        ("2024-11-04 24:00", "there is no time 24:00"),
        ("2024-11-04 21:54:60", "there is no time 21:54:60"),
        ("2024-11-04 13:00 pm", "there is no hour 13 pm"),
        ("4 Novembre 2024", '"Novembre" is not a month'),
        ("4 Ju 2024", '"4 Ju 2024" cannot be read as a date'),
        ("2024-11-04 21:54 BST", 'unknown time zone "BST"'),
        ("2024-11-04 21:54 +24:00", '"+24:00" is not an offset from UTC'),
        ("2024-11-04 21:54 +09:75", '"+09:75" is not an offset from UTC'),
        ("9999-12-31 23:59 -0500", "the year 9999 is out of range"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    """What is no moment is refused with its reason and a way to mend it."""
    with pytest.raises(dates.InvalidDateError) as caught:
        dates.parse_date(text, TOKYO)
    assert caught.value.reason == reason
    assert caught.value.hint


def test_skipped_hour() -> None:
    """A local time that the clocks skip in spring is moved on by the hour that they skip."""
    assert (
        moments.iso(dates.parse_date("2024-03-10 02:30", NEW_YORK)) == "2024-03-10T03:30:00-04:00"
    )


def test_repeated_hour() -> None:
    """Of a local time that comes twice in autumn the first is meant; an offset names either."""
    assert (
        moments.iso(dates.parse_date("2024-11-03 01:30", NEW_YORK)) == "2024-11-03T01:30:00-04:00"
    )
    second = dates.parse_date("2024-11-03 01:30 -0500", NEW_YORK)
    assert moments.iso(second) == "2024-11-03T01:30:00-05:00"


def test_day() -> None:
    """A day begins at its midnight, and must be in the calendar."""
    assert moments.iso(dates.midnight("2014", "3", "07", TOKYO)) == "2014-03-07T00:00:00+09:00"
    with pytest.raises(dates.InvalidDateError):
        dates.midnight("2014", "2", "30", TOKYO)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001 (Hypothesis wants naive bounds)
def test_iso_round_trip(local: datetime) -> None:
    """A moment that is written in ISO 8601 with its offset reads as the same moment."""
    moment = local.replace(tzinfo=TOKYO)
    if moment.utcoffset() == timedelta(hours=9):  # Before 1888 there are seconds in the offset.
        assert dates.parse_date(moment.isoformat(), NEW_YORK) == moments.of(moment)


@given(st.text() | st.from_regex(r"\d{4}-\d{1,2}-\d{1,2}([T ]\d\d:\d\d(:\d\d)?( ?[+-]\d{4})?)?"))
def test_any_text(text: str) -> None:
    """Any text is a moment or is refused, and nothing else."""
    try:
        assert dates.parse_date(text, TOKYO).zone == "Asia/Tokyo"
    except dates.InvalidDateError as error:
        assert error.hint  # noqa: PT017 (either way is right)


@given(
    st.integers(-3_000_000_000, 4_000_000_000),
    st.sampled_from(sorted(available_timezones() - {"localtime"})),
)
@example(1729990800 + 1800, "Europe/London")
@example(1729990800 + 5400, "Europe/London")
@example(-2717650800 - 120, "America/New_York")
def test_what_is_written_for_people_is_read_as_the_same_minute(seconds: int, zone: str) -> None:
    """A moment in the words of our messages, put into front matter, is that minute again."""
    moment = Moment(seconds * 1_000_000, zone)
    read = dates.parse_date(moments.written(moment), ZoneInfo(zone))

    assert moments.clock_time(read) == moments.clock_time(moment)
    assert moment - timedelta(minutes=1) < read <= moment
