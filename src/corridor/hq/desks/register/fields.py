"""Fields that only registration has: a birth date as far as it is known, citizenships, a party's members."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from corridor.base.moments import Moment, datetime_of
from corridor.hq.desks.form import Text
from corridor.hq.served import served
from corridor.journey.register.events import AgeBand
from corridor.journey.register.identity import BirthDate

INFANT_YEARS, CHILD_YEARS, ELDER_YEARS = 2, 18, 65
_TURNED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_PLAIN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_COUNTRY = re.compile(r"[A-Z]{3}")


class Birth(Text):
    """A birth date: 1984-03-09, 09.03.1984, 1984-03 or 1984; only as much as is known."""

    def clean(self, value: Any) -> BirthDate | None:
        text = super().clean(value)
        if text is None:
            return None
        turned, plain = _TURNED.fullmatch(text), _PLAIN.fullmatch(text)
        if turned is None and plain is None:
            raise ValidationError(_("Write a birth date like 1984-03-09, or as much of it as is known."))
        parts: Any = tuple(reversed(turned.groups())) if turned is not None else plain.groups() if plain else ()
        year, month, day = (None if part is None else int(part) for part in parts)
        precision = "day" if day else "month" if month else "year"
        try:
            birth = BirthDate(year=year, month=month, day=day, precision=precision)  # type: ignore[arg-type]
        except ValueError:
            raise ValidationError(_("The calendar has no such day.")) from None
        today = datetime_of(served().now(), served().operation.as_of_zone).date()
        if not (year or 0) >= 1900 or date(year or 1, month or 1, day or 1) > today:
            raise ValidationError(_("Nobody alive was born then."))
        return birth


class Citizenships(Text):
    """Countries as passports print them, the first one counted: RUS, PSE."""

    def prepare_value(self, value: Any) -> Any:
        """A tuple as a line of text."""
        return ", ".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(self.prepare_value(value))
        codes = tuple(dict.fromkeys((text or "").upper().replace(",", " ").split()))
        wrong = [code for code in codes if not _COUNTRY.fullmatch(code)]
        if wrong:
            raise ValidationError(_("Write each country with three letters as in a passport, such as RUS or PSE."))
        return codes


def age_band_of(birth: BirthDate, now: Moment) -> AgeBand | None:
    """The age band of a birth date; None when the year alone leaves two of them open."""
    if birth.year is None:
        return None
    today = datetime_of(now).date()

    def band(day: date) -> AgeBand:
        years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        if years < INFANT_YEARS:
            return "infant"
        return "child" if years < CHILD_YEARS else "elder" if years >= ELDER_YEARS else "adult"

    youngest = date(birth.year, birth.month or 12, birth.day or (28 if birth.month else 31))
    oldest = date(birth.year, birth.month or 1, birth.day or 1)
    return band(oldest) if band(oldest) == band(youngest) else None
