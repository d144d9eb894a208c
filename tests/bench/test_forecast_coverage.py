"""The bench of coverage tells good forecasters from bad ones."""

from __future__ import annotations

from random import Random

import numpy as np
from bench.forecast_coverage import FORECASTERS, log_speeds, measure


def test_day_effects_cover_more_than_their_absence() -> None:
    """On a few operations the ranges with day effects cover more than those without, and all beat the spreadsheet."""
    days = (2,)
    found = measure("slumps", 16, 20, days, "pure")
    assert set(found) == set(FORECASTERS)
    by_name = {name: found[name][2] for name in FORECASTERS}
    assert by_name["day effects"]["n"] == 16
    assert by_name["day effects"]["coverage"] > by_name["static"]["coverage"]
    assert by_name["recalibrated"]["crps_hours"] < 0.8 * by_name["spreadsheet"]["crps_hours"]


def test_worlds_go_as_they_say() -> None:
    """Independent days do not follow one another, slumps do, and shifts fall for good in some operations."""

    def following(world: str) -> float:
        rows = [np.array(log_speeds(world, Random(seed))) for seed in range(60)]
        return float(np.mean([np.corrcoef(row[:-1], row[1:])[0, 1] for row in rows]))

    assert abs(following("iid")) < 0.1
    assert following("slumps") > 0.5
    falls = [np.mean(row[:2]) - np.mean(row[10:]) for seed in range(60) if (row := log_speeds("shifts", Random(seed)))]
    assert 5 <= sum(fall > 0.45 for fall in falls) <= 40
