"""What is believed about a daily count, and what follows for the days to come?

On the log scale: a level that drifts from day to day, and each day's own effect about it (Harrison and West's local
level with discounting, variance unknown: everything closed form). How fast the level drifts is not known either: a
grid of discounts is weighted by how well each foresaw the days so far. Days without anybody are a chance of their own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from corridor.forecast.draws import NORMAL, looked_up, uniforms
from corridor.forecast.road import Floats

DISCOUNTS: Floats = np.array([0.3, 0.5, 0.7, 0.85, 0.95])
"""How much of what is known about the level outlives a day; 0.3 is nearly a random walk."""
VARIANCE_KEEPS = 0.97
"""How much of what is known about the day effect's variance outlives a day: a half-life of three weeks."""
WEIGHT_KEEPS = 0.97
PRIOR_DAYS = 4.0
PRIOR_SIGMA = 0.35
"""The day effect's spread before anything is seen: daily productivity in past operations."""
ZERO_PRIOR = (0.25, 10.0)
"""Beta prior of a day without anybody: pseudo-days without, pseudo-days with."""
ZERO_KEEPS = 0.95
PATHS = 512


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What is believed after some day, for each discount (shape (5,)): the level's `mean` and `spread` (variance), the
    day effect's variance `noise` worth `days` of evidence, the discount's log `weight`. `zeros`, `others` are the
    Beta's counts of days without anybody and with. `begun`: a day with somebody was seen."""

    mean: Floats
    spread: Floats
    noise: Floats
    days: Floats
    weight: Floats
    zeros: float
    others: float
    begun: bool


def at_first() -> State:
    """What is believed before anything is seen."""
    grid = len(DISCOUNTS)
    return State(
        mean=np.zeros(grid),
        spread=np.zeros(grid),
        noise=np.full(grid, PRIOR_SIGMA**2),
        days=np.full(grid, PRIOR_DAYS),
        weight=np.zeros(grid),
        zeros=ZERO_PRIOR[0],
        others=ZERO_PRIOR[1],
        begun=False,
    )


def after(state: State, count: int | None) -> State:
    """What is believed a day later. `count` None: the day's figure is not known."""
    spread = state.spread / DISCOUNTS if state.begun else state.spread
    if count is None:
        return State(state.mean, spread, state.noise, state.days, state.weight, state.zeros, state.others, state.begun)
    zeros = ZERO_PRIOR[0] + ZERO_KEEPS * (state.zeros - ZERO_PRIOR[0]) + (count == 0)
    others = ZERO_PRIOR[1] + ZERO_KEEPS * (state.others - ZERO_PRIOR[1]) + (count > 0)
    if count == 0:
        return State(state.mean, spread, state.noise, state.days, state.weight, zeros, others, state.begun)
    x = math.log(count)
    if not state.begun:
        return State(
            np.full_like(state.mean, x), 4.0 * state.noise, state.noise, state.days, state.weight, zeros, others, True
        )
    foreseen = spread + state.noise
    missed = x - state.mean
    gain = spread / foreseen
    days = VARIANCE_KEEPS * state.days + 1.0
    noise = state.noise * (VARIANCE_KEEPS * state.days + missed**2 / foreseen) / days
    weight = WEIGHT_KEEPS * state.weight + _student(missed, foreseen, state.days)
    return State(state.mean + gain * missed, gain * noise, noise, days, weight - weight.max(), zeros, others, True)


def _student(missed: Floats, variance: Floats, days: Floats) -> Floats:
    """Log density of Student's law, without what all discounts share."""
    return -0.5 * np.log(variance) - 0.5 * (days + 1.0) * np.log1p(missed**2 / (days * variance))


def totals(state: State, ahead: int, days: int, seed: int) -> Floats:
    """Totals of 1, 2, ... `days` days that begin `ahead` days after the state's day: shape (PATHS, days).

    `ahead` 1: the next day. Equal for equal arguments.
    """
    assert ahead >= 1
    span = ahead - 1 + days
    draws = _normals(seed, (2 * span + 2) * PATHS).reshape(2 * span + 2, PATHS)
    chance = np.exp(state.weight)
    edges = np.cumsum(chance / chance.sum())
    which = np.minimum(np.searchsorted(edges, (np.arange(PATHS) + 0.5) / PATHS), len(DISCOUNTS) - 1)
    degrees = state.days[which]
    # Wilson and Hilferty's chi-square: the variance is drawn once for a path, which makes its days Student's.
    chi = np.maximum(1.0 - 2.0 / (9.0 * degrees) + draws[0] * np.sqrt(2.0 / (9.0 * degrees)), 0.05) ** 3
    noise, spread = state.noise[which] / chi, state.spread[which] / chi
    drift = np.sqrt(spread * (1.0 / DISCOUNTS[which] - 1.0))
    level = state.mean[which] + np.sqrt(spread) * draws[1]
    zero = state.zeros / (state.zeros + state.others)
    counts = np.empty((PATHS, days))
    for step in range(span):
        level = level + drift * draws[2 + 2 * step]
        if step >= ahead - 1:
            effect = draws[3 + 2 * step]
            there = uniforms(seed ^ 0x5EED, np.arange(step * PATHS, (step + 1) * PATHS, dtype=np.uint64)) >= zero
            counts[:, step - ahead + 1] = np.exp(np.clip(level + np.sqrt(noise) * effect, -5.0, 40.0)) * there
    return np.cumsum(np.floor(counts + 0.5), axis=1)


def _normals(seed: int, count: int) -> Floats:
    return looked_up(NORMAL, uniforms(seed, np.arange(count, dtype=np.uint64)))


class Believer:
    """Beliefs after each day of a series that may be revised; only what follows a changed figure is worked out anew."""

    def __init__(self) -> None:
        self._read: list[int | None] = []
        self._states = [at_first()]

    def after(self, counts: Mapping[int, int], first: int, last: int) -> State:
        """What is believed after day `last` of these counts, which begin at day `first`."""
        wanted = [counts.get(day) for day in range(first, last + 1)]
        same = 0
        while same < min(len(wanted), len(self._read)) and wanted[same] == self._read[same]:
            same += 1
        del self._read[same:], self._states[same + 1 :]
        for count in wanted[same:]:
            self._states.append(after(self._states[-1], count))
            self._read.append(count)
        return self._states[-1]
