"""Timetables of convoys are tried as a draft would carry them out; small problems are planned as well as can be."""

from __future__ import annotations

import random
import sys
import time

import numpy as np
import pytest

from corridor.plan.check.checking import check
from corridor.plan.generate import generate
from corridor.plan.solve.anew import seat_anew
from corridor.plan.solve.convoys import carrying
from corridor.plan.solve.convoys.carrying import behind, calls_of, carried, found_timetable
from corridor.plan.solve.convoys.priced import behind_at_prices
from corridor.plan.solve.convoys.searching import changed
from corridor.plan.solve.convoys.trying import Call, Trials
from corridor.plan.solve.draft import Draft
from corridor.plan.solve.flows.classes import classes
from corridor.plan.solve.flows.dive import Dive
from corridor.plan.solve.flows.flow import build
from corridor.plan.solve.frame import Frame
from corridor.plan.solve.prices.lower import Raising, prepared
from corridor.plan.solve.solving import refill_all, solve
from corridor.plan.solve.ways import Ways
from corridor.plan.solve.worth import Worth
from corridor.plan.solve.written import write


def test_a_draft_carries_a_timetable_out_as_it_was_tried() -> None:
    """Everybody whom the trial puts aboard leaves and crosses so in the draft, and the checker finds nothing."""
    frame = Frame(generate(200, 3, "tight", "scarce"))
    worth = Worth(frame)
    trial = found_timetable(frame, worth, (), random.Random(1), 60, lambda: False)
    assert trial is not None and trial.went
    draft = Draft(frame)
    carried(draft, worth, trial)
    aboard = {(u, went.road, went.slot, crosses) for went in trial.went for u, crosses in went.aboard}
    there = {(u, s.road, s.leaves, s.crosses) for u, s in enumerate(draft.steps) if s is not None}
    assert there == aboard
    assert {(went.slot, went.road) for went in trial.went} == {call[:2] for call in calls_of(draft)}
    assert check(frame.problem, write(draft, bound=None, seed=1, cpu_seconds=0.0)) == ()


def test_more_timetables_are_never_worse_and_a_seed_decides_them() -> None:
    """The search gives its best, and the same for the same seed."""
    frame = Frame(generate(100, 2, "tight", "scarce"))
    worth = Worth(frame)
    first, again, more = (
        found_timetable(frame, worth, (), random.Random(7), rounds, lambda: False) for rounds in (40, 40, 400)
    )
    assert first is not None and again is not None and more is not None
    assert first == again
    begun = found_timetable(frame, worth, first.kept, random.Random(7), 40, lambda: False)
    assert begun is not None and begun.points <= first.points + 1e-6
    assert more.points <= first.points


def test_what_is_compiled_tries_and_searches_the_same() -> None:
    """The same points and the same calls kept, whatever the timetable; a search is better than where it began."""
    ground = pytest.importorskip("corridor.plan.solve.convoys.fast.ground")
    frame = Frame(generate(200, 3, "tight", "scarce"))
    worth, rng = Worth(frame), random.Random(5)
    trials = Trials(frame, behind(frame, worth), worth.points["danger_person_hours"])
    calls: list[Call] = []
    for _ in range(200):
        calls = changed(trials, calls, rng)
        trial = trials.carried_out(calls)
        assert ground.quickly_tried(trials, calls) == (trial.points, trial.kept)
    first, again, more = (
        ground.quickly_searched(trials, calls, random.Random(7), rounds=rounds, stop=lambda: False, warm=0.01)
        for rounds in (50, 50, 1000)
    )
    assert first == again
    found = trials.carried_out(more)
    assert found.kept == more
    assert found.points < trials.carried_out(first).points <= trial.points


