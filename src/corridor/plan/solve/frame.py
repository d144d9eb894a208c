"""What does the solver read of a problem? The same in whole slots and arrays, with bonded parties as one unit.

Nothing is decided here. A `Unit` is one party, or parties at the same place that are bonded to each other: every way of
a unit is a way of each of its parties, so that nothing below needs to know bonds within one place.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.plan.problem import EscortRule, Flight, Gate, Hazard, Leg, Party, Problem, Window

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEVER = 1 << 40
"""A minute after every plan: a step that waits for something nobody can date."""

STAGES = ("origin", "gate", "hall", "staging")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Parties that move as one. Minutes as in the problem; `NEVER` where a step is not taken within the plan.

    `weighted` is the sum over its parties of persons times weight. `own` has the persons by first citizenship.
    """

    members: tuple[int, ...]
    stage: int
    place: str
    persons: int
    weighted: int
    seats: int
    laps: int
    stretchers: int
    wheelchairs: int
    medical: int
    psychological: int
    from_minute: int
    leave_from: int
    cross_from: int
    cross_until: int
    fly_from: int
    own: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A leg in slots: `opens` says in which slots a convoy may leave, and what leaves in slot s is bound in the slots
    from s - `before` up to s + `after`. `ride_hours[s]` is the time on it, each hour times its hazard."""

    index: int
    leg: Leg
    opens: Flags
    before: int
    after: int
    ride_hours: Floats
    fleets: tuple[int, ...]
    pools: tuple[tuple[int, EscortRule], ...]
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A gate in slots: how many may cross in each, and its windows with a limit of their own (from, until, most)."""

    index: int
    gate: Gate
    through: Ints
    windows: tuple[tuple[int, int, int], ...]
    danger_hours: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A flight at its earliest possible minute (None of `earliest`: it cannot leave at all).

    `boards_until` is when its people must be ready in staging; `latest` ends their beds; `mean` is what counts.
    """

    index: int
    flight: Flight
    staging: str
    ground_minutes: int
    earliest: int
    mean: float
    latest: int
    boards_until: int
    pools: tuple[tuple[int, EscortRule], ...]


class Frame:
    """A problem as the solver reads it. Frozen by convention: built once, never changed."""

    def __init__(self, problem: Problem, staying: frozenset[int] = frozenset()) -> None:
        """`staying` are parties (indexes) given up, so that others need not wait for them: they take no step."""
        self.problem, self.staying = problem, staying
        self.slot = problem.slot_minutes
        self.slots = problem.minutes // problem.slot_minutes
        self.end = problem.minutes
        self.left_hours = (problem.minutes + problem.objective.left_behind_minutes) / 60
        self.fleet_of = {fleet.id: i for i, fleet in enumerate(problem.fleets)}
        self.pool_of = {pool.id: i for i, pool in enumerate(problem.pools)}
        self.gate_of = {str(gate.id): i for i, gate in enumerate(problem.gates)}
        self.staging_of = {str(staging.id): i for i, staging in enumerate(problem.stagings)}
        self.station_of = {(str(s.staging), s.service): i for i, s in enumerate(problem.stations)}
        self.flight_of = {flight.id: i for i, flight in enumerate(problem.flights)}
        self.danger_of = {str(o.id): self._cumulated(o.hazards) for o in problem.origins}
        self.posts = tuple(self._post(i, gate) for i, gate in enumerate(problem.gates))
        self.roads = tuple(self._road(i, leg) for i, leg in enumerate(problem.legs))
        self.approaches = self._by_source(first=True)
        self.transfers = self._by_source(first=False)
        self.runs = tuple(self._run(i, flight) for i, flight in enumerate(problem.flights))
        self.party_of = {party.id: i for i, party in enumerate(problem.parties)}
        self.units = self._units()
        self.unit_of = {member: u for u, unit in enumerate(self.units) for member in unit.members}
        self.led_by = self._led_by()
        self.fleet_left = self._absent([(f.vehicles, f.absences) for f in problem.fleets])
        self.pool_left = self._absent([(p.count, p.absences) for p in problem.pools])
        self.service_minutes = self._service_minutes()

    def _cumulated(self, hazards: tuple[Hazard, ...]) -> Floats:
        """Hours times hazard from the start up to each minute, from 0 to the end of the plan."""
        rate = np.full(self.problem.minutes, 1 / 60)
        for hazard in hazards:
            rate[max(0, hazard.from_minute) : max(0, hazard.until_minute)] = hazard.percent / 6000
        return np.concatenate(([0.0], np.cumsum(rate)))

    def touched(self, from_minute: int, until_minute: int) -> tuple[int, int]:
        """Slots touched by a span, as first and past-last; empty when the span is."""
        if until_minute <= from_minute:
            return 0, 0
        return max(0, from_minute // self.slot), min(self.slots, -(-until_minute // self.slot))

    def _absent(self, of: list[tuple[int, tuple[object, ...]]]) -> Ints:
        """How many of each fleet or pool are there in each slot."""
        left = np.array([[count] * self.slots for count, _ in of], dtype=np.int64).reshape(len(of), self.slots)
        for row, (_, absences) in enumerate(of):
            for absence in absences:
                first, last = self.touched(absence.from_minute, absence.until_minute)  # type: ignore[attr-defined]
                left[row, first:last] -= absence.count  # type: ignore[attr-defined]
        return np.maximum(left, 0)

    def _post(self, index: int, gate: Gate) -> Post:
        through = np.zeros(self.slots, dtype=np.int64)
        windows = []
        for hours in gate.hours:
            first, last = self.touched(max(0, hours.from_minute), min(self.end, hours.until_minute))
            for k in range(first, last):
                within = min(hours.until_minute, (k + 1) * self.slot) - max(hours.from_minute, k * self.slot)
                through[k] += hours.persons_per_hour * within // 60
            if hours.persons_max is not None:
                # A crossing is at the beginning of its slot, so the window holds the slots that begin within it.
                begins = max(0, -(-hours.from_minute // self.slot))
                ends = min(self.slots, -(-hours.until_minute // self.slot))
                windows.append((begins, ends, hours.persons_max))
        return Post(
            index=index,
            gate=gate,
            through=through,
            windows=tuple(windows),
            danger_hours=self._cumulated(gate.hazards),
        )

    def _open_for(self, closed: tuple[Window, ...], minutes: int) -> Flags:
        """In which slots may a convoy leave that is on the leg for so many minutes."""
        starts = np.arange(self.slots) * self.slot
        opens = np.ones(self.slots, dtype=np.bool_)
        for window in closed:
            opens &= (starts + max(1, minutes) <= window.from_minute) | (starts >= window.until_minute)
        return opens

    def _road(self, index: int, leg: Leg) -> Road:
        starts = np.arange(self.slots) * self.slot
        opens = self._open_for(leg.closed, leg.minutes)
        opens &= starts >= leg.before_minutes
        along = self._cumulated(leg.hazards)
        arrives = np.minimum(starts + leg.minutes, self.end)
        return Road(
            index=index,
            leg=leg,
            opens=opens,
            before=-(-leg.before_minutes // self.slot),
            after=-(-leg.after_minutes // self.slot),
            ride_hours=along[arrives] - along[np.minimum(starts, self.end)],
            fleets=tuple(self.fleet_of[fleet] for fleet in leg.fleets),
            pools=tuple((self.pool_of[rule.pool], rule) for rule in leg.escorts),
            first=str(leg.target) in self.gate_of,
        )

    def _by_source(self, *, first: bool) -> dict[str, tuple[Road, ...]]:
        by: dict[str, list[Road]] = defaultdict(list)
        for road in self.roads:
            if road.first == first:
                by[str(road.leg.source)].append(road)
        return {source: tuple(roads) for source, roads in by.items()}

    def _run(self, index: int, flight: Flight) -> Run:
        airport = next(a for a in self.problem.airports if a.id == flight.airport)
        if flight.scenarios:
            whole = sum(s.percent for s in flight.scenarios)
            earliest = min(s.departs_minute for s in flight.scenarios)
            latest = max(s.departs_minute for s in flight.scenarios)
            mean = sum(s.departs_minute * s.percent for s in flight.scenarios) / whole
        else:
            earliest = next(
                (
                    m
                    for m in range(flight.departs_from_minute, flight.departs_until_minute + 1, self.slot)
                    if not any(w.from_minute <= m < w.until_minute for w in airport.closed)
                ),
                NEVER,
            )
            latest, mean = earliest, float(earliest)
        return Run(
            index=index,
            flight=flight,
            staging=str(airport.staging),
            ground_minutes=airport.minutes,
            earliest=earliest,
            mean=mean,
            latest=latest,
            boards_until=earliest - flight.boarding_minutes,
            pools=tuple((self.pool_of[rule.pool], rule) for rule in flight.escorts),
        )

    def _units(self) -> tuple[Unit, ...]:
        """Parties bonded to each other at one place together, all others alone; in the order of the problem."""
        parties = self.problem.parties
        root = list(range(len(parties)))

        def top(i: int) -> int:
            while root[i] != i:
                root[i] = root[root[i]]
                i = root[i]
            return i

        for i, party in enumerate(parties):
            for bond in party.bonds:
                j = self.party_of[bond.party]
                together = parties[j].stands == party.stands and parties[j].place == party.place
                if together and i not in self.staying:
                    a, b = sorted((top(i), top(j)))
                    root[b] = a
        groups: dict[int, list[int]] = defaultdict(list)
        for i in range(len(parties)):
            groups[top(i)].append(i)
        return tuple(self.unit(tuple(members)) for members in groups.values())

    def promised_minutes(self, unit: Unit, staging: str) -> int | None:
        """In how many minutes from their beginning the unit's visits are done; None: a station is missing there."""
        longest = 0
        for member in unit.members:
            rows = [self.station_of.get((staging, visit.service)) for visit in self.problem.parties[member].visits]
            if None in rows:
                return None
            longest = max(longest, sum(self.problem.stations[r].promised_minutes for r in rows if r is not None))
        return longest

    def _led_by(self) -> dict[int, set[int]]:
        """Units that take only what others elsewhere take too, with those others."""
        found: dict[int, set[int]] = defaultdict(set)
        for i, party in enumerate(self.problem.parties):
            for bond in party.bonds:
                mine, other = self.unit_of[i], self.unit_of[self.party_of[bond.party]]
                if mine != other:
                    found[mine].add(other)
        return dict(found)

    def unit(self, members: tuple[int, ...]) -> Unit:
        """These parties as one."""
        of = [self.problem.parties[i] for i in members]
        own: dict[str, int] = defaultdict(int)
        for party in of:
            own[party.citizenships[0] if party.citizenships else ""] += party.persons

        def from_(stop: str, party: Party) -> int:
            minutes = [party.from_minute]
            minutes += [NEVER if w.until_minute is None else w.until_minute for w in party.waits if w.stops == stop]
            return max(minutes)

        never = NEVER if any(i in self.staying for i in members) else 0
        untils = [p.cross_until_minute for p in of if p.cross_until_minute is not None]
        return Unit(
            members=members,
            stage=STAGES.index(of[0].stands),
            place=str(of[0].place),
            persons=sum(p.persons for p in of),
            weighted=sum(p.persons * p.weight for p in of),
            seats=sum(p.seats for p in of),
            laps=sum(p.laps for p in of),
            stretchers=sum(p.stretchers for p in of),
            wheelchairs=sum(p.wheelchairs for p in of),
            medical=sum(p.medical for p in of),
            psychological=sum(p.psychological for p in of),
            from_minute=max(p.from_minute for p in of),
            leave_from=max(never, *(from_("leave", p) for p in of)),
            cross_from=max(never, *(from_("cross", p) for p in of)),
            cross_until=min(untils, default=NEVER),
            fly_from=max(never, *(from_("fly", p) for p in of)),
            own=tuple(sorted(own.items())),
        )

    def _service_minutes(self) -> Ints:
        """What the officers of each station can do in each slot, in minutes of work."""
        able = np.zeros((len(self.problem.stations), self.slots), dtype=np.int64)
        for row, station in enumerate(self.problem.stations):
            for shift in station.shifts:
                first, last = self.touched(max(0, shift.from_minute), min(self.end, shift.until_minute))
                for k in range(first, last):
                    within = min(shift.until_minute, (k + 1) * self.slot) - max(shift.from_minute, k * self.slot)
                    able[row, k] += shift.officers * within
        return able
