"""Which flights may people behind the gate take, and what do they find there: places, shares, escorts, beds?

Who is ready waits from flight to flight; a class takes part of each flight, and at last stays where no flight has room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.plan.solve.flows.classes import COUNTED, Classes, Flying, rears
from corridor.plan.solve.flows.desks import Coming, comings, not_decided, visit
from corridor.plan.solve.frame import Flags, Frame, Ints
from corridor.plan.solve.worth import Worth

if TYPE_CHECKING:
    from corridor.plan.solve.flows.flow import Flow

PLACE_KINDS = (1, 2, 3)
"""Columns of `COUNTED` that take places in vehicles and on flights: seats, stretchers, wheelchairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """By crossing class: the flights of some staging place in order of boarding, with the minute of coming there where
    that is decided too, and rows of who is ready for each."""

    flights: tuple[Coming, ...]
    boards: Ints
    rows: Ints


def ready_rows(frame: Frame, worth: Worth, flow: Flow, of: Classes) -> list[Ready]:
    """Who has crossed and not flown stays, at last until after the end; a row for each flight the class could take."""
    program = flow.program
    found: list[Ready] = []
    takes = np.zeros((len(of.crossing), len(frame.runs)), dtype=np.bool_)
    for flying in of.flying:
        takes[flying.crossing] |= _looked_at(flow, flying)
    order = sorted(range(len(frame.runs)), key=lambda i: (frame.runs[i].boards_until, i))
    # Who only has to be priced is one class behind the gate with everybody who is ready as soon.
    rear = rears(of) if flow.merge else list(range(len(of.crossing)))
    for crossing in of.crossing:
        if rear[crossing.index] != crossing.index:
            found.append(found[rear[crossing.index]])
            continue
        alike = [c for c in of.crossing if rear[c.index] == crossing.index]
        taken = [i for i in order if takes[[c.index for c in alike], i].any()]
        flights, boards = comings(frame, crossing, taken) if flow.desks else not_decided(frame, taken)
        standing = float(sum(c.persons for c in alike)) if crossing.stage >= 2 else 0.0
        here = np.zeros(len(flights) + 1)
        here[0] = standing
        rows = program.add_rows(len(flights) + 1, lower=here, upper=here)
        stay = np.zeros(len(flights) + 1)
        stay[-1] = worth.points["staging_person_hours"] * crossing.weight * frame.left_hours
        if flow.flights is not None:
            stay[-1] += flow.flights(crossing.units[0])[1][-1] / crossing.persons
        waiting = program.add_columns(stay)
        flow.unit_rows.append(rows)
        flow.unit_columns.append(waiting)
        program.put(rows, waiting, 1.0)
        program.put(rows[1:], waiting[:-1], -1.0)
        found.append(Ready(flights=tuple(flights), boards=boards, rows=rows))
    return found


