"""What very many people ask of the solver: quick first drafts, a coarse flow, prices place by place."""

from __future__ import annotations

import random

import numpy as np
import pytest

from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.generate import generate
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows import aboard
from corridor.plan.solve.flows.classes import classes
from corridor.plan.solve.flows.coarse import coarse_flow
from corridor.plan.solve.flows.flow import build
from corridor.plan.solve.flows.program import INTERIOR
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.prices import lower as lowering
from corridor.plan.solve.prices.lower import Raising, prepared
from corridor.plan.solve.prices.permits import least_within
from corridor.plan.solve.prices.start import prices_of
from corridor.plan.solve.realise import settle, vehicles_sent
from corridor.plan.solve.solving import refill_all
from corridor.plan.solve.spans import Steps, waiting
from corridor.plan.solve.ways import Only, Ways
from corridor.plan.solve.worth import Worth
from corridor.plan.solve.written import write


def test_a_desks_room_is_what_it_can_take_and_keep_its_promise() -> None:
    """However much work waits already, more of it fits exactly where no limit is broken at the end of any slot."""
    rng = random.Random(1)
    frame = Frame(generate(200, 1))
    draft = Draft(frame)
    fitted = 0
    for _ in range(1500):
        row, slot, minutes = rng.randrange(2), rng.randrange(frame.slots), rng.choice((20, 30, 60, 200))
        came = draft.work[row].copy()
        came[slot] += minutes
        within = bool((waiting(came, frame.service_minutes[row]) <= draft.waiting_limit[row]).all())
        assert draft.work_fits([(row, slot, minutes)]) == within
        if within:
            draft._work([(row, slot, minutes)], 1)
            fitted += 1
    assert 100 < fitted < 1500


def test_settling_saves_what_it_says_and_leaves_a_plan() -> None:
    """Better ways come off the value to the last point, and who finds none is put back where it was."""
    frame = Frame(generate(120, 2, "tight", "scarce"))
    worth, draft = Worth(frame), Draft(frame)
    ways = Ways(draft, worth)
    refill_all(draft, ways)
    for u in range(0, len(frame.units), 3):
        draft.leave(u)
    before = worth.whole(draft)
    saved = settle(draft, ways, lambda: False)
    assert saved > 0
    assert worth.whole(draft) == pytest.approx(before - saved)
    assert check(frame.problem, write(draft, bound=None, seed=1, cpu_seconds=0.0)) == ()


def test_prices_place_by_place_bound_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """At any prices the bound is the same, whether all groups are priced at once or place by place."""
    frame = Frame(generate(150, 3, "tight", "scarce"))
    below = prepared(frame, Worth(frame, first_only=True))
    raising = Raising(below)
    prices = np.random.default_rng(1).random(len(below.prices))
    together = raising.begin(prices, {})
    monkeypatch.setattr(lowering, "AT_ONCE", 0)
    assert raising.begin(prices, {}) == pytest.approx(together)


@pytest.mark.parametrize("escorts", ["ample", "scarce"])
def test_the_coarse_flow_bounds_every_plan(escorts: str) -> None:
    """Its prices put units together that are not alike; the bound they give is not above any plan, and not far off."""
    problem = generate(200, 4, "tight", escorts)  # type: ignore[arg-type]
    frame = Frame(problem)
    below = prepared(frame, Worth(frame, first_only=True))
    of, flow = coarse_flow(frame, Worth(frame))
    finer = build(frame, Worth(frame), classes(frame), prompt=False, merge=True)
    answer = flow.program.solve(options=INTERIOR)
    assert flow.program.columns < finer.program.columns / 2
    bound = Raising(below).begin(*prices_of(below, frame, flow, of, answer.row_prices, answer.column_prices))
    draft = Draft(frame)
    refill_all(draft, Ways(draft, Worth(frame)))
    assert 0.8 * dispatch(problem, "priority").value < bound <= dispatch(problem, "priority").value
    assert bound <= Worth(frame).whole(draft)


