"""Who takes which of the convoys that were decided? Unit by unit, in fractions, and then as those fractions say.

Convoys and vehicles stand as the dive left them. With them fixed, a flow in which every unit is a class of its own has
few units that are cut up: those go last, where there is room.
"""

from __future__ import annotations

import numpy as np

from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import Crossing, classes
from corridor.plan.solve.flows.flow import Flow, build
from corridor.plan.solve.frame import Flags, Floats, Ints
from corridor.plan.solve.spans import Steps
from corridor.plan.solve.ways import Ways

CROSSINGS_LOOKED_AT = 4


def sent(flow: Flow, values: Floats) -> dict[tuple[int, int, int], int]:
    """How many vehicles of each fleet leave on each road in each slot."""
    found = {}
    for (road, fleet), columns in flow.vehicles.items():
        for slot in np.flatnonzero(columns >= 0):
            count = round(float(values[columns[slot]]))
            if count:
                found[road, int(slot), fleet] = count
    return found


def assign(draft: Draft, ways: Ways, dived: Flow, values: Floats) -> None:
    """Give every unit without a way one, in the convoys of a dive as far as they go; the others as is cheapest."""
    frame = draft.frame
    vehicles = sent(dived, values)
    leaving = {(road, slot) for road, slot, _ in vehicles}
    units = [u for u, steps in enumerate(draft.steps) if steps is None and u not in frame.led_by]
    of = classes(frame, alone=units)

    def within(crossing: Crossing, road: int, leaves: Ints, crosses: Ints) -> Flags:
        if road < 0 or road not in dived.convoy:
            return np.ones(len(leaves), dtype=np.bool_)
        return np.array([(road, int(slot)) in leaving for slot in leaves], dtype=np.bool_)

    flow = build(frame, ways.worth, of, within=within, prompt=False, after=CROSSINGS_LOOKED_AT, parts=False)
    highs = flow.program.loaded()
    for (road, fleet), columns in flow.vehicles.items():
        for slot in np.flatnonzero(columns >= 0):
            count = float(vehicles.get((road, int(slot), fleet), 0))
            highs.changeColBounds(int(columns[slot]), count, count)
    highs.run()
    found = np.array(highs.getSolution().col_value)
    draft.most_sent = vehicles
    draft.shares_later = True
    for _, u, steps in sorted(_parts(flow, of.crossing, found), key=lambda one: (-round(one[0], 2), one[1])):
        if draft.steps[u] is None:
            ways.again(u, steps)
    draft.shares_later = False
    rest = [u for u in units if draft.steps[u] is None]
    for u in sorted(
        rest, key=lambda u: (-frame.units[u].weighted / frame.units[u].persons, frame.units[u].leave_from, u)
    ):
        best = ways.best(u)
        if best is not None:
            draft.take(u, best)
    draft.most_sent = None


def _parts(flow: Flow, crossings: tuple[Crossing, ...], values: Floats) -> list[tuple[float, int, Steps]]:
    """Every part of a unit that goes a way: how much of the unit, and the way, with the flight most of it takes."""
    flown: dict[int, tuple[float, int]] = {}
    for (index, flight), column in flow.flown.items():
        flown[index] = max(flown.get(index, (0.0, -1)), (float(values[column]), flight))
    found = []
    for choice in flow.choices:
        one = crossings[choice.crossing]
        for j in np.flatnonzero(values[choice.columns] > 1e-6):
            part = float(values[choice.columns[j]]) / one.persons
            steps = Steps(choice.road, int(choice.leaves[j]), choice.gate, int(choice.crosses[j]))
            found.append((part, one.units[0], steps._replace(flight=flown.get(choice.crossing, (0.0, -1))[1])))
    return found
