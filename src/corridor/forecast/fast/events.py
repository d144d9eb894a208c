"""What becomes of everybody where beds block or ranks go first? `corridor.forecast.events` again, compiled.

One heap of events; a load of a vehicle is one event, as is a service. A stage's queue is a row of one array, each
party entering it once, so that vehicles' loads stay readable behind the queue's head. What runs once an event is
compiled without numba's reference counts (`_nrt=False`, so they may not allocate): counting every array of every
call took twenty times as long as the walk.
"""

from __future__ import annotations

import numpy as np

from corridor.forecast.fast import luck
from corridor.forecast.fast.compiled import bare, compiled, pasted
from corridor.forecast.fast.recursion import sort
from corridor.forecast.fast.tape import DELAY, DESK, SHUTTLE, TIMETABLE
from corridor.forecast.road import DAY_MINUTES, NEVER

# What an event is: a party through a desk or delay, a load that has arrived, an officer or vehicle free, a clock.
_THROUGH, _ARRIVED, _BACK, _CLOCK = 0, 1, 2, 3
# Columns of the state, one row a stage. GOING departures have struck, GONE of them are over.
_KIND, _SEATS, _WHEN_FULL, _HEAD, _TAIL, _WAITING, _FREE, _CHANGED, _STRIKING, _GOING, _GONE, _LOADS = range(12)
_WINDOW, _WINDOWS, _ENTERS, _LEAVES = range(12, 16)
_COLUMNS = 16
# Columns of the beds, one row each.
_ENTER, _LEAVE, _BEDS = range(3)
# Rows of a stage's clock: when a desk opens and closes, or when what leaves and how long it rides.
_OPENS, _CLOSES = 0, 1
_TIMES, _RIDE = 0, 1


@pasted
def _push(times, events, counts, time, what, s, who):
    """Put an event on the heap by time."""
    at = counts[0]
    counts[0] += 1
    while at > 0:
        above = (at - 1) >> 1
        if times[above] <= time:
            break
        times[at] = times[above]
        events[at, 0], events[at, 1], events[at, 2] = events[above, 0], events[above, 1], events[above, 2]
        at = above
    times[at] = time
    events[at, 0], events[at, 1], events[at, 2] = what, s, who


@pasted
def _pop(times, events, counts):
    """Take the first event off the heap. The caller has read it at index 0."""
    counts[0] -= 1
    count = counts[0]
    time, what, s, who = times[count], events[count, 0], events[count, 1], events[count, 2]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and times[child + 1] < times[child]:
            child += 1
        if times[child] >= time:
            break
        times[at] = times[child]
        events[at, 0], events[at, 1], events[at, 2] = events[child, 0], events[child, 1], events[child, 2]
        at = child
    times[at] = time
    events[at, 0], events[at, 1], events[at, 2] = what, s, who


@pasted
def _give(b, who, size, beds, held, state):
    """Give a party's beds back, if it holds any there."""
    if held[b, who]:
        held[b, who] = False
        beds[b, _BEDS] += size[who]
        state[beds[b, _ENTER], _CHANGED] = 1


@pasted
def _ready(who, s, now, state, queue, size, rank, minutes, ready, out, beds, held):
    """A party is ready for stage s: it joins the first queue from there that it needs, or is out."""
    stages = minutes.shape[0]
    while s < stages:
        for b in range(beds.shape[0]):
            if beds[b, _LEAVE] < s:
                _give(b, who, size, beds, held, state)
        if minutes[s, who] >= 0:
            ready[s, who] = now
            at, head = state[s, _TAIL], state[s, _HEAD]
            while at > head:
                other = queue[s, at - 1]
                if rank[other] != rank[who]:
                    behind = rank[other] > rank[who]
                elif ready[s, other] != now:
                    behind = ready[s, other] > now
                else:
                    behind = other > who
                if not behind:
                    break
                queue[s, at] = other
                at -= 1
            queue[s, at] = who
            state[s, _TAIL] += 1
            state[s, _WAITING] += size[who]
            state[s, _CHANGED] = 1
            return
        s += 1
    for b in range(beds.shape[0]):
        _give(b, who, size, beds, held, state)
    out[who] = now


