"""What is one future of a road? Every draw is a function of (seed, replication, who, which stage), of nothing else.

So one more aircraft, or 78 more people, never shifts anybody else's luck: two roads walked with the same seed are
compared future by future (common random numbers), which needs far fewer futures than two independent runs.

The generator is splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014) used as a hash.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from corridor.forecast.road import (
    DAY_MINUTES,
    KNOTS,
    LEVELS,
    NEVER,
    Closure,
    Delay,
    Demand,
    Desk,
    Flags,
    Floats,
    Inputs,
    Ints,
    Keys,
    Law,
    Parties,
    Road,
    Shuttle,
    Timetable,
)

GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF
NORMAL = Law(np.array([NormalDist().inv_cdf(float(level)) for level in LEVELS]))
TRIPS = 256
"""Rides drawn for each stage; a longer road uses them again from the first."""

# What a draw is for: each has a number of its own, so that no two draws share luck.
STAYS, WAIT, SERVICE, NEEDS, RIDE, BACK, LATE, CANCELS, SIZE, ENTERS = range(1, 11)
COUNT, PACE, DAY, SIGMA, CHANCE, CLOSED, START, LENGTH = range(11, 19)
DEMAND_KEY = 1 << 63
"""Keys of parties that may yet come lie above this one; registered parties' keys lie below."""


def mixed(value: Keys) -> Keys:
    """splitmix64's finaliser, element by element."""
    with np.errstate(over="ignore"):
        z = value + np.uint64(GOLDEN)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def stream(seed: int, replication: int, stage: int, purpose: int) -> int:
    """The number from which all draws of one purpose at one stage in one replication are made."""
    z = seed & _MASK
    for part in (replication, (stage << 8) | purpose):
        z = (z + GOLDEN * (part + 1)) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        z ^= z >> 31
    return z


def uniforms(base: int, keys: Keys) -> Floats:
    """A number strictly between 0 and 1 for each key."""
    bits = mixed(keys ^ np.uint64(base)) >> np.uint64(11)
    return (bits.astype(np.float64) + 0.5) * (1.0 / 9007199254740992.0)  # 53 bits


def looked_up(law: Law, levels: Floats) -> Floats:
    """The law's values at these levels: a straight line between knots, flat beyond the first and the last."""
    place = np.clip(levels * KNOTS - 0.5, 0.0, KNOTS - 1.0)
    below = place.astype(np.int64)
    above = np.minimum(below + 1, KNOTS - 1)
    low = law.quantiles[below]
    return low + (law.quantiles[above] - low) * (place - below)


@dataclass(frozen=True, slots=True)
class Luck:
    """All draws of one replication."""

    seed: int
    replication: int

    def uniforms(self, stage: int, purpose: int, keys: Keys) -> Floats:
        """A number strictly between 0 and 1 for each key."""
        return uniforms(stream(self.seed, self.replication, stage, purpose), keys)

    def values(self, law: Law, stage: int, purpose: int, keys: Keys) -> Floats:
        """A draw of the law for each key."""
        return looked_up(law, self.uniforms(stage, purpose, keys))

    def once(self, law: Law, stage: int, purpose: int) -> float:
        """One draw for the whole future."""
        return float(self.values(law, stage, purpose, _numbers(1))[0])

    def happens(self, chance: Law, stage: int, purpose: int, keys: Keys) -> Flags:
        """Which keys it happens to; the chance itself is drawn once for the future, with luck of its own."""
        level = self.once(chance, (stage << 8) | purpose, CHANCE)
        found: Flags = self.uniforms(stage, purpose, keys) < level
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawn:
    """What is drawn for one stage; None where the stage has no such thing. Fields as in `Inputs`."""

    minutes: Floats | None = None
    pace: Floats | None = None
    opens: Floats | None = None
    closes: Floats | None = None
    leaves: Floats | None = None
    seats: Ints | None = None
    ride: Floats | None = None
    back: Floats | None = None


