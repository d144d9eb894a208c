"""Which rules hold for whole convoys and whole parties, and not for their fractions? Put in where a flow breaks them.

Each says: what these paths take together is no more than some columns of convoys, vehicles or departures provide. All
of them hold for every plan, so that with a price on them the bound is still one.

* `part`: of a lot no greater part leaves in a slot than there is of a convoy.
* `places`: of a lot no more places are taken than its share of each vehicle: a vehicle a tenth of which goes takes a
  tenth of a family.
* `crossing`: who came with a convoy crosses in a slot in no greater number than the gate lets through, times how much
  of the convoy there is; `waiting`: nor do more of them wait than may.
* `escort`: of a party no greater part flies than there is of an escort that it cannot fly without.
* `filled`, `led`, `without`: of these lots no more leave in these slots than whole convoys carry (`flows/filled.py`).
  Such a rule is over many lots and slots; its price is put on each of them (`filled`), on each convoy by how many it is
  wanted for (`led`), on those who would leave with none (`without`). Only the three together are a rule, none a row.
* `late`: as much of a party as flies in an hour or later, so much is there of a last departure as late as that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from corridor.plan.solve.frame import Floats, Frame
from corridor.plan.solve.prices.groups import Groups
from corridor.plan.solve.prices.master import PLACES, Master
from corridor.plan.solve.prices.paths import Path
from corridor.plan.solve.seating import MANY

What = Literal["part", "places", "crossing", "waiting", "escort", "filled", "led", "without", "late"]
NO_ROW: tuple[What, ...] = ("filled", "led", "without")
"""What is no rule alone."""


class Cut(NamedTuple):
    """One rule. `of` is a lot, for `escort` and `late` a choice; `at` what is counted by `places`, the slot of
    `crossing`, the option of an `escort` (`road` is then which rule of the flight), the turn of a `late` departure; -1
    where a rule has none."""

    what: What
    of: int = -1
    road: int = -1
    slot: int = -1
    at: int = -1


Prices = dict[Cut, float]


class Cuts:
    """What paths take of each rule, and what columns provide."""

    def __init__(self, frame: Frame, groups: Groups, made: Master) -> None:
        self.frame, self.groups, self.made = frame, groups, made
        self.in_lot = in_lots(groups)
        self.places_names = {1: "seats", 2: "stretchers", 3: "wheelchairs"}
        self.most = {
            road: {at: max((self._has(f, at) for f in frame.roads[road].fleets), default=0) for at in PLACES}
            for road in made.rows.convoy
        }

    def _has(self, fleet: int, at: int) -> int:
        return int(getattr(self.frame.problem.fleets[fleet], self.places_names[at]))

    def of_path(self, path: Path) -> Iterator[tuple[Cut, float]]:
        """The rules a path takes of, and how much a head."""
        group, road, slot = self.groups.groups[path.group], path.road, path.leaves
        if road in self.made.rows.convoy:
            yield Cut("part", group.lot, road, slot), group.part
            for at in PLACES:
                if group.crossing[at] and self.in_lot[group.lot, at] < self.most[road][at]:
                    yield Cut("places", group.lot, road, slot, at), group.crossing[at]
            yield Cut("crossing", -1, road, slot, path.crosses), group.crossing[0]
            if slot * self.frame.slot + self.frame.roads[road].leg.minutes < path.crosses * self.frame.slot:
                yield Cut("waiting", -1, road, slot), group.crossing[0]
        if path.option >= 0:
            for kind, _, rule in self.made.rows.ratios_of_flight.get(path.option, ()):
                if group.counts[kind]:
                    yield Cut("escort", group.choice, rule, -1, path.option), 1 / group.persons
            for at in range(self.made.turn[path.option] + 1):
                if self.made.late_points[at] > 0:
                    yield Cut("late", group.choice, -1, -1, at), 1 / group.persons

    def provided(self, cut: Cut) -> list[tuple[int, float]]:
        """The columns that provide for a rule, and how much of each unit of them."""
        rows, frame = self.made.rows, self.frame
        if cut.what in ("filled", "without"):
            return []
        if cut.what == "late":
            return [(int(self.made.late[cut.at]), 1.0)]
        if cut.what == "escort":
            return [(rows.sent_of_flight[cut.at, cut.road], 1.0)]
        road = frame.roads[cut.road]
        convoy = int(rows.convoy[cut.road][cut.slot])
        if cut.what == "led":
            return [(convoy, 1.0)]
        if cut.what == "part":
            return [(convoy, float(self.in_lot[cut.of, 0]))]
        if cut.what == "places":
            mine = float(self.in_lot[cut.of, cut.at])
            return [
                (int(rows.vehicles[cut.road, fleet][cut.slot]), min(mine, float(self._has(fleet, cut.at))))
                for fleet in road.fleets
                if self._has(fleet, cut.at)
            ]
        gate = frame.gate_of[str(road.leg.target)]
        if cut.what == "crossing":
            return [(convoy, float(frame.posts[gate].through[cut.at]))]
        at = (cut.slot * frame.slot + road.leg.minutes) // frame.slot
        return [(convoy, min(float(MANY), float(self.made.limits()[rows.holding[gate][at]])))]

    def earned(self, prices: Prices) -> dict[int, float]:
        """By column, what it provides at these prices."""
        found: dict[int, float] = {}
        for cut, price in prices.items():
            for column, much in self.provided(cut):
                found[column] = found.get(column, 0.0) + price * much
        return found


def in_lots(groups: Groups) -> Floats:
    """By lot and what is counted (0: heads) how much it is at most, of bonded parties that of those who go together."""
    most: dict[tuple[int, int], Floats] = {}
    for group in groups.groups:
        key = (group.lot, group.choice)
        counted = np.array(group.crossing) * group.persons
        counted[0] = group.persons * group.part
        most[key] = np.maximum(most.get(key, 0.0), counted)
    found = np.zeros((1 + max((group.lot for group in groups.groups), default=0), 6))
    for (lot, _), counted in most.items():
        found[lot] += counted
    return found


def crossing_in_lots(groups: Groups) -> Floats:
    """By lot how many cross at most: of bonded parties, of whom one group goes, the largest."""
    most: dict[tuple[int, int], float] = {}
    for group in groups.groups:
        key = (group.lot, group.choice)
        most[key] = max(most.get(key, 0.0), group.crossing[0] * group.persons)
    found = np.zeros(1 + max((group.lot for group in groups.groups), default=0))
    for (lot, _), persons in most.items():
        found[lot] += persons
    return found
