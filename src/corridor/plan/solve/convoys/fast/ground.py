"""How are trials of timetables told to what is compiled? Everything in arrays."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from corridor.plan.solve.convoys.fast.filling import (
    CALLS_MAX,
    DRAWS,
    MANY_VEHICLES,
    Ground,
    carried_out,
    cooled,
    room_of,
)
from corridor.plan.solve.convoys.searching import COOLED
from corridor.plan.solve.convoys.trying import Call, Trials
from corridor.plan.solve.frame import Ints

TURNS = 25
"""So many turns are made at a time, in about a thousandth of a second: then `stop` is asked."""


def load() -> None:
    """Compile what is compiled, or take it from the disk, by trying nothing."""
    few = Ground(
        slot=60,
        end=60,
        everybody=0.0,
        danger=1.0,
        fleets=_none(1),
        pools=_none(1),
        through=_none(1),
        holding=_none(1),
        opens=np.zeros((1, 1), dtype=np.bool_),
        ride=np.zeros((1, 1)),
        at_gate=np.zeros((1, 1)),
        numbers=_none(8),
        fleets_of=_none(1),
        escorts=_none(1),
        has=_none(3),
        riders=_none(9),
        points=np.zeros((1, 1)),
        stays=np.zeros(1),
        units=1,
        longest=1,
    )
    room, other, calls = room_of(few, 1), room_of(few, 1), _none(3)
    carried_out(few, room, calls, 0)
    cooled(few, room, other, calls, 0, calls.copy(), 0, 0.0, _none(1)[0], np.zeros(0), np.zeros((0, DRAWS)))


def _none(columns: int) -> Ints:
    return np.zeros((1, columns), dtype=np.int64)


def quickly_tried(trials: Trials, asked: Sequence[Call]) -> tuple[float, list[Call]]:
    """As `Trials.carried_out`: the points of a timetable, and the calls as they were kept."""
    ground = ground_of(trials)
    room, calls = room_of(ground, CALLS_MAX), np.zeros((CALLS_MAX, 3), dtype=np.int64)
    calls[: len(asked)] = np.array(asked, dtype=np.int64).reshape(-1, 3)
    count = carried_out(ground, room, calls, len(asked))
    return float(room.points[count]), _listed(calls, count)


def quickly_searched(
    trials: Trials, begin: Sequence[Call], rng: random.Random, *, rounds: int, stop: Callable[[], bool], warm: float
) -> list[Call]:
    """As `searching.searched`, and the best calls."""
    ground = ground_of(trials)
    room, other = room_of(ground, CALLS_MAX), room_of(ground, CALLS_MAX)
    calls, best = np.zeros((CALLS_MAX, 3), dtype=np.int64), np.zeros((CALLS_MAX, 3), dtype=np.int64)
    asked = np.array(begin, dtype=np.int64).reshape(-1, 3)[:CALLS_MAX]
    calls[: len(asked)] = asked
    count = carried_out(ground, room, calls, len(asked))
    best[:] = calls
    most, points = count, float(room.points[count])
    heat = warm * abs(points)
    roads = np.array([road.index for road in trials.roads], dtype=np.int64)
    for turn in range(0, rounds, TURNS):
        if stop():
            break
        heats = heat * COOLED ** (np.arange(turn, turn + TURNS) / rounds)
        draws = np.array([rng.random() for _ in range(TURNS * DRAWS)]).reshape(-1, DRAWS)
        count, most, points = cooled(ground, room, other, calls, count, best, most, points, roads, heats, draws)
    return _listed(best, most)


def _listed(calls: Ints, count: int) -> list[Call]:
    return [Call(int(slot), int(road), int(most)) for slot, road, most in calls[:count]]


def ground_of(trials: Trials) -> Ground:
    """A frame's roads, gates and riders in arrays."""
    frame = trials.frame
    roads, k = len(frame.roads), frame.slots
    gone = trials.begin()
    numbers = np.zeros((roads, 8), dtype=np.int64)
    ride, at_gate = np.zeros((roads, k)), np.zeros((roads, k))
    fleets_of = np.full((roads, 1 + len(frame.problem.fleets)), -1, dtype=np.int64)
    escorts = np.zeros((roads, max(1, len(frame.problem.pools))), dtype=np.int64)
    riders: list[tuple[int, ...]] = []
    points: list[tuple[float, ...]] = []
    stays: list[float] = []
    for road in trials.roads:
        i, mine = road.index, trials.riders[road.index]
        most = MANY_VEHICLES if road.leg.vehicles_max is None else road.leg.vehicles_max
        gate = frame.gate_of[str(road.leg.target)]
        upto = len(riders) + len(mine)
        numbers[i] = (gate, road.before, road.after, road.leg.minutes, most, len(riders), upto, bool(road.fleets))
        ride[i], at_gate[i] = trials.ride[i], trials.at_gate[i]
        fleets_of[i, : len(trials.fleets_of[i])] = trials.fleets_of[i]
        for pool, (count, _) in trials.escorts[i].items():
            escorts[i, pool] = count
        riders += [
            (
                r.unit, r.persons, r.seats, r.stretchers, r.wheelchairs, r.ready, r.crosses_from, r.crosses_until,
                r.weighted,
            )
            for r in mine
        ]  # fmt: skip
        points += [r.points for r in mine]
        stays += [r.stays for r in mine]
    return Ground(
        slot=frame.slot,
        end=frame.end,
        everybody=trials.everybody,
        danger=trials.danger,
        fleets=gone.fleets,
        pools=gone.pools if len(gone.pools) else np.zeros((1, k), dtype=np.int64),
        through=_rows(gone.through, k),
        holding=_rows(gone.holding, k),
        opens=np.array([road.opens for road in frame.roads]),
        ride=ride,
        at_gate=at_gate,
        numbers=numbers,
        fleets_of=fleets_of,
        escorts=escorts,
        has=np.array([(f.seats, f.stretchers, f.wheelchairs) for f in frame.problem.fleets], dtype=np.int64).reshape(
            -1, 3
        ),
        riders=np.array(riders, dtype=np.int64).reshape(-1, 9),
        points=np.array(points).reshape(-1, k),
        stays=np.array(stays),
        units=len(frame.units),
        longest=max((r[1] for r in riders), default=0),
    )


def _rows(of: Sequence[Sequence[int]], slots: int) -> Ints:
    return np.array(of, dtype=np.int64).reshape(-1, slots)
