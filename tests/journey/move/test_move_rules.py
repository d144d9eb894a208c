"""Every order about movements: what it becomes, and every way in which it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.journey.care.a_road import code_of, not_in_page, play
from tests.journey.move.a_convoy import (
    BUS,
    NOW,
    WITH_INFANT,
    a_convoy,
    alight,
    boarded_family,
    bus,
    closed,
    departed,
    facts_of,
    seated,
    with_family,
)
from tests.journey.register.a_history import History, at

from corridor.base.ids import OfferId
from corridor.base.limits import EVENT_PERSONS_MAX
from corridor.base.refusal import Refusal
from corridor.journey.care.refusals import ON_HOLD
from corridor.journey.move import orders
from corridor.journey.move.events import KINDS, Vehicle
from corridor.journey.move.findings import CATALOGUE as FINDINGS
from corridor.journey.move.orders import (
    Alight,
    Arrive,
    AssignEscort,
    Board,
    CancelMovement,
    ChangeMovement,
    CloseBoarding,
    DeclineSeats,
    Depart,
    HoldSeats,
    JoinStandby,
    LeaveStandby,
    OfferSeats,
    PlanAboard,
    PlanMovement,
    ReleaseSeats,
    TakeOff,
    TakeSeats,
)
from corridor.journey.move.refusals import CATALOGUE
from corridor.journey.move.rules import decide
from corridor.journey.move.state import fold

FAMILY_SORTED = ("anna", "boris", "vera")
LATER, BEFORE = at("15:00"), at("11:30")
IT: dict[str, Any] = {"movement": BUS, "by": "officer"}
VAN: Any = (Vehicle(vehicle="v", seats=1),)  # type: ignore[arg-type]
OFFER: dict[str, Any] = IT | {"offer": "o2", "partner": "kaz"}
HOLD = ON_HOLD(hold="h1", until="2023-11-15", instruction="Call the doctor.")


def planned() -> History:
    """The family is planned, Egor has a held seat, two seats are offered."""
    history = with_family(a_convoy())
    history.add("09:00", "seat_held", "egor", movement=BUS, until=LATER)
    history.add("09:00", "seats_offered", offer="o1", movement=BUS, partner="kaz", seats=2, answer_by=LATER)
    return history


def waiting() -> History:
    """The family waits for a seat, and Egor behind it."""
    history = a_convoy()
    history.add("09:00", "standby_joined", "anna", "boris", "vera", movement=BUS)
    history.add("09:05", "standby_joined", "egor", movement=BUS)
    return history


def boarding() -> History:
    """The family got in as planned."""
    return boarded_family(planned())


def shut() -> History:
    """The doors are shut on three souls."""
    return closed(boarding())


def left() -> History:
    """The convoy is on its way."""
    return departed(shut())


def there() -> History:
    """The convoy arrived and Anna got out."""
    history = left()
    history.add("11:50", "arrived", movement=BUS, place="city")
    alight(history, "11:55", "anna")
    return history


def answered() -> History:
    """The partner took one of the two seats."""
    history = planned()
    history.add("10:00", "seats_taken", offer="o1", seats=1)
    return history


def called_off() -> History:
    """The convoy will not go."""
    history = planned()
    history.add("10:00", "movement_cancelled", movement=BUS, why="closed")
    return history


Setting = Callable[[], History]
DONE: list[tuple[Setting, Any, dict[str, Any], list[tuple[str, tuple[str, ...]]]]] = [
    (History, PlanMovement(**IT, leg="l", vehicles=VAN), {}, [("movement_planned", ())]),
    (planned, ChangeMovement(**IT, departs_at=LATER), {}, [("movement_changed", ())]),
    (planned, CancelMovement(**IT, why="closed"), {}, [("movement_cancelled", ())]),
    (planned, AssignEscort(**IT, role="doctor", count=1), {}, [("escort_assigned", ())]),
    (
        a_convoy,
        PlanAboard(**IT, passengers=WITH_INFANT),
        {},
        [("planned_aboard", ("anna", "boris")), ("planned_aboard", ("vera",))],
    ),
    (planned, PlanAboard(**IT, passengers=seated("egor")), {}, [("planned_aboard", ("egor",))]),
    (answered, PlanAboard(**IT, passengers=seated("fedor"), offer="o1"), {}, [("planned_aboard", ("fedor",))]),
    (
        planned,
        TakeOff(**IT, persons=("anna", "boris", "vera"), why="ill"),
        {},
        [("taken_off", ("anna", "boris", "vera"))],
    ),
    (a_convoy, HoldSeats(**IT, persons=("fedor", "egor"), until=LATER), {}, [("seat_held", ("egor", "fedor"))]),
    (planned, HoldSeats(**IT, persons=("egor",), until=at("18:00")), {}, [("seat_held", ("egor",))]),
    (waiting, JoinStandby(**IT, persons=("gleb",)), {}, [("standby_joined", ("gleb",))]),
    (waiting, LeaveStandby(**IT, persons=("egor",), why="own wish"), {}, [("standby_left", ("egor",))]),
    (waiting, LeaveStandby(**IT, persons=("anna", "boris", "vera"), why="ill"), {}, [("standby_left", FAMILY_SORTED)]),
    (planned, ReleaseSeats(**IT, persons=("egor",), why="ill"), {}, [("seat_released", ("egor",))]),
    (planned, Board(**IT, passengers=WITH_INFANT), {}, [("boarded", ("anna", "boris")), ("boarded", ("vera",))]),
    (boarding, CloseBoarding(**IT, souls=3), {}, [("boarding_closed", ())]),
    (planned, CloseBoarding(**IT, souls=0, exception="convoy turned back"), {}, [("boarding_closed", ())]),
    (shut, Depart(**IT, place="gate", souls=3), {}, [("departed", ())]),
    (shut, Depart(**IT, place="gate", exception="shelling"), {"escorts_needed": {"doctor": 1}}, [("departed", ())]),
    (left, Arrive(**IT, place="city"), {}, [("arrived", ())]),
    (there, Alight(**IT, place="city", persons=("vera", "boris")), {}, [("alighted", ("boris", "vera"))]),
    (a_convoy, OfferSeats(**OFFER, seats=2, answer_by=LATER), {}, [("seats_offered", ())]),
    (planned, TakeSeats(**IT, offer="o1", seats=2), {}, [("seats_taken", ())]),
    (planned, DeclineSeats(**IT, offer="o1", why="own aircraft"), {}, [("seats_declined", ())]),
]
REFUSED: list[tuple[str, Setting, Any, dict[str, Any]]] = [
    ("movement_exists", planned, PlanMovement(**IT, leg="l", vehicles=VAN), {}),
    ("movement_not_known", History, Board(**IT, passengers=seated("anna")), {}),
    ("movement_without_vehicle", History, PlanMovement(**IT, leg="l", vehicles=()), {}),
    ("movement_without_vehicle", planned, ChangeMovement(**IT, vehicles=()), {}),
    (
        "movement_times_reversed",
        History,
        PlanMovement(**IT, leg="l", vehicles=VAN, departs_at=LATER, arrives_at=LATER),
        {},
    ),
    ("vehicle_taken", History, PlanMovement(**IT, leg="l", vehicles=VAN), {"busy": {"v": "plane"}}),
    ("vehicle_taken", planned, ChangeMovement(**IT, vehicles=VAN), {"busy": {"v": "plane"}}),
    ("movement_times_reversed", planned, ChangeMovement(**IT, departs_at=LATER, arrives_at=NOW), {}),
    ("movement_over", left, ChangeMovement(**IT, departs_at=LATER), {}),
    ("movement_over", called_off, PlanAboard(**IT, passengers=seated("egor")), {}),
    ("movement_over", called_off, Board(**IT, passengers=seated("egor")), {}),
    ("movement_over", left, CloseBoarding(**IT, souls=3), {}),
    ("movement_over", left, Depart(**IT, place="gate"), {}),
    ("movement_over", there, Arrive(**IT, place="city"), {}),
    ("movement_over", called_off, OfferSeats(**OFFER, seats=1), {}),
    ("boarding_is_closed", shut, PlanAboard(**IT, passengers=seated("egor")), {}),
    ("boarding_is_closed", shut, Board(**IT, passengers=seated("egor")), {}),
    ("boarding_is_closed", shut, CloseBoarding(**IT, souls=3), {}),
    ("boarding_is_open", boarding, Depart(**IT, place="gate"), {}),
    ("people_aboard", boarding, CancelMovement(**IT, why="closed"), {}),
    ("vehicles_too_small", planned, ChangeMovement(**IT, vehicles=VAN), {}),
    ("no_place_left", planned, PlanAboard(**IT, passengers=seated("fedor")), {}),
    ("no_place_left", a_convoy, PlanAboard(**IT, passengers=seated("e", "f", "g", "h")), {"escort_seats": 2}),
    ("no_place_left", a_convoy, PlanAboard(**IT, passengers=seated("e", "f", place_type="stretcher")), {}),
    ("no_place_left", a_convoy, PlanAboard(**IT, passengers=seated("e", "f", vehicle="a1")), {}),
    ("no_place_left", a_convoy, PlanAboard(**IT, passengers=seated("e", place_type="wheelchair", vehicle="a1")), {}),
    ("no_place_left", answered, PlanAboard(**IT, passengers=seated("e", "f"), offer="o1"), {}),
    ("no_place_left", planned, HoldSeats(**IT, persons=("fedor",), until=LATER), {}),
    ("no_place_left", boarding, Board(**IT, passengers=seated("fedor")), {}),
    ("no_place_left", planned, OfferSeats(**OFFER, seats=1), {}),
    ("vehicle_not_known", a_convoy, PlanAboard(**IT, passengers=seated("egor", vehicle="b9")), {}),
    ("party_split", a_convoy, PlanAboard(**IT, passengers=seated("anna", "boris")), {}),
    ("party_split", planned, TakeOff(**IT, persons=("boris",), why="ill"), {}),
    ("party_split", a_convoy, HoldSeats(**IT, persons=("anna",), until=LATER), {}),
    ("lap_not_infant", a_convoy, PlanAboard(**IT, passengers=seated("egor", place_type="lap")), {}),
    (
        "lap_without_adult",
        a_convoy,
        PlanAboard(**IT, passengers=seated("vera", place_type="lap")),
        {"groups": (frozenset({"vera"}),)},
    ),
    ("lap_without_adult", a_convoy, PlanAboard(**IT, passengers=seated("vera", place_type="lap")), {"groups": ()}),
    ("already_planned", planned, PlanAboard(**IT, passengers=WITH_INFANT), {}),
    (
        "already_planned",
        a_convoy,
        PlanAboard(**IT, passengers=seated("egor")),
        {"planned_elsewhere": {"egor": "plane"}},
    ),
    ("not_registered", planned, PlanAboard(**IT, passengers=seated("stranger")), {}),
    ("not_registered", planned, HoldSeats(**IT, persons=("egor", "stranger"), until=LATER), {}),
    ("not_registered", planned, JoinStandby(**IT, persons=("stranger",)), {}),
    ("past_the_place", planned, PlanAboard(**IT, passengers=seated("egor")), {"past": {"egor"}, "leaves_from": "gate"}),
    ("past_the_place", planned, HoldSeats(**IT, persons=("egor",), until=LATER), {"past": {"egor"}}),
    ("past_the_place", planned, JoinStandby(**IT, persons=("egor",)), {"past": {"egor"}}),
    ("not_planned", planned, TakeOff(**IT, persons=("gleb",), why="ill"), {}),
    ("may_not_board", planned, Board(**IT, passengers=WITH_INFANT), {"may_travel": {"anna": True, "boris": HOLD}}),
    ("already_aboard", planned, Board(**IT, passengers=WITH_INFANT), {"aboard": {"boris": "plane"}}),
    ("already_aboard", boarding, Board(**IT, passengers=WITH_INFANT), {}),
    ("account_not_known", planned, Board(**IT, passengers=WITH_INFANT), {"accounts": {"anna": "end:received"}}),
    ("not_aboard", boarding, Alight(**IT, place="city", persons=("anna", "egor")), {}),
    ("souls_differ", boarding, CloseBoarding(**IT, souls=4), {}),
    ("manifest_differs", planned, CloseBoarding(**IT, souls=3), {}),
    ("manifest_differs", planned, CloseBoarding(**IT, souls=0, exception=" "), {}),
    ("escorts_missing", shut, Depart(**IT, place="gate"), {"escorts_needed": {"doctor": 1, "psychologist": 2}}),
    ("not_departed", shut, Arrive(**IT, place="city"), {}),
    ("seat_hold_past", planned, HoldSeats(**IT, persons=("gleb",), until=BEFORE), {}),
    ("seat_not_held", planned, ReleaseSeats(**IT, persons=("gleb",), why="ill"), {}),
    ("offer_exists", planned, OfferSeats(**OFFER | {"offer": "o1"}, seats=1), {}),
    ("offer_not_known", planned, TakeSeats(**IT, offer="o9", seats=1), {}),
    ("offer_not_known", planned, PlanAboard(**IT, passengers=seated("egor"), offer="o9"), {}),
    ("offer_answered", answered, DeclineSeats(**IT, offer="o1"), {}),
    ("offer_answer_past", a_convoy, OfferSeats(**OFFER, seats=1, answer_by=NOW), {}),
    ("more_than_offered", planned, TakeSeats(**IT, offer="o1", seats=3), {}),
    ("own_people_first", a_convoy, OfferSeats(**OFFER, seats=3), {"own_waiting": 3}),
    ("share_not_offered", boarding, CloseBoarding(**IT, souls=3), {"share_percent": 50}),
    ("nobody_named", planned, PlanAboard(**IT, passengers=()), {}),
    ("nobody_named", planned, TakeOff(**IT, persons=(), why="ill"), {}),
    ("nobody_named", planned, HoldSeats(**IT, persons=(), until=LATER), {}),
    ("nobody_named", planned, ReleaseSeats(**IT, persons=(), why="ill"), {}),
    ("nobody_named", planned, Board(**IT, passengers=()), {}),
    ("nobody_named", planned, JoinStandby(**IT, persons=()), {}),
    ("nobody_named", planned, LeaveStandby(**IT, persons=(), why="ill"), {}),
    ("party_split", a_convoy, JoinStandby(**IT, persons=("anna", "vera")), {}),
    ("party_split", waiting, LeaveStandby(**IT, persons=("vera",), why="ill"), {}),
    ("already_planned", planned, JoinStandby(**IT, persons=("anna", "boris", "vera")), {}),
    ("already_on_standby", waiting, JoinStandby(**IT, persons=("egor",)), {}),
    ("not_on_standby", waiting, LeaveStandby(**IT, persons=("gleb",), why="ill"), {}),
    ("boarding_is_closed", shut, JoinStandby(**IT, persons=("egor",)), {}),
    ("movement_over", left, JoinStandby(**IT, persons=("egor",)), {}),
    ("nobody_named", planned, Alight(**IT, place="city", persons=()), {}),
]


@pytest.mark.parametrize(("setting", "order", "facts", "kinds"), DONE)
def test_an_order_becomes_events(
    setting: Setting, order: Any, facts: dict[str, Any], kinds: list[tuple[str, tuple[str, ...]]]
) -> None:
    """The drafts are of these kinds and persons, and change the movement when they are folded."""
    history = setting()
    answer = decide(order, facts_of(history, **facts), NOW)
    assert not isinstance(answer, Refusal)
    assert [(draft.kind, draft.persons) for draft in answer] == kinds
    before = fold(history.events)
    play(history, answer)
    after = fold(history.events)
    assert after.unreadable == ()
    assert after.movements != before.movements


@pytest.mark.parametrize(("code", "setting", "order", "facts"), REFUSED)
def test_an_order_is_refused(code: str, setting: Setting, order: Any, facts: dict[str, Any]) -> None:
    """Each rule says no with its code and its facts filled in."""
    assert code_of(decide(order, facts_of(setting(), **facts), NOW)) == code


def test_the_names_left_out_are_said() -> None:
    """A plan that splits a family names who would stay behind; with the family's waiver it is done."""
    order = PlanAboard(**IT, passengers=seated("anna"))
    refusal = decide(order, facts_of(a_convoy()), NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.data["left_out"] == "boris, vera"
    waived = facts_of(a_convoy(), groups=(frozenset({"anna"}), frozenset({"boris", "vera"})))
    assert not isinstance(decide(order, waived, NOW), Refusal)


def test_a_hold_says_what_care_lets_others_know() -> None:
    """The refusal to board carries care's public sentence and its remedy."""
    refusal = decide(Board(**IT, passengers=seated("egor")), facts_of(planned(), may_travel={"egor": HOLD}), NOW)
    assert isinstance(refusal, Refusal)
    assert HOLD.says in refusal.says
    assert refusal.remedy == HOLD.remedy


def test_boarding_moves_people_from_where_they_stand() -> None:
    """People from two places board in two events, each from its own account to the movement's."""
    accounts = {"anna": "place:gate", "boris": "place:gate", "vera": "place:hotel"}
    answer = decide(Board(**IT, passengers=WITH_INFANT), facts_of(planned(), accounts=accounts), NOW)
    assert not isinstance(answer, Refusal)
    assert [(draft.persons, draft.source, draft.target) for draft in answer] == [
        (("anna", "boris"), "place:gate", "aboard:bus"),
        (("vera",), "place:hotel", "aboard:bus"),
    ]
    history = boarding()
    answer = decide(Alight(**IT, place="city", persons=("anna",)), facts_of(history), NOW)
    assert not isinstance(answer, Refusal)
    assert (answer[0].source, answer[0].target) == ("aboard:bus", "place:city")


def test_who_is_planned_boards_a_full_bus() -> None:
    """With every seat taken the planned may board on their own places, and nobody else."""
    history = a_convoy()
    history.add("09:00", "planned_aboard", "p1", "p2", "p3", "p4", "p5", movement=BUS, place_type="seat")
    facts = facts_of(history, accounts=dict.fromkeys(["p1", "p2", "p3", "p4", "p5", "p6"], "place:gate"))
    assert code_of(decide(Board(**IT, passengers=seated("p6")), facts, NOW)) == "no_place_left"
    answer = decide(Board(**IT, passengers=seated("p1", "p2", "p3", "p4", "p5")), facts, NOW)
    assert not isinstance(answer, Refusal)
    play(history, answer)
    assert bus(history).aboard == bus(history).planned


def test_an_expired_hold_gives_its_seat_to_others() -> None:
    """A seat held until noon is refused to others before noon, and theirs from noon on."""
    history = a_convoy()
    history.add("09:00", "seat_held", "e1", "e2", "e3", "e4", "e5", movement=BUS, until=NOW)
    order = PlanAboard(**IT, passengers=seated("fedor"))
    assert code_of(decide(order, facts_of(history), BEFORE)) == "no_place_left"
    assert not isinstance(decide(order, facts_of(history), NOW), Refusal)


def test_the_rest_of_a_family_may_follow() -> None:
    """Whoever of a family is already on the manifest counts: the others may be planned to join, all of them."""
    history = a_convoy()
    history.add("09:00", "planned_aboard", "anna", movement=BUS, place_type="seat")
    rest = PlanAboard(**IT, passengers=(*seated("boris"), *seated("vera", place_type="lap")))
    assert not isinstance(decide(rest, facts_of(history), NOW), Refusal)
    assert code_of(decide(PlanAboard(**IT, passengers=seated("boris")), facts_of(history), NOW)) == "party_split"


def test_a_partners_people_sit_on_the_seats_they_took() -> None:
    """On a full bus the seats a partner took are free for its people, and for nobody else."""
    history = a_convoy()
    history.add("09:00", "seats_offered", offer="o1", movement=BUS, partner="kaz", seats=2)
    history.add("09:10", "seats_taken", offer="o1", seats=2)
    history.add("09:20", "planned_aboard", "p1", "p2", "p3", movement=BUS, place_type="seat")
    own = PlanAboard(**IT, passengers=seated("egor", "fedor"))
    theirs = PlanAboard(**IT, passengers=seated("askar", "dana"), offer=OfferId("o1"))
    assert code_of(decide(own, facts_of(history), NOW)) == "no_place_left"
    play(history, decide(theirs, facts_of(history), NOW))
    assert bus(history).planned == {"p1", "p2", "p3", "askar", "dana"}


def test_an_expired_offer_cannot_be_taken() -> None:
    """After the answer time the seats are no longer the partner's; declining late changes nothing and is kept."""
    assert code_of(decide(TakeSeats(**IT, offer="o1", seats=1), facts_of(planned()), LATER)) == "offer_expired"
    assert not isinstance(decide(DeclineSeats(**IT, offer="o1"), facts_of(planned()), LATER), Refusal)


SHARES: list[tuple[int, dict[str, Any], bool]] = [
    (5, {}, True),
    (5, {"own_waiting": 1}, False),
    (4, {"own_waiting": 1}, True),
    (2, {"own_waiting": 9, "share_percent": 30}, True),
    (3, {"own_waiting": 9, "share_percent": 30}, False),
    (5, {"own_waiting": 9, "own_first": False}, True),
]


@pytest.mark.parametrize(("seats", "facts", "offered"), SHARES)
def test_our_own_first_but_the_share_is_kept(seats: int, facts: dict[str, Any], offered: bool) -> None:
    """Of five seats thirty percent, two, are offered even while our own wait; more only when they have seats."""
    answer = decide(OfferSeats(**OFFER, seats=seats), facts_of(a_convoy(), **facts), NOW)
    assert isinstance(answer, Refusal) != offered


def test_escorts_that_are_assigned_are_enough() -> None:
    """The convoy departs with the doctor it needs and lacks the psychologist nobody assigned."""
    history = boarded_family(planned())
    history.add("09:00", "escort_assigned", movement=BUS, role="doctor", count=1)
    closed(history)
    order = Depart(**IT, place="gate")
    assert not isinstance(decide(order, facts_of(history, escorts_needed={"doctor": 1}), NOW), Refusal)
    refusal = decide(order, facts_of(history, escorts_needed={"doctor": 1, "psychologist": 1}), NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.data["lacking"] == "1 psychologist"


def test_a_great_party_is_recorded_in_parts() -> None:
    """More people than one event may name become several events, and nobody is lost."""
    history = History()
    vehicle = {"vehicle": "il", "seats": 200}
    history.add("08:00", "movement_planned", movement=BUS, leg="l", vehicles=[vehicle])
    crowd = [f"p{number:03}" for number in range(130)]
    here = dict.fromkeys(crowd, "place:gate")
    answer = decide(PlanAboard(**IT, passengers=seated(*crowd)), facts_of(history, groups=(), accounts=here), NOW)
    assert not isinstance(answer, Refusal)
    assert [len(draft.persons) for draft in answer] == [EVENT_PERSONS_MAX, EVENT_PERSONS_MAX, 2]
    play(history, answer)
    assert bus(history).planned == set(crowd)


def test_everything_is_reached_and_listed() -> None:
    """An order or refusal added to move must be added to these tables; the page lists all, findings too."""
    assert {type(order) for _, order, _, _ in DONE} == set(orders.ORDERS)
    assert {code for code, _, _, _ in REFUSED} - {"not_registered"} | {"offer_expired"} == {
        kind.code for kind in CATALOGUE
    }
    codes = [kind.code for kind in (*CATALOGUE, *FINDINGS)]
    assert not_in_page("move.md", KINDS, (*orders.ORDERS, orders.IssuePlan), codes) == []
