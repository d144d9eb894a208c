"""The board shares everybody out: each figure is a set of people, and together they are everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.a_road import Road

from corridor.journey.board.board import ADDENDS, DAY_FIGURES, FIGURES, GROUPS, Board

MORNING = "2030-05-02T06:00Z"
EVENING = "2030-05-02T20:00Z"


@pytest.fixture
def road() -> Road:
    """Eight people: one at each kind of account on the evening of 2 May 2030, one withdrawn before leaving."""
    road = Road()
    for person in ("home-1", "gate-1", "camp-1", "bus-1", "town-1", "gave-up-1", "died-1", "partner-1"):
        road.register(MORNING, person)
    moved = ("home-1", "gate-1", "camp-1", "bus-1", "died-1", "partner-1")
    road.add("crossed", "2030-05-02T07:00Z", *moved, source="place:town", target="place:gate", gate="gate")
    road.add(
        "movement_planned",
        "2030-05-02T07:05Z",
        movement="bus",
        leg="gate-camp",
        name="Bus 1",
        vehicles=[{"vehicle": "b1", "seats": 40}],
        departs_at=1903939200000,
    )
    aboard = ("home-1", "camp-1", "bus-1", "died-1", "partner-1")
    road.add(
        "boarded",
        "2030-05-02T07:30Z",
        *aboard,
        source="place:gate",
        target="aboard:bus",
        movement="bus",
        place_type="seat",
    )
    road.add("departed", "2030-05-02T08:00Z", movement="bus", place="gate")
    road.add("arrived", "2030-05-02T13:00Z", movement="bus", place="camp")
    down = ("home-1", "camp-1", "died-1", "partner-1")
    road.add("alighted", "2030-05-02T13:10Z", *down, source="aboard:bus", target="place:camp", movement="bus")
    road.add("died", "2030-05-02T14:00Z", "died-1", source="place:camp", target="end:died")
    road.add("movement_planned", "2030-05-02T14:00Z", movement="flight", leg="camp-home", name="Flight 1")
    road.add("sighted", "2030-05-02T18:00Z", "home-1", "partner-1", source="place:camp", target="place:home")
    road.add(
        "received",
        "2030-05-02T18:30Z",
        "home-1",
        "partner-1",
        source="place:home",
        target="end:received",
        custodian="ministry",
        place="home",
    )
    road.add(
        "handed_over",
        "2030-05-02T19:00Z",
        "partner-1",
        source="end:received",
        target="end:handed_over",
        from_custodian="ministry",
        to_custodian="family",
    )
    road.add("withdrew", "2030-05-02T08:00Z", "gave-up-1", source="place:town", target="end:withdrawn", why="declined")
    return road


def test_every_figure_by_its_definition(road: Road) -> None:
    """Each figure holds exactly whom its definition names, wherever they ended."""
    board = road.board(EVENING)
    assert {code: sorted(board.people(code)) for code in FIGURES} == {
        "registered": ["bus-1", "camp-1", "died-1", "gate-1", "gave-up-1", "home-1", "partner-1", "town-1"],
        "out": ["bus-1", "camp-1", "died-1", "gate-1", "home-1", "partner-1"],
        "received": ["home-1"],
        "staging": ["camp-1"],
        "on_the_way": ["bus-1", "gate-1"],
        "applications_open": ["town-1"],
        "withdrawn": ["gave-up-1"],
        "died": ["died-1"],
        "handed_over": ["partner-1"],
        "suspense": [],
    }


@pytest.mark.parametrize("hour", [6, 7, 8, 12, 13, 14, 18, 19, 20])
@pytest.mark.parametrize("known_hour", [6, 8, 14, 20])
def test_addends_share_everybody_out(road: Road, hour: int, known_hour: int) -> None:
    """At any two clocks nobody is in two addends, and together they are everybody."""
    board = road.board(f"2030-05-02T{hour:02}:00Z", f"2030-05-02T{known_hour:02}:00Z")
    sets = [board.people(code) for code in ADDENDS]
    assert frozenset().union(*sets) == board.people("registered")
    assert sum(map(len, sets)) == len(board.people("registered")) == sum(board.by_account().values())


def test_records_that_contradict_put_a_person_in_suspense(road: Road) -> None:
    """Two places at once: the person is in suspense, in no other addend, and still among everybody."""
    road.add("crossed", "2030-05-02T20:00Z", "town-1", source="place:town", target="place:gate", gate="gate")
    road.add("sighted", "2030-05-02T20:01Z", "town-1", source="place:home", target="place:camp")
    board = road.board("2030-05-02T21:00Z")
    assert board.people("suspense") == {"town-1"}
    assert "town-1" in board.people("out")
    assert [code for code in ADDENDS if "town-1" in board.people(code)] == ["suspense"]


def test_day_figures_start_at_midnight_of_the_operation(road: Road) -> None:
    """Midnight is that of the operation's zone: 21:00 UTC in Moscow."""
    assert road.board("2030-05-02T20:59Z").people("crossed_day") == road.board(EVENING).people("out")
    assert road.board("2030-05-02T21:00Z").people("crossed_day") == frozenset()
    assert road.board(EVENING).people("received_day") == {"home-1", "partner-1"}


