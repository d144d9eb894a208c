"""Every order about the crossing: what it drafts, and every way in which it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.journey.register.a_history import History, at

from corridor.base.ids import DeviceId, EventId
from corridor.base.refusal import Refusal
from corridor.journey.clear.standing import Standing
from corridor.journey.cross import rules
from corridor.journey.cross.hazards import fold_ways
from corridor.journey.cross.refusals import CATALOGUE
from corridor.journey.cross.rules import (
    BeginHazard,
    Call,
    CloseGate,
    CrossFacts,
    EndHazard,
    OpenGate,
    Order,
    RecordAtGate,
    RecordCrossing,
    RecordSighting,
    SignException,
    TakeCallBack,
    TellNotToCome,
    TurnBack,
    decide,
)
from corridor.journey.cross.state import fold

NOW = at("15T12:00")
BY: dict[str, Any] = {"by": "duty"}


def standing(value: str) -> Standing:
    """A standing of this value."""
    return Standing(value=value, needed=1, words=(), waiting_for=(), valid_until=None)  # type: ignore[arg-type]


def event_id(number: int) -> EventId:
    """An event of the desk."""
    return EventId(DeviceId("desk"), 1, number)


@pytest.fixture
def facts() -> CrossFacts:
    """Anna and her son are cleared, Clara is not, Dina needs no clearance; two crossed without a list (record 1),
    which the second officer has signed for too; Fatima crossed properly (record 3)."""
    history = History()
    history.add("15T08:00", "crossed", "x1", "x2", by="gate-1", source="place:town", target="place:gate", gate="gate")
    history.add("15T08:30", "exception_signed", "x1", "x2", by="second", crossing="desk/1/1", why="asked")
    history.add("15T09:00", "crossed", "fatima", by="gate-1", source="place:town", target="place:gate", gate="gate")
    history.add("15T07:00", "gate_opened", gate="gate")
    history.add("15T07:00", "gate_closed", gate="port")
    history.add("15T07:00", "hazard_began", hazard="h1", type="shelling", leg="town-gate")
    history.add("15T07:00", "hazard_began", hazard="h2", type="curfew", place="town", until=at("15T10:00"))
    for person in ("anna", "boris", "clara", "dina", "out"):
        history.add("15T07:00", "called", person, gate="gate", for_date="2023-11-15")
    history.add("15T07:30", "call_taken_back", "clara", gate="gate", for_date="2023-11-15", why="not_listed")
    history.add("15T07:40", "called", "greta", gate="gate", for_date="2023-11-15")
    history.add("15T11:00", "at_gate", "greta", gate="gate")
    history.add("15T07:00", "called", "fatima", gate="gate", for_date="2023-11-15")
    return CrossFacts(
        states={person: fold(history.of(person)) for person in history.persons()},
        standings={"anna": standing("cleared"), "boris": standing("cleared"), "clara": standing("waiting")},
        groups=(frozenset({"anna", "boris", "out"}), frozenset({"clara"}), frozenset({"dina"})),
        out=frozenset({"x1", "x2", "fatima", "out"}),
        contradicted=frozenset({event_id(1)}),
        ways=fold_ways(history.events),
        places=frozenset({"town", "gate"}),
        gates=frozenset({"gate", "port", "north"}),
        crossings={"gate": ("town", "gate")},
        legs=frozenset({"town-gate"}),
        today=date(2023, 11, 15),
    )


CALL = Call(**BY, persons=("anna", "boris"), gate="gate", for_date=date(2023, 11, 16), by_channel="phone")
SIGN = SignException(**BY, crossing=event_id(1), why="I asked the gate")
CROSSING = RecordCrossing(**BY, persons=("anna", "clara"), gate="gate", list="c15")
BACK = TakeCallBack(**BY, persons=("anna", "boris"), gate="gate", for_date=date(2023, 11, 15), why="closed")
TELL = TellNotToCome(**BY, persons=("clara",), gate="gate", for_date=date(2023, 11, 15), by_channel="phone")
HAZARD = BeginHazard(**BY, hazard="h3", type="closed", place="gate", until=at("16T00:00"))

DONE: list[tuple[str, Order, str, tuple[str, ...]]] = [
    ("a whole group is called", CALL, "called", ("anna", "boris")),
    ("who needs no clearance is called", replace(CALL, persons=("dina",)), "called", ("dina",)),
    ("a call for today", replace(CALL, for_date=date(2023, 11, 15)), "called", ("anna", "boris")),
    ("a whole group's call is taken back", BACK, "call_taken_back", ("anna", "boris")),
    ("who is told not to come", TELL, "told_not_to_come", ("clara",)),
    ("a second person signs", SIGN, "exception_signed", ("x1", "x2")),
    (
        "people stand at the gate",
        RecordAtGate(**BY, persons=("anna", "boris"), gate="gate"),
        "at_gate",
        ("anna", "boris"),
    ),
    ("who is not cleared crossed all the same", CROSSING, "crossed", ("anna", "clara")),
    ("turned back", TurnBack(**BY, persons=("clara",), gate="gate", why="papers"), "turned_back", ("clara",)),
    ("seen in town", RecordSighting(**BY, persons=("dina",), place="town", where="school"), "sighted", ("dina",)),
    ("a closed gate opens", OpenGate(**BY, gate="port"), "gate_opened", ()),
    ("a gate nobody spoke of opens", OpenGate(**BY, gate="north", reason="first day"), "gate_opened", ()),
    ("an open gate closes", CloseGate(**BY, gate="gate", reason="shelling"), "gate_closed", ()),
    ("a hazard begins", HAZARD, "hazard_began", ()),
    ("a hazard everywhere", replace(HAZARD, place=None, until=None), "hazard_began", ()),
    ("a hazard ends", EndHazard(**BY, hazard="h1"), "hazard_ended", ()),
]

REFUSED: list[tuple[str, Order]] = [
    ("nobody_named", replace(CALL, persons=())),
    ("unknown_gate", replace(CALL, gate="moon")),
    ("unknown_gate", OpenGate(**BY, gate="moon")),
    ("day_passed", replace(CALL, for_date=date(2023, 11, 14))),
    ("not_registered", replace(CALL, persons=("stranger",))),
    ("already_crossed", replace(CALL, persons=("fatima",))),
    ("already_crossed", replace(CALL, persons=("anna", "boris", "out"))),
    ("not_cleared", replace(CALL, persons=("anna", "boris", "clara"))),
    ("call_splits_party", replace(CALL, persons=("anna",))),
    ("nobody_named", replace(BACK, persons=())),
    ("unknown_gate", replace(BACK, gate="moon")),
    ("day_passed", replace(BACK, for_date=date(2023, 11, 14))),
    ("not_registered", replace(BACK, persons=("stranger",))),
    ("not_called", replace(BACK, for_date=date(2023, 11, 16))),
    ("not_called", replace(BACK, persons=("clara",))),
    ("not_called", replace(TELL, gate="port")),
    ("already_crossed", replace(BACK, persons=("fatima",))),
    ("stands_at_gate", replace(BACK, persons=("greta",))),
    ("taking_back_splits_party", replace(BACK, persons=("anna",))),
    ("call_not_taken_back", replace(TELL, persons=("dina", "clara"))),
    ("nobody_named", replace(CROSSING, persons=())),
    ("unknown_gate", replace(CROSSING, gate="moon")),
    ("unknown_place", RecordSighting(**BY, persons=("dina",), place="moon")),
    ("not_registered", replace(CROSSING, persons=("stranger",))),
    ("not_yet", replace(CROSSING, at=at("15T12:01"))),
    ("no_way_there", replace(CROSSING, gate="port")),
    ("already_crossed", replace(CROSSING, persons=("anna", "fatima"))),
    ("no_reason", replace(SIGN, why="")),
    ("no_such_crossing", replace(SIGN, crossing=event_id(99))),
    ("signed_by_recorder", replace(SIGN, by="gate-1")),
    ("already_signed", replace(SIGN, by="second")),
    ("needs_no_exception", replace(SIGN, crossing=event_id(3))),
    ("gate_already", OpenGate(**BY, gate="gate")),
    ("gate_already", CloseGate(**BY, gate="port")),
    ("hazard_id_taken", replace(HAZARD, hazard="h2")),
    ("unknown_place", replace(HAZARD, place="moon")),
    ("unknown_leg", replace(HAZARD, leg="moon")),
    ("hazard_ends_before", replace(HAZARD, until=NOW)),
    ("no_such_hazard", EndHazard(**BY, hazard="h9")),
    ("hazard_over", EndHazard(**BY, hazard="h2")),
]


@pytest.mark.parametrize(("says", "order", "kind", "persons"), DONE, ids=[says for says, *_ in DONE])
def test_an_order_becomes_a_draft(
    facts: CrossFacts, says: str, order: Order, kind: str, persons: tuple[str, ...]
) -> None:
    """Each order that may be done drafts one event of this kind for these people."""
    drafts = decide(order, facts, NOW)
    assert not isinstance(drafts, Refusal), (says, drafts)
    assert [(draft.kind, draft.persons, draft.happened_at) for draft in drafts] == [(kind, persons, NOW)]


@pytest.mark.parametrize(("code", "order"), REFUSED, ids=[f"{code}-{turn}" for turn, (code, _) in enumerate(REFUSED)])
def test_an_order_is_refused(facts: CrossFacts, code: str, order: Order) -> None:
    """Each order that may not be done gets the refusal of this code, in whole sentences."""
    refusal = decide(order, facts, NOW)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.code == code
    assert refusal.says.endswith(".") and refusal.remedy.endswith(".")


def test_a_record_has_the_time_it_was_told(facts: CrossFacts) -> None:
    """A crossing told by radio at noon is recorded when it happened, from the leg's one end to the other."""
    drafts = decide(replace(CROSSING, at=at("15T10:30")), facts, NOW)
    assert not isinstance(drafts, Refusal)
    (crossed,) = drafts
    assert (crossed.happened_at, crossed.source, crossed.target) == (at("15T10:30"), "place:town", "place:gate")


def test_every_order_and_every_refusal_is_in_the_tables() -> None:
    """An order or a refusal added to the crossing must be added here."""
    assert {type(order) for _, order, *_ in DONE} == set(rules.Order.__args__)
    shared = {"nobody_named", "no_reason", "not_registered", "unknown_place"}
    assert {code for code, _ in REFUSED} - shared == {kind.code for kind in CATALOGUE}