def draw(road: Road, seed: int, replication: int) -> Inputs:
    """The replication's future: equal for equal arguments, on any machine."""
    luck = Luck(seed, replication)
    parties = _everybody(road, luck)
    drawn = [_stage(road, number, parties, luck) for number in range(len(road.stages))]
    return Inputs(
        size=parties.size,
        stage=parties.stage,
        ready=parties.ready,
        rank=parties.rank,
        minutes=tuple(one.minutes for one in drawn),
        pace=tuple(one.pace for one in drawn),
        opens=tuple(one.opens for one in drawn),
        closes=tuple(one.closes for one in drawn),
        leaves=tuple(one.leaves for one in drawn),
        seats=tuple(one.seats for one in drawn),
        ride=tuple(one.ride for one in drawn),
        back=tuple(one.back for one in drawn),
    )


def _numbers(count: int) -> Keys:
    return np.arange(count, dtype=np.uint64)


def _everybody(road: Road, luck: Luck) -> Parties:
    """The parties of this future, each with the moment it is ready: NEVER for whoever does not come."""
    parties = road.parties
    ready = parties.ready.copy()
    for number, law in enumerate(road.waits):
        waiting = parties.wait == number
        ready[waiting] += luck.values(law, number, WAIT, parties.key[waiting])
    if road.no_show is not None:
        ready[parties.may_fail & luck.happens(road.no_show, 0, STAYS, parties.key)] = NEVER
    more = _nobody() if road.demand is None else _demanded(road.demand, luck)
    return Parties(
        key=np.concatenate([parties.key, more.key]),
        size=np.concatenate([parties.size, more.size]),
        stage=np.concatenate([parties.stage, more.stage]),
        ready=np.concatenate([ready, more.ready]),
        wait=np.concatenate([parties.wait, more.wait]),
        rank=np.concatenate([parties.rank, more.rank]),
        may_fail=np.concatenate([parties.may_fail, more.may_fail]),
    )


def _nobody() -> Parties:
    none = np.zeros(0, dtype=np.int64)
    return Parties(
        key=_numbers(0),
        size=none,
        stage=none,
        ready=np.zeros(0),
        wait=none,
        rank=none,
        may_fail=np.zeros(0, dtype=np.bool_),
    )


def _demanded(demand: Demand, luck: Luck) -> Parties:
    """The rows kept for parties that may yet come; those that do not in this future are ready NEVER."""
    rows = demand.days * demand.slots
    key = _numbers(rows) | np.uint64(DEMAND_KEY)
    day = np.arange(rows) // max(demand.slots, 1)
    count = np.floor(luck.values(demand.per_day, 0, COUNT, _numbers(demand.days)) + 0.5)
    comes = np.arange(rows) % max(demand.slots, 1) < count[day]
    enters = (day + luck.uniforms(0, ENTERS, key)) * DAY_MINUTES
    return Parties(
        key=key,
        size=np.maximum(np.floor(luck.values(demand.size, 0, SIZE, key) + 0.5), 1.0).astype(np.int64),
        stage=np.full(rows, demand.stage, dtype=np.int64),
        ready=np.where(comes, enters, NEVER),
        wait=np.full(rows, -1, dtype=np.int64),
        rank=np.full(rows, demand.rank, dtype=np.int64),
        may_fail=np.zeros(rows, dtype=np.bool_),
    )


