"""Go, wait or merge: which aircraft should fly, and what it costs to decide otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

import msgspec

from corridor.base.ids import MovementId
from corridor.plan.answer import FlightRun, Plan
from corridor.plan.finish import finished
from corridor.plan.problem import Flight, Problem

Planner = Callable[[Problem], Plan]
"""Makes a plan, by the solver or by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do with a flight: its plans' values if it goes and if it does not, and the regret of doing the worse.

    `merge_into` are the flights that take its people where it does not go, with how many people each.
    """

    flight: MovementId
    goes: float
    stays: float
    merge_into: tuple[tuple[MovementId, int], ...]

    @property
    def go(self) -> bool:
        """Whether it should fly."""
        return self.goes <= self.stays

    @property
    def regret(self) -> float:
        """Points that the other decision costs more."""
        return abs(self.goes - self.stays)


def planned_without(problem: Problem, grounded: Collection[MovementId], planner: Planner) -> Plan:
    """The plan in which these flights do not fly. They may be flights that are not optional: then it is a plan for a
    problem in which they are."""
    flights = tuple(_grounded(flight) if flight.id in grounded else flight for flight in problem.flights)
    plan = planner(msgspec.structs.replace(problem, flights=flights))
    return finished(
        problem,
        made_by=plan.made_by,
        seed=plan.seed,
        convoys=plan.convoys,
        flights=(FlightRun(flight=run.flight, flies=False) if run.flight in grounded else run for run in plan.flights),
        ways=plan.ways,
        cpu_seconds=plan.cpu_seconds,
    )


def _grounded(flight: Flight) -> Flight:
    """The flight with no place for anybody, so that there is nothing to fly for."""
    empty = {"seats": 0, "stretchers": 0, "wheelchairs": 0, "laps": 0, "overbooked_seats_max": 0}
    return msgspec.structs.replace(flight, optional=True, offers=(), offered_percent_min=0, escorts=(), **empty)


def advise(problem: Problem, flight: MovementId, planner: Planner) -> Advice:
    """What the flight's going and its staying are worth, everything else planned anew each time."""
    must_fly = tuple(
        msgspec.structs.replace(one, optional=False) if one.id == flight else one for one in problem.flights
    )
    goes = planner(msgspec.structs.replace(problem, flights=must_fly))
    stays = planned_without(problem, {flight}, planner)
    aboard = {way.party for way in goes.ways if way.flight == flight}
    persons = {party.id: party.persons for party in problem.parties}
    into: Counter[MovementId] = Counter()
    for way in stays.ways:
        if way.party in aboard and way.flight is not None:
            into[way.flight] += persons[way.party]
    return Advice(flight=flight, goes=goes.value, stays=stays.value, merge_into=tuple(into.most_common()))


def choose_flights(problem: Problem, planner: Planner, rounds: int = 3) -> Plan:
    """The best plan found by letting optional flights go or stay, one at a time, while that is better.

    Begins with all of them going; looks at each at most so many times.
    """
    optional = [flight.id for flight in problem.flights if flight.optional]
    grounded: frozenset[MovementId] = frozenset()
    best = planner(problem)
    for _ in range(rounds):
        before = best.value
        for flight in optional:
            other = grounded ^ {flight}
            plan = planned_without(problem, other, planner)
            if plan.value < best.value:
                best, grounded = plan, other
        if best.value == before:
            break
    return best


def choose_departures(problem: Problem, planner: Planner, every_slots: int = 4) -> Plan:
    """The best plan found by letting each flight whose time may be chosen leave at every so many slots of its window,
    one flight after the other, the earliest first; a wait that takes more people home is found so."""
    best, fixed = planner(problem), problem
    free = [one for one in problem.flights if one.departs_from_minute < one.departs_until_minute and not one.scenarios]
    for flight in sorted(free, key=lambda one: one.departs_from_minute):
        kept = fixed
        step = every_slots * problem.slot_minutes
        for departs in range(flight.departs_from_minute, flight.departs_until_minute + 1, step):
            other = _leaving(kept, flight.id, departs)
            plan = planner(other)
            if plan.value < best.value:
                best, fixed = plan, other
    return finished(
        problem,
        made_by=best.made_by,
        seed=best.seed,
        convoys=best.convoys,
        flights=best.flights,
        ways=best.ways,
        cpu_seconds=best.cpu_seconds,
    )


def _leaving(problem: Problem, flight: MovementId, departs: int) -> Problem:
    """The problem with the flight's time settled."""
    flights = tuple(
        msgspec.structs.replace(one, departs_from_minute=departs, departs_until_minute=departs)
        if one.id == flight
        else one
        for one in problem.flights
    )
    return msgspec.structs.replace(problem, flights=flights)
