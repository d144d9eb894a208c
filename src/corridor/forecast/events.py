"""What becomes of everybody where beds block, or where some go before others? The specification, event by event.

One heap of events by time. All that happens at one moment is taken in before anything is decided at that moment, and
then the stages decide from the last to the first, until nothing changes: a bed freed now can be slept in now. Where
the road is feed-forward the walk equals `recursion.walk` to the last bit.
"""

from __future__ import annotations

from bisect import insort
from heapq import heappop, heappush

import numpy as np

from corridor.forecast.recursion import NAN, day_of
from corridor.forecast.road import NEVER, Delay, Desk, Inputs, Road, Shuttle, Timetable, Walk

_READY, _CLOCK, _BACK = range(3)
"""What can happen at a stage: a party is ready, the stage's clock strikes, an officer or a vehicle is free."""


def walk(road: Road, inputs: Inputs) -> Walk:
    """Everybody's way in this future."""
    return _Future(road, inputs).run()


class _Future:
    """The state of one future at the moment `now`."""

    def __init__(self, road: Road, inputs: Inputs) -> None:
        count, stages = len(inputs.size), len(road.stages)
        self.inputs, self.now = inputs, 0.0
        self.size: list[int] = inputs.size.tolist()
        self.rank: list[int] = inputs.rank.tolist() if road.priorities else [0] * count
        self.ready, self.began, self.done = [[[NAN] * count for _ in range(stages)] for _ in range(3)]
        self.out: list[float] = [NAN] * count
        self.minutes = [None if column is None else column.tolist() for column in inputs.minutes]
        self.heap: list[tuple[float, int, int, int]] = []  # time, stage, what, who
        self.changed: set[int] = set()
        self.beds = [_Beds(self, beds.beds, beds.enter, beds.leave, count) for beds in road.beds]
        self.stages = [_of(stage, self, s) for s, stage in enumerate(road.stages)]
        for i, (entry, time) in enumerate(zip(inputs.stage.tolist(), inputs.ready.tolist(), strict=True)):
            if time < NEVER:
                for beds in self.beds:
                    if beds.enter < entry <= beds.leave:
                        beds.take(i)
                self.out[i] = NEVER  # until it gets there
                heappush(self.heap, (time, entry, _READY, i))

    def run(self) -> Walk:
        """Let everything happen."""
        while self.heap:
            self.now = self.heap[0][0]
            while True:
                while self.heap and self.heap[0][0] == self.now:
                    _, s, what, who = heappop(self.heap)
                    self.happened(s, what, who)
                if not self.changed:
                    break
                s = max(self.changed)
                self.changed.discard(s)
                self.stages[s].decide()
            for stage in self.stages:
                stage.moment_over()
        for stage in self.stages:
            for _, _, i in stage.queue:
                stage.began[i] = stage.done[i] = NEVER
        columns = [np.array(column) for column in (self.ready, self.began, self.done, self.out)]
        return Walk(ready=columns[0], began=columns[1], done=columns[2], out=columns[3])

    def happened(self, s: int, what: int, who: int) -> None:
        """One event is taken in."""
        if what != _READY:
            self.stages[s].happened(what)
            self.changed.add(s)
            return
        while s < len(self.stages):  # past the stages that the party does not need
            for beds in self.beds:
                if beds.leave < s:
                    beds.give(who)
            needed = self.minutes[s]
            if needed is None or needed[who] >= 0:
                self.ready[s][who] = self.now
                self.stages[s].join(who)
                self.changed.add(s)
                return
            s += 1
        for beds in self.beds:
            beds.give(who)
        self.out[who] = self.now

    def may_begin(self, s: int, who: int) -> bool:
        """Whether there are beds for the party behind this stage."""
        return all(beds.enter != s or beds.free >= self.size[who] for beds in self.beds)

    def begins(self, s: int, who: int, until: float) -> None:
        """The party is served or leaves now, and is through or there at `until`."""
        self.began[s][who], self.done[s][who] = self.now, until
        for beds in self.beds:
            if beds.enter == s:
                beds.take(who)
            if beds.leave == s:
                beds.give(who)
        heappush(self.heap, (until, s + 1, _READY, who))


class _Beds:
    """Places to sleep, how many are free, and who holds some."""

    def __init__(self, future: _Future, beds: int, enter: int, leave: int, count: int) -> None:
        self.future, self.free, self.enter, self.leave = future, beds, enter, leave
        self.held = [False] * count

    def take(self, who: int) -> None:
        self.held[who] = True
        self.free -= self.future.size[who]

    def give(self, who: int) -> None:
        if self.held[who]:
            self.held[who] = False
            self.free += self.future.size[who]
            self.future.changed.add(self.enter)


class _Stage:
    """One stage with its queue of (rank, ready, party), in the order of turns."""

    def __init__(self, future: _Future, s: int) -> None:
        self.future, self.s = future, s
        self.began, self.done = future.began[s], future.done[s]
        self.queue: list[tuple[int, float, int]] = []

    def join(self, who: int) -> None:
        insort(self.queue, (self.future.rank[who], self.future.now, who))

    def happened(self, what: int) -> None:
        """An officer or vehicle is free, or the clock strikes."""

    def decide(self) -> None:
        """Do what can be done now."""

    def moment_over(self) -> None:
        """Nothing more happens at this moment."""


