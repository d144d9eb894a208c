"""Files of daily figures are read as they are, and what is wrong is named."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.base.moments import parse_moment
from corridor.forecast.series.reading import Figure, end_of, read_series

HEAD = "date,count,kind,note,source_url\n"


def day(text: str) -> int:
    """The number of a day."""
    return date.fromisoformat(text).toordinal()


def test_groups_of_one_day_are_summed() -> None:
    """Several groups of a day are one count; other kinds and rows without a figure are left out."""
    text = HEAD + (
        "2023-04-26,121,departures,,\n2023-04-26,135,departures,,\n2023-04-27,,departures,,\n2023-04-26,9,arrivals,,\n"
        "2023-04-28,0,departures,,\n"
    )
    found = read_series(text.encode())
    assert found.series is not None
    assert found.series.kind == "departures"
    assert found.series.last == {day("2023-04-26"): 256, day("2023-04-28"): 0}
    assert found.faults == ()


def test_running_totals_become_days() -> None:
    """A running total gives a day where the day before is there too; where it falls the day is not known, and said."""
    text = HEAD + "".join(
        f"2023-11-{n},{total},cumulative,,\n" for n, total in ((15, 100), (16, 150), (18, 200), (19, 190))
    )
    found = read_series(text.encode())
    assert found.series is not None
    assert found.series.last == {day("2023-11-16"): 50}
    assert [(fault.row, fault.column) for fault in found.faults] == [(5, "count")]


def test_vintages_are_kept() -> None:
    """Each publication is known from its own moment; a figure published before its day was over is no figure of it."""
    text = (
        "date,individuals,cumsum,vintage\n2022-03-07,10,10,2022-03-08T13:00:00+00:00\n"
        "2022-03-08,4,14,2022-03-08T13:00:00+00:00\n2022-03-07,12,12,2022-03-09T13:00:00+00:00\n"
    )
    found = read_series(text.encode())
    assert found.series is not None
    assert found.series.revised
    assert found.series.figures == (
        Figure(day=day("2022-03-07"), count=10, known=parse_moment("2022-03-08T13:00Z")),
        Figure(day=day("2022-03-07"), count=12, known=parse_moment("2022-03-09T13:00Z")),
    )


def test_a_day_ends() -> None:
    """A day is over at midnight UTC after it."""
    assert end_of(day("2023-11-12")) == parse_moment("2023-11-13T00:00Z")


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("day,count\n2023-01-01,1\n", 1, "date"),
        ("date,people\n2023-01-01,1\n", 1, "count"),
        ("date,count,count\n2023-01-01,1,2\n", 1, "count"),
        (HEAD + "01.02.2023,1,arrivals,,\n", 2, "date"),
        (HEAD + "2023-01-01,-1,arrivals,,\n", 2, "count"),
        (HEAD + "2023-01-01,1e9,arrivals,,\n", 2, "count"),
        (HEAD + "2023-01-01,99999999999999,arrivals,,\n", 2, "count"),
        (HEAD + "2023-01-01,1,arrivals,,,\n", 2, None),
        (HEAD + "2023-01-01,1,arrivals,,\n2023-01-02,1,arrivals,,\n9999-12-31,1,arrivals,,\n", 4, "date"),
        ("date,count,vintage\n2023-01-01,1,yesterday\n", 2, "vintage"),
        ("\ufeffdate,count\n2023-01-01,\u0661\n", 2, "count"),
    ],
)
def test_what_is_wrong_is_named(text: str, row: int, column: str | None) -> None:
    """Each fault names its row and column and says what to do."""
    (fault,) = read_series(text.encode()).faults
    assert (fault.row, fault.column) == (row, column)
    assert fault.remedy


@given(st.binary(max_size=300) | st.text(alphabet='date,count\n\r"0123456789-\x00x', max_size=200).map(str.encode))
def test_any_bytes_are_read(data: bytes) -> None:
    """Whatever the bytes, there is an answer."""
    read_series(data)
    read_series(b"date,count\n" + data)