def _stage(road: Road, number: int, parties: Parties, luck: Luck) -> _Drawn:
    """What is drawn for one stage."""
    stage = road.stages[number]
    match stage:
        case Desk():
            minutes = luck.values(stage.minutes, number, SERVICE, parties.key)
            opens, closes = _windows(stage, number, luck)
            return _Drawn(
                minutes=_needed(stage, number, minutes * parties.size if stage.per_person else minutes, parties, luck),
                pace=_pace(stage, number, road.days, luck),
                opens=opens,
                closes=closes,
            )
        case Delay():
            minutes = luck.values(stage.minutes, number, SERVICE, parties.key)
            return _Drawn(minutes=_needed(stage, number, minutes, parties, luck))
        case Shuttle():
            return _Drawn(
                leaves=np.asarray(stage.times, dtype=np.float64),
                ride=luck.values(stage.ride_minutes, number, RIDE, _numbers(TRIPS)),
                back=luck.values(stage.back_minutes, number, BACK, _numbers(TRIPS)),
            )
        case Timetable():
            return _departures(stage, number, luck)


def _needed(stage: Desk | Delay, number: int, minutes: Floats, parties: Parties, luck: Luck) -> Floats:
    """The minutes, negative for parties that walk past."""
    if stage.share is None:
        return minutes
    return np.where(luck.happens(stage.share, number, NEEDS, parties.key), minutes, -1.0)


def _pace(desk: Desk, number: int, days: int, luck: Luck) -> Floats:
    """The factor on service minutes of each day: one for the future, times one for the day that fades by `day_rho`."""
    level = 0.0 if desk.log_pace is None else luck.once(desk.log_pace, number, PACE)
    logs = np.full(days, level)
    if desk.day_sigma is not None:
        sigma = luck.once(desk.day_sigma, number, SIGMA)
        shocks = luck.values(NORMAL, number, DAY, _numbers(days))
        kept, new = desk.day_rho, math.sqrt(1.0 - desk.day_rho**2)
        state = float(shocks[0])
        for day in range(days):
            state = state if day == 0 else kept * state + new * float(shocks[day])
            logs[day] += sigma * state
    return np.array([math.exp(log) for log in logs])  # libm's: NumPy's own differs in the last bit


def _windows(desk: Desk, number: int, luck: Luck) -> tuple[Floats, Floats]:
    """When the desk is open in this future: its windows less the closure that comes."""
    spans = [(-NEVER, NEVER)] if desk.windows is None else [(w.opens, w.closes) for w in desk.windows]
    if desk.closure is not None:
        shut = _closed(desk.closure, number, luck)
        if shut is not None:
            spans = [part for span in spans for part in _less(span, shut)]
    return np.array([span[0] for span in spans], dtype=np.float64), np.array([span[1] for span in spans])


def _closed(closure: Closure, number: int, luck: Luck) -> tuple[float, float] | None:
    if not bool(luck.happens(closure.chance, number, CLOSED, _numbers(1))[0]):
        return None
    start = luck.once(closure.start_minutes, number, START)
    return start, start + luck.once(closure.length_minutes, number, LENGTH)


def _less(span: tuple[float, float], shut: tuple[float, float]) -> list[tuple[float, float]]:
    """What is left of a span when another is taken out of it."""
    parts = [(span[0], min(span[1], shut[0])), (max(span[0], shut[1]), span[1])]
    return [part for part in parts if part[0] < part[1]]


def _departures(stage: Timetable, number: int, luck: Luck) -> _Drawn:
    """The departures that go, by the time at which they do. A departure's luck hangs on its own key."""
    keys = np.array([departure.key for departure in stage.departures], dtype=np.uint64)
    leaves = np.array([departure.minutes for departure in stage.departures], dtype=np.float64)
    seats = np.array([departure.seats for departure in stage.departures], dtype=np.int64)
    ride = luck.values(stage.ride_minutes, number, RIDE, keys)
    if stage.late_minutes is not None:
        leaves = leaves + luck.values(stage.late_minutes, number, LATE, keys)
    goes = np.ones(len(keys), dtype=np.bool_)
    if stage.cancelled is not None:
        goes = ~luck.happens(stage.cancelled, number, CANCELS, keys)
    order = np.argsort(leaves, kind="stable")
    order = order[goes[order]]
    return _Drawn(leaves=leaves[order], seats=seats[order], ride=ride[order])
