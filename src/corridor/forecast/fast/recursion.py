"""What becomes of everybody where nothing blocks? `corridor.forecast.recursion` again, compiled.

Queues stay sorted by (ready, party) from stage to stage: officers are freed in the order of time, so a desk's parties
come out sorted, and only what a delay mixes up is sorted again.
"""

from __future__ import annotations

import numpy as np

from corridor.forecast.fast import luck
from corridor.forecast.fast.compiled import compiled, pasted
from corridor.forecast.fast.tape import DELAY, DESK, SHUTTLE
from corridor.forecast.road import DAY_MINUTES, NEVER


@pasted
def _before(time, who, other_time, other_who):
    return time < other_time or (time == other_time and who < other_who)


@compiled
def settle(time, who, count):
    """Sort by (time, party) what is nearly sorted already."""
    for i in range(1, count):
        t, w, j = time[i], who[i], i
        while j > 0 and _before(t, w, time[j - 1], who[j - 1]):
            time[j], who[j] = time[j - 1], who[j - 1]
            j -= 1
        time[j], who[j] = t, w


@compiled
def sort(time, who, count, spare_time, spare_who):
    """Sort by (time, party) what is in any order: spread over as many buckets as there are parties, then settle."""
    if count < 16:
        settle(time, who, count)
        return
    low, high = time[0], time[0]
    for i in range(count):
        low, high = min(low, time[i]), max(high, time[i])
    if not high > low:
        settle(time, who, count)
        return
    scale = (count - 1) / (high - low)
    first = np.zeros(count + 1, dtype=np.int64)
    for i in range(count):
        first[np.int64((time[i] - low) * scale) + 1] += 1
    for bucket in range(count):
        first[bucket + 1] += first[bucket]
    for i in range(count):
        bucket = np.int64((time[i] - low) * scale)
        spare_time[first[bucket]], spare_who[first[bucket]] = time[i], who[i]
        first[bucket] += 1
    time[:count], who[:count] = spare_time[:count], spare_who[:count]
    settle(time, who, count)


@compiled
def merged(a_time, a_who, a_count, b_time, b_who, b_count, time, who):
    """Two sorted queues as one."""
    a, b = 0, 0
    for at in range(a_count + b_count):
        if b == b_count or (a < a_count and _before(a_time[a], a_who[a], b_time[b], b_who[b])):
            time[at], who[at] = a_time[a], a_who[a]
            a += 1
        else:
            time[at], who[at] = b_time[b], b_who[b]
            b += 1
    return a_count + b_count


@compiled
def _sift(time, who, at, count):
    """Move the entry at the top down to its place in a heap by (time, party)."""
    t, w = time[at], who[at]
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and _before(time[child + 1], who[child + 1], time[child], who[child]):
            child += 1
        if not _before(time[child], who[child], t, w):
            break
        time[at], who[at] = time[child], who[child]
        at = child
    time[at], who[at] = t, w


@compiled
def _desk(tape, s, seed, replication, minutes, pace, time, who, count, began, done, out_time, out_who):
    """Serve a sorted queue; who is through, sorted, goes to out_*. How many."""
    spans = 2 * (tape.window_from[s + 1] - tape.window_from[s])
    opens, closes = np.empty(spans), np.empty(spans)
    windows = luck.windows(tape, s, seed, replication, opens, closes)
    officers = tape.seats[s]
    free, served = np.empty(officers), np.full(officers, -1, dtype=np.int64)
    free[:] = tape.free[tape.free_from[s] : tape.free_from[s + 1]]
    free.sort()
    window, through, days = 0, 0, pace.shape[0]
    for at in range(count):
        i = who[at]
        start = max(time[at], free[0])
        while window < windows and closes[window] <= start:
            window += 1
        if window == windows:
            began[i] = done[i] = NEVER
            continue
        start = max(start, opens[window])
        if served[0] >= 0:
            out_time[through], out_who[through] = free[0], served[0]
            through += 1
        day = min(max(np.int64(np.floor(start / DAY_MINUTES)), 0), days - 1)
        ends = start + minutes[i] * pace[day]
        began[i] = start
        done[i] = ends
        free[0], served[0] = ends, i
        _sift(free, served, 0, officers)
    left = officers
    while left > 0:
        if served[0] >= 0:
            out_time[through], out_who[through] = free[0], served[0]
            through += 1
        left -= 1
        free[0], served[0] = free[left], served[left]
        _sift(free, served, 0, left)
    return through


