"""What do we want to know of one future? Its last person out, its queues by the hour, its waits by the day.

`counted` is the specification; `fast.tally` counts the same in compiled code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from corridor.forecast.road import DAY_MINUTES, NEVER, Floats, Ints, Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A stay that runs out: at most `minutes` from being through stage `since` to beginning stage `until`."""

    name: str
    since: int
    until: int
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What is counted: every `step_minutes` up to `steps` steps after the road's `as_of`, days, stays, and the load of
    the next `departures` of the last stage."""

    step_minutes: float
    steps: int
    stays: tuple[Stay, ...] = ()
    departures: int = 0

    @property
    def days(self) -> int:
        """Days that the steps reach into."""
        return math.ceil(self.steps * self.step_minutes / DAY_MINUTES)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """One future, counted; H steps, S stages, D days, C stays, K departures.

    `last_out` is when the last of those who come is out (NEVER if somebody never is, -inf if nobody comes), `clear[s]`
    when the last is through stage s. `out_persons[h]` are out by step h; `present[s, h]` stand at stage s or are being
    served or carried there; `waited[s, d]` are the person-hours of waiting before stage s on day d. `over[c]` persons
    outstay stay c; `never` persons are not out whenever. `left_persons[h]` have begun the last stage by step h: aboard
    or out. `loads[k]` persons are aboard the k-th departure of the last stage that carries anybody, which leaves at
    `load_minutes[k]` (NEVER, and nobody, where there are fewer).
    """

    last_out: float
    clear: Floats
    out_persons: Ints
    present: Ints
    waited: Floats
    over: Ints
    never: int
    left_persons: Ints
    loads: Ints
    load_minutes: Floats


def counted(walk: Walk, size: Ints, grid: Grid) -> Tally:
    """Count one walk."""
    comes = ~np.isnan(walk.out)
    steps, stages = grid.steps + 1, len(walk.ready)
    out = np.zeros(steps + 1, dtype=np.int64)
    np.add.at(out, _step(walk.out[comes], grid), size[comes])
    clear, waited = np.full(stages, -NEVER), np.zeros((stages, grid.days))
    change = np.zeros((stages, steps + 1), dtype=np.int64)
    for s in range(stages):
        there = ~np.isnan(walk.ready[s])
        ready, began, done, persons = walk.ready[s][there], walk.began[s][there], walk.done[s][there], size[there]
        clear[s] = done.max(initial=-NEVER)
        np.add.at(change[s], _step(ready, grid), persons)
        np.add.at(change[s], _step(done, grid), -persons)
        for day in range(grid.days):
            begin, end = day * DAY_MINUTES, (day + 1) * DAY_MINUTES
            waited[s, day] = (np.clip(began, begin, end) - np.clip(ready, begin, end)) @ persons / 60.0
    over = np.zeros(len(grid.stays), dtype=np.int64)
    for number, stay in enumerate(grid.stays):
        with np.errstate(invalid="ignore"):
            long = walk.began[stay.until] - walk.done[stay.since] > stay.minutes
        over[number] = int(size[long].sum())
    left = np.zeros(steps + 1, dtype=np.int64)
    aboard = walk.began[-1][there] < NEVER  # `there`: of the last stage
    began, persons = walk.began[-1][there][aboard], size[there][aboard]
    np.add.at(left, _step(began, grid), persons)
    loads, load_minutes = np.zeros(grid.departures, dtype=np.int64), np.full(grid.departures, NEVER)
    for number, leaves in enumerate(np.unique(began)[: grid.departures]):
        loads[number], load_minutes[number] = int(persons[began == leaves].sum()), leaves
    return Tally(
        last_out=float(walk.out[comes].max(initial=-NEVER)),
        clear=clear,
        out_persons=np.cumsum(out)[:steps],
        present=np.cumsum(change, axis=1)[:, :steps],
        waited=waited,
        over=over,
        never=int(size[comes & (walk.out == NEVER)].sum()),
        left_persons=np.cumsum(left)[:steps],
        loads=loads,
        load_minutes=load_minutes,
    )


def _step(times: Floats, grid: Grid) -> Ints:
    """The first step at or after each time; one past the last for what comes later or never."""
    steps: Ints = np.clip(np.ceil(times / grid.step_minutes), 0, grid.steps + 1).astype(np.int64)
    return steps
