"""Which crossings and convoys can still be in a plan better than the best? All others cost too much at the prices.

At the prices of the bound every path costs its group so much more than its cheapest one. Where that alone is more than
lies between the bound and the best plan, no better plan has the path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.plan.solve.frame import Flags, Floats
from corridor.plan.solve.prices.groups import Group, gates_of
from corridor.plan.solve.prices.lower import Raising
from corridor.plan.solve.prices.paths import Priced, Pricing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """By how much the bound rises, were it so: a party (index) leaves on a road in a slot and crosses in a slot; a
    convoy leaves on a road in a slot."""

    crossings: dict[tuple[int, int], Floats]
    convoys: dict[int, Floats]

    def left(self, party: int, road: int, within: float) -> Flags:
        """By slot of leaving and of crossing whether a plan no more than `within` above the bound could have it."""
        rise = self.crossings[party, road]
        if road in self.convoys:
            rise = rise + self.convoys[road][:, None]
        found: Flags = rise <= within
        return found


def ruled(raising: Raising) -> Ruling:
    """What the prices of the bound say of every crossing of parties that stand at an origin."""
    lower = raising.lower
    pricing = raising.pricing(lower.prices, lower.cuts)
    found = pricing.run()
    least = raising.least(found)
    crossings: dict[tuple[int, int], Floats] = {}
    for part in found:
        for at, g in enumerate(part.groups):
            group = lower.groups.groups[int(g)]
            if lower.groups.kinds[group.kind].stage == 0:
                _of_group(raising, pricing, part, at, group, float(least[group.choice]), crossings)
    convoys = lower.made.dearer(lower.prices, raising.cuts.earned(lower.cuts))
    return Ruling(crossings=crossings, convoys=convoys)


def _of_group(
    raising: Raising,
    pricing: Pricing,
    part: Priced,
    at: int,
    group: Group,
    least: float,
    crossings: dict[tuple[int, int], Floats],
) -> None:
    """Lower what is known of the parties of a group to what its paths cost."""
    frame, units = pricing.frame, pricing.groups.units
    kind, groups = pricing.groups.kinds[group.kind], np.array([group.index])
    several = len(group.units) > 1
    for gate in gates_of(frame, kind):
        onward = pricing.onward_from(groups, kind, gate)[0]
        for road in frame.approaches[kind.place]:
            if frame.gate_of[str(road.leg.target)] != gate:
                continue
            leaves, points = pricing.left(groups, kind, road)
            also, _ = pricing.surcharge(road)
            cost = np.full((frame.slots, frame.slots), np.inf)
            for j, slot in enumerate(leaves):
                first = -(-(int(slot) * frame.slot + road.leg.minutes) // frame.slot)
                heads = pricing.over[group.index, 0]
                cost[slot, first:] = points[0, j] + heads * also[slot, first:] + onward[first:]
            for u in group.units:
                persons = units[u].persons
                # Of several alike one takes the path, the others their cheapest.
                rise = (
                    persons * (cost - part.least[at])
                    if several
                    else persons * cost + raising.besides[group.index] - least
                )
                for member in (*units[u].members, *group.cross):
                    had = crossings.get((member, road.index))
                    crossings[member, road.index] = rise if had is None else np.minimum(had, rise)