def test_groups_are_parts_of_figures(road: Road) -> None:
    """Children, citizens and relatives of any figure; particulars that changed count as they are now."""
    road.register("2030-05-02T06:01Z", "child-1", age_band="infant", citizenships=["PSE"], relation="relative")
    road.register("2030-05-02T06:02Z", "child-2", age_band="child")
    road.register("2030-05-02T06:03Z", "guest-1", citizenships=[], relation=None)
    road.add("particulars_changed", "2030-05-02T09:00Z", "child-2", citizenships=["PSE", "RUS"], relation="relative")
    road.add("particulars_changed", "2030-05-02T10:00Z", "child-2", age_band="adult")
    before, after = road.board("2030-05-02T08:30Z"), road.board(EVENING)
    assert before.people("registered_children") == {"child-1", "child-2"}
    assert after.people("registered_children") == {"child-1"}
    assert after.people("registered_relatives") == {"child-1", "child-2"}
    assert after.people("registered_citizens") == after.people("registered") - {"child-1", "child-2", "guest-1"}
    assert after.by_citizenship() == {"RUS": 8, "PSE": 2, "not_known": 1}
    assert after.by_citizenship(after.people("received")) == {"RUS": 1}


def test_only_figures_have_people(road: Road) -> None:
    """Every code that says it is a figure has people, and no other code does."""
    board = road.board(EVENING)
    for code in (*FIGURES, *DAY_FIGURES):
        assert board.has_figure(code)
        assert all(board.people(f"{code}_{group}") <= board.people(code) for group in GROUPS)
    for wrong in ("", "foreigners_out", "children", "received_children_children_x", "end:received"):
        assert not board.has_figure(wrong)
        with pytest.raises(KeyError):
            board.people(wrong)


def test_furthest_stage_counts(road: Road) -> None:
    """A person counts at the furthest stage that names them, whatever is recorded later of an earlier one."""
    road.add("need_recorded", "2030-05-02T19:30Z", "home-1", need="wheelchair")
    assert road.board(EVENING).by_stage() == {"register": 2, "cross": 1, "move": 3, "arrive": 2}


def test_strip_shows_stops_rides_and_ends(road: Road) -> None:
    """The strip has the places from left to right with who stands there, what moves between them, and the ends."""
    strip = road.board("2030-05-02T12:00Z").strip()
    assert [(stop.place.id, len(stop.people)) for stop in strip.stops] == [
        ("town", 1),
        ("gate", 1),
        ("camp", 0),
        ("home", 0),
    ]
    assert [(ride.name, ride.state, len(ride.people), ride.source, ride.target) for ride in strip.rides] == [
        ("Bus 1", "on_the_way", 5, "gate", "camp")
    ]
    assert strip.ends["withdrawn"] == {"gave-up-1"}
    evening = road.board(EVENING).strip()
    assert [(ride.movement, ride.state, ride.departs_at) for ride in evening.rides] == [
        ("bus", "arrived", 1903939200000),
        ("flight", "planned", None),
    ]


