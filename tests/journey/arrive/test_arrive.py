"""Arrival: what each event does to a person, every order, every refusal, every contradiction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.journey.care.a_road import code_of, not_in_page, play
from tests.journey.register.a_history import History, arrivals, at, histories

from corridor.base.ids import PersonId, PlaceId
from corridor.base.refusal import Refusal
from corridor.journey.arrive import rules
from corridor.journey.arrive.events import KINDS
from corridor.journey.arrive.findings import CATALOGUE as FINDINGS
from corridor.journey.arrive.findings import ArriveFindingFacts, findings
from corridor.journey.arrive.refusals import CATALOGUE
from corridor.journey.arrive.rules import (
    ArriveFacts,
    EndPlacement,
    HandOver,
    Place,
    ReceiptHandover,
    Receive,
    RecordFollowUp,
    ScheduleFollowUp,
    SendOnward,
    decide,
)
from corridor.journey.arrive.state import ArriveState, fold, free_places, staying
from corridor.ledger.event import Event

NOW, LATER, BEFORE = at("12:00"), at("20T12:00"), at("11:00")
KLIN = PlaceId("klin")
BY: dict[str, Any] = {"by": "officer"}
HANDED: dict[str, Any] = {"from_custodian": "airport", "to_custodian": "region"}
HAPPENINGS: list[tuple[str, dict[str, Any]]] = [
    ("received", {"custodian": "airport", "place": "dme", "relatives": True}),
    ("received", {"place": "dme"}),
    ("follow_up_due", {"follow_up": "f1", "type": "medical", "due_at": LATER}),
    ("follow_up_done", {"follow_up": "f1", "outcome": "well"}),
    ("follow_up_done", {"follow_up": "f9", "outcome": "well"}),
    ("placed", {"shelter": "klin", "room": "12"}),
    ("placed", {"shelter": "kaluga", "until": LATER}),
    ("placement_ended", {"shelter": "klin", "why": "moved"}),
    ("handed_over", {**HANDED, "receipt": "r1"}),
    ("handed_over", HANDED),
    ("handover_receipted", {"receipt": "r1", "by_custodian": "region"}),
    ("handover_receipted", {"receipt": "r2", "by_custodian": "region"}),
    ("onward_journey", {"to": "Kazan"}),
    ("boarded", {"movement": "bus", "place_type": "seat"}),
]


@pytest.fixture
def history() -> History:
    """Anna and her son were received; Clara was handed over to a region; Egor stays at Klin; Fedor just landed."""
    history = History()
    history.add("08:00", "received", "anna", "boris", "clara", "egor", custodian="airport", place="dme")
    history.add("08:30", "follow_up_due", "anna", follow_up="f1", type="medical", due_at=LATER)
    history.add("09:00", "handed_over", "clara", **HANDED)
    history.add("09:30", "placed", "egor", shelter=KLIN, room="12", until=LATER)
    return history


def states_of(history: History) -> dict[PersonId, ArriveState]:
    """The state of everybody named."""
    return {person: fold(history.of(person)) for person in history.persons()}


def facts_of(history: History, **facts: Any) -> ArriveFacts:
    """The facts an order is decided on: Klin has three beds left; Anna and Boris are one family."""
    accounts: Any = dict.fromkeys(history.persons(), "end:received")
    accounts |= {"fedor": "place:dme", "gleb": "aboard:il76", "clara": "end:handed_over"}
    groups: Any = (frozenset({"anna", "boris"}), frozenset({"egor", "galina"}))
    found = ArriveFacts(states=states_of(history), accounts=accounts, free_places=3, groups=groups)
    return replace(found, **facts)


@given(arrivals(histories(HAPPENINGS, ("anna", "boris"))))
def test_arrival_does_not_matter(arrived: tuple[list[Event], list[Event]]) -> None:
    """Shuffled and repeated events give the same state."""
    written, came = arrived
    assert fold(written) == fold(came)


@given(histories(HAPPENINGS, ("anna",)))
def test_no_event_is_swallowed(events: list[Event]) -> None:
    """Every follow-up, placement, handover and receipt is in the state, or among those that cannot be read."""
    state = fold(events)
    count = {kind: sum(event.kind == kind for event in events) for kind, _ in HAPPENINGS}
    assert len(state.unreadable) == sum(event.kind == "received" and "custodian" not in event.body for event in events)
    assert len(state.stays) == count["placed"]
    assert len(state.handovers) == count["handed_over"]
    receipts = {event.body["receipt"] for event in events if event.kind == "handover_receipted"}
    signed = [one.receipt for one in state.handovers if one.receipted_by is not None]
    assert sorted([*signed, *state.receipts_not_known]) == sorted(receipts)
    follow_ups = {one.follow_up for one in state.follow_ups} | set(state.done_not_known)
    assert follow_ups == {event.body["follow_up"] for event in events if "follow_up" in event.body}


def test_who_has_the_person(history: History) -> None:
    """The custodian is who received the person, then who took them over."""
    states = states_of(history)
    assert (states[PersonId("anna")].custodian, states[PersonId("clara")].custodian) == ("airport", "region")
    assert ArriveState().custodian is None


def test_a_receipt_finds_its_handover(history: History) -> None:
    """A receipt noted by no handover belongs to the oldest unsigned one that its signer received."""
    history.add("09:10", "handed_over", "clara", from_custodian="region", to_custodian="school", receipt="r7")
    history.add("09:20", "handover_receipted", "clara", receipt="r8", by_custodian="region")
    history.add("09:30", "handover_receipted", "clara", receipt="r7", by_custodian="school")
    first, second = fold(history.of("clara")).handovers
    assert (first.receipt, first.receipted_by) == ("r8", "region")
    assert (second.receipt, second.receipted_by) == ("r7", "school")


@given(st.integers(0, 5), st.integers(0, 5), st.none() | st.integers(0, 6))
def test_beds_are_counted(placed: int, left: int, beds: int | None) -> None:
    """Free places are the beds without those who stay; unknown beds give no number."""
    history = History()
    for number in range(placed):
        history.add("09:00", "placed", f"p{number}", shelter=KLIN)
    for number in range(min(placed, left)):
        history.add("10:00", "placement_ended", f"p{number}", shelter=KLIN, why="moved")
    states = states_of(history)
    stay = placed - min(placed, left)
    assert len(staying(states, KLIN)) == stay
    assert free_places(states, KLIN, beds) == (None if beds is None else beds - stay)


DONE: list[tuple[Any, list[tuple[str, tuple[str, ...]]]]] = [
    (Receive(**BY, persons=("fedor",), custodian="airport", place="dme"), [("received", ("fedor",))]),
    (
        ScheduleFollowUp(**BY, person="anna", follow_up="f2", type="psychological", due_at=LATER),
        [("follow_up_due", ("anna",))],
    ),
    (RecordFollowUp(**BY, person="anna", follow_up="f1", outcome="treated"), [("follow_up_done", ("anna",))]),
    (Place(**BY, persons=("boris", "anna"), shelter=KLIN, until=LATER), [("placed", ("anna", "boris"))]),
    (Place(**BY, persons=("galina",), shelter=KLIN), [("placed", ("galina",))]),
    (EndPlacement(**BY, person="egor", shelter=KLIN, why="moved"), [("placement_ended", ("egor",))]),
    (
        HandOver(**BY, **HANDED, persons=("anna", "fedor")),
        [("handed_over", ("anna",)), ("handed_over", ("fedor",))],
    ),
    (
        ReceiptHandover(**BY, persons=("clara",), receipt="r1", by_custodian="region"),
        [("handover_receipted", ("clara",))],
    ),
    (SendOnward(**BY, persons=("anna",), to="Kazan", mode="rail", leaves_at=LATER), [("onward_journey", ("anna",))]),
]
REFUSED: list[tuple[str, Any]] = [
    ("nobody_to_place", Place(**BY, persons=(), shelter=KLIN)),
    ("nobody_to_place", Receive(**BY, persons=(), custodian="airport", place="dme")),
    ("not_at_a_place", Receive(**BY, persons=("fedor", "gleb"), custodian="airport", place="dme")),
    ("not_at_a_place", Receive(**BY, persons=("stranger",), custodian="airport", place="dme")),
    ("not_at_a_place", HandOver(**BY, **HANDED, persons=("gleb",))),
    ("already_received", Receive(**BY, persons=("anna",), custodian="airport", place="dme")),
    ("follow_up_exists", ScheduleFollowUp(**BY, person="anna", follow_up="f1", type="medical", due_at=LATER)),
    ("follow_up_past", ScheduleFollowUp(**BY, person="anna", follow_up="f2", type="medical", due_at=NOW)),
    ("follow_up_not_open", RecordFollowUp(**BY, person="boris", follow_up="f1", outcome="well")),
    ("shelter_full", Place(**BY, persons=("p1", "p2", "p3", "p4"), shelter=KLIN)),
    ("party_split_at_shelter", Place(**BY, persons=("anna",), shelter=KLIN)),
    ("party_split_at_shelter", Place(**BY, persons=("galina",), shelter="kaluga")),
    ("already_placed", Place(**BY, persons=("egor",), shelter=KLIN)),
    ("placement_past", Place(**BY, persons=("p1",), shelter=KLIN, until=BEFORE)),
    ("not_placed", EndPlacement(**BY, person="egor", shelter="kaluga", why="moved")),
    ("same_custodian", HandOver(**BY, persons=("anna",), from_custodian="airport", to_custodian="airport")),
    ("not_in_custody", HandOver(**BY, persons=("anna",), from_custodian="school", to_custodian="region")),
    ("handover_not_known", ReceiptHandover(**BY, persons=("anna",), receipt="r1", by_custodian="region")),
    ("handover_not_known", ReceiptHandover(**BY, persons=("clara",), receipt="r1", by_custodian="school")),
    ("not_received", SendOnward(**BY, persons=("fedor",), to="Kazan")),
    ("onward_journey_past", SendOnward(**BY, persons=("anna",), to="Kazan", leaves_at=BEFORE)),
]


@pytest.mark.parametrize(("order", "kinds"), DONE)
def test_an_order_becomes_events(history: History, order: Any, kinds: list[tuple[str, tuple[str, ...]]]) -> None:
    """The drafts are of these kinds and persons, and change the state of each person when they are folded."""
    answer = decide(order, facts_of(history), NOW)
    assert not isinstance(answer, Refusal)
    assert [(draft.kind, draft.persons) for draft in answer] == kinds
    before = states_of(history)
    play(history, answer)
    after = states_of(history)
    for _, persons in kinds:
        for person in persons:
            assert after[PersonId(person)].unreadable == ()
            assert after[PersonId(person)] != before.get(PersonId(person))


@pytest.mark.parametrize(("code", "order"), REFUSED)
def test_an_order_is_refused(history: History, code: str, order: Any) -> None:
    """Each rule says no with its code and its facts filled in."""
    assert code_of(decide(order, facts_of(history), NOW)) == code


def test_moves_leave_the_account_of_the_book(history: History) -> None:
    """Receiving and handing over leave each person's own account and enter the end."""
    answer = decide(HandOver(**BY, **HANDED, persons=("anna", "fedor")), facts_of(history), NOW)
    assert not isinstance(answer, Refusal)
    assert [(draft.source, draft.target) for draft in answer] == [
        ("end:received", "end:handed_over"),
        ("place:dme", "end:handed_over"),
    ]


