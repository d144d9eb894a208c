"""Plan some units anew, all at once, in the room that all the others leave.

The flow once more, with every unit a class of its own and taken whole, and whole convoys and vehicles: an integer
program small enough to be answered well. What it says is then carried out unit by unit with every rule checked; what
does not fit after all goes on the cheapest way that does. The draft stays as it was unless it becomes better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import Classes, Crossing, classes
from corridor.plan.solve.flows.desks import moved
from corridor.plan.solve.flows.flow import Flights, Flow, Within, build
from corridor.plan.solve.flows.program import Answer, Options
from corridor.plan.solve.flows.room import left_room
from corridor.plan.solve.frame import Flags, Floats, Ints
from corridor.plan.solve.realise import settle
from corridor.plan.solve.spans import Steps
from corridor.plan.solve.warm import shared_out
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth

MOST_NODES = 60
CLOSE_ENOUGH = 3e-3
"""A share of the points of the units planned anew: nearer to the best is not asked for."""
CLOSE_SEATED = 1e-3
"""The same where convoys stay as they are."""
DEAR = 0.02
"""More than this share of the mean points of a unit, at the prices of the flow in parts, is too dear a way."""
CLOSE_FLIGHTS = 2e-4
"""The same where crossings stay: most points are then of danger, and cannot change."""


def plan_anew(
    draft: Draft,
    ways: Ways,
    out: Sequence[int],
    stop: Callable[[], bool],
    *,
    slots: tuple[int, int] | None = None,
    crossings_stay: bool = False,
    hours: float | None = None,
) -> bool:
    """Whether the draft got better. With `slots` only crossings in that span (from, until) are looked at, and the one
    each unit has now; with `crossings_stay` only that one, so that flights alone are planned anew. With `hours` only
    flights that leave no more than that before the first or after the last one they have between them."""
    out = [u for u in out if u not in draft.frame.led_by]
    if not out:
        return False
    worth, before, had = ways.worth, draft.kept(), list(draft.steps)
    was = worth.flights(draft) + worth.convoys(draft) + sum(worth.way(u, had[u]) for u in out)
    for u in out:
        if had[u] is not None:
            draft.leave(u)
    of = classes(draft.frame, alone=out)
    within, flights = _within(had, slots, crossings_stay), _flights(worth, out, had, hours)
    flow = build(draft.frame, worth, of, left_room(draft), within, flights, prompt=False, desks=True)
    found = answered(flow, of, stop, close=CLOSE_FLIGHTS if crossings_stay else CLOSE_ENOUGH)
    if found is None or found.values is None:
        draft.back_to(before)
        return False
    carry_out(draft, ways, wanted(draft, out, of.crossing, flow, found.values), out)
    now = worth.flights(draft) + worth.convoys(draft) + sum(worth.way(u, draft.steps[u]) for u in out)
    touched = {steps.flight for u in out for steps in (had[u], draft.steps[u]) if steps is not None}
    if now < was - 1e-6 and all(draft.share_holds(flight) for flight in touched if flight >= 0):
        return True
    draft.back_to(before)
    return False


def seat_anew(draft: Draft, ways: Ways, stop: Callable[[], bool]) -> bool:
    """Give everybody anew a place in the convoys there are, a crossing and a flight, all at once; whether the draft got
    better.

    With convoys as they are the flow is nearly whole by itself: what costs much at its prices is left out, and the
    rest is soon answered.
    """
    frame, worth = draft.frame, ways.worth
    before, was, had = draft.kept(), worth.whole(draft), list(draft.steps)
    out = [u for u, steps in enumerate(had) if u not in frame.led_by]
    vehicles = vehicles_of(draft)
    leaving = {(road, slot) for road, slot, _ in vehicles}
    for u in out:
        if had[u] is not None:
            draft.leave(u)

    def within(crossing: Crossing, road: int, leaves: Ints, crosses: Ints) -> Flags:
        if road < 0 or not (frame.roads[road].fleets or frame.roads[road].pools):
            return np.ones(len(leaves), dtype=np.bool_)
        return np.array([(road, int(slot)) in leaving for slot in leaves], dtype=np.bool_)

    of = classes(frame, alone=out)
    flights = _flights(worth, out, had, None)
    flow = build(frame, worth, of, left_room(draft), within, flights, prompt=False, parts=False, desks=True)
    for (road, fleet), columns in flow.vehicles.items():
        there = np.flatnonzero(columns >= 0)
        count = np.array([float(vehicles.get((road, int(slot), fleet), 0)) for slot in there])
        flow.program.limit(columns[there], count, count)
    if made_whole(flow, of).size and _without_dear(flow, len(out), stop):
        options: Options = {"mip_max_nodes": MOST_NODES, "mip_rel_gap": CLOSE_SEATED}
        answer = flow.program.solve(options=options, stop=stop)
        if answer.values is not None:
            draft.most_sent, draft.shares_later = vehicles, True
            carry_out(draft, ways, wanted(draft, out, of.crossing, flow, answer.values), out)
            draft.most_sent, draft.shares_later = None, False
            shared_out(draft, ways)
            for u in out:
                steps = ways.best(u) if draft.steps[u] is None else None
                if steps is not None:
                    draft.take(u, steps)
            while settle(draft, ways, stop):
                pass
            if worth.whole(draft) < was - 1e-6 and all(map(draft.share_holds, range(len(frame.runs)))):
                return True
    draft.back_to(before)
    return False


def _without_dear(flow: Flow, units: int, stop: Callable[[], bool]) -> bool:
    """Leave out the ways that cost a unit much more, at the prices of the flow in parts, than its cheapest; False:
    stopped before."""
    program = flow.program
    whole, program.whole = program.whole, [np.zeros(program.columns)]
    answer = program.solve(stop=stop)
    program.whole = whole
    if answer.values is None or not np.isfinite(answer.bound):
        return False
    ways = np.concatenate([*(choice.columns for choice in flow.choices), flow.aboard()[0]])
    dear = ways[answer.column_prices[ways] > DEAR * abs(answer.objective) / units]
    program.limit(dear, 0.0, 0.0)
    return True


def vehicles_of(draft: Draft) -> dict[tuple[int, int, int], int]:
    """How many vehicles of each fleet leave on each approach in each slot."""
    found: dict[tuple[int, int, int], int] = {}
    for (road, slot), loading in draft.loadings.items():
        for vehicle in loading.vehicles if draft.frame.roads[road].first else ():
            found[road, slot, vehicle.fleet] = found.get((road, slot, vehicle.fleet), 0) + 1
    return found


def _within(had: Sequence[Steps | None], slots: tuple[int, int] | None, stay: bool) -> Within | None:
    if slots is None and not stay:
        return None

    def within(crossing: Crossing, road: int, leaves: Ints, crosses: Ints) -> Flags:
        steps = had[crossing.units[0]]
        looked_at = np.zeros(len(crosses), dtype=np.bool_)
        if slots is not None and not stay:
            looked_at = (crosses >= slots[0]) & (crosses < slots[1])
        if steps is not None and steps.road == road:
            looked_at |= (crosses == steps.crosses) & (leaves == steps.leaves)
        return looked_at

    return within


def _flights(worth: Worth, out: Sequence[int], had: Sequence[Steps | None], hours: float | None) -> Flights:
    """The flights looked at, with what permits, wishes and announcements make of each, the crossing being as it is."""
    frame = worth.frame
    means = np.array([run.mean for run in frame.runs])
    looked_at = np.ones(len(means), dtype=np.bool_)
    taken = [steps.flight for u in out if (steps := had[u]) is not None and steps.flight >= 0]
    if hours is not None and taken and len(taken) == sum(had[u] is not None for u in out):
        first, last = means[taken].min() - hours * 60, means[taken].max() + hours * 60
        looked_at = (means >= first) & (means <= last)
    besides = {u: worth.besides(u, had[u]) for u in out}
    return lambda u: (looked_at, besides[u])


def answered(
    flow: Flow, of: Classes, stop: Callable[[], bool], *, nodes: int = MOST_NODES, close: float = CLOSE_ENOUGH
) -> Answer | None:
    """The flow answered with every unit whole, values in units of units; None: there is nothing to decide."""
    if not made_whole(flow, of).size:
        return None
    options: Options = {"mip_max_nodes": nodes, "mip_rel_gap": close}
    return flow.program.solve(options=options, stop=stop)


def made_whole(flow: Flow, of: Classes) -> Ints:
    """Ask of a flow for whole units, convoys and vehicles only; the columns of units, counted in units from now on, of
    which there are none where nothing is to be decided."""
    program = flow.program
    columns = [choice.columns for choice in flow.choices]
    sizes = [np.full(len(c.columns), float(of.crossing[c.crossing].persons)) for c in flow.choices]
    aboard, flying = flow.aboard()
    columns.append(aboard)
    sizes.append(np.array([float(of.flying[index].persons) for index in flying]))
    whole = np.concatenate(columns)
    program.scale(whole, np.concatenate(sizes))
    fleets = [v[v >= 0] for v in (*flow.vehicles.values(), *flow.convoy.values())]
    escorts = np.array(list(flow.flight_escorts.values()), dtype=np.int64)
    program.make_whole(np.concatenate([whole, *fleets, escorts]))
    return whole


def wanted(
    draft: Draft, out: Sequence[int], crossings: Sequence[Crossing], flow: Flow, values: Floats
) -> dict[int, Steps]:
    """What the answer has each unit do; those not named stay where they are."""
    found: dict[int, Steps] = {u: Steps() for u in out if draft.frame.units[u].stage > 1}
    for choice in flow.choices:
        for j in np.flatnonzero(values[choice.columns] > 0.5):
            u = crossings[choice.crossing].units[0]
            found[u] = Steps(choice.road, int(choice.leaves[j]), choice.gate, int(choice.crosses[j]))
    unit_of = [crossing.units[0] for crossing in crossings]
    for (index, flight), column in flow.flown.items():
        u = unit_of[index]
        if values[column] > 0.5 and u in found:
            found[u] = found[u]._replace(flight=flight)
    for (index, flight, arrives), column in flow.coming.items():
        u = unit_of[index]
        if values[column] > 0.5 and u in found:
            unit = draft.frame.units[u]
            gate = found[u].gate if unit.stage < 2 else draft.frame.gate_of[unit.place]
            found[u] = moved(draft.frame, gate, found[u]._replace(flight=flight), arrives // draft.frame.slot)
    return found


def carry_out(draft: Draft, ways: Ways, found: dict[int, Steps], out: Sequence[int]) -> None:
    """Give the units these ways, sponsors' own and large ones first; the others the cheapest that fits."""
    frame = draft.frame

    def turn(u: int) -> tuple[bool, int, int]:
        steps, unit = found[u], frame.units[u]
        own = steps.flight >= 0 and any(c in frame.runs[steps.flight].flight.own for c, _ in unit.own)
        return not own, -unit.persons, u

    # Who does not fit after all waits until the others have what is theirs.
    order = sorted(found, key=turn)
    for u in [u for u in order if not ways.again(u, found[u], flown=True)]:
        ways.again(u, found[u])
    rest = [u for u in out if draft.steps[u] is None]
    for u in sorted(rest, key=lambda u: (-frame.units[u].weighted / frame.units[u].persons, u)):
        steps = ways.best(u)
        if steps is not None:
            draft.take(u, steps)
