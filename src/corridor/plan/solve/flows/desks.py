"""When could people with visits come to staging, so that their desks keep what they promise and no flight is missed?

Where visits begin on arrival, when somebody comes is a decision of its own: late for a flight a desk may have too much
work, and an hour sooner none. So each of the last slots from which a flight is still reached is a way of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.plan.solve.flows.classes import Crossing
from corridor.plan.solve.frame import Frame, Ints, Road
from corridor.plan.solve.spans import Steps

if TYPE_CHECKING:
    from corridor.plan.solve.flows.flow import Flow

SOONER = 12
"""So many slots are looked at in which people may come for one flight, from the last one back."""

Coming = tuple[int, int]
"""A flight, and the minute of arriving in staging; -1 where that is all the same."""


def onward(frame: Frame, gate: int) -> Road | None:
    """The one road from a gate to the one staging place, if whoever has crossed may take it at any time; else None."""
    roads = frame.transfers.get(str(frame.problem.gates[gate].id), ())
    if len(frame.problem.stagings) > 1 or len(roads) != 1:
        return None
    (road,) = roads
    return None if road.fleets or road.pools or not road.opens.all() else road


def onward_minutes(frame: Frame) -> int | None:
    """The minutes of that road, where there is one from every gate and all take as long; else None."""
    found = {road.leg.minutes if (road := onward(frame, gate)) else None for gate in range(len(frame.problem.gates))}
    return found.pop() if len(found) == 1 else None


def moved(frame: Frame, gate: int, steps: Steps, comes: int) -> Steps:
    """The way of a unit that comes from a gate to staging in a slot, with the transfer for it if there is one."""
    for road in frame.transfers.get(str(frame.problem.gates[gate].id), ()):
        moves = comes - road.leg.minutes // frame.slot
        if moves >= 0:
            minute = moves * frame.slot + road.leg.minutes
            return steps._replace(transfer=road.index, moves=moves, visits_minute=minute)
    return steps


def not_decided(frame: Frame, flights: list[int]) -> tuple[list[Coming], Ints]:
    """The same where nobody asks when people come to staging."""
    until = [frame.runs[i].boards_until - frame.runs[i].ground_minutes for i in flights]
    return [(i, -1) for i in flights], np.array(until, dtype=np.int64)


def comings(frame: Frame, crossing: Crossing, flights: list[int]) -> tuple[list[Coming], Ints]:
    """The flights with the times of coming to staging for them, by when people must be ready for each, sooner first;
    and that minute."""
    found, until = not_decided(frame, flights)
    minutes = onward_minutes(frame) if crossing.stage <= 2 and any(crossing.works.values()) else None
    if minutes is None:
        return found, until
    slot, place = frame.slot, str(frame.problem.stagings[0].id)
    promised = max(frame.promised_minutes(frame.units[u], place) or 0 for u in crossing.units)
    found = []
    for flight, ready in zip(flights, until.tolist(), strict=True):
        last = (ready - promised - minutes) // slot
        found += [(flight, moves * slot + minutes) for moves in range(max(0, last - SOONER + 1), last + 1)]
    found.sort(key=lambda coming: coming[1])
    return found, np.array([arrives + promised for _, arrives in found], dtype=np.int64)


def visit(frame: Frame, flow: Flow, crossing: Crossing, arrives: int, column: int) -> None:
    """Give the desks the work of a column of people who come to staging in that minute."""
    for station, later, minutes in crossing.works.get(0, ()):
        slot = arrives // frame.slot + later
        if slot < frame.slots:
            flow.program.put([flow.stations[station][slot]], [column], minutes)
