"""How do classes of people flow best, if convoys and people could be cut up? What is each capacity worth then?

The aggregated time-expanded flow: persons of a crossing class leave in a slot and cross in a slot; persons of a flying
class take a flight. Vehicles, convoys and escorts may be fractions. Its answer is not a plan; its prices say what a
place in each convoy, crossing, bed and seat is worth, and `prices` makes a bound of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from corridor.plan.solve.flows.classes import COUNTED, Classes, Crossing, merged
from corridor.plan.solve.flows.desks import onward
from corridor.plan.solve.flows.filled import Filled
from corridor.plan.solve.flows.flying import PLACE_KINDS, Ready, fly, ready_rows
from corridor.plan.solve.flows.loads import put_loads
from corridor.plan.solve.flows.program import INFINITY, Answer, Program
from corridor.plan.solve.flows.room import COUNTS_OF_RULES, KINDS, Room, whole_room
from corridor.plan.solve.frame import Flags, Floats, Frame, Ints, Road
from corridor.plan.solve.seating import MANY
from corridor.plan.solve.spans import waiting_limits
from corridor.plan.solve.worth import Worth

Within = Callable[[Crossing, int, Ints, Ints], Flags]
"""Of a crossing class, a road and slots of leaving and crossing, which are looked at."""

Flights = Callable[[int], tuple[Flags, Floats]]
"""Of a unit that is a class of its own, which flights are looked at, and the points of each besides its hours and
seats; the last of them is of no flight."""

CROSSINGS_AFTER = 7
"""In how many open slots after arriving a class may cross in the flow; the bound looks at all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Columns in which one crossing class leaves on one road (-1: stands at the gate) and crosses."""

    crossing: int
    road: int
    gate: int
    leaves: Ints
    crosses: Ints
    columns: Ints


@dataclass(slots=True)
class Flow:
    """The program of a problem's flow, and which of its rows and columns are what."""

    room: Room
    within: Within | None = None
    flights: Flights | None = None
    prompt: bool = True
    merge: bool = False
    desks: bool = False
    after: int = CROSSINGS_AFTER
    program: Program = field(default_factory=Program)
    choices: list[Choice] = field(default_factory=list)
    flown: dict[tuple[int, int], int] = field(default_factory=dict)
    coming: dict[tuple[int, int, int], int] = field(default_factory=dict)
    places: dict[int, Ints] = field(default_factory=dict)
    convoy: dict[int, Ints] = field(default_factory=dict)
    vehicles: dict[tuple[int, int], Ints] = field(default_factory=dict)
    fleet_rows: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    pool_rows: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    through: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    windows: dict[tuple[int, int], int] = field(default_factory=dict)
    holding: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    beds: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    stations: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    parts: dict[tuple[int, int], tuple[Ints, Ints]] = field(default_factory=dict)
    crossed: dict[int, tuple[Ints, Ints, Ints]] = field(default_factory=dict)
    waited: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)
    filled: list[Filled] = field(default_factory=list)
    ratio: dict[tuple[int, int], Ints] = field(default_factory=dict)
    flight_ratio: dict[tuple[int, int], int] = field(default_factory=dict)
    flight_escorts: dict[tuple[int, int], int] = field(default_factory=dict)
    escorted: dict[tuple[int, int, int], int] = field(default_factory=dict)
    flight_places: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    share: dict[int, int] = field(default_factory=dict)
    unit_rows: list[Ints] = field(default_factory=list)
    unit_columns: list[Ints] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    answer: Answer | None = None

    def aboard(self) -> tuple[Ints, Ints]:
        """The columns of flying classes on flights, and which class each is of."""
        columns = [*self.flown.values(), *self.coming.values()]
        of = [index for index, *_ in (*self.flown, *self.coming)]
        return np.array(columns, dtype=np.int64), np.array(of, dtype=np.int64)

    def shared(self) -> tuple[Flags, Flags]:
        """Which rows are capacities shared by all, and which columns are no unit's: convoys, escorts, who is there."""
        rows, columns = np.ones(self.program.rows, dtype=np.bool_), np.ones(self.program.columns, dtype=np.bool_)
        rows[np.concatenate(self.unit_rows)] = False
        columns[np.concatenate(self.unit_columns)] = False
        return rows, columns


