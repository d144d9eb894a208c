"""What does an officer's word on a belief mean for the laws behind it?

An officer says a typical value in the unit in which the belief is shown, and what it is worth; the laws are told in
logs, cases and days.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corridor.forecast.beliefs.priors import ByHand, shipped
from corridor.journey.issuing.state import SHOWN_BELIEFS, BeliefSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """What paces are measured beside: persons a day of the crossing, minutes from crossing to staging."""

    gate_persons_per_day: float
    hall_minutes: float


def by_order(beliefs: Iterable[BeliefSet], scales: Scales) -> tuple[ByHand, ...]:
    """The laws' parameters for what officers set; each keeps the officer's reason."""
    return tuple(hand for one in beliefs for hand in _hands(one, scales))


def _hands(one: BeliefSet, scales: Scales) -> Iterator[ByHand]:
    for name, value in _parameters(one, scales):
        yield ByHand(belief=f"{one.belief}.{name}", value=value, why=one.why)


def _parameters(one: BeliefSet, scales: Scales) -> tuple[tuple[str, float], tuple[str, float]]:
    """A pace has a mean worth so many cases, a rate so many cases in so many days, a part cases and others."""
    assert one.belief in SHOWN_BELIEFS, one.belief
    table = shipped()[one.belief]
    if "mean" in table:
        scale = {"gate_pace": scales.gate_persons_per_day, "hall_minutes": scales.hall_minutes}.get(one.belief, 1.0)
        return ("mean", math.log(one.typical / scale)), ("worth", one.worth)
    if "days" in table:
        return ("cases", one.typical * one.worth), ("days", one.worth)
    return ("cases", one.typical * one.worth), ("others", (1.0 - one.typical) * one.worth)
