"""What partners were offered and answered is in the next plan."""

from __future__ import annotations

from typing import Any

import pytest
from tests.a_road import OPERATION_TOML, Road

from corridor.base.moments import parse_moment
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.journey.planning.problem import problem_from
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.problem import Offer

NOW = "2030-05-02T12:00Z"
PARTNER_TOML = """
[[partners]]
id = "kazakhstan"
names = { en = "Kazakhstan", ru = "Казахстан" }
country = "KAZ"
"""


@pytest.fixture
def road() -> Road:
    """Ten of our own and one of a partner in the camp; a flight of ten seats, of which four were offered."""
    road = Road()
    operation = read_operation(OPERATION_TOML + PARTNER_TOML)
    assert isinstance(operation, Operation), operation
    road.operation = operation
    for number in range(11):
        person, country = f"p{number}", "KAZ" if number == 10 else "RUS"
        road.register("2030-05-01T06:00Z", person, party=person, citizenships=[country])
        road.add("crossed", "2030-05-02T07:00Z", person, source="place:town", target="place:camp", gate="gate")
    body: dict[str, Any] = {"movement": "plane", "leg": "camp-home", "vehicles": [{"vehicle": "a1", "seats": 10}]}
    departs = {"departs_at": parse_moment("2030-05-03T20:00Z")}
    road.add("movement_planned", "2030-05-02T09:00Z", facts=body | departs)
    offer = {"movement": "plane", "offer": "o1", "partner": "kazakhstan", "seats": 4}
    road.add("seats_offered", "2030-05-02T09:30Z", facts=offer)
    return road


def planned(road: Road, at: str = NOW) -> tuple[tuple[Offer, ...], int, int]:
    """The offers that a plan made now knows, and how many of our own and of the partner's fly in it."""
    problem = problem_from(road.board(at), hours=72)
    plan = dispatch(problem, "priority")
    assert check(problem, plan) == ()
    flies = {way.party for way in plan.ways if way.flight == "plane"}
    nations = [party.citizenships[0] for party in problem.parties if party.id in flies]
    return problem.flights[0].offers, nations.count("RUS"), nations.count("KAZ")


def test_seats_are_kept_until_the_partner_has_answered(road: Road) -> None:
    """Four seats are the partner's people's, of whom there is one; six of our own fly."""
    assert planned(road) == ((Offer(citizenships=("KAZ",), seats=4, answer="open"),), 6, 1)


def test_what_is_taken_is_kept_and_the_rest_is_ours(road: Road) -> None:
    """The partner takes one of four: the next plan gives the other three to our own."""
    road.add("seats_taken", "2030-05-02T10:00Z", offer="o1", seats=1)
    assert planned(road) == ((Offer(citizenships=("KAZ",), seats=1, answer="taken"),), 9, 1)


def test_what_is_declined_is_nobodys(road: Road) -> None:
    """After the no there is no offer left; all ten seats are for whoever is first, the partner's man among them."""
    road.add("seats_declined", "2030-05-02T10:00Z", offer="o1")
    offers, own, theirs = planned(road)
    assert (offers, own + theirs) == ((), 10)


def test_an_answer_not_yet_known_is_not_used(road: Road) -> None:
    """Planned as of before the answer, the seats are still kept."""
    road.add("seats_declined", "2030-05-02T10:00Z", offer="o1")
    assert planned(road, "2030-05-02T09:45Z")[1:] == (6, 1)
