"""The same road in SimPy, a process a family, as somebody who knows SimPy would write it: the oracle and the peer.

It is given the same drawn future (`Inputs`) as Corridor's engines and must bring everybody out at the same minute.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from corridor.forecast.road import DAY_MINUTES, NEVER, Delay, Desk, Floats, Inputs, Road, Shuttle, Timetable

Process = Generator[simpy.Event, Any, None]


def outs(road: Road, inputs: Inputs) -> Floats:
    """When each party is out: NEVER if not, NaN if it does not come. No beds with a desk before them, no priorities."""
    env = simpy.Environment()
    beds = {one.enter: _Beds(one.beds) for one in road.beds}
    leaves = {one.leave: beds[one.enter] for one in road.beds}
    stages = [_of(env, road, inputs, s, beds.get(s)) for s in range(len(road.stages))]
    found = np.where(inputs.ready == NEVER, np.nan, NEVER)
    size, entry, ready = inputs.size.tolist(), inputs.stage.tolist(), inputs.ready.tolist()
    minutes = [None if column is None else column.tolist() for column in inputs.minutes]

    def family(i: int) -> Process:
        if ready[i] > 0:
            yield env.timeout(ready[i])
        for s in range(entry[i], len(stages)):
            needed = minutes[s]
            if needed is None or needed[i] >= 0:
                yield from stages[s].walk(i, size[i], leaves.get(s))
        found[i] = env.now

    order = sorted((time, i) for i, time in enumerate(ready) if time < NEVER)
    for _, i in order:
        env.process(family(i))
    env.run()
    return found


class _Beds:
    """How many are free, and the line that waits for them. A Container would free them one event later."""

    def __init__(self, level: int) -> None:
        self.level = level
        self.line: _Line | None = None

    def get(self, size: int) -> None:
        self.level -= size

    def put(self, size: int) -> None:
        self.level += size
        assert self.line is not None, "only lines lead to beds here"
        self.line.poke()


class _Desk:
    """Officers as a resource; whoever holds one waits for the opening hour."""

    def __init__(self, env: simpy.Environment, desk: Desk, inputs: Inputs, s: int) -> None:
        minutes, pace, opens, closes = inputs.minutes[s], inputs.pace[s], inputs.opens[s], inputs.closes[s]
        assert minutes is not None and pace is not None and opens is not None and closes is not None
        self.env, self.officers = env, simpy.Resource(env, desk.officers)
        self.minutes, self.pace = minutes.tolist(), pace.tolist()
        self.windows = list(zip(opens.tolist(), closes.tolist(), strict=True))

    def walk(self, i: int, size: int, freed: _Beds | None) -> Process:
        with self.officers.request() as turn:
            yield turn
            start = next((max(self.env.now, a) for a, b in self.windows if b > self.env.now), NEVER)
            if start == NEVER:
                yield self.env.event()  # never
            if start > self.env.now:
                yield self.env.timeout(start - self.env.now)
            day = min(max(int(self.env.now // DAY_MINUTES), 0), len(self.pace) - 1)
            if freed is not None:
                freed.put(size)
            yield self.env.timeout(self.minutes[i] * self.pace[day])


class _Delay:
    """A timeout."""

    def __init__(self, env: simpy.Environment, inputs: Inputs, s: int) -> None:
        minutes = inputs.minutes[s]
        assert minutes is not None
        self.env, self.minutes = env, minutes.tolist()

    def walk(self, i: int, size: int, freed: _Beds | None) -> Process:
        if freed is not None:
            freed.put(size)
        yield self.env.timeout(self.minutes[i])


class _Line:
    """What carries whole loads: families queue with an event each, which fires when they have arrived."""

    def __init__(self, env: simpy.Environment, beds: _Beds | None) -> None:
        self.env, self.beds = env, beds
        self.queue: list[tuple[int, int, simpy.Event, _Beds | None]] = []
        self.waiting = 0
        self.joined = env.event()
        if beds is not None:
            beds.line = self

    def poke(self) -> None:
        """Something has changed for whoever decides when to leave."""
        if not self.joined.triggered:
            self.joined.succeed()

    def walk(self, i: int, size: int, freed: _Beds | None) -> Process:
        there = self.env.event()
        self.queue.append((i, size, there, freed))
        self.waiting += size
        self.poke()
        yield there

    def load(self, seats: int) -> tuple[int, bool]:
        """How many in the queue board now, and whether the vehicle is full."""
        left, room, upto = seats, 10**9 if self.beds is None else self.beds.level, 0
        for _, size, _, _ in self.queue:
            if size > left:
                return upto, True
            if size > room:
                return upto, False
            left, room, upto = left - size, room - size, upto + 1
            if left == 0:
                return upto, True
        return upto, False

    def leave(self, count: int, ride: float) -> None:
        """The first so many leave now."""
        load, self.queue = self.queue[:count], self.queue[count:]
        for _, size, _, freed in load:
            self.waiting -= size
            if self.beds is not None:
                self.beds.get(size)
            if freed is not None:
                freed.put(size)
        self.env.process(self._ride(sorted(load, key=lambda one: one[0]), ride))

    def _ride(self, load: list[tuple[int, int, simpy.Event, _Beds | None]], ride: float) -> Process:
        yield self.env.timeout(ride)
        for _, _, there, _ in load:
            there.succeed()


class _Timetable(_Line):
    """One process that waits for the next departure."""

    def __init__(self, env: simpy.Environment, inputs: Inputs, s: int, beds: _Beds | None) -> None:
        super().__init__(env, beds)
        leaves, seats, ride = inputs.leaves[s], inputs.seats[s], inputs.ride[s]
        assert leaves is not None and seats is not None and ride is not None
        env.process(self._fly(leaves.tolist(), seats.tolist(), ride.tolist()))

    def _fly(self, leaves: list[float], seats: list[int], ride: list[float]) -> Process:
        for time, places, riding in zip(leaves, seats, ride, strict=True):
            yield self.env.timeout(time - self.env.now)
            count, _ = self.load(places) if places else (0, True)
            if count:
                self.leave(count, riding)


class _Shuttle(_Line):
    """One process that waits for whichever is first: a full load with a vehicle there, or a time of the table."""

    def __init__(self, env: simpy.Environment, shuttle: Shuttle, inputs: Inputs, s: int, beds: _Beds | None) -> None:
        super().__init__(env, beds)
        leaves, ride, back = inputs.leaves[s], inputs.ride[s], inputs.back[s]
        assert leaves is not None and ride is not None and back is not None
        self.shuttle, self.ride, self.back, self.trip = shuttle, ride.tolist(), back.tolist(), 0
        self.vehicles = 0
        for time in shuttle.available_minutes:
            env.process(self._comes(max(time, 0.0)))
        env.process(self._table(leaves.tolist()))
        env.process(self._full())

    def _comes(self, after: float) -> Process:
        yield self.env.timeout(after)
        self.vehicles += 1
        self.poke()

    def _table(self, times: list[float]) -> Process:
        for time in times:
            yield self.env.timeout(time - self.env.now)
            while self.vehicles and self.queue:
                count, _ = self.load(self.shuttle.seats)
                if not count:
                    break
                self._go(count)

    def _full(self) -> Process:
        while True:
            yield self.joined
            self.joined = self.env.event()
            while self.shuttle.when_full and self.vehicles and self.waiting >= self.shuttle.seats:
                count, full = self.load(self.shuttle.seats)
                if not (count and full):
                    break
                self._go(count)

    def _go(self, count: int) -> None:
        ride, back = self.ride[self.trip % len(self.ride)], self.back[self.trip % len(self.back)]
        self.trip += 1
        self.vehicles -= 1
        self.env.process(self._comes(ride + back))
        self.leave(count, ride)


def _of(
    env: simpy.Environment, road: Road, inputs: Inputs, s: int, beds: _Beds | None
) -> _Desk | _Delay | _Timetable | _Shuttle:
    stage = road.stages[s]
    match stage:
        case Desk():
            return _Desk(env, stage, inputs, s)
        case Delay():
            return _Delay(env, inputs, s)
        case Shuttle():
            return _Shuttle(env, stage, inputs, s, beds)
        case Timetable():
            return _Timetable(env, inputs, s, beds)