@compiled
def _shuttle(tape, s, seed, replication, size, time, who, count, began, done, out_time, out_who):
    """Fill vehicles from a sorted queue; who has arrived, in the order of trips, goes to out_*. How many."""
    vehicles = tape.free_from[s + 1] - tape.free_from[s]
    there, nobody = np.empty(vehicles), np.zeros(vehicles, dtype=np.int64)
    there[:] = tape.free[tape.free_from[s] : tape.free_from[s + 1]]
    there.sort()
    times = tape.times[tape.times_from[s] : tape.times_from[s + 1]]
    ride_base, back_base = luck.stream(seed, replication, s, luck.RIDE), luck.stream(seed, replication, s, luck.BACK)
    seats, when_full = tape.seats[s], tape.when_full[s] == 1
    first, trip, left_last, turn = 0, 0, -NEVER, 0
    while first < count:
        taken, upto, full_at = 0, first, NEVER
        while upto < count:
            taken += size[who[upto]]
            if taken > seats:
                full_at = time[upto]
                break
            upto += 1
            if taken == seats:
                full_at = time[upto - 1]
                break
        vehicle = there[0] if vehicles > 0 else NEVER
        earliest = max(max(time[first], vehicle), left_last)
        while turn < len(times) and times[turn] < earliest:
            turn += 1  # `earliest` never goes back
        leaving = times[turn] if turn < len(times) else NEVER
        if when_full:
            leaving = min(leaving, max(max(full_at, vehicle), left_last))
        if leaving == NEVER:
            break
        while upto > first and time[upto - 1] > leaving:
            upto -= 1
        arriving = leaving + luck.of_trip(tape.laws[tape.ride_law[s]], ride_base, trip)
        for at in range(first, upto):
            i = who[at]
            began[i], done[i] = leaving, arriving
            out_time[at], out_who[at] = arriving, i
        there[0] = arriving + luck.of_trip(tape.laws[tape.back_law[s]], back_base, trip)
        _sift(there, nobody, 0, vehicles)
        first, trip, left_last = upto, trip + 1, leaving
    for at in range(first, count):
        began[who[at]] = done[who[at]] = NEVER
    return first


@compiled
def _timetable(tape, s, seed, replication, size, time, who, count, began, done, out_time, out_who):
    """Fill departures from a sorted queue; who has arrived, in the order of departures, goes to out_*. How many."""
    trips = tape.times_from[s + 1] - tape.times_from[s]
    leaves, places, ride = np.empty(trips), np.empty(trips, dtype=np.int64), np.empty(trips)
    going = luck.departures(tape, s, seed, replication, leaves, places, ride)
    first = 0
    for trip in range(going):
        left = places[trip]
        while first < count and time[first] <= leaves[trip] and size[who[first]] <= left:
            i = who[first]
            left -= size[i]
            began[i], done[i] = leaves[trip], leaves[trip] + ride[trip]
            out_time[first], out_who[first] = done[i], i
            first += 1
    for at in range(first, count):
        began[who[at]] = done[who[at]] = NEVER
    return first


@compiled
def walk(tape, seed, replication, size, stage, ready_at, minutes, pace, ready, began, done, out):
    """One future of a feed-forward road, into ready, began, done (S, n) and out (n)."""
    stages, everybody = minutes.shape
    time, who = np.empty(everybody), np.empty(everybody, dtype=np.int64)
    other_time, other_who = np.empty(everybody), np.empty(everybody, dtype=np.int64)
    through_time, through_who = np.empty(everybody), np.empty(everybody, dtype=np.int64)
    ready[:, :], began[:, :], done[:, :] = np.nan, np.nan, np.nan
    count = 0
    for i in range(everybody):
        out[i] = np.nan if ready_at[i] == NEVER else NEVER
    for s in range(stages + 1):
        joining = 0
        for i in range(everybody):
            if stage[i] == s and ready_at[i] < NEVER:
                other_time[joining], other_who[joining] = ready_at[i], i
                joining += 1
        if joining > 0:
            sort(other_time, other_who, joining, through_time, through_who)
            total = merged(time, who, count, other_time, other_who, joining, through_time, through_who)
            time[:total], who[:total], count = through_time[:total], through_who[:total], total
        if s == stages:
            break
        walking = 0  # those who need this stage go to the front of other_*; the rest keep their turn in time, who
        past = 0
        for at in range(count):
            i = who[at]
            if minutes[s, i] >= 0:
                other_time[walking], other_who[walking] = time[at], i
                ready[s, i] = time[at]
                walking += 1
            else:
                time[past], who[past] = time[at], i
                past += 1
        kind = tape.kind[s]
        if kind == DESK:
            through = _desk(
                tape, s, seed, replication, minutes[s], pace[s], other_time, other_who, walking, began[s], done[s],
                through_time, through_who,
            )  # fmt: skip
        elif kind == DELAY:
            for at in range(walking):
                i = other_who[at]
                began[s, i], done[s, i] = other_time[at], other_time[at] + minutes[s, i]
                through_time[at], through_who[at] = done[s, i], i
            through = walking
            sort(through_time, through_who, through, other_time, other_who)
        elif kind == SHUTTLE:
            through = _shuttle(
                tape, s, seed, replication, size, other_time, other_who, walking, began[s], done[s], through_time,
                through_who,
            )  # fmt: skip
            sort(through_time, through_who, through, other_time, other_who)
        else:
            through = _timetable(
                tape, s, seed, replication, size, other_time, other_who, walking, began[s], done[s], through_time,
                through_who,
            )  # fmt: skip
            sort(through_time, through_who, through, other_time, other_who)
        if past == 0:
            time[:through], who[:through] = through_time[:through], through_who[:through]
            count = through
        else:
            count = merged(time, who, past, through_time, through_who, through, other_time, other_who)
            time[:count], who[:count] = other_time[:count], other_who[:count]
    for at in range(count):
        out[who[at]] = time[at]
