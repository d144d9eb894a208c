"""How the corridor lies on the page: columns of places and ends from left to right, with gaps that movements cross."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from corridor.base.moments import MINUTE_MS, Moment
from corridor.base.operation import Leg, Operation
from corridor.hq.pages.drawing import Cluster, cluster, people_per_dot, step_of
from corridor.journey.board.board import Board, Stop
from corridor.journey.board.movements import MovementPicture
from corridor.journey.cross.hazards import GateSpan, Hazard, Ways, fold_ways

STACKED_FROM = 3
"""Places of one role in a row that share a column from this number on, e.g. the shelters."""


GATE_KINDS = ("gate_opened", "gate_closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """People standing at one place of the strip."""

    stop: Stop
    count: int
    drawn: Cluster
    closed: GateSpan | None  # None: its gate is open, or nobody has said


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """A movement on the strip: `step` says how far along its leg, 0 to 20; `souls` are the people aboard."""

    picture: MovementPicture
    souls: int
    step: int


@dataclass(slots=True, kw_only=True)
class Gap:
    """What lies between two columns: the modes of the legs, what is in the way, and the movements crossing it."""

    modes: tuple[str, ...]
    hazards: tuple[Hazard, ...]
    rides: list[Ride] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One place, or several of one role that share a column; `gap` leads to the next one, None after the last."""

    places: tuple[Standing, ...]
    gap: Gap | None

    @property
    def stacked(self) -> bool:
        """Whether several places share the column."""
        return len(self.places) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEnd:
    """People whose road has ended in this way, or who are in suspense."""

    code: str
    count: int
    drawn: Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnStrip:
    """Everything the strip shows. `elsewhere` are movements whose leg is not known, `everywhere` hazards on no place
    and no leg in particular."""

    columns: tuple[Column, ...]
    received: DrawnEnd
    other_ends: tuple[DrawnEnd, ...]
    suspense: DrawnEnd
    elsewhere: tuple[Ride, ...]
    everywhere: tuple[Hazard, ...]
    per_dot: int


def lay_out(board: Board) -> DrawnStrip:
    """The strip of a board, ready to be drawn."""
    strip, operation = board.strip(), board.operation
    per_dot = people_per_dot(len(board.people("registered")))
    groups = _groups(strip.stops)
    turn = {stop.place.id: index for index, group in enumerate(groups) for stop in group}
    gaps = [_gap(operation, board.hazards, turn, index) for index in range(len(groups) - 1)]
    elsewhere = []
    for picture in strip.rides:
        ride = Ride(picture=picture, souls=len(picture.people), step=step_of(part_done(operation, picture, board.at)))
        index = _gap_of(picture, turn)
        if index is None or index >= len(gaps):
            elsewhere.append(ride)
        else:
            gaps[index].rides.append(ride)
    ways = fold_ways(board.view.events(GATE_KINDS))
    columns = tuple(
        Column(places=tuple(_standing(stop, per_dot, ways, board.at) for stop in group), gap=gap)
        for group, gap in zip(groups, [*gaps, None], strict=True)
    )
    return DrawnStrip(
        columns=columns,
        received=_end("received", len(strip.ends["received"]), per_dot),
        other_ends=tuple(_end(code, len(people), per_dot) for code, people in strip.ends.items() if code != "received"),
        suspense=_end("suspense", len(strip.suspense), per_dot),
        elsewhere=tuple(elsewhere),
        everywhere=tuple(hazard for hazard in board.hazards if hazard.place is None and hazard.leg is None),
        per_dot=per_dot,
    )


def _groups(stops: Iterable[Stop]) -> list[tuple[Stop, ...]]:
    groups: list[tuple[Stop, ...]] = []
    for _role, run in groupby(stops, key=lambda stop: stop.place.role):
        together = tuple(run)
        groups += [together] if len(together) >= STACKED_FROM else [(stop,) for stop in together]
    return groups


def _standing(stop: Stop, per_dot: int, ways: Ways, at: Moment) -> Standing:
    gate = ways.gate_at(stop.place.id, at)
    return Standing(
        stop=stop,
        count=len(stop.people),
        drawn=cluster(len(stop.people), per_dot),
        closed=gate if gate is not None and not gate.open else None,
    )


def _end(code: str, count: int, per_dot: int) -> DrawnEnd:
    return DrawnEnd(code=code, count=count, drawn=cluster(count, per_dot))


def _gap(operation: Operation, hazards: Sequence[Hazard], turn: dict, index: int) -> Gap:
    """The gap after column `index`: the legs that begin or end there and lead across it."""
    legs = [leg for leg in operation.legs if _crosses(leg, turn) == index]
    modes = tuple(dict.fromkeys(leg.mode for leg in legs))
    ids = {leg.id for leg in legs}
    return Gap(modes=modes, hazards=tuple(hazard for hazard in hazards if hazard.leg in ids))


def _crosses(leg: Leg, turn: dict) -> int | None:
    """The gap on which a leg is drawn: the first it crosses on its way, whichever way it goes."""
    start, stop = turn[leg.source], turn[leg.target]
    if start == stop:
        return None
    return start if start < stop else start - 1


def _gap_of(picture: MovementPicture, turn: dict) -> int | None:
    if picture.source is None or picture.target is None or turn[picture.source] == turn[picture.target]:
        return None
    start, stop = turn[picture.source], turn[picture.target]
    return start if start < stop else start - 1


def part_done(operation: Operation, picture: MovementPicture, at: Moment) -> float:
    """What part of its leg a movement has gone, by the usual minutes of the leg when no arrival is planned."""
    if picture.arrived_at is not None:
        return 1.0
    if picture.departed_at is None or picture.source is None or picture.leg is None:
        return 0.0
    arrives = picture.arrives_at
    if arrives is None or arrives <= picture.departed_at:
        minutes = operation.leg(picture.leg).minutes
        arrives = Moment(picture.departed_at + minutes * MINUTE_MS)
    done = (at - picture.departed_at) / max(1, arrives - picture.departed_at)
    return min(0.9, max(0.1, done))  # under way is never drawn as still here or already there
