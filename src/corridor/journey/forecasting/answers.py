"""What would one change do? Its paired difference in the few figures that a page shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.forecast.road import NEVER
from corridor.journey.forecasting.edits import Edits
from corridor.journey.forecasting.forecast import (
    STEP_MINUTES,
    Difference,
    Forecast,
    Range,
    difference,
    forecast,
    minutes_gained,
)
from corridor.journey.forecasting.outlook import TWENTY, twentieths

HOME_DAYS = 14
"""How many more are home within so many days is told beside the hours: it is known also where the end is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a change does, future by future, with equal luck.

    `hours_sooner` in twenty of the futures that end within `DAYS` days with and without it, the worst first (empty:
    there are none). Of twenty futures: `sooner`, `later` and `same`; those that end `only_with` and `only_without` it,
    and `neither`, which makes twenty with `both`. `more_home` are persons more home within 14 days, P10, P50, P90.
    """

    edits: Edits
    runs: int
    all_out: Range
    difference: Difference
    hours_sooner: tuple[float, ...]
    sooner: int
    later: int
    both: int
    only_with: int
    only_without: int
    more_home: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A single addition (`KEY=VALUE`) and what it gains: minutes in the mean over futures, what ends later than `DAYS`
    days counted as that late."""

    addition: str
    minutes: float
    answer: Answer


def answer(base: Forecast, edits: Edits) -> Answer:
    """Walk the changed road and compare."""
    return _compared(base, forecast(base.asked, edits))


def ranked(base: Forecast, addition: str, edits: Edits) -> Ranked:
    """What a single addition gains."""
    other = forecast(base.asked, edits)
    return Ranked(addition=addition, minutes=minutes_gained(base, other), answer=_compared(base, other))


def _compared(base: Forecast, other: Forecast) -> Answer:
    before, after = np.maximum(base.last_out_minutes, 0.0), np.maximum(other.last_out_minutes, 0.0)
    ends = before < NEVER, after < NEVER
    both = ends[0] & ends[1]
    hours = (before[both] - after[both]) / 60.0
    step = int(HOME_DAYS * 1440 / STEP_MINUTES)
    more = other.out_persons[:, step] - base.out_persons[:, step]
    low, middle, high = (int(np.quantile(more, level, method="inverted_cdf")) for level in (0.1, 0.5, 0.9))
    return Answer(
        edits=other.edits,
        runs=len(before),
        all_out=other.all_out,
        difference=difference(base, other),
        hours_sooner=tuple(float(one) for one in twentieths(hours)) if len(hours) else (),
        sooner=_of_twenty(after < before - 0.5),
        later=_of_twenty(after > before + 0.5),
        both=_of_twenty(both),
        only_with=_of_twenty(ends[1] & ~ends[0]),
        only_without=_of_twenty(ends[0] & ~ends[1]),
        more_home=(low, middle, high),
    )


def _of_twenty(futures: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    return round(TWENTY * float(futures.mean()))
