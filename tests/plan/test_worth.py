"""What a plan is worth, worked out by hand and by the checker."""

from __future__ import annotations

import msgspec
from tests.plan.a_road import DAY, HOUR, plan_for, problem, with_run

from corridor.base.ids import MovementId, PlaceId
from corridor.plan.check.checking import measure
from corridor.plan.problem import Announced, Hazard, Objective, Origin, Problem, Scenario

ROAD = problem()
PLAN = plan_for(ROAD)


def amounts(of: Problem) -> dict[str, float]:
    """The amounts of the plan's goals, on a problem that may differ in what they are worth."""
    return {one.goal: one.amount for one in measure(of, PLAN).goals}


def test_amounts_by_hand() -> None:
    """Every goal of the small road's plan is what its definition gives by hand."""
    crossed_at_six = (3 + 4 + 3) * 6
    crossed_at_seven = (3 + 2 * 3 + 3) * 7
    held = 3 * (48 + 48)
    staging = (3 + 4 + 3) * 18 + (3 + 2 * 3 + 3) * 17 + 4 * 44 + 3 * 24
    assert amounts(ROAD) == {
        "danger_person_hours": crossed_at_six + crossed_at_seven + held,
        "staging_person_hours": staging,
        "permit_breaches": 3,
        "last_departure_hours": 44,
        "empty_seats": (40 - 20 - 1 - 2) + (40 - 3),
        "cost": 0,
        "changes": 0,
        "against_wish": 0,
    }
    points = 5 * (crossed_at_six + crossed_at_seven + held) + staging + 50 * 3 + 44 + 54
    assert measure(ROAD, PLAN).value == points == PLAN.value


def test_hazards_weigh_by_where_people_are() -> None:
    """A shelled hour at the origin counts for who is still there, on the road and at the gate it does not."""
    shelled = (Hazard(from_minute=2 * HOUR, until_minute=4 * HOUR, percent=300),)
    at_origin = msgspec.structs.replace(ROAD, origins=(Origin(id=PlaceId("village"), hazards=shelled),))
    weights = 3 + 4 + 3 + 3 + 2 * 3
    more = amounts(at_origin)["danger_person_hours"] - amounts(ROAD)["danger_person_hours"]
    assert more == weights * 2 * 1 + 3 * 2 * 2  # who leaves at three is there for one hour of it, the held for both
    roads = (msgspec.structs.replace(ROAD.legs[0], hazards=shelled), ROAD.legs[1])
    on_road = amounts(msgspec.structs.replace(ROAD, legs=roads))["danger_person_hours"]
    assert on_road - amounts(ROAD)["danger_person_hours"] == weights * 2 * 1
    gates = (msgspec.structs.replace(ROAD.gates[0], hazards=shelled),)
    at_gate = amounts(msgspec.structs.replace(ROAD, gates=gates))["danger_person_hours"]
    assert at_gate - amounts(ROAD)["danger_person_hours"] == 3 * 2 * 2  # only who stood before the gate already


def test_unknown_departure_counts_its_mean() -> None:
    """With scenarios staging counts to the mean departure, and a permit to the latest."""
    scenarios = (Scenario(departs_minute=DAY, percent=75), Scenario(departs_minute=28 * HOUR, percent=25))
    early = msgspec.structs.replace(ROAD.flights[0], scenarios=scenarios, departs_until_minute=28 * HOUR)
    unknown = msgspec.structs.replace(ROAD, flights=(early, ROAD.flights[1]))
    weights = 3 + 4 + 3 + 3 + 2 * 3 + 3 + 3
    assert amounts(unknown)["staging_person_hours"] - amounts(ROAD)["staging_person_hours"] == weights * 1
    parties = tuple(
        msgspec.structs.replace(party, permit_minutes=None, permit_until_minute=26 * HOUR) for party in ROAD.parties
    )
    late = amounts(msgspec.structs.replace(unknown, parties=parties))["permit_breaches"]
    soon = amounts(msgspec.structs.replace(ROAD, parties=parties))["permit_breaches"]
    flown_late = 4
    assert (soon, late) == (flown_late, flown_late + 3 + 4 + 3 + 3 + 3 + 3 + 3)


def test_changes_wishes_and_money() -> None:
    """Who was told another hour or flight, flies to another home, and what is paid, each cost what they should."""
    told = {
        "first": {"announced": Announced(crosses_minute=7 * HOUR, flight=MovementId("early"))},
        "papers": {"announced": Announced(crosses_minute=7 * HOUR, flight=MovementId("late"))},
        "held": {"announced": Announced(flight=MovementId("late"))},
        "partner": {"prefers": (PlaceId("elsewhere"),)},
    }
    parties = tuple(msgspec.structs.replace(party, **told.get(party.id, {})) for party in ROAD.parties)
    flights = (
        msgspec.structs.replace(ROAD.flights[0], cost=100, cancel_cost=7),
        msgspec.structs.replace(ROAD.flights[1], cost=30, cancel_cost=9),
    )
    fleets = tuple(msgspec.structs.replace(fleet, cost_per_trip=5) for fleet in ROAD.fleets)
    changed = msgspec.structs.replace(ROAD, parties=parties, flights=flights, fleets=fleets)
    assert amounts(changed)["changes"] == 3 + 3 + 3
    assert amounts(changed)["against_wish"] == 3
    assert amounts(changed)["cost"] == 130 + 5 * 6
    cancelled = with_run(PLAN, "late", flies=False, departs_minute=None, aboard=(), escorts=())
    assert {one.goal: one.amount for one in measure(changed, cancelled).goals}["cost"] == 100 + 9 + 5 * 6


def test_order_of_goals() -> None:
    """With an order the value is the amount of the first goal, whatever the weights."""
    ordered = msgspec.structs.replace(ROAD, objective=Objective(order=("staging_person_hours", "cost")))
    assert measure(ordered, PLAN).value == amounts(ROAD)["staging_person_hours"]
