"""How full is every gate, room, station, fleet and pool, slot by slot, and which is too full?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from corridor.base.ids import PartyId
from corridor.plan.answer import Kind, Load
from corridor.plan.check.steps import Lookup, Steps, Violation, standing
from corridor.plan.problem import Absence, Gate, Problem, Station

Rows = dict[tuple[Kind, str], list[int]]
"""What is counted of each capacity, by slot."""


def check_capacities(lookup: Lookup, roads: Mapping[PartyId, Steps]) -> Iterator[Violation]:
    """Every capacity that is exceeded, at the first slot in which it is."""
    for load in loads(lookup, roads):
        for slot, (used, limit) in enumerate(zip(load.used, load.limit, strict=True)):
            if limit is not None and used > limit:
                yield Violation(code=load.kind, subject=load.id, says=f"{used} of {limit} in slot {slot}.")
                break
    for gate in lookup.problem.gates:
        crossing = [(steps.crosses, steps.party.persons) for steps in roads.values() if steps.gate == gate.id]
        for hours in gate.hours:
            begin, end = hours.from_minute, hours.until_minute
            through = sum(persons for minute, persons in crossing if minute is not None and begin <= minute < end)
            if hours.persons_max is not None and through > hours.persons_max:
                says = f"{through} cross from minute {begin} on, of {hours.persons_max}."
                yield Violation(code="gate", subject=gate.id, says=says)


def loads(lookup: Lookup, roads: Mapping[PartyId, Steps]) -> tuple[Load, ...]:
    """How every capacity is used, and its limit: who is there anyway is not above it."""
    problem = lookup.problem
    counted = _rooms(problem, roads.values())
    anyway = _rooms(problem, [standing(steps.party) for steps in roads.values()])
    bound = _bound(lookup)
    slots = range(problem.minutes // problem.slot_minutes)
    found: list[Load] = []

    def add(kind: Kind, id: str, used: Sequence[int], limit: Sequence[int | None]) -> None:
        found.append(Load(kind=kind, id=id, used=tuple(used), limit=tuple(limit)))

    def room(kind: Kind, id: str, most: int | None) -> None:
        there = anyway[kind, id]
        add(kind, id, counted[kind, id], [None if most is None else max(most, there[slot]) for slot in slots])

    for gate in problem.gates:
        add("gate", gate.id, counted["gate", gate.id], [_passing(gate, problem, slot) for slot in slots])
        room("holding", gate.id, gate.holding_persons_max)
        room("hall", gate.id, gate.hall_persons_max)
    for staging in problem.stagings:
        room("beds", staging.id, staging.beds)
    for station in problem.stations:
        limit = _queue_limit(station, problem)
        there = anyway["station", station.id]
        most = [max(limit[slot], there[slot]) for slot in slots]
        add("station", station.id, counted["station", station.id], most)
    for fleet in problem.fleets:
        away = _absent(problem, fleet.absences)
        add("fleet", fleet.id, bound["fleet", fleet.id], [max(0, fleet.vehicles - away[slot]) for slot in slots])
    for pool in problem.pools:
        away = _absent(problem, pool.absences)
        add("pool", pool.id, bound["pool", pool.id], [max(0, pool.count - away[slot]) for slot in slots])
    return tuple(found)


def _fill(row: list[int], problem: Problem, span: tuple[int, int], count: int) -> None:
    """Add `count` to every slot that the span touches."""
    begin, end = max(0, span[0]), min(problem.minutes, span[1])
    if begin < end:
        slot = problem.slot_minutes
        for touched in range(begin // slot, (end - 1) // slot + 1):
            row[touched] += count


def _rooms(problem: Problem, roads: Iterable[Steps]) -> Rows:
    """Persons crossing, holding, in halls and beds, and minutes of work waiting at stations."""
    slots, end = problem.minutes // problem.slot_minutes, problem.minutes
    rows: Rows = {("beds", staging.id): [0] * slots for staging in problem.stagings}
    for gate in problem.gates:
        rows["gate", gate.id], rows["holding", gate.id], rows["hall", gate.id] = [0] * slots, [0] * slots, [0] * slots
    stations = {(station.staging, station.service): station for station in problem.stations}
    comes = {station.id: [0] * slots for station in problem.stations}
    for steps in roads:
        persons = steps.party.persons
        if steps.gate is not None and steps.holding_from is not None:
            span = (steps.holding_from, end if steps.crosses is None else steps.crosses)
            _fill(rows["holding", steps.gate], problem, span, persons)
        if steps.gate is not None and steps.crosses is not None:
            _fill(rows["gate", steps.gate], problem, (steps.crosses, steps.crosses + 1), persons)
        if steps.gate is not None and steps.hall_from is not None:
            span = (steps.hall_from, end if steps.hall_until is None else steps.hall_until)
            _fill(rows["hall", steps.gate], problem, span, persons)
        if steps.staging is None or steps.beds_from is None or steps.visits_from is None:
            continue
        until = steps.beds_until
        _fill(rows["beds", steps.staging], problem, (steps.beds_from, end if until is None else until), persons)
        minute = steps.visits_from
        for visit in steps.party.visits:
            station = stations.get((steps.staging, visit.service))
            if station is None:
                break
            work = visit.persons * station.minutes_per_person
            _fill(comes[station.id], problem, (minute, minute + 1), work)
            minute += station.promised_minutes
    for station in problem.stations:
        rows["station", station.id] = _waiting(station, problem, comes[station.id])
    return rows


def _waiting(station: Station, problem: Problem, comes: Sequence[int]) -> list[int]:
    """Minutes of work waiting at the end of each slot."""
    slot, waiting, found = problem.slot_minutes, 0, []
    for number, work in enumerate(comes):
        waiting = max(0, waiting + work - _done(station, number * slot, (number + 1) * slot))
        found.append(waiting)
    return found


def _queue_limit(station: Station, problem: Problem) -> list[int]:
    """The work that may wait at the end of each slot: what is promised can be kept, and the queue has room."""
    slot, room = problem.slot_minutes, station.queue_persons_max * station.minutes_per_person
    ends = range(slot, problem.minutes + 1, slot)
    return [min(room, _done(station, end, end + station.promised_minutes)) for end in ends]


def _done(station: Station, begin: int, end: int) -> int:
    """Minutes of work that the station's officers do in that span."""
    return sum(
        shift.officers * max(0, min(end, shift.until_minute) - max(begin, shift.from_minute))
        for shift in station.shifts
    )


