"""Issuing a plan: the orders it becomes, what they leave in the book, and what is refused when the board has moved."""

from __future__ import annotations

from typing import Any

import pytest
from tests.a_road import OPERATION_TOML, Road

from corridor.base.ids import MovementId, PersonId, PlanId, UserId
from corridor.base.moments import Moment, iso, parse_moment
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.base.refusal import Refusal
from corridor.journey.board.board import Board
from corridor.journey.move.orders import IssuePlan
from corridor.journey.orders import decide
from corridor.journey.planning.changes import changes_since, cut_at
from corridor.journey.planning.issuing import issue_order
from corridor.journey.planning.problem import LEAD_MINUTES, hour_of, problem_from
from corridor.plan.answer import Plan
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.problem import Problem

NOW, SOON = "2030-05-02T12:10Z", "2030-05-02T12:20Z"
OFFICER = UserId("officer")
MORE_TOML = """
[[fleets]]
id = "buses"
names = { en = "Buses", ru = "Автобусы" }
kind = "bus"
mode = "bus"
vehicles = 2
seats = 20
turnaround_minutes = 60
legs = ["gate-camp"]

[[partners]]
id = "kazakhstan"
names = { en = "Kazakhstan", ru = "Казахстан" }
country = "KAZ"
"""
EVENING = "2030-05-03T20:00Z"


@pytest.fixture
def road() -> Road:
    """A family and a man of a partner behind the gate, buses, and a flight the next evening with seats he may take."""
    road = Road()
    operation = read_operation(OPERATION_TOML + MORE_TOML)
    assert isinstance(operation, Operation), operation
    road.operation = operation
    road.register("2030-05-01T06:00Z", "mother")
    road.register("2030-05-01T06:00Z", "child", age_band="child")
    road.register("2030-05-01T06:00Z", "infant", age_band="infant")
    road.register("2030-05-01T06:00Z", "man", party="single", citizenships=["KAZ"])
    for person in ("mother", "child", "infant", "man"):
        road.add("crossed", "2030-05-02T07:00Z", person, source="place:town", target="place:gate", gate="gate")
    aircraft = [{"vehicle": "a1", "seats": 30, "stretchers": 2}]
    plane = {"movement": "plane", "leg": "camp-home", "vehicles": aircraft, "departs_at": parse_moment(EVENING)}
    road.add("movement_planned", "2030-05-02T09:00Z", facts=plane)
    offer = {"movement": "plane", "offer": "o1", "partner": "kazakhstan", "seats": 9}
    road.add("seats_offered", "2030-05-02T09:30Z", facts=offer)
    road.add("seats_taken", "2030-05-02T09:40Z", offer="o1", seats=1)
    return road


def planned(board: Board) -> tuple[Problem, Plan]:
    """The board's problem and a dispatcher's plan for it, proved."""
    problem = problem_from(board, hours=72, start=hour_of(board.at), lead_minutes=LEAD_MINUTES)
    plan = dispatch(problem, "first_come")
    assert check(problem, plan) == ()
    return problem, plan


def issued(road: Road, at: str, name: str, made: tuple[Problem, Plan] | None = None, **how: Any) -> IssuePlan:
    """The order of issuing a plan at a time, carried out: what it becomes is recorded."""
    board = road.board(at)
    order = issue_order(board, *(made or planned(board)), name=PlanId(name), by=OFFICER, **how)
    drafts = decide(order, board, parse_moment(at))
    assert not isinstance(drafts, Refusal), drafts
    for one in drafts:
        road.add(one.kind, iso(one.happened_at), *one.persons, source=one.source, target=one.target, facts=one.body)
    return order


def persons(*ids: str) -> frozenset[PersonId]:
    """Ids of people."""
    return frozenset(PersonId(one) for one in ids)