@pasted
def _begins(s, who, now, until, state, size, began, done, beds, held):
    """The first in the queue is served or leaves now."""
    began[s, who], done[s, who] = now, until
    state[s, _HEAD] += 1
    state[s, _WAITING] -= size[who]
    if state[s, _ENTERS] + state[s, _LEAVES] == 0:
        return
    for b in range(beds.shape[0]):
        if beds[b, _ENTER] == s:
            held[b, who] = True
            beds[b, _BEDS] -= size[who]
        if beds[b, _LEAVE] == s:
            _give(b, who, size, beds, held, state)


@pasted
def _room(s, state, beds):
    """Free beds behind stage s: without end where there are none to have."""
    room = np.int64(1) << 60
    if state[s, _ENTERS] > 0:
        for b in range(beds.shape[0]):
            if beds[b, _ENTER] == s:
                room = min(room, beds[b, _BEDS])
    return room


@pasted
def _desk(s, now, state, queue, size, minutes, pace, clock, began, done, beds, held, times, events, counts):
    """Serve whoever is first while an officer is free, the desk is open and there is room behind it."""
    while state[s, _WINDOW] < state[s, _WINDOWS] and clock[s, _CLOSES, state[s, _WINDOW]] <= now:
        state[s, _WINDOW] += 1
    if state[s, _WINDOW] == state[s, _WINDOWS] or clock[s, _OPENS, state[s, _WINDOW]] > now:
        return
    day = min(max(np.int64(np.floor(now / DAY_MINUTES)), 0), pace.shape[1] - 1)
    while state[s, _FREE] > 0 and state[s, _HEAD] < state[s, _TAIL]:
        who = queue[s, state[s, _HEAD]]
        if size[who] > _room(s, state, beds):
            return
        until = now + minutes[s, who] * pace[s, day]
        state[s, _FREE] -= 1
        _begins(s, who, now, until, state, size, began, done, beds, held)
        _push(times, events, counts, until, _THROUGH, s, who)


@pasted
def _delay(s, now, state, queue, size, minutes, began, done, beds, held, times, events, counts):
    """Everybody who is there begins to wait."""
    while state[s, _HEAD] < state[s, _TAIL]:
        who = queue[s, state[s, _HEAD]]
        until = now + minutes[s, who]
        _begins(s, who, now, until, state, size, began, done, beds, held)
        _push(times, events, counts, until, _THROUGH, s, who)


@pasted
def _load(s, state, queue, size, beds):
    """Up to where the queue boards if the vehicle leaves now, and whether it is full then."""
    upto, left, room = state[s, _HEAD], state[s, _SEATS], _room(s, state, beds)
    while upto < state[s, _TAIL]:
        persons = size[queue[s, upto]]
        if persons > left:
            return upto, True
        if persons > room:
            return upto, False
        room -= persons
        left -= persons
        upto += 1
        if left == 0:
            return upto, True
    return upto, False


@pasted
def _left(s, upto, now, arriving, state, queue, loads, size, began, done, beds, held, times, events, counts):
    """A vehicle leaves with the queue up to there."""
    load = state[s, _LOADS]
    loads[s, load, 0], loads[s, load, 1] = state[s, _HEAD], upto
    state[s, _LOADS] += 1
    while state[s, _HEAD] < upto:
        _begins(s, queue[s, state[s, _HEAD]], now, arriving, state, size, began, done, beds, held)
    _push(times, events, counts, arriving, _ARRIVED, s, load)


@pasted
def _shuttle(
    s, now, state, queue, loads, size, began, done, beds, held, times, events, counts, ride, back, ride_base, back_base
):
    """Vehicles that are there leave when full, or when their clock strikes."""
    while state[s, _FREE] > 0 and state[s, _HEAD] < state[s, _TAIL]:
        striking = state[s, _STRIKING] == 1
        if not striking and (state[s, _WHEN_FULL] == 0 or state[s, _WAITING] < state[s, _SEATS]):
            return
        upto, full = _load(s, state, queue, size, beds)
        if upto == state[s, _HEAD] or not (striking or full):
            return
        trip = state[s, _LOADS]
        arriving = now + luck.of_trip(ride, ride_base, trip)
        _left(s, upto, now, arriving, state, queue, loads, size, began, done, beds, held, times, events, counts)
        _push(times, events, counts, arriving + luck.of_trip(back, back_base, trip), _BACK, s, 0)
        state[s, _FREE] -= 1


