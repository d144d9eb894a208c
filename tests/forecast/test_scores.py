"""Scores agree with what they are defined by."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from corridor.forecast import scores
from corridor.forecast.scores import LEVELS, P10, P50, P90, card, crps, pit, score, wis

NORMAL = np.array([NormalDist().inv_cdf(float(level)) for level in LEVELS])


def test_places_of_levels() -> None:
    """P10, P50 and P90 stand where their names say, among 23 levels in order."""
    assert [LEVELS[P10], LEVELS[P50], LEVELS[P90]] == pytest.approx([0.1, 0.5, 0.9])
    assert len(LEVELS) == 23
    assert np.all(np.diff(LEVELS) > 0)


@pytest.mark.parametrize("happened", [-1.7, 0.0, 0.4, 2.2])
def test_crps_of_a_normal_law(happened: float) -> None:
    """CRPS of 23 quantiles is within 3 percent of the closed form of the standard normal law (Gneiting 2005)."""
    law = NormalDist()
    exact = happened * (2 * law.cdf(happened) - 1) + 2 * law.pdf(happened) - 1 / np.sqrt(np.pi)
    assert crps(NORMAL, happened) == pytest.approx(exact, rel=0.03, abs=0.004)


def test_wis_is_the_weighted_intervals() -> None:
    """WIS equals its definition by intervals: width and misses, weighted, beside the median's error."""
    happened = 2.9
    total = 0.5 * abs(happened - NORMAL[P50])
    for k in range(11):
        low, high, alpha = NORMAL[k], NORMAL[-1 - k], 2 * LEVELS[k]
        total += alpha / 2 * ((high - low) + 2 / alpha * max(low - happened, 0, happened - high))
    assert wis(NORMAL, happened) == pytest.approx(total / 11.5)


def test_pit_is_the_level() -> None:
    """What happened at a quantile has its level; outside all it has 0 or 1; on a step it has the middle."""
    assert pit(NORMAL, NORMAL[P90]) == pytest.approx(0.9)
    assert (pit(NORMAL, -9), pit(NORMAL, 9)) == (0, 1)
    assert pit(np.zeros(len(LEVELS)), 0) == pytest.approx(0.5)


def test_card_withdraws() -> None:
    """Under 20 matured forecasts nothing is judged; from 20 on a coverage under 60 percent withdraws the range."""
    hit = score(NORMAL, 0.0)
    miss = replace(hit, covered=False)
    few = card([miss] * 19)
    assert (few.judged, few.withdrawn) == (False, False)
    many = card([hit] * 30 + [miss] * 9 + [hit] * 11)
    assert (many.recent, many.withdrawn) == (0.55, True)
    assert not card([hit] * 5 + [miss] * 8 + [hit] * 12).withdrawn
    assert card([]).covered is None
    assert scores.NOT_CALIBRATED == "not calibrated here"
