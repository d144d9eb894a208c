"""What would a timetable of convoys be worth? Filled and led over the gates by rule of thumb, in a few milliseconds.

A timetable is a list of calls: on this road, not before that slot. Each in turn leaves as soon as vehicles and escorts
are there, takes the weightiest who are released and find room, and they cross in that order. What lies behind the gate
is not walked: it is in the points of crossing at a slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from corridor.plan.solve.frame import NEVER, Floats, Frame, Ints, Road
from corridor.plan.solve.seating import MANY, escorts_needed


class Call(NamedTuple):
    """A convoy is wanted on a road (index), not before a slot, with so many vehicles at most."""

    slot: int
    road: int
    most: int


class Went(NamedTuple):
    """A convoy that left, by fleet (index) how many vehicles, and who was aboard: unit and slot of crossing."""

    road: int
    slot: int
    vehicles: tuple[tuple[int, int], ...]
    aboard: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rider:
    """What filling a convoy asks of a unit. `points` are those of crossing in each slot, as if it had left at slot 0 of
    a road: `per_slot[road][slot]` of leaving is added. `stays` are those of staying."""

    unit: int
    persons: int
    seats: int
    stretchers: int
    wheelchairs: int
    ready: int
    crosses_from: int
    crosses_until: int
    weighted: int
    points: tuple[float, ...]
    stays: float


@dataclass(slots=True)
class Trial:
    """What a timetable came to: its points, who went, and the calls as they were kept."""

    points: float = 0.0
    went: list[Went] = field(default_factory=list)
    kept: list[Call] = field(default_factory=list)


@dataclass(slots=True)
class Gone:
    """Room that is left while a timetable is carried out."""

    fleets: Ints
    pools: Ints
    through: list[list[int]]
    holding: list[list[int]]
    taken: bytearray


class Trials:
    """All that stays the same from timetable to timetable."""

    def __init__(self, frame: Frame, behind: Floats, danger: float) -> None:
        """`behind[u]` has by slot of crossing the points of unit u from there on; `danger` is the points of an hour."""
        self.frame = frame
        self.ride: dict[int, list[float]] = {}
        self.roads = [r for r in frame.roads if r.first and (r.fleets or r.pools)]
        self.riders: dict[int, list[Rider]] = {}
        self.everybody = 0.0
        riders: dict[str, list[Rider]] = {}
        slots = np.arange(frame.slots) * frame.slot
        left = frame.problem.objective.left_behind_minutes / 60
        for u, unit in enumerate(frame.units):
            if unit.stage != 0 or u in frame.led_by or unit.leave_from >= frame.end:
                continue
            stays = danger * unit.weighted * (float(frame.danger_of[unit.place][-1]) + left)
            self.everybody += stays
            riders.setdefault(unit.place, []).append(
                Rider(
                    unit=u,
                    persons=unit.persons,
                    seats=unit.seats,
                    stretchers=unit.stretchers,
                    wheelchairs=unit.wheelchairs,
                    ready=-(-unit.leave_from // frame.slot),
                    crosses_from=-(-min(unit.cross_from, NEVER) // frame.slot),
                    crosses_until=min(frame.slots - 1, unit.cross_until // frame.slot),
                    weighted=unit.weighted,
                    points=tuple(float(p) for p in behind[u]),
                    stays=stays,
                )
            )
        self.danger = danger
        self.at_gate: dict[int, list[float]] = {}
        for road in self.roads:
            gate = frame.gate_of[str(road.leg.target)]
            here, at_gate = frame.danger_of[str(road.leg.source)], frame.posts[gate].danger_hours
            arrives = np.minimum(slots + road.leg.minutes, frame.end)
            self.ride[road.index] = [float(h) for h in here[slots] + road.ride_hours - at_gate[arrives]]
            self.at_gate[road.index] = [float(h) for h in at_gate[slots]]
            mine = riders.get(str(road.leg.source), [])
            self.riders[road.index] = sorted(mine, key=lambda r: (-r.weighted / r.persons, r.ready, -r.persons, r.unit))
        self.fleets_of = {
            road.index: sorted(road.fleets, key=lambda f: -frame.problem.fleets[f].seats) for road in self.roads
        }
        self.escorts = {road.index: escorts_needed(road.pools, (1, 0, 0, 0)) for road in self.roads}

    def begin(self) -> Gone:
        """Everything free."""
        frame = self.frame
        return Gone(
            fleets=frame.fleet_left.copy(),
            pools=frame.pool_left.copy(),
            through=[[int(n) for n in post.through] for post in frame.posts],
            holding=[
                [MANY if gate.holding_persons_max is None else gate.holding_persons_max] * frame.slots
                for gate in frame.problem.gates
            ],
            taken=bytearray(len(frame.units)),
        )

    def carried_out(self, calls: Sequence[Call]) -> Trial:
        """Carry a timetable out."""
        gone, trial = self.begin(), Trial(points=self.everybody)
        for call in calls:
            road = self.frame.roads[call.road]
            slot = self.first(gone, road, call.slot)
            if slot is None:
                continue
            self.fill(gone, trial, road, slot, call)
        return trial

    def first(self, gone: Gone, road: Road, slot: int) -> int | None:
        """The first slot from `slot` on in which escorts and a vehicle are there from before to after."""
        slots, opens = self.frame.slots, road.opens
        rows = [gone.pools[pool] >= count for pool, (count, _) in self.escorts[road.index].items()]
        if road.fleets:
            rows.append(gone.fleets[self.fleets_of[road.index][0]] >= 1)
        good = np.logical_and.reduce(rows) if rows else np.ones(slots, dtype=np.bool_)
        bad = np.flatnonzero(~good)
        while slot < slots:
            if not opens[slot]:
                slot += 1
                continue
            at = int(np.searchsorted(bad, max(0, slot - road.before)))
            if at < len(bad) and bad[at] < slot + road.after:
                last = int(bad[np.searchsorted(bad, slot + road.after) - 1])
                slot = last + road.before + 1
                continue
            return slot
        return None

    def fill(self, gone: Gone, trial: Trial, road: Road, slot: int, call: Call) -> None:
        """Let one convoy leave and those aboard cross; nothing where nobody is there."""
        frame, index = self.frame, road.index
        gate = frame.gate_of[str(road.leg.target)]
        through, holding = gone.through[gate], gone.holding[gate]
        arrives = slot * frame.slot + road.leg.minutes
        if arrives >= frame.end:
            return
        at, first = arrives // frame.slot, -(-arrives // frame.slot)
        bound = slice(max(0, slot - road.before), min(frame.slots, slot + road.after))
        free = {f: int(gone.fleets[f, bound].min(initial=MANY)) for f in self.fleets_of[index]}
        vehicles: list[list[int]] = []
        most = call.most if road.leg.vehicles_max is None else min(call.most, road.leg.vehicles_max)
        beside = self.ride[index][slot] * self.danger
        aboard: list[tuple[int, int]] = []
        last, gained = frame.slots, 0.0
        # Nobody smaller finds room in a slot in which somebody as large did not, so where to look only moves on.
        look: dict[int, int] = {}
        for rider in self.riders[index]:
            if gone.taken[rider.unit] or rider.ready > slot:
                continue
            begins = max(first, rider.crosses_from)
            crosses = max(begins, look.get(rider.persons, 0))
            while crosses < last and (through[crosses] < rider.persons):
                crosses += 1
            if begins == first:
                look[rider.persons] = crosses
            if crosses >= last or crosses > rider.crosses_until:
                continue
            points = rider.points[crosses] + rider.weighted * (beside + self.danger * self.at_gate[index][crosses])
            if points >= rider.stays:
                continue
            waits = range(at, crosses) if arrives < crosses * frame.slot else range(0)
            if any(holding[k] < rider.persons for k in waits):
                continue
            if road.fleets and not self._seat(rider, vehicles, free, index, most):
                continue
            for k in waits:
                holding[k] -= rider.persons
            through[crosses] -= rider.persons
            gone.taken[rider.unit] = 1
            aboard.append((rider.unit, crosses))
            gained += points - rider.stays
        if not aboard:
            return
        trial.points += gained
        used: dict[int, int] = {}
        for vehicle in vehicles:
            used[vehicle[0]] = used.get(vehicle[0], 0) + 1
        for fleet, count in used.items():
            gone.fleets[fleet, bound] -= count
        for pool, (count, _) in self.escorts[index].items():
            gone.pools[pool, bound] -= count
        trial.went.append(Went(index, slot, tuple(sorted(used.items())), tuple(aboard)))
        trial.kept.append(Call(slot, index, call.most))

    def _seat(self, rider: Rider, vehicles: list[list[int]], free: dict[int, int], road: int, most: int) -> bool:
        """Places in the vehicle with the least room, or in one more; stretchers wherever there are places."""
        best = None
        lying, add = rider.stretchers, []
        if rider.seats or rider.wheelchairs:
            for vehicle in vehicles:
                if (
                    vehicle[1] >= rider.seats
                    and vehicle[3] >= rider.wheelchairs
                    and (best is None or vehicle[1] < best[1])
                ):
                    best = vehicle
            if best is None:
                best = self._one_more(vehicles, free, road, most, rider.seats, 0, rider.wheelchairs)
                if best is None:
                    return False
                add.append(best)
        if lying:
            there = sum(vehicle[2] for vehicle in vehicles) + sum(vehicle[2] for vehicle in add)
            while there < lying:
                more = self._one_more([*vehicles, *add], free, road, most, 0, 1, 0)
                if more is None:
                    for vehicle in add:
                        free[vehicle[0]] += 1
                    return False
                add.append(more)
                there += more[2]
        vehicles.extend(add)
        if best is not None:
            best[1] -= rider.seats
            best[3] -= rider.wheelchairs
        for vehicle in vehicles:
            taken = min(lying, vehicle[2])
            vehicle[2] -= taken
            lying -= taken
        return True

    def _one_more(
        self, vehicles: list[list[int]], free: dict[int, int], road: int, most: int, seats: int, lying: int, chairs: int
    ) -> list[int] | None:
        if len(vehicles) >= most:
            return None
        for fleet in self.fleets_of[road]:
            what = self.frame.problem.fleets[fleet]
            if free[fleet] > 0 and what.seats >= seats and what.stretchers >= lying and what.wheelchairs >= chairs:
                free[fleet] -= 1
                return [fleet, what.seats, what.stretchers, what.wheelchairs]
        return None
