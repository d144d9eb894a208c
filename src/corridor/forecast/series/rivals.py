"""What would somebody forecast without any of this? A Poisson count at the last week's pace, and a log random walk."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from corridor.forecast.draws import NORMAL, looked_up
from corridor.forecast.road import Floats
from corridor.forecast.scores import LEVELS

_NORMALS: Floats = looked_up(NORMAL, LEVELS)
_EXACT_BELOW = 1_000.0
WEEK = 7


def _recent(counts: Mapping[int, int]) -> Sequence[int]:
    return [counts[day] for day in sorted(counts)[-WEEK:]]


def poisson(counts: Mapping[int, int], horizon_days: int) -> Floats:
    """Quantiles of the total if every day were a Poisson count at the mean of the last seven known days."""
    recent = _recent(counts)
    mean = horizon_days * sum(recent) / len(recent)
    if mean == 0:
        return np.zeros(len(LEVELS))
    if mean >= _EXACT_BELOW:  # Wilson and Hilferty 1931
        return np.floor(mean * (1.0 - 1.0 / (9.0 * mean) + _NORMALS / (3.0 * math.sqrt(mean))) ** 3)
    most = int(mean + 10.0 * math.sqrt(mean) + 20)
    numbers = np.arange(1, most)
    logs = np.concatenate([[0.0], np.cumsum(math.log(mean) - np.log(numbers))]) - mean
    reached = np.cumsum(np.exp(logs))
    return np.minimum(np.searchsorted(reached, LEVELS), most - 1).astype(np.float64)


def random_walk(counts: Mapping[int, int], horizon_days: int) -> Floats:
    """Quantiles of the total if the log of the count walked at random from the last known day, by steps as seen."""
    days = sorted(counts)
    logs = {day: math.log1p(counts[day]) for day in days}
    steps = [logs[day] - logs[day - 1] for day in days if day - 1 in logs]
    spread = math.sqrt(sum(step**2 for step in steps) / len(steps)) if steps else 0.0
    one_day: Floats = np.expm1(np.minimum(logs[days[-1]] + _NORMALS * spread * math.sqrt(horizon_days), 60.0))
    return np.maximum(horizon_days * one_day, 0.0)
