"""What people who are about to land will need: beds by age, clothes by size, nappies, medicine, wheelchairs, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from corridor.base.ids import PersonId
from corridor.base.operation import Need
from corridor.journey.register.events import AgeBand, Sex
from corridor.journey.register.identity import BirthDate

NAPPIES_A_DAY = 8
"""For each infant: paediatric guidance for the first year is six to ten changes a day."""

HEIGHT_CM_BY_AGE: Mapping[int, int] = {
    0: 74, 1: 86, 2: 92, 3: 98, 4: 104, 5: 110, 6: 116, 7: 122, 8: 128, 9: 134, 10: 140, 11: 146, 12: 152, 13: 158,
    14: 164,
}  # fmt: skip
"""Clothing size of a child by age in whole years: the body height of EN 13402 (steps of 6 cm) at or above the median
height in the middle of the year, WHO Child Growth Standards (2006) and Reference (2007), girls and boys together."""

ADULT_FROM_YEARS = 15
"""From this age the sizes are those of adults."""

NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """What the forecast needs of a person. None: not known; `age_years` in whole years."""

    person: PersonId
    age_band: AgeBand | None
    sex: Sex | None
    age_years: int | None
    needs: frozenset[Need]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The needs of one landing. `ages` by band, with `not_known`; `sizes` by label, smallest first; `needs` by word.

    A size is a height in centimetres for children; `infant_sizes` and `child_sizes` where the age in years is not
    known; `women`, `men` and `adults` (sex not known), whose sizes nobody records before they land.
    """

    people: int
    ages: Mapping[str, int]
    sizes: Mapping[str, int]
    needs: Mapping[Need, int]
    nappies_a_day: int


def forecast(travellers: Iterable[Traveller]) -> Forecast:
    """What these people will need. Whoever's size is not recorded is counted by their age."""
    people = tuple(travellers)
    ages = Counter(one.age_band or NOT_KNOWN for one in people)
    sizes = Counter(size_of(one) for one in people)
    needs = Counter(need for one in people for need in one.needs)
    return Forecast(
        people=len(people),
        ages={band: ages[band] for band in (*get_args(AgeBand), NOT_KNOWN) if ages[band]},
        sizes={size: sizes[size] for size in SIZES if sizes[size]},
        needs={need: needs[need] for need in get_args(Need) if needs[need]},
        nappies_a_day=NAPPIES_A_DAY * ages["infant"],
    )


def size_of(one: Traveller) -> str:
    """The label of a person's clothes, by age in years where it is known, else by age band."""
    if one.age_years is not None and one.age_years < ADULT_FROM_YEARS:
        return str(HEIGHT_CM_BY_AGE[max(0, one.age_years)])
    if one.age_years is None and one.age_band in ("infant", "child"):
        return "infant_sizes" if one.age_band == "infant" else "child_sizes"
    if one.age_years is None and one.age_band is None:
        return NOT_KNOWN
    return {"female": "women", "male": "men"}.get(one.sex or "", "adults")


SIZES = ("infant_sizes", *map(str, HEIGHT_CM_BY_AGE.values()), "child_sizes", "women", "men", "adults", NOT_KNOWN)
"""Every label of clothes, in the order they are told."""


def age_on(birth: BirthDate | None, day: date) -> int | None:
    """Somebody's age in whole years on a day; where only the year is known, as if the birthday had been. None: not
    known."""
    if birth is None or birth.year is None:
        return None
    later = (birth.month or 1, birth.day or 1) > (day.month, day.day)
    return max(0, day.year - birth.year - later)