def test_a_plan_becomes_movements_and_manifests(road: Road) -> None:
    """Its convoy is planned on a real vehicle, everybody is on it and on the flight after it, the infant on a lap, the
    partner's man on the partner's seat; and the book says who issued it."""
    issued(road, NOW, "plan-1")
    board = road.board(SOON)
    movements = board.everybody.move.movements
    convoy, plane = movements[MovementId("plan-1-1")], movements[MovementId("plane")]
    assert (convoy.leg, convoy.plan, [one.vehicle for one in convoy.vehicles]) == ("gate-camp", "plan-1", ["buses-1"])
    assert convoy.departs_at is not None and convoy.departs_at >= parse_moment(NOW)
    everybody = persons("mother", "child", "infant", "man")
    assert (convoy.planned, plane.planned) == (everybody, everybody)
    berths = {row.person: row.planned for row in plane.rows if row.planned is not None}
    assert (berths[PersonId("infant")].place_type, berths[PersonId("child")].place_type) == ("lap", "seat")
    assert (berths[PersonId("man")].offer, berths[PersonId("mother")].offer) == ("o1", None)
    (event,) = board.view.events(("plan_issued",))
    assert (event.by, event.body["plan"], event.body["placed"], event.body["movements"]) == ("officer", "plan-1", 4, 2)
    assert len(str(event.body["plan_sha256"])) == 64


def test_the_same_plan_issued_again_changes_nothing(road: Road) -> None:
    """Who is on a manifest as the plan has them stays there, and its convoy is not planned twice."""
    made = planned(road.board(NOW))
    issued(road, NOW, "plan-1", made)
    again = issued(road, SOON, "plan-1", made)
    assert (again.cancels, again.takes_off, again.plans, again.boards) == ((), (), (), ())


def test_the_next_plan_takes_the_place_of_the_one_before(road: Road) -> None:
    """A convoy that an earlier plan made and the next one does not have is called off, and nobody stays on it."""
    issued(road, NOW, "plan-1")
    review = parse_moment("2030-05-02T18:00Z")
    hold = {"hold": "h", "reason": "medical", "instruction": "rest", "owner": "medic", "review_at": review}
    road.add("hold_placed", "2030-05-02T12:30Z", "man", facts=hold)
    later = "2030-05-02T14:10Z"
    order = issued(road, later, "plan-2")
    assert [str(one.movement) for one in order.cancels] == ["plan-1-1"]
    movements = road.board("2030-05-02T14:20Z").everybody.move.movements
    to_leave = [one for one in movements.values() if one.status == "planned" and one.leg == "gate-camp"]
    assert {one.plan for one in to_leave} == {"plan-2"}
    assert all(one.departs_at is not None and one.departs_at >= parse_moment(later) for one in to_leave)


def test_what_is_planned_by_hand_stays(road: Road) -> None:
    """Who is on a convoy planned by hand is in staging from its arrival on, and its vehicle is not the plan's."""
    bus: dict[str, Any] = {"movement": "bus", "leg": "gate-camp", "vehicles": [{"vehicle": "buses-1", "seats": 20}]}
    road.add("movement_planned", "2030-05-02T11:00Z", facts=bus | {"departs_at": parse_moment("2030-05-02T13:00Z")})
    road.add("planned_aboard", "2030-05-02T11:10Z", "man", movement="bus", place_type="seat", vehicle="buses-1")
    problem, _ = planned(road.board(NOW))
    man = next(one for one in problem.parties if one.members == ("man",))
    assert (man.stands, man.place, man.from_minute) == ("staging", "camp", 7 * 60)
    (absence,) = problem.fleets[0].absences
    assert (absence.from_minute, absence.count) == (60, 1) and absence.until_minute > 7 * 60
    issued(road, NOW, "plan-1")
    movements = road.board(SOON).everybody.move.movements
    assert {one.movement: one.planned for one in movements.values() if one.leg == "gate-camp"} == {
        "bus": persons("man"),
        "plan-1-1": persons("mother", "child", "infant"),
    }
    assert [one.vehicle for one in movements[MovementId("plan-1-1")].vehicles] == ["buses-2"]


