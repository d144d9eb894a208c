"""Go, wait or merge: the better of two plans, its regret, and who takes the people."""

from __future__ import annotations

import msgspec
from tests.plan.a_road import DAY, HOUR, flight, problem

from corridor.base.ids import MovementId
from corridor.plan.advice import advise, choose_departures, choose_flights, planned_without
from corridor.plan.answer import Plan
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.problem import Objective, Problem

EARLY, LATE = MovementId("early"), MovementId("late")


def by_hand(made: Problem) -> Plan:
    """First come first served."""
    return dispatch(made, "first_come")


def two_flights(cost: int) -> Problem:
    """The small road with two optional flights four hours apart that cost so much each."""
    flights = (flight("early", DAY, optional=True, cost=cost), flight("late", 28 * HOUR, optional=True, cost=cost))
    return msgspec.structs.replace(problem(), flights=flights, objective=Objective(cost=1, empty_seats=0))


def test_merging_pays_where_a_flight_is_dear() -> None:
    """A dear flight is merged into the next one, a cheap one goes; the regret is the difference of both plans."""
    for cost, goes in ((1, True), (100_000, False)):
        made = two_flights(cost)
        said = advise(made, EARLY, by_hand)
        without = planned_without(made, {EARLY}, by_hand)
        assert check(made, without) == ()
        assert said.stays == without.value
        assert said.regret == abs(said.goes - said.stays) > 0
        if goes:
            assert said.go
        assert dict(said.merge_into)[LATE] > 0
    dear = choose_flights(two_flights(100_000), by_hand)
    assert sum(run.flies for run in dear.flights) <= 1
    assert dear.value <= by_hand(two_flights(100_000)).value
    assert check(two_flights(100_000), dear) == ()
    cheap = choose_flights(two_flights(1), by_hand)
    assert {run.flight for run in cheap.flights if run.flies} >= {EARLY}


def test_grounding_a_flight_that_must_fly_is_no_plan() -> None:
    """What grounding costs can be asked of a flight that is not optional; such a plan is told not to be feasible."""
    without = planned_without(problem(), {EARLY}, by_hand)
    assert {violation.code for violation in check(problem(), without)} == {"flight"}


def test_waiting_takes_more_people_home() -> None:
    """A flight that may leave at any hour of a day waits for those who cross later, and the plan fits the problem."""
    early = flight("early", 6 * HOUR, departs_until_minute=40 * HOUR)
    made = msgspec.structs.replace(problem(), flights=(early,), objective=Objective(empty_seats=0))
    at_once, waiting = by_hand(made), choose_departures(made, by_hand)
    assert check(made, waiting) == ()
    assert waiting.value < at_once.value
    assert (waiting.flights[0].departs_minute or 0) > (at_once.flights[0].departs_minute or 0)
    assert len(waiting.unplaced) < len(at_once.unplaced)