@pasted
def _timetable(
    s, now, state, queue, loads, clock, places, size, began, done, beds, held, times, events, counts
):  # fmt: skip
    """What leaves at this moment takes on as many as fit."""
    for k in range(state[s, _GONE], state[s, _GOING]):
        upto, room = state[s, _HEAD], _room(s, state, beds)
        while upto < state[s, _TAIL] and size[queue[s, upto]] <= min(places[s, k], room):
            places[s, k] -= size[queue[s, upto]]
            room -= size[queue[s, upto]]
            upto += 1
        if upto > state[s, _HEAD]:
            arriving = now + clock[s, _RIDE, k]
            _left(s, upto, now, arriving, state, queue, loads, size, began, done, beds, held, times, events, counts)


@compiled
def _clocks(tape, seed, replication, state, clock, places, times, events, counts):
    """Put what the clock alone brings on the heap: hours, times of the table, officers and vehicles first free."""
    for s in range(len(tape.kind)):
        state[s, _KIND], state[s, _SEATS], state[s, _WHEN_FULL] = tape.kind[s], tape.seats[s], tape.when_full[s]
        for k in range(tape.free_from[s], tape.free_from[s + 1]):
            _push(times, events, counts, tape.free[k], _BACK, s, 0)
        if tape.kind[s] == DESK:
            state[s, _WINDOWS] = luck.windows(tape, s, seed, replication, clock[s, _OPENS], clock[s, _CLOSES])
            for w in range(state[s, _WINDOWS]):
                _push(times, events, counts, max(clock[s, _OPENS, w], 0.0), _CLOCK, s, 0)
        elif tape.kind[s] == SHUTTLE:
            for k in range(tape.times_from[s], tape.times_from[s + 1]):
                _push(times, events, counts, tape.times[k], _CLOCK, s, 0)
        elif tape.kind[s] == TIMETABLE:
            flying = luck.departures(tape, s, seed, replication, clock[s, _TIMES], places[s], clock[s, _RIDE])
            for k in range(flying):
                _push(times, events, counts, clock[s, _TIMES, k], _CLOCK, s, 0)


@pasted
def _taken_in(now, state, queue, loads, size, rank, minutes, ready, out, beds, held, times, events, counts):
    """Everything on the heap that happens at this moment."""
    while counts[0] > 0 and times[0] == now:
        what, s, who = events[0, 0], events[0, 1], events[0, 2]
        _pop(times, events, counts)
        if what == _THROUGH:
            if state[s, _KIND] == DESK:
                state[s, _FREE] += 1
                state[s, _CHANGED] = 1
            _ready(who, s + 1, now, state, queue, size, rank, minutes, ready, out, beds, held)
        elif what == _ARRIVED:
            for at in range(loads[s, who, 0], loads[s, who, 1]):
                _ready(queue[s, at], s + 1, now, state, queue, size, rank, minutes, ready, out, beds, held)
        else:
            state[s, _FREE] += what == _BACK
            if what == _CLOCK:
                state[s, _STRIKING] = 1
                state[s, _GOING] += 1
            state[s, _CHANGED] = 1


@compiled
def _entering(stage, ready_at, size, beds, held, enters, who, out):
    """Who comes when, sorted; those on the road hold their beds. How many."""
    coming = 0
    for i in range(len(stage)):
        out[i] = np.nan
        if ready_at[i] == NEVER:
            continue
        out[i] = NEVER
        enters[coming], who[coming] = ready_at[i], i
        coming += 1
        for b in range(beds.shape[0]):
            if beds[b, _ENTER] < stage[i] <= beds[b, _LEAVE]:
                held[b, i] = True
                beds[b, _BEDS] -= size[i]
    sort(enters, who, coming, np.empty(len(stage)), np.empty(len(stage), dtype=np.int64))
    return coming


