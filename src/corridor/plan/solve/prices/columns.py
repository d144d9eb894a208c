"""What does a path use of every capacity, and what does it cost a head?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from corridor.plan.solve.frame import Floats, Frame, Ints
from corridor.plan.solve.prices.groups import Groups
from corridor.plan.solve.prices.master import PLACES, Master
from corridor.plan.solve.prices.paths import Path
from corridor.plan.solve.worth import Worth


@dataclass(slots=True)
class Columns:
    """Paths as columns: by path its points a head and what it uses a head, one after the other."""

    paths: list[Path] = field(default_factory=list)
    points: list[float] = field(default_factory=list)
    rows: list[Ints] = field(default_factory=list)
    uses: list[Floats] = field(default_factory=list)
    known: set[Path] = field(default_factory=set)


def points_of(frame: Frame, worth: Worth, groups: Groups, made: Master, path: Path) -> float:
    """Points a head of a group on a path, as the objective has it; a flight's empty seats it fills taken off."""
    group = groups.groups[path.group]
    kind = groups.kinds[group.kind]
    points, each = worth.points, groups.points[group.pattern]
    total = 0.0
    if kind.stage <= 1:
        here = frame.danger_of[kind.place] if kind.stage == 0 else frame.posts[frame.gate_of[kind.place]].danger_hours
        minute = path.crosses * frame.slot
        told = sum(part for at, part in groups.told.get(path.group, ()) if path.crosses < 0 or at != minute)
        if path.crosses < 0:
            left = float(here[-1]) + frame.problem.objective.left_behind_minutes / 60
            return points["danger_person_hours"] * group.crossing_weight * left + told + float(each[-1])
        hours = float(here[minute])
        if kind.stage == 0:
            road = frame.roads[path.road]
            at_gate = frame.posts[path.gate].danger_hours
            leaves = path.leaves * frame.slot
            hours = float(here[leaves]) + float(road.ride_hours[path.leaves])
            hours += float(at_gate[minute] - at_gate[leaves + road.leg.minutes])
        total = points["danger_person_hours"] * group.crossing_weight * hours + told
        total -= points["staging_person_hours"] * group.crossing_weight * minute / 60
    if path.option < 0:
        total += points["staging_person_hours"] * group.weight * frame.left_hours + float(each[-2])
        gone = frame.end
    else:
        option = made.options[path.option]
        total += points["staging_person_hours"] * group.weight * option.mean / 60 + float(each[path.option])
        if not frame.problem.flights[option.flight].optional:
            total -= points["empty_seats"] * group.counts[1]
        gone = option.latest
    if kind.permit_minutes is not None and gone > path.crosses * frame.slot + kind.permit_minutes:
        total += points["permit_breaches"] * group.breach
    return total


def uses_of(frame: Frame, groups: Groups, made: Master, path: Path) -> tuple[Ints, Floats]:
    """Rows and what a head on the path uses of each."""
    group, rows = groups.groups[path.group], made.rows
    kind, counts, over = groups.kinds[group.kind], group.counts, group.crossing
    found: dict[int, float] = {}

    def use(row: int, much: float) -> None:
        if row >= 0 and much:
            found[row] = found.get(row, 0.0) + much

    if path.road >= 0:
        road = frame.roads[path.road]
        for place, at in zip(rows.places.get(path.road, ()), PLACES, strict=False):
            use(int(place[path.leaves]), over[at])
        for at, ratio, _ in rows.ratios.get(path.road, ()):
            use(int(ratio[path.leaves]), over[at])
        first, last = frame.touched(path.leaves * frame.slot + road.leg.minutes, path.crosses * frame.slot)
        for slot in range(first, last):
            use(int(rows.holding[path.gate][slot]), over[0])
    if path.crosses >= 0:
        use(int(rows.through[path.gate][path.crosses]), over[0])
        for i, (first, last, _) in enumerate(frame.posts[path.gate].windows):
            if first <= path.crosses < last:
                use(rows.windows[path.gate, i], over[0])
    if path.transfer >= 0 and path.option >= 0:
        leg = frame.roads[path.transfer].leg
        staging = frame.staging_of[str(leg.target)]
        ends = _bed_until(frame, made, path.option)
        for slot in range((path.moves * frame.slot + leg.minutes) // frame.slot, ends):
            use(int(rows.beds[staging][slot]), 1.0)
        for p, services in enumerate(kind.services):
            minute = path.begins
            for v, service in enumerate(services):
                row = frame.station_of[str(leg.target), service]
                station = frame.problem.stations[row]
                if minute < frame.end:
                    use(int(rows.stations[row][minute // frame.slot]), group.work[p][v] * station.minutes_per_person)
                minute += station.promised_minutes
    if path.option >= 0:
        o, pattern = path.option, group.pattern
        for place, at in zip(rows.flight_places, PLACES, strict=True):
            use(int(place[o]), counts[at])
        percent = frame.problem.flights[made.options[o].flight].own_percent_min / 100
        use(int(rows.share[o]), percent - float(groups.own[pattern, o]))
        use(int(rows.free[o]), counts[1] - float(groups.offered[pattern, o]))
        for at, row, _ in rows.ratios_of_flight.get(o, ()):
            use(row, counts[at])
    return np.array(list(found), dtype=np.int64), np.array(list(found.values()))


def _bed_until(frame: Frame, made: Master, option: int) -> int:
    one = made.options[option]
    up = 0 if one.ready_until == one.latest else frame.slot - 1
    return min(frame.slots, max(0, one.latest + up) // frame.slot)
