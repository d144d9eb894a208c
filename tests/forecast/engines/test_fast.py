"""Does the compiled engine walk and count what the specification does?"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.forecast.roads import a_road, the_road

from corridor.forecast import draws, engine, events, recursion
from corridor.forecast.fast import walks
from corridor.forecast.road import Demand, Departure, Parties, Road, Timetable, constant
from corridor.forecast.tally import Grid, Stay

SEEDS = st.integers(0, 2**32)
COUNTS = (
    "last_out", "never", "clear", "out_persons", "present", "over", "left_persons", "loads", "load_minutes",
)  # fmt: skip
SUPPRESSED = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)  # the engine is compiled once for all
shared = settings(max_examples=60, suppress_health_check=SUPPRESSED)


def a_grid(road: Road) -> Grid:
    """Three hours a step, ten days, and a stay over the whole road."""
    stays = (Stay(name="stay", since=0, until=len(road.stages) - 1, minutes=600.0),) if len(road.stages) > 1 else ()
    return Grid(step_minutes=180.0, steps=80, stays=stays, departures=5)


@given(SEEDS, st.booleans())
@shared
def test_compiled_equals_specification(fast: None, seed: int, blocking: bool) -> None:
    """Drawn and walked in machine code, everybody has the same times to the last bit."""
    road = a_road(random.Random(seed), blocking=blocking)
    walk = (events if blocking else recursion).walk(road, draws.draw(road, seed, 3))
    for by_events in {blocking, True}:
        compiled = walks.walk(road, seed, 3, by_events=by_events)
        for name in ("ready", "began", "done", "out"):
            np.testing.assert_array_equal(getattr(walk, name), getattr(compiled, name), err_msg=name)


@given(SEEDS)
@settings(max_examples=30, suppress_health_check=SUPPRESSED)
def test_counts_do_not_hang_on_engine_or_threads(fast: None, seed: int) -> None:
    """The pure engine on one thread and the compiled one on three count the same futures."""
    road = a_road(random.Random(seed), blocking=True)
    grid = a_grid(road)
    pure = engine.futures(road, seed=seed, runs=4, grid=grid, engine="pure")
    compiled = engine.futures(road, seed=seed, runs=4, grid=grid, engine="fast", threads=3)
    for name in COUNTS:
        np.testing.assert_array_equal(getattr(pure, name), getattr(compiled, name), err_msg=name)
    np.testing.assert_allclose(pure.waited, compiled.waited, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(pure.party_out, compiled.party_out)


@given(SEEDS)
@settings(max_examples=30, suppress_health_check=SUPPRESSED)
def test_people_are_conserved_every_hour(fast: None, seed: int) -> None:
    """At every step those out, those on the road and those not there yet are everybody who comes."""
    road = replace(a_road(random.Random(seed), blocking=True), demand=None)
    grid = a_grid(road)
    found = engine.futures(road, seed=seed, runs=2, grid=grid)
    for r in range(2):
        inputs = draws.draw(road, seed, r)
        for step in range(grid.steps + 1):
            entered = int(inputs.size[inputs.ready <= step * grid.step_minutes].sum())
            assert found.out_persons[r, step] + found.present[r, :, step].sum() == entered


@given(SEEDS)
@settings(max_examples=30, suppress_health_check=SUPPRESSED)
def test_nobodys_luck_moves(fast: None, seed: int) -> None:
    """More people and one more aircraft change no draw of those who were there."""
    rng = random.Random(seed)
    road = replace(a_road(rng, blocking=False), demand=None)
    some = rng.randrange(len(road.parties) + 1)
    columns = ("key", "size", "stage", "ready", "wait", "rank", "may_fail")
    fewer = replace(road, parties=Parties(**{name: getattr(road.parties, name)[:some] for name in columns}))
    one, other = draws.draw(road, seed, 0), draws.draw(fewer, seed, 0)
    np.testing.assert_array_equal(one.ready[:some], other.ready)
    for mine, theirs in zip(one.minutes, other.minutes, strict=True):
        if mine is not None and theirs is not None:
            np.testing.assert_array_equal(mine[:some], theirs)
    for s, stage in enumerate(road.stages):
        if isinstance(stage, Timetable):
            more = replace(stage, departures=(*stage.departures, Departure(key=999, minutes=1.0, seats=1)))
            stages = (*road.stages[:s], more, *road.stages[s + 1 :])
            flown = draws.draw(replace(road, stages=stages), seed, 0).leaves[s]
            kept = one.leaves[s]
            assert kept is not None and flown is not None and set(kept) <= set(flown)


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_more_officers_and_aircraft_never_come_later(fast: None, quantile: float) -> None:
    """With more officers no quantile of the crossing's last is later, with more aircraft none of the last arrival.

    The last arrival itself may be later with one more officer: a bus that is full sooner leaves somebody behind.
    """

    def last(officers: int, planes: int) -> tuple[float, float]:
        road = the_road(400, officers=officers, planes_a_day=planes)
        found = engine.futures(road, seed=1, runs=200, grid=Grid(step_minutes=1440.0, steps=1))
        return float(np.quantile(found.clear[:, 0], quantile)), float(np.quantile(found.last_out, quantile))

    by_officers = [last(officers, 3)[0] for officers in (1, 2, 3, 4)]
    by_planes = [last(3, planes)[1] for planes in (1, 2, 4, 8)]
    assert by_officers == sorted(by_officers, reverse=True) and by_officers[0] > by_officers[-1]
    assert by_planes == sorted(by_planes, reverse=True) and by_planes[0] > by_planes[-1]


def test_demand_brings_as_many_as_it_says(fast: None) -> None:
    """Future parties come at the mean of their law, in their days, and no more than the rows kept for them."""
    road = replace(
        a_road(random.Random(3), blocking=False, count=0),
        demand=Demand(per_day=constant(5.0), days=4, slots=8, size=constant(2.0), stage=0),
    )
    inputs = draws.draw(road, 1, 0)
    coming = inputs.ready[np.isfinite(inputs.ready)]
    assert np.array_equal(np.bincount((coming // 1440).astype(int), minlength=4), [5, 5, 5, 5])
    assert set(inputs.size) == {2}
