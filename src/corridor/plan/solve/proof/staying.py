"""Who needs desks before a flight, and until when do permits run? Rules of whole parties for the proof.

A party that visits desks comes to staging so long before its flight, has a bed from then on, and brings its work to
each desk at its time. Who crosses too long before a flight has no permit any more when it leaves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from corridor.plan.problem import Problem
from corridor.plan.solve.flows.classes import Classes, works_of
from corridor.plan.solve.flows.flow import Flow
from corridor.plan.solve.flows.flying import bed_slots
from corridor.plan.solve.frame import Frame, Ints
from corridor.plan.solve.worth import Worth


@dataclass(slots=True)
class OfParty:
    """The columns of one party: slot of crossing, gate and column; flight and column."""

    crossings: list[tuple[int, int, int]] = field(default_factory=list)
    flights: list[tuple[int, int]] = field(default_factory=list)


def columns_of(flow: Flow, of: Classes) -> dict[int, OfParty]:
    """The columns by party (index of a unit that is a class of its own)."""
    found: dict[int, OfParty] = defaultdict(OfParty)
    for choice in flow.choices:
        mine = found[of.crossing[choice.crossing].units[0]].crossings
        mine += [(int(slot), choice.gate, int(at)) for slot, at in zip(choice.crosses, choice.columns, strict=True)]
    for (index, flight), column in flow.flown.items():
        found[of.flying[index].units[0]].flights.append((flight, column))
    return found


def put_visits(frame: Frame, problem: Problem, flow: Flow, of: Classes) -> dict[int, tuple[int, Ints]]:
    """When who visits desks comes to staging: by party the first slot in which it may, and a column for that and each
    slot after, with its bed and its work.

    Where there are several staging places, or visits may wait in them, none of this is asked."""
    if len(frame.problem.stagings) != 1 or frame.problem.stagings[0].visits_wait:
        return {}
    parties, found, place = problem.parties, {}, str(frame.problem.stagings[0].id)
    bonds = [
        (i, j)
        for i, party in enumerate(parties)
        for bond in party.bonds
        if parties[j := frame.party_of[bond.party]].place == party.place
    ]
    lags = {u: frame.promised_minutes(frame.units[u], place) or 0 for u in range(len(parties))}
    together = {i for pair in bonds if any(lags[j] for j in pair) for i in pair}
    for u, mine in sorted(columns_of(flow, of).items()):
        if (lags[u] or u in together) and mine.flights and mine.crossings:
            found[u] = _come(frame, flow, u, lags[u], mine)
    for i, j in bonds:
        if i in found and j in found:
            # Who is bonded moves on with the other.
            (first, mine_then), (begins, theirs) = found[i], found[j]
            rows = flow.program.add_rows(len(mine_then), upper=0.0)
            flow.program.put(rows, mine_then, 1.0)
            at = first + np.arange(len(mine_then)) - begins
            both = (at >= 0) & (at < len(theirs))
            flow.program.put(rows[both], theirs[at[both]], -1.0)
    return found


def _come(frame: Frame, flow: Flow, u: int, lag: int, mine: OfParty) -> tuple[int, Ints]:
    program, slots, persons = flow.program, frame.slots, frame.units[u].persons
    reached = {slot: _reached(frame, gate, slot) for slot, gate, _ in mine.crossings}
    until = {}
    for flight, _ in mine.flights:
        run = frame.runs[flight]
        until[flight] = (run.boards_until - run.ground_minutes - lag) // frame.slot
    # Nobody who comes later than that, or never, flies.
    when = np.arange(min(reached.values()), min(slots - 1, max(until.values())) + 1)
    comes = program.add_columns(np.zeros(len(when)), upper=1.0, whole=True)
    after = program.add_rows(len(when), upper=0.0)
    for j, row in enumerate(after):
        program.put(np.full(j + 1, row), comes[: j + 1], 1.0)
        there = [column for slot, _, column in mine.crossings if reached[slot] <= when[j]]
        program.put(np.full(len(there), row), there, -1.0)
    for end in sorted(set(until.values())):
        row = program.add_rows(1, upper=0.0)
        flown = [column for flight, column in mine.flights if until[flight] <= end]
        program.put(np.repeat(row, len(flown)), flown, 1.0)
        soon = comes[when <= end]
        program.put(np.repeat(row, len(soon)), soon, -1.0)
    beds = flow.beds[0]
    for flight, column in mine.flights:
        # Their beds are not from shortly before the flight on.
        begins, ends = bed_slots(frame, flight)
        if begins < ends:
            program.put([beds[begins]], [column], float(persons))
        elif ends < slots:
            program.put([beds[ends]], [column], float(persons))
    program.put(beds[when], comes, -float(persons))
    for (station, later), minutes in works_of(frame, 0, [u]).items():
        inside = when + later < slots
        program.put(flow.stations[station][when[inside] + later], comes[inside], float(minutes))
    return (int(when[0]) if when.size else slots), comes


def _reached(frame: Frame, gate: int, slot: int) -> int:
    """The slot in which staging is reached at the soonest by who crosses in a slot."""
    hall = slot * frame.slot + frame.posts[gate].gate.through_minutes
    roads = frame.transfers.get(str(frame.problem.gates[gate].id), ())
    return min(
        ((-(-hall // frame.slot) * frame.slot + road.leg.minutes) // frame.slot for road in roads), default=frame.slots
    )


def put_permits(frame: Frame, worth: Worth, flow: Flow, of: Classes) -> None:
    """A column for each party whose permit runs from its crossing: that it has run out before the flight."""
    program = flow.program
    for u, mine in sorted(columns_of(flow, of).items()):
        party = frame.problem.parties[frame.units[u].members[0]]
        if party.permit_minutes is None or party.permit_until_minute is not None or not mine.crossings:
            continue
        points = worth.points["permit_breaches"] * party.persons
        ends = np.array([slot * frame.slot + party.permit_minutes for slot, _, _ in mine.crossings])
        columns: Ints = np.array([column for *_, column in mine.crossings])
        breach: Ints | None = None
        for gone in sorted({frame.runs[flight].latest for flight, _ in mine.flights}):
            early = columns[ends < gone]
            late = [column for flight, column in mine.flights if frame.runs[flight].latest >= gone]
            if not early.size or not points:
                continue
            if breach is None:
                breach = program.add_columns(np.array([points]), upper=1.0)
            row = program.add_rows(1, upper=1.0)
            both = np.concatenate([early, late, breach])
            program.put(np.repeat(row, len(both)), both, np.where(both == breach[0], -1.0, 1.0))