def test_hazards_last_until_they_end(road: Road) -> None:
    """A hazard counts from its beginning until it is ended, or until the time it was said to last."""
    road.add("hazard_began", "2030-05-02T09:00Z", hazard="h1", type="closed", place="gate")
    road.add("hazard_began", "2030-05-02T09:00Z", hazard="h2", type="curfew", until=1903946400000)  # 10:00Z
    road.add("hazard_ended", "2030-05-02T11:00Z", hazard="h1")
    seen = {
        hour: [hazard.id for hazard in road.board(f"2030-05-02T{hour}Z").hazards]
        for hour in ("08:59", "09:30", "10:30", "11:00")
    }
    assert seen == {"08:59": [], "09:30": ["h1", "h2"], "10:30": ["h1"], "11:00": []}
    assert [hazard.id for hazard in road.board("2030-05-02T09:30Z").strip().stops[1].hazards] == ["h1"]


def test_who_comes_to_a_place_that_was_left_out_is_found(road: Road) -> None:
    """The book still has a place that the file in force left out: who stands there is found, until seen elsewhere."""
    road.add("sighted", "2030-05-02T19:00Z", "gate-1", source="place:gate", target="place:camp")
    here = road.board(EVENING)
    assert not [one for one in here.findings() if one.code == "at_no_place"]
    left = [place for place in here.operation.places if place.id != "camp"]
    legs = tuple(leg for leg in here.operation.legs if "camp" not in (leg.source, leg.target))
    without = replace(here.operation, places=tuple(left), legs=legs)
    (found,) = [one for one in Board(without, here.view).findings() if one.code == "at_no_place"]
    assert "gate-1" in found.persons and set(found.persons) == here.people("staging")
    assert found.data["place"] == "camp" and found.data["at"] <= "2030-05-02T19:00:00Z"
    for number, person in enumerate(found.persons):
        road.add("sighted", f"2030-05-03T0{number}:00Z", person, source="place:camp", target="place:home")
    assert not [
        one for one in Board(without, road.board("2030-05-04T00:00Z").view).findings() if one.code == "at_no_place"
    ]


def test_late_records_show_only_by_what_was_known(road: Road) -> None:
    """A crossing told a day late was true then, and was not known then."""
    road.add(
        "crossed",
        "2030-05-02T19:00Z",
        "town-1",
        source="place:town",
        target="place:gate",
        gate="gate",
        received="2030-05-03T19:00Z",
    )
    assert "town-1" in road.board(EVENING, "2030-05-03T20:00Z").people("out")
    assert "town-1" not in road.board(EVENING).people("out")


def test_what_nothing_changed_is_not_folded_again() -> None:
    """A later board of the same book has the same registration until somebody is registered; another stage's event
    folds that stage only; and an earlier board still knows nothing of what came later."""
    road = Road()
    road.register("2030-05-02T06:00Z", "anna")
    first = road.board("2030-05-02T07:00Z").everybody
    road.add("called", "2030-05-02T08:00Z", "anna", gate="gate", for_date="2030-05-02")
    second = road.board("2030-05-02T09:00Z").everybody
    assert second.register["anna"] is first.register["anna"]  # type: ignore[index]
    assert second.register.all is first.register.all and second.groups == first.groups
    assert second.cross["anna"].calls and not first.cross  # type: ignore[index]
    road.register("2030-05-02T10:00Z", "boris")
    third = road.board("2030-05-02T11:00Z").everybody
    assert set(third.register) == {"anna", "boris"} and set(third.groups) == {frozenset({"anna", "boris"})}
    assert set(road.board("2030-05-02T07:00Z").everybody.register) == {"anna"}


def test_movements_are_kept_until_one_of_them_changes() -> None:
    """The next board has the same movements when another stage's event came, others when a movement's did."""
    road = Road()
    road.register("2030-05-02T06:00Z", "anna")
    road.add("movement_planned", "2030-05-02T06:30Z", movement="bus", leg="gate-camp")
    first = road.board("2030-05-02T07:00Z").everybody
    road.add("called", "2030-05-02T08:00Z", "anna", gate="gate", for_date="2030-05-02")
    second = road.board("2030-05-02T09:00Z").everybody
    assert second.move.movements["bus"] is first.move.movements["bus"]  # type: ignore[index]
    assert second.lists is first.lists
    road.add("movement_cancelled", "2030-05-02T10:00Z", movement="bus", why="fog")
    third = road.board("2030-05-02T11:00Z").everybody
    assert [one.status for one in third.move.movements.values()] == ["cancelled"]
    assert [one.status for one in road.board("2030-05-02T07:00Z").everybody.move.movements.values()] == ["planned"]
