"""Which timetable of convoys is best for very many people? Searched day after day, each gate by itself.

A day's convoys are changed one at a time, ten thousand times, the worse kept now and then; the day after is planned
with it, so that vehicles and escorts are back in time, and then anew. What cannot cross within the two days waits for
the gate only.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from corridor.plan.solve.convoys.crowds import Booked, Convoy, Crowd, Standing, crowds
from corridor.plan.solve.flows.classes import Classes
from corridor.plan.solve.flows.flow import Flow
from corridor.plan.solve.frame import Floats, Frame
from corridor.plan.solve.realise import Sent
from corridor.plan.solve.worth import Worth

ROUNDS = 10_000
"""So many timetables are tried for a day of a gate, of very many days and gates fewer:"""
ROUNDS_OF_ALL = 250_000
ASKED_EVERY = 16
"""After so many timetables `stop` is asked."""
LOOKED_AHEAD = 2
"""Days that are planned together, of which the first is kept."""
WARM_HOURS = 0.5
"""What is readily lost at first: that a full slot of the gate is so many hours later."""
COOLED = 0.003
"""What is left of that at the end."""


@dataclass(slots=True)
class _Days:
    """A gate's timetable while it is made: convoys that left for good, those on their way, and those of the days ahead
    as they were planned."""

    crowd: Crowd
    standing: Standing
    kept: list[Convoy] = field(default_factory=list)
    under_way: list[Convoy] = field(default_factory=list)
    ahead: list[Convoy] = field(default_factory=list)


def sent_by_days(
    frame: Frame,
    worth: Worth,
    of: Classes,
    flow: Flow,
    row_prices: Floats,
    rng: random.Random,
    stop: Callable[[], bool],
) -> Sent | None:
    """The vehicles of the best timetables found, of the fleet with the most seats on each road; None: stopped before
    there was one. `row_prices` are those of the coarse `flow`."""
    gates = [_Days(crowd, crowd.nobody_left()) for crowd in crowds(frame, worth, of, flow, row_prices)]
    day = max(1, 24 * 60 // frame.slot)
    rounds = min(ROUNDS, ROUNDS_OF_ALL // max(1, len(gates) * -(-frame.slots // day)))
    free = Booked.nothing(frame)
    for first in range(0, frame.slots, day):
        for gate in gates:
            if not _day(gate, free, rng, first, min(frame.slots, first + day), rounds, stop):
                return None
    found: Sent = {}
    for gate in gates:
        for road, fleet in zip(gate.crowd.roads, gate.crowd.fleet, strict=True):
            found[road.index] = fleet, np.zeros(frame.slots, dtype=np.int64)
        for slot, at, vehicles in gate.kept:
            found[gate.crowd.roads[at].index][1][slot] += vehicles
    return found or None


def _day(
    gate: _Days, free: Booked, rng: random.Random, first: int, until: int, rounds: int, stop: Callable[[], bool]
) -> bool:
    """Plan one day of one gate for good; False: stopped."""
    crowd = gate.crowd
    last = min(crowd.frame.slots, first + LOOKED_AHEAD * (until - first))
    if crowd.waiting(gate.standing, last) >= 1:
        best = _searched(gate, free, rng, first, last, rounds, stop)
        if best is None:
            return False
        gate.ahead = best
    sent = crowd.booked([one for one in gate.ahead if one.slot < until], free)
    gate.ahead = [one for one in gate.ahead if one.slot >= until]
    gate.under_way += sent
    gate.kept += sent
    crowd.carried(gate.under_way, gate.standing, first, until)
    gate.under_way = [one for one in gate.under_way if one.slot + crowd.takes[one.road] >= until]
    return True


def _searched(
    gate: _Days, free: Booked, rng: random.Random, first: int, last: int, rounds: int, stop: Callable[[], bool]
) -> list[Convoy] | None:
    """The best convoys between two slots that so many changes come to."""
    crowd = gate.crowd

    def tried(wanted: Sequence[Convoy]) -> tuple[float, list[Convoy]]:
        sent = [one for one in crowd.booked(wanted, free.copy()) if one.slot < last]
        standing = gate.standing.copy()
        points = crowd.carried([*gate.under_way, *sent], standing, first, last)
        return points + crowd.rest(standing, last), sent

    now, sent = tried(gate.ahead)
    least, best = now, sent
    heat = WARM_HOURS * crowd.hour_points
    for turn in range(rounds):
        if turn % ASKED_EVERY == 0 and stop():
            return None
        points, changed = tried(_changed(crowd, sent, rng, first, last))
        if points - now <= -heat * COOLED ** (turn / rounds) * math.log(max(1e-12, rng.random())):
            now, sent = points, changed
            if now < least - 1e-9:
                least, best = now, sent
    return best


def _changed(crowd: Crowd, sent: Sequence[Convoy], rng: random.Random, first: int, last: int) -> list[Convoy]:
    """The convoys with one change: another time, road or size, two the other way round, one more or one less."""
    made = list(sent)
    kind = rng.random()
    if not made or kind < 0.15:
        road = rng.randrange(len(crowd.roads))
        made.append(Convoy(rng.randrange(first, last), road, rng.randint(1, crowd.most[road])))
        return made
    at, other = rng.randrange(len(made)), rng.randrange(len(made))
    one, two = made[at], made[other]
    if kind < 0.4:
        slot = one.slot + rng.choice((-4, -3, -2, -1, -1, 1, 1, 2, 3, 4))
        made[at] = one._replace(slot=min(last - 1, max(first, slot)))
    elif kind < 0.6:
        made[at] = one._replace(vehicles=max(1, one.vehicles + rng.choice((-4, -2, -1, -1, 1, 1, 2, 4))))
    elif kind < 0.7:
        made[at] = one._replace(road=rng.randrange(len(crowd.roads)))
    elif kind < 0.78:
        made[at], made[other] = one._replace(road=two.road), two._replace(road=one.road)
    elif kind < 0.86:
        moved = rng.randint(1, 3)
        if at != other and two.vehicles > moved:
            made[at] = one._replace(vehicles=one.vehicles + moved)
            made[other] = two._replace(vehicles=two.vehicles - moved)
    elif kind < 0.92:
        # All that come after, too.
        by = rng.choice((-2, -1, 1, 2))
        made = [c if c.slot < one.slot else c._replace(slot=min(last - 1, max(first, c.slot + by))) for c in made]
    else:
        del made[at]
    return made
