"""Care's fold: what each event does to a person, what others may see of it, and that arrival does not matter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.journey.care.a_road import REFERENCE
from tests.journey.register.a_history import History, arrivals, at, histories

from corridor.base.moments import Span
from corridor.base.refusal import Refusal
from corridor.journey.care.codes import CODES, MDS_ITEMS, encounters_at, mds_tally
from corridor.journey.care.findings import CATALOGUE, findings
from corridor.journey.care.state import active_holds, fold, may_travel, open_tracings, public_view
from corridor.ledger.event import Event

LATER = at("15T12:00")
HAPPENINGS: list[tuple[str, dict[str, Any]]] = [
    ("triaged", {"system": "start", "colour": "green", "walks": True}),
    ("triaged", {"system": "start", "colour": "red", "walks": True}),
    ("triaged", {"system": "guess", "colour": "red"}),
    ("encounter", {"encounter": "e1", "place": "camp", "codes": ["diabetes"], "disposition": "treated"}),
    ("encounter", {"encounter": "e1", "place": "camp", "codes": ["gout"], "disposition": "referred"}),
    ("hold_placed", {"hold": "h1", "reason": "medical", "instruction": "Rest.", "owner": "dr", "review_at": LATER}),
    ("hold_placed", {"hold": "h2", "reason": "family", "instruction": "Wait.", "owner": "dr", "review_at": 1}),
    ("hold_placed", {"hold": "h3", "reason": "family", "instruction": "Wait."}),
    ("hold_lifted", {"hold": "h1", "why": "well"}),
    ("hold_lifted", {"hold": "h9", "why": "well"}),
    ("hold_reviewed", {"hold": "h1", "review_at": 2 * LATER}),
    ("hold_reviewed", {"hold": "h1", "review_at": LATER, "instruction": "Lie down."}),
    ("hold_reviewed", {"hold": "h8", "review_at": LATER}),
    ("fitness_decided", {"decision": "fit", "until": LATER}),
    ("fitness_decided", {"decision": "unfit"}),
    ("psychological_first_aid", {"encounter": "p1", "place": "camp", "next": "follow_up"}),
    ("testimony_recorded", {"consent": "refused", "sealed": "QQ=="}),
    ("loss_reported", {"loss": "relative_missing", "consent": "given"}),
    ("tracing_opened", {"tracing": "t1"}),
    ("tracing_closed", {"tracing": "t1", "outcome": "reunited"}),
    ("boarded", {"movement": "bus", "place_type": "seat"}),
]


@pytest.fixture
def history() -> History:
    """Anna has a cough, is on a medical hold until tomorrow noon, and misses her brother."""
    history = History()
    history.add("09:00", "triaged", "anna", system="start", colour="green", walks=True)
    history.add(
        "09:10", "encounter", "anna", encounter="e1", place="camp", codes=["respiratory_infection"],
        disposition="treated", relation="indirect", note="QQ==",
    )  # fmt: skip
    history.add(
        "09:20", "hold_placed", "anna", hold="h1", reason="infectious", instruction="Keep apart; call the doctor.",
        owner="dr", review_at=LATER,
    )  # fmt: skip
    history.add("09:30", "loss_reported", "anna", loss="relative_missing", consent="given_for_tracing", sealed="QQ==")
    history.add("09:30", "tracing_opened", "anna", tracing="t1", sealed="QQ==")
    return history


@given(arrivals(histories(HAPPENINGS, ("anna", "boris"))))
def test_arrival_does_not_matter(arrived: tuple[list[Event], list[Event]]) -> None:
    """Shuffled and repeated events give the same state, and the same findings."""
    written, came = arrived
    assert fold(written) == fold(came)
    assert findings({"anna": fold(written)}, LATER) == findings({"anna": fold(came)}, LATER)  # type: ignore[dict-item]


@given(histories(HAPPENINGS, ("anna",)))
def test_no_event_is_swallowed(events: list[Event]) -> None:
    """Every event of the stage is in the state, or among those that cannot be read."""
    state = fold(events)
    broken = sum(event.body.get("system") == "guess" or event.body.get("hold") == "h3" for event in events)
    assert len(state.unreadable) == broken
    assert len(state.triages) == sum(event.kind == "triaged" for event in events) - sum(
        event.body.get("system") == "guess" for event in events
    )
    assert {hold.hold for hold in state.holds} | {*state.lifted_unknown, *state.reviewed_unknown} == {
        event.body["hold"] for event in events if "hold" in event.body and event.body["hold"] != "h3"
    }
    assert len(state.testimonies) == sum(event.kind == "testimony_recorded" for event in events)


def test_a_review_moves_the_hold_on(history: History) -> None:
    """A review gives the hold its next time, keeps what others are told unless it says it anew, and lifts nothing."""
    history.add("10:00", "hold_reviewed", "anna", hold="h1", review_at=LATER + 5)
    (hold,) = active_holds(fold(history.of("anna")), at("11:00"))
    assert (hold.review_at, hold.instruction, hold.reviewed_at) == (
        LATER + 5, "Keep apart; call the doctor.", at("10:00")
    )  # fmt: skip
    history.add("10:10", "hold_reviewed", "anna", hold="h1", review_at=LATER + 9, instruction="May walk.")
    history.add("10:20", "hold_reviewed", "anna", hold="h1", review_at=LATER + 7)
    (hold,) = active_holds(fold(history.of("anna")), at("11:00"))
    assert (hold.review_at, hold.instruction) == (LATER + 7, "May walk.")


def test_others_see_only_until_when_and_what_to_do(history: History) -> None:
    """The public view of a hold has its review time and instruction, and not why, whose or which it is."""
    (seen,) = public_view(fold(history.events), at("10:00"))
    assert seen.says("UTC").endswith(": Keep apart; call the doctor.")
    assert seen.says("UTC").startswith("hold until ")
    assert set(seen.__dataclass_fields__) == {"until", "instruction"}
    refusal = may_travel(fold(history.events), at("10:00"))
    assert isinstance(refusal, Refusal)
    assert "infectious" not in f"{refusal}{refusal.data}"


def test_a_hold_binds_until_it_is_lifted(history: History) -> None:
    """A hold binds from its placing, also past its review; lifting it ends it and nothing else does."""
    state = fold(history.events)
    assert active_holds(state, at("09:19")) == ()
    assert [hold.hold for hold in active_holds(state, at("16T09:00"))] == ["h1"]
    assert isinstance(may_travel(state, at("16T09:00")), Refusal)
    history.add("16T10:00", "hold_lifted", "anna", hold="h1", why="well again")
    assert may_travel(fold(history.events), at("16T10:00")) is True
    assert public_view(fold(history.events), at("16T10:00")) == ()


FITNESS: list[tuple[dict[str, Any] | None, bool, str | None]] = [
    (None, False, None),
    (None, True, "fitness_not_decided"),
    ({"decision": "fit", "until": at("18:00")}, True, None),
    ({"decision": "fit", "until": at("12:00")}, True, "fitness_expired"),
    ({"decision": "fit_with_escort", "until": at("11:00")}, False, "fitness_expired"),
    ({"decision": "fit"}, True, None),
    ({"decision": "unfit"}, False, "unfit_to_travel"),
]


@pytest.mark.parametrize(("decided", "examined", "code"), FITNESS)
def test_fitness_decides_who_may_travel(decided: dict[str, Any] | None, examined: bool, code: str | None) -> None:
    """At noon a person may travel who is fit and still so; before a flight somebody must have decided."""
    history = History()
    if decided is not None:
        history.add("08:00", "fitness_decided", "anna", decision="unfit")
        history.add("09:00", "fitness_decided", "anna", **decided)
    answer = may_travel(fold(history.events), at("12:00"), examined=examined)
    assert (answer.code if isinstance(answer, Refusal) else None) == code


def test_a_search_is_open_until_closed(history: History) -> None:
    """A reported relative feeds an open search, and its closing has an outcome."""
    assert [one.tracing for one in open_tracings(fold(history.events))] == ["t1"]
    history.add("12:00", "tracing_closed", "anna", tracing="t1", outcome="found_alive")
    state = fold(history.events)
    assert open_tracings(state) == ()
    assert state.tracings[0].outcome == "found_alive"


UNKNOWN_CODE = {"encounter": "e2", "place": "camp", "codes": ["gout"], "disposition": "treated"}
CONTRADICTIONS: list[tuple[str, str, dict[str, Any]]] = [
    ("hold_not_known", "hold_lifted", {"hold": "h7", "why": "well"}),
    ("hold_review_not_known", "hold_reviewed", {"hold": "h7", "review_at": LATER}),
    ("triage_colour_disagrees", "triaged", {"system": "start", "colour": "red", "walks": True}),
    (
        "care_code_not_known",
        "encounter",
        {"encounter": "e2", "place": "camp", "codes": ["gout"], "disposition": "treated"},
    ),
    ("words_kept_without_consent", "testimony_recorded", {"consent": "refused", "sealed": "QQ=="}),
    ("words_kept_without_consent", "loss_reported", {"loss": "home_destroyed", "consent": "refused", "sealed": "QQ=="}),
    ("fit_while_held", "fitness_decided", {"decision": "fit", "until": LATER}),
    ("unreadable_record", "triaged", {"system": "guess", "colour": "red"}),
]


@pytest.mark.parametrize(("code", "kind", "body"), CONTRADICTIONS)
def test_contradictions_are_found(history: History, code: str, kind: str, body: dict[str, Any]) -> None:
    """A record that breaks a rule is taken in and found, with the person; without it nothing is found."""
    assert findings({"anna": fold(history.events)}, at("12:00")) == ()  # type: ignore[dict-item]
    history.add("11:00", kind, "anna", **body)
    (found,) = findings({"anna": fold(history.events)}, at("12:00"))  # type: ignore[dict-item]
    assert (found.code, found.persons) == (code, ("anna",))


def test_an_overdue_review_is_found(history: History) -> None:
    """From its review time a hold nobody looked at is found, until it is lifted."""
    state = fold(history.events)
    assert findings({"anna": state}, at("15T11:59")) == ()  # type: ignore[dict-item]
    assert [one.code for one in findings({"anna": state}, LATER)] == ["hold_overdue"]  # type: ignore[dict-item]


def test_a_missing_relative_nobody_searches_is_found() -> None:
    """A missing relative with consent asks for a search; without consent it does not."""
    history = History()
    history.add("09:30", "loss_reported", "anna", loss="relative_missing", consent="refused")
    assert findings({"anna": fold(history.events)}, LATER) == ()  # type: ignore[dict-item]
    history.add("09:40", "loss_reported", "anna", loss="relative_missing", consent="given")
    assert [one.code for one in findings({"anna": fold(history.events)}, LATER)] == [  # type: ignore[dict-item]
        "missing_relative_not_traced"
    ]


def test_every_finding_is_reached() -> None:
    """A finding added to the catalogue must be added to these tests."""
    reached = {code for code, _, _ in CONTRADICTIONS} | {"hold_overdue", "missing_relative_not_traced"}
    assert reached == {kind.code for kind in CATALOGUE}


def test_the_reference_lists_every_code() -> None:
    """The page has each code with its item, and marks the items that we are not sure of."""
    page = (REFERENCE / "care.md").read_text()
    for code in CODES.values():
        mark = "" if code.sure else " ?"
        assert f"| {code.code} | {code.meaning} | {code.mds}{mark} {MDS_ITEMS[code.mds]} |" in page


def test_codes_lead_to_items_of_the_form() -> None:
    """Every code has an item of the form that is a diagnosis, a procedure or a protection item, and a meaning."""
    for code in CODES.values():
        assert code.mds in MDS_ITEMS
        assert 4 <= code.mds <= 35 or 47 <= code.mds <= 50
        assert code.meaning
    assert {4, 9, 24, 25, 26, 27, 28, 29} <= {code.mds for code in CODES.values()}


def test_the_tally_counts_an_encounter_once_an_item() -> None:
    """Two chronic codes are one "other diagnosis"; outcome, sex and relation are counted beside the diagnosis."""
    history = History()
    history.add(
        "09:00", "encounter", "anna", encounter="e1", place="camp", codes=["diabetes", "hypertension"],
        disposition="treated", relation="not_related",
    )  # fmt: skip
    history.add(
        "09:10", "encounter", "vera", encounter="e2", place="camp", codes=["antenatal_check"], disposition="referred",
    )  # fmt: skip
    history.add(
        "09:20", "encounter", "boris", encounter="e3", place="camp", codes=["minor_injury", "minor_surgery", "gout"],
        disposition="treated", outcome="rehabilitation", relation="direct",
    )  # fmt: skip
    history.add(
        "09:30", "encounter", "boris", encounter="e4", place="plane", codes=["seizure"], disposition="treated",
        outcome="died",
    )  # fmt: skip
    history.add(
        "15T09:00", "encounter", "anna", encounter="e5", place="camp", codes=["fever"], disposition="refused",
    )  # fmt: skip
    encounters = [one for person in ("anna", "boris", "vera") for one in fold(history.of(person)).encounters]
    day = Span(at("00:00"), at("15T00:00"))
    sexes: Any = {"anna": "female", "vera": "female", "boris": "male"}
    assert mds_tally(encounters_at(encounters, "camp", day), sexes) == {  # type: ignore[arg-type]
        1: 1, 2: 1, 3: 1, 8: 1, 29: 3, 32: 1, 36: 1, 37: 1, 39: 1, 43: 1, 44: 1, 46: 1,
    }  # fmt: skip
    assert mds_tally(encounters_at(encounters, "plane", day)) == {24: 1, 42: 1}  # type: ignore[arg-type]
    assert mds_tally(encounters_at(encounters, "camp", Span(at("15T00:00")))) == {18: 1, 38: 1}  # type: ignore[arg-type]
    assert mds_tally([]) == {}
