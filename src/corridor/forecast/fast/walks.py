"""How are many futures walked at once? Replication after replication in compiled code, without Python between them."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor.base.moments import Moment
from corridor.forecast.fast import events, luck, recursion, tally
from corridor.forecast.fast.compiled import compiled
from corridor.forecast.fast.tape import Tape, tape_of
from corridor.forecast.road import Desk as _Desk
from corridor.forecast.road import Floats, Parties, Road, Stage, Walk, constant
from corridor.forecast.tally import Grid


@compiled
def _one(tape, seed, replication, key, size, stage, rank, ready_at, minutes, pace, ready, began, done, out, by_events):
    """Draw and walk one future."""
    luck.everybody(tape, seed, replication, key, size, stage, ready_at, rank)
    luck.services(tape, seed, replication, key, size, minutes)
    luck.paces(tape, seed, replication, pace)
    if by_events:
        events.walk(tape, seed, replication, size, rank, stage, ready_at, minutes, pace, ready, began, done, out)
    else:
        recursion.walk(tape, seed, replication, size, stage, ready_at, minutes, pace, ready, began, done, out)


@compiled
def _many(
    tape, seed, first, last, by_events, step_minutes, stays, stay_minutes, lasts, clear, outs, present, waited, over,
    left, loads, load_minutes, party_out,
):  # fmt: skip
    """Walk and count replications first .. last - 1, each into its row. No steps: only who is out when is kept."""
    people, stages = len(tape.key) + tape.demand_days * tape.demand_slots, len(tape.kind)
    key, size = np.empty(people, dtype=np.uint64), np.empty(people, dtype=np.int64)
    stage, rank = np.empty(people, dtype=np.int64), np.empty(people, dtype=np.int64)
    ready_at, minutes, pace = np.empty(people), np.empty((stages, people)), np.ones((stages, tape.days))
    ready, began, done = np.empty((stages, people)), np.empty((stages, people)), np.empty((stages, people))
    out = np.empty(people)
    for r in range(first, last):
        _one(
            tape, seed, r, key, size, stage, rank, ready_at, minutes, pace, ready, began, done, out, by_events
        )  # fmt: skip
        if outs.shape[1] > 0:
            tally.counted(
                ready, began, done, out, size, step_minutes, stays, stay_minutes, lasts[r], clear[r], outs[r],
                present[r], waited[r], over[r], left[r], loads[r], load_minutes[r],
            )  # fmt: skip
        if r < len(party_out):
            for i in range(people):
                party_out[r, i] = out[i]


def walk(road: Road, seed: int, replication: int, *, by_events: bool) -> Walk:
    """One future of the road: what the specification gives for `draws.draw(road, seed, replication)`."""
    tape = tape_of(road)
    people, stages = len(tape.key) + tape.demand_days * tape.demand_slots, len(tape.kind)
    key, (size, stage, rank) = np.empty(people, dtype=np.uint64), (np.empty(people, dtype=np.int64) for _ in range(3))
    ready, began, done = (np.empty((stages, people)) for _ in range(3))
    ready_at, out = np.empty(people), np.empty(people)
    minutes, pace = np.empty((stages, people)), np.ones((stages, tape.days))
    _one(
        tape, np.uint64(seed & _MASK), replication, key, size, stage, rank, ready_at, minutes, pace, ready, began, done,
        out, by_events,
    )  # fmt: skip
    return Walk(ready=ready, began=began, done=done, out=out)


_MASK = 0xFFFFFFFFFFFFFFFF


def span(road: Road, seed: int, first: int, last: int, grid: Grid, counts: Any) -> None:
    """Walk and count some replications into the rows of `engine._Counts`."""
    stays = np.array([(stay.since, stay.until) for stay in grid.stays], dtype=np.int64).reshape(-1, 2)
    limits = np.array([stay.minutes for stay in grid.stays], dtype=np.float64)
    _many(
        tape_of(road), np.uint64(seed & _MASK), first, last, not road.feed_forward, grid.step_minutes, stays, limits,
        counts.last, counts.clear, counts.outs, counts.present, counts.waited, counts.over, counts.left, counts.loads,
        counts.load_minutes, counts.party_out,
    )  # fmt: skip


def outs(tape: Tape, seed: int, first: int, last: int, *, by_events: bool) -> Floats:
    """When everybody is out in replications first .. last - 1, shape (last - first, n): the bare engine, for timing."""
    people, stages = len(tape.key) + tape.demand_days * tape.demand_slots, len(tape.kind)
    found = np.empty((last, people), dtype=np.float32)
    none = np.zeros((last, 0), dtype=np.int64)
    _many(
        tape, np.uint64(seed & _MASK), first, last, by_events, 60.0, np.zeros((0, 2), dtype=np.int64), np.zeros(0),
        np.zeros((last, 2)), np.zeros((last, stages)), none, np.zeros((last, stages, 0), dtype=np.int64),
        np.zeros((last, stages, 0)), none, none, none, np.zeros((last, 0)), found,
    )  # fmt: skip
    return found[first:].astype(np.float64)


def warm() -> None:
    """Compile everything, or load it from where it is kept."""
    nobody = np.zeros(0, dtype=np.int64)
    stages: tuple[Stage, ...] = (_Desk(name="", minutes=constant(1.0), per_person=False, officers=1),)
    road = Road(
        as_of=Moment(0),
        parties=Parties(
            key=np.zeros(0, dtype=np.uint64), size=nobody, stage=nobody, ready=np.zeros(0), wait=nobody, rank=nobody,
            may_fail=nobody.astype(np.bool_),
        ),
        stages=stages,
    )  # fmt: skip
    outs(tape_of(road), 0, 0, 1, by_events=True)
