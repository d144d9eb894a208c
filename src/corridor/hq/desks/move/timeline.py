"""The drawing of vehicles and aircraft over the days to come, and of staging beside its beds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, get_language_bidi

from corridor.base.moments import DAY_MS, HOUR_MS, Moment, datetime_of, moment_of
from corridor.base.operation import name_in
from corridor.journey.board.beds import Occupancy, occupancy
from corridor.journey.board.board import Board
from corridor.journey.board.moving import usual_minutes
from corridor.journey.move.fleet import Trip, trip_of, vehicles_of
from corridor.journey.move.state import Movement

BEFORE_MS = 12 * HOUR_MS
"""How much of the past is drawn, so that what is on the road now has its beginning."""

MARKS_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One movement on a vehicle's lane, in percent; `rest` is the turnaround after it."""

    movement: Movement
    x: str
    width: str
    middle: str
    rest_x: str
    rest_width: str
    souls: int
    trip: Trip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One vehicle: its movements with known times, then those without."""

    vehicle: str
    type: str
    bars: tuple[Bar, ...]
    unknown: tuple[Movement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A fleet's vehicles; those that stand all the time are only counted."""

    name: str
    lanes: tuple[Lane, ...]
    idle: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A time under the drawing: `x` in percent; `day` true at a midnight."""

    x: str
    at: Moment
    day: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Beds:
    """A staging place over time: a path in a box of 100 by 100, the beds' line at `line` percent from the top."""

    occupancy: Occupancy
    name: str
    path: str
    line: str
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The whole drawing: `now` in percent."""

    groups: tuple[Group, ...]
    marks: tuple[Mark, ...]
    now: str
    beds: tuple[Beds, ...]
    days: int


X = Callable[[Moment], float]


def timeline(board: Board, now: Moment, days: int) -> Timeline:
    """Vehicles and beds from half a day ago over so many days; mirrored for languages written from the right."""
    start, stop = Moment(now - BEFORE_MS), Moment(now + days * DAY_MS)
    mirrored = get_language_bidi()

    def x(moment: Moment) -> float:
        part = 100 * (min(max(moment, start), stop) - start) / (stop - start)
        return 100 - part if mirrored else part

    return Timeline(
        groups=tuple(_groups(board, start, stop, x)),
        marks=tuple(_marks(start, stop, board.operation.as_of_zone, x)),
        now=f"{x(now):.2f}",
        beds=tuple(_beds(board, start, stop, x)),
        days=days,
    )


def _groups(board: Board, start: Moment, stop: Moment, x: X) -> Iterable[Group]:
    """A group for each fleet, then one for vehicles of no fleet; what ended before the drawing begins is left out."""
    language = get_language() or "en"
    by_vehicle: dict[str, list[Movement]] = {}
    for movement in board.everybody.move.movements.values():
        trip = trip_of(movement, usual_minutes(board))
        over = movement.status in ("arrived", "cancelled")
        if (trip is None and over) or (trip is not None and (trip.until < start or trip.start > stop)):
            continue
        for vehicle in movement.vehicles:
            by_vehicle.setdefault(vehicle.vehicle, []).append(movement)
    for fleet in board.operation.fleets:
        turnaround = fleet.turnaround_minutes or 0
        lanes = [
            _lane(board, one.vehicle, fleet.kind, by_vehicle.pop(one.vehicle, []), turnaround, x)
            for one in vehicles_of(fleet)
        ]
        used = tuple(lane for lane in lanes if lane.bars or lane.unknown)
        yield Group(name=name_in(fleet.names, language), lanes=used, idle=len(lanes) - len(used))
    others = tuple(_lane(board, name, "", found, 0, x) for name, found in sorted(by_vehicle.items()))
    if others:
        yield Group(name="", lanes=others, idle=0)


def _lane(board: Board, vehicle: str, kind: str, movements: list[Movement], turnaround: int, x: X) -> Lane:
    bars, unknown = [], []
    for movement in movements:
        trip = trip_of(movement, usual_minutes(board))
        if trip is None:
            unknown.append(movement)
            continue
        left, right = sorted((x(trip.start), x(trip.until)))
        rested = x(Moment(trip.until + turnaround * 60_000))
        rest = sorted((x(trip.until), rested))
        aboard = movement.boarded if movement.departed is not None else movement.planned
        bars.append(
            Bar(
                movement=movement,
                x=f"{left:.2f}",
                width=f"{max(right - left, 0.6):.2f}",
                middle=f"{(left + right) / 2:.2f}",
                rest_x=f"{rest[0]:.2f}",
                rest_width=f"{rest[1] - rest[0]:.2f}",
                souls=len(aboard),
                trip=trip,
            )
        )
    return Lane(vehicle=vehicle, type=kind, bars=tuple(bars), unknown=tuple(unknown))


def _marks(start: Moment, stop: Moment, zone: str, x: X) -> Iterable[Mark]:
    """Midnights of the operation's zone, and the hours between them as there is room."""
    local = datetime_of(start, zone)
    first = moment_of(local.replace(hour=0, minute=0, second=0, microsecond=0))
    every = next(hours for hours in (6, 12, 24, 48, 96) if (stop - start) / HOUR_MS / hours <= MARKS_MAX)
    for moment in range(first, stop, every * HOUR_MS):
        if moment > start:
            when = datetime_of(Moment(moment), zone)
            yield Mark(f"{x(Moment(moment)):.2f}", Moment(moment), when.hour == 0)


def _beds(board: Board, start: Moment, stop: Moment, x: X) -> Iterable[Beds]:
    for place in board.operation.places_of("staging"):
        found = occupancy(board, place.id, stop)
        most = max(found.most.people, found.beds or 0, 1)

        def y(people: int, most: int = most) -> float:
            return 100 - 90 * people / most

        points = [f"M{x(found.levels[0].at):.2f} 100V{y(found.levels[0].people):.2f}"]
        points += [f"H{x(level.at):.2f}V{y(level.people):.2f}" for level in found.levels[1:]]
        path = "".join(points) + f"H{x(stop):.2f}V100z"
        yield Beds(
            occupancy=found,
            name=name_in(place.names, get_language() or "en"),
            path=path,
            line=f"{y(found.beds):.2f}" if found.beds is not None else "",
            over=found.beds is not None and found.most.people > found.beds,
        )
