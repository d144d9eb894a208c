"""How good was a forecast, now that it is known what happened? Coverage, CRPS, WIS and PIT of quantiles.

All take a forecast as its quantiles at `LEVELS` (23 levels, those of the forecast hubs) and what happened, in the same
units, and answer in those units. Lower is better for CRPS and WIS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor.forecast.road import Floats

LEVELS: Floats = np.array([0.01, 0.025, *(k / 20 for k in range(1, 20)), 0.975, 0.99])
P10, P50, P90 = 3, 11, 19  # places of these levels in `LEVELS`, held by a test
NOMINAL = 0.8
"""What P10 to P90 promise to cover."""
ENOUGH = 20
"""Matured forecasts below which a coverage says nothing: its standard error is 9 points at 20."""
WITHDRAWN_BELOW = 0.6
"""Coverage of the last `ENOUGH` matured forecasts below which the range is withdrawn."""
NOT_CALIBRATED = "not calibrated here"


def pinball(quantiles: Floats, happened: float) -> Floats:
    """The loss of each quantile (Koenker and Bassett 1978)."""
    gap = happened - quantiles
    loss: Floats = np.maximum(LEVELS * gap, (LEVELS - 1.0) * gap)
    return loss


def wis(quantiles: Floats, happened: float) -> float:
    """Weighted interval score (Bracher and others 2021): twice the mean pinball loss over the levels."""
    return float(2.0 * pinball(quantiles, happened).mean())


def crps(quantiles: Floats, happened: float) -> float:
    """Continuous ranked probability score: twice the pinball loss integrated over all levels by the trapezium rule.

    The tails beyond the first and last level take the loss of the nearest one.
    """
    losses, edges = pinball(quantiles, happened), np.concatenate([[0.0], LEVELS, [1.0]])
    padded = np.concatenate([losses[:1], losses, losses[-1:]])
    return float(2.0 * np.sum(np.diff(edges) * (padded[1:] + padded[:-1]) / 2.0))


def pit(quantiles: Floats, happened: float) -> float:
    """The level at which what happened lies (probability integral transform), by straight lines; where many levels
    have the same value, the middle of them."""
    low = np.interp(happened, quantiles, LEVELS, left=0.0, right=1.0)
    same = np.flatnonzero(quantiles == happened)
    return float(low) if len(same) < 2 else float((LEVELS[same[0]] + LEVELS[same[-1]]) / 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One matured forecast: whether P10 to P90 held it, its level, and its losses in units of the thing forecast."""

    covered: bool
    pit: float
    crps: float
    wis: float


def score(quantiles: Floats, happened: float) -> Score:
    """The scores of one forecast."""
    return Score(
        covered=bool(quantiles[P10] <= happened <= quantiles[P90]),
        pit=pit(quantiles, happened),
        crps=crps(quantiles, happened),
        wis=wis(quantiles, happened),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The score card of forecasts that have matured. None: none has.

    `pit_counts` are how many levels fell into each tenth. `recent` is the coverage of the last `ENOUGH`; `judged`
    whether there are that many; `withdrawn` whether the range is not to be shown.
    """

    matured: int
    covered: float | None
    recent: float | None
    crps: float | None
    wis: float | None
    pit_counts: tuple[int, ...]
    judged: bool
    withdrawn: bool


def card(scores: Sequence[Score]) -> Card:
    """The score card of these, in the order in which they matured."""
    if not scores:
        return Card(
            matured=0,
            covered=None,
            recent=None,
            crps=None,
            wis=None,
            pit_counts=(0,) * 10,
            judged=False,
            withdrawn=False,
        )
    last = scores[-ENOUGH:]
    recent = sum(one.covered for one in last) / len(last)
    judged = len(scores) >= ENOUGH
    tenths = [min(int(one.pit * 10), 9) for one in scores]
    return Card(
        matured=len(scores),
        covered=sum(one.covered for one in scores) / len(scores),
        recent=recent,
        crps=float(np.mean([one.crps for one in scores])),
        wis=float(np.mean([one.wis for one in scores])),
        pit_counts=tuple(tenths.count(tenth) for tenth in range(10)),
        judged=judged,
        withdrawn=judged and recent < WITHDRAWN_BELOW,
    )
