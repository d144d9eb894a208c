"""Which day, month or year, or which moment, does a cell mean?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from corridor.base.limits import FIRST_MOMENT_MS
from corridor.base.moments import Moment, moment_of
from corridor.base.sheets.model import Fault, Value, shown_value
from corridor.base.sheets.text import ascii_digits, one_line, plain

DayOrder = Literal["day first", "month first"]
Precision = Literal["day", "month", "year", "age"]

OLDEST_YEARS = 125
"""Nobody alive is older: the longest proven life was 122 years."""

_SERIAL_START = date(1899, 12, 30)
"""Day 0 of a spreadsheet's dates, so that serial 61 is 1 March 1900 as spreadsheets have it."""

_MONTHS = (
    "january jan январь января янв يناير كانون الثاني yanvar yanvarya",
    "february feb февраль февраля фев февр فبراير شباط fevral fevralya",
    "march mar март марта мар مارس آذار mart marta",
    "april apr апрель апреля апр أبريل ابريل نيسان aprel aprelya",
    "may май мая مايو أيار ماي maya",
    "june jun июнь июня июн يونيو حزيران يونيه iyun iyunya",
    "july jul июль июля июл يوليو تموز يوليه iyul iyulya",
    "august aug август августа авг أغسطس آب اغسطس avgust avgusta",
    "september sep sept сентябрь сентября сен сент سبتمبر أيلول sentyabr sentyabrya",
    "october oct октябрь октября окт أكتوبر اكتوبر تشرين الأول oktyabr oktyabrya",
    "november nov ноябрь ноября ноя нояб نوفمبر تشرين الثاني noyabr noyabrya",
    "december dec декабрь декабря дек ديسمبر كانون الأول dekabr dekabrya",
)
_TWO_WORD_MONTHS = {"كانون الثاني": 1, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12}

_TIME = (
    r"(?:[t ,]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)\s*(?P<half>am|pm|a\.m\.|p\.m\.|ص|م)?\s*(?P<zone>.*))?"
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})\s*([-./])\s*(?P<m>\d{1,2}|xx)\s*\2\s*(?P<d>\d{1,2}|xx)" + _TIME)
_DAY_FIRST = re.compile(
    r"(?P<a>\d{1,2}|xx)\s*(?P<sep>[-./ ])\s*(?P<b>\d{1,2}|xx)\s*(?P=sep)\s*(?P<y>\d{4}|\d{2})" + _TIME
)
_MONTH_YEAR = re.compile(r"(?:(?P<m>\d{1,2})[-./](?P<y>\d{4})|(?P<y2>\d{4})[-./](?P<m2>\d{1,2}))")
_NAMED = re.compile(
    r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.\-/]*(?:of )?)?(?P<month>[^\W\d]{3,}(?: [^\W\d]{3,})?)[\s.,\-/]*"
    r"(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?[\s,]+)?(?P<y>\d{4}|\d{2})" + _TIME
)
_AGE = re.compile(
    r"(?:(?P<before>age|aged|возраст|العمر|عمره|عمرها|عمر)[ :]*)?(?P<n>\d{1,3})\s*"
    r"(?P<unit>years?|yrs?|y|yo|y\.o\.?|лет|года?|г|سنة|سنوات|سنه|عام|أعوام|months?|mos?|m|мес\w*|شهر|أشهر|شهور|اشهر)?\.?"
    r"(?: ?old)?"
)
_MONTH_UNIT = re.compile(r"m|mos?|months?|мес\w*|شهر|أشهر|شهور|اشهر")
_YEAR_TAIL = re.compile(r"\s*(?:года рождения|года|год|г\.? ?р\.?|г\.|г|م)$")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u061c\u00ad]")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+\-\u2212])(?P<h>\d{1,2}):?(?P<m>\d{2})?")
_AFTERNOON = "pم"
"""First letters of "afternoon": p.m. and Arabic masa'an."""