@pytest.mark.parametrize(("free", "code"), [(2, None), (1, "shelter_full"), (-1, "shelter_full"), (None, None)])
def test_a_family_needs_as_many_beds_as_it_has_people(history: History, free: int | None, code: str | None) -> None:
    """Two people need two beds; where beds are not known nothing is refused."""
    order = Place(**BY, persons=("anna", "boris"), shelter=KLIN)
    answer = decide(order, facts_of(history, free_places=free), NOW)
    assert (answer.code if isinstance(answer, Refusal) else None) == code


@pytest.mark.parametrize(("free", "code"), [(7, "shelter_full_nearest"), (None, "shelter_full_ask")])
def test_a_full_shelter_names_the_nearest_other(history: History, free: int | None, code: str) -> None:
    """The no says where else, and how many beds there are, or that somebody must ask."""
    order = Place(**BY, persons=("anna", "boris"), shelter=KLIN)
    facts = facts_of(history, free_places=0, nearest=PlaceId("tver"), nearest_free=free)
    answer = decide(order, facts, NOW)
    assert isinstance(answer, Refusal)
    assert (answer.code, "tver" in answer.remedy) == (code, True)


def test_a_waiver_lets_a_person_sleep_apart(history: History) -> None:
    """Groups come with waivers applied: without the tie Anna may be placed alone."""
    order = Place(**BY, persons=("anna",), shelter=KLIN)
    assert code_of(decide(order, facts_of(history), NOW)) == "party_split_at_shelter"
    assert not isinstance(decide(order, facts_of(history, groups=()), NOW), Refusal)


