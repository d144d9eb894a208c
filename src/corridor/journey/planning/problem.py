"""The board as a problem: what there is to plan, by what is known at its moment."""

from __future__ import annotations

from collections.abc import Iterable

from corridor.base.ids import MovementId, PersonId
from corridor.base.moments import HOUR_MS, MINUTE_MS, Moment, iso
from corridor.journey.board.board import Board
from corridor.journey.planning.by_hand import with_absences
from corridor.journey.planning.clock import PlanClock
from corridor.journey.planning.closures import with_closures
from corridor.journey.planning.escorts import pools_of
from corridor.journey.planning.flights import announced, without_taken
from corridor.journey.planning.people import StandOf, parties_of, stand_on
from corridor.journey.planning.road import SLOT_MINUTES, Road, road_of
from corridor.plan.problem import VERSION, Flight, Lock, Objective, Problem

LEAD_MINUTES = 30
"""How long there is at least from asking for a plan to its first convoy or crossing, to look at it and issue it."""


def hour_of(now: Moment) -> Moment:
    """The beginning of the hour: a plan begins there, so that its convoys leave on full hours."""
    return Moment(now // HOUR_MS * HOUR_MS)


def problem_from(
    board: Board,
    *,
    hours: int,
    start: Moment | None = None,
    lead_minutes: int = 0,
    stand_of: StandOf | None = None,
    flights: Iterable[Flight] | None = None,
    objective: Objective | None = None,
    locks: tuple[Lock, ...] = (),
) -> Problem:
    """Everybody who is still to travel, from `start` (None: the board's moment) so many hours ahead; nobody sets out or
    crosses earlier than `lead_minutes` after the board's moment.

    `stand_of` says where people stand (None: as the board does); `flights` which there are (None: those announced). A
    full hour is a slot, counted from the start. What is said of who and what the problem does not have any more is left
    out of `locks`.
    """
    clock = PlanClock(board.at if start is None else start, hours * 60)
    road = with_closures(board, road_of(board.operation, clock), clock)
    told: dict[PersonId, MovementId] = {}
    stand_of, earliest = stand_of or stand_on(board, road), Moment(board.at + lead_minutes * MINUTE_MS)
    if flights is None:
        flights = tuple(announced(board, road, clock))
        for flight in flights:
            told |= dict.fromkeys(board.everybody.move.movements[flight.id].planned, flight.id)
        parties = tuple(parties_of(board, road, clock, stand_of, told, earliest))
        movers = {person for party in parties for person in party.members}
        flights = tuple(without_taken(board, flight, movers) for flight in flights)
    else:
        parties = tuple(parties_of(board, road, clock, stand_of, None, earliest))
    flights = tuple(flights)
    there = {party.id for party in parties}, {flight.id for flight in flights}
    return Problem(
        version=VERSION,
        name=f"{board.operation.name} {iso(clock.start)}",
        start=clock.start,
        slot_minutes=SLOT_MINUTES,
        minutes=clock.minutes,
        origins=road.origins,
        gates=road.gates,
        legs=road.legs,
        fleets=with_absences(board, road, clock),
        pools=pools_of(board, clock),
        stagings=road.stagings,
        stations=road.stations,
        airports=road.airports,
        flights=flights,
        parties=parties,
        locks=tuple(one for one in locks if one.party in there[0] and (one.flight is None or one.flight in there[1])),
        objective=objective or Objective(),
    )


def road_for(board: Board, hours: int) -> Road:
    """The road that `problem_from` uses."""
    return road_of(board.operation, PlanClock(board.at, hours * 60))
