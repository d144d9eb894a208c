"""Prices to begin from: what the flow of classes says each capacity is worth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from corridor.plan.solve.flows.classes import Classes
from corridor.plan.solve.flows.flow import Flow
from corridor.plan.solve.frame import Floats, Frame
from corridor.plan.solve.prices.lower import Lower

Parts = Mapping[tuple[int, int, int], float]


def prices_of(
    lower: Lower, frame: Frame, flow: Flow, of: Classes, row_prices: Floats, column_prices: Floats
) -> tuple[Floats, dict[tuple[int, int, int], float]]:
    """Prices of the rows of `lower`, and of parts of lots, from the answer of a flow of the same problem, whose units
    are those of `frame`."""
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
    return prices, _parts(lower, frame, flow, of, duals)


def _parts(lower: Lower, frame: Frame, flow: Flow, of: Classes, duals: Floats) -> dict[tuple[int, int, int], float]:
    """The prices of parts of classes, on the lots their units are of: both are heads of the same needs and weight."""
    lots: dict[int, int] = {}
    for group in lower.groups.groups:
        for u in group.units:
            for member in lower.groups.units[u].members:
                lots.setdefault(member, group.lot)
    found: dict[tuple[int, int, int], float] = {}
    for (crossing, road), (slots, rows) in flow.parts.items():
        one = of.crossing[crossing]
        mine = {lots[member] for u in one.units for member in frame.units[u].members}
        for slot, row in zip(slots, rows, strict=True):
            if duals[row] > 0:
                for lot in mine:
                    key = (lot, road, int(slot))
                    found[key] = max(found.get(key, 0.0), float(duals[row]) / one.persons)
    return found