class _Delay(_Stage):
    def decide(self) -> None:
        needed = self.future.minutes[self.s]
        assert needed is not None
        for _, time, who in self.queue:
            self.future.begins(self.s, who, time + needed[who])
        self.queue.clear()


class _Desk(_Stage):
    def __init__(self, future: _Future, s: int, desk: Desk) -> None:
        super().__init__(future, s)
        minutes, pace = future.minutes[s], future.inputs.pace[s]
        opens, closes = future.inputs.opens[s], future.inputs.closes[s]
        assert minutes is not None and pace is not None and opens is not None and closes is not None
        self.minutes, self.pace = minutes, pace.tolist()
        self.opens, self.closes = opens.tolist(), closes.tolist()
        self.free, self.window = 0, 0
        for time in desk.free_minutes or [0.0] * desk.officers:
            heappush(future.heap, (time, s, _BACK, 0))
        for time in self.opens:
            heappush(future.heap, (max(time, 0.0), s, _CLOCK, 0))

    def happened(self, what: int) -> None:
        self.free += what == _BACK

    def decide(self) -> None:
        now = self.future.now
        while self.window < len(self.closes) and self.closes[self.window] <= now:
            self.window += 1
        if self.window == len(self.closes) or self.opens[self.window] > now:
            return
        while self.free and self.queue and self.future.may_begin(self.s, self.queue[0][2]):
            who = self.queue.pop(0)[2]
            until = now + self.minutes[who] * self.pace[day_of(now, len(self.pace))]
            self.free -= 1
            heappush(self.future.heap, (until, self.s, _BACK, 0))
            self.future.begins(self.s, who, until)


class _Shuttle(_Stage):
    def __init__(self, future: _Future, s: int, shuttle: Shuttle) -> None:
        super().__init__(future, s)
        leaves, ride, back = future.inputs.leaves[s], future.inputs.ride[s], future.inputs.back[s]
        assert leaves is not None and ride is not None and back is not None
        self.seats, self.when_full = shuttle.seats, shuttle.when_full
        self.ride, self.back = ride.tolist(), back.tolist()
        self.there, self.trip, self.waiting, self.striking = 0, 0, 0, False
        for time in shuttle.available_minutes:
            heappush(future.heap, (max(time, 0.0), s, _BACK, 0))
        for time in leaves.tolist():
            heappush(future.heap, (time, s, _CLOCK, 0))

    def join(self, who: int) -> None:
        super().join(who)
        self.waiting += self.future.size[who]

    def happened(self, what: int) -> None:
        if what == _CLOCK:
            self.striking = True
        else:
            self.there += 1

    def moment_over(self) -> None:
        self.striking = False

    def decide(self) -> None:
        while self.there and self.queue and (self.striking or (self.when_full and self.waiting >= self.seats)):
            load, full = self._load()
            if not load or not (self.striking or full):
                return
            now, trip = self.future.now, self.trip
            arriving = now + self.ride[trip % len(self.ride)]
            del self.queue[: len(load)]
            for who in load:
                self.waiting -= self.future.size[who]
                self.future.begins(self.s, who, arriving)
            heappush(self.future.heap, (arriving + self.back[trip % len(self.back)], self.s, _BACK, 0))
            self.there -= 1
            self.trip += 1

    def _load(self) -> tuple[list[int], bool]:
        """Who boards if the vehicle leaves now, and whether it is full: not while only beds keep people off it."""
        future, load, left = self.future, list[int](), self.seats
        beds = min((beds.free for beds in future.beds if beds.enter == self.s), default=None)
        for _, _, who in self.queue:
            if future.size[who] > left:
                return load, True
            if beds is not None:
                if future.size[who] > beds:
                    return load, False
                beds -= future.size[who]
            load.append(who)
            left -= future.size[who]
            if left == 0:
                return load, True
        return load, False


class _Timetable(_Stage):
    def __init__(self, future: _Future, s: int) -> None:
        super().__init__(future, s)
        leaves, seats, ride = future.inputs.leaves[s], future.inputs.seats[s], future.inputs.ride[s]
        assert leaves is not None and seats is not None and ride is not None
        self.seats, self.ride = seats.tolist(), ride.tolist()
        self.next, self.first = 0, 0  # departures before `first` are gone, those before `next` stand open now
        for time in leaves.tolist():
            heappush(future.heap, (time, s, _CLOCK, 0))

    def happened(self, what: int) -> None:
        self.next += 1

    def moment_over(self) -> None:
        self.first = self.next

    def decide(self) -> None:
        for departure in range(self.first, self.next):
            while self.queue and self.future.may_begin(self.s, self.queue[0][2]):
                who = self.queue[0][2]
                if self.future.size[who] > self.seats[departure]:
                    break
                del self.queue[0]
                self.seats[departure] -= self.future.size[who]
                self.future.begins(self.s, who, self.future.now + self.ride[departure])


def _of(stage: Desk | Delay | Shuttle | Timetable, future: _Future, s: int) -> _Stage:
    match stage:
        case Desk():
            return _Desk(future, s, stage)
        case Delay():
            return _Delay(future, s)
        case Shuttle():
            return _Shuttle(future, s, stage)
        case Timetable():
            return _Timetable(future, s)
