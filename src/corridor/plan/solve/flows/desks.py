"""When could people with visits come to staging, so that their desks keep what they promise and no flight is missed?

Where visits begin on arrival, when somebody comes is a decision of its own: late for a flight a desk may have too much
work, and an hour sooner none. So each of the last slots from which a flight is still reached is a way of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.plan.solve.flows.classes import Crossing
from corridor.plan.solve.frame import Frame, Ints, Road

if TYPE_CHECKING:
    from corridor.plan.solve.flows.flow import Flow

SOONER = 12
"""So many slots are looked at in which people may come for one flight, from the last one back."""

Coming = tuple[int, int]
"""A flight, and the minute of arriving in staging; -1 where that is all the same."""


def onward(frame: Frame) -> Road | None:
    """The road to staging, where there is one from every gate that anybody may take at any time; else None."""
    found = [frame.transfers.get(str(gate.id), ()) for gate in frame.problem.gates]
    if len(frame.problem.stagings) > 1 or not found or any(len(roads) != 1 for roads in found):
        return None
    if any(road.fleets or road.pools or not road.opens.all() for (road,) in found):
        return None
    return found[0][0]


def not_decided(frame: Frame, flights: list[int]) -> tuple[list[Coming], Ints]:
    """The same where nobody asks when people come to staging."""
    until = [frame.runs[i].boards_until - frame.runs[i].ground_minutes for i in flights]
    return [(i, -1) for i in flights], np.array(until, dtype=np.int64)


def comings(frame: Frame, crossing: Crossing, flights: list[int]) -> tuple[list[Coming], Ints]:
    """The flights with the times of coming to staging for them, by when people must be ready for each, sooner first;
    and that minute."""
    road = onward(frame) if crossing.stage <= 2 and any(crossing.works.values()) else None
    found, until = not_decided(frame, flights)
    if road is None:
        return found, until
    slot, minutes = frame.slot, road.leg.minutes
    promised = promised_minutes(frame, crossing)
    found = []
    for flight, ready in zip(flights, until.tolist(), strict=True):
        last = (ready - promised - minutes) // slot
        found += [(flight, moves * slot + minutes) for moves in range(max(0, last - SOONER + 1), last + 1)]
    found.sort(key=lambda coming: coming[1])
    return found, np.array([arrives + promised for _, arrives in found], dtype=np.int64)


def promised_minutes(frame: Frame, crossing: Crossing) -> int:
    """In how many minutes from coming to staging the visits of everybody are done."""
    promised = {(str(s.staging), s.service): s.promised_minutes for s in frame.problem.stations}
    place = str(frame.problem.stagings[0].id)
    parties = [frame.problem.parties[m] for u in crossing.units for m in frame.units[u].members]
    return max(sum(promised.get((place, visit.service), 0) for visit in party.visits) for party in parties)


def visit(frame: Frame, flow: Flow, crossing: Crossing, arrives: int, column: int) -> None:
    """Give the desks the work of a column of people who come to staging in that minute."""
    for station, later, minutes in crossing.works.get(0, ()):
        slot = arrives // frame.slot + later
        if slot < frame.slots:
            flow.program.put([flow.stations[station][slot]], [column], minutes)