def build(
    frame: Frame,
    worth: Worth,
    of: Classes,
    room: Room | None = None,
    within: Within | None = None,
    flights: Flights | None = None,
    *,
    prompt: bool = True,
    after: int = CROSSINGS_AFTER,
    parts: bool = True,
    loads: bool = False,
    merge: bool = False,
    desks: bool = False,
) -> Flow:
    """The flow of a problem, or of some classes in the room a draft has left for them.

    With `prompt` everybody moves on to staging as soon as they have crossed, as plans mostly have it. Without, they may
    wait in the hall as long as they like, and need a bed and a desk only before their flight: a bound must allow that.
    `within` says which crossings of a class are looked at, `flights` which flights: all, if None.
    With `loads` part of a convoy has that part of the gate only. With `desks` (and not `prompt`) who has visits comes
    to staging when its desks have time for them, in one of the last slots before each flight.
    """
    flow = Flow(
        room=room or whole_room(frame),
        within=within,
        flights=flights,
        prompt=prompt,
        merge=merge,
        desks=desks,
        after=after,
    )
    capacities(frame, flow)
    for road in frame.roads:
        if road.first and (road.fleets or road.pools):
            convoys(frame, worth, flow, road)
    ready = ready_rows(frame, worth, flow, of)
    for crossing in of.crossing:
        if crossing.stage <= 1:
            _cross(frame, worth, flow, crossing, ready)
    fly(frame, worth, flow, merged(of) if merge else of, ready)
    if parts:
        _whole_convoys(flow, of)
    if loads:
        put_loads(frame, flow)
    return flow


def _whole_convoys(flow: Flow, of: Classes) -> None:
    """Of a class no greater part leaves with a convoy than there is of the convoy.

    A convoy that half goes takes half of each class at most. Without these rows a hundredth of a convoy every hour
    would carry everybody in time, and with few escorts the bound would be far below every plan.
    """
    program = flow.program
    for choice in flow.choices:
        if choice.road in flow.convoy:
            slots, at = np.unique(choice.leaves, return_inverse=True)
            rows = program.add_rows(len(slots), upper=0.0)
            program.put(rows[at], choice.columns, 1.0 / of.crossing[choice.crossing].persons)
            program.put(rows, flow.convoy[choice.road][slots], -1.0)
            flow.parts[choice.crossing, choice.road] = (slots, rows)


def capacities(frame: Frame, flow: Flow) -> None:
    """Rows of what there is of everything, and columns of who is there."""
    program, k = flow.program, frame.slots
    room = flow.room
    flow.fleet_rows = np.array([program.add_rows(k, upper=row.astype(float)) for row in room.fleets]).reshape(-1, k)
    flow.pool_rows = np.array([program.add_rows(k, upper=row.astype(float)) for row in room.pools]).reshape(-1, k)
    through = [program.add_rows(k, upper=row.astype(float)) for row in room.through]
    flow.through = np.array(through).reshape(-1, k)
    for post in frame.posts:
        for i, most in enumerate(room.windows[post.index]):
            flow.windows[post.index, i] = int(program.add_rows(1, upper=float(most))[0])
    flow.holding = np.array([_stock(frame, flow, row) for row in room.holding], dtype=np.int64).reshape(-1, 2 * k)
    flow.beds = np.array([_stock(frame, flow, row) for row in room.beds], dtype=np.int64).reshape(-1, 2 * k)
    flow.stations = np.array([_desk(frame, flow, row) for row in range(len(frame.problem.stations))]).reshape(-1, k)


