"""Escorts of flights go whole: what the flow and the bound know of it."""

from __future__ import annotations

import msgspec
import pytest
from tests.plan.a_road import HOUR, flight, party, problem

from corridor.base.ids import PlaceId, PoolId
from corridor.plan.problem import EscortRule, Objective, Pool, Problem
from corridor.plan.solve.flows.classes import classes
from corridor.plan.solve.flows.flow import build
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.prices.lower import Raising, prepared
from corridor.plan.solve.prices.start import prices_of
from corridor.plan.solve.solving import solve
from corridor.plan.solve.worth import Worth


def two_flights(psychologists: int) -> Problem:
    """Two families in staging, each with one who needs a psychologist, and for each a flight that takes it."""
    with_one = (EscortRule(pool=PoolId("psychologists"), per=12, of="psychological"),)
    each = (("early", 10, "RUS"), ("late", 20, "KAZ"))
    runs = tuple(flight(name, at * HOUR, seats=3, escorts=with_one, allowed=(code,)) for name, at, code in each)
    people = tuple(
        party(f"to-{name}", stands="staging", place=PlaceId("city"), psychological=1, citizenships=(code,))
        for name, _, code in each
    )
    made = problem(flights=runs, parties=people, objective=Objective(last_departure_hours=0))
    return msgspec.structs.replace(made, pools=(*made.pools, Pool(id=PoolId("psychologists"), count=psychologists)))


@pytest.mark.parametrize("psychologists", [1, 2])
def test_a_twelfth_of_a_psychologist_takes_nobody(psychologists: int) -> None:
    """One who is away a day takes one family though he could take twelve people: flow and bound are the best plan."""
    made = two_flights(psychologists)
    frame = Frame(made)
    worth, of = Worth(frame), classes(frame)
    plan = solve(made, seconds=1.0, seed=1, clock=lambda: 0.0, work_limit=50)
    assert sum(len(run.aboard) for run in plan.flights) == psychologists
    flow = build(frame, worth, of, prompt=False)
    answer = flow.program.solve()
    raising = Raising(prepared(frame, worth))
    prices, rules = prices_of(raising.lower, frame, flow, of, answer.row_prices, answer.column_prices)
    assert raising.begin(prices, rules) == pytest.approx(plan.value)
    assert {cut.what for cut in rules} >= ({"escort"} if psychologists == 1 else set())
    alone = Raising(prepared(frame, worth))
    alone.run(lambda: False)
    assert alone.lower.bound == pytest.approx(plan.value)