CONTRADICTIONS: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    ("follow_up_overdue", [("follow_up_due", {"follow_up": "f5", "type": "medical", "due_at": BEFORE})]),
    ("follow_up_not_known", [("follow_up_done", {"follow_up": "f9", "outcome": "well"})]),
    ("handover_without_receipt", [("handed_over", HANDED)]),
    ("handover_without_receipt", [("handed_over", {**HANDED, "receipt": "r1"})]),
    (
        "handover_signed_by_other",
        [
            ("handed_over", {**HANDED, "receipt": "r1"}),
            ("handover_receipted", {"receipt": "r1", "by_custodian": "school"}),
        ],
    ),
    (
        "handover_to_itself",
        [
            ("handed_over", {"from_custodian": "airport", "to_custodian": "airport", "receipt": "r1"}),
            ("handover_receipted", {"receipt": "r1", "by_custodian": "airport"}),
        ],
    ),
    (
        "handover_by_other",
        [
            ("handed_over", {"from_custodian": "school", "to_custodian": "region"}),
            ("handover_receipted", {"receipt": "r1", "by_custodian": "region"}),
        ],
    ),
    ("receipt_not_known", [("handover_receipted", {"receipt": "r1", "by_custodian": "region"})]),
    ("placed_twice", [("placed", {"shelter": "kaluga"}), ("placed", {"shelter": "lipetsk"})]),
    ("placement_overdue", [("placed", {"shelter": "kaluga", "until": BEFORE})]),
    ("placement_end_not_known", [("placement_ended", {"shelter": "kaluga", "why": "moved"})]),
    ("shelter_over_full", [("placed", {"shelter": "klin"})]),
    ("party_apart_at_shelter", [("placed", {"shelter": "tula"})]),
    ("unreadable_record", [("placed", {})]),
]


