"""How much room is left, slot by slot, at gates, in halls and beds, at stations, in fleets and pools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from corridor.plan.answer import Kind
from corridor.plan.problem import Absence, Party, Problem, Station

Key = tuple[Kind, str]
Whatever = tuple[str, str]
"""A capacity, or another limit of a flight or leg (``seats``, ``vehicles``, ``allowed``), that is to be ignored."""

Row = NDArray[np.int64]

NO_LIMIT = 1 << 40
"""Room where there is no limit: more than there are people anywhere."""


class Rooms:
    """Room left by capacity and slot. What is in `ignored` has room for everything, and may go below nothing; a gate
    only while it is open."""

    def __init__(self, problem: Problem, ignored: frozenset[Whatever] = frozenset()) -> None:
        self.problem = problem
        self.ignored = ignored
        self.slots = problem.minutes // problem.slot_minutes
        self.left: dict[Key, Row] = {}
        self.opens: dict[str, NDArray[np.bool_]] = {}
        self.windows: dict[tuple[str, int], int] = {}
        """Persons who may still cross in a window of a gate that has a limit of its own."""
        for gate in problem.gates:
            self.left["gate", gate.id] = row = np.zeros(self.slots, np.int64)
            for turn, hours in enumerate(gate.hours):
                for slot in self._touched(hours.from_minute, hours.until_minute):
                    row[slot] += (
                        hours.persons_per_hour * self._within(slot, hours.from_minute, hours.until_minute) // 60
                    )
                if hours.persons_max is not None:
                    self.windows[gate.id, turn] = hours.persons_max
            self.opens[gate.id] = row > 0
            self.left["holding", gate.id] = self._flat(gate.holding_persons_max)
            self.left["hall", gate.id] = self._flat(gate.hall_persons_max)
        for staging in problem.stagings:
            self.left["beds", staging.id] = self._flat(staging.beds)
        for fleet in problem.fleets:
            self.left["fleet", fleet.id] = self._there(fleet.vehicles, fleet.absences)
        for pool in problem.pools:
            self.left["pool", pool.id] = self._there(pool.count, pool.absences)
        self.stations: dict[tuple[str, str], StationRoom] = {
            (station.staging, station.service): StationRoom(self, station) for station in problem.stations
        }
        for party in problem.parties:
            self._stand(party)
        for key, row in self.left.items():
            if key[0] in ("holding", "hall", "beds"):
                np.maximum(row, 0, out=row)  # who is there anyway is not above the limit
        for room in self.stations.values():
            np.maximum(room.limit, room.waiting, out=room.limit)

    def _stand(self, party: Party) -> None:
        """Count the party where it stands, to the end."""
        end = self.problem.minutes
        if party.stands == "gate":
            self.take(("holding", party.place), party.from_minute, end, party.persons)
        elif party.stands == "hall":
            self.take(("hall", party.place), party.from_minute, end, party.persons)
        elif party.stands == "staging":
            self.take(("beds", party.place), party.from_minute, end, party.persons)
            for service, minute, work in self.works(party, party.place, party.from_minute):
                self.stations[party.place, service].take(minute, work)

    def works(self, party: Party, staging: str, minute: int) -> Iterable[tuple[str, int, int]]:
        """Where the party's visits bring work, when, and how many minutes; up to the first that has no station."""
        for visit in party.visits:
            room = self.stations.get((staging, visit.service))
            if room is None:
                return
            yield visit.service, minute, visit.persons * room.station.minutes_per_person
            minute += room.station.promised_minutes

    def fits(self, key: Key, begin: int, end: int, count: int) -> bool:
        """Whether every slot that the span touches has room for so many."""
        if begin >= end or key in self.ignored:
            return True
        first, last = self._slots(begin, end)
        return first >= last or bool(self.left[key][first:last].min() >= count)

    def take(self, key: Key, begin: int, end: int, count: int) -> None:
        """Use room of every slot that the span touches; a count below zero gives it back."""
        if begin < end:
            first, last = self._slots(begin, end)
            self.left[key][first:last] -= count

    def crossing_fits(self, gate: str, minute: int, persons: int) -> bool:
        """Whether so many may cross in the slot that begins then."""
        if ("gate", gate) in self.ignored:
            return bool(self.opens[gate][minute // self.problem.slot_minutes])
        return self.fits(("gate", gate), minute, minute + 1, persons) and all(
            self.windows[window] >= persons for window in self.windows_of(gate, minute)
        )

    def cross(self, gate: str, minute: int, persons: int) -> None:
        """So many cross in the slot that begins then."""
        self.take(("gate", gate), minute, minute + 1, persons)
        for window in self.windows_of(gate, minute):
            self.windows[window] -= persons

    def windows_of(self, gate: str, minute: int) -> list[tuple[str, int]]:
        """The windows of a gate with a limit of their own that hold a minute."""
        hours = next(one.hours for one in self.problem.gates if one.id == gate)
        return [
            (gate, turn)
            for turn, window in enumerate(hours)
            if window.from_minute <= minute < window.until_minute and (gate, turn) in self.windows
        ]

    def _slots(self, begin: int, end: int) -> tuple[int, int]:
        slot = self.problem.slot_minutes
        return max(0, begin) // slot, min(self.slots, -(-end // slot))

    def _touched(self, begin: int, end: int) -> range:
        return range(*self._slots(begin, end))

    def _within(self, slot: int, begin: int, end: int) -> int:
        """Minutes of a slot within a span."""
        length = self.problem.slot_minutes
        return max(0, min(end, (slot + 1) * length) - max(begin, slot * length))

    def _flat(self, most: int | None) -> Row:
        return np.full(self.slots, NO_LIMIT if most is None else most, np.int64)

    def _there(self, count: int, absences: tuple[Absence, ...]) -> Row:
        row = np.full(self.slots, count, np.int64)
        for absence in absences:
            row[self._touched(absence.from_minute, absence.until_minute)] -= absence.count
        return np.maximum(row, 0)


class StationRoom:
    """The work waiting at a station, slot by slot, and how much may."""

    def __init__(self, rooms: Rooms, station: Station) -> None:
        self.station, self.rooms = station, rooms
        slots, length = rooms.slots, rooms.problem.slot_minutes
        ahead = -(-station.promised_minutes // length)
        done = np.zeros(slots + ahead + 1, np.int64)
        promised = np.zeros(slots, np.int64)
        for shift in station.shifts:
            for slot in range(len(done)):
                done[slot] += shift.officers * rooms._within(slot, shift.from_minute, shift.until_minute)
            for slot in range(slots):
                begin, end = (slot + 1) * length, (slot + 1) * length + station.promised_minutes
                promised[slot] += shift.officers * max(0, min(end, shift.until_minute) - max(begin, shift.from_minute))
        self.done = done[:slots].tolist()
        self.limit = np.minimum(promised, station.queue_persons_max * station.minutes_per_person)
        self.comes = np.zeros(slots, np.int64)
        self.waiting = np.zeros(slots, np.int64)

    def count(self) -> None:
        """Count the work waiting anew from all who come."""
        for slot, waiting in self._from(0, {}):
            self.waiting[slot] = waiting

    def fits(self, works: Mapping[int, int]) -> bool:
        """Whether the station can keep its promise with so many more minutes of work coming at these minutes."""
        if ("station", self.station.id) in self.rooms.ignored:
            return True
        more = {minute // self.rooms.problem.slot_minutes: 0 for minute in works}
        for minute, work in works.items():
            more[minute // self.rooms.problem.slot_minutes] += work
        last = max(more)
        if min(more) >= self.rooms.slots:
            return True
        for slot, waiting in self._from(min(more), more):
            if waiting > self.limit[slot]:
                return False
            if slot >= last and waiting == self.waiting[slot]:
                return True
        return True

    def take(self, minute: int, work: int) -> None:
        """So many minutes of work come then; below zero: they do not come after all."""
        first = minute // self.rooms.problem.slot_minutes
        if first < self.rooms.slots:
            for slot, waiting in self._from(first, {first: work}):
                self.waiting[slot] = waiting
            self.comes[first] += work

    def _from(self, first: int, more: Mapping[int, int]) -> Iterable[tuple[int, int]]:
        waiting = int(self.waiting[first - 1]) if first else 0
        for slot in range(first, self.rooms.slots):
            waiting = max(0, waiting + int(self.comes[slot]) + more.get(slot, 0) - self.done[slot])
            yield slot, waiting
