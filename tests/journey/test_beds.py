"""How full staging will be: people there, then each planned movement that comes or goes, beside the beds."""

from __future__ import annotations

import pytest
from tests.a_road import Road

from corridor.base.ids import PlaceId
from corridor.base.moments import parse_moment
from corridor.journey.board.beds import Occupancy, occupancy

NOW, CAMP = "2030-05-02T12:00Z", PlaceId("camp")


@pytest.fixture
def road() -> Road:
    """Two in camp planned on a flight tonight, two at the gate planned on a bus that arrives before it."""
    road = Road()
    for person in ("one", "two", "three", "four"):
        road.register("2030-05-01T06:00Z", person, party=person)
    road.add("sighted", "2030-05-02T06:00Z", "one", "two", target="place:camp")
    road.add("crossed", "2030-05-02T07:00Z", "three", "four", source="place:town", target="place:gate", gate="gate")
    plan(road, "bus", "gate-camp", "2030-05-02T13:00Z", "three", "four")
    plan(road, "plane", "camp-home", "2030-05-02T22:00Z", "one", "two")
    return road


def plan(road: Road, movement: str, leg: str, departs: str | None, *persons: str) -> None:
    """Plan a movement with people on it; None: nobody knows when."""
    times = {} if departs is None else {"departs_at": parse_moment(departs)}
    vehicles = [{"vehicle": f"{movement}-1", "seats": 40}]
    road.add("movement_planned", "2030-05-02T08:00Z", movement=movement, leg=leg, vehicles=vehicles, **times)
    if persons:
        road.add("planned_aboard", "2030-05-02T09:00Z", *persons, movement=movement, place_type="seat")


def camp(road: Road, until: str = "2030-05-04T00:00Z") -> Occupancy:
    """The camp from noon on."""
    return occupancy(road.board(NOW), CAMP, parse_moment(until))


def test_people_come_and_go_as_planned(road: Road) -> None:
    """Two now, four when the bus is there by its usual six hours, two when the plane has left."""
    found = camp(road)
    hours = [(level.at - parse_moment(NOW)) / 3_600_000 for level in found.levels]
    assert list(zip(hours, (level.people for level in found.levels), strict=True)) == [(0, 2), (7, 4), (10, 2)]
    assert found.most.people == 4 and found.beds is None and found.times_unknown == 0
    assert [level.people for level in camp(road, "2030-05-02T20:00Z").levels] == [2, 4]


def test_a_time_not_known_is_not_guessed(road: Road) -> None:
    """People on a movement without a time are said beside the levels, never drawn into them."""
    road.add("movement_changed", "2030-05-02T10:00Z", movement="bus", times_unknown=True)
    found = camp(road)
    assert [level.people for level in found.levels] == [2, 0] and found.times_unknown == 2


def test_what_is_under_way_comes_and_what_is_cancelled_does_not(road: Road) -> None:
    """Aboard counts who boarded, not who was planned; a cancelled flight takes nobody away; an overdue one goes now."""
    aboard = {"source": "place:gate", "target": "aboard:bus"}
    road.add("boarded", "2030-05-02T11:00Z", "three", movement="bus", place_type="seat", **aboard)
    road.add("departed", "2030-05-02T11:30Z", movement="bus", place="gate")
    road.add("movement_cancelled", "2030-05-02T11:40Z", movement="plane", why="fog")
    assert [level.people for level in camp(road).levels] == [2, 3]
    plan(road, "late", "camp-home", "2030-05-02T09:00Z", "one")
    assert [level.people for level in camp(road).levels] == [2, 1, 2]
