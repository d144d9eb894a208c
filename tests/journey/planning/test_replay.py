"""Days planned again: from what was known each morning, with those who were really there, and scored fairly."""

from __future__ import annotations

import msgspec
import pytest
from tests.a_road import OPERATION_TOML, Road

from corridor.base.ids import PartyId
from corridor.base.moments import DAY_MS, HOUR_MS, Moment, parse_moment
from corridor.journey.planning.problem import road_for
from corridor.journey.planning.replay import Coming, counted_on, departures, journeys, mornings, problem_before, replay
from corridor.plan.advice import planned_without
from corridor.plan.answer import Plan
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.faults import faults
from corridor.plan.problem import Problem

FLEET = """
[[permits]]
id = "stay"
names = { en = "Stay" }
hours = 48
starts_at = "gate"

[[fleets]]
id = "aircraft"
names = { en = "Aircraft" }
kind = "aircraft"
mode = "air"
vehicles = 2
seats = 4
turnaround_minutes = 60
"""
LAST = parse_moment("2030-05-08T00:00Z")


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch) -> Road:
    """Two families out on the first day, one on the third; all flown on the fourth day by one flight of twelve."""
    monkeypatch.setattr("tests.a_road.OPERATION_TOML", OPERATION_TOML + FLEET)
    road = Road()
    for family, day in (("a", 1), ("b", 1), ("c", 3)):
        people = [f"{family}{number}" for number in range(4)]
        for person in people:
            road.register("2030-04-30T06:00Z", person, party=family)
        date = f"2030-05-0{day}"
        road.add("crossed", f"{date}T07:00Z", *people, source="place:town", target="place:gate", gate="gate")
        bus = f"bus-{family}"
        road.add(
            "movement_planned", f"{date}T07:10Z", movement=bus, leg="gate-camp", vehicles=[{"vehicle": "b", "seats": 9}]
        )
        seat = {"movement": bus, "place_type": "seat"}
        road.add("boarded", f"{date}T07:20Z", *people, source="place:gate", target=f"aboard:{bus}", **seat)
        road.add("departed", f"{date}T07:30Z", movement=bus, place="gate")
        road.add("arrived", f"{date}T13:30Z", movement=bus, place="camp")
        road.add("alighted", f"{date}T13:40Z", *people, source=f"aboard:{bus}", target="place:camp", movement=bus)
    everybody = [f"{family}{number}" for family in "abc" for number in range(4)]
    flight = {"movement": "flight", "leg": "camp-home", "vehicles": [{"vehicle": "p", "seats": 12}]}
    road.add("movement_planned", "2030-05-03T09:00Z", **flight)
    seat = {"movement": "flight", "place_type": "seat"}
    road.add("boarded", "2030-05-04T09:00Z", *everybody, source="place:camp", target="aboard:flight", **seat)
    road.add("departed", "2030-05-04T10:00Z", movement="flight", place="camp")
    return road


def by_hand(problem: Problem) -> Plan:
    """First come first served."""
    return dispatch(problem, "first_come")


def test_who_went_when(road: Road) -> None:
    """Crossing, reaching the camp and flying are read off everybody's path."""
    board = road.board_at(LAST, LAST)
    one = journeys(board, road_for(board, 24))["c0"]
    assert one.crossed_at == parse_moment("2030-05-03T07:00Z")
    assert one.staged_at == parse_moment("2030-05-03T13:40Z")
    assert (one.flown_at, one.flight) == (parse_moment("2030-05-04T10:00Z"), "flight")