def test_all_of_a_plan_is_issued_or_nothing(road: Road) -> None:
    """Somebody was put on another movement from the same place meanwhile, and boarding of the flight is closed: the
    whole plan is refused, and nothing of it becomes an event."""
    made = planned(road.board(NOW))
    road.add("boarding_closed", "2030-05-02T12:15Z", movement="plane", souls=0, planned=0)
    board = road.board(SOON)
    refused = decide(issue_order(board, *made, name=PlanId("p"), by=OFFICER), board, parse_moment(SOON))
    assert isinstance(refused, Refusal) and refused.code == "boarding_is_closed"


def test_who_crosses_is_called_to_the_gate(road: Road) -> None:
    """Who is to cross is called for the plan's hour and not told yet; the same plan calls nobody twice, and a call that
    may not be made any more refuses the whole plan."""
    road.register("2030-05-01T06:00Z", "aunt", party="hers")
    road.register("2030-05-01T06:00Z", "cousin", party="hers")
    made = problem, plan = planned(road.board(NOW))
    way = next(one for one in plan.ways if one.party == "aunt")
    order = issued(road, NOW, "plan-1", made)
    board = road.board(SOON)
    for person in persons("aunt", "cousin"):
        (call,) = board.everybody.cross[person].calls
        assert way.crosses_minute is not None
        assert call.there_at == problem.start + way.crosses_minute * 60_000
        assert (call.gate, call.plan, call.told, str(call.for_date)) == ("gate", "plan-1", False, "2030-05-02")
    assert [one.persons for one in order.calls] == [("aunt", "cousin")]
    assert issue_order(board, *made, name=PlanId("plan-1"), by=OFFICER).calls == ()
    road.add("crossed", "2030-05-02T12:25Z", "cousin", source="place:town", target="place:gate", gate="gate")
    later = road.board("2030-05-02T12:30Z")
    refused = decide(order, later, later.at)
    assert isinstance(refused, Refusal) and refused.code == "already_crossed"


def test_a_plan_without_a_crossing_takes_its_call_back(road: Road) -> None:
    """Whom the plan before called and this one does not have cross is called back, told or not; who was called by hand
    alone stays called, and who stands at the gate is left to the gate."""
    for person, party in (("aunt", "hers"), ("cousin", "hers"), ("uncle", "his"), ("friend", "friends")):
        road.register("2030-05-01T06:00Z", person, party=party)
    road.add("called", "2030-05-02T11:00Z", "friend", gate="gate", for_date="2030-05-02", facts={"plan": "plan-0"})
    road.add("at_gate", "2030-05-02T11:30Z", "friend", gate="gate")
    issued(road, NOW, "plan-1")
    board = road.board(SOON)
    called = {one for one in ("aunt", "cousin", "uncle") if board.everybody.cross[PersonId(one)].standing_calls}
    assert called == {"aunt", "cousin", "uncle"}
    day = str(board.everybody.cross[PersonId("aunt")].calls[-1].for_date)
    road.add("called", "2030-05-02T12:21Z", "cousin", gate="gate", for_date=day, by_channel="phone")
    road.add("called", "2030-05-02T12:21Z", "man", gate="gate", for_date=day, by_channel="phone")
    hold = {"hold": "h", "reason": "medical", "instruction": "rest", "owner": "medic"}
    review = parse_moment("2030-05-09T00:00Z")
    road.add("hold_placed", "2030-05-02T12:22Z", "aunt", facts=hold | {"review_at": review})
    order = issued(road, "2030-05-02T12:30Z", "plan-2")
    (back,) = order.takes_back
    assert (back.persons, back.why, str(back.for_date)) == (("aunt", "cousin"), "planned_otherwise", day)
    cross = road.board("2030-05-02T12:40Z").everybody.cross
    gate, on = back.gate, back.for_date
    assert [cross[PersonId(one)].is_called(gate, on) for one in ("aunt", "cousin", "uncle", "friend")] == [
        False,
        False,
        True,
        True,
    ]
    assert [cross[PersonId(one)].expects_word(gate, on) for one in ("aunt", "cousin")] == [False, True]