@pytest.mark.parametrize(("code", "records"), CONTRADICTIONS)
def test_contradictions_are_found(code: str, records: list[tuple[str, dict[str, Any]]]) -> None:
    """Records that break a rule are taken in and found, with the person; before them nothing is found."""
    history = History()
    history.add("08:00", "received", "anna", custodian="airport", place="dme")
    history.add("08:00", "placed", "egor", shelter="klin")
    groups: Any = (frozenset({"anna", "boris"}),) if code == "party_apart_at_shelter" else ()
    facts = ArriveFindingFacts(beds={KLIN: 1}, groups=groups)
    assert findings(states_of(history), facts, NOW) == ()
    for kind, body in records:
        history.add("09:00", kind, "anna", **body)
    found = findings(states_of(history), facts, NOW)
    assert [one.code for one in found] == [code]
    assert "anna" in found[0].persons


def test_a_signed_handover_is_in_order(history: History) -> None:
    """A handover with the receipt of its receiver, and a follow-up done in time, leave nothing to find."""
    orders: list[Any] = [
        ReceiptHandover(**BY, persons=("clara",), receipt="r", by_custodian="region"),
        RecordFollowUp(**BY, person="anna", follow_up="f1", outcome="well"),
    ]
    for order in orders:
        play(history, decide(order, facts_of(history), NOW))
    history.add("10:00", "placement_ended", "egor", shelter=KLIN, why="moved")
    assert findings(states_of(history), ArriveFindingFacts(), at("21T12:00")) == ()


def test_everything_is_reached_and_listed() -> None:
    """An order, refusal or finding added to arrival must be added to these tables, and to the page."""
    assert {type(order) for order, _ in DONE} == set(rules.ORDERS)
    nearest = {"shelter_full_nearest", "shelter_full_ask"}
    assert {code for code, _ in REFUSED} | nearest == {kind.code for kind in CATALOGUE}
    assert {code for code, _ in CONTRADICTIONS} == {kind.code for kind in FINDINGS}
    codes = [kind.code for kind in (*CATALOGUE, *FINDINGS)]
    assert not_in_page("arrive.md", KINDS, rules.ORDERS, codes) == []
