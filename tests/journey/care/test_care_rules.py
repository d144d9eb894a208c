"""Every order of care: what it becomes, and every way in which it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.journey.care.a_road import code_of, not_in_page, play
from tests.journey.register.a_history import History, at

from corridor.base.refusal import Refusal
from corridor.journey.care import rules
from corridor.journey.care.events import KINDS
from corridor.journey.care.findings import CATALOGUE as FINDINGS
from corridor.journey.care.refusals import CATALOGUE
from corridor.journey.care.rules import (
    CareFacts,
    CloseTracing,
    DecideFitness,
    GiveFirstAid,
    LiftHold,
    OpenTracing,
    PlaceHold,
    RecordEncounter,
    RecordTestimony,
    ReportLoss,
    ReviewHold,
    TriagePerson,
    decide,
)
from corridor.journey.care.state import fold
from corridor.journey.care.triage import Observation

NOW, LATER, BEFORE = at("12:00"), at("15T12:00"), at("11:00")
ANNA: dict[str, Any] = {"person": "anna", "by": "dr"}
SEEN: dict[str, Any] = ANNA | {"encounter": "e2", "place": "camp", "codes": ("diabetes",), "disposition": "treated"}
HOLD: dict[str, Any] = ANNA | {"hold": "h2", "reason": "medical", "instruction": "Rest.", "owner": "dr"}
LOSS: dict[str, Any] = ANNA | {"loss": "relative_missing"}
FIRST_AID: dict[str, Any] = ANNA | {"encounter": "p2", "place": "camp"}


@pytest.fixture
def history() -> History:
    """Anna was seen twice, is on hold by the medic, and searches for her brother."""
    history = History()
    history.add("09:00", "encounter", "anna", encounter="e1", place="camp", codes=["fever"], disposition="treated")
    history.add("09:00", "psychological_first_aid", "anna", encounter="p1", place="camp")
    history.add(
        "09:20", "hold_placed", "anna", hold="h1", reason="medical", instruction="Rest.", owner="dr", review_at=LATER
    )
    history.add("09:30", "tracing_opened", "anna", tracing="t1")
    return history


DONE: list[tuple[Any, list[str]]] = [
    (TriagePerson(**ANNA, system="start", seen=Observation(walks=True)), ["triaged"]),
    (RecordEncounter(**SEEN), ["encounter"]),
    (PlaceHold(**HOLD, review_at=LATER), ["hold_placed"]),
    (ReviewHold(**ANNA, hold="h1", review_at=LATER + 1, instruction="Sit up."), ["hold_reviewed"]),
    (LiftHold(**ANNA, hold="h1", why="well"), ["hold_lifted"]),
    (DecideFitness(**ANNA, decision="unfit"), ["fitness_decided"]),
    (GiveFirstAid(**FIRST_AID, next="refer"), ["psychological_first_aid"]),
    (RecordTestimony(**ANNA, consent="given", sealed="QQ=="), ["testimony_recorded"]),
    (RecordTestimony(**ANNA, consent="refused", sealed=""), ["testimony_recorded"]),
    (ReportLoss(**LOSS, consent="refused"), ["loss_reported"]),
    (ReportLoss(**LOSS, consent="given_for_tracing", sealed="QQ==", tracing="t2"), ["loss_reported", "tracing_opened"]),
    (OpenTracing(**ANNA, tracing="t3"), ["tracing_opened"]),
    (CloseTracing(**ANNA, tracing="t1", outcome="not_found"), ["tracing_closed"]),
]
REFUSED: list[tuple[str, Any]] = [
    ("triage_not_observed", TriagePerson(**ANNA, system="jumpstart", seen=Observation(walks=False))),
    ("unknown_care_code", RecordEncounter(**SEEN | {"codes": ("diabetes", "gout")})),
    ("no_care_code", RecordEncounter(**SEEN | {"codes": ()})),
    ("encounter_exists", RecordEncounter(**SEEN | {"encounter": "e1"})),
    ("encounter_exists", GiveFirstAid(**FIRST_AID | {"encounter": "p1"})),
    ("review_in_the_past", PlaceHold(**HOLD, review_at=NOW)),
    ("hold_without_instruction", PlaceHold(**HOLD | {"instruction": "  "}, review_at=LATER)),
    ("hold_exists", PlaceHold(**HOLD | {"hold": "h1"}, review_at=LATER)),
    ("hold_not_active", ReviewHold(**ANNA, hold="h2", review_at=LATER)),
    ("hold_without_instruction", ReviewHold(**ANNA, hold="h1", review_at=LATER, instruction=" ")),
    ("review_in_the_past", ReviewHold(**ANNA, hold="h1", review_at=NOW)),
    ("hold_not_active", LiftHold(**ANNA, hold="h2", why="well")),
    ("fitness_validity_past", DecideFitness(**ANNA, decision="unfit", until=BEFORE)),
    ("fitness_without_end", DecideFitness(**ANNA, decision="fit")),
    ("fit_while_on_hold", DecideFitness(**ANNA, decision="fit_with_escort", until=LATER)),
    ("kept_without_consent", RecordTestimony(**ANNA, consent="refused", sealed="QQ==")),
    ("kept_without_consent", ReportLoss(**LOSS, consent="refused", sealed="QQ==")),
    ("kept_without_consent", ReportLoss(**LOSS, consent="refused", tracing="t2")),
    ("testimony_empty", RecordTestimony(**ANNA, consent="given", sealed="")),
    ("tracing_exists", OpenTracing(**ANNA, tracing="t1")),
    ("tracing_exists", ReportLoss(**LOSS, consent="given", tracing="t1")),
    ("tracing_not_open", CloseTracing(**ANNA, tracing="t2", outcome="found_dead")),
]


@pytest.mark.parametrize(("order", "kinds"), DONE)
def test_an_order_becomes_events(history: History, order: Any, kinds: list[str]) -> None:
    """The drafts are of these kinds, name the person, and can be read again by the fold."""
    before = fold(history.events)
    answer = decide(order, CareFacts(state=before), NOW)
    assert not isinstance(answer, Refusal)
    assert [(draft.kind, draft.persons, draft.happened_at) for draft in answer] == [
        (kind, ("anna",), NOW) for kind in kinds
    ]
    play(history, answer)
    after = fold(history.events)
    assert after.unreadable == ()
    assert after != before


@pytest.mark.parametrize(("code", "order"), REFUSED)
def test_an_order_is_refused(history: History, code: str, order: Any) -> None:
    """Each rule says no with its code and its facts filled in."""
    assert code_of(decide(order, CareFacts(state=fold(history.events)), NOW)) == code


def test_lifting_the_hold_lets_a_doctor_decide(history: History) -> None:
    """The decision that was refused under the hold is taken once it is lifted."""
    order = DecideFitness(**ANNA, decision="fit", until=LATER)
    assert code_of(decide(order, CareFacts(state=fold(history.events)), NOW)) == "fit_while_on_hold"
    play(history, decide(LiftHold(**ANNA, hold="h1", why="well"), CareFacts(state=fold(history.events)), NOW))
    assert not isinstance(decide(order, CareFacts(state=fold(history.events)), NOW), Refusal)


def test_a_security_hold_is_not_the_doctors(history: History) -> None:
    """A hold that is not about health does not stop a doctor from deciding about health."""
    history.add("10:00", "hold_lifted", "anna", hold="h1", why="well")
    history.add(
        "10:00", "hold_placed", "anna", hold="s", reason="security", instruction="Ask.", owner="guard", review_at=LATER
    )
    order = DecideFitness(**ANNA, decision="fit", until=LATER)
    assert not isinstance(decide(order, CareFacts(state=fold(history.events)), NOW), Refusal)


def test_every_order_and_refusal_is_reached() -> None:
    """An order or refusal added to care must be added to these tables; `may_travel` and `open_sealed` say the rest."""
    assert {type(order) for order, _ in DONE} == set(rules.ORDERS)
    elsewhere = {"on_hold", "unfit_to_travel", "fitness_expired", "fitness_not_decided"}
    elsewhere |= {"sealed_for_care", "sealed_without_reason", "sealed_for_ever"}
    assert {code for code, _ in REFUSED} | elsewhere == {kind.code for kind in CATALOGUE}


def test_the_reference_lists_everything() -> None:
    """The page has every kind, order, refusal and finding of care, and no other."""
    codes = [kind.code for kind in (*CATALOGUE, *FINDINGS)]
    assert not_in_page("care.md", KINDS, rules.ORDERS, codes) == []