def test_a_part_of_a_plan_is_issued(road: Road) -> None:
    """What leaves later than asked is not issued: the convoy is, the flight of the next evening is not."""
    problem, plan = planned(road.board(NOW))
    cut = cut_at(problem, plan, 24 * 60)
    assert check(problem, cut) == ()
    until = Moment(problem.start + 24 * 3_600_000)
    order = issued(road, NOW, "plan-1", (problem, cut), whole=plan, until=until)
    assert {str(one.movement) for one in order.boards} == {"plan-1-1"}
    assert order.value == round(plan.value)


def test_a_board_that_has_not_moved_passes(road: Road) -> None:
    """As long as nothing that matters has changed the checker passes the plan, before and after it was issued."""
    made = planned(road.board(NOW))
    assert changes_since(road.board(SOON), *made) == ()
    issued(road, SOON, "plan-1", made)
    assert changes_since(road.board("2030-05-02T12:25Z"), *made) == ()


HOLD = {
    "hold": "h",
    "reason": "medical",
    "instruction": "rest",
    "owner": "medic",
    "review_at": parse_moment("2030-05-05T00:00Z"),
}
CHANGED: list[tuple[str, tuple[str, ...], dict[str, Any], str, tuple[str, ...]]] = [
    ("hold_placed", ("child",), HOLD, "waits", ("child", "infant", "mother")),
    ("withdrew", ("man",), {"source": "place:gate", "target": "end:withdrawn", "why": "declined"}, "gone", ("man",)),
    ("joined_party", ("man",), {"party": "family"}, "company", ("man",)),
    ("need_recorded", ("mother",), {"need": "stretcher"}, "places", ("child", "infant", "mother")),
    ("sighted", ("man",), {"source": "place:gate", "target": "place:camp"}, "elsewhere", ("man",)),
    ("movement_cancelled", (), {"movement": "plane", "why": "fog"}, "flight_gone", ()),
    ("movement_changed", (), {"movement": "plane", "departs_at": parse_moment(EVENING) + 60_000}, "flight_moved", ()),
]


@pytest.mark.parametrize(("kind", "who", "body", "code", "persons"), CHANGED, ids=[one[3] for one in CHANGED])
def test_what_has_moved_is_told(
    road: Road, kind: str, who: tuple[str, ...], body: dict[str, Any], code: str, persons: tuple[str, ...]
) -> None:
    """A hold, somebody gone, a family grown, another need, another place, a flight gone or moved: each is told with the
    people it is about."""
    made = planned(road.board(NOW))
    road.add(kind, "2030-05-02T12:15Z", *who, **body)
    found = changes_since(road.board(SOON), *made)
    assert code in {one.code for one in found}
    told = next(one for one in found if one.code == code)
    assert told.persons == persons
    assert told.about == ("plane" if not persons else "camp" if code == "elsewhere" else "")
    assert (told.detail == "hold") == (code == "waits")


def test_a_plan_grows_old(road: Road) -> None:
    """When its convoy should have left and has not, everybody on it is told."""
    made = planned(road.board(NOW))
    found = changes_since(road.board("2030-05-02T14:00Z"), *made)
    assert {one.code for one in found} == {"time_past"}
    assert {person for one in found for person in one.persons} == persons("mother", "child", "infant", "man")


def test_a_gate_that_shut_is_told_by_the_checker(road: Road) -> None:
    """A leg closed by a hazard: nobody is told as changed themselves, the rule of the plan is."""
    made = planned(road.board(NOW))
    road.add("hazard_began", "2030-05-02T12:15Z", hazard="z", type="road_cut", leg="gate-camp")
    found = changes_since(road.board(SOON), *made)
    assert {one.detail for one in found if one.code == "rule"} >= {"convoy_time"}


def test_a_family_of_which_somebody_is_in_suspense_waits(road: Road) -> None:
    """Nobody knows where the mother is: the children do not fly without her."""
    road.add("sighted", "2030-05-02T07:05Z", "mother", source="place:camp", target="place:home")
    assert road.board(NOW).view.account_of(PersonId("mother")) == "suspense"
    problem, plan = planned(road.board(NOW))
    children = next(one for one in problem.parties if "child" in one.members)
    assert [(wait.for_what, wait.until_minute) for wait in children.waits] == [("company", None)]
    assert next(one for one in plan.unplaced if one.party == children.id).reason == "waits"