_NOT_A_DATE = Fault("is not a date", "Write it like 2015-03-01 or 01.03.2015, or only the year")
_NO_SUCH_DAY = Fault("is a day that does not exist", "Correct the day, month or year")


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthDate:
    """When somebody was born, as exactly as it was written.

    `month`, `day` None: not known. Precision `age`: reckoned from an age on a reference date, so the year may be
    one too late. `ambiguous`: the same text can mean another date (day and month exchanged, or another century).
    """

    year: int
    month: int | None
    day: int | None
    precision: Precision
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDay:
    """A day read from a cell; `ambiguous`: day and month may be exchanged."""

    day: date
    ambiguous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMoment:
    """A moment read from a cell; `doubt` says what else it could mean, None: nothing."""

    moment: Moment
    doubt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the text of a date says, before it is judged; None: not said.

    `order_open`: day and month may be exchanged.
    """

    year: int
    month: int | None
    day: int | None
    order_open: bool = False
    short_year: bool = False
    clock: str = ""
    half: str = ""
    zone: str = ""


@cache
def _month_words() -> dict[str, int]:
    words = {plain(word): number for number, names in enumerate(_MONTHS, start=1) for word in names.split()}
    for pair in _TWO_WORD_MONTHS:
        for word in pair.split():
            words.pop(plain(word), None)
    return words | {plain(pair): number for pair, number in _TWO_WORD_MONTHS.items()}


def _tidied(value: Value) -> str:
    text = one_line(_INVISIBLE.sub("", ascii_digits(shown_value(value)))).casefold()
    return text.replace("\u066b", ".").replace("\u060c", ",").strip(" ,;'`")


def _number(text: str) -> int | None:
    """A day or month; 0, 00 and xx stand for not known."""
    return None if text == "xx" or int(text) == 0 else int(text)


def _with_clock(parts: _Parts, found: re.Match[str]) -> _Parts:
    """The parts with the time of day that was found behind the date."""
    return replace(parts, clock=found["time"] or "", half=found["half"] or "", zone=found["zone"] or "")


def _parts(value: Value, order: DayOrder) -> _Parts | None:
    """What a cell says as a date; None: nothing that is one."""
    if isinstance(value, datetime):
        clock = value.strftime("%H:%M:%S.%f")
        zone = "" if value.tzinfo is None else value.strftime("%z")
        return _Parts(year=value.year, month=value.month, day=value.day, clock=clock, zone=zone)
    if isinstance(value, date):
        return _Parts(year=value.year, month=value.month, day=value.day)
    text = _tidied(value)
    if len(text) > 60:
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        return _with_clock(_Parts(year=int(found["y"]), month=_number(found["m"]), day=_number(found["d"])), found)
    if ":" not in text:
        # Not where there is a time of day: there the Arabic letter for the Gregorian era stands for afternoon.
        text = _YEAR_TAIL.sub("", text).strip(" .")
    if found := _DAY_FIRST.fullmatch(text):
        return _day_month_year(found, order)
    if found := _MONTH_YEAR.fullmatch(text):
        return _Parts(year=int(found["y"] or found["y2"]), month=_number(found["m"] or found["m2"]), day=None)
    if re.fullmatch(r"\d{4}", text):
        return _Parts(year=int(text), month=None, day=None)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _serial(float(text))
    if re.fullmatch(r"\d{8}", text):
        return _eight_digits(text)
    if found := _NAMED.fullmatch(text):
        return _named(found)
    return None


def _day_month_year(found: re.Match[str], order: DayOrder) -> _Parts:
    first, second = _number(found["a"]), _number(found["b"])
    both_fit = first is not None and second is not None and first <= 12 and second <= 12 and first != second
    month_first = found["sep"] != "." and order == "month first"
    if first is not None and second is not None and not both_fit and first != second:
        month_first = second > 12
    day, month = (second, first) if month_first else (first, second)
    parts = _Parts(
        year=int(found["y"]),
        month=month,
        day=day,
        order_open=both_fit and found["sep"] != ".",
        short_year=len(found["y"]) == 2,
    )
    return _with_clock(parts, found)


def _serial(number: float) -> _Parts:
    when = datetime(_SERIAL_START.year, _SERIAL_START.month, _SERIAL_START.day) + timedelta(days=number)  # noqa: DTZ001
    when = (when + timedelta(milliseconds=500)).replace(microsecond=0)
    clock = "" if number.is_integer() else when.strftime("%H:%M:%S")
    return _Parts(year=when.year, month=when.month, day=when.day, clock=clock)


def _eight_digits(text: str) -> _Parts | None:
    for year, month, day in ((text[:4], text[4:6], text[6:]), (text[4:], text[2:4], text[:2])):
        if 1890 <= int(year) <= 2100 and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return _Parts(year=int(year), month=int(month), day=int(day))
    return None


def _named(found: re.Match[str]) -> _Parts | None:
    month = _month_words().get(plain(found["month"]))
    if month is None or (found["d"] and found["d2"]):
        return None
    day = found["d"] or found["d2"]
    parts = _Parts(
        year=int(found["y"]),
        month=month,
        day=None if day is None else _number(day),
        short_year=len(found["y"]) == 2,
    )
    return _with_clock(parts, found)


def _exists(parts: _Parts) -> bool:
    try:
        date(parts.year, parts.month or 1, parts.day or 1)
    except ValueError:
        return False
    return True


def _hijri(year: int) -> Fault | None:
    """The fault of a year that is one of the Islamic calendar."""
    if 1300 <= year <= 1500:
        return Fault("looks like a date of the Hijri calendar", "Write it in the Gregorian calendar")
    return None


def parse_birth_date(value: Value, *, reference: date, order: DayOrder = "day first") -> BirthDate | Fault:
    """A date of birth to the day, month or year, or an age on the `reference` date, which also bounds the future.

    Dates with points are always day first; with strokes or dashes `order` decides where both could be the day, and
    the answer is marked ambiguous. A year of two digits is the latest one that is not in the future, marked too.
    """
    if isinstance(value, Fault):
        return value
    if isinstance(value, bool):
        return _NOT_A_DATE
    parts = _parts(value, order)
    if parts is None:
        return _age_in_words(_tidied(value), reference)
    year = parts.year
    if parts.short_year:
        year += reference.year // 100 * 100
        if (year, parts.month or 1, parts.day or 1) > (reference.year, reference.month, reference.day):
            year -= 100
        parts = _Parts(year=year, month=parts.month, day=parts.day, order_open=parts.order_open, short_year=True)
    hijri = _hijri(year)
    if hijri is not None:
        return hijri
    if not _exists(parts):
        return _NO_SUCH_DAY
    if date(year, parts.month or 1, parts.day if parts.month and parts.day else 1) > reference:
        return Fault(f"is after {reference.isoformat()}, the day of the table", "Correct the date of birth")
    if year < reference.year - OLDEST_YEARS:
        return Fault(f"would make the person more than {OLDEST_YEARS} years old", "Correct the year of birth")
    day = parts.day if parts.month is not None else None
    precision: Precision = "year" if parts.month is None else "month" if day is None else "day"
    ambiguous = parts.order_open or parts.short_year
    return BirthDate(year=year, month=parts.month, day=day, precision=precision, ambiguous=ambiguous)


def _age_in_words(text: str, reference: date) -> BirthDate | Fault:
    found = _AGE.fullmatch(text)
    if found is None:
        return _NOT_A_DATE
    if found["before"] is None and found["unit"] is None:
        return Fault("is a bare number", 'Write a date, a year, or an age like "age 7"')
    if found["unit"] is not None and _MONTH_UNIT.fullmatch(found["unit"]):
        months = reference.year * 12 + reference.month - 1 - int(found["n"])
        if int(found["n"]) > 60:
            return Fault("is not an age in months", "Write the age in years")
        return BirthDate(year=months // 12, month=months % 12 + 1, day=None, precision="age")
    return parse_age(int(found["n"]), reference=reference)


def parse_age(value: Value, *, reference: date) -> BirthDate | Fault:
    """A year of birth from an age in whole years (a bare number will do) on the `reference` date."""
    if isinstance(value, Fault):
        return value
    text = _tidied(value)
    if not re.fullmatch(r"\d{1,3}", text):
        return _age_in_words(text, reference) if text else _NOT_A_DATE
    if int(text) > OLDEST_YEARS:
        return Fault("is not an age", "Write the age in years")
    return BirthDate(year=reference.year - int(text), month=None, day=None, precision="age")


def parse_day(value: Value, *, order: DayOrder = "day first") -> ReadDay | Fault:
    """A whole day such as the last one of a document's validity, from 1950 to 2100."""
    if isinstance(value, Fault):
        return value
    parts = None if isinstance(value, bool) else _parts(value, order)
    if parts is None or parts.month is None or parts.day is None:
        return Fault("is not a day", "Write it like 2028-03-01 or 01.03.2028")
    year = parts.year + 2000 if parts.short_year else parts.year
    hijri = _hijri(year)
    if hijri is not None:
        return hijri
    if not 1950 <= year <= 2100 or not _exists(_Parts(year=year, month=parts.month, day=parts.day)):
        return _NO_SUCH_DAY
    return ReadDay(day=date(year, parts.month, parts.day), ambiguous=parts.order_open)


