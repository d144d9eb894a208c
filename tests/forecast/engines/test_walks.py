"""Do the engines agree, and does a walk keep the rules of the road?"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.forecast.roads import a_road

from corridor.forecast import draws, events, recursion
from corridor.forecast.road import NEVER, Desk, Inputs, Road, Shuttle, Timetable, Walk

SEEDS = st.integers(0, 2**32)
COLUMNS = ("ready", "began", "done", "out")


def assert_equal(one: Walk, other: Walk) -> None:
    """To the last bit."""
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@given(SEEDS)
def test_stage_by_stage_equals_event_by_event(seed: int) -> None:
    """On any feed-forward road both specifications give everybody the same times, to the last bit."""
    road = a_road(random.Random(seed), blocking=False)
    inputs = draws.draw(road, seed, 0)
    assert_equal(recursion.walk(road, inputs), events.walk(road, inputs))


@given(SEEDS)
def test_beds_without_end_change_nothing(seed: int) -> None:
    """Where there are more beds than people, blocking is never felt."""
    road = a_road(random.Random(seed), blocking=True)
    inputs = draws.draw(road, seed, 0)
    many = [type(beds)(name="", beds=10**6, enter=beds.enter, leave=beds.leave) for beds in road.beds]
    free = with_(road, beds=tuple(many), priorities=False)
    assert_equal(events.walk(free, inputs), recursion.walk(with_(road, beds=(), priorities=False), inputs))


@given(SEEDS)
def test_nobody_is_lost_or_goes_back_in_time(seed: int) -> None:
    """Whoever comes is out or stands somewhere, and each time follows the one before it."""
    road = a_road(random.Random(seed), blocking=True)
    inputs = draws.draw(road, seed, 0)
    walk = events.walk(road, inputs)
    assert np.array_equal(np.isnan(walk.out), inputs.ready == NEVER)
    for i in range(len(inputs.size)):
        last = inputs.ready[i]
        for s in range(len(road.stages)):
            if np.isnan(walk.ready[s, i]):
                continue
            assert last == walk.ready[s, i] <= walk.began[s, i] <= walk.done[s, i]
            last = walk.done[s, i]
            if last == NEVER:
                break
        assert np.isnan(walk.out[i]) or walk.out[i] == last


@given(SEEDS)
def test_capacities_hold(seed: int) -> None:
    """No bed, seat or officer is used by two at once, and desks serve within their hours only."""
    road = a_road(random.Random(seed), blocking=True)
    inputs = draws.draw(road, seed, 0)
    walk = events.walk(road, inputs)
    for s, stage in enumerate(road.stages):
        began, done = walk.began[s], walk.done[s]
        served = np.isfinite(began)
        if isinstance(stage, Desk):
            opens, closes = inputs.opens[s], inputs.closes[s]
            assert opens is not None and closes is not None
            assert all(((opens <= t) & (t < closes)).any() for t in began[served])
            assert _most_at_once(began[served], done[served], np.ones(served.sum())) <= stage.officers
        if isinstance(stage, Shuttle | Timetable):
            for leaving in np.unique(began[served]):
                aboard = int(inputs.size[served & (began == leaving)].sum())
                assert aboard <= _seats(stage, inputs, s, float(leaving))
    for beds in road.beds:
        enter, leave = walk.began[beds.enter], walk.began[beds.leave]
        entered = np.isfinite(enter)
        if not np.isnan(leave[entered]).any() and not (inputs.stage > beds.enter).any():
            assert _most_at_once(enter[entered], leave[entered], inputs.size[entered]) <= beds.beds


def _seats(stage: Shuttle | Timetable, inputs: Inputs, s: int, leaving: float) -> int:
    """Seats that leave at this moment: several vehicles may leave at once."""
    if isinstance(stage, Shuttle):
        return stage.seats * len(stage.available_minutes)
    leaves, seats = inputs.leaves[s], inputs.seats[s]
    assert leaves is not None and seats is not None
    return int(seats[leaves == leaving].sum())


def _most_at_once(starts: np.ndarray, ends: np.ndarray, weights: np.ndarray) -> float:
    """The greatest weight of spans that overlap; one that ends when another starts does not."""
    times = np.concatenate([starts, ends])
    steps = np.concatenate([weights, -weights])
    order = np.lexsort((steps, times))
    return float(max(np.cumsum(steps[order]).max(initial=0.0), 0.0))


def with_(road: Road, **changes: object) -> Road:
    """The road with some fields changed."""
    return replace(road, **changes)  # type: ignore[arg-type]