def test_what_follows_a_crossing_costs_more_at_the_prices_of_the_bound() -> None:
    """Nobody's way on is cheaper than where all is free, some are dearer, and who is past the origin has none; a
    timetable found at these points is carried out by a draft, and the checker finds nothing."""
    frame = Frame(generate(200, 3, "tight", "ample"))
    worth = Worth(frame)
    raising = Raising(prepared(frame, worth))
    raising.begin(raising.lower.prices, {})
    free = behind_at_prices(raising, frame, worth)
    raising.run(lambda: False)
    priced = behind_at_prices(raising, frame, worth)
    assert np.isfinite(priced).all()
    origin = np.array([unit.stage == 0 for unit in frame.units])
    assert not priced[~origin].any()
    assert (priced >= free - 1e-6).all()
    assert (priced[origin] > free[origin] + 1.0).any()
    trial = found_timetable(frame, worth, (), random.Random(1), 60, lambda: False, after=priced, warm=1e-4)
    assert trial is not None and trial.went
    draft = Draft(frame)
    carried(draft, worth, trial)
    assert {(went.slot, went.road) for went in trial.went} == {call[:2] for call in calls_of(draft)}
    assert check(frame.problem, write(draft, bound=None, seed=1, cpu_seconds=0.0)) == ()


@pytest.mark.parametrize("seed", [2, 5, 9])
def test_a_dive_ends_where_two_roads_want_the_last_escort(seed: int) -> None:
    """Vehicles of two roads were made whole for an hour with escorts for one: one road goes, and the dive goes on."""
    frame = Frame(generate(450, seed, "tight", "scarce"))
    flow = build(frame, Worth(frame), classes(frame), prompt=False, after=3, merge=True)
    values = Dive(frame, flow, lambda: False).run()
    assert values is not None
    whole = np.concatenate([c[c >= 0] for c in (*flow.convoy.values(), *flow.vehicles.values())])
    assert np.allclose(values[whole], np.round(values[whole]), atol=1e-4)
    assert values[whole].sum() > 5


def test_timetables_are_found_where_nothing_compiled_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numba may write nowhere the search goes on without what is compiled."""
    caching = pytest.importorskip("numba.core.caching")
    ground = pytest.importorskip("corridor.plan.solve.convoys.fast.ground")
    frame = Frame(generate(600, 3, "tight", "scarce"))

    def no_folder(_: object) -> None:
        raise OSError

    for kind in caching.CacheImpl._locator_classes:
        monkeypatch.setattr(kind, "ensure_cache_path", no_folder)
    package = ground.__name__.rpartition(".")[0]
    for name in ("ground", "filling"):
        monkeypatch.delitem(sys.modules, f"{package}.{name}")
        monkeypatch.delattr(sys.modules[package], name)
    carrying.compiled.cache_clear()
    assert carrying.compiled() is None
    assert found_timetable(frame, Worth(frame), (), random.Random(1), 20, lambda: False) is not None
    monkeypatch.undo()
    carrying.compiled.cache_clear()
    assert carrying.compiled() is not None


@pytest.mark.parametrize("escorts", ["ample", "scarce"])
def test_the_best_plan_of_few_people_is_proved(escorts: str) -> None:
    """The bound meets the plan: nothing better is left."""
    problem = generate(30, 1, "tight", escorts)  # type: ignore[arg-type]
    plan = solve(problem, seconds=60.0, seed=1, clock=time.process_time)
    assert check(problem, plan) == ()
    assert plan.bound is not None
    assert plan.value == pytest.approx(plan.bound, rel=1e-6)


def test_everybody_is_seated_anew_only_for_the_better() -> None:
    """The draft is as it was where nothing is better, else cheaper by what it says, and the checker passes it."""
    frame = Frame(generate(120, 1, "tight", "ample"))
    draft, worth = Draft(frame), Worth(frame)
    refill_all(draft, Ways(draft, worth))
    had, was = list(draft.steps), worth.whole(draft)
    better = seat_anew(draft, Ways(draft, worth), lambda: False)
    assert better and draft.steps != had
    assert worth.whole(draft) < was
    assert check(frame.problem, write(draft, bound=None, seed=1, cpu_seconds=0.0)) == ()
    before = draft.kept()
    assert not seat_anew(draft, Ways(draft, worth), lambda: True)
    assert draft.steps == before["steps"]
