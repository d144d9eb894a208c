"""How a plan is made: solved, and where flights may choose their hour, the hours tried first."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from corridor.plan.advice import choose_departures
from corridor.plan.answer import Plan
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.finish import finished
from corridor.plan.problem import Flight, Problem
from corridor.plan.solve.solving import solve
from corridor.plan.solve.work import Clock

Progress = Callable[[float, float | None], None]
"""Told a value and the bound (None: none yet), whenever one gets better."""

ON_HOURS = 0.6
"""The share of the time spent on the hours that were found, where flights may choose theirs."""


def make(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    clock: Clock,
    warm: Plan | None = None,
    progress: Progress | None = None,
) -> Plan:
    """A plan for a problem without faults, the best found in about so many seconds of the clock, with its bound.

    Where flights may choose their hour, the hours are tried by a dispatcher first, the solver goes on from there, and
    the better plan is taken. The bound is of the whole problem, with every hour each flight may leave.
    """
    if not any(_chooses(flight) for flight in problem.flights):
        return solve(problem, seconds=seconds, seed=seed, clock=clock, warm=warm, progress=progress)
    began = clock()
    tried = choose_departures(problem, lambda other: dispatch(other, "priority"))
    settled = msgspec.structs.replace(problem, flights=_at_the_hours_of(problem, tried))
    on_hours = solve(settled, seconds=seconds * ON_HOURS, seed=seed, clock=clock, warm=tried, progress=progress)
    left = max(0.0, seconds - (clock() - began))
    free = solve(problem, seconds=left, seed=seed, clock=clock, warm=warm, progress=progress)
    best = min((free, on_hours, tried), key=lambda plan: plan.value)
    return finished(
        problem,
        made_by=best.made_by,
        seed=seed,
        convoys=best.convoys,
        flights=best.flights,
        ways=best.ways,
        bound=free.bound,
        cpu_seconds=clock() - began,
    )


def _chooses(flight: Flight) -> bool:
    return flight.departs_from_minute < flight.departs_until_minute and not flight.scenarios


def _at_the_hours_of(problem: Problem, plan: Plan) -> tuple[Flight, ...]:
    """The flights with the hours of a plan; one that does not fly there keeps its choice."""
    hours = {run.flight: run.departs_minute for run in plan.flights if run.departs_minute is not None}
    return tuple(
        msgspec.structs.replace(flight, departs_from_minute=hours[flight.id], departs_until_minute=hours[flight.id])
        if _chooses(flight) and flight.id in hours
        else flight
        for flight in problem.flights
    )
