"""How must a range be moved and stretched, going by how earlier ones did? Recalibration while forecasts mature.

Two corrections, both from forecasts that have matured by now, in units of each forecast's own spread:

* the levels of what happened, newest weighing most, are put beside the forecast's own quantiles, which count as
  `OWN` observations (conformal prediction with weights, and a prior that keeps short records sober);
* the level that is asked for moves by `STEP` whenever a range has missed (adaptive conformal inference, Gibbs and
  Candes 2021), which brings the long-run coverage to what is promised, whatever the world does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from corridor.forecast.road import Floats
from corridor.forecast.scores import LEVELS, P10, P50, P90

OWN = 10.0
"""What the forecast's own quantiles count for, in matured forecasts."""
KEEPS = 0.97
"""How much a matured forecast weighs when one more has matured after it: a half-life of 23."""
STEP = 0.03
_LEAST = 1e-3
_EDGES = np.concatenate([[0.0], (LEVELS[1:] + LEVELS[:-1]) / 2.0, [1.0]])
_WEIGHTS = np.diff(_EDGES)


@dataclass(frozen=True, slots=True, eq=False)
class Matured:
    """A forecast's own quantiles at `LEVELS`, what happened, in the same units, and how many days ago it matured."""

    quantiles: Floats
    happened: float
    age_days: float


def _sides(quantiles: Floats) -> tuple[float, float]:
    """How far P10 lies below and P90 above the median: the units in which misses are compared."""
    middle = float(quantiles[P50])
    return max(middle - float(quantiles[P10]), _LEAST), max(float(quantiles[P90]) - middle, _LEAST)


def missed(quantiles: Floats, happened: float) -> float:
    """By how many of the forecast's own half-ranges what happened lies above its median (negative: below)."""
    below, above = _sides(quantiles)
    gap = happened - float(quantiles[P50])
    return gap / (above if gap > 0 else below)


@dataclass(slots=True)
class Tracker:
    """The levels to ask for so that P10 and P90 hold what they promise; it learns from each range issued."""

    low: float = 0.1
    high: float = 0.9
    _issued: dict[int, tuple[float, float]] = field(default_factory=dict)

    def issued(self, day: int, quantiles: Floats) -> None:
        """A range was issued."""
        self._issued[day] = (float(quantiles[P10]), float(quantiles[P90]))

    def matured(self, day: int, happened: float) -> None:
        """What the range of that day should have held; said once, later figures change nothing."""
        span = self._issued.pop(day, None)
        if span is not None:
            self.low = min(max(self.low + STEP * (0.1 - (happened < span[0])), 0.005), 0.4)
            self.high = min(max(self.high + STEP * ((happened > span[1]) - 0.1), 0.6), 0.995)


def recalibrated(quantiles: Floats, past: Sequence[Matured], low: float = 0.1, high: float = 0.9) -> Floats:
    """The quantiles at `LEVELS`, moved and stretched by how the past ones did; `low`, `high`: a tracker's levels."""
    below, above = _sides(quantiles)
    middle = float(quantiles[P50])
    own = (quantiles - middle) / np.where(quantiles > middle, above, below)
    misses = np.concatenate([own, [missed(one.quantiles, one.happened) for one in past]])
    weights = np.concatenate([_WEIGHTS * OWN, [KEEPS**one.age_days for one in past]])
    order = np.argsort(misses, kind="stable")
    misses, weights = misses[order], weights[order]
    reached = (np.cumsum(weights) - weights / 2.0) / weights.sum()
    asked = np.interp(LEVELS, [0.0, 0.1, 0.5, 0.9, 1.0], [0.0, low, 0.5, high, 1.0])
    found = np.interp(asked, reached, misses)
    moved = middle + found * np.where(found > 0, above, below)
    result: Floats = np.maximum.accumulate(moved)
    return result
