"""How probable is it that two people in the register are one? Their records weighed with `names.records`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from corridor.base.ids import PersonId
from corridor.base.sheets.dates import BirthDate
from corridor.journey.register.duplicates.comparing import PROBABILITY_MIN, Pair
from corridor.journey.register.events import Sex
from corridor.journey.register.identity import Identity, full_names
from corridor.journey.register.state import RegisterState
from corridor.names.records.candidates import Pairs
from corridor.names.records.chance.shipped import Chances, weigh_register, weigh_some
from corridor.names.records.engine import names_engine
from corridor.names.records.record import Record, RecordId
from corridor.names.records.record import Sex as RecordSex

SEXES: Final[dict[Sex, RecordSex]] = {"female": "f", "male": "m"}


@dataclass(frozen=True, slots=True)
class Register:
    """What the whole register showed when it was weighed: the pairs that may be one person, and what chance does."""

    probable: Mapping[Pair, float]
    chances: Chances


def record_of(person: PersonId, identity: Identity, state: RegisterState) -> Record:
    """A person as the engine of records takes one."""
    born = identity.birth
    birth = None
    if born is not None and born.year is not None and born.precision != "unknown":
        birth = BirthDate(year=born.year, month=born.month, day=born.day, precision=born.precision)
    return Record(
        id=RecordId(person),
        names=full_names(identity),
        birth=birth,
        sex=None if state.sex is None else SEXES.get(state.sex),
        citizenships=tuple(state.citizenships),
        documents=tuple(one.number for one in identity.documents if one.number),
    )


def weighed(identities: Mapping[PersonId, Identity], states: Mapping[PersonId, RegisterState]) -> Register:
    """Everybody compared with everybody who is worth it; pairs of less than `PROBABILITY_MIN` are left out."""
    people = sorted(identities)
    records = [record_of(person, identities[person], states.get(person, RegisterState())) for person in people]
    found, chances = weigh_register(records, names_engine())
    probable = {
        (people[int(found.pairs.first[row])], people[int(found.pairs.second[row])]): float(found.probability[row])
        for row in np.flatnonzero(found.probability >= PROBABILITY_MIN).tolist()
    }
    return Register(probable, chances)


def weighed_again(
    person: PersonId,
    others: Sequence[PersonId],
    identities: Mapping[PersonId, Identity],
    states: Mapping[PersonId, RegisterState],
    chances: Chances,
) -> dict[Pair, float]:
    """One person with some others, by what chance did in the register: pairs of `PROBABILITY_MIN` or more."""
    if not others:
        return {}
    people = [person, *others]
    records = [record_of(one, identities[one], states.get(one, RegisterState())) for one in people]
    pairs = Pairs(np.zeros(len(others), np.int64), np.arange(1, len(people), dtype=np.int64))
    found = weigh_some(records, names_engine(), pairs, chances)
    return {
        (min(person, other), max(person, other)): float(probability)
        for other, probability in zip(others, found.probability, strict=True)
        if probability >= PROBABILITY_MIN
    }
