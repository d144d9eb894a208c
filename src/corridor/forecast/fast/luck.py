"""Which numbers does a future draw? `corridor.forecast.draws` again, compiled; equal to the last bit.

Functions take the tape's columns. Nothing here may use fused or reordered arithmetic: no `fastmath`.
"""

from __future__ import annotations

import math

import numpy as np

from corridor.forecast import draws
from corridor.forecast.fast.compiled import compiled, pasted
from corridor.forecast.fast.tape import DELAY, DESK, NONE
from corridor.forecast.road import DAY_MINUTES, KNOTS, NEVER

_GOLDEN = np.uint64(draws.GOLDEN)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_A, _B, _C, _ELEVEN, _EIGHT = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11), np.uint64(8)
_ONE = np.uint64(1)
_UNIT = 1.0 / 9007199254740992.0
_DEMAND_KEY = np.uint64(draws.DEMAND_KEY)
_TRIPS = draws.TRIPS
STAYS, WAIT, SERVICE, NEEDS, RIDE, BACK = draws.STAYS, draws.WAIT, draws.SERVICE, draws.NEEDS, draws.RIDE, draws.BACK
LATE, CANCELS, SIZE, ENTERS, COUNT, PACE = draws.LATE, draws.CANCELS, draws.SIZE, draws.ENTERS, draws.COUNT, draws.PACE
DAY, SIGMA, CHANCE, CLOSED, START, LENGTH = (
    draws.DAY, draws.SIGMA, draws.CHANCE, draws.CLOSED, draws.START, draws.LENGTH,
)  # fmt: skip


@pasted
def _finished(z):
    z = (z ^ (z >> _A)) * _FIRST
    z = (z ^ (z >> _B)) * _SECOND
    return z ^ (z >> _C)


@compiled
def stream(seed, replication, stage, purpose):
    """`draws.stream`."""
    z = np.uint64(seed)
    z = _finished(z + _GOLDEN * (np.uint64(replication) + _ONE))
    return _finished(z + _GOLDEN * (((np.uint64(stage) << _EIGHT) | np.uint64(purpose)) + _ONE))


@pasted
def uniform(base, key):
    """`draws.uniforms` of one key."""
    z = _finished((np.uint64(key) ^ base) + _GOLDEN)
    return (np.float64(z >> _ELEVEN) + 0.5) * _UNIT


@pasted
def looked_up(quantiles, level):
    """`draws.looked_up` of one level."""
    place = min(max(level * KNOTS - 0.5, 0.0), KNOTS - 1.0)
    below = np.int64(place)
    above = min(below + 1, KNOTS - 1)
    low = quantiles[below]
    return low + (quantiles[above] - low) * (place - below)


@compiled
def once(quantiles, seed, replication, stage, purpose):
    """`Luck.once`."""
    return looked_up(quantiles, uniform(stream(seed, replication, stage, purpose), np.uint64(0)))


@compiled
def chance(quantiles, seed, replication, stage, purpose):
    """The level below which it happens: the first half of `Luck.happens`."""
    return once(quantiles, seed, replication, (stage << 8) | purpose, CHANCE)


@compiled
def everybody(tape, seed, replication, key, size, stage, ready, rank):
    """Fill in who comes in this future, and when: `draws._everybody`."""
    count = len(tape.key)
    key[:count], size[:count], stage[:count], rank[:count] = tape.key, tape.size, tape.stage, tape.rank
    level, shows = -1.0, stream(seed, replication, 0, STAYS)
    if tape.no_show_law != NONE:
        level = chance(tape.laws[tape.no_show_law], seed, replication, 0, STAYS)
    bases = np.empty(len(tape.wait_law), dtype=np.uint64)
    for number in range(len(bases)):
        bases[number] = stream(seed, replication, number, WAIT)
    for i in range(count):
        time, number = tape.ready[i], tape.wait[i]
        if number >= 0:
            time += looked_up(tape.laws[tape.wait_law[number]], uniform(bases[number], tape.key[i]))
        if tape.may_fail[i] and level >= 0 and uniform(shows, tape.key[i]) < level:
            time = NEVER
        ready[i] = time
        if not tape.priorities:
            rank[i] = 0
    if tape.demand_law == NONE:
        return
    counts, sizes = stream(seed, replication, 0, COUNT), stream(seed, replication, 0, SIZE)
    enters, row = stream(seed, replication, 0, ENTERS), count
    for day in range(tape.demand_days):
        comes = math.floor(looked_up(tape.laws[tape.demand_law], uniform(counts, np.uint64(day))) + 0.5)
        for slot in range(tape.demand_slots):
            key[row] = np.uint64(row - count) | _DEMAND_KEY
            drawn = math.floor(looked_up(tape.laws[tape.demand_size_law], uniform(sizes, key[row])) + 0.5)
            size[row], stage[row], rank[row] = (
                max(np.int64(drawn), 1),
                tape.demand_stage,
                tape.demand_rank * tape.priorities,
            )
            ready[row] = (day + uniform(enters, key[row])) * DAY_MINUTES if slot < comes else NEVER
            row += 1


