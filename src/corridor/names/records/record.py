"""What is compared of a person, and what a proposed link is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NewType

from corridor.base.sheets.dates import BirthDate
from corridor.base.sheets.text import ascii_digits

RecordId = NewType("RecordId", str)
"""A record in its own register: a person id, or a row of a file."""

Sex = Literal["f", "m"]

DOCUMENT_CHARS_MIN = 5
"""A document number shorter than this, or all of one character, is a placeholder, and no evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One person as one register has them. Empty tuples and None: not known.

    `names` are all spellings and scripts of the one name. `citizenships` are alpha-3. `documents` are numbers as
    written.
    """

    id: RecordId
    names: tuple[str, ...]
    birth: BirthDate | None = None
    sex: Sex | None = None
    citizenships: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a link is more or less likely: what was compared, how it came out, and its weight.

    `weight` is log2 of how much likelier this outcome is for one person than for two: positive speaks for the link.
    """

    about: Literal["names", "birth", "sex", "citizenship", "document", "likelier"]
    code: str
    says: str
    weight: float

    @property
    def against(self) -> bool:
        """Whether it speaks against the link."""
        return self.weight < 0

    def __str__(self) -> str:
        return self.says


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two records that may be one person. `probability` from 0 to 1; a person decides (`judgements`)."""

    a: RecordId
    b: RecordId
    probability: float
    because: tuple[Reason, ...]


def document_key(number: str) -> str | None:
    """A document number as it is compared: letters and digits only, capitals. None: too short, or a placeholder."""
    key = "".join(char for char in ascii_digits(number).upper() if char.isalnum())
    return key if len(key) >= DOCUMENT_CHARS_MIN and len(set(key)) > 1 else None


def is_placeholder(birth: BirthDate) -> bool:
    """Whether only the year of a birth date counts.

    Where a birth was never written down, 1 January stands for "some day of that year": nearly every such date.
    """
    return birth.month is None or birth.precision in ("year", "age") or (birth.month == 1 and birth.day in (1, None))


def is_rough(birth: BirthDate) -> bool:
    """Whether no day is known, or only the placeholder of 1 January."""
    return birth.day is None or is_placeholder(birth)


def days_of(birth: BirthDate | None) -> int | None:
    """Days since the year 1; None: no exact day."""
    if birth is None or birth.month is None or birth.day is None:
        return None
    try:
        return date(birth.year, birth.month, birth.day).toordinal()
    except ValueError:
        return None
