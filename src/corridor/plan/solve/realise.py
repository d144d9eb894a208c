"""How do whole units travel as the flow says? Unit by unit, each in the convoy and crossing the flow has for its class.

The flow sends parts of classes; a class's units take its parts in order of time, and go no earlier than their part,
so that they leave room for those whose part that is. What fits nowhere so goes on the cheapest way that fits.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import Classes
from corridor.plan.solve.flows.flow import Flow
from corridor.plan.solve.frame import Floats, Frame, Ints
from corridor.plan.solve.ways import Only, Ways

Sent = dict[int, tuple[int, Ints]]
"""By road the fleet with the most seats, and how many of its vehicles leave in each slot."""


def targets(of: Classes, flow: Flow, values: Floats, draft: Draft) -> dict[int, tuple[int, int, int]]:
    """By unit: road, slots of leaving and crossing of its part of the flow; those without stay where they are."""
    units = draft.frame.units
    parts: dict[int, list[tuple[int, int, int, float]]] = {}
    for choice in flow.choices:
        amounts = values[choice.columns]
        for j in np.flatnonzero(amounts > 1e-6):
            part = (int(choice.crosses[j]), int(choice.leaves[j]), choice.road, float(amounts[j]))
            parts.setdefault(choice.crossing, []).append(part)
    found = {}
    for crossing in of.crossing:
        mine = sorted(parts.get(crossing.index, ()))
        at, left = 0, mine[0][3] if mine else 0.0
        # The largest first: the small ones fill what is left of each part.
        for u in sorted(crossing.units, key=lambda u: -units[u].weighted / units[u].persons):
            while at < len(mine) and left < units[u].persons / 2:
                at += 1
                left += mine[at][3] if at < len(mine) else 0.0
            if at == len(mine):
                break
            crosses, leaves, road, _ = mine[at]
            found[u] = (road, leaves, crosses)
            left -= units[u].persons
    return found


def realise(draft: Draft, ways: Ways, of: Classes, flow: Flow, values: Floats, stop: Callable[[], bool]) -> None:
    """Give every unit without a way one, as near to the flow as fits."""
    units, found = draft.frame.units, targets(of, flow, values, draft)
    convoys = {
        (road, int(slot))
        for road, columns in flow.convoy.items()
        for slot in np.flatnonzero(columns >= 0)
        if values[columns[slot]] > 0.01
    }
    order = sorted(found, key=lambda u: (found[u][2], found[u][1], -units[u].weighted / units[u].persons, u))
    for u in order:
        if stop():
            return
        _, leaves, crosses = found[u]

        def only(road: int, at: int, over: int, leaves: int = leaves, crosses: int = crosses) -> bool:
            return (
                over >= crosses
                and at >= min(leaves, crosses)
                and (road < 0 or (road, at) in convoys or road not in flow.convoy)
            )

        steps = ways.best(u, only=only, tries=3)
        if steps is not None:
            draft.take(u, steps)
    rest = [u for u in range(len(units)) if draft.steps[u] is None]
    for u in sorted(rest, key=lambda u: (-units[u].weighted / units[u].persons, units[u].leave_from, u)):
        if stop():
            return
        steps = ways.best(u)
        if steps is not None:
            draft.take(u, steps)


def vehicles_sent(frame: Frame, flow: Flow, values: Floats) -> Sent:
    """The vehicles of a flow made whole in order of time: half a one this hour and half a one the next are one."""
    found: Sent = {}
    for road, fleet in sorted(flow.vehicles):
        seats = frame.problem.fleets[fleet].seats
        if not seats or (road in found and frame.problem.fleets[found[road][0]].seats >= seats):
            continue
        columns = flow.vehicles[road, fleet]
        much = np.where(columns >= 0, values[np.maximum(columns, 0)], 0.0)
        whole = np.floor(np.cumsum(much) + 0.5)
        found[road] = fleet, np.diff(whole, prepend=0.0).astype(np.int64)
    return found


def aboard_sent(draft: Draft, u: int, sent: Sent) -> Only:
    """Crossings of a unit in a vehicle that is there with seats for it, or is among those sent."""
    seats = draft.frame.units[u].seats

    def only(road: int, leaves: int, crosses: int) -> bool:
        if road not in sent:
            return True
        fleet, most = sent[road]
        loading = draft.loadings.get((road, leaves))
        vehicles = () if loading is None else loading.vehicles
        there = sum(vehicle.fleet == fleet for vehicle in vehicles)
        return bool(there < most[leaves]) or any(vehicle.seats >= seats for vehicle in vehicles)

    return only


def settle(draft: Draft, ways: Ways, stop: Callable[[], bool]) -> float:
    """Let every unit, those who travel last first, take a better way if one is free now; the points that saved."""
    worth, saved = ways.worth, 0.0
    order = sorted(
        (u for u in range(len(draft.steps))),
        key=lambda u: -(worth.way(u, draft.steps[u])) / draft.frame.units[u].persons,
    )
    for u in order:
        if stop():
            break
        saved += _moved(draft, ways, u)
    return saved


def _moved(draft: Draft, ways: Ways, u: int) -> float:
    """Give one unit a better way if there is one; the points that saves."""
    worth, had = ways.worth, draft.steps[u]
    flown = -1 if had is None else had.flight
    places = [] if had is None else draft.convoys_of(had)
    was = worth.way(u, had) + worth.convoys(draft)
    last = worth.last(draft)
    before = worth.flight(draft, flown) if flown >= 0 else 0.0
    if had is not None:
        draft.leave(u)
    steps = ways.best(u)
    if steps is not None and (had is None or steps != had):
        flies = steps.flight if steps.flight != flown else -1
        before += worth.flight(draft, flies) if flies >= 0 else 0.0
        if draft.take(u, steps):
            now = worth.way(u, steps) + worth.convoys(draft) + worth.last(draft)
            now += sum(worth.flight(draft, flight) for flight in (flown, flies) if flight >= 0)
            if now < was + before + last - 1e-6 and (flown < 0 or draft.share_holds(flown)):
                return was + before + last - now
            draft.leave(u)
    if had is not None:
        draft.take_back(u, had, places)
    return 0.0
