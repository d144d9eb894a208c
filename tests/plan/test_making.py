"""Plans as they are made: at least as good as trying the hours of flights by hand, and no bound that does not hold."""

from __future__ import annotations

import time

import msgspec
from tests.plan.a_road import HOUR, flight, problem

from corridor.plan.advice import choose_departures
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.making import make
from corridor.plan.problem import Objective


def test_hours_are_chosen_well() -> None:
    """A flight that may leave at any hour is planned no worse than by trying its hours, and the plan is proved."""
    early = flight("early", 6 * HOUR, departs_until_minute=40 * HOUR)
    made = msgspec.structs.replace(problem(), flights=(early,), objective=Objective(empty_seats=0))
    plan = make(made, seconds=2, seed=1, clock=time.process_time)
    assert check(made, plan) == ()
    tried = choose_departures(made, lambda other: dispatch(other, "priority"))
    assert plan.value <= tried.value
    assert plan.bound is not None
    assert plan.bound <= min(plan.value, tried.value)
