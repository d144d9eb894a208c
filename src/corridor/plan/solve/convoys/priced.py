"""What is a crossing worth in what follows it, at the prices of the bound? Seats that others want cost more."""

from __future__ import annotations

import numpy as np

from corridor.plan.solve.frame import Floats, Frame
from corridor.plan.solve.prices.groups import gates_of
from corridor.plan.solve.prices.lower import Raising
from corridor.plan.solve.worth import Worth


def behind_at_prices(raising: Raising, frame: Frame, worth: Worth) -> Floats:
    """By unit of `frame` and slot of crossing: points from the crossing on, with flights, beds, desks and permits, at
    the best prices of the bound so far; nothing for who does not stand at an origin.

    Where several gates are reached it is the least of them.
    """
    lower = raising.lower
    pricing = raising.pricing(lower.prices, lower.cuts)
    pricing.prepare()
    hours = np.arange(frame.slots) * frame.slot / 60
    found = np.full((len(frame.units), frame.slots), np.inf)
    for group in lower.groups.groups:
        kind = lower.groups.kinds[group.kind]
        if kind.stage != 0:
            continue
        rears = [pricing.rear[gate, kind.services, kind.permit_minutes] for gate in gates_of(frame, kind)]
        if not rears:
            continue
        least = np.min([rear[pricing.turn[group.index]] for rear in rears], axis=0)
        for u in {frame.unit_of[member] for unit in group.units for member in lower.groups.units[unit].members}:
            unit = frame.units[u]
            points = least * unit.persons - worth.points["staging_person_hours"] * unit.weighted * hours
            found[u] = np.minimum(found[u], points)
    # Who may not stay behind and crosses too late to go on is no better off than at the worst other time.
    never = np.isinf(found)
    found[never] = 0.0
    return np.where(never, found.max(axis=1, keepdims=True), found)
