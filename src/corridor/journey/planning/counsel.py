"""Go, wait or merge: what to do with each aircraft of a plan, and what deciding otherwise would cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from corridor.base.ids import MovementId
from corridor.plan.advice import Advice, Planner, advise
from corridor.plan.answer import Plan
from corridor.plan.problem import Flight, Problem

WAITS_MINUTES = (180, 360, 720, 1440)
"""How much later each flight is tried: three, six, twelve hours, a day."""

Best = Literal["go", "wait", "merge", "stay"]


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """A flight that takes people over, and how many."""

    flight: MovementId
    persons: int


class Counsel(msgspec.Struct, frozen=True, kw_only=True):
    """Of one flight: the plan's points if it goes as announced, if it does not go, and if it waits; None where waiting
    is not tried (its time is open, or nothing later is within the plan).

    `merge_into` are the flights that take its people where it does not go.
    """

    flight: MovementId
    goes: float
    stays: float
    waits: float | None = None
    wait_minutes: int | None = None
    merge_into: tuple[Merged, ...] = ()

    @property
    def best(self) -> Best:
        """What costs least; going wins a tie. Staying on the ground is merging where others take its people."""
        if self.waits is not None and self.waits < min(self.goes, self.stays):
            return "wait"
        if self.goes <= self.stays:
            return "go"
        return "merge" if self.merge_into else "stay"

    @property
    def regret(self) -> float:
        """Points that the second best costs more."""
        tried = sorted(one for one in (self.goes, self.stays, self.waits) if one is not None)
        return tried[1] - tried[0]


def settled(problem: Problem, plan: Plan) -> Problem:
    """The problem with every flight that may choose its hour at the one a plan has for it, so that what is asked of it
    is asked of that hour."""
    hours = {run.flight: run.departs_minute for run in plan.flights if run.departs_minute is not None}
    flights = tuple(
        msgspec.structs.replace(one, departs_from_minute=hours[one.id], departs_until_minute=hours[one.id])
        if one.id in hours and not one.scenarios
        else one
        for one in problem.flights
    )
    return msgspec.structs.replace(problem, flights=flights)


@dataclass(frozen=True, slots=True)
class _Later:
    minutes: int
    value: float


def counsel(problem: Problem, flight: MovementId, planner: Planner) -> Counsel:
    """What going, staying and waiting of a flight are worth, everything else planned anew each time."""
    advice: Advice = advise(problem, flight, planner)
    later = _best_wait(problem, flight, planner)
    return Counsel(
        flight=flight,
        goes=advice.goes,
        stays=advice.stays,
        waits=None if later is None else later.value,
        wait_minutes=None if later is None else later.minutes,
        merge_into=tuple(Merged(flight=other, persons=persons) for other, persons in advice.merge_into),
    )


def _best_wait(problem: Problem, flight: MovementId, planner: Planner) -> _Later | None:
    asked = next(one for one in problem.flights if one.id == flight)
    if asked.scenarios or asked.departs_from_minute < asked.departs_until_minute:
        return None
    tried = [
        _Later(minutes, planner(_waiting(problem, asked, minutes)).value)
        for minutes in WAITS_MINUTES
        if asked.departs_from_minute + minutes < problem.minutes
    ]
    return min(tried, key=lambda one: (one.value, one.minutes)) if tried else None


def _waiting(problem: Problem, asked: Flight, minutes: int) -> Problem:
    """The problem with the flight so much later, and not left on the ground."""
    departs = asked.departs_from_minute + minutes
    later = msgspec.structs.replace(asked, departs_from_minute=departs, departs_until_minute=departs, optional=False)
    flights = tuple(later if one.id == asked.id else one for one in problem.flights)
    return msgspec.structs.replace(problem, flights=flights)
