"""Flight escorts of the operation file: how many a plan sends along, and who of them is away."""

from __future__ import annotations

from typing import Any

import pytest
from tests.a_road import OPERATION_TOML, Road

from corridor.base.ids import MovementId
from corridor.base.moments import parse_moment
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.journey.board.moving import escort_seats
from corridor.journey.planning.problem import problem_from
from corridor.plan.answer import FlightRun, Plan
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.faults import faults
from corridor.plan.problem import Problem

NOW, EVENING = "2030-05-02T12:00Z", "2030-05-03T20:00Z"
FLEET_TOML = """
[[fleets]]
id = "aircraft"
names = { en = "Aircraft", ru = "Самолёты" }
kind = "airliner"
mode = "air"
vehicles = 2
seats = 6
stretchers = 3

[[fleets.escorts]]
role = "doctor"
per_persons = 2
counted = "stretchers"

[[fleets.escorts]]
role = "psychologist"
at_least = 1
"""
POOL_TOML = """
[[escort_pools]]
role = "doctor"
place = "camp"
count = 2
back_hours = 20
"""


@pytest.fixture
def road() -> Road:
    """Three on stretchers and three who sit, all in the camp, and a flight the next evening with six seats."""
    road = Road()
    of(road, FLEET_TOML + POOL_TOML)
    for number in range(6):
        person = f"p{number}"
        road.register("2030-05-01T06:00Z", person, party=person)
        road.add("crossed", "2030-05-02T07:00Z", person, source="place:town", target="place:camp", gate="gate")
        if number < 3:
            road.add("need_recorded", "2030-05-02T08:00Z", person, need="stretcher")
    flight(road, "plane", EVENING)
    return road


def of(road: Road, more: str) -> None:
    """The road with more in its operation file."""
    operation = read_operation(OPERATION_TOML + more)
    assert isinstance(operation, Operation), operation
    road.operation = operation


def flight(road: Road, name: str, departs: str) -> None:
    """A flight announced."""
    aircraft = [{"vehicle": "a1", "seats": 6, "stretchers": 3}]
    body: dict[str, Any] = {"movement": name, "leg": "camp-home", "vehicles": aircraft}
    road.add("movement_planned", "2030-05-02T09:00Z", facts=body | {"departs_at": parse_moment(departs)})


def planned(road: Road) -> tuple[Problem, Plan, FlightRun]:
    """The board's problem, a proved plan of it, and what its flight does."""
    problem = problem_from(road.board(NOW), hours=72)
    assert list(faults(problem)) == []
    plan = dispatch(problem, "first_come")
    assert check(problem, plan) == ()
    return problem, plan, next(run for run in plan.flights if run.flight == "plane")


def test_escorts_go_by_who_is_aboard(road: Road) -> None:
    """Two doctors for three who lie, on two of the six seats; of psychologists the file does not say how many there
    are, so that only one seat is kept free."""
    problem, _, run = planned(road)
    assert [(pool.id, pool.count, pool.absences) for pool in problem.pools] == [("doctor-camp", 2, ())]
    (plane,) = problem.flights
    assert (plane.seats, plane.escorts_back_minutes) == (5, 20 * 60)
    assert [(rule.pool, rule.per, rule.of, rule.takes_seat) for rule in plane.escorts] == [
        ("doctor-camp", 2, "stretchers", True)
    ]
    assert [(sent.pool, sent.count) for sent in run.escorts] == [("doctor-camp", 2)]
    assert len(run.aboard) == 6


def test_escorts_who_are_away_do_not_fly(road: Road) -> None:
    """A doctor left with an earlier flight and is back after twenty hours: until then one is missing."""
    flight(road, "before", "2030-05-02T10:00Z")
    road.add("escort_assigned", "2030-05-02T09:30Z", movement="before", role="doctor", count=1)
    road.add("departed", "2030-05-02T10:00Z", movement="before", place="camp")
    (pool,) = problem_from(road.board(NOW), hours=72).pools
    assert [(one.from_minute, one.until_minute, one.count) for one in pool.absences] == [(0, 18 * 60, 1)]


def test_without_a_pool_nobody_is_counted(road: Road) -> None:
    """Where the file does not say how many escorts there are, a plan keeps the seats of `at_least` free, no more."""
    of(road, FLEET_TOML)
    problem, _, run = planned(road)
    assert (problem.pools, problem.flights[0].escorts, problem.flights[0].seats) == ((), (), 5)
    assert run.escorts == ()


def test_the_manifest_asks_for_the_same_escorts(road: Road) -> None:
    """Who is on the manifest is counted as the plan counts: two doctors for three who lie, and one psychologist."""
    for person in ("p0", "p1", "p2"):
        road.add("planned_aboard", "2030-05-02T10:00Z", person, movement="plane", place_type="stretcher")
    road.add("planned_aboard", "2030-05-02T10:00Z", "p3", movement="plane", place_type="seat")
    board = road.board(NOW)
    assert board.everybody.escorts_needed[MovementId("plane")] == {"doctor": 2, "psychologist": 1}
    assert escort_seats(board, MovementId("plane")) == 3
