"""Small problems are proved: what no plan is below is what the best plan is worth, desks, beds and permits with it."""

from __future__ import annotations

import msgspec
from tests.plan.a_road import DAY, HOUR, flight, party, problem

from corridor.base.ids import PartyId
from corridor.plan.answer import Plan
from corridor.plan.check.checking import check
from corridor.plan.problem import Bond, Problem, Visit
from corridor.plan.solve.solving import solve

STEPS = 20_000
PAPERS = (Visit(service="documents", persons=3),)


def proved(one: Problem) -> Plan:
    """The plan of a problem; what no plan is below is its value."""
    plan = solve(one, seconds=0, seed=1, clock=lambda: 0.0, work_limit=STEPS)
    assert not check(one, plan)
    assert plan.bound is not None
    assert abs(plan.value - plan.bound) <= 1e-6 * plan.value
    return plan


def flown(plan: Plan) -> list[str]:
    """The flights that somebody is on, once for each party."""
    return sorted(str(way.flight) for way in plan.ways if way.flight is not None)


def of(*people: str, beds: int = 25, promised_minutes: int = 2 * HOUR, **known: object) -> Problem:
    """Parties of three at the village on a road without escorts for flights, and three flights with four seats."""
    road = problem()
    return msgspec.structs.replace(
        road,
        parties=tuple(party(one, **known) for one in people),
        flights=tuple(flight(f"at-{at}", at * HOUR, seats=4, escorts=()) for at in (24, 26, 44)),
        stagings=tuple(msgspec.structs.replace(place, beds=beds) for place in road.stagings),
        stations=tuple(msgspec.structs.replace(desk, promised_minutes=promised_minutes) for desk in road.stations),
    )


def test_beds_are_had_as_long_as_desks_take() -> None:
    """Two parties whose papers take eight hours cannot both sleep in five beds for flights two hours apart."""
    assert flown(proved(of("one", "other"))) == ["at-24", "at-26"]
    assert flown(proved(of("one", "other", beds=5, promised_minutes=8 * HOUR, visits=PAPERS))) == ["at-24", "at-44"]


def test_whoever_is_bonded_sleeps_as_long() -> None:
    """A party that goes only with one whose papers take long has its beds for as long."""
    papers = of("papers", promised_minutes=8 * HOUR, visits=PAPERS, seats=1).parties
    bond = Bond(party=PartyId("papers"), kind="will_not_travel_without")
    both = (*papers, party("with", seats=1, bonds=(bond,)), party("alone", seats=2))
    narrow = msgspec.structs.replace(of("x", beds=3, promised_minutes=8 * HOUR), parties=both)
    assert "at-44" in flown(proved(narrow))


def test_a_permit_that_runs_out_is_paid_in_the_proof() -> None:
    """Where a permit is for fewer hours than any flight is away, its price is in what no plan is below."""
    free, paid = proved(of("one")), proved(of("one", permit_minutes=6 * HOUR))
    assert free.value < paid.value <= free.value + 3 * problem().objective.permit_breaches


def test_queues_at_desks_are_in_the_proof() -> None:
    """Where a desk serves one party a day, the second one flies the day after."""
    road = of("one", "other", visits=PAPERS)
    one_a_day = tuple(
        msgspec.structs.replace(
            desk,
            minutes_per_person=60,
            promised_minutes=4 * HOUR,
            shifts=tuple(msgspec.structs.replace(s, from_minute=12 * HOUR, until_minute=15 * HOUR) for s in desk.shifts)
            + tuple(msgspec.structs.replace(s, from_minute=DAY, until_minute=2 * DAY) for s in desk.shifts),
        )
        for desk in road.stations
    )
    assert flown(proved(msgspec.structs.replace(road, stations=one_a_day))) == ["at-24", "at-44"]
