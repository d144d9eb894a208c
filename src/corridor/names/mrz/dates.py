"""Which date do six characters of a zone mean? Unknown parts stay unknown, and the century is reckoned openly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from corridor.base.sheets.dates import OLDEST_YEARS

EXPIRY_YEARS_AHEAD = 50
"""A year of expiry is taken within 50 years before and 49 after the reference date: nothing is valid for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneDate:
    """A date of a zone; `None`: that part is not known.

    `other_year`: for a birth date, the year a hundred years earlier when somebody born in it could be alive; a zone
    has two digits of the year only. `zeroes`: the zone had 00 for an unknown part, where ICAO has `<<`.
    """

    year: int | None
    month: int | None
    day: int | None
    other_year: int | None = None
    zeroes: bool = False

    def __str__(self) -> str:
        year = "????" if self.year is None else f"{self.year:04}"
        month = "??" if self.month is None else f"{self.month:02}"
        return f"{year}-{month}-" + ("??" if self.day is None else f"{self.day:02}")

    @property
    def known(self) -> bool:
        """Whether year, month and day are all known."""
        return None not in (self.year, self.month, self.day)

    def before(self, day: date) -> bool:
        """Whether the date surely lies before `day`."""
        return self.year is not None and _last(self.year, self.month, self.day) < (day.year, day.month, day.day)


def _last(year: int, month: int | None, day: int | None) -> tuple[int, int, int]:
    """The latest day that a date with unknown parts can mean."""
    return year, 12 if month is None else month, 31 if day is None else day


def _first(year: int, month: int | None, day: int | None) -> tuple[int, int, int]:
    return year, month or 1, day or 1


def read_date(text: str, kind: Literal["birth", "expiry"], reference: date) -> ZoneDate | None:
    """The date of six characters, its century reckoned from `reference`, the day the document is looked at.

    A birth year is the latest that does not lie after `reference`; an expiry year the one nearest to it.
    None: the characters are no date.
    """
    parts = [None if part == "<<" else int(part) if part.isdigit() else -1 for part in (text[:2], text[2:4], text[4:])]
    two, month, day = parts
    if -1 in parts or len(text) != 6 or not text.isascii():
        return None
    zeroes = month == 0 or day == 0
    month, day = month or None, day or None
    if (month or 1) > 12 or (day or 1) > 31:
        return None
    if two is None:
        return ZoneDate(year=None, month=month, day=day, zeroes=zeroes) if _exists(2000, month, day) else None
    century = reference.year - reference.year % 100
    if kind == "expiry":
        year = century + two
        year += 100 * ((year < reference.year - EXPIRY_YEARS_AHEAD) - (year >= reference.year + EXPIRY_YEARS_AHEAD))
        return ZoneDate(year=year, month=month, day=day, zeroes=zeroes) if _exists(year, month, day) else None
    year = century + two
    if _first(year, month, day) > (reference.year, reference.month, reference.day):
        year -= 100
    alive = [each for each in (year, year - 100) if _exists(each, month, day) and reference.year - each <= OLDEST_YEARS]
    if not alive:
        return None
    return ZoneDate(year=alive[0], month=month, day=day, other_year=alive[1] if alive[1:] else None, zeroes=zeroes)


def _exists(year: int, month: int | None, day: int | None) -> bool:
    """Whether there can be such a day; a day of an unknown month may be any to 31."""
    if month is None or day is None:
        return True
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
