"""A number of persons over time as a fan: faint bands over one another, so that it has no edge, and sample paths.

A band with an edge is read as the limit of what can happen, and its growing as growing numbers (Ruginski and others
2016, Padilla and others 2017); faint bands and sample paths are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from corridor.base.moments import DAY_MS, MINUTE_MS, Moment
from corridor.forecast.road import Floats
from corridor.forecast.scores import LEVELS
from corridor.hq.desks.forecast.axes import NumberAxis, Tick, TimeAxis
from corridor.journey.forecasting.forecast import STEP_MINUTES
from corridor.journey.forecasting.outlook import Fan

HIGH = 200
POINTS_MOST = 60
"""Points of one line: more cannot be told apart on a screen, and each costs a dozen bytes of the page."""
STEP_MS = int(STEP_MINUTES * MINUTE_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFan:
    """A fan, ready to be drawn: paths of what stretches, and places of words. `line` is a number to compare with, `was`
    the path of what has been; '' where there is none."""

    bands: tuple[str, ...]
    paths: tuple[str, ...]
    was: str
    days: tuple[Tick, ...]
    numbers: tuple[Tick, ...]
    now: str
    line: str
    line_number: int
    high: int = HIGH


def draw_fan(
    fan: Fan,
    *,
    at: Moment,
    days: int,
    zone: str,
    mirrored: bool,
    was: Sequence[int] = (),
    line: int | None = None,
) -> DrawnFan:
    """The fan of the next `days`; `was` are numbers at steps before `at`, the last at `at`, to which it adds."""
    steps = min(days * DAY_MS // STEP_MS + 1, fan.quantiles.shape[1])
    base = float(was[-1]) if was else 0.0
    kept = np.unique(np.linspace(0, steps - 1, min(steps, POINTS_MOST)).astype(np.int64))
    quantiles, paths = fan.quantiles[:, kept] + base, fan.paths[:, kept] + base
    # What is reached in one future of twenty at most does not flatten all the rest.
    most = int(max(quantiles[-3].max(), line or 0, base, 4.0) * 1.05) + 1
    first = Moment(at - max(len(was) - 1, 0) * STEP_MS)
    across = TimeAxis(first=first, last=Moment(at + (steps - 1) * STEP_MS), mirrored=mirrored)
    up = NumberAxis(most=most, high=HIGH)
    times = [at + int(step) * STEP_MS for step in kept]

    def drawn(moments: Iterable[float], row: Iterable[float]) -> str:
        return "L".join(f"{across.wide(m):.0f} {up.up(v):.1f}" for m, v in zip(moments, row, strict=True))

    bands = []
    for place in range(len(LEVELS) // 2):
        low, high = quantiles[place], quantiles[len(LEVELS) - 1 - place]
        bands.append(f"M{drawn(times, high)}L{drawn(reversed(times), reversed(low.tolist()))}Z")
    before = [first + number * STEP_MS for number in range(len(was))]
    return DrawnFan(
        bands=tuple(bands),
        paths=tuple(f"M{drawn(times, row)}" for row in paths),
        was=f"M{drawn(before, was)}" if len(was) > 1 else "",
        days=across.days(zone),
        numbers=up.numbers(),
        now=across.percent(at),
        line="" if line is None else f"{up.up(line):.1f}",
        line_number=line or 0,
    )


def at_day(fan: Fan, days: float, base: int = 0) -> tuple[int, int, int]:
    """P10, P50 and P90 so many days ahead."""
    step = min(round(days * DAY_MS / STEP_MS), fan.quantiles.shape[1] - 1)
    low, middle, high = (int(_at_level(fan.quantiles, level)[step]) + base for level in (0.1, 0.5, 0.9))
    return low, middle, high


def _at_level(quantiles: Floats, level: float) -> Floats:
    row: Floats = quantiles[int(np.flatnonzero(np.isclose(LEVELS, level))[0])]
    return row
