"""Does somebody else's engine, given the same draws, bring everybody out at the same minute?"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from tests.forecast.roads import a_road, the_road

from bench import simpy_road
from corridor.forecast import draws, events, recursion

ROADS = 250


def test_simpy_brings_everybody_out_at_the_same_minute() -> None:
    """On 250 random roads every party's way out agrees with SimPy's to 1e-9 minutes, and so does who never gets out."""
    out = 0
    for seed in range(ROADS):
        road = a_road(random.Random(seed), blocking=False, ties=False)
        road = replace(road, parties=replace(road.parties, ready=np.maximum(road.parties.ready, 0.0)))
        inputs = draws.draw(road, seed, 0)
        ours, theirs = recursion.walk(road, inputs).out, simpy_road.outs(road, inputs)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)
        out += int(np.isfinite(ours).sum())
    assert out > 10 * ROADS, "the roads are walked by somebody"


@pytest.mark.parametrize("beds", [None, 100])
def test_simpy_agrees_where_beds_block(beds: int | None) -> None:
    """On the whole road with a full hotel both engines block the same families; more beds let them go sooner."""
    road = the_road(300, beds=beds, planes_a_day=2)
    inputs = draws.draw(road, 1, 0)
    ours = events.walk(road, inputs).out
    np.testing.assert_allclose(ours, simpy_road.outs(road, inputs), rtol=0, atol=1e-9)
    free = events.walk(the_road(300, planes_a_day=2), inputs).out
    assert (np.nansum(ours) > np.nansum(free)) == (beds is not None)