def _passing(gate: Gate, problem: Problem, number: int) -> int:
    """Persons whom the gate lets through in a slot."""
    begin, end = number * problem.slot_minutes, (number + 1) * problem.slot_minutes
    return sum(
        hours.persons_per_hour * max(0, min(end, hours.until_minute) - max(begin, hours.from_minute)) // 60
        for hours in gate.hours
    )


def _absent(problem: Problem, absences: tuple[Absence, ...]) -> list[int]:
    row = [0] * (problem.minutes // problem.slot_minutes)
    for absence in absences:
        _fill(row, problem, (absence.from_minute, absence.until_minute), absence.count)
    return row


def _bound(lookup: Lookup) -> Rows:
    """Vehicles and escorts that are bound, by slot."""
    problem = lookup.problem
    slots = problem.minutes // problem.slot_minutes
    rows: Rows = {("fleet", fleet.id): [0] * slots for fleet in problem.fleets}
    rows |= {("pool", pool.id): [0] * slots for pool in problem.pools}
    for convoy in lookup.plan.convoys:
        leg = lookup.legs.get(convoy.leg)
        if leg is None:
            continue
        span = (convoy.departs_minute - leg.before_minutes, convoy.departs_minute + leg.after_minutes)
        for vehicle in convoy.vehicles:
            if ("fleet", vehicle.fleet) in rows:
                _fill(rows["fleet", vehicle.fleet], problem, span, 1)
        for sent in convoy.escorts:
            if ("pool", sent.pool) in rows:
                _fill(rows["pool", sent.pool], problem, span, sent.count)
    for run in lookup.plan.flights:
        flight = lookup.flights.get(run.flight)
        if flight is None or run.departs_minute is None:
            continue
        last = flight.departs_until_minute if flight.scenarios else run.departs_minute
        for sent in run.escorts:
            if ("pool", sent.pool) in rows:
                _fill(
                    rows["pool", sent.pool],
                    problem,
                    (run.departs_minute, last + flight.escorts_back_minutes),
                    sent.count,
                )
    return rows
