"""Dates of birth, days and moments as strangers write them, in three scripts."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from corridor.base.moments import iso
from corridor.base.sheets.dates import (
    BirthDate,
    DayOrder,
    ReadDay,
    ReadMoment,
    parse_age,
    parse_birth_date,
    parse_day,
    parse_event_moment,
)
from corridor.base.sheets.model import Fault, Value

REFERENCE = date(2023, 11, 14)


def short(read: BirthDate | Fault) -> str:
    """A date of birth as one word: ``2015-03-01 day``, with ``?`` where it is ambiguous."""
    if isinstance(read, Fault):
        return f"bad: {read.says}"
    day = "-".join(f"{part:02}" for part in (read.year, read.month, read.day) if part is not None)
    return f"{day} {read.precision}{'?' if read.ambiguous else ''}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2015-03-01", "2015-03-01 day"),
        ("2015/3/1", "2015-03-01 day"),
        ("2015-03-01 00:00:00", "2015-03-01 day"),
        ("2015-03-01T00:00:00Z", "2015-03-01 day"),
        (date(2015, 3, 1), "2015-03-01 day"),
        (datetime(2015, 3, 1, 12), "2015-03-01 day"),  # noqa: DTZ001 - as spreadsheets give them
        ("01.03.2015", "2015-03-01 day"),
        ("1.3.2015 г.р.", "2015-03-01 day"),
        ("1/3/2015", "2015-03-01 day?"),
        ("3/3/2015", "2015-03-03 day"),
        ("25/02/2015", "2015-02-25 day"),
        ("02-25-2015", "2015-02-25 day"),
        ("01.03.15", "2015-03-01 day?"),
        ("01.03.45", "1945-03-01 day?"),
        ("20150301", "2015-03-01 day"),
        ("01032015", "2015-03-01 day"),
        (42064, "2015-03-01 day"),
        ("42064", "2015-03-01 day"),
        (42064.0, "2015-03-01 day"),
        ("1 Jan 1990", "1990-01-01 day"),
        ("1-Jan-1990", "1990-01-01 day"),
        ("Mar 1, 2015", "2015-03-01 day"),
        ("1st of March 2001", "2001-03-01 day"),
        ("1 января 1990 г.", "1990-01-01 day"),
        ("3 МАЯ 1990", "1990-05-03 day"),
        ("15 كانون الثاني 1980", "1980-01-15 day"),
        ("٣ آذار ١٩٩٩", "1999-03-03 day"),
        ("١/٣/٢٠١٥", "2015-03-01 day?"),
        ("٢٠١٥-٠٣-٠١", "2015-03-01 day"),
        ("\u200f01\u200f/13\u200f/2015", "2015-01-13 day"),
        ("03.1990", "1990-03 month"),
        ("1990-03", "1990-03 month"),
        ("May 1990", "1990-05 month"),
        ("00/05/1985", "1985-05 month"),
        ("xx.xx.1985", "1985 year"),
        (1985, "1985 year"),
        ("1985 год", "1985 year"),
        ("١٩٨٥", "1985 year"),
        ("age 7", "2016 age"),
        ("7 лет", "2016 age"),
        ("٧ سنوات", "2016 age"),
        ("8 мес", "2023-03 age"),
        ("7", "bad: is a bare number"),
        ("31.02.2015", "bad: is a day that does not exist"),
        ("29.02.2023", "bad: is a day that does not exist"),
        ("15.11.2023", "bad: is after 2023-11-14, the day of the table"),
        ("2024", "bad: is after 2023-11-14, the day of the table"),
        ("1/1/1436", "bad: looks like a date of the Hijri calendar"),
        ("1880", "bad: would make the person more than 125 years old"),
        ("yesterday", "bad: is not a date"),
        (True, "bad: is not a date"),
        ("0000-00-00", "bad: is a day that does not exist"),
        (Fault("is the spreadsheet error #N/A", "x"), "bad: is the spreadsheet error #N/A"),
    ],
)
def test_birth_date(value: Value, expected: str) -> None:
    """Every way of writing a date of birth gives its precision and its doubt; what cannot be is refused."""
    assert short(parse_birth_date(value, reference=REFERENCE)) == expected


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("1/3/2015", "day first", "2015-03-01 day?"),
        ("1/3/2015", "month first", "2015-01-03 day?"),
        ("25/3/2015", "month first", "2015-03-25 day"),
        ("01.03.2015", "month first", "2015-03-01 day"),
        ("2015-01-03", "month first", "2015-01-03 day"),
    ],
)
def test_order_of_day_and_month(text: str, order: DayOrder, expected: str) -> None:
    """The order decides only where both could be the day; dates with points and ISO dates have their own."""
    assert short(parse_birth_date(text, reference=REFERENCE, order=order)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7", "2016 age"), (7, "2016 age"), ("٧", "2016 age"), ("3 months", "2023-08 age"), ("126", "bad: is not an age")],
)
def test_age(value: Value, expected: str) -> None:
    """In a column of ages a bare number is an age."""
    assert short(parse_age(value, reference=REFERENCE)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2028-03-01", ReadDay(day=date(2028, 3, 1), ambiguous=False)),
        ("01.03.28", ReadDay(day=date(2028, 3, 1), ambiguous=False)),
        ("1/3/2028", ReadDay(day=date(2028, 3, 1), ambiguous=True)),
    ],
)
def test_day_in_the_future(value: Value, expected: ReadDay) -> None:
    """The last day of a document's validity may lie ahead."""
    assert parse_day(value) == expected


