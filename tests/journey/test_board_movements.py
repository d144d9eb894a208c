"""The pictures of movements say who is planned as the manifests do."""

from __future__ import annotations

from tests.a_road import Road

from corridor.journey.move.state import fold

AT = "2030-05-02T12:00Z"
VEHICLES = [{"vehicle": "bus-a", "seats": 40}]


def a_road() -> Road:
    """Three people in the town and a bus that two of them are planned on; one plan arrived before its movement's."""
    road = Road()
    for person in ("ada", "ben", "cyd"):
        road.register("2030-05-02T08:00Z", person)
    road.add("movement_planned", "2030-05-02T09:00Z", movement="bus-1", leg="gate-camp", vehicles=VEHICLES)
    road.add("planned_aboard", "2030-05-02T09:10Z", "ada", "ben", movement="bus-1", place_type="seat")
    road.add("planned_aboard", "2030-05-02T09:20Z", "cyd", movement="bus-not-planned", place_type="seat")
    return road


def planned(road: Road) -> dict[str, frozenset[str]]:
    """Who is planned on which movement, on the board."""
    return {picture.movement: frozenset(picture.planned) for picture in road.board(AT).movements}


def test_planned_are_on_the_picture() -> None:
    """Everybody planned, also on a movement whose own plan has not arrived."""
    assert planned(a_road()) == {"bus-1": {"ada", "ben"}, "bus-not-planned": {"cyd"}}


def test_taken_off_and_planned_again() -> None:
    """Who is taken off is off, until planned again; nobody left leaves an empty set."""
    road = a_road()
    road.add("taken_off", "2030-05-02T10:00Z", "ada", "ben", movement="bus-1", why="seats needed")
    assert planned(road)["bus-1"] == frozenset()
    road.add("planned_aboard", "2030-05-02T11:00Z", "ben", movement="bus-1", place_type="seat")
    assert planned(road)["bus-1"] == {"ben"}


def test_board_and_manifests_agree() -> None:
    """The sets are those of the manifests' first column, unreadable plans left out of both."""
    road = a_road()
    road.add("planned_aboard", "2030-05-02T10:00Z", "cyd", movement="bus-1", place_type="roof")
    kinds = ("movement_planned", "planned_aboard", "taken_off")
    folded = fold(road.board(AT).view.events(kinds))
    assert len(folded.unreadable) == 1
    assert planned(road) == {name: movement.planned for name, movement in folded.movements.items()}
