"""Which movements bring people home: who is on each, when it is expected, and who of them is still to be received."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.base.operation import Operation
from corridor.journey.move.state import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """One movement that ends at home. `persons` are who boarded; before it leaves, whoever is on its manifest.

    `expected_at` is the arrival as recorded, as planned, or (`estimated`) from its departure and what its leg usually
    takes; None: not known.
    """

    movement: Movement
    place: PlaceId
    persons: tuple[PersonId, ...]  # sorted
    expected_at: Moment | None
    estimated: bool

    @property
    def landed(self) -> bool:
        """Whether it has arrived."""
        return self.movement.status == "arrived"


def landings(operation: Operation, movements: Iterable[Movement]) -> tuple[Landing, ...]:
    """Every movement home that was not cancelled: those to come by when they are expected, then the last to land."""
    homes = {place.id for place in operation.places_of("home")}
    found = []
    for movement in movements:
        if movement.leg is None or not operation.has_leg(movement.leg) or movement.status == "cancelled":
            continue
        leg = operation.leg(movement.leg)
        if leg.target in homes:
            found.append(_landing(movement, leg.target, leg.minutes))
    return tuple(sorted(found, key=_turn))


def _landing(movement: Movement, place: PlaceId, minutes: int) -> Landing:
    left = movement.status in ("departed", "arrived")
    persons = movement.boarded if left else movement.boarded | movement.planned
    started = movement.departed_at if movement.departed_at is not None else movement.departs_at
    told = movement.arrived_at if movement.arrived_at is not None else movement.arrives_at
    estimated = told is None and started is not None
    expected = Moment(started + minutes * MINUTE_MS) if told is None and started is not None else told
    return Landing(
        movement=movement, place=place, persons=tuple(sorted(persons)), expected_at=expected, estimated=estimated
    )


def _turn(one: Landing) -> tuple[bool, bool, int, str]:
    expected = one.expected_at
    return (one.landed, expected is None, -(expected or 0) if one.landed else expected or 0, one.movement.movement)


def by_group(persons: Collection[PersonId], groups: Iterable[frozenset[PersonId]]) -> tuple[tuple[PersonId, ...], ...]:
    """These people by who belongs together, each group sorted; who belongs to nobody is alone."""
    left = set(persons)
    found = []
    for group in groups:
        here = tuple(sorted(group & left))
        if here:
            found.append(here)
            left -= group
    return tuple(sorted([*found, *((person,) for person in left)]))
