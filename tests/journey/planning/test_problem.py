"""The board as a problem: who stands where, what holds them, what carries them; and nothing that is not yet known."""

from __future__ import annotations

from typing import Any

import pytest
from tests.a_road import Road

from corridor.base.ids import PartyId
from corridor.journey.planning.problem import problem_from
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.faults import faults
from corridor.plan.problem import Party, Problem

NOW = "2030-05-02T12:00Z"
HOUR = 60


@pytest.fixture
def road() -> Road:
    """A family split over town and camp, a man on the bus to the camp, a flight announced for the next evening."""
    road = Road()
    road.register("2030-05-01T06:00Z", "mother")
    road.register("2030-05-01T06:00Z", "child", age_band="child")
    road.register("2030-05-01T06:00Z", "infant", age_band="infant")
    road.register("2030-05-01T06:00Z", "man", party="single", citizenships=["KAZ"])
    road.register("2030-05-01T06:00Z", "gone", party="other")
    road.add("withdrew", "2030-05-01T07:00Z", "gone", source="place:town", target="end:withdrawn", why="declined")
    road.add("crossed", "2030-05-02T07:00Z", "man", source="place:town", target="place:gate", gate="gate")
    vehicles = [{"vehicle": "b1", "seats": 40}]
    bus = {"movement": "bus", "leg": "gate-camp", "vehicles": vehicles}
    road.add("movement_planned", "2030-05-02T08:00Z", **bus)
    facts: dict[str, Any] = {"movement": "bus", "place_type": "seat"}
    road.add("boarded", "2030-05-02T09:50Z", "man", source="place:gate", target="aboard:bus", **facts)
    road.add("departed", "2030-05-02T10:00Z", movement="bus", place="gate")
    road.add(
        "movement_planned",
        "2030-05-02T09:00Z",
        movement="flight",
        leg="camp-home",
        vehicles=[{"vehicle": "a1", "seats": 30, "stretchers": 2}],
        departs_at=1_904_068_800_000,  # 2030-05-03T20:00Z
    )
    return road


def found(road: Road, at: str = NOW) -> Problem:
    """The problem of the board, three days ahead."""
    return problem_from(road.board(at), hours=72)


def parties(problem: Problem) -> dict[str, Party]:
    """Parties by their first member."""
    return {party.members[0]: party for party in problem.parties}


def test_board_is_a_problem_without_faults(road: Road) -> None:
    """Who still travels is in it, each where they stand, infants on laps; who withdrew is not."""
    problem = found(road)
    assert list(faults(problem)) == []
    there = parties(problem)
    assert set(there) == {"child", "man"}
    family, man = there["child"], there["man"]
    assert (family.stands, family.place, family.seats, family.laps) == ("origin", "town", 2, 1)
    assert family.members == ("child", "infant", "mother")
    assert (man.stands, man.place, man.citizenships) == ("staging", "camp", ("KAZ",))
    assert man.from_minute == 4 * HOUR  # left at ten, six hours on the way
    (flight,) = problem.flights
    assert (flight.id, flight.seats, flight.departs_from_minute, flight.departs_until_minute) == (
        "flight",
        30,
        32 * HOUR,
        32 * HOUR,
    )


def test_dispatcher_plans_the_board(road: Road) -> None:
    """What a dispatcher makes of the board is feasible, and everybody flies."""
    problem = found(road)
    plan = dispatch(problem, "first_come")
    assert check(problem, plan) == ()
    assert {way.party for way in plan.ways if way.flight == "flight"} == {party.id for party in problem.parties}


def test_split_family_waits_for_each_other(road: Road) -> None:
    """Parts of a travel group that stand at different places are parties that go only with each other."""
    road.add("crossed", "2030-05-02T11:00Z", "child", source="place:town", target="place:gate", gate="gate")
    there = parties(found(road))
    assert there["child"].stands == "hall"
    assert [bond.party for bond in there["child"].bonds] == [PartyId("infant")]
    assert [bond.party for bond in there["infant"].bonds] == [PartyId("child")]


@pytest.mark.parametrize(("person", "place", "stops"), [("mother", "origin", "leave"), ("man", "staging", "fly")])
def test_hold_is_a_wait_until_its_review(road: Road, person: str, place: str, stops: str) -> None:
    """A hold stops the next step until it is reviewed; unfit stops it for longer than anybody knows."""
    review = 1_903_996_800_000  # 2030-05-03T00:00Z
    hold = {"hold": "h", "reason": "medical", "instruction": "rest", "owner": "medic", "review_at": review}
    road.add("hold_placed", "2030-05-02T11:00Z", person, **hold)
    party = next(one for one in found(road).parties if person in one.members)
    assert [(wait.stops, wait.for_what, wait.until_minute) for wait in party.waits] == [(stops, "hold", 12 * HOUR)]
    assert party.stands == place
    road.add("fitness_decided", "2030-05-02T11:30Z", person, decision="unfit")
    road.add("hold_lifted", "2030-05-02T11:40Z", person, hold="h", why="unfit instead")
    party = next(one for one in found(road).parties if person in one.members)
    assert [(wait.stops, wait.until_minute) for wait in party.waits] == [(stops, None)]


def test_stretcher_and_needs(road: Road) -> None:
    """Who needs a stretcher or wheelchair has that place, and counts as a medical case."""
    road.add("need_recorded", "2030-05-02T11:00Z", "mother", need="stretcher")
    road.add("need_recorded", "2030-05-02T11:00Z", "man", need="wheelchair")
    there = parties(found(road))
    assert (there["child"].seats, there["child"].stretchers, there["child"].medical) == (1, 1, 1)
    assert (there["man"].seats, there["man"].wheelchairs) == (0, 1)


def test_closed_leg_and_closed_gate(road: Road) -> None:
    """What a hazard in force shuts is shut: to its end where that is known, else to the end of the plan."""
    road.add("hazard_began", "2030-05-02T11:00Z", hazard="h1", type="closed", leg="town-gate")
    road.add("hazard_began", "2030-05-02T11:00Z", hazard="h2", type="curfew", leg="gate-camp")
    problem = found(road)
    assert problem.gates[0].hours == ()
    assert [(one.from_minute, one.until_minute) for one in problem.legs[1].closed] == [(0, 72 * HOUR)]
    road.add("hazard_ended", "2030-05-02T11:30Z", hazard="h1")
    assert found(road).gates[0].hours != ()


def test_only_what_was_known(road: Road) -> None:
    """A problem of an earlier moment is the same whatever has come in since."""
    before = found(road)
    crossing = {"source": "place:town", "target": "place:gate", "gate": "gate"}
    road.add("crossed", "2030-05-02T11:00Z", "mother", received="2030-05-02T13:00Z", **crossing)
    road.add("movement_cancelled", "2030-05-02T14:00Z", movement="flight", why="fog")
    assert found(road) == before
    later = problem_from(road.board("2030-05-02T12:00Z", "2030-05-02T15:00Z"), hours=72)
    assert "mother" in parties(later)
