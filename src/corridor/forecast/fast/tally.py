"""What do we want to know of one future? `corridor.forecast.tally` again, compiled."""

from __future__ import annotations

import numpy as np

from corridor.forecast.fast.compiled import bare
from corridor.forecast.road import DAY_MINUTES, NEVER


@bare
def _step(time, step_minutes, steps):
    place = time / step_minutes
    if not place < steps + 1:
        return steps + 1
    return max(np.int64(np.ceil(place)), 0)


@bare
def counted(
    ready, began, done, out, size, step_minutes, stays, stay_minutes, last, clear, outs, present, waited, over, left,
    loads, load_minutes,
):  # fmt: skip
    """Count one walk into one replication's rows. last: last out, never. Rows are zeros on entry."""
    stages, everybody = ready.shape
    steps, days = outs.shape[0] - 2, waited.shape[1]
    last[0], last[1] = -NEVER, 0.0
    for i in range(everybody):
        if np.isnan(out[i]):
            continue
        last[0] = max(last[0], out[i])
        if out[i] == NEVER:
            last[1] += size[i]
        outs[_step(out[i], step_minutes, steps)] += size[i]
    for s in range(stages):
        clear[s] = -NEVER
        for i in range(everybody):
            if np.isnan(ready[s, i]):
                continue
            clear[s] = max(clear[s], done[s, i])
            present[s, _step(ready[s, i], step_minutes, steps)] += size[i]
            present[s, _step(done[s, i], step_minutes, steps)] -= size[i]
            if not began[s, i] > ready[s, i]:
                continue
            first = max(np.int64(ready[s, i] / DAY_MINUTES), 0)
            for day in range(first, days):
                begin, end = max(ready[s, i], day * DAY_MINUTES), min(began[s, i], (day + 1) * DAY_MINUTES)
                if end <= begin:
                    break
                waited[s, day] += (end - begin) * size[i] / 60.0
    for i in range(everybody):
        if began[stages - 1, i] < NEVER:
            left[_step(began[stages - 1, i], step_minutes, steps)] += size[i]
    for step in range(1, steps + 2):
        outs[step] += outs[step - 1]
        left[step] += left[step - 1]
        for s in range(stages):
            present[s, step] += present[s, step - 1]
    for number in range(stays.shape[0]):
        for i in range(everybody):
            if began[stays[number, 1], i] - done[stays[number, 0], i] > stay_minutes[number]:
                over[number] += size[i]
    before = -NEVER
    for number in range(loads.shape[0]):
        leaves = NEVER
        for i in range(everybody):
            if began[stages - 1, i] > before:
                leaves = min(leaves, began[stages - 1, i])
        load_minutes[number] = leaves
        if leaves == NEVER:
            continue
        for i in range(everybody):
            if began[stages - 1, i] == leaves:
                loads[number] += size[i]
        before = leaves
