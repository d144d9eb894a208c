"""Which units are alike, so that a flow can carry them together?

Two layers: units of a `Crossing` class share everything that matters up to the crossing and for being ready; units of
a `Flying` class, within one crossing class, share also which flights take them and count as the sponsor's own. Sizes
are not shared: a class is so many persons, with places and counts a head on average. What is averaged away here, the
bound puts right group by group (`prices`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corridor.plan.solve.frame import NEVER, Flags, Floats, Frame, Unit

COUNTED = ("persons", "seats", "stretchers", "wheelchairs", "medical", "psychological")
"""What a price can be put on, a head: the order of the columns of `counts_of`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Units alike up to the crossing. `lag_minutes` is the least time from crossing to being ready for a flight.

    `works` has, by staging place, the stations visited: row, slots after arriving there, minutes of work a head; empty
    where visits may wait. `apart` is what classes differ in besides, behind the gate too.
    """

    index: int
    units: tuple[int, ...]
    stage: int
    place: str
    first_slot: int
    cross_slot: int
    last_slot: int
    ready_from: int
    lag_minutes: int
    persons: int
    weight: float
    counts: tuple[float, ...]
    works: dict[int, tuple[tuple[int, int, float], ...]]
    apart: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flying:
    """Units of a crossing class alike for flights: which take them, and for which they are the sponsor's own."""

    index: int
    crossing: int
    units: tuple[int, ...]
    persons: int
    weight: float
    counts: tuple[float, ...]
    takes: Flags
    own: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Both layers."""

    crossing: tuple[Crossing, ...]
    flying: tuple[Flying, ...]


def counts_of(frame: Frame) -> Floats:
    """By unit how many of each of `COUNTED`."""
    return np.array([[getattr(unit, name) for name in COUNTED] for unit in frame.units], dtype=np.float64).reshape(
        -1, len(COUNTED)
    )


def lag_of(frame: Frame, unit: Unit) -> float:
    """The least minutes from crossing (or from where the unit stands behind the gate) to being ready in staging."""
    ways = [0.0]
    if unit.stage <= 2:
        gates = (
            {str(road.leg.target) for road in frame.approaches.get(unit.place, ())} if unit.stage == 0 else {unit.place}
        )
        ways = [
            float((frame.posts[frame.gate_of[gate]].gate.through_minutes if unit.stage < 2 else 0) + road.leg.minutes)
            for gate in gates
            for road in frame.transfers.get(gate, ())
        ]
    visits = 0
    for member in unit.members:
        services = [visit.service for visit in frame.problem.parties[member].visits]
        promised = [
            min((s.promised_minutes for s in frame.problem.stations if s.service == service), default=NEVER)
            for service in services
        ]
        visits = max(visits, sum(promised))
    return min(ways, default=float(NEVER)) + visits


def classes(frame: Frame, alone: Sequence[int] | None = None, *, coarse: bool = False, visits: bool = True) -> Classes:
    """The classes of a problem, in the order of their first units; or of the units `alone`, each a class of its own.

    With `coarse` units are alike that differ in needs and holds, without `visits` in visits too: an answer is then less
    right, and sooner found."""
    counts = counts_of(frame)
    patterns: dict[tuple[object, ...], tuple[Flags, Floats]] = {}
    of_unit: dict[int, tuple[Flags, Floats]] = {}
    lag = np.zeros(len(frame.units))
    for u in range(len(frame.units)) if alone is None else alone:
        unit = frame.units[u]
        lag[u] = lag_of(frame, unit)
        members = [frame.problem.parties[m] for m in unit.members]
        fly_from = unit.from_minute if coarse else unit.fly_from
        key = (tuple(p.citizenships for p in members), fly_from, unit.own)
        if key not in patterns:
            patterns[key] = _pattern(frame, unit, fly_from)
        of_unit[u] = patterns[key]
    with_escorts = sorted({rule.of for run in frame.runs for _, rule in run.pools if rule.per})
    by_crossing: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for u in range(len(frame.units)) if alone is None else alone:
        alike = (
            (u,)
            if alone is not None
            else _crossing_key(frame, frame.units[u], lag[u] if visits else 0.0, coarse=coarse)
        )
        by_crossing[alike].append(u)
    crossing: list[Crossing] = []
    flying: list[Flying] = []
    for units in by_crossing.values():
        first = frame.units[units[0]]
        persons = sum(frame.units[u].persons for u in units)
        index = len(crossing)
        weight = first.weighted / first.persons
        weight = float(round(weight)) if coarse else weight
        crossing.append(
            Crossing(
                index=index,
                units=tuple(units),
                stage=first.stage,
                place=first.place,
                first_slot=-(-min(first.leave_from, NEVER) // frame.slot),
                cross_slot=-(-min(first.cross_from, NEVER) // frame.slot),
                last_slot=min(frame.slots - 1, first.cross_until // frame.slot),
                ready_from=first.from_minute,
                lag_minutes=int(lag[units].min()),
                persons=persons,
                weight=weight,
                counts=tuple(counts[units].sum(axis=0) / persons),
                works={
                    row: tuple((s, later, minutes / persons) for (s, later), minutes in works.items())
                    for row in range(len(frame.problem.stagings))
                    if (works := works_of(frame, row, units))
                },
                apart=_apart(first) if coarse else tuple(getattr(first, of) > 0 for of in with_escorts),
            )
        )
        by_flying: dict[bytes, list[int]] = defaultdict(list)
        for u in units:
            takes, own = of_unit[u]
            by_flying[takes.tobytes() + (own > 0).tobytes()].append(u)
        for same in by_flying.values():
            heads = sum(frame.units[u].persons for u in same)
            flying.append(
                Flying(
                    index=len(flying),
                    crossing=index,
                    units=tuple(same),
                    persons=heads,
                    weight=weight,
                    counts=tuple(counts[same].sum(axis=0) / heads),
                    takes=of_unit[same[0]][0],
                    own=np.sum([of_unit[u][1] for u in same], axis=0) / heads,
                )
            )
    return Classes(crossing=tuple(crossing), flying=tuple(flying))


def rears(of: Classes) -> list[int]:
    """By crossing class the first one that is like it behind the gate: as heavy, as soon ready, from as far."""
    first: dict[tuple[object, ...], int] = {}
    return [
        first.setdefault(
            (c.stage, c.place if c.stage >= 2 else "", c.ready_from, c.lag_minutes, c.weight, c.apart), c.index
        )
        for c in of.crossing
    ]


def merged(of: Classes) -> Classes:
    """The same with flying classes put together wherever they are alike behind the gate."""
    rear = rears(of)
    by: dict[tuple[object, ...], list[Flying]] = defaultdict(list)
    for flying in of.flying:
        by[rear[flying.crossing], flying.takes.tobytes(), (flying.own > 0).tobytes()].append(flying)
    found: list[Flying] = []
    for alike in by.values():
        heads = sum(one.persons for one in alike)
        parts = np.array([one.persons / heads for one in alike])
        found.append(
            Flying(
                index=len(found),
                crossing=rear[alike[0].crossing],
                units=tuple(u for one in alike for u in one.units),
                persons=heads,
                weight=alike[0].weight,
                counts=tuple(parts @ np.array([one.counts for one in alike])),
                takes=alike[0].takes,
                own=parts @ np.array([one.own for one in alike]),
            )
        )
    return replace(of, flying=tuple(found))


def works_of(frame: Frame, staging: int, units: list[int]) -> dict[tuple[int, int], int]:
    """Minutes of work the units bring to each station of a staging place, by station and whole slots after they
    arrive; nothing where visits may wait, or where slots and promises do not go into each other."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    place = frame.problem.stagings[staging]
    if place.visits_wait:
        return {}
    for u in units:
        for member in frame.units[u].members:
            later = 0
            for visit in frame.problem.parties[member].visits:
                row = frame.station_of.get((str(place.id), visit.service))
                if row is None or later % frame.slot:
                    break
                found[row, later // frame.slot] += visit.persons * frame.problem.stations[row].minutes_per_person
                later += frame.problem.stations[row].promised_minutes
    return dict(found)


def _crossing_key(frame: Frame, unit: Unit, lag: float, *, coarse: bool) -> tuple[object, ...]:
    slot = frame.slot
    leave, cross = -(-min(unit.leave_from, NEVER) // slot), -(-min(unit.cross_from, NEVER) // slot)
    if coarse:
        weight = round(unit.weighted / unit.persons)
        since = unit.from_minute // slot
        return unit.stage, unit.place, leave, cross, unit.cross_until // slot, since, weight, lag, _apart(unit)
    special = (unit.stretchers > 0, unit.wheelchairs > 0, unit.medical > 0, unit.psychological > 0)
    visits = tuple(sorted({v.service for m in unit.members for v in frame.problem.parties[m].visits}))
    standing = unit.from_minute // slot if unit.stage >= 2 else 0
    return (
        unit.stage, unit.place, leave, cross, unit.cross_until // slot, standing, lag,
        unit.weighted / unit.persons, special, visits,
    )  # fmt: skip


def _apart(unit: Unit) -> tuple[bool, ...]:
    """What makes much of a difference for seats: an infant has none of its own."""
    return (unit.laps > 0,)


def _pattern(frame: Frame, unit: Unit, fly_from: int) -> tuple[Flags, Floats]:
    """Which flights could take the unit at all, from that minute on, and how many of it are the own people of each."""
    takes = np.zeros(len(frame.runs), dtype=np.bool_)
    own = np.zeros(len(frame.runs))
    members = [frame.problem.parties[m] for m in unit.members]
    for i, run in enumerate(frame.runs):
        allowed = set(run.flight.allowed)
        takes[i] = (
            run.earliest < frame.end
            and fly_from <= run.boards_until
            and (not allowed or all(set(p.citizenships) & allowed for p in members))
        )
        own[i] = sum(n for citizenship, n in unit.own if citizenship in run.flight.own)
    return takes, own
