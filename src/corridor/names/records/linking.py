"""Which records of two registers, or of one, are the same person? Links with probabilities and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor.base.refusal import RefusalKind
from corridor.names.records.candidates import Pairs, candidates
from corridor.names.records.chance.counted import LEARN_FROM_RECORDS_MIN, chance_of_birth, chance_of_names, level_of
from corridor.names.records.chance.probability import Couples, Weighed
from corridor.names.records.columns import table_of
from corridor.names.records.likeness import CompareNames, NamesCompared
from corridor.names.records.record import Link, Reason, Record
from corridor.names.records.settings import COMPARISONS, settings
from corridor.names.records.weighing import weigh

PROBABILITY_MIN = 0.01
"""Pairs less likely than this are not proposed."""

TWICE = RefusalKind("record_twice", "Two records of one register have the id {record}.", "Give each record its own id.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The proposed links, the likeliest first, and how many pairs were weighed for them."""

    links: tuple[Link, ...]
    pairs_weighed: int
    prior: float


def match(a: Sequence[Record], b: Sequence[Record], compare: CompareNames, *, least: float = PROBABILITY_MIN) -> Linked:
    """Links between two registers: pairs of a record of `a` and one of `b` with a probability of `least` or more.

    One record may be in several links; a reason says so. Raises ValueError when an id comes twice in one register.
    """
    return _linked([*a, *b], compare, len(a), least)


def duplicates(records: Sequence[Record], compare: CompareNames, *, least: float = PROBABILITY_MIN) -> Linked:
    """Links within one register. Raises ValueError when an id comes twice."""
    return _linked(records, compare, None, least)


def _linked(records: Sequence[Record], compare: CompareNames, split: int | None, least: float) -> Linked:
    for part in (records,) if split is None else (records[:split], records[split:]):
        seen: set[str] = set()
        for record in part:
            if record.id in seen:
                raise ValueError(str(TWICE(record=record.id)))
            seen.add(record.id)
    compared = compare([record.names for record in records])
    pairs = candidates(records, compared, split)
    if not len(pairs):
        return Linked(links=(), pairs_weighed=0, prior=0.0)
    weighed = weigh_pairs(records, compared, pairs, split)
    return Linked(links=_links(records, weighed, least), pairs_weighed=len(pairs), prior=weighed.prior)


def weigh_pairs(records: Sequence[Record], compared: NamesCompared, pairs: Pairs, split: int | None) -> Weighed:
    """The weights of candidate pairs; learned from these records where there are enough of them."""
    count = len(records)
    learn = (count if split is None else min(split, count - split)) >= LEARN_FROM_RECORDS_MIN
    couples = (
        Couples(count * (count - 1) / 2, count / 2)
        if split is None
        else Couples(split * (count - split), min(split, count - split))
    )
    weighing = pairs
    if learn and split is not None:  # two people of one register teach as much as two of different ones
        weighing = candidates(records, compared)
    alike = compared.of_pairs(weighing.first, weighing.second)
    names_u = chance_of_names(compared, count) if learn else None
    birth_u = chance_of_birth(records) if learn else None
    stated = settings(names_u, birth_u, prior=min(0.25, couples.same_max / 5 / max(1.0, couples.every)))
    return weigh(table_of(records, weighing, level_of(alike.likeness), alike.kin), pairs, stated, couples, learn=learn)


def _links(records: Sequence[Record], weighed: Weighed, least: float) -> tuple[Link, ...]:
    likely = np.flatnonzero(weighed.probability >= least)
    order = likely[
        np.lexsort((weighed.pairs.second[likely], weighed.pairs.first[likely], -weighed.probability[likely]))
    ]
    best: dict[int, int] = {}
    for row in order.tolist():
        for place in (int(weighed.pairs.first[row]), int(weighed.pairs.second[row])):
            best.setdefault(place, row)
    found = []
    for row in order.tolist():
        first, second = int(weighed.pairs.first[row]), int(weighed.pairs.second[row])
        because = _because(weighed, row)
        for place, other in ((first, second), (second, first)):
            if best[place] != row and weighed.probability[best[place]] > 0.5:
                because += (_likelier(records, weighed, best[place], place, other),)
        probability = round(float(weighed.probability[row]), 6)
        found.append(Link(a=records[first].id, b=records[second].id, probability=probability, because=because))
    return tuple(found)


def _because(weighed: Weighed, row: int) -> tuple[Reason, ...]:
    """What was compared and known of both, what weighs most first."""
    reasons = []
    for column, (about, levels) in enumerate(COMPARISONS.items()):
        level = levels[int(weighed.outcomes[row, column])]
        if level.m is not None:
            weight = round(float(weighed.weights[row, column]), 2)
            reasons.append(Reason(about=about, code=level.code, says=level.says, weight=weight))
    if weighed.name_alone[row]:
        says = "neither birth date nor document could be compared: a namesake would look the same"
        reasons.append(Reason(about="names", code="name_alone", says=says, weight=0.0))
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.weight)))


def _likelier(records: Sequence[Record], weighed: Weighed, row: int, place: int, other: int) -> Reason:
    """That one of the two records has a likelier link elsewhere: nobody is silently linked twice."""
    first, second = int(weighed.pairs.first[row]), int(weighed.pairs.second[row])
    rival = records[second if first == place else first].id
    says = f"{records[place].id} is likelier to be {rival} ({weighed.probability[row]:.3f})"
    return Reason(about="likelier", code="likelier_elsewhere", says=says, weight=0.0)
