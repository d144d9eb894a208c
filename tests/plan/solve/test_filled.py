"""What whole convoys carry of many: the rule holds for whole numbers, and its prices give a bound below every plan."""

from __future__ import annotations

import msgspec
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.plan.test_exhaustive import best_of_all, tiny

from corridor.plan.generate import generate
from corridor.plan.problem import Problem
from corridor.plan.solve.flows.classes import classes
from corridor.plan.solve.flows.filled import Filled, put_filled, residual
from corridor.plan.solve.flows.flow import build
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.prices.cuts import Cut
from corridor.plan.solve.prices.lower import Raising, prepared
from corridor.plan.solve.prices.start import prices_of
from corridor.plan.solve.worth import Worth


@given(st.integers(1, 400), st.integers(1, 150), st.integers(0, 12))
def test_the_rule_holds_for_whole_convoys_and_cuts_a_part(persons: int, most: int, convoys: int) -> None:
    """Whole convoys carry no more than the rule lets leave, and those that are just enough carry exactly so many."""
    last, without = residual(persons, most)
    assert min(persons, most * convoys) <= without + last * convoys + 1e-9
    enough = -(-persons // most)
    assert without + last * enough == persons
    assert 0 < last <= most


@settings(max_examples=4, deadline=None, derandomize=True)
@given(tiny(), st.integers(0, 2**32 - 1))
def test_no_price_of_it_lifts_the_bound_above_a_plan(made: Problem, seed: int) -> None:
    """Whatever is asked for each convoy and each who leaves, in whatever span, the bound stays below the best plan."""
    (gate,) = made.gates
    hours = (msgspec.structs.replace(gate.hours[0], persons_per_hour=3),)
    # So that a convoy carries fewer than there are.
    made = msgspec.structs.replace(made, gates=(msgspec.structs.replace(gate, hours=hours, holding_persons_max=1),))
    assume(4 < sum(party.persons for party in made.parties) < 8)
    best, rng = best_of_all(made), np.random.default_rng(seed)
    frame = Frame(made)
    worth = Worth(frame)
    raising = Raising(prepared(frame, Worth(frame, first_only=True)))
    of = classes(frame)
    lifted = without = 0
    for _ in range(60):
        flow = build(frame, worth, of, prompt=False, merge=True, loads=True)
        begins = int(rng.integers(0, frame.slots))
        ends = int(rng.integers(begins + 1, frame.slots + 1))
        who = tuple(c.index for c in of.crossing if rng.random() < 0.8)
        row = int(flow.program.add_rows(1)[0])
        (road,) = flow.convoy
        flow.filled.append(Filled(road, begins, ends, who, row))
        asked = np.where(rng.random(flow.program.rows) < 0.1, -rng.exponential(5.0, flow.program.rows), 0.0)
        asked[row] = -rng.exponential(10.0)
        prices, cuts = prices_of(raising.lower, frame, flow, of, asked, np.zeros(flow.program.columns))
        lifted += any(cut.what == "led" for cut in cuts)
        without += cuts.get(Cut("without"), 0.0) > 0
        assert raising.bound_at(prices, cuts, raising.pricing(prices, cuts).run()) <= best + 1e-6
    assert lifted and without, "the rule was never asked for anything"


def test_few_escorts_break_it_and_the_flow_costs_more_with_it() -> None:
    """Where escorts are few the flow in parts breaks the rule; with it the flow is dearer, and so the bound higher."""
    frame = Frame(generate(600, 4, "tight", "scarce"))
    worth = Worth(frame)
    of = classes(frame)
    flow = build(frame, worth, of, prompt=False, merge=True, loads=True)
    before = flow.program.solve()
    assert before.values is not None
    raising = Raising(prepared(frame, Worth(frame, first_only=True)))
    bound = raising.begin(*prices_of(raising.lower, frame, flow, of, before.row_prices, before.column_prices))
    assert put_filled(frame, of, flow, before.values) == len(flow.filled) > 0
    after = flow.program.solve()
    assert after.objective > before.objective + 1.0
    raised = raising.begin(*prices_of(raising.lower, frame, flow, of, after.row_prices, after.column_prices))
    assert bound < raised <= after.objective + raising.fixed + 1e-6 * abs(after.objective)
