"""How do very many people flow, answered soon: by types of people rather than by whom a list lets pass when?

For prices to begin from. Any prices make a bound, so that what is left out here costs nothing but a part of the bound.
Who is let go waits at the origin with all who are alike, then before the gate with all who are, wherever they came
from: hour by hour somebody of a type leaves, crosses and flies, and nobody is asked how long they have waited. So a
flow grows with hours and types, not with pairs of hours nor with lists.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from corridor.plan.solve.flows.classes import COUNTED, Classes, Crossing, classes, merged, rears
from corridor.plan.solve.flows.flow import Flow, capacities, convoys
from corridor.plan.solve.flows.flying import PLACE_KINDS, Ready, fly, ready_rows
from corridor.plan.solve.flows.room import whole_room
from corridor.plan.solve.frame import Flags, Frame, Ints, Road
from corridor.plan.solve.worth import Worth

VISITS_APART = 10_000
"""Of more units than this those with visits are not told apart from the others."""

_Gate = tuple[int, int, int, int]
"""Of people alike before a gate: gate, first and last slot of crossing, and how they are behind it."""


def coarse_flow(frame: Frame, worth: Worth) -> tuple[Classes, Flow]:
    """Few classes and their flow, without rules for whole convoys."""
    of = classes(frame, coarse=True, visits=len(frame.units) <= VISITS_APART)
    flow = Flow(room=whole_room(frame), prompt=False, merge=True)
    capacities(frame, flow)
    for road in frame.roads:
        if road.first and (road.fleets or road.pools):
            convoys(frame, worth, flow, road)
    flow.ready = ready_rows(frame, worth, flow, of)
    _Chains(frame, worth, flow, of, flow.ready).put()
    fly(frame, worth, flow, merged(of), flow.ready)
    return of, flow


class _Chains:
    """Who waits where, from hour to hour."""

    def __init__(self, frame: Frame, worth: Worth, flow: Flow, of: Classes, ready: list[Ready]) -> None:
        self.frame, self.worth, self.flow, self.of, self.ready = frame, worth, flow, of, ready
        self.rear = rears(of)
        self.gates: dict[_Gate, Ints] = {}

    def put(self) -> None:
        """All who have not crossed yet."""
        here: dict[tuple[object, ...], list[Crossing]] = defaultdict(list)
        for one in self.of.crossing:
            if one.stage <= 1:
                here[one.stage, one.place, one.cross_slot, one.last_slot, self.rear[one.index]].append(one)
        for alike in here.values():
            if alike[0].stage == 0:
                self._leave(alike)
            else:
                gate = self.frame.gate_of[alike[0].place]
                rows = self._before(gate, alike[0])
                slots = np.array([min(self.frame.slots, -(-one.ready_from // self.frame.slot)) for one in alike])
                self._let_go(alike, rows, slots)

    def _let_go(self, alike: list[Crossing], rows: Ints, slots: Ints) -> None:
        """These people are there from a slot on; the last row is of those who come too late for anything."""
        program = self.flow.program
        persons = np.array([float(one.persons) for one in alike])
        columns = program.add_columns(np.zeros(len(alike)), lower=persons, upper=persons)
        program.put(rows[slots], columns, -1.0)

    def _waiting(self, count: int, stays: float) -> Ints:
        """Rows that say: who is there and does not go on is there in the next slot; the last are there to the end."""
        program = self.flow.program
        rows = program.add_rows(count, lower=0.0, upper=0.0)
        costs = np.zeros(count)
        costs[-1] = stays
        there = program.add_columns(costs)
        program.put(rows, there, 1.0)
        program.put(rows[1:], there[:-1], -1.0)
        return rows

    def _leave(self, alike: list[Crossing]) -> None:
        """People of one type at an origin leave by its roads, or stay."""
        frame, program, points = self.frame, self.flow.program, self.worth.points
        one, k = alike[0], frame.slots
        here = frame.danger_of[one.place]
        after = frame.problem.objective.left_behind_minutes / 60
        rows = self._waiting(k + 1, points["danger_person_hours"] * one.weight * (float(here[-1]) + after))
        self._let_go(alike, rows, np.array([min(k, other.first_slot) for other in alike]))
        persons = np.array([float(other.persons) for other in alike])
        counts = persons @ np.array([other.counts for other in alike]) / persons.sum()
        first = min(other.first_slot for other in alike)
        for road in frame.approaches.get(one.place, ()):
            gate = frame.gate_of[str(road.leg.target)]
            leaves = np.flatnonzero(road.opens)
            leaves = leaves[leaves >= first]
            arrives = leaves * frame.slot + road.leg.minutes
            leaves, arrives = leaves[arrives < frame.end], arrives[arrives < frame.end]
            hours = here[leaves * frame.slot] + road.ride_hours[leaves] - frame.posts[gate].danger_hours[arrives]
            columns = program.add_columns(points["danger_person_hours"] * one.weight * hours)
            program.put(rows[leaves], columns, 1.0)
            slots = -(-arrives // frame.slot)
            inside = slots < k
            program.put(self._before(gate, one)[slots[inside]], columns[inside], -1.0)
            program.put(self.flow.holding[gate][:k][slots[inside]], columns[inside], -1.0)
            self._ride(road, leaves, columns, counts)

    def _ride(self, road: Road, leaves: Ints, columns: Ints, counts: object) -> None:
        """What people of these counts a head take of convoys."""
        program, flow = self.flow.program, self.flow
        each = np.asarray(counts)
        if road.index in flow.places:
            for rows, kind in zip(flow.places[road.index], PLACE_KINDS, strict=True):
                if each[kind]:
                    program.put(rows[leaves], columns, float(each[kind]))
        for at, (_, rule) in enumerate(road.pools):
            much = float(each[COUNTED.index(rule.of)])
            if rule.per and much:
                program.put(flow.ratio[road.index, at][leaves], columns, much)

    def _before(self, gate: int, one: Crossing) -> Ints:
        """Rows of people alike before a gate, who cross or stay there; a row for every slot and one for the end."""
        key = (gate, one.cross_slot, one.last_slot, self.rear[one.index])
        if key not in self.gates:
            frame, program, points = self.frame, self.flow.program, self.worth.points
            post, k = frame.posts[gate], frame.slots
            after = frame.problem.objective.left_behind_minutes / 60
            at_gate = post.danger_hours
            stays = points["danger_person_hours"] * one.weight * (float(at_gate[-1]) + after)
            self.gates[key] = rows = self._waiting(k + 1, stays)
            slots = self._open(gate, one)
            minutes = slots * frame.slot
            costs = points["danger_person_hours"] * at_gate[minutes] - points["staging_person_hours"] * minutes / 60
            columns = program.add_columns(one.weight * costs)
            program.put(rows[slots], columns, 1.0)
            program.put(self.flow.holding[gate][:k][slots], columns, 1.0)
            program.put(self.flow.through[gate][slots], columns, 1.0)
            for i, (first, last, _) in enumerate(post.windows):
                within = (slots >= first) & (slots < last)
                program.put(np.full(int(within.sum()), self.flow.windows[gate, i]), columns[within], 1.0)
            of = self.ready[one.index]
            program.put(of.rows[np.searchsorted(of.boards, minutes + one.lag_minutes)], columns, -1.0)
        return self.gates[key]

    def _open(self, gate: int, one: Crossing) -> Ints:
        """The slots in which they may cross."""
        slots = np.arange(self.frame.slots)
        open_for: Flags = (slots >= one.cross_slot) & (slots <= one.last_slot) & (self.frame.posts[gate].through > 0)
        return slots[open_for]
