"""Who shared a bus, a flight, a room or a shelter with a person, and from when to when: for infections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import MovementId, PersonId, PlaceId, VehicleId
from corridor.base.moments import Moment
from corridor.journey.arrive.state import ArriveState, Stay
from corridor.journey.move.state import Movement, Row

Shared = Literal["vehicle", "movement", "room", "shelter"]
"""`movement` and `shelter` where the vehicle or the room of one of the two is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody who was in the same place as the person. `until` None: they still are."""

    person: PersonId
    shared: Shared
    movement: MovementId | None  # None: it was at a shelter
    vehicle: VehicleId | None  # None: not known, or at a shelter
    shelter: PlaceId | None  # None: it was on a movement
    room: str | None  # None: not known, or on a movement
    seat: str | None  # the other's; None: not known
    since: Moment
    until: Moment | None


def contacts_of(
    person: PersonId,
    movements: Iterable[Movement],
    states: Mapping[PersonId, ArriveState],
    stays: Mapping[PlaceId, Iterable[tuple[PersonId, Stay]]],
) -> tuple[Contact, ...]:
    """Everybody who shared something with a person, the latest first; one row for each thing shared.

    On a movement people are together from the later boarding to the earlier alighting, when both were in the same
    vehicle or one of the vehicles is not known; at a shelter while both stayed there, in the same room or one of the
    rooms not known. `stays` are as `shelters.stays_by_shelter` gives them; only the person's own are looked at.
    """
    found = [one for movement in movements for one in _aboard(person, movement)]
    own = states.get(person)
    for stay in own.stays if own is not None else ():
        found += _at_shelter(person, stay, stays.get(stay.shelter, ()))
    return tuple(sorted(found, key=lambda one: (-one.since, one.person)))


def _aboard(person: PersonId, movement: Movement) -> Iterator[Contact]:
    own = next((row for row in movement.rows if row.person == person and row.boarded is not None), None)
    if own is None:
        return
    for row in movement.rows:
        vehicles = {_vehicle(own), _vehicle(row)}
        if row.person == person or row.boarded is None or (None not in vehicles and len(vehicles) > 1):
            continue
        together = _overlap((own.boarded_at, own.alighted_at), (row.boarded_at, row.alighted_at))
        if together is not None:
            known = None not in vehicles
            yield Contact(
                person=row.person,
                shared="vehicle" if known else "movement",
                movement=movement.movement,
                vehicle=_vehicle(row) if known else None,
                shelter=None,
                room=None,
                seat=row.boarded.seat,
                since=together[0],
                until=together[1],
            )


def _vehicle(row: Row) -> VehicleId | None:
    return row.boarded.vehicle if row.boarded is not None else None


def _at_shelter(person: PersonId, own: Stay, others: Iterable[tuple[PersonId, Stay]]) -> Iterator[Contact]:
    for other, stay in others:
        rooms = {own.room, stay.room}
        if other == person or (None not in rooms and len(rooms) > 1):
            continue
        together = _overlap((own.began_at, own.ended_at), (stay.began_at, stay.ended_at))
        if together is not None:
            known = None not in rooms
            yield Contact(
                person=other,
                shared="room" if known else "shelter",
                movement=None,
                vehicle=None,
                shelter=own.shelter,
                room=own.room if known else None,
                seat=None,
                since=together[0],
                until=together[1],
            )


def _overlap(
    one: tuple[Moment | None, Moment | None], other: tuple[Moment | None, Moment | None]
) -> tuple[Moment, Moment | None] | None:
    """From when to when two spans overlap; an end of None is open. None: they do not, or a beginning is not known."""
    if one[0] is None or other[0] is None:
        return None
    ends = [end for end in (one[1], other[1]) if end is not None]
    since, until = max(one[0], other[0]), min(ends, default=None)
    return None if until is not None and until <= since else (since, until)
