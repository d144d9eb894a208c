"""How likely is each pair one person by the weights that ship? The same sum as Splink's, without Splink.

Headquarters asks it while people work: it needs neither packages nor memory beside the register, and weighs one pair
as it weighs all. What chance does is counted in the register; how often records of one person agree is as shipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.names.records.candidates import Pairs, candidates
from corridor.names.records.chance.counted import (
    LEARN_FROM_RECORDS_MIN,
    chance_of_birth,
    chance_of_names,
    level_of,
)
from corridor.names.records.chance.probability import WEIGHT_MIN, Couples, Weighed, concluded, prior_of
from corridor.names.records.likeness import CompareNames, NamesCompared
from corridor.names.records.record import Record, days_of, document_key, is_rough
from corridor.names.records.settings import COMPARISONS, NAME_LEVELS, About, chances_of_levels

Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

NONE = -1
"""A code or a number that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What a register shows of chance. `names`, `birth` as `settings` takes them, None: as shipped; `citizenships` is
    the share of people with each; `prior` that of any two records being one person.
    """

    names: tuple[float, ...] | None
    birth: float | None
    citizenships: Mapping[str, float]
    prior: float


def weigh_register(records: Sequence[Record], compare: CompareNames) -> tuple[Weighed, Chances]:
    """The candidate pairs of one register, weighed, and what it shows of chance."""
    compared = compare([record.names for record in records])
    pairs, count = candidates(records, compared), len(records)
    couples = Couples(max(1.0, count * (count - 1) / 2), count / 2)
    learn = count >= LEARN_FROM_RECORDS_MIN
    first = Counter(record.citizenships[0] for record in records if record.citizenships)
    chances = Chances(
        names=chance_of_names(compared, count) if learn else None,
        birth=chance_of_birth(records) if learn else None,
        citizenships={one: number / first.total() for one, number in first.items()},
        prior=min(0.25, max(1, count) / 10 / couples.every),
    )
    weights, outcomes = _weights(records, compared, pairs, chances)
    prior = prior_of(weights.sum(axis=1), couples, chances.prior) if len(pairs) else chances.prior
    told = Chances(names=chances.names, birth=chances.birth, citizenships=chances.citizenships, prior=prior)
    return concluded(pairs, weights, outcomes, prior), told


def weigh_some(records: Sequence[Record], compare: CompareNames, pairs: Pairs, chances: Chances) -> Weighed:
    """Some pairs of these records, weighed by what is known of chance."""
    weights, outcomes = _weights(records, compare([record.names for record in records]), pairs, chances)
    return concluded(pairs, weights, outcomes, chances.prior)


def _weights(
    records: Sequence[Record], compared: NamesCompared, pairs: Pairs, chances: Chances
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """log2 of how much likelier each comparison's outcome is for one person than for two, and the outcomes."""
    columns = _Columns.of(records)
    alike = compared.of_pairs(pairs.first, pairs.second)
    met: dict[str, Flags] = {
        **_of_names(columns, pairs, level_of(alike.likeness), alike.kin),
        **_of_births(columns, pairs, alike.kin),
        **_of_the_rest(columns, pairs),
    }
    weights = np.zeros((len(pairs), len(COMPARISONS)))
    outcomes = np.zeros((len(pairs), len(COMPARISONS)), np.int8)
    about: About
    for column, (about, levels) in enumerate(COMPARISONS.items()):
        left = np.ones(len(pairs), np.bool_)
        chance = chances_of_levels(about, chances.names, chances.birth)
        for place, level in enumerate(levels):
            here = left if level.sql is None else left & met[level.code]
            outcomes[here, column] = place
            left = left & ~here
            if level.m is not None:
                found = np.log2(level.m / chance[level.code])
                weights[here, column] = found if level.fixed_m else max(found, WEIGHT_MIN)
            if level.frequency is not None:
                weights[here, column] += _rarer(records, pairs, here, chance[level.code], chances.citizenships)
    return weights, outcomes


def _rarer(
    records: Sequence[Record], pairs: Pairs, here: Flags, chance: float, shares: Mapping[str, float]
) -> NDArray[np.float64]:
    """How much more a rare citizenship tells than one of the usual share. One that was not counted tells as usual."""
    common = {one: np.log2(chance / share) for one, share in shares.items()}
    return np.array([common.get(records[place].citizenships[0], 0.0) for place in pairs.first[here].tolist()])


