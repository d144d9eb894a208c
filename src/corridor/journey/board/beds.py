"""How full a place will be as the planned movements come and go, beside its beds."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.ids import PlaceId
from corridor.base.moments import Moment
from corridor.journey.board.board import Board
from corridor.journey.board.moving import usual_minutes
from corridor.journey.move.fleet import trip_of
from corridor.ledger.accounts import place_account


@dataclass(frozen=True, slots=True)
class Level:
    """From this moment on so many people are at the place."""

    at: Moment
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """A place over the time to come: the people there now, then after each movement that comes or goes.

    Counted are people planned on movements with known times, and those aboard. `times_unknown` people are planned on
    movements to or from here whose time nobody knows; who comes on no movement yet is not counted. `beds` None: not
    known.
    """

    place: PlaceId
    beds: int | None
    levels: tuple[Level, ...]
    times_unknown: int

    @property
    def most(self) -> Level:
        """The moment when the place is fullest, the first of several."""
        return max(self.levels, key=lambda level: level.people)


def occupancy(board: Board, place: PlaceId, until: Moment) -> Occupancy:
    """How full a place is now and will be until a moment, by what is planned."""
    changes: list[tuple[Moment, int]] = []
    unknown = 0
    for movement in board.everybody.move.movements.values():
        if movement.leg is None or movement.status in ("arrived", "cancelled"):
            continue
        if not board.operation.has_leg(movement.leg):  # a version of the file may have left it out
            continue
        leg = board.operation.leg(movement.leg)
        if place not in (leg.source, leg.target):
            continue
        trip = trip_of(movement, usual_minutes(board))
        travelling = len(movement.aboard) if movement.departed is not None else len(movement.planned)
        if trip is None:
            unknown += travelling
        elif leg.target == place:
            changes.append((max(trip.until, board.at), travelling))
        elif movement.departed is None:
            changes.append((max(trip.start, board.at), -len(movement.planned - movement.aboard)))
    people = len(board.view.people(place_account(place)))
    levels = [Level(board.at, people)]
    for at, change in sorted(changes):
        if at <= until:
            people += change
            levels.append(Level(at, people))
    beds = board.everybody.beds.get(place)
    return Occupancy(place=place, beds=beds, levels=tuple(levels), times_unknown=unknown)
