"""Ferries take everybody as soon as exhaustive search says is possible."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.plan.ferries.problem import FAR, Call, Ferries, Ferry, minutes_of, person_hours
from corridor.plan.ferries.search import ferry_over

MINUTES = st.integers(3, 9)
LONGEST = 3
"""Trips of a vessel that exhaustive search tries; more are not made in time."""


@st.composite
def problems(draw: st.DrawFn) -> Ferries:
    """Two vessels of their own size, speed and first dock; two places, one of which one vessel cannot reach."""
    ferries = []
    for number in range(2):
        far = number == 1 and draw(st.booleans())
        way = [draw(MINUTES) for _ in range(2)]
        ferries.append(
            Ferry(
                seats=draw(st.integers(1, 3)),
                from_minute=float(draw(st.integers(0, 3))),
                first=(float(draw(MINUTES)), FAR if far else float(draw(MINUTES))),
                out=((float(way[0]), FAR if far else float(way[1])),),
                home=((float(way[0]),), (FAR if far else float(way[1]),)),
            )
        )
    waiting = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    return Ferries(ferries=tuple(ferries), waiting=waiting, place_of=(0, 1), until_minute=18.0)


def least(problem: Ferries) -> float:
    """The fewest person-hours of all sequences of docks of both vessels."""
    best = FAR
    for docks in product(product(range(2), repeat=LONGEST), repeat=2):
        arrivals = []
        for ferry, chain in zip(problem.ferries, docks, strict=True):
            calls = tuple(Call(dock, 0) for dock in chain)
            minutes = minutes_of(ferry, calls, problem.until_minute)
            arrivals.append([(minute, call.dock, ferry.seats) for minute, call in zip(minutes, calls, strict=False)])
        best = min(best, person_hours(problem, arrivals))
    return best


@settings(max_examples=15, deadline=None, derandomize=True)
@given(problems())
def test_small_ones_are_solved_to_the_end(problem: Ferries) -> None:
    """Search finds what exhaustive search finds; nobody travels twice, on a full vessel or after the last minute."""
    trips = ferry_over(problem, random.Random(1), rounds=1500)
    carried = [0, 0]
    arrivals = []
    for ferry, made in zip(problem.ferries, trips, strict=True):
        assert all(0 < one.persons <= ferry.seats for one in made)
        minutes = minutes_of(ferry, tuple(one.call for one in made), problem.until_minute)
        assert [one.ashore_minute for one in made] == minutes
        arrivals.append([(one.ashore_minute, one.call.dock, ferry.seats) for one in made])
        for one in made:
            carried[one.call.dock] += one.persons
    assert all(some <= all_ for some, all_ in zip(carried, problem.waiting, strict=True))
    assert person_hours(problem, arrivals) == pytest.approx(least(problem))


def test_nobody_can_be_taken() -> None:
    """Vessels that reach no dock make no trip, and everybody is left."""
    ferry = Ferry(seats=3, from_minute=0.0, first=(FAR,), out=((FAR,),), home=((FAR,),))
    problem = Ferries(ferries=(ferry,), waiting=(2,), place_of=(0,), until_minute=60.0)
    assert ferry_over(problem, random.Random(1), rounds=10) == [[]]