def fly(frame: Frame, worth: Worth, flow: Flow, of: Classes, ready: list[Ready]) -> None:
    """Columns of flying classes on flights, and what flights have: places, shares, escorts."""
    program, points = flow.program, worth.points
    flights = frame.problem.flights
    room = flow.room
    flow.flight_places = np.array([program.add_rows(len(flights), upper=row) for row in room.places]).reshape(3, -1)
    for i, run in enumerate(frame.runs):
        if run.flight.own_percent_min:
            flow.share[i] = int(program.add_rows(1, lower=-float(room.beyond[i]))[0])
        first, last = frame.touched(run.earliest, run.latest + run.flight.escorts_back_minutes)
        if run.earliest >= frame.end:
            continue
        for at, (pool, rule) in enumerate(run.pools):
            if not rule.per:
                continue
            sent = program.add_columns(np.zeros(1), upper=float(frame.problem.pools[pool].count))
            row = program.add_rows(1, upper=room.spare.get((i, at), 0.0))
            program.put(row, sent, -float(rule.per))
            program.put(flow.pool_rows[pool][first:last], np.full(last - first, sent[0]), 1.0)
            flow.flight_escorts[i, at] = int(sent[0])
            flow.flight_ratio[i, at] = int(row[0])
    multiple = len(frame.problem.stagings) > 1
    others = {i: int(program.add_rows(1, upper=most)[0]) for i, most in room.others.items()}
    for flying in of.flying:
        takes = _looked_at(flow, flying)
        comes = [coming for coming in ready[flying.crossing].flights if takes[coming[0]]]
        there = [i for i, _ in comes]
        if not there:
            continue
        means = np.array([frame.runs[i].mean / 60 for i in there])
        costs = flying.weight * points["staging_person_hours"] * means - points["empty_seats"] * flying.counts[1]
        if flow.flights is not None:
            costs = costs + flow.flights(flying.units[0])[1][there] / flying.persons
        columns = program.add_columns(costs)
        count = program.add_rows(1, upper=float(flying.persons))
        flow.unit_rows.append(count)
        flow.unit_columns.append(columns)
        program.put(count, columns, 1.0)
        position = {coming: j for j, coming in enumerate(ready[flying.crossing].flights)}
        program.put(ready[flying.crossing].rows[[position[coming] for coming in comes]], columns, 1.0)
        for rows, kind in zip(flow.flight_places, PLACE_KINDS, strict=True):
            if flying.counts[kind]:
                program.put(rows[there], columns, flying.counts[kind])
        for column, (i, arrives) in zip(columns, comes, strict=True):
            if arrives < 0:
                flow.flown[flying.index, i] = int(column)
            else:
                flow.coming[flying.index, i, arrives] = int(column)
                visit(frame, flow, of.crossing[flying.crossing], arrives, int(column))
            run = frame.runs[i]
            if i in others:
                program.put([others[i]], [column], flying.counts[1] - _on_offer(frame, flying, i))
            if i in flow.share:
                program.put([flow.share[i]], [column], flying.own[i] - run.flight.own_percent_min / 100)
            for at, (_, rule) in enumerate(run.pools):
                each = flying.counts[COUNTED.index(rule.of)]
                if rule.per and each:
                    program.put([flow.flight_ratio[i, at]], [column], each)
                    # No greater part of them flies than there is of an escort, if none is aboard with time for more.
                    if not room.spare.get((i, at)) and all(getattr(frame.units[u], rule.of) for u in flying.units):
                        part = flow.escorted.get((flying.index, i, at), -1)
                        if part < 0:
                            part = flow.escorted[flying.index, i, at] = int(program.add_rows(1, upper=0.0)[0])
                            program.put([part], [flow.flight_escorts[i, at]], -float(flying.persons))
                        program.put([part], [column], 1.0)
            if not multiple and of.crossing[flying.crossing].stage <= 2:
                begins, ends = bed_slots(frame, i, arrives)
                beds = flow.beds[frame.staging_of[run.staging]]
                if not flow.prompt and begins >= ends:
                    continue
                if ends < frame.slots:
                    program.put([beds[ends]], [column], 1.0)
                if not flow.prompt:
                    program.put([beds[begins]], [column], -1.0)


def _looked_at(flow: Flow, flying: Flying) -> Flags:
    return flying.takes if flow.flights is None else flying.takes & flow.flights(flying.units[0])[0]


def _on_offer(frame: Frame, flying: Flying, flight: int) -> float:
    """Seats a head of those for whom a partner keeps seats on the flight."""
    kept = [offer for offer in frame.runs[flight].flight.offers if offer.answer != "declined"]
    parties = [frame.problem.parties[m] for u in flying.units for m in frame.units[u].members]
    theirs = [p for p in parties if any(set(p.citizenships[:1]) & set(offer.citizenships) for offer in kept)]
    return sum(p.seats for p in theirs) / flying.persons


def bed_slots(frame: Frame, flight: int, arrives: int = -1) -> tuple[int, int]:
    """From which slot (when that is not decided, at the latest) until which one whoever takes a flight has a bed."""
    run = frame.runs[flight]
    ends = -(-run.latest // frame.slot)
    begins = arrives if arrives >= 0 else max(0, run.boards_until - run.ground_minutes)
    return min(begins // frame.slot, ends), ends