def test_who_needs_a_rare_place_goes_before_those_as_urgent() -> None:
    """Of people as urgent and as soon ready a stretcher is planned first: there are few places for it."""
    frame = Frame(generate(150, 1))
    draft = Draft(frame)
    ways, asked = Ways(draft, Worth(frame)), []
    best = ways.best

    def told(u: int, *, only: Only | None = None) -> Steps | None:
        asked.append(u)
        return best(u, only=only)

    ways.best = told  # type: ignore[method-assign, assignment]
    refill_all(draft, ways)
    units = [frame.units[u] for u in asked]
    lying = [i for i, unit in enumerate(units) if unit.stretchers]
    assert lying
    for i in lying:
        earlier = [unit for unit in units[:i] if not unit.stretchers and not unit.wheelchairs]
        same = (units[i].weighted / units[i].persons, units[i].leave_from)
        assert all((unit.weighted / unit.persons, unit.leave_from) != same for unit in earlier)


def test_the_least_of_every_span_is_found() -> None:
    """Spans of any width, empty ones too, have the least of their columns."""
    rng = np.random.default_rng(1)
    values = rng.random((3, 23))
    first = rng.integers(0, 23, 60)
    until = np.minimum(23, first + rng.integers(-2, 24, 60))
    found = least_within(values, first, until)
    for j, (begins, ends) in enumerate(zip(first, until, strict=True)):
        assert np.array_equal(found[:, j], values[:, begins:ends].min(axis=1, initial=np.inf))


def test_who_is_grounded_and_goes_on_the_same_way_changes_nothing() -> None:
    """Taking flights away and giving them back leaves every capacity as it was, and the convoys untouched."""
    frame = Frame(generate(150, 2))
    draft = Draft(frame)
    refill_all(draft, Ways(draft, Worth(frame)))
    before, value = draft.kept(), Worth(frame).whole(draft)
    crossing = [u for u, steps in enumerate(draft.steps) if steps is not None and steps.crosses >= 0]
    had = {u: draft.ground(u) for u in crossing}
    assert not draft.seats_booked.any()
    assert Worth(frame).whole(draft) > value
    assert all(draft.go_on(u, had[u]) for u in crossing)
    assert Worth(frame).whole(draft) == pytest.approx(value)
    for name in ("fleet_left", "through_left", "holding_left", "hall_left", "beds_left", "work", "seats_booked"):
        assert np.array_equal(getattr(draft, name), before[name])  # type: ignore[arg-type]


@pytest.mark.parametrize("at_once", [240, 8])
def test_flights_given_out_anew_save_what_they_say(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan is better by what was told, nobody crosses at another hour, and no rule is broken."""
    monkeypatch.setattr(aboard, "FLIGHTS_AT_ONCE", at_once)
    frame = Frame(generate(900, 3))
    worth, draft = Worth(frame), Draft(frame)
    ways = Ways(draft, worth)
    refill_all(draft, ways)
    before = worth.whole(draft)
    crossings = [steps and (steps.road, steps.leaves, steps.crosses) for steps in draft.steps]
    saved = aboard.flown_anew(draft, ways, np.zeros(len(frame.runs)), lambda: False)
    assert saved > 0
    assert worth.whole(draft) == pytest.approx(before - saved)
    assert crossings == [steps and (steps.road, steps.leaves, steps.crosses) for steps in draft.steps]
    assert check(frame.problem, write(draft, bound=None, seed=1, cpu_seconds=0.0)) == ()


def test_vehicles_are_sent_whole_when_the_flow_has_them_leave() -> None:
    """Never half a vehicle ahead of the flow or behind it; a draft filled with them sends no others of that fleet, and
    the checker finds nothing."""
    frame = Frame(generate(200, 1))
    worth = Worth(frame)
    _, flow = coarse_flow(frame, worth)
    answer = flow.program.solve(options=INTERIOR)
    assert answer.values is not None
    sent = vehicles_sent(frame, flow, answer.values)
    assert sum(int(most.sum()) for _, most in sent.values()) > 3
    for road, (fleet, most) in sent.items():
        columns = flow.vehicles[road, fleet]
        much = np.where(columns >= 0, answer.values[np.maximum(columns, 0)], 0.0)
        assert np.abs(np.cumsum(most) - np.cumsum(much)).max() <= 0.5 + 1e-9
    draft = Draft(frame)
    refill_all(draft, Ways(draft, worth), sent)
    assert sum(step is not None for step in draft.steps) > 20
    for (road, slot), loading in draft.loadings.items():
        if road in sent:
            fleet, most = sent[road]
            assert sum(vehicle.fleet == fleet for vehicle in loading.vehicles) <= most[slot]
    assert check(frame.problem, write(draft, bound=None, seed=1, cpu_seconds=0.0)) == ()