@pytest.mark.parametrize("value", ["2028", "03.2028", "01.03.1900", "soon", False, "31.02.2028"])
def test_no_day(value: Value) -> None:
    """A year, a month, a day long ago or one that does not exist is no day of validity."""
    assert isinstance(parse_day(value), Fault)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-11-14 07:30", "2023-11-14T05:30:00Z"),
        ("2023-11-14T07:30:00Z", "2023-11-14T07:30:00Z"),
        ("2023-11-14T07:30:00.250Z", "2023-11-14T07:30:00.250Z"),
        ("2023-11-14 07:30 +02:00", "2023-11-14T05:30:00Z"),
        ("2023-11-14 07:30 UTC+2", "2023-11-14T05:30:00Z"),
        ("14.11.2023 7:30", "2023-11-14T05:30:00Z"),
        ("14/11/2023 7:30 PM", "2023-11-14T17:30:00Z"),
        ("14/11/2023 12:10 am", "2023-11-13T22:10:00Z"),
        ("١٤/١١/٢٠٢٣ ٧:٣٠ م", "2023-11-14T17:30:00Z"),
        ("14 ноября 2023 07:30", "2023-11-14T05:30:00Z"),
        (datetime(2023, 11, 14, 7, 30), "2023-11-14T05:30:00Z"),  # noqa: DTZ001 - as spreadsheets give them
        (45244.3125, "2023-11-14T05:30:00Z"),
        (1_699_939_800_000, "2023-11-14T05:30:00Z"),
    ],
)
def test_moment(value: Value, expected: str) -> None:
    """A time without a zone is in the operation's zone, one with a zone is taken at its word."""
    read = parse_event_moment(value, zone="Africa/Cairo")
    assert isinstance(read, ReadMoment)
    assert (iso(read.moment), read.doubt) == (expected, None)


@pytest.mark.parametrize(
    "value",
    [
        "14.11.2023",
        date(2023, 11, 14),
        "2023-11-14 25:00",
        "2023-11-14 07:30 EET",
        "1999-01-01 10:00",
        "07:30",
        5,
        True,
    ],
)
def test_no_moment(value: Value) -> None:
    """A day alone, an hour that does not exist, a zone nobody knows or a time long ago is no moment."""
    assert isinstance(parse_event_moment(value, zone="Africa/Cairo"), Fault)


def test_moments_in_doubt() -> None:
    """The hour that comes twice when clocks change, and a day that may be the month, are taken with their doubt."""
    twice = parse_event_moment("2023-10-26 23:30", zone="Africa/Cairo")
    exchanged = parse_event_moment("1/3/2023 10:00", zone="Africa/Cairo")
    assert isinstance(twice, ReadMoment) and twice.doubt is not None and "came twice" in twice.doubt
    assert isinstance(exchanged, ReadMoment) and exchanged.doubt == "the day and the month may be exchanged"
