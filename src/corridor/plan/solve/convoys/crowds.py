"""What would a timetable be worth where people are too many to be looked at one by one? In a tenth of a millisecond.

People are so many of each weight at each origin, and whoever is heaviest goes first: into convoys, in the order in
which they arrive, as many as they seat and as find room before the gate; then over the gate. What crossing in a slot
is worth to them is said by the prices of a flow, which knows flights and beds. What comes of a timetable is points, to
compare it with others, and no plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from corridor.plan.solve.flows.classes import Classes, Crossing
from corridor.plan.solve.flows.flow import Flow
from corridor.plan.solve.frame import Floats, Frame, Road
from corridor.plan.solve.seating import MANY, escorts_needed
from corridor.plan.solve.worth import Worth

FILLED = 0.98
"""Of the seats of full vehicles so many are taken: families sit together, and do not always go into what is left."""
FOREVER = 1e7
"""Points of one who finds no hour to cross in at all."""


class Convoy(NamedTuple):
    """Leaves in a slot on a road (its place in `Crowd.roads`) with so many vehicles."""

    slot: int
    road: int
    vehicles: int


@dataclass(slots=True)
class Standing:
    """How things stand in a slot: how many have left by origin and weight, and are before the gate by weight."""

    left: list[list[float]]
    before: list[float]

    def copy(self) -> Standing:
        """The same, to go on from."""
        return Standing([list(row) for row in self.left], list(self.before))


@dataclass(slots=True)
class Booked:
    """Escorts and vehicles that are not bound yet, by pool or fleet and slot; shared by all gates."""

    pools: list[list[int]]
    fleets: list[list[int]]

    @classmethod
    def nothing(cls, frame: Frame) -> Booked:
        """All of them."""
        pools, fleets = (np.atleast_2d(there).tolist() for there in (frame.pool_left, frame.fleet_left))
        return cls(pools, fleets)

    def copy(self) -> Booked:
        """The same, to go on from."""
        return Booked([list(row) for row in self.pools], [list(row) for row in self.fleets])


@dataclass(slots=True)
class Crowd:
    """The people of one gate, by weight from the heaviest on.

    `released[origin][weight][slot]` are those whom lists have let go by then, `seats[origin][weight]` what they take a
    head, `comes[weight][slot]` who is at the gate from a slot on; `crossing[weight][slot]` are points a head of
    crossing then, `ride[road][slot]` those of leaving, for a weight of one; `hour_points` are those of a full slot of
    the gate an hour later. `fleet` is the one with the most seats on a road.
    """

    frame: Frame
    roads: list[Road]
    origin: list[int]
    weights: list[float]
    released: list[list[list[float]]]
    seats: list[list[float]]
    comes: list[list[float]]
    crossing: list[list[float]]
    ride: list[list[float]]
    through: list[int]
    room: float
    hour_points: float
    takes: list[int] = field(default_factory=list)
    fleet: list[int] = field(default_factory=list)
    holds: list[float] = field(default_factory=list)
    most: list[int] = field(default_factory=list)
    escorts: list[list[tuple[int, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        fleets, slot = self.frame.problem.fleets, self.frame.slot
        for road in self.roads:
            self.takes.append(-(-road.leg.minutes // slot))
            fleet = max(road.fleets, key=lambda f: (fleets[f].seats, -f))
            self.fleet.append(fleet)
            self.holds.append(fleets[fleet].seats * FILLED)
            most = fleets[fleet].vehicles
            self.most.append(most if road.leg.vehicles_max is None else min(most, road.leg.vehicles_max))
            needed = escorts_needed(road.pools, (1, 0, 0, 0))
            self.escorts.append([(pool, count) for pool, (count, _) in needed.items() if count])

    def nobody_left(self) -> Standing:
        """How things stand at the beginning."""
        return Standing([[0.0] * len(self.weights) for _ in self.released], [0.0] * len(self.weights))

    def waiting(self, standing: Standing, slot: int) -> float:
        """How many of those who are let go before a slot have not crossed."""
        here = sum(row[slot - 1] for origin in self.released for row in origin) - sum(map(sum, standing.left))
        return here + sum(standing.before)

    def booked(self, wanted: Sequence[Convoy], free: Booked) -> list[Convoy]:
        """The convoys that are wanted, in order of time, each as soon as escorts and a vehicle are there, with as many
        vehicles as are; they are bound from then on."""
        found = []
        for one in sorted(wanted):
            slot = self._first(one, free)
            if slot is None:
                continue
            road, vehicles = self.roads[one.road], free.fleets[self.fleet[one.road]]
            first, last = max(0, slot - road.before), min(self.frame.slots, slot + road.after)
            sent = min(one.vehicles, self.most[one.road], min(vehicles[first:last], default=0))
            for row, count in (
                (vehicles, sent),
                *((free.pools[pool], count) for pool, count in self.escorts[one.road]),
            ):
                for at in range(first, last):
                    row[at] -= count
            found.append(Convoy(slot, one.road, sent))
        return found

    def _first(self, one: Convoy, free: Booked) -> int | None:
        """The first slot in which the convoy can leave and arrive before the end."""
        road, slot, slots = self.roads[one.road], one.slot, self.frame.slots
        rows = [(free.fleets[self.fleet[one.road]], 1)]
        rows += [(free.pools[pool], count) for pool, count in self.escorts[one.road]]
        while slot + self.takes[one.road] < slots:
            if not road.opens[slot]:
                slot += 1
                continue
            first, last = max(0, slot - road.before), min(slots, slot + road.after)
            # Escorts bound in the last of these slots are in the way of every slot before it, too.
            short = max((_last_short(row, count, first, last) for row, count in rows), default=-1)
            if short < 0:
                return slot
            slot = short + road.before + 1
        return None

    def carried(self, convoys: Sequence[Convoy], standing: Standing, first: int, last: int) -> float:
        """Let convoys that arrive in these slots arrive, and people cross; how things stand is put right, and the
        points are told."""
        points, heaviest, ride, before = 0.0, range(len(self.weights)), self.ride, standing.before
        order = sorted((one.slot + self.takes[one.road], one) for one in convoys)
        turn, there = 0, sum(before)
        while turn < len(order) and order[turn][0] < first:
            turn += 1
        for slot in range(first, last):
            through = self.through[slot]
            for weight in heaviest:
                if self.comes[weight][slot]:
                    before[weight] += self.comes[weight][slot]
                    there += self.comes[weight][slot]
            room = self.room + through - there
            while turn < len(order) and order[turn][0] == slot:
                left, road, vehicles = order[turn][1]
                turn += 1
                places, origin = vehicles * self.holds[road], self.origin[road]
                gone, seats = standing.left[origin], self.seats[origin]
                for weight in heaviest:
                    come = self.released[origin][weight][left] - gone[weight]
                    come = min(come, room, places / seats[weight] if seats[weight] else come)
                    if come > 0:
                        gone[weight] += come
                        before[weight] += come
                        room -= come
                        there += come
                        places -= come * seats[weight]
                        points += come * self.weights[weight] * ride[road][left]
            if through and there > 0:
                free = float(through)
                for weight in heaviest:
                    over = min(before[weight], free)
                    if over > 0:
                        before[weight] -= over
                        there -= over
                        free -= over
                        points += over * self.crossing[weight][slot]
        return points

    def rest(self, standing: Standing, slot: int) -> float:
        """The least points of all who are let go before a slot and have not crossed by then: as if they were all at the
        gate, and only it kept them waiting."""
        last = self.frame.slots - 1
        points, here = 0.0, list(standing.before)
        for road, origin in enumerate(self.origin):
            if origin in self.origin[:road]:
                continue
            for weight, gone in enumerate(standing.left[origin]):
                stay = self.released[origin][weight][slot - 1] - gone
                if stay > 0:
                    here[weight] += stay
                    points += stay * self.weights[weight] * self.ride[road][min(last, slot)]
        free = 0.0
        at = slot - 1
        for weight, count in enumerate(here):
            while count > 1e-9:
                while free <= 0:
                    at += 1
                    if at > last:
                        return points + FOREVER * sum(here[weight:])
                    free = float(self.through[at])
                over = min(count, free)
                count -= over
                free -= over
                points += over * self.crossing[weight][at]
        return points


def _last_short(row: Sequence[int], count: int, first: int, last: int) -> int:
    """The last of these slots in which there are fewer than so many; -1: none."""
    if min(row[first:last], default=count) >= count:
        return -1
    return next(at for at in range(last - 1, first - 1, -1) if row[at] < count)


def crowds(frame: Frame, worth: Worth, of: Classes, flow: Flow, row_prices: Floats) -> list[Crowd]:
    """The people of every gate to which convoys go, priced by an answer of the coarse flow of these classes."""
    found = []
    for gate, post in enumerate(frame.posts):
        roads = [r for r in frame.roads if r.first and r.fleets and frame.gate_of[str(r.leg.target)] == gate]
        if not roads:
            continue
        places = sorted({str(road.leg.source) for road in roads})
        here = str(frame.problem.gates[gate].id)
        mine = [one for one in of.crossing if one.stage <= 1 and one.place in (*places, here)]
        weights = sorted({one.weight for one in mine}, reverse=True)
        released = np.zeros((len(places), len(weights), frame.slots + 1))
        seats, comes = np.zeros(released.shape[:2]), np.zeros((len(weights), frame.slots + 1))
        crossing, heads = np.zeros((len(weights), frame.slots)), np.zeros(len(weights))
        for one in mine:
            weight = weights.index(one.weight)
            heads[weight] += one.persons
            crossing[weight] += one.persons * _crossing(frame, worth, flow, one, gate, row_prices)
            if one.stage:
                comes[weight, min(frame.slots, -(-one.ready_from // frame.slot))] += one.persons
                continue
            origin = places.index(one.place)
            released[origin, weight, min(frame.slots, one.first_slot)] += one.persons
            seats[origin, weight] += one.persons * one.counts[1]
        seats /= np.maximum(1.0, released.sum(axis=2))
        slots = np.arange(frame.slots) * frame.slot
        ride = []
        for road in roads:
            arrives = np.minimum(slots + road.leg.minutes, frame.end)
            hours = frame.danger_of[str(road.leg.source)][slots] + road.ride_hours - post.danger_hours[arrives]
            ride.append((worth.points["danger_person_hours"] * hours).tolist())
        most = frame.problem.gates[gate].holding_persons_max
        found.append(
            Crowd(
                frame=frame,
                roads=roads,
                origin=[places.index(str(road.leg.source)) for road in roads],
                weights=weights,
                released=np.cumsum(released, axis=2).tolist(),
                seats=seats.tolist(),
                comes=comes.tolist(),
                crossing=(crossing / np.maximum(1.0, heads)[:, None]).tolist(),
                ride=ride,
                through=[int(n) for n in post.through],
                room=float(MANY if most is None else most),
                hour_points=worth.points["danger_person_hours"] * float(post.through.max() * np.mean(weights or [0.0])),
            )
        )
    return found


def _crossing(frame: Frame, worth: Worth, flow: Flow, one: Crossing, gate: int, row_prices: Floats) -> Floats:
    """By slot the points a head of a class that crosses then, and of what the flow has it pay behind the gate."""
    minutes = np.arange(frame.slots) * frame.slot
    points, ready = worth.points, flow.ready[one.index]
    hours = points["danger_person_hours"] * frame.posts[gate].danger_hours[minutes]
    found: Floats = one.weight * (hours - points["staging_person_hours"] * minutes / 60)
    return found + row_prices[ready.rows[np.searchsorted(ready.boards, minutes + one.lag_minutes)]]
