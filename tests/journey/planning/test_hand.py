"""A plan changed by hand, set beside another, told from another hour; and what to do with its flights."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.plan.a_road import DAY, HOUR, flight, plan_for, problem, run_of, way_of

from corridor.base.ids import MovementId, PartyId
from corridor.base.moments import HOUR_MS, Moment
from corridor.journey.planning.counsel import Counsel, Merged, counsel, settled
from corridor.journey.planning.hand import beside, moved_to, with_announced, with_lock, without_locks
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.problem import Lock, Objective, Problem
from corridor.plan.solve.solving import solve

EARLY, LATE, FIRST = MovementId("early"), MovementId("late"), PartyId("first")


def test_a_change_by_hand_costs_what_the_plans_differ_by() -> None:
    """Locked off its flight, a party goes later or stays; the cost is counted by the problem without the lock, the
    bound party goes with it, and little else changes since everybody was told the plan before."""
    made = problem()
    plan = plan_for(made)
    on = way_of(plan, "first").flight
    assert on is not None
    changed = with_lock(with_announced(made, plan), Lock(party=FIRST, flight=on, keep=False))
    other = solve(changed, seconds=0, seed=1, clock=lambda: 0.0, warm=plan, work_limit=30)
    assert check(changed, other) == ()
    assert way_of(other, "first").flight != on
    found = beside(made, plan, other)
    assert (found.before, found.costs_more) == (plan.value, found.after - plan.value)
    moved = {one.party for one in found.moved}
    assert FIRST in moved and PartyId("before-gate") not in moved
    told = {one.goal: one for one in found.goals}
    assert told["changes"].after == 0, "what was announced since is not of the problem both are measured by"


def test_an_hour_of_crossing_is_forbidden() -> None:
    """Barred from the minute at which it would cross, a party crosses at another or not at all."""
    made = problem()
    plan = plan_for(made)
    way = way_of(plan, "partner")
    assert way.gate is not None and way.crosses_minute is not None
    never = Lock(party=way.party, gate=way.gate, minute=way.crosses_minute, keep=False)
    changed = with_lock(with_announced(made, plan), never)
    other = solve(changed, seconds=0, seed=1, clock=lambda: 0.0, warm=plan, work_limit=30)
    assert check(changed, other) == ()
    after = next((each for each in other.ways if each.party == way.party), None)
    assert after is None or after.crosses_minute != way.crosses_minute


def test_a_word_takes_the_place_of_the_one_before() -> None:
    """Of a party and a flight the last word holds; to keep one flight ends keeping another; freed, nothing is left."""
    keep = with_lock(problem(), Lock(party=FIRST, flight=EARLY))
    never = with_lock(keep, Lock(party=FIRST, flight=EARLY, keep=False))
    assert [(one.flight, one.keep) for one in never.locks] == [(EARLY, False)]
    other = with_lock(keep, Lock(party=FIRST, flight=LATE))
    assert [(one.flight, one.keep) for one in other.locks] == [(LATE, True)]
    both = with_lock(never, Lock(party=FIRST, flight=LATE))
    assert [(one.flight, one.keep) for one in both.locks] == [(EARLY, False), (LATE, True)]
    assert without_locks(with_lock(both, Lock(party=PartyId("papers"), flight=LATE)), FIRST).locks == (
        Lock(party=PartyId("papers"), flight=LATE),
    )


@pytest.mark.parametrize("hours", [0, 4])
def test_a_plan_is_told_from_another_hour(hours: int) -> None:
    """Moved to a problem that begins later its minutes are fewer; what lies before the beginning is left out."""
    made = problem()
    plan = plan_for(made)
    later = moved_to(plan, made, Moment(made.start + hours * HOUR_MS))
    assert run_of(later, "early").departs_minute == DAY - 60 * hours
    assert all(one.departs_minute >= 0 for one in later.convoys)
    left = {one.id for one in later.convoys}
    assert all({way.approach, way.transfer} <= {*left, None} for way in later.ways)
    if not hours:
        assert later == plan
    else:
        assert len(later.convoys) < len(plan.convoys)


def two_flights(cost: int) -> Problem:
    """The small road with two optional flights four hours apart that cost so much each."""
    flights = (flight("early", DAY, optional=True, cost=cost), flight("late", 28 * HOUR, optional=True, cost=cost))
    return replace(problem(), flights=flights, objective=Objective(cost=1, empty_seats=0))


def test_two_dear_flights_are_made_one_and_cheap_ones_go() -> None:
    """The counsel takes the least of going, waiting and staying (dear ones become one flight, whichever of the two is
    spared), and the regret is how much the second best costs."""
    for cost, best in ((1, {"go", "wait"}), (100_000, {"merge", "wait"})):
        found = counsel(two_flights(cost), EARLY, lambda other: dispatch(other, "first_come"))
        assert found.best in best
        tried = sorted((found.goes, found.stays, found.waits or 0.0))
        assert found.regret == tried[1] - tried[0]
        assert (found.goes > min(found.stays, found.waits or found.stays)) == (cost > 1)
        assert found.merge_into and found.merge_into[0].flight == LATE


def test_waiting_is_tried_only_where_the_hour_is_given() -> None:
    """A flight whose hour is open waits already; settled at the plan's hour it can be asked."""
    made = replace(problem(), flights=(flight("early", 20 * HOUR, departs_until_minute=30 * HOUR),))
    plan = plan_for(made)
    assert counsel(made, EARLY, lambda other: dispatch(other, "first_come")).waits is None
    (fixed,) = settled(made, plan).flights
    assert fixed.departs_from_minute == fixed.departs_until_minute == run_of(plan, "early").departs_minute
    assert counsel(settled(made, plan), EARLY, lambda other: dispatch(other, "first_come")).waits is not None


def test_a_flight_with_nobody_to_take_its_people_stays_rather_than_merges() -> None:
    """Staying on the ground is merging only where another flight takes people over."""
    merged = (Merged(flight=LATE, persons=3),)
    assert Counsel(flight=EARLY, goes=5.0, stays=4.0, merge_into=merged).best == "merge"
    assert Counsel(flight=EARLY, goes=5.0, stays=4.0).best == "stay"
    assert Counsel(flight=EARLY, goes=4.0, stays=4.0, waits=3.0, wait_minutes=180).best == "wait"
    assert Counsel(flight=EARLY, goes=4.0, stays=4.0, waits=4.0, wait_minutes=180).best == "go"
