"""Who can be put on a movement now: the right place, care, clearance, papers, the whole family, no place yet."""

from __future__ import annotations

import pytest
from tests.a_road import Road

from corridor.base.ids import LegId, MovementId, PersonId, UserId, VehicleId
from corridor.base.moments import parse_moment
from corridor.base.refusal import Refusal
from corridor.journey.board.ready import Hindrance, ready_groups
from corridor.journey.move.events import Vehicle
from corridor.journey.move.orders import Board, Passenger, PlanMovement
from corridor.journey.orders import decide

BUS, FLIGHT = LegId("gate-camp"), LegId("camp-home")
NOW = "2030-05-02T12:00Z"


@pytest.fixture
def road() -> Road:
    """A mother and child at the gate since seven, a man there since six, somebody still in the town."""
    road = Road()
    road.register("2030-05-01T06:00Z", "mother")
    road.register("2030-05-01T06:00Z", "child", age_band="child")
    road.register("2030-05-01T06:00Z", "man", party="single")
    road.register("2030-05-01T06:00Z", "other", party="another")
    road.add("crossed", "2030-05-02T07:00Z", "mother", "child", source="place:town", target="place:gate", gate="gate")
    road.add("crossed", "2030-05-02T06:00Z", "man", source="place:town", target="place:gate", gate="gate")
    road.add(
        "movement_planned",
        "2030-05-02T08:00Z",
        movement="bus",
        leg="gate-camp",
        vehicles=[{"vehicle": "b1", "seats": 40}],
    )
    return road


def found(road: Road, leg: LegId = BUS) -> list[tuple[tuple[PersonId, ...], bool]]:
    """The groups in their order, and whether each is ready."""
    return [(group.persons, group.ready) for group in ready_groups(road.board(NOW).everybody, leg)]


def test_who_stands_there_is_ready_the_longest_there_first(road: Road) -> None:
    """Groups at the leg's beginning and nobody else; an earlier arrival is first."""
    assert found(road) == [(("man",), True), (("child", "mother"), True)]
    assert found(road, FLIGHT) == []


@pytest.mark.parametrize(
    ("kind", "body", "hindrance"),
    [
        (
            "hold_placed",
            {"hold": "h", "reason": "medical", "instruction": "rest", "owner": "medic", "review_at": 1_903_000_000_000},
            "on_hold",
        ),
        ("fitness_decided", {"decision": "unfit"}, "not_fit"),
        ("paper_missing", {"type": "passport"}, "paper_missing"),
        ("withdrew", {"why": "changed_mind"}, None),
    ],
)
def test_one_hindered_member_holds_the_family_back(
    road: Road, kind: str, body: dict[str, object], hindrance: Hindrance | None
) -> None:
    """The family is not ready and comes after those who are; who withdrew holds nobody back."""
    moves = {"source": "place:gate", "target": "end:withdrawn"} if kind == "withdrew" else {}
    road.add(kind, "2030-05-02T09:00Z", "child", **moves, facts=body)  # type: ignore[arg-type]
    groups = ready_groups(road.board(NOW).everybody, BUS)
    if hindrance is None:
        assert [(group.persons, group.ready) for group in groups] == [(("man",), True), (("mother",), True)]
    else:
        assert [group.ready for group in groups] == [True, False]
        assert groups[1].hindrances == {"child": (hindrance,)}


def test_a_family_in_two_places_is_not_ready(road: Road) -> None:
    """Nobody goes ahead while one of the family stands elsewhere."""
    road.register("2030-05-01T06:00Z", "father")
    groups = ready_groups(road.board(NOW).everybody, BUS)
    assert groups[1].persons == ("child", "father", "mother")
    assert groups[1].hindrances == {"father": ("elsewhere",)}


def test_who_has_a_place_is_not_offered_again(road: Road) -> None:
    """Planned on a movement still to leave: shown with it, and not ready."""
    road.add("planned_aboard", "2030-05-02T09:00Z", "man", movement="bus", place_type="seat")
    groups = ready_groups(road.board(NOW).everybody, BUS)
    assert [(group.persons, group.ready, group.planned) for group in groups] == [
        (("child", "mother"), True, ()),
        (("man",), False, ("bus",)),
    ]


def test_nobody_boards_a_flight_unexamined(road: Road) -> None:
    """Whom no medic ever saw is neither ready for a flight nor let aboard one by order; on a bus they are."""
    for person in ("mother", "child", "man"):
        road.add("sighted", "2030-05-02T10:00Z", person, target="place:camp")
    road.add("fitness_decided", "2030-05-02T10:30Z", "man", decision="fit")
    assert found(road, FLIGHT) == [(("man",), True), (("child", "mother"), False)]
    road.add(
        "movement_planned",
        "2030-05-02T11:00Z",
        movement="plane",
        leg="camp-home",
        vehicles=[{"vehicle": "p1", "seats": 40}],
    )
    now, board = parse_moment(NOW), road.board(NOW)

    def boards(movement: str, person: str) -> object:
        passengers = (Passenger(person=PersonId(person)),)
        answer = decide(Board(movement=MovementId(movement), by=UserId("officer"), passengers=passengers), board, now)
        return answer.data["why"] if isinstance(answer, Refusal) else "boarded"

    assert boards("plane", "man") == boards("bus", "mother") == "boarded"
    assert boards("plane", "mother") == "No doctor has decided whether the person can travel."


def test_a_vehicle_is_planned_once_at_a_time(road: Road) -> None:
    """While the bus is away, and as long as its turnaround, it cannot go on another movement; later it can."""
    departs_at = parse_moment("2030-05-02T13:00Z")
    road.add("movement_changed", "2030-05-02T08:30Z", movement="bus", departs_at=departs_at)
    board = road.board(NOW)

    def plans(departs: str | None) -> str:
        order = PlanMovement(
            movement=MovementId("second"),
            by=UserId("officer"),
            leg=BUS,
            vehicles=(Vehicle(vehicle=VehicleId("b1"), seats=40),),
            departs_at=None if departs is None else parse_moment(departs),
        )
        answer = decide(order, board, parse_moment(NOW))
        return answer.code if isinstance(answer, Refusal) else "planned"

    assert plans("2030-05-02T18:00Z") == "vehicle_taken"  # six hours on the road: back at 19:00
    assert plans("2030-05-02T19:00Z") == "planned"
    assert plans("2030-05-02T07:01Z") == "vehicle_taken"
    assert plans(None) == "planned"