@bare
def _run(
    state, queue, loads, size, rank, stage, minutes, pace, clock, places, ready, began, done, out, beds, held,
    times, events, counts, enters, entering, coming, laws, ride_law, back_law, bases,
):  # fmt: skip
    """Let everything happen, moment by moment."""
    stages, came = state.shape[0], 0
    while counts[0] > 0 or came < coming:
        now = times[0] if counts[0] > 0 else NEVER
        if came < coming:
            now = min(now, enters[came])
        while True:
            while came < coming and enters[came] == now:
                who = entering[came]
                came += 1
                _ready(who, stage[who], now, state, queue, size, rank, minutes, ready, out, beds, held)
            _taken_in(now, state, queue, loads, size, rank, minutes, ready, out, beds, held, times, events, counts)
            s = stages - 1
            while s >= 0 and state[s, _CHANGED] == 0:
                s -= 1
            if s < 0:
                break
            state[s, _CHANGED] = 0
            kind = state[s, _KIND]
            if kind == DESK:
                _desk(s, now, state, queue, size, minutes, pace, clock, began, done, beds, held, times, events, counts)
            elif kind == DELAY:
                _delay(s, now, state, queue, size, minutes, began, done, beds, held, times, events, counts)
            elif kind == SHUTTLE:
                _shuttle(
                    s, now, state, queue, loads, size, began, done, beds, held, times, events, counts,
                    laws[ride_law[s]], laws[back_law[s]], bases[s, 0], bases[s, 1],
                )  # fmt: skip
            else:
                _timetable(
                    s, now, state, queue, loads, clock, places, size, began, done, beds, held, times, events, counts
                )
        for s in range(stages):
            state[s, _STRIKING] = 0
            state[s, _GONE] = state[s, _GOING]
    for s in range(stages):
        for at in range(state[s, _HEAD], state[s, _TAIL]):
            began[s, queue[s, at]] = done[s, queue[s, at]] = NEVER


@compiled
def walk(tape, seed, replication, size, rank, stage, ready_at, minutes, pace, ready, began, done, out):
    """One future of any road, into ready, began, done (S, n) and out (n)."""
    stages, everybody = minutes.shape
    ready[:, :], began[:, :], done[:, :] = np.nan, np.nan, np.nan
    most = everybody * (stages + 1) + len(tape.free) + len(tape.times) + 4 * len(tape.opens) + 1
    times, events, counts = np.empty(most), np.empty((most, 3), dtype=np.int64), np.zeros(1, dtype=np.int64)
    state = np.zeros((stages, _COLUMNS), dtype=np.int64)
    queue, loads = np.empty((stages, everybody), dtype=np.int64), np.empty((stages, everybody + 1, 2), dtype=np.int64)
    clock = np.empty((stages, 2, max(2 * len(tape.opens), len(tape.times))))
    places = np.empty((stages, len(tape.times)), dtype=np.int64)
    beds, held = np.empty((len(tape.beds), 3), dtype=np.int64), np.zeros((len(tape.beds), everybody), dtype=np.bool_)
    for b in range(len(tape.beds)):
        beds[b, _ENTER], beds[b, _LEAVE], beds[b, _BEDS] = tape.beds_enter[b], tape.beds_leave[b], tape.beds[b]
        state[beds[b, _ENTER], _ENTERS] += 1
        state[beds[b, _LEAVE], _LEAVES] += 1
    _clocks(tape, seed, replication, state, clock, places, times, events, counts)
    enters, entering = np.empty(everybody), np.empty(everybody, dtype=np.int64)
    coming = _entering(stage, ready_at, size, beds, held, enters, entering, out)
    bases = np.empty((stages, 2), dtype=np.uint64)
    for s in range(stages):
        bases[s, 0] = luck.stream(seed, replication, s, luck.RIDE)
        bases[s, 1] = luck.stream(seed, replication, s, luck.BACK)

    _run(
        state, queue, loads, size, rank, stage, minutes, pace, clock, places, ready, began, done, out, beds, held,
        times, events, counts, enters, entering, coming, tape.laws, tape.ride_law, tape.back_law, bases,
    )  # fmt: skip