@compiled
def services(tape, seed, replication, key, size, minutes):
    """Fill in everybody's minutes at every desk and delay, negative for who walks past; 0 elsewhere."""
    for s in range(len(tape.kind)):
        if tape.kind[s] > DELAY:
            minutes[s, :] = 0.0
            continue
        quantiles, base = tape.laws[tape.minutes_law[s]], stream(seed, replication, s, SERVICE)
        per_person, share = tape.per_person[s] == 1, tape.share_law[s]
        level, needs = 2.0, stream(seed, replication, s, NEEDS)
        if share != NONE:
            level = chance(tape.laws[share], seed, replication, s, NEEDS)
        for i in range(len(key)):
            if share != NONE and not uniform(needs, key[i]) < level:
                minutes[s, i] = -1.0
                continue
            drawn = looked_up(quantiles, uniform(base, key[i]))
            minutes[s, i] = drawn * size[i] if per_person else drawn


@compiled
def paces(tape, seed, replication, pace):
    """Fill in the factor on service minutes of every desk and day: `draws._pace`."""
    for s in range(len(tape.kind)):
        if tape.kind[s] != DESK:
            continue
        level = 0.0
        if tape.pace_law[s] != NONE:
            level = once(tape.laws[tape.pace_law[s]], seed, replication, s, PACE)
        if tape.sigma_law[s] == NONE:
            pace[s, :] = math.exp(level)
            continue
        sigma = once(tape.laws[tape.sigma_law[s]], seed, replication, s, SIGMA)
        base, normal = stream(seed, replication, s, DAY), tape.laws[tape.normal_law]
        kept, new = tape.rho[s], math.sqrt(1.0 - tape.rho[s] ** 2)
        state = 0.0
        for day in range(tape.days):
            shock = looked_up(normal, uniform(base, np.uint64(day)))
            state = shock if day == 0 else kept * state + new * shock
            pace[s, day] = math.exp(level + sigma * state)


@compiled
def windows(tape, s, seed, replication, opens, closes):
    """Fill in when a desk is open in this future; how many windows: `draws._windows`."""
    laws, count = tape.closure_law[s], 0
    starts, ends = NEVER, NEVER
    if laws[0] != NONE:
        level = chance(tape.laws[laws[0]], seed, replication, s, CLOSED)
        if uniform(stream(seed, replication, s, CLOSED), np.uint64(0)) < level:
            starts = once(tape.laws[laws[1]], seed, replication, s, START)
            ends = starts + once(tape.laws[laws[2]], seed, replication, s, LENGTH)
    for w in range(tape.window_from[s], tape.window_from[s + 1]):
        before, after = min(tape.closes[w], starts), max(tape.opens[w], ends)
        if starts == NEVER:
            opens[count], closes[count] = tape.opens[w], tape.closes[w]
            count += 1
            continue
        if tape.opens[w] < before:
            opens[count], closes[count] = tape.opens[w], before
            count += 1
        if after < tape.closes[w]:
            opens[count], closes[count] = after, tape.closes[w]
            count += 1
    return count


@compiled
def departures(tape, s, seed, replication, leaves, places, ride):
    """Fill in the departures of a timetable that go, by time; how many: `draws._departures`."""
    begin, end, count = tape.times_from[s], tape.times_from[s + 1], 0
    level, late = -1.0, stream(seed, replication, s, LATE)
    if tape.share_law[s] != NONE:
        level = chance(tape.laws[tape.share_law[s]], seed, replication, s, CANCELS)
    cancels, rides = stream(seed, replication, s, CANCELS), stream(seed, replication, s, RIDE)
    for k in range(begin, end):
        key, time = tape.trip_key[k], tape.times[k]
        if level >= 0 and uniform(cancels, key) < level:
            continue
        if tape.late_law[s] != NONE:
            time += looked_up(tape.laws[tape.late_law[s]], uniform(late, key))
        riding = looked_up(tape.laws[tape.ride_law[s]], uniform(rides, key))
        at = count
        while at > 0 and leaves[at - 1] > time:
            leaves[at], places[at], ride[at] = leaves[at - 1], places[at - 1], ride[at - 1]
            at -= 1
        leaves[at], places[at], ride[at] = time, tape.places[k], riding
        count += 1
    return count


@compiled
def of_trip(quantiles, base, trip):
    """A shuttle's draw for its trip of this number."""
    return looked_up(quantiles, uniform(base, np.uint64(trip % _TRIPS)))
