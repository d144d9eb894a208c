"""When vehicles are on the road, and which of a fleet are free for another movement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from corridor.base.ids import LegId, MovementId, VehicleId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.base.operation import Fleet
from corridor.journey.move.events import Vehicle
from corridor.journey.move.state import Movement

Minutes = Callable[[LegId | None], int]
"""The usual minutes of a leg; 0 when it is not known."""


@dataclass(frozen=True, slots=True)
class Trip:
    """When a movement's vehicles are away: from departure to arrival, as they happened or else as planned."""

    start: Moment
    until: Moment


def trip_of(movement: Movement, minutes: Minutes) -> Trip | None:
    """The movement's trip; None while its departure is not known, or when it will not go. Without a time of arrival
    the usual minutes of its leg count."""
    start = movement.departed_at if movement.departed_at is not None else movement.departs_at
    if start is None or movement.status == "cancelled":
        return None
    until = movement.arrived_at if movement.arrived_at is not None else movement.arrives_at
    if until is None or until < start:
        until = Moment(start + minutes(movement.leg) * MINUTE_MS)
    return Trip(start, until)


def busy_vehicles(
    movements: Iterable[Movement], trip: Trip | None, minutes: Minutes, turnaround_minutes: int
) -> dict[VehicleId, MovementId]:
    """The vehicles that are on another movement during this trip, with the turnaround after either; none while the
    trip's times are not known, for nothing can be said then."""
    if trip is None:
        return {}
    turnaround = turnaround_minutes * MINUTE_MS
    found: dict[VehicleId, MovementId] = {}
    for movement in movements:
        other = trip_of(movement, minutes)
        if other is not None and other.start < trip.until + turnaround and trip.start < other.until + turnaround:
            found |= dict.fromkeys((one.vehicle for one in movement.vehicles), movement.movement)
    return found


def vehicles_of(fleet: Fleet) -> tuple[Vehicle, ...]:
    """Every vehicle of a fleet: its id is the fleet's with a number, `coaches-1`."""
    return tuple(
        Vehicle(
            vehicle=VehicleId(f"{fleet.id}-{number}"),
            seats=fleet.seats,
            stretchers=fleet.stretchers,
            wheelchairs=fleet.wheelchairs,
            type=fleet.kind,
        )
        for number in range(1, fleet.vehicles + 1)
    )


def serves(fleet: Fleet, leg: LegId, mode: str) -> bool:
    """Whether a fleet may go on a leg of that mode."""
    return fleet.mode == mode and (not fleet.legs or leg in fleet.legs)
