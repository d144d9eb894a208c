"""Who the invented people are: parties of each group, with ages, ties, citizenships and names that meet the counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from corridor.base.ids import PartyId, PersonId
from corridor.drill.people.families import Member, families
from corridor.drill.people.names_pool import (
    Called,
    Household,
    Name,
    NamesPool,
    child_of,
    household,
    plain,
    russian_born,
)
from corridor.drill.plan import ReplayPlan
from corridor.journey.register.events import AgeBand

Sex = Literal["female", "male"]

CHILD_YEARS = 18
INFANT_YEARS = 2
ELDER_YEARS = 65
RUSSIAN_BORN_SHARE = 0.7  # of wives with Russian citizenship; invented
UNDER_HUSBANDS_NAME_SHARE = 0.6  # of those; invented


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented person. `age_years` is on the plan's reference date."""

    id: PersonId
    party: PartyId
    group: str
    role: str
    sex: Sex
    age_years: int
    born: date
    citizenship: str
    called: Called
    document_number: str | None  # None: no document with a number

    @property
    def age_band(self) -> AgeBand:
        """The band that registration uses."""
        if self.age_years < INFANT_YEARS:
            return "infant"
        if self.age_years < CHILD_YEARS:
            return "child"
        return "elder" if self.age_years >= ELDER_YEARS else "adult"

    @property
    def minor(self) -> bool:
        """Whether the person needs a guardian."""
        return self.age_years < CHILD_YEARS


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """People who stay together."""

    id: PartyId
    group: str
    members: tuple[Person, ...]

    @property
    def persons(self) -> tuple[PersonId, ...]:
        """The ids of the members, sorted."""
        return tuple(sorted(person.id for person in self.members))

    @property
    def children(self) -> int:
        """How many of them are under age."""
        return sum(person.minor for person in self.members)

    @property
    def head(self) -> Person:
        """The adult who answers for the party: a parent where there is one."""
        return min(self.members, key=lambda person: (person.minor, person.role not in ("mother", "father"), person.id))


def invent(plan: ReplayPlan, own_citizenships: Sequence[str], rng: Random) -> tuple[Party, ...]:
    """Everybody of the plan, party by party, in the order of the groups."""
    made = families(plan, own_citizenships, rng)
    everybody = [member for members in made for member in members]
    unnumbered = frozenset(rng.sample(range(len(everybody)), round(len(everybody) * plan.shares.no_document_number)))
    new_year = frozenset(rng.sample(range(len(everybody)), round(len(everybody) * plan.shares.first_of_january)))
    nameless = frozenset(rng.sample(range(len(everybody)), round(len(everybody) * plan.shares.missing_name_part)))
    codes = _codes(len(everybody), rng)
    parties = []
    turn = 0
    for number, members in enumerate(made, start=1):
        party = PartyId(f"f{number:03d}")
        names = names_of(members, plan.names, own_citizenships, rng)
        persons = []
        for member, called in zip(members, names, strict=True):
            persons.append(
                Person(
                    id=codes[turn],
                    party=party,
                    group=member.group,
                    role=member.role,
                    sex=member.sex,
                    age_years=member.age_years,
                    born=_birthday(plan.reference_date, member.age_years, rng, new_year=turn in new_year),
                    citizenship=member.citizenship,
                    called=replace(called, family=None) if turn in nameless else called,
                    document_number=None if turn in unnumbered else _number(member.citizenship, rng),
                )
            )
            turn += 1
        parties.append(Party(id=party, group=members[0].group, members=tuple(persons)))
    return tuple(parties)


def names_of(
    members: Sequence[Member], pool: NamesPool, own_citizenships: Sequence[str], rng: Random
) -> tuple[Called, ...]:
    """The names of a party's members: one household, wives partly born elsewhere, siblings never alike."""
    house = household(pool, rng)
    taken = {house.father.arabic}
    names = []
    for member in members:
        own = member.citizenship in own_citizenships
        if member.role == "father":
            names.append(_father(house, rng, russian=own))
        elif member.role == "mother" and own and rng.random() < RUSSIAN_BORN_SHARE:
            married = house.family if rng.random() < UNDER_HUSBANDS_NAME_SHARE else None
            names.append(russian_born(pool, member.sex, rng, married))
        elif member.role in ("mother", "elder"):
            # Of another house; an elder under the same surname.
            other = household(pool, rng)
            other = replace(other, family=house.family) if member.role == "elder" else other
            names.append(child_of(other, _given(pool, member.sex, taken, rng), member.sex, russian=own))
        else:
            names.append(child_of(house, _given(pool, member.sex, taken, rng), member.sex, russian=own))
    return tuple(names)


def _father(house: Household, rng: Random, *, russian: bool) -> Called:
    above = replace(house, father=house.grandfather, grandfather=house.father)
    called = child_of(above, plain(house.father), "male", russian=russian and rng.random() < 0.5)
    return replace(called, grandfather=None)


def _given(pool: NamesPool, sex: Sex, taken: set[tuple[str, ...]], rng: Random) -> Name:
    while True:
        name = rng.choice(pool.arabic_female) if sex == "female" else plain(rng.choice(pool.arabic_male))
        if name.arabic not in taken:
            taken.add(name.arabic)
            return name


def _codes(count: int, rng: Random) -> list[PersonId]:
    """Ids that say nothing: not who, not when, not with whom."""
    return [PersonId(f"p{number:05d}") for number in rng.sample(range(10_000, 100_000), count)]


def _birthday(today: date, age_years: int, rng: Random, *, new_year: bool) -> date:
    """A birth date at which the age on `today` is as said; 1 January where only the year is known."""
    if new_year:
        return date(today.year - age_years, 1, 1)
    while True:
        born = today - timedelta(days=age_years * 365 + age_years // 4 + rng.randrange(1, 365))
        turned = (today.month, today.day) >= (born.month, born.day)
        if today.year - born.year - (not turned) == age_years and (born.month, born.day) != (1, 1):
            return born


def _number(citizenship: str, rng: Random) -> str:
    """A number no office gives out: two letters of the country and seven digits."""
    return f"{citizenship[:2]}{rng.randrange(10**7):07d}"
