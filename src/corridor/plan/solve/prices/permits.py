"""What does the cheapest way on cost that leaves before a permit has run out?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.plan.solve.frame import Floats, Ints
from corridor.plan.solve.prices.groups import Kind

if TYPE_CHECKING:
    from corridor.plan.solve.prices.paths import Pricing


def in_time(
    pricing: Pricing,
    groups: Ints,
    kind: Kind,
    gate: int,
    staging: int,
    permit: int,
    at: Ints,
    arrives: Ints,
    bed: Floats,
    kept: Floats,
) -> None:
    """Better `kept`, by group and slot of crossing, by the ways through a staging place that leave within so many
    minutes of crossing.

    `arrives` are the minutes in which staging is reached, `at` by slot of crossing the first of them, `bed` what a bed
    costs up to each.
    """
    frame = pricing.frame
    lag = pricing.lag(kind, staging)
    if lag is None:
        return
    slots = np.flatnonzero(frame.posts[gate].through > 0)
    slots = slots[at[slots] < len(arrives)]
    latest, ready = pricing.latest[staging], pricing.ready[staging]
    if not any(kind.services) and bool((np.diff(latest) >= 0).all()):
        # Without visits the last way to staging that is in time is the cheapest, whenever they crossed.
        last = np.searchsorted(arrives, ready - lag, side="right") - 1
        flown = np.where(last >= 0, pricing.flown[staging][groups, :-1] - bed[np.maximum(last, 0)], np.inf)
        first = np.searchsorted(ready, arrives[at[slots]] + lag)
        until = np.searchsorted(latest, slots * frame.slot + permit, side="right")
        kept[:, slots] = np.minimum(kept[:, slots], least_within(flown, first, until))
        return
    for c in slots:
        before = int(c) * frame.slot + permit
        end = int(np.searchsorted(arrives + lag, before, side="right"))
        if end <= at[c]:
            continue
        span = slice(int(at[c]), end)
        found = pricing.from_staging(groups, kind, staging, arrives[span], before) - bed[span][None, :]
        kept[:, c] = np.minimum(kept[:, c], found.min(axis=1))


def least_within(values: Floats, first: Ints, until: Ints) -> Floats:
    """By row and span of columns (from, past the last) the least value in it; infinite where a span is empty."""
    found = np.full((len(values), len(first)), np.inf)
    width, table, step = until - first, values, 1
    while True:
        # `table` has the least of `step` columns from each one on: two of them cover any span up to twice as wide.
        these = np.flatnonzero((width >= step) & (width < 2 * step))
        if these.size:
            found[:, these] = np.minimum(table[:, first[these]], table[:, until[these] - step])
        if not (width >= 2 * step).any():
            return found
        table = np.minimum(table[:, :-step], table[:, step:])
        step *= 2
