"""How are many futures walked at once? Replication after replication in compiled code, without Python between them."""

from __future__ import annotations

import numpy as np
from numba import njit

from corridor.forecast.fast import events, luck, recursion
from corridor.forecast.fast.tape import Tape, tape_of
from corridor.forecast.road import Floats, Road, Walk


@njit(cache=True, nogil=True)
def _one(tape, seed, replication, key, size, stage, rank, ready_at, minutes, pace, ready, began, done, out, by_events):
    """Draw and walk one future."""
    luck.everybody(tape, seed, replication, key, size, stage, ready_at, rank)
    luck.services(tape, seed, replication, key, size, minutes)
    luck.paces(tape, seed, replication, pace)
    if by_events:
        events.walk(tape, seed, replication, size, rank, stage, ready_at, minutes, pace, ready, began, done, out)
    else:
        recursion.walk(tape, seed, replication, size, stage, ready_at, minutes, pace, ready, began, done, out)


@njit(cache=True, nogil=True)
def many(tape, seed, first, last, outs, by_events):
    """Walk replications first .. last - 1; who is out when goes to outs (last - first, n)."""
    people, stages = len(tape.key) + tape.demand_days * tape.demand_slots, len(tape.kind)
    key, size = np.empty(people, dtype=np.uint64), np.empty(people, dtype=np.int64)
    stage, rank = np.empty(people, dtype=np.int64), np.empty(people, dtype=np.int64)
    ready_at, minutes, pace = np.empty(people), np.empty((stages, people)), np.ones((stages, tape.days))
    ready, began, done = np.empty((stages, people)), np.empty((stages, people)), np.empty((stages, people))
    for replication in range(first, last):
        _one(
            tape, seed, replication, key, size, stage, rank, ready_at, minutes, pace, ready, began, done,
            outs[replication - first], by_events,
        )  # fmt: skip


def walk(road: Road, seed: int, replication: int, *, by_events: bool) -> Walk:
    """One future of the road: what the specification gives for `draws.draw(road, seed, replication)`."""
    tape = tape_of(road)
    people, stages = len(tape.key) + tape.demand_days * tape.demand_slots, len(tape.kind)
    ints = [np.empty(people, dtype=np.int64) for _ in range(3)]
    ready, began, done = (np.empty((stages, people)) for _ in range(3))
    out = np.empty(people)
    _one(
        tape, seed, replication, np.empty(people, dtype=np.uint64), *ints, np.empty(people), np.empty((stages, people)),
        np.ones((stages, tape.days)), ready, began, done, out, by_events,
    )  # fmt: skip
    return Walk(ready=ready, began=began, done=done, out=out)


def outs(tape: Tape, seed: int, first: int, last: int, *, by_events: bool) -> Floats:
    """When everybody is out in replications first .. last - 1, shape (last - first, n)."""
    found = np.empty((last - first, len(tape.key) + tape.demand_days * tape.demand_slots))
    many(tape, seed, first, last, found, by_events)
    return found