def parse_event_moment(value: Value, *, zone: str, order: DayOrder = "day first") -> ReadMoment | Fault:
    """A moment with a time of day; without a zone of its own it is in `zone` (an IANA name).

    A whole number of 12 to 14 digits is milliseconds since 1970. A day alone is no moment.
    """
    if isinstance(value, Fault):
        return value
    remedy = "Write it like 2023-11-14 07:30+02:00"
    text = _tidied(value)
    if re.fullmatch(r"\d{12,14}", text):
        return _believable(Moment(int(text)), None)
    parts = None if isinstance(value, bool) else _parts(value, order)
    if parts is None or parts.month is None or parts.day is None or not _exists(parts) or parts.short_year:
        return Fault("is not a date with a time of day", remedy)
    if not parts.clock:
        return Fault("has no time of day", remedy)
    hour, minute, second = (*parts.clock.replace(",", ".").split(":"), "0")[:3]
    hours = int(hour) % 12 + (12 if parts.half[0] in _AFTERNOON else 0) if parts.half else int(hour)
    if hours > 23 or int(minute) > 59 or float(second) >= 60:
        return Fault("has a time of day that does not exist", remedy)
    offset = _offset(parts.zone.strip(" ()"))
    if isinstance(offset, Fault):
        return offset
    millis = int(round(float(second) * 1000, 3))
    start = datetime(parts.year, parts.month, parts.day)  # noqa: DTZ001 - the zone comes below
    local = start + timedelta(hours=hours, minutes=int(minute), milliseconds=millis)
    doubt = "the day and the month may be exchanged" if parts.order_open else None
    if offset is not None:
        return _believable(Moment(moment_of(local.replace(tzinfo=ZoneInfo("UTC"))) - offset), doubt)
    early = moment_of(local.replace(tzinfo=ZoneInfo(zone), fold=0))
    if early != moment_of(local.replace(tzinfo=ZoneInfo(zone), fold=1)):
        doubt = f"the clocks in {zone} changed then, so this time of day came twice or never"
    return _believable(early, doubt)


def _offset(zone: str) -> int | Fault | None:
    """Milliseconds ahead of UTC; None: the text names no zone."""
    if not zone:
        return None
    if zone in ("z", "utc", "gmt"):
        return 0
    found = _OFFSET.fullmatch(zone)
    if found is None or int(found["h"]) > 14 or int(found["m"] or 0) > 59:
        return Fault(f"has a zone that is not known: {zone[:20]}", "Write the zone as an offset such as +02:00, or Z")
    minutes = int(found["h"]) * 60 + int(found["m"] or 0)
    return minutes * 60_000 * (1 if found["sign"] == "+" else -1)


def _believable(moment: Moment, doubt: str | None) -> ReadMoment | Fault:
    if not FIRST_MOMENT_MS <= moment < 4_102_444_800_000:
        return Fault("is not between 2000 and 2100", "Correct the date")
    return ReadMoment(moment=moment, doubt=doubt)
