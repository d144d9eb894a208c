"""What do whole convoys carry of many people? Of part of a convoy the last of them are not carried by that part.

Of D people, of whom a convoy carries C at most, n convoys are needed, and the last of them is wanted for only
r = D - C (n - 1). So of them no more leave than D - r (n - x) with x convoys: the residual capacity inequality of
Magnanti, Mirchandani and Vachani (1993). Which people it is broken for in a span of time is told by their shares alone
(Atamturk and Rajan 2002): all those of whom a greater part has left than the flow has convoys beyond whole ones. All
who have left are looked at too, for other rules of the same span.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor.plan.solve.flows.classes import Classes
from corridor.plan.solve.frame import Floats, Frame, Ints, Road
from corridor.plan.solve.seating import MANY

if TYPE_CHECKING:
    from corridor.plan.solve.flows.flow import Flow

BROKEN_BY = 1.0
"""Rules broken by more persons than this are put in."""
OF_A_ROAD = 60
"""So many of a road at most."""
ALL_OF = 0.999
"""Whoever has left but for so little has left."""
APART = 4
"""Spans whose ends are nearer to each other, in slots, are much the same."""


class Filled(NamedTuple):
    """One rule, in the row of a flow: these crossing classes leave on a road in the slots from `begins` to before
    `ends` in no greater number than whole convoys carry of them."""

    road: int
    begins: int
    ends: int
    of: tuple[int, ...]
    row: int


def carried_most(frame: Frame, road: Road, holding: Ints) -> int:
    """How many of those who come with one convoy of a road can cross: who waits before the gate, which holds so many by
    slot, and who crosses on arriving. `MANY` where there is no limit."""
    through = frame.posts[frame.gate_of[str(road.leg.target)]].through
    arrives = np.flatnonzero(road.opens) * frame.slot + road.leg.minutes
    arrives = arrives[arrives < frame.end]
    at = arrives // frame.slot
    most = holding[at] + np.where(arrives % frame.slot == 0, through[at], 0)
    return min(MANY, int(most.max(initial=0)))


def residual(persons: float, most: int) -> tuple[float, float]:
    """Of so many persons, of whom a convoy carries so many at most: for how many the last convoy is wanted, and how
    many would leave with no convoy at all, as the rule has it."""
    convoys = -(-persons // most)
    last = persons - most * (convoys - 1)
    return last, persons - last * convoys


def put_filled(frame: Frame, of: Classes, flow: Flow, values: Floats) -> int:
    """Put rows of these rules in where an answer of a flow breaks them; how many."""
    for road, convoy in flow.convoy.items():
        mine = [choice for choice in flow.choices if choice.road == road]
        if not mine:
            continue
        most = carried_most(frame, frame.roads[road], flow.room.holding[mine[0].gate])
        if not 0 < most < MANY // 2:
            continue
        heads = np.array([float(of.crossing[choice.crossing].persons) for choice in mine])
        left = np.array([np.bincount(c.leaves, values[c.columns], frame.slots) for c in mine])
        sent = np.where(convoy >= 0, values[np.maximum(convoy, 0)], 0.0)
        broken = _broken(sent, left / heads[:, None], heads, most)
        if broken:
            _put(flow, road, broken, heads, most)
    return len(flow.filled)


def _broken(sent: Floats, shares: Floats, heads: Floats, most: int) -> list[tuple[int, int, Ints]]:
    """Spans of slots, and whom the rule is broken for in them: the most broken, apart from each other."""
    upto = np.concatenate(([0.0], np.cumsum(sent)))
    gone = np.concatenate((np.zeros((len(heads), 1)), np.cumsum(shares, axis=1)), axis=1)
    found: list[tuple[float, int, int, Ints]] = []
    for begins in range(len(sent)):
        convoys = upto[begins + 1 :] - upto[begins]
        part = gone[:, begins + 1 :] - gone[:, begins : begins + 1]
        for within in (part > convoys - np.floor(convoys), part > ALL_OF):
            persons = heads @ within
            last = persons - most * (np.ceil(persons / most) - 1)
            over = heads @ (part * within) - (persons - last * (np.ceil(persons / most) - convoys))
            found += [
                (float(over[j]), begins, begins + 1 + int(j), np.flatnonzero(within[:, j]))
                for j in np.flatnonzero(over > BROKEN_BY)
            ]
    found.sort(key=lambda one: (-one[0], one[1], one[2]))
    kept: list[tuple[int, int, Ints]] = []
    for _, begins, ends, who in found:
        if all(abs(begins - a) + abs(ends - b) >= APART for a, b, _ in kept):
            kept.append((begins, ends, who))
            if len(kept) == OF_A_ROAD:
                break
    return kept


def _put(flow: Flow, road: int, broken: list[tuple[int, int, Ints]], heads: Floats, most: int) -> None:
    """The rows, by columns of how many have left before each end of a span: so few entries are needed."""
    program, mine = flow.program, [choice for choice in flow.choices if choice.road == road]
    ends = np.unique([[begins, end] for begins, end, _ in broken])
    before = {-1: _before(flow, flow.convoy[road], np.arange(len(flow.convoy[road])), ends)}
    for begins, end, who in broken:
        last, without = residual(float(heads[who].sum()), most)
        row = program.add_rows(1, upper=without)
        first, past = np.searchsorted(ends, (begins, end))
        for j in (-1, *(int(w) for w in who)):
            if j not in before:
                before[j] = _before(flow, mine[j].columns, mine[j].leaves, ends)
            each = -last if j < 0 else 1.0
            program.put(row, before[j][[past]], each)
            program.put(row, before[j][[first]], -each)
        flow.filled.append(Filled(road, begins, end, tuple(mine[w].crossing for w in who), int(row[0])))


def _before(flow: Flow, columns: Ints, slots: Ints, ends: Ints) -> Ints:
    """New columns: the sum of those columns whose slots are before each of these."""
    program = flow.program
    sums = program.add_columns(np.zeros(len(ends)))
    rows = program.add_rows(len(ends), lower=0.0, upper=0.0)
    program.put(rows, sums, 1.0)
    program.put(rows[1:], sums[:-1], -1.0)
    at = np.searchsorted(ends, slots, side="right")
    there = (at < len(ends)) & (columns >= 0)
    program.put(rows[at[there]], columns[there], -1.0)
    return sums
