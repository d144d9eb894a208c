"""What do the cheapest paths cost, place by place, so that many people need not be priced all at once?

Groups at one place share their roads and gates and nothing of the arrays of other places: priced one place after the
other, a large problem needs a part of the memory, and looks behind no gate that its people cannot reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from corridor.plan.solve.frame import Floats, Frame, Ints
from corridor.plan.solve.prices.charging import Charges
from corridor.plan.solve.prices.groups import Groups
from corridor.plan.solve.prices.master import Master
from corridor.plan.solve.prices.paths import NO_COSTS, Priced, Pricing
from corridor.plan.solve.worth import Worth

AT_A_TIME = 2500
"""So many groups are priced together at most, of several places."""


def priced_at_places(
    frame: Frame, worth: Worth, groups: Groups, made: Master, prices: Floats, charges: Charges, of: Iterable[int]
) -> list[Priced]:
    """The least points a head of these groups, without what each crossing costs."""
    by: dict[str, list[int]] = defaultdict(list)
    for g in of:
        by[groups.kinds[groups.groups[g].kind].place].append(g)
    found: list[Priced] = []
    for those in _together(by.values()):
        here = np.array(those, dtype=np.int64)
        part = replace(groups, groups=tuple(replace(groups.groups[g], index=i) for i, g in enumerate(those)))
        found += [_of_all(one, here) for one in Pricing(frame, worth, part, made, prices, charges).run()]
    return found


def _together(by: Iterable[list[int]]) -> list[list[int]]:
    """Places with few groups are priced together: what is behind a gate is then looked at once for all of them."""
    found: list[list[int]] = []
    for those in by:
        if found and len(found[-1]) + len(those) <= AT_A_TIME:
            found[-1] = found[-1] + those
        else:
            found.append(those)
    return found


def _of_all(one: Priced, here: Ints) -> Priced:
    return Priced(groups=here[one.groups], least=one.least, gates=one.gates, costs=NO_COSTS)