@dataclass(frozen=True, slots=True)
class _Columns:
    """Records as numbers; `NONE` where nothing is known. A row of `citizenships` and `documents` holds all of one."""

    named: Flags
    year: Codes
    month: Codes
    day: Codes
    days: Codes
    rough: Flags
    sex: Codes
    citizenships: Codes
    documents: Codes

    @classmethod
    def of(cls, records: Sequence[Record]) -> _Columns:
        births = [record.birth for record in records]

        def numbers(found: Sequence[int | None]) -> Codes:
            return np.array([NONE if one is None else one for one in found], np.int64)

        documents = [[key for one in record.documents if (key := document_key(one)) is not None] for record in records]
        return cls(
            named=np.array([bool(record.names) for record in records], np.bool_),
            year=numbers([None if birth is None else birth.year for birth in births]),
            month=numbers([None if birth is None else birth.month for birth in births]),
            day=numbers([None if birth is None else birth.day for birth in births]),
            days=numbers([days_of(birth) for birth in births]),
            rough=np.array([birth is not None and is_rough(birth) for birth in births], np.bool_),
            sex=numbers([None if record.sex is None else "fm".index(record.sex) for record in records]),
            citizenships=_coded([record.citizenships for record in records]),
            documents=_coded(documents),
        )


def _coded(texts: Sequence[Sequence[str]]) -> Codes:
    """Each text as a number, a row a record."""
    numbers: dict[str, int] = {}
    found = np.full((len(texts), max(1, max(map(len, texts), default=1))), NONE, np.int64)
    for row, some in enumerate(texts):
        found[row, : len(some)] = [numbers.setdefault(text, len(numbers)) for text in some]
    return found


def _of_names(columns: _Columns, pairs: Pairs, levels: NDArray[np.int8], kin: Flags) -> dict[str, Flags]:
    coded = [level.code for level in COMPARISONS["names"] if level.sql is not None and level.m is not None]
    near = dict(zip(coded[1:], range(NAME_LEVELS, 0, -1), strict=True))
    return {
        "no_name": ~(columns.named[pairs.first] & columns.named[pairs.second]),
        "names_kin": kin,
        **{code: levels == level for code, level in near.items()},
    }


def _of_births(columns: _Columns, pairs: Pairs, kin: Flags) -> dict[str, Flags]:
    one, other = pairs.first, pairs.second
    years, months, days = columns.year, columns.month, columns.day
    known = (years[one] != NONE) & (years[other] != NONE)
    rough = columns.rough[one] | columns.rough[other]
    exact = known & ~rough & (days[one] != NONE) & (days[other] != NONE)
    apart = np.abs(years[one] - years[other])
    same_year, same_month, same_day = apart == 0, months[one] == months[other], days[one] == days[other]
    slip = same_month & same_day & np.isin(apart, (1, 2, 10))
    dated = (columns.days[one] != NONE) & (columns.days[other] != NONE)
    return {
        "no_birth": ~known,
        "birth_generation": apart > 12,
        "birth_twin": exact & same_year & same_month & same_day & kin,
        "birth_same": exact & same_year & same_month & same_day,
        "birth_exchanged": exact & same_year & (months[one] == days[other]) & (days[one] == months[other]),
        "birth_one_part": exact & ((same_year & (same_month | same_day)) | slip),
        "birth_days_apart": ~rough & dated & (np.abs(columns.days[one] - columns.days[other]) <= 10),
        "birth_same_year": rough & same_year,
        "birth_next_year": rough & (apart == 1),
    }


def _of_the_rest(columns: _Columns, pairs: Pairs) -> dict[str, Flags]:
    one, other = pairs.first, pairs.second
    sexes, states, papers = columns.sex, columns.citizenships, columns.documents

    def shared(codes: Codes) -> Flags:
        """Whether the first of one is among all of the other."""
        found: Flags = (codes[one] == codes[other][:, :1]).any(axis=1) | (codes[other] == codes[one][:, :1]).any(axis=1)
        return found

    def unknown(codes: Codes) -> Flags:
        found: Flags = (codes[one, 0] == NONE) | (codes[other, 0] == NONE)
        return found

    return {
        "no_sex": (sexes[one] == NONE) | (sexes[other] == NONE),
        "sex_same": sexes[one] == sexes[other],
        "no_citizenship": unknown(states),
        "citizenship_same": states[one, 0] == states[other, 0],
        "citizenship_shared": shared(states),
        "no_document": unknown(papers),
        "document_same": shared(papers),
    }
