"""Prices to begin from: what the flow of classes says each capacity is worth."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import numpy as np

from corridor.plan.solve.flows.classes import Classes, merged
from corridor.plan.solve.flows.filled import carried_most, residual
from corridor.plan.solve.flows.flow import Flow
from corridor.plan.solve.frame import Floats, Frame
from corridor.plan.solve.prices.cuts import Cut, Prices, crossing_in_lots
from corridor.plan.solve.prices.lower import Lower
from corridor.plan.solve.seating import MANY


def prices_of(
    lower: Lower, frame: Frame, flow: Flow, of: Classes, row_prices: Floats, column_prices: Floats
) -> tuple[Floats, Prices]:
    """Prices of the rows of `lower`, and of rules for whole convoys, from the answer of a flow of the same problem.

    The units of the flow are those of `frame`."""
    rows, k = lower.made.rows, frame.slots
    duals, reduced = np.maximum(0.0, -row_prices), np.maximum(0.0, -column_prices)
    prices = np.zeros(len(lower.prices))
    # The program begins with the rows of fleets and of pools, slot by slot.
    own = np.concatenate((flow.fleet_rows.ravel(), flow.pool_rows.ravel())).astype(np.int64)  # of no pools, floats
    prices[: own.size] = duals[own]
    prices[rows.through] = duals[flow.through]
    for key, row in rows.windows.items():
        prices[row] = duals[flow.windows[key]]
    # A stock's price is what its limit is worth: that of the column of who is there.
    prices[rows.holding] = reduced[flow.holding[:, k:]]
    prices[rows.beds] = reduced[flow.beds[:, k:]]
    for road, places in rows.places.items():
        prices[places] = duals[flow.places[road]]
    options = [option.flight for option in lower.options]
    prices[rows.flight_places] = duals[flow.flight_places][:, options]
    for o, flight in enumerate(options):
        if rows.share[o] >= 0 and flight in flow.share:
            prices[rows.share[o]] = abs(row_prices[flow.share[flight]])
        for _, row, at in rows.ratios_of_flight.get(o, ()):
            if (flight, at) in flow.flight_ratio:
                prices[row] = duals[flow.flight_ratio[flight, at]]
    for road, ratios in rows.ratios.items():
        for _, mine, at in ratios:
            if (road, at) in flow.ratio:
                there = (mine >= 0) & (flow.ratio[road, at] >= 0)
                prices[mine[there]] = duals[flow.ratio[road, at][there]]
    parts = _parts(lower, frame, flow, of, duals) | _filled(lower, frame, flow, of, duals)
    return prices, parts | _loads(flow, duals) | _escorts(lower, frame, flow, of, duals)


def _parts(lower: Lower, frame: Frame, flow: Flow, of: Classes, duals: Floats) -> Prices:
    """The prices of parts of classes, on the lots their units are of: both are heads of the same needs and weight.

    Bonded parties are a lot of their own, whichever of them the class has."""
    lots, heads = _lots(lower)
    found: Prices = {}
    for (crossing, road), (slots, rows) in flow.parts.items():
        one = of.crossing[crossing]
        share: dict[int, float] = {}
        for u in one.units:
            lot = lots[frame.units[u].members[0]]
            share[lot] = share.get(lot, 0.0) + frame.units[u].persons
        for slot, row in zip(slots, rows, strict=True):
            if duals[row] > 0:
                for lot, persons in share.items():
                    cut = Cut("part", lot, road, int(slot))
                    # As much as the class pays for these people, whoever else is of the lot.
                    found[cut] = found.get(cut, 0.0) + float(duals[row]) * persons / (one.persons * heads[lot])
    return found


def _escorts(lower: Lower, frame: Frame, flow: Flow, of: Classes, duals: Floats) -> Prices:
    """The prices of escorts of flights for part of a class, on the choices its units are of."""
    choices = {
        member: group.choice
        for group in lower.groups.groups
        for u in group.units
        for member in lower.groups.units[u].members
    }
    options = defaultdict(list)
    for o, option in enumerate(lower.options):
        options[option.flight].append(o)
    flying = (merged(of) if flow.merge else of).flying
    found: Prices = {}
    for (index, flight, at), row in flow.escorted.items():
        if duals[row] > 0:
            for u, o in product(flying[index].units, options[flight]):
                cut = Cut("escort", choices[frame.units[u].members[0]], at, -1, o)
                found[cut] = found.get(cut, 0.0) + float(duals[row]) * frame.units[u].persons
    return found


def _lots(lower: Lower) -> tuple[dict[int, int], dict[int, float]]:
    """By party its lot, and by lot its heads, but of bonded parties."""
    lots: dict[int, int] = {}
    heads: dict[int, float] = {}
    for group in lower.groups.groups:
        bonded = bool(group.cross or group.stay)
        if not bonded:
            heads[group.lot] = heads.get(group.lot, 0.0) + group.persons * group.part
        for u in group.units:
            for member in lower.groups.units[u].members:
                lots.setdefault(member, group.lot)
    return lots, heads


def _filled(lower: Lower, frame: Frame, flow: Flow, of: Classes, duals: Floats) -> Prices:
    """The prices of what whole convoys carry, for the lots that are mostly in the classes."""
    lots, _ = _lots(lower)
    heads = crossing_in_lots(lower.groups)
    limits, rows = lower.made.limits(), lower.made.rows
    found: dict[Cut, float] = defaultdict(float)
    for rule in flow.filled:
        price = float(duals[rule.row])
        there: dict[int, float] = defaultdict(float)
        for u in (u for crossing in rule.of for u in of.crossing[crossing].units):
            there[lots[frame.units[u].members[0]]] += frame.units[u].persons
        those = [lot for lot, persons in there.items() if persons > heads[lot] / 2]
        persons = float(sum(heads[lot] for lot in those))
        if price <= 0 or not persons:
            continue
        road = frame.roads[rule.road]
        holding = limits[rows.holding[frame.gate_of[str(road.leg.target)]]]
        most = carried_most(frame, road, np.minimum(holding, MANY).astype(np.int64))
        last, without = residual(persons, most)
        found[Cut("without")] += price * without
        for slot in range(rule.begins, rule.ends):
            if rows.convoy[rule.road][slot] >= 0:
                found[Cut("led", -1, rule.road, slot)] += price * last
                for lot in those:
                    found[Cut("filled", lot, rule.road, slot)] += price
    return dict(found)


def _loads(flow: Flow, duals: Floats) -> Prices:
    """The prices of gates for parts of convoys."""
    found: Prices = {}
    for road, (leaves, crosses, rows) in flow.crossed.items():
        for at in np.flatnonzero(duals[rows] > 0):
            found[Cut("crossing", -1, road, int(leaves[at]), int(crosses[at]))] = float(duals[rows[at]])
    for road, (leaves, rows) in flow.waited.items():
        for at in np.flatnonzero(duals[rows] > 0):
            found[Cut("waiting", -1, road, int(leaves[at]))] = float(duals[rows[at]])
    return found
