"""Headquarters' door: an order of any stage is decided against the board, and becomes drafts or a no."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.a_road import Road

from corridor.base.ids import FollowUpId, HoldId, LegId, MovementId, PartyId, PermitId, PersonId, PlaceId, UserId
from corridor.base.moments import HOUR_MS, Moment, parse_moment
from corridor.base.refusal import Refusal
from corridor.journey.arrive.rules import Receive, ScheduleFollowUp
from corridor.journey.care.rules import PlaceHold
from corridor.journey.clear.rules import RecordRefusal
from corridor.journey.cross.rules import Call
from corridor.journey.documents.rules import StartPermit
from corridor.journey.move.events import Vehicle
from corridor.journey.move.orders import HoldSeats, Passenger, PlanAboard, PlanMovement
from corridor.journey.orders import Order, decide
from corridor.journey.register.orders import NewPerson, Register, Withdraw

NOW = "2030-05-02T12:00Z"
OFFICER = UserId("officer")


@pytest.fixture
def road() -> Road:
    """A family of two at the gate and a third person still in the town, with a planned bus."""
    road = Road()
    road.register("2030-05-01T06:00Z", "mother")
    road.register("2030-05-01T06:00Z", "child", age_band="child")
    road.register("2030-05-01T06:00Z", "other", party="another")
    road.add("crossed", "2030-05-02T07:00Z", "mother", "child", source="place:town", target="place:gate", gate="gate")
    road.add(
        "movement_planned",
        "2030-05-02T08:00Z",
        movement="bus",
        leg="gate-camp",
        vehicles=[{"vehicle": "b1", "seats": 40}],
    )
    return road


def now() -> Moment:
    """The moment of every order here."""
    return parse_moment(NOW)


def persons(*ids: str) -> tuple[PersonId, ...]:
    """Ids of people."""
    return tuple(PersonId(one) for one in ids)


def new_person(person: str) -> Register:
    """An order to register one person."""
    new = NewPerson(person=PersonId(person), citizenships=("RUS",), age_band="adult")
    return Register(by=OFFICER, party=PartyId("new"), persons=(new,), place=PlaceId("town"))


def seats_for(*ids: str) -> PlanAboard:
    """An order to seat people on the bus."""
    passengers = tuple(Passenger(person=person) for person in persons(*ids))
    return PlanAboard(by=OFFICER, movement=MovementId("bus"), passengers=passengers)


def hold(person: str) -> PlaceHold:
    """An order to stop a person from travelling."""
    return PlaceHold(
        person=PersonId(person),
        by=OFFICER,
        hold=HoldId("h1"),
        reason="medical",
        instruction="rest",
        owner=OFFICER,
        review_at=Moment(now() + HOUR_MS),
    )


ALLOWED: list[tuple[Order, str]] = [
    (new_person("new-1"), "registered"),
    (Withdraw(by=OFFICER, persons=persons("other"), why="declined"), "withdrew"),
    (Call(by=OFFICER, persons=persons("other"), gate=PlaceId("gate"), for_date=date(2030, 5, 3)), "called"),
    (hold("mother"), "hold_placed"),
    (
        PlanMovement(
            by=OFFICER,
            movement=MovementId("bus-2"),
            leg=LegId("gate-camp"),
            vehicles=(Vehicle(vehicle="b2", seats=20),),
        ),
        "movement_planned",
    ),  # type: ignore[arg-type]
    (seats_for("mother", "child"), "planned_aboard"),
    (
        ScheduleFollowUp(
            person=PersonId("mother"),
            by=OFFICER,
            follow_up=FollowUpId("f1"),
            type="medical",
            due_at=Moment(now() + HOUR_MS),
        ),
        "follow_up_due",
    ),
]


@pytest.mark.parametrize(("order", "kind"), ALLOWED)
def test_an_allowed_order_becomes_drafts(road: Road, order: Order, kind: str) -> None:
    """An order of each stage becomes drafts of its event, made now by whoever ordered it."""
    answer = decide(order, road.board(NOW), now())
    assert not isinstance(answer, Refusal), answer
    assert {draft.kind for draft in answer} == {kind}
    assert {(draft.by, draft.happened_at) for draft in answer} == {(OFFICER, now())}


REFUSED: list[tuple[Order, str]] = [
    (new_person("mother"), "mother"),
    (Withdraw(by=OFFICER, persons=persons("stranger"), why="declined"), "stranger"),
    (RecordRefusal(by=OFFICER, authority="nobody", persons=persons("other"), why="no"), "nobody"),  # type: ignore[arg-type]
    (Call(by=OFFICER, persons=persons("mother"), gate=PlaceId("gate"), for_date=date(2030, 5, 3)), "mother"),
    (StartPermit(person=PersonId("mother"), by=OFFICER, permit=PermitId("nothing")), "nothing"),
    (
        PlanMovement(
            by=OFFICER, movement=MovementId("bus"), leg=LegId("gate-camp"), vehicles=(Vehicle(vehicle="b2", seats=20),)
        ),
        "bus",
    ),  # type: ignore[arg-type]
    (seats_for("mother"), "child"),
    (Receive(persons=persons("stranger"), by=OFFICER, custodian="ministry", place=PlaceId("home")), "stranger"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("order", "named"), REFUSED)
def test_a_refused_order_says_why(road: Road, order: Order, named: str) -> None:
    """An order of each stage that the board does not allow gets a refusal that names what is in the way."""
    answer = decide(order, road.board(NOW), now())
    assert isinstance(answer, Refusal)
    assert named in answer.says
    assert answer.remedy


def test_an_order_sees_what_was_recorded_before(road: Road) -> None:
    """The same order is allowed once: what it became is on the board of the next."""
    order = hold("mother")
    assert not isinstance(decide(order, road.board(NOW), now()), Refusal)
    road.add(
        "hold_placed",
        "2030-05-02T11:00Z",
        "mother",
        hold="h1",
        reason="medical",
        instruction="rest",
        owner="officer",
        review_at=now() + HOUR_MS,
    )
    assert isinstance(decide(order, road.board(NOW), now()), Refusal)


PASSAGES: list[tuple[str, list[tuple[str, dict[str, Any]]], str | None]] = [
    ("still in the town before the gate", [], None),
    ("at the gate", [("crossed", {"source": "place:town", "target": "place:gate", "gate": "gate"})], None),
    ("in the camp behind it", [("sighted", {"target": "place:camp"})], "past_the_place"),
    (
        "at an end",
        [("withdrew", {"source": "place:town", "target": "end:withdrawn", "why": "declined"})],
        "past_the_place",
    ),
    (
        "aboard another bus to the camp",
        [
            ("sighted", {"target": "place:gate"}),
            ("boarded", {"source": "place:gate", "target": "aboard:bus-2", "movement": "bus-2", "place_type": "seat"}),
        ],
        "past_the_place",
    ),
    (
        "aboard the bus itself",
        [
            ("sighted", {"target": "place:gate"}),
            ("boarded", {"source": "place:gate", "target": "aboard:bus", "movement": "bus", "place_type": "seat"}),
        ],
        None,
    ),
]


@pytest.mark.parametrize(("where", "happened", "code"), PASSAGES, ids=[where for where, *_ in PASSAGES])
def test_who_is_past_the_place_is_not_put_on(
    road: Road, where: str, happened: list[tuple[str, dict[str, Any]]], code: str | None
) -> None:
    """A bus from the gate takes whoever can still come to it; what happened is never refused, only what is ordered."""
    vehicles = [{"vehicle": "b2", "seats": 9}]
    road.add("movement_planned", "2030-05-01T08:00Z", movement="bus-2", leg="gate-camp", vehicles=vehicles)
    for minute, (kind, body) in enumerate(happened):
        road.add(kind, f"2030-05-02T09:{10 + 5 * minute}Z", "other", **body)
    board = road.board(NOW)
    orders: tuple[Order, ...] = (
        seats_for("other"),
        HoldSeats(by=OFFICER, movement=MovementId("bus"), persons=persons("other"), until=Moment(now() + HOUR_MS)),
    )
    for order in orders:
        answer = decide(order, board, now())
        assert (answer.code if isinstance(answer, Refusal) else None) == code, (where, answer)


def test_a_stranger_is_not_planned_aboard(road: Road) -> None:
    """Somebody who is not in the book is named, with what to do first."""
    answer = decide(seats_for("stranger"), road.board(NOW), now())
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.data["persons"]) == ("not_registered", "stranger")
