"""Whether there is room for passengers on a movement, and how they share out into events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corridor.base.ids import OfferId, PersonId, VehicleId
from corridor.base.limits import EVENT_PERSONS_MAX
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.move import refusals as no
from corridor.journey.move.events import PlaceType
from corridor.journey.move.manifest import TAKING, free_places, offer_left, vehicle_free
from corridor.journey.move.orders import Passenger
from corridor.journey.move.state import Movement

Spot = tuple[PlaceType, VehicleId | None, str | None]


def named(persons: Iterable[PersonId]) -> str:
    """Ids for a sentence, sorted; a dash for nobody."""
    return ", ".join(sorted(persons)) or "-"


def by_event(persons: Iterable[PersonId]) -> Iterator[tuple[PersonId, ...]]:
    """The persons sorted, in as many parts as events may name at once."""
    ranked = sorted(set(persons))
    for first in range(0, len(ranked), EVENT_PERSONS_MAX):
        yield tuple(ranked[first : first + EVENT_PERSONS_MAX])


def by_spot(passengers: Iterable[Passenger]) -> Iterator[tuple[Spot, tuple[PersonId, ...]]]:
    """The passengers who share place type, vehicle and seat number, in parts for one event each."""
    spots: dict[Spot, list[PersonId]] = {}
    for one in passengers:
        spots.setdefault((one.place_type, one.vehicle, one.seat), []).append(one.person)
    for spot, persons in spots.items():
        for part in by_event(persons):
            yield spot, part


def no_room(
    movement: Movement,
    passengers: tuple[Passenger, ...],
    at: Moment,
    escort_seats: int,
    offer: OfferId | None = None,
) -> Refusal | None:
    """Why these passengers have no room: on the whole movement by place type, in a named vehicle, or on an offer.

    Who already has a place of that type planned, or a seat held, keeps it and asks for none.
    """
    asking = {one.person: one.place_type for one in passengers}
    rows = {row.person: row for row in movement.rows}
    settled = {
        person
        for person, place_type in asking.items()
        if (row := rows.get(person)) is not None and row.planned is not None and row.planned.place_type == place_type
    }
    others = replace(
        movement,
        rows=tuple(row for row in movement.rows if row.person not in asking or row.person in settled),
        holds={person: until for person, until in movement.holds.items() if person not in asking},
    )
    asked: Counter[PlaceType] = Counter(one for person, one in asking.items() if person not in settled and one != "lap")
    free = free_places(others, at, escort_seats)
    if offer is not None:
        left = offer_left(movement, offer, at)
        if asked.total() > left:
            return no.NO_PLACE_LEFT(asked=asked.total(), place_type="offered", where=offer, free=left)
        free["seat"] += asked.total()  # the seats kept for the partner are theirs to take
    for place_type in TAKING:
        if asked[place_type] and asked[place_type] > free[place_type]:
            there = max(0, free[place_type])
            return no.NO_PLACE_LEFT(asked=asked[place_type], place_type=place_type, where=movement.movement, free=there)
    return _no_room_in_vehicle(movement, passengers)


def _no_room_in_vehicle(movement: Movement, passengers: tuple[Passenger, ...]) -> Refusal | None:
    persons = {one.person for one in passengers}
    others = replace(movement, rows=tuple(row for row in movement.rows if row.person not in persons))
    for vehicle in dict.fromkeys(one.vehicle for one in passengers if one.vehicle is not None):
        free = vehicle_free(others, vehicle)
        if free is None:
            known = named(PersonId(one.vehicle) for one in movement.vehicles)
            return no.VEHICLE_NOT_KNOWN(movement=movement.movement, vehicle=vehicle, vehicles=known)
        asked: Counter[PlaceType] = Counter(
            one.place_type for one in passengers if one.vehicle == vehicle and one.place_type != "lap"
        )
        for place_type, number in asked.items():
            if number > free[place_type]:
                there = max(0, free[place_type])
                return no.NO_PLACE_LEFT(asked=number, place_type=place_type, where=vehicle, free=there)
    return None
