"""What may part of a convoy load? Who comes with it crosses and waits within that part of the gate only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.plan.solve.frame import Floats, Frame

if TYPE_CHECKING:
    from corridor.plan.solve.flows.flow import Flow


def put_loads(frame: Frame, flow: Flow) -> None:
    """Who came with a convoy crosses in a slot in no greater number than the gate lets through, times how much of the
    convoy there is; nor do more of them wait before it than may.

    A convoy comes all at once, and there is room before the gate for few. An eighth of it every hour would never fill
    that room: eight times as many would cross for one escort.
    """
    program, k = flow.program, frame.slots
    for road, convoy in flow.convoy.items():
        mine = [choice for choice in flow.choices if choice.road == road]
        if not mine:
            continue
        leaves, crosses, columns = (
            np.concatenate([getattr(choice, name) for choice in mine]) for name in ("leaves", "crosses", "columns")
        )
        gate, minutes = mine[0].gate, frame.roads[road].leg.minutes
        pairs, at = np.unique(leaves * k + crosses, return_inverse=True)
        rows = program.add_rows(len(pairs), upper=0.0)
        program.put(rows[at], columns, 1.0)
        program.put(rows, convoy[pairs // k], -frame.posts[gate].through[pairs % k].astype(float))
        flow.crossed[road] = pairs // k, pairs % k, rows
        most = frame.problem.gates[gate].holding_persons_max
        waits = leaves * frame.slot + minutes < crosses * frame.slot
        if most is not None:
            slots, at = np.unique(leaves[waits], return_inverse=True)
            rows = program.add_rows(len(slots), upper=0.0)
            program.put(rows[at], columns[waits], 1.0)
            program.put(rows, convoy[slots], -float(most))
            flow.waited[road] = slots, rows


def paid_to_escorts(frame: Frame, flow: Flow, row_prices: Floats) -> float:
    """What the escorts of convoys are worth in an answer of a flow, in points: nothing where they are ample."""
    pools = sorted({pool for road in flow.convoy for pool, _ in frame.roads[road].pools})
    if not pools:
        return 0.0
    prices = np.maximum(0.0, -row_prices[flow.pool_rows[pools]])
    return float((prices * frame.pool_left[pools]).sum())
