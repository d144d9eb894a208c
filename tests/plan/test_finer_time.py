"""Cutting time into finer slots never makes the best plan worse."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.a_road import HOUR, plan_for, problem
from tests.plan.test_exhaustive import STEPS, best_of_all, tiny

from corridor.plan.check.checking import check
from corridor.plan.finish import finished
from corridor.plan.problem import GateHours, Problem
from corridor.plan.solve.solving import solve


@st.composite
def with_windows(draw: st.DrawFn) -> Problem:
    """A tiny road whose gate lets so many through in the morning and so many after it.

    A gate of so many an hour is rounded down in each slot, and with finer slots less of it is left for a family: then
    the law does not hold.
    """
    made = draw(tiny())
    noon = draw(st.sampled_from([2, 3])) * HOUR
    spans = ((0, noon), (noon, made.minutes))
    hours = tuple(
        GateHours(from_minute=begin, until_minute=end, persons_per_hour=1000, persons_max=draw(st.integers(2, 7)))
        for begin, end in spans
    )
    return msgspec.structs.replace(made, gates=(msgspec.structs.replace(made.gates[0], hours=hours),))


def cut_finer(made: Problem, slot_minutes: int) -> Problem:
    """The same with shorter slots."""
    return msgspec.structs.replace(made, slot_minutes=slot_minutes)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(with_windows(), st.sampled_from([20, 30]))
def test_the_best_plan_of_finer_slots_is_no_worse(made: Problem, slot_minutes: int) -> None:
    """Of whole hours every plan is tried; with slots of a half or a third of one the solver finds one as good."""
    finer = solve(cut_finer(made, slot_minutes), seconds=1, seed=1, clock=lambda: 0.0, work_limit=STEPS)
    assert check(cut_finer(made, slot_minutes), finer) == ()
    assert finer.value <= best_of_all(made) + 1e-6
    assert finer.bound is not None and finer.bound <= finer.value + 1e-6


@pytest.mark.parametrize("slot_minutes", [10, 30])
def test_a_plan_stays_a_plan_with_finer_slots(slot_minutes: int) -> None:
    """A plan of whole hours breaks no rule in finer slots, and is worth the same."""
    made = problem()
    gate = made.gates[0]
    wide = tuple(msgspec.structs.replace(hours, persons_per_hour=1000) for hours in gate.hours)
    made = msgspec.structs.replace(made, gates=(msgspec.structs.replace(gate, hours=wide),))
    plan = plan_for(made)
    assert plan.convoys and check(made, plan) == ()
    finer = cut_finer(made, slot_minutes)
    again = finished(finer, made_by=plan.made_by, seed=0, convoys=plan.convoys, flights=plan.flights, ways=plan.ways)
    assert check(finer, again) == ()
    assert again.value == pytest.approx(plan.value)
