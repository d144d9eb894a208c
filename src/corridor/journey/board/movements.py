"""Which convoys, flights and sailings there are, where each stands, and who is aboard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import LegId, MovementId, PersonId, PlaceId
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.journey.move.events import KINDS as MOVE_KINDS
from corridor.journey.move.events import PlannedAboard
from corridor.journey.move.manifest import places
from corridor.journey.move.state import Movement, fold
from corridor.journey.reading import read
from corridor.ledger.accounts import aboard_account, parts
from corridor.ledger.book.view import View

MovementState = Literal["planned", "boarding", "on_the_way", "arrived", "cancelled"]
"""`boarding` has people aboard and has not left; `arrived` may still have people aboard who were not seen alighting."""

MOVEMENT_KINDS = (
    "movement_planned",
    "movement_changed",
    "movement_cancelled",
    "departed",
    "arrived",
)
"""What a picture is made of: who is aboard comes from the book, not from a fold of every boarding."""

_MANIFEST_KINDS = {kind.name: kind for kind in MOVE_KINDS if kind.name in ("planned_aboard", "taken_off")}


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


def movements(operation: Operation, view: View) -> tuple[MovementPicture, ...]:
    """Every movement that was planned or has people aboard, by departure (not known last), then by id."""
    found = dict(fold(view.events(MOVEMENT_KINDS)).movements)
    planned = _planned(view)
    aboard = (name for type_, name in map(parts, view.accounts()) if type_ == "aboard")
    for movement in (*planned, *map(MovementId, aboard)):
        found.setdefault(movement, Movement(movement=movement))
    pictures = (_picture(operation, view, one, frozenset(planned.get(one.movement, ()))) for one in found.values())
    return tuple(sorted(pictures, key=_by_departure))


def _planned(view: View) -> dict[MovementId, set[PersonId]]:
    """Who is in the manifests' first column. Only these sets are wanted here: whole rows of a hundred thousand people
    took seconds."""
    found: dict[MovementId, set[PersonId]] = {}
    for event, body in read(view.events(tuple(_MANIFEST_KINDS)), _MANIFEST_KINDS, []):
        manifest = found.setdefault(body.movement, set())
        if isinstance(body, PlannedAboard):
            manifest.update(event.persons)
        else:
            manifest.difference_update(event.persons)
    return found


def next_departures(pictures: Iterable[MovementPicture]) -> tuple[MovementPicture, ...]:
    """The movements that have still to leave, soonest first, those without a time last."""
    return tuple(picture for picture in pictures if picture.state in ("planned", "boarding"))


def _picture(operation: Operation, view: View, movement: Movement, planned: frozenset[PersonId]) -> MovementPicture:
    people = view.people(aboard_account(movement.movement))
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
        planned=planned,
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
