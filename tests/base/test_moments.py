"""Moments: what is read is what is shown, in any zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.base.moments import (
    DAY_MS,
    HOUR_MS,
    Moment,
    Span,
    datetime_of,
    iso,
    moment_of,
    parse_moment,
    shown,
)

MOMENTS = st.integers(min_value=0, max_value=4_102_444_800_000).map(Moment)
ZONES = st.sampled_from(["UTC", "Africa/Cairo", "Europe/Moscow", "Asia/Gaza", "America/St_Johns", "Asia/Kathmandu"])


@given(moment=MOMENTS)
def test_iso_is_read_back(moment: Moment) -> None:
    """A moment written as ISO is the same moment when read, to the millisecond."""
    assert parse_moment(iso(moment)) == moment


@given(moment=MOMENTS, zone=ZONES)
def test_a_zone_changes_the_clock_and_not_the_moment(moment: Moment, zone: str) -> None:
    """A moment as a datetime of any zone is the same moment, also when written with that zone's offset."""
    local = datetime_of(moment, zone)
    assert moment_of(local) == moment
    assert parse_moment(local.isoformat()) == moment


@given(first=MOMENTS, second=MOMENTS)
def test_iso_sorts_as_time_does(first: Moment, second: Moment) -> None:
    """Of two moments of whole seconds the earlier one has the lesser text, so that columns of them sort."""
    first, second = Moment(first // 1000 * 1000), Moment(second // 1000 * 1000)
    assert (first < second) == (iso(first) < iso(second))


@given(moment=MOMENTS, minutes=st.integers(min_value=-14 * 60, max_value=14 * 60))
def test_any_offset_is_read(moment: Moment, minutes: int) -> None:
    """A time with any whole-minute offset is the moment it names."""
    local = datetime_of(moment).astimezone(timezone(timedelta(minutes=minutes)))
    assert parse_moment(local.isoformat()) == moment


@given(
    day=st.dates(min_value=datetime(2000, 1, 1, tzinfo=UTC).date(), max_value=datetime(2100, 1, 1, tzinfo=UTC).date())
)
def test_a_bare_day_is_its_last_millisecond(day: datetime) -> None:
    """As of a day takes in all of that day in UTC and nothing of the next."""
    start = parse_moment(f"{day.isoformat()}T00:00Z")
    assert parse_moment(day.isoformat()) == start + DAY_MS - 1


def test_a_bare_day_is_the_operations_day() -> None:
    """A bare day ends at the midnight of the zone that counts the days, also on the day that clocks change."""
    assert parse_moment("2023-11-14", "Europe/Moscow") == parse_moment("2023-11-14T20:59:59.999Z")
    assert parse_moment("2023-11-14") == parse_moment("2023-11-14T23:59:59.999Z")
    assert parse_moment("2023-10-29", "Europe/Berlin") == parse_moment("2023-10-29T22:59:59.999Z")
    assert parse_moment("2023-11-14 10:00", "Europe/Moscow") == parse_moment("2023-11-14T10:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-17T05:00Z",
        "2023-11-17T05:00",
        "2023-11-17 05:00 UTC",
        "2023-11-17 07:00+02:00",
        " 2023-11-17T08:00+03:00 ",
    ],
)
def test_one_moment_is_written_in_many_ways(text: str) -> None:
    """With a zone, without one (UTC), with UTC behind it or blanks around it: the same moment."""
    assert iso(parse_moment(text)) == "2023-11-17T05:00:00Z"


@pytest.mark.parametrize("text", ["", "soon", "2023-13-01", "2023-02-30", "2023-11-17T25:00", "17.11.2023", "UTC"])
def test_what_is_no_time_is_told(text: str) -> None:
    """A text that is no time is an error that names it and gives an example."""
    with pytest.raises(ValueError, match="is not a time; write it like") as error:
        parse_moment(text)
    assert repr(text) in str(error.value)


def test_shown_for_people() -> None:
    """People see the local time with its zone."""
    assert shown(parse_moment("2023-11-17T05:00Z"), "Africa/Cairo") == "2023-11-17 07:00 EET"
    assert shown(parse_moment("2023-11-17T05:00Z"), "Europe/Moscow") == "2023-11-17 08:00 MSK"


def test_milliseconds_are_kept_only_where_there_are_some() -> None:
    """Whole seconds are written without a fraction."""
    assert iso(Moment(0)) == "1970-01-01T00:00:00Z"
    assert iso(Moment(1)) == "1970-01-01T00:00:00.001Z"


@given(start=MOMENTS, length=st.integers(min_value=0, max_value=HOUR_MS), moment=MOMENTS)
def test_a_span_holds_its_start_and_not_its_end(start: Moment, length: int, moment: Moment) -> None:
    """A span reaches from its start up to but not including its end; without an end it never stops."""
    until = Moment(start + length)
    span = Span(start, until)
    assert span.holds(moment) == (start <= moment < until)
    assert not span.holds(until)
    assert Span(start).holds(start)
    assert Span(start).holds(moment) == (moment >= start)


def test_a_span_cannot_end_before_it_starts() -> None:
    """A span turned round is a broken invariant."""
    with pytest.raises(AssertionError, match="ends before it starts"):
        Span(Moment(2), Moment(1))


def test_a_datetime_without_a_zone_is_no_moment() -> None:
    """A clock time without a zone is refused, for it could be any of a day's moments."""
    with pytest.raises(AssertionError, match="without a zone"):
        moment_of(datetime(2023, 11, 17, 5, 0))  # noqa: DTZ001
