"""Which convoys, flights and sailings there are, where each stands, and who is aboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import LegId, MovementId, PersonId, PlaceId
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.journey.board.folding.courses import Course
from corridor.journey.board.folding.kept import kept_of
from corridor.journey.board.people import Everybody
from corridor.journey.move.manifest import places
from corridor.journey.move.state import Movement
from corridor.ledger.accounts import parts

MovementState = Literal["planned", "boarding", "on_the_way", "arrived", "cancelled"]
"""`boarding` has people aboard and has not left; `arrived` may still have people aboard who were not seen alighting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementPicture:
    """One movement at `(at, known)`. Times are None when not known; `leg` and places when its plan has not arrived."""

    movement: MovementId
    name: str
    leg: LegId | None
    source: PlaceId | None
    target: PlaceId | None
    mode: str | None
    state: MovementState
    departs_at: Moment | None  # as planned
    arrives_at: Moment | None  # as planned
    departed_at: Moment | None
    arrived_at: Moment | None
    seats: int | None
    planned: frozenset[PersonId]
    people: tuple[PersonId, ...]  # aboard now, sorted


def movements(everybody: Everybody) -> tuple[MovementPicture, ...]:
    """Every movement that was planned or has people aboard, by departure (not known last), then by id."""
    view = everybody.view
    aboard = {MovementId(parts(name).name): name for name in view.accounts() if parts(name).type == "aboard"}
    people_of = view.people_of(aboard.values())
    courses: dict[MovementId, Course] = dict(everybody.courses.all)
    for movement in aboard.keys() - courses.keys():
        courses[movement] = Course(Movement(movement=movement), frozenset())
    # A picture follows from the movement's course and who is aboard: whose are the same, has the same one.
    drawn: dict[MovementId, tuple[Operation, Course, MovementPicture]] = kept_of(view.book).drawn
    found = []
    for movement, course in courses.items():
        people = people_of[aboard[movement]] if movement in aboard else ()
        before = drawn.get(movement)
        same = before is not None and before[0] is everybody.operation and before[1] is course
        if before is None or not same or before[2].people != people:
            before = (everybody.operation, course, _picture(everybody.operation, course, people))
            if view.lineage is not None:  # else it is of a moment that no later board follows
                drawn[movement] = before
        found.append(before[2])
    return tuple(sorted(found, key=_by_departure))


def next_departures(pictures: Iterable[MovementPicture]) -> tuple[MovementPicture, ...]:
    """The movements that have still to leave, soonest first, those without a time last."""
    return tuple(picture for picture in pictures if picture.state in ("planned", "boarding"))


def _picture(operation: Operation, course: Course, people: tuple[PersonId, ...]) -> MovementPicture:
    movement = course.movement
    leg = operation.leg(movement.leg) if movement.leg is not None and operation.has_leg(movement.leg) else None
    return MovementPicture(
        movement=movement.movement,
        name=movement.name or movement.movement,
        leg=movement.leg,
        source=leg.source if leg else None,
        target=leg.target if leg else None,
        mode=leg.mode if leg else None,
        state=_state(movement, bool(people)),
        departs_at=movement.departs_at,
        arrives_at=movement.arrives_at,
        departed_at=movement.departed_at,
        arrived_at=movement.arrived_at,
        seats=places(movement)["seat"] if movement.vehicles else None,
        planned=course.planned,
        people=people,
    )


def _state(movement: Movement, anybody_aboard: bool) -> MovementState:
    """What happened goes before what was decided."""
    if movement.arrived_at is not None:
        return "arrived"
    if movement.departed_at is not None:
        return "on_the_way"
    if movement.cancelled_why is not None:
        return "cancelled"
    return "boarding" if anybody_aboard else "planned"


def _by_departure(picture: MovementPicture) -> tuple[bool, int, str]:
    when = picture.departed_at if picture.departed_at is not None else picture.departs_at
    return (when is None, when or 0, picture.movement)
