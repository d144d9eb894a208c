"""Where is a unit on its way, from when until when, and how much work waits at a desk?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corridor.plan.solve.frame import Frame, Ints
from corridor.plan.solve.seating import MANY


class Steps(NamedTuple):
    """A unit's way in indexes and slots; -1 where it takes no such step, or the step lay behind it already."""

    road: int = -1
    leaves: int = -1
    gate: int = -1
    crosses: int = -1
    transfer: int = -1
    moves: int = -1
    visits_minute: int = -1
    flight: int = -1


def staging_of(frame: Frame, u: int, steps: Steps | None) -> str:
    """Where the unit is before it flies; "" where it does not come that far."""
    if frame.units[u].stage == 3:
        return frame.units[u].place
    if steps is not None and steps.transfer >= 0:
        return str(frame.roads[steps.transfer].leg.target)
    return ""


def spans_of(frame: Frame, u: int, steps: Steps) -> list[tuple[int, int, int, int]]:
    """The minutes a unit is before the gate (0), in the hall (1) and in staging (2), with the row of each."""
    unit, slot, spans = frame.units[u], frame.slot, []
    at, stage = unit.from_minute, unit.stage
    row = frame.gate_of[unit.place] if stage in (1, 2) else frame.staging_of[unit.place] if stage == 3 else -1
    if steps.road >= 0:
        road = frame.roads[steps.road]
        at, stage, row = steps.leaves * slot + road.leg.minutes, 1, frame.gate_of[str(road.leg.target)]
    if steps.crosses >= 0:
        if stage == 1:
            spans.append((0, row, at, steps.crosses * slot))
        row, stage = steps.gate, 2
        at = steps.crosses * slot + frame.posts[row].gate.through_minutes
    if steps.transfer >= 0:
        spans.append((1, row, at, steps.moves * slot))
        road = frame.roads[steps.transfer]
        at, stage, row = steps.moves * slot + road.leg.minutes, 3, frame.staging_of[str(road.leg.target)]
    until = frame.runs[steps.flight].latest if steps.flight >= 0 else frame.end
    if stage > 0:
        spans.append((stage - 1, row, at, until))
    return spans


def waiting(came: Ints, able: Ints) -> Ints:
    """The work waiting at the end of each slot."""
    # max(0, w + c - a) from slot to slot is what has come less what was done, over its least so far.
    net = np.cumsum(came - able)
    left: Ints = net - np.minimum(np.minimum.accumulate(net), 0)
    return left


def free_minutes(came: Ints, able: Ints, most: Ints) -> Ints:
    """By slot how much more work could come then, if so much has come, is done, and may wait at the end of each.

    What waits at the end of a slot t is N(t) - min(0, N(0..t)), N being what came less what could be done so far.
    More work at s adds itself to N from s on: it waits until t unless it was done, so that N(t) and it, less the
    least before s, may not be above the limit of any later t.
    """
    net = np.cumsum(came - able)
    least = np.concatenate(([0], np.minimum(np.minimum.accumulate(net), 0)[:-1]))
    free: Ints = np.minimum.accumulate((most - net)[::-1])[::-1] + least
    return free


def waiting_limits(frame: Frame) -> Ints:
    """The most work that may wait at the end of each slot of each station."""
    limits = np.zeros((len(frame.problem.stations), frame.slots), dtype=np.int64)
    for row, station in enumerate(frame.problem.stations):
        minutes = np.zeros(frame.end + station.promised_minutes + 1, dtype=np.int64)
        for shift in station.shifts:
            minutes[max(0, shift.from_minute) : max(0, shift.until_minute)] += shift.officers
        done = np.concatenate(([0], np.cumsum(minutes)))
        ends = (np.arange(frame.slots) + 1) * frame.slot
        queue = station.queue_persons_max * station.minutes_per_person
        limits[row] = np.minimum(queue, done[ends + station.promised_minutes] - done[ends])
    return limits


def limits(most: list[int | None], slots: int) -> Ints:
    rows = [[MANY if limit is None else limit] * slots for limit in most]
    return np.array(rows, dtype=np.int64).reshape(len(most), slots)