def test_days_are_scored_over_the_same_people(road: Road) -> None:
    """Flown at the first departure they are there for by small aircraft: more of them, less waiting, nobody longer than
    the permit allows."""
    days = mornings(parse_moment("2030-05-01T06:00Z"), parse_moment("2030-05-06T00:00Z"))
    done = replay(lambda moment: road.board_at(moment, moment), days, LAST, by_hand)
    hours = [3 * 24 + 3] * 8 + [24 + 3] * 4
    assert done.really.staging_person_hours == sum(hours)
    assert (done.really.aircraft, done.really.breaches, done.really.flown) == (1, 8, 12)
    assert [(one.left_at - parse_moment("2030-05-01T06:00Z")) // HOUR_MS for one in done.flights] == [14, 30, 62]
    assert done.planned.staging_person_hours == 4 * 13 + 4 * 29 + 4 * 13
    assert (done.planned.aircraft, done.planned.breaches, done.planned.flown) == (3, 0, 12)
    assert done.not_flown == ()
    flown = [person for flight in done.flights for person in flight.persons]
    assert len(flown) == len(set(flown)) == 12


def test_mornings_see_only_their_past(road: Road) -> None:
    """Events received after a morning change nothing in the problem that is planned on it."""
    days = mornings(parse_moment("2030-05-01T06:00Z"), parse_moment("2030-05-03T07:00Z"))
    seen: list[Problem] = []

    def planner(problem: Problem) -> Plan:
        seen.append(problem)
        return by_hand(problem)

    replay(lambda moment: road.board_at(moment, moment), days, LAST, planner)
    before = list(seen)
    seen.clear()
    hold = {"hold": "h", "reason": "medical", "instruction": "rest", "owner": "medic", "review_at": LAST}
    road.add("hold_placed", "2030-05-01T15:00Z", "a0", received="2030-05-05T00:00Z", facts=hold)
    replay(lambda moment: road.board_at(moment, moment), days, LAST, planner)
    assert seen == before != []


def test_who_is_expected_is_known_from_the_days_before(road: Road) -> None:
    """Eight crossed the day before and four of the next may still come: five families of four are expected in three
    days, none of them today; nobody before the first crossing; and what is still to happen changes none of it."""
    morning, day_before = parse_moment("2030-05-02T06:00Z"), parse_moment("2030-05-01T06:00Z")
    on_offer = dict(enumerate(departures([morning])))
    problem = problem_before(road.board_at(morning, morning), on_offer, {}, expecting=True)
    assert list(faults(problem)) == []
    expected = [party for party in problem.parties if not party.members]
    assert [(party.seats, party.from_minute // 1440) for party in expected] == [(4, 1), (4, 2), (4, 2), (4, 3), (4, 3)]
    assert problem.start == morning
    before = problem_before(road.board_at(day_before, day_before), on_offer, {}, expecting=True)
    assert all(party.members for party in before.parties)
    assert all(party.members for party in problem_before(road.board_at(morning, morning), on_offer, {}).parties)


def test_only_people_fly_who_were_there(road: Road) -> None:
    """With families expected too, every flight has people of the book, each once, and all of them fly."""
    days = mornings(parse_moment("2030-05-01T06:00Z"), LAST)
    done = replay(lambda moment: road.board_at(moment, moment), days, LAST, by_hand, expecting=True)
    flown = [person for flight in done.flights for person in flight.persons]
    assert len(flown) == len(set(flown)) == 12 and done.not_flown == ()


def test_who_came_says_who_is_counted_on(road: Road) -> None:
    """All who were let pass are counted on while nothing was seen; when one in four came in a day, so many a day."""
    coming = Coming()
    assert coming.a_day() == 1.0
    morning = parse_moment("2030-05-01T06:00Z")
    problem = problem_before(road.board_at(morning, morning), dict(enumerate(departures([morning]))), {}, coming=coming)
    some = msgspec.structs.replace(problem.parties[0], stands="origin", waits=())
    here = tuple(msgspec.structs.replace(some, id=PartyId(f"p{n}")) for n in range(8))
    coming = Coming()
    coming.see(msgspec.structs.replace(problem, parties=here))
    coming.see(msgspec.structs.replace(problem, parties=here[2:], start=Moment(problem.start + DAY_MS)))
    assert (coming.came, coming.party_days) == (2, 8.0)
    days = [party.from_minute // 1440 for party in counted_on(here, 0.25)]
    assert days == [0, 0, 1, 1, 2]
    assert [party.from_minute // 1440 for party in counted_on(here, 1.0)] == [0] * 8


def test_nobody_is_put_off_for_more_than_an_aircraft_costs(road: Road) -> None:
    """By a planner who always waits, four people who could have gone at 20:00 go when they would by the next departure
    have waited the price since then, and sooner at a lower price."""

    def waiting(problem: Problem) -> Plan:
        return planned_without(problem, {flight.id for flight in problem.flights}, by_hand)

    days = mornings(parse_moment("2030-05-01T06:00Z"), LAST)
    hours: dict[int, int] = {}
    for price in (64, 96, 97, 160, 10_000):
        done = replay(lambda moment: road.board_at(moment, moment), days, LAST, waiting, price)
        if done.flights:
            hours[price] = (done.flights[0].left_at - parse_moment("2030-05-01T20:00Z")) // HOUR_MS
    assert hours == {64: 0, 96: 16, 97: 24, 160: 24}
