"""What does a timetable come to, and which is best? Compiled.

The rule of thumb of `trying` and the search of `searching`, with the same points to the last bit.
All in one module: numba keeps a compiled function by its own source only, not by that of the functions it calls.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from corridor.plan.solve.frame import Flags, Floats, Ints
from corridor.plan.solve.seating import MANY

compiled: Any = njit(cache=True, nogil=True)


MANY_VEHICLES = 256
"""No convoy has more vehicles than this."""
CALLS_MAX = 200
"""No timetable that is tried has more calls than this."""
DRAWS = 8
"""So many random numbers are asked for by a turn."""
BY = np.array([-6, -4, -3, -2, -1, -1, 1, 1, 2, 3, 4, 6])
ALL_BY = np.array([-3, -2, -1, 1, 2, 3])
MOST = np.array([1, 2, 3, 1 << 30])


class Ground(NamedTuple):
    """What stays the same from timetable to timetable. Rows of `opens` to `at_gate` are roads (by index); `numbers` has
    by road: gate, slots before, slots after, minutes, vehicles at most, first rider, past the last one, fleets or not.

    `fleets_of` are by road its fleets, those with most seats first, -1 where there is none; `escorts` by road and pool.
    `riders` are by rider: unit, persons, seats, stretchers, wheelchairs, ready, crosses from, until, weighted.
    """

    slot: int
    end: int
    everybody: float
    danger: float
    fleets: Ints
    pools: Ints
    through: Ints
    holding: Ints
    opens: Flags
    ride: Floats
    at_gate: Floats
    numbers: Ints
    fleets_of: Ints
    escorts: Ints
    has: Ints
    riders: Ints
    points: Floats
    stays: Floats
    units: int
    longest: int


class Room(NamedTuple):
    """What is left after each call of a timetable, the first entry before any: by fleet, pool and gate and slot, and
    who has been taken; with the points so far."""

    fleets: Ints
    pools: Ints
    through: Ints
    holding: Ints
    taken: Flags
    points: Floats


@compiled
def room_of(ground, calls_max):
    """Everything free before the first of so many calls at most."""
    n = calls_max + 1
    f, p, g = ground.fleets, ground.pools, ground.through
    room = Room(
        np.zeros((n, f.shape[0], f.shape[1]), dtype=np.int64),
        np.zeros((n, p.shape[0], p.shape[1]), dtype=np.int64),
        np.zeros((n, g.shape[0], g.shape[1]), dtype=np.int64),
        np.zeros((n, g.shape[0], g.shape[1]), dtype=np.int64),
        np.zeros((n, ground.units), dtype=np.bool_),
        np.zeros(n),
    )
    room.fleets[0], room.pools[0], room.through[0], room.holding[0] = f, p, g, ground.holding
    room.points[0] = ground.everybody
    return room


@compiled
def copied(room, at, to, into):
    """Put what is left after call `at` of one where that after call `into` of the other is."""
    to.fleets[into] = room.fleets[at]
    to.pools[into] = room.pools[at]
    to.through[into] = room.through[at]
    to.holding[into] = room.holding[at]
    to.taken[into] = room.taken[at]
    to.points[into] = room.points[at]


@compiled
def carried_on(ground, room, calls, begins, count, look, vehicles):
    """Carry out the calls from `begins` up to `count`, what was left after those before being in `room`; calls that do
    not leave are taken out, others get the slot in which they left. How many there are then."""
    done = begins
    for c in range(begins, count):
        road, most = calls[c, 1], calls[c, 2]
        copied(room, done, room, done + 1)
        fleets, pools, at = room.fleets[done + 1], room.pools[done + 1], done + 1
        slot = _first(ground, fleets, pools, road, calls[c, 0])
        if slot < 0:
            continue
        gained, number = _fill(
            ground, fleets, room.through[at], room.holding[at], room.taken[at], look, vehicles, road, slot, most
        )
        if number < 0:
            continue
        room.points[at] += gained
        for s in range(max(0, slot - ground.numbers[road, 1]), min(fleets.shape[1], slot + ground.numbers[road, 2])):
            for v in range(number):
                fleets[vehicles[v, 0], s] -= 1
            for pool in range(len(pools)):
                pools[pool, s] -= ground.escorts[road, pool]
        calls[done, 0], calls[done, 1], calls[done, 2] = slot, road, most
        done += 1
    return done


@compiled
def carried_out(ground, room, calls, count):
    """Carry out all the calls, as `carried_on`."""
    look = np.zeros(ground.longest + 1, dtype=np.int64)
    vehicles = np.zeros((MANY_VEHICLES, 4), dtype=np.int64)
    return carried_on(ground, room, calls, 0, count, look, vehicles)


@compiled
def _first(ground, fleets, pools, road, slot):
    """The first slot from `slot` on in which escorts and a vehicle are there from before to after; -1: none."""
    slots = ground.opens.shape[1]
    before, after = ground.numbers[road, 1], ground.numbers[road, 2]
    fleet = ground.fleets_of[road, 0] if ground.numbers[road, 7] else -1
    while slot < slots:
        if not ground.opens[road, slot]:
            slot += 1
            continue
        last = -1
        for s in range(min(slots, slot + after) - 1, max(0, slot - before) - 1, -1):
            good = fleet < 0 or fleets[fleet, s] >= 1
            for pool in range(len(pools)):
                good = good and pools[pool, s] >= ground.escorts[road, pool]
            if not good:
                last = s
                break
        if last < 0:
            return slot
        slot = last + before + 1
    return -1


@compiled
def _fill(ground, fleets, through, holding, taken, look, vehicles, road, slot, most):
    """Let one convoy leave and those aboard cross: what was gained, and its vehicles; -1 where nobody is there."""
    slots, width = ground.opens.shape[1], ground.slot
    gate, before, after, minutes = (
        ground.numbers[road, 0],
        ground.numbers[road, 1],
        ground.numbers[road, 2],
        ground.numbers[road, 3],
    )
    arrives = slot * width + minutes
    if arrives >= ground.end:
        return 0.0, -1
    at, first = arrives // width, -(-arrives // width)
    free = np.full(len(fleets), MANY)
    for fleet in range(len(fleets)):
        for s in range(max(0, slot - before), min(slots, slot + after)):
            free[fleet] = min(free[fleet], fleets[fleet, s])
    most = min(most, ground.numbers[road, 4], MANY_VEHICLES)
    beside = ground.ride[road, slot] * ground.danger
    look[:] = 0
    gained, aboard, number = 0.0, 0, 0
    for r in range(ground.numbers[road, 5], ground.numbers[road, 6]):
        unit, persons, weighted = ground.riders[r, 0], ground.riders[r, 1], ground.riders[r, 8]
        if taken[unit] or ground.riders[r, 5] > slot:
            continue
        begins = max(first, ground.riders[r, 6])
        crosses = max(begins, look[persons])
        while crosses < slots and through[gate, crosses] < persons:
            crosses += 1
        if begins == first:
            look[persons] = crosses
        if crosses >= slots or crosses > ground.riders[r, 7]:
            continue
        points = ground.points[r, crosses] + weighted * (beside + ground.danger * ground.at_gate[road, crosses])
        if points >= ground.stays[r]:
            continue
        waits = crosses if arrives < crosses * width else at
        fits = True
        for k in range(at, waits):
            fits = fits and holding[gate, k] >= persons
        if not fits:
            continue
        if ground.numbers[road, 7]:
            there = _seat(ground, r, vehicles, number, free, road, most)
            if there < 0:
                continue
            number = there
        for k in range(at, waits):
            holding[gate, k] -= persons
        through[gate, crosses] -= persons
        taken[unit] = True
        aboard += 1
        gained += points - ground.stays[r]
    if not aboard:
        return 0.0, -1
    return gained, number


@compiled
def _seat(ground, rider, vehicles, number, free, road, most):
    """Places in the vehicle with the least room, or in one more; how many vehicles there are then, -1: no places."""
    seats, lying, chairs = ground.riders[rider, 2], ground.riders[rider, 3], ground.riders[rider, 4]
    best, there = -1, number
    if seats or chairs:
        for v in range(number):
            if (
                vehicles[v, 1] >= seats
                and vehicles[v, 3] >= chairs
                and (best < 0 or vehicles[v, 1] < vehicles[best, 1])
            ):
                best = v
        if best < 0:
            if not _one_more(ground, vehicles, there, free, road, most, seats, 0, chairs):
                return -1
            best, there = there, there + 1
    if lying:
        room = 0
        for v in range(there):
            room += vehicles[v, 2]
        while room < lying:
            if not _one_more(ground, vehicles, there, free, road, most, 0, 1, 0):
                for v in range(number, there):
                    free[vehicles[v, 0]] += 1
                return -1
            room += vehicles[there, 2]
            there += 1
    if best >= 0:
        vehicles[best, 1] -= seats
        vehicles[best, 3] -= chairs
    for v in range(there):
        part = min(lying, vehicles[v, 2])
        vehicles[v, 2] -= part
        lying -= part
    return there


@compiled
def _one_more(ground, vehicles, there, free, road, most, seats, lying, chairs):
    """Take one more vehicle with such places, as the last."""
    if there >= most:
        return False
    for at in range(ground.fleets_of.shape[1]):
        fleet = ground.fleets_of[road, at]
        if fleet < 0:
            return False
        has = ground.has[fleet]
        if free[fleet] > 0 and has[0] >= seats and has[1] >= lying and has[2] >= chairs:
            free[fleet] -= 1
            vehicles[there, 0] = fleet
            vehicles[there, 1:] = has
            return True
    return False


@compiled
def cooled(ground, room, other, calls, count, best, best_count, best_points, roads, heats, draws):
    """So many turns as there are heats: from `calls`, of which the first `count` hold and with what is left after each
    in `room`, to others; the best in `best`. `other` is room to try in. The two counts and the best points."""
    look = np.zeros(ground.longest + 1, dtype=np.int64)
    vehicles = np.zeros((MANY_VEHICLES, 4), dtype=np.int64)
    tried = calls.copy()
    for turn in range(len(heats)):
        draw = draws[turn]
        tried[:count] = calls[:count]
        asked = _changed(tried, count, draw, ground.opens.shape[1], roads)
        same = 0
        while same < min(asked, count) and (tried[same] == calls[same]).all():
            same += 1
        copied(room, same, other, same)
        there = carried_on(ground, other, tried, same, asked, look, vehicles)
        if other.points[there] - room.points[count] > -heats[turn] * np.log(max(1e-12, draw[DRAWS - 1])):
            continue
        for at in range(same + 1, there + 1):
            copied(other, at, room, at)
        calls[:there] = tried[:there]
        count = there
        if room.points[count] < best_points - 1e-6:
            best_points, best_count = room.points[count], count
            best[:count] = calls[:count]
    return count, best_count, best_points


@compiled
def _changed(calls, count, draw, slots, roads):
    """One change: another time, road or size, two the other way round, one more, one less; how many there are then."""
    kind = draw[0]
    at = int(draw[1] * count)
    if count == 0 or kind < 0.12:
        count = _added(calls, count, int(draw[2] * slots), roads[int(draw[3] * len(roads))])
    elif kind < 0.5:
        calls[at, 0] = min(slots - 1, max(0, calls[at, 0] + BY[int(draw[2] * len(BY))]))
    elif kind < 0.58:
        # All that come after, too.
        by, since = ALL_BY[int(draw[2] * len(ALL_BY))], calls[at, 0]
        for c in range(count):
            if calls[c, 0] >= since:
                calls[c, 0] = min(slots - 1, max(0, calls[c, 0] + by))
    elif kind < 0.65:
        calls[at, 2] = MOST[int(draw[2] * len(MOST))]
    elif kind < 0.75:
        calls[at, 1] = roads[int(draw[2] * len(roads))]
    elif kind < 0.88 and count > 1:
        other = at + 1 if at + 1 < count else at - 1
        if draw[2] < 0.4:
            other = int(draw[3] * count)
        calls[at, 1], calls[other, 1] = calls[other, 1], calls[at, 1]
    else:
        calls[at : count - 1] = calls[at + 1 : count].copy()
        count -= 1
        if draw[2] < 0.6:
            count = _added(calls, count, int(draw[3] * slots), roads[int(draw[4] * len(roads))])
    _sort(calls, count)
    return count


@compiled
def _added(calls, count, slot, road):
    """One more call, if there is room for it."""
    if count == len(calls):
        return count
    calls[count, 0], calls[count, 1], calls[count, 2] = slot, road, 1 << 30
    return count + 1


@compiled
def _sort(calls, count):
    """In order of slot, road and size."""
    for i in range(1, count):
        slot, road, most = calls[i]
        j = i - 1
        while j >= 0 and (
            calls[j, 0] > slot
            or (calls[j, 0] == slot and (calls[j, 1] > road or (calls[j, 1] == road and calls[j, 2] > most)))
        ):
            calls[j + 1] = calls[j]
            j -= 1
        calls[j + 1, 0], calls[j + 1, 1], calls[j + 1, 2] = slot, road, most
