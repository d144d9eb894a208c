"""Beliefs are conjugate: they agree with their closed forms, and learn what is shown to them."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest

from corridor.forecast.beliefs.laws import Hazard, Pace, Share, weight
from corridor.forecast.beliefs.priors import ByHand, names, shipped, with_hands


def test_share_has_the_betas_moments() -> None:
    """Mean and spread of the part are those of the beta law."""
    law = Share(cases=1, others=9).after(12, 18).part()
    assert law.mean == pytest.approx(13 / 40, abs=0.005)
    assert float(law.quantiles.std()) == pytest.approx(math.sqrt(13 * 27 / (40**2 * 41)), rel=0.05)


def test_hazard_has_the_gammas_moments() -> None:
    """Mean and spread of the rate are those of the gamma law; waiting without a case lowers it."""
    seen = Hazard(cases=1, days=2).after([1.0] * 7, [1.0] * 14)
    law = seen.rate()
    assert law.mean == pytest.approx(0.5, rel=0.01)
    assert float(law.quantiles.std()) == pytest.approx(math.sqrt(8) / 16, rel=0.05)
    longer = seen.after([], [1.0] * 10).rate()
    assert np.all(longer.quantiles < law.quantiles)


def test_pace_has_students_quantiles() -> None:
    """The law of the mean is Student's: at 10 degrees its P90 lies 1.372 scaled errors above the middle."""
    belief = Pace(mean=2.0, worth=4.0, sigma=0.5, sigma_worth=10.0)
    law = belief.log_mean()
    assert float(np.interp(0.9, (np.arange(1024) + 0.5) / 1024, law.quantiles)) == pytest.approx(
        2.0 + 1.372 * 0.5 / 2.0, abs=0.02
    )
    assert float(np.median(law.quantiles)) == pytest.approx(2.0, abs=0.01)


def test_pace_learns_mean_and_spread() -> None:
    """From 200 days it finds the mean and the spread of single days; what was long ago counts for nothing."""
    rng = Random(2)
    prior = Pace(mean=0.0, worth=1.0, sigma=0.6, sigma_worth=4.0)
    days = [(rng.gauss(1.5, 0.3), 1.0) for _ in range(200)]
    belief = prior.after(days)
    assert belief.mean == pytest.approx(1.5, abs=0.06)
    assert belief.sigma == pytest.approx(0.3, abs=0.05)
    assert belief.seen == 200
    assert prior.after([(99.0, 0.0)]) == prior
    assert weight(14, 7) == 0.25


def test_a_range_of_a_new_day_is_wider_than_of_the_mean() -> None:
    """Tomorrow is less certain than the mean, however much was seen."""
    belief = Pace(mean=0.0, worth=1.0, sigma=0.6, sigma_worth=4.0).after([(0.1 * (n % 5), 1.0) for n in range(100)])
    day, mean = np.log(belief.one().quantiles), belief.log_mean().quantiles
    assert day[921] - day[102] > 5 * (mean[921] - mean[102])


def test_priors_by_hand() -> None:
    """A prior set by hand replaces the shipped one, and only it."""
    set_so = with_hands((ByHand(belief="flights.cases", value=3.0, why="a second aircraft"),))
    assert set_so["flights"]["cases"] == 3.0
    assert set_so["flights"]["days"] == shipped()["flights"]["days"]
    assert "gate_pace.mean" in names()
