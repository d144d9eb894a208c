"""What somebody has planned by hand on the road, which a plan leaves as it is: who rides, which vehicles are away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.journey.board.board import Board
from corridor.journey.board.moving import is_open, usual_minutes
from corridor.journey.move.fleet import trip_of
from corridor.journey.move.state import Movement
from corridor.journey.planning.clock import PlanClock
from corridor.journey.planning.road import Road
from corridor.plan.problem import Absence, Fleet


@dataclass(frozen=True, slots=True)
class Ride:
    """Somebody is planned from a place to another, where they will be by then."""

    source: PlaceId
    target: PlaceId
    arrives_at: Moment


def is_of_plan(movement: Movement) -> bool:
    """Whether an issued plan made the movement and nobody has got in: the next plan may change it or call it off."""
    return movement.plan is not None and movement.status == "planned"


def riding(board: Board, road: Road) -> dict[PersonId, Ride]:
    """Who is on the manifest of a convoy behind the gate that was planned by hand, or is boarding, and whose time is
    known. One that should have left already is taken to leave now."""
    transfers = {leg.id for leg in road.legs if leg.fleets}
    found: dict[PersonId, Ride] = {}
    for movement in board.everybody.move.movements.values():
        if movement.leg not in transfers or not is_open(movement) or is_of_plan(movement):
            continue
        trip = trip_of(movement, usual_minutes(board))
        if trip is None:
            continue
        leg = board.operation.leg(movement.leg)
        late = max(0, board.at - trip.start)
        ride = Ride(leg.source, leg.target, Moment(trip.until + late))
        found |= dict.fromkeys(movement.planned, ride)
    return found


def with_absences(board: Board, road: Road, clock: PlanClock) -> tuple[Fleet, ...]:
    """The road's fleets without the vehicles that are on the way, or planned away by hand, with their way back."""
    away = {leg.id: leg.after_minutes for leg in road.legs}
    return tuple(
        Fleet(
            id=fleet.id,
            vehicles=fleet.vehicles,
            seats=fleet.seats,
            stretchers=fleet.stretchers,
            wheelchairs=fleet.wheelchairs,
            absences=tuple(_absences(board, fleet, clock, {str(leg): minutes for leg, minutes in away.items()})),
        )
        for fleet in road.fleets
    )


def _absences(board: Board, fleet: Fleet, clock: PlanClock, away: dict[str, int]) -> Iterator[Absence]:
    for movement in board.everybody.move.movements.values():
        count = sum(one.vehicle.rpartition("-")[0] == fleet.id for one in movement.vehicles)
        under_way = movement.status in ("departed", "arrived") or is_open(movement)
        trip = trip_of(movement, usual_minutes(board)) if count and under_way and not is_of_plan(movement) else None
        if trip is None:
            continue
        minutes = max((trip.until - trip.start) // MINUTE_MS, away.get(str(movement.leg), 0))
        until = clock.minute(Moment(trip.start + minutes * MINUTE_MS))
        if until > 0:
            begin = min(clock.minute(trip.start), until - 1)
            yield Absence(from_minute=begin, until_minute=until, count=count)