def _stock(frame: Frame, flow: Flow, limit: Ints) -> Ints:
    """Rows that say: who is there in a slot is who was there before, more who came, less who went; and the columns of
    who is there, as a second half of the array."""
    program, k = flow.program, frame.slots
    there = program.add_columns(np.zeros(k), upper=np.where(limit >= MANY // 2, INFINITY, limit))
    rows = program.add_rows(k, lower=0.0, upper=0.0)
    program.put(rows, there, 1.0)
    program.put(rows[1:], there[:-1], -1.0)
    return np.concatenate((rows, there))


def _desk(frame: Frame, flow: Flow, station: int) -> Ints:
    """Rows that say: the work waiting at the end of a slot is no less than what waited, and came, and was not done."""
    program, k = flow.program, frame.slots
    waiting = program.add_columns(np.zeros(k), upper=waiting_limits(frame)[station].astype(float))
    rows = program.add_rows(k, upper=flow.room.able[station].astype(float))
    program.put(rows, waiting, -1.0)
    program.put(rows[1:], waiting[:-1], 1.0)
    return rows


def convoys(frame: Frame, worth: Worth, flow: Flow, road: Road) -> None:
    """Columns of convoys and vehicles by slot, bound to fleets and pools, with rows for the places in them."""
    program, opens = flow.program, np.flatnonzero(road.opens)
    k = frame.slots
    fleets = frame.problem.fleets
    loadings = [flow.room.loadings.get((road.index, s)) for s in range(k)]
    there = np.array([loading is not None for loading in loadings], dtype=np.bool_)
    free = [
        [sum(getattr(v, kind) for v in loading.vehicles) if loading else 0 for loading in loadings] for kind in KINDS
    ]
    flow.places[road.index] = np.array([program.add_rows(k, upper=np.array(row, dtype=float)) for row in free])
    bound = [np.arange(max(0, int(s) - road.before), min(k, int(s) + road.after)) for s in opens]
    widths = np.array([len(b) for b in bound], dtype=np.int64)
    slots = np.concatenate(bound) if bound else np.zeros(0, dtype=np.int64)
    convoy = np.full(k, -1, dtype=np.int64)
    gone = there[opens]
    convoy[opens] = program.add_columns(
        np.zeros(len(opens)), lower=gone.astype(float), upper=np.where(gone, 1.0, _most_convoys(frame, road))
    )
    flow.convoy[road.index] = convoy
    most = sum(fleets[fleet].vehicles for fleet in road.fleets)
    if road.leg.vehicles_max is not None:
        most = min(most, road.leg.vehicles_max)
    if road.fleets:
        led = np.array([float(len(loading.vehicles)) if loading else 0.0 for loading in loadings])
        within = program.add_rows(len(opens), upper=-led[opens])
        program.put(within, convoy[opens], -float(most))
    for fleet in road.fleets:
        cost = worth.points["cost"] * fleets[fleet].cost_per_trip
        vehicles = np.full(k, -1, dtype=np.int64)
        vehicles[opens] = program.add_columns(np.full(len(opens), cost), upper=float(fleets[fleet].vehicles))
        flow.vehicles[road.index, fleet] = vehicles
        program.put(flow.fleet_rows[fleet][slots], np.repeat(vehicles[opens], widths), 1.0)
        program.put(within, vehicles[opens], 1.0)
        for row, kind in zip(flow.places[road.index], ("seats", "stretchers", "wheelchairs"), strict=True):
            program.put(row[opens], vehicles[opens], -float(getattr(fleets[fleet], kind)))
    for at, (pool, rule) in enumerate(road.pools):
        sent = convoy[opens]
        if rule.per:
            sent = program.add_columns(np.zeros(len(opens)), upper=float(frame.problem.pools[pool].count))
            had = np.array([float(loading.escorts.get(pool, 0)) if loading else 0.0 for loading in loadings])
            count = COUNTS_OF_RULES.index(rule.of)
            counted = np.array([float(loading.counts[count]) if loading else 0.0 for loading in loadings])
            least = program.add_rows(len(opens), lower=-had[opens])
            program.put(least, sent, 1.0)
            program.put(least, convoy[opens], -float(rule.at_least))
            ratio = np.full(k, -1, dtype=np.int64)
            ratio[opens] = program.add_rows(len(opens), upper=(had * rule.per - counted)[opens])
            program.put(ratio[opens], sent, -float(rule.per))
            flow.ratio[road.index, at] = ratio
        # The escorts of a convoy that leaves anyway are off already.
        weight = np.ones(len(opens)) if rule.per else np.where(gone, 0.0, float(rule.at_least))
        program.put(flow.pool_rows[pool][slots], np.repeat(sent, widths), np.repeat(weight, widths))


def _most_convoys(frame: Frame, road: Road) -> float:
    """How many convoys could leave in one slot: no more than escorts for them, no more than vehicles."""
    most = [frame.problem.pools[pool].count // rule.at_least for pool, rule in road.pools if rule.at_least]
    most.append(sum(frame.problem.fleets[fleet].vehicles for fleet in road.fleets) or 1)
    return float(min(most))


def _cross(frame: Frame, worth: Worth, flow: Flow, crossing: Crossing, ready: list[Ready]) -> None:
    """Columns of a class leaving and crossing; who does neither is in the column of those who stay."""
    program, points = flow.program, worth.points
    count = program.add_rows(1, lower=float(crossing.persons), upper=float(crossing.persons))
    at = frame.danger_of.get(crossing.place)
    if at is None:
        at = frame.posts[frame.gate_of[crossing.place]].danger_hours
    left = float(at[-1]) + frame.problem.objective.left_behind_minutes / 60
    stays = program.add_columns(np.array([points["danger_person_hours"] * crossing.weight * left]))
    program.put(count, stays, 1.0)
    flow.unit_rows.append(count)
    flow.unit_columns.append(stays)
    if crossing.stage == 1:
        gate = frame.gate_of[crossing.place]
        slots = np.flatnonzero(frame.posts[gate].through > 0)
        slots = slots[(slots >= crossing.cross_slot) & (slots <= crossing.last_slot)]
        _choose(frame, worth, flow, crossing, None, gate, np.full(len(slots), -1), slots, count, ready)
        return
    for road in frame.approaches.get(crossing.place, ()):
        gate = frame.gate_of[str(road.leg.target)]
        leaves = np.flatnonzero(road.opens)
        leaves = leaves[leaves >= crossing.first_slot]
        if not leaves.size:
            continue
        open_slots = np.flatnonzero(frame.posts[gate].through > 0)
        open_slots = open_slots[(open_slots >= crossing.cross_slot) & (open_slots <= crossing.last_slot)]
        first = np.searchsorted(open_slots, -(-(leaves * frame.slot + road.leg.minutes) // frame.slot))
        pairs = first[:, None] + np.arange(flow.after)[None, :]
        good = pairs < len(open_slots)
        crosses = open_slots[np.minimum(pairs, max(0, len(open_slots) - 1))][good] if open_slots.size else pairs[good]
        _choose(frame, worth, flow, crossing, road, gate, np.repeat(leaves, good.sum(axis=1)), crosses, count, ready)


def _choose(
    frame: Frame,
    worth: Worth,
    flow: Flow,
    crossing: Crossing,
    road: Road | None,
    gate: int,
    leaves: Ints,
    crosses: Ints,
    count: Ints,
    ready: list[Ready],
) -> None:
    program, points, slot = flow.program, worth.points, frame.slot
    if flow.within is not None:
        looked_at = flow.within(crossing, road.index if road else -1, leaves, crosses)
        leaves, crosses = leaves[looked_at], crosses[looked_at]
    minutes = crosses * slot
    at_gate = frame.posts[gate].danger_hours
    if road is None:
        hours = at_gate[minutes]
        arrives = np.zeros(len(crosses), dtype=np.int64)
    else:
        arrives = leaves * slot + road.leg.minutes
        here = frame.danger_of[crossing.place]
        hours = here[leaves * slot] + road.ride_hours[leaves] + at_gate[minutes] - at_gate[arrives]
    costs = crossing.weight * (points["danger_person_hours"] * hours - points["staging_person_hours"] * minutes / 60)
    columns = program.add_columns(costs)
    flow.unit_columns.append(columns)
    program.put(count, columns, 1.0)
    program.put(flow.through[gate][crosses], columns, 1.0)
    for i, (first, last, _) in enumerate(frame.posts[gate].windows):
        within = (crosses >= first) & (crosses < last)
        program.put(np.full(int(within.sum()), flow.windows[gate, i]), columns[within], 1.0)
    if road is not None:
        k = frame.slots
        waits = arrives < minutes
        program.put(flow.holding[gate][:k][arrives[waits] // slot], columns[waits], -1.0)
        program.put(flow.holding[gate][:k][crosses[waits]], columns[waits], 1.0)
        if road.index in flow.places:
            for rows, kind in zip(flow.places[road.index], PLACE_KINDS, strict=True):
                if crossing.counts[kind]:
                    program.put(rows[leaves], columns, crossing.counts[kind])
            for at, (_, rule) in enumerate(road.pools):
                each = crossing.counts[COUNTED.index(rule.of)]
                if rule.per and each:
                    program.put(flow.ratio[road.index, at][leaves], columns, each)
    of = ready[crossing.index]
    ready_for = np.searchsorted(of.boards, minutes + crossing.lag_minutes)
    program.put(of.rows[ready_for], columns, -1.0)
    begins = reaches(frame, gate, crosses) if flow.prompt else {}
    for staging, slots in begins.items():
        inside = slots < frame.slots
        program.put(flow.beds[staging][: frame.slots][slots[inside]], columns[inside], -1.0)
        for station, later, minutes_each in crossing.works.get(staging, ()):
            at_slot = slots + later
            inside = at_slot < frame.slots
            program.put(flow.stations[station][at_slot[inside]], columns[inside], minutes_each)
    flow.choices.append(
        Choice(
            crossing=crossing.index,
            road=road.index if road else -1,
            gate=gate,
            leaves=leaves,
            crosses=crosses,
            columns=columns,
        )
    )


def reaches(frame: Frame, gate: int, crosses: Ints) -> dict[int, Ints]:
    """In which slot staging is reached by who crosses; empty where that is not sure, as several ways lead on from the
    gate or the one there is needs vehicles, escorts or open hours: the flow then leaves beds and stations alone."""
    road = onward(frame, gate)
    if road is None:
        return {}
    hall = crosses * frame.slot + frame.posts[gate].gate.through_minutes
    moves = -(-hall // frame.slot) * frame.slot
    return {frame.staging_of[str(road.leg.target)]: (moves + road.leg.minutes) // frame.slot}
