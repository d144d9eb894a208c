"""Shuttling buses take every load, as soon as exhaustive search says is possible."""

from __future__ import annotations

import random
from collections import Counter
from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.plan.solve.shuttles import Shuttles, at_least, minutes_of, shuttle

DISTANCE = st.integers(1, 9)


@st.composite
def problems(draw: st.DrawFn) -> Shuttles:
    """Two buses, up to four loads, two shelters."""
    waiting = draw(st.lists(st.integers(1, 2), min_size=1, max_size=2))
    room = [draw(st.integers(1, 3)), sum(waiting)]
    return Shuttles(
        buses=2,
        waiting=tuple(waiting),
        room=tuple(room),
        from_yard=tuple(draw(DISTANCE) for _ in waiting),
        between=tuple((draw(DISTANCE), draw(DISTANCE)) for _ in waiting),
    )


def soonest(problem: Shuttles) -> int:
    """Every order of the loads, every shelter for each, every place to part them between two buses."""
    loads = [pickup for pickup, count in enumerate(problem.waiting) for _ in range(count)]
    best = 10**9
    for order in set(permutations(loads)):
        for shelters in product(range(len(problem.room)), repeat=len(loads)):
            filled = Counter(shelters)
            if any(filled[s] > room for s, room in enumerate(problem.room)):
                continue
            trips = list(zip(order, shelters, strict=True))
            for cut in range(len(trips) + 1):
                best = min(best, max(minutes_of(problem, trips[:cut]), minutes_of(problem, trips[cut:])))
    return best


@settings(max_examples=12, deadline=None)
@given(problems())
def test_small_ones_are_solved_to_the_end(problem: Shuttles) -> None:
    """Search finds what exhaustive search finds, and the bound is not above it."""
    routes = shuttle(problem, random.Random(1), rounds=3000)
    taken = Counter(pickup for route in routes for pickup, _ in route)
    assert taken == Counter(dict(enumerate(problem.waiting)))
    filled = Counter(shelter for route in routes for _, shelter in route)
    assert all(filled[s] <= room for s, room in enumerate(problem.room))
    value = max(minutes_of(problem, route) for route in routes)
    assert value == soonest(problem)
    assert at_least(problem) <= value
