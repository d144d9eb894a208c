"""The board as a problem: what there is to plan, by what is known at its moment."""

from __future__ import annotations

from collections.abc import Iterable

from corridor.base.moments import iso
from corridor.journey.board.board import Board
from corridor.journey.planning.clock import PlanClock
from corridor.journey.planning.closures import with_closures
from corridor.journey.planning.flights import announced
from corridor.journey.planning.people import StandOf, parties_of, stand_on
from corridor.journey.planning.road import SLOT_MINUTES, Road, road_of
from corridor.plan.problem import VERSION, Flight, Objective, Problem


def problem_from(
    board: Board,
    *,
    hours: int,
    stand_of: StandOf | None = None,
    flights: Iterable[Flight] | None = None,
    objective: Objective | None = None,
) -> Problem:
    """Everybody who is still to travel, from the board's moment so many hours ahead.

    `stand_of` says where people stand (None: as the board does); `flights` which there are (None: those announced). A
    full hour is a slot, counted from the board's moment.
    """
    clock = PlanClock(board.at, hours * 60)
    road = with_closures(board, road_of(board.operation, clock), clock)
    return Problem(
        version=VERSION,
        name=f"{board.operation.name} {iso(board.at)}",
        start=board.at,
        slot_minutes=SLOT_MINUTES,
        minutes=clock.minutes,
        origins=road.origins,
        gates=road.gates,
        legs=road.legs,
        fleets=road.fleets,
        pools=(),
        stagings=road.stagings,
        stations=road.stations,
        airports=road.airports,
        flights=tuple(announced(board, road, clock) if flights is None else flights),
        parties=tuple(parties_of(board, road, clock, stand_of or stand_on(board, road))),
        objective=objective or Objective(),
    )


def road_for(board: Board, hours: int) -> Road:
    """The road that `problem_from` uses."""
    return road_of(board.operation, PlanClock(board.at, hours * 60))
