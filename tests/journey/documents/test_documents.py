"""Documents: what each event does to a person's papers and permits, every order, every refusal, every breach."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.journey.care.a_road import code_of, not_in_page, play
from tests.journey.register.a_history import History, arrivals, at, histories

from corridor.base.ids import LegId, PaperId, PermitId
from corridor.base.moments import HOUR_MS, MINUTE_MS, Moment
from corridor.base.refusal import Refusal
from corridor.journey.documents import rules
from corridor.journey.documents.events import KINDS
from corridor.journey.documents.findings import CATALOGUE as FINDINGS
from corridor.journey.documents.findings import findings
from corridor.journey.documents.refusals import CATALOGUE
from corridor.journey.documents.rules import (
    DocumentFacts,
    DrawUpPaper,
    EndPermit,
    IssuePaper,
    RecordPaper,
    ReportMissing,
    StartPermit,
    VoidPaper,
    decide,
)
from corridor.journey.documents.state import (
    Lack,
    PermitClock,
    Requirement,
    fold,
    missing_for,
    permit_clock,
)
from corridor.ledger.event import Event

NOW, LATER, BEFORE = at("12:00"), at("20T12:00"), at("11:00")
TRANSIT = PermitId("transit-72h")
STAY = {"permit": TRANSIT, "starts_at": at("08:00"), "ends_at": at("17T08:00")}
ANNA: dict[str, Any] = {"person": "anna", "by": "consul"}
HAPPENINGS: list[tuple[str, dict[str, Any]]] = [
    ("paper_recorded", {"paper": "p1", "type": "passport", "issuer": "RUS", "valid_until": LATER}),
    ("paper_recorded", {"paper": "p1", "type": "scroll"}),
    ("paper_missing", {"type": "passport"}),
    ("paper_drawn_up", {"paper": "p2", "type": "return_certificate", "valid_until": LATER}),
    ("paper_issued", {"paper": "p2", "type": "return_certificate"}),
    ("paper_void", {"paper": "p2", "why": "torn"}),
    ("paper_void", {"paper": "p9", "why": "torn"}),
    ("permit_started", STAY),
    ("permit_started", {"permit": TRANSIT, "starts_at": 5, "ends_at": 5}),
    ("permit_ended", {"permit": TRANSIT, "why": "left"}),
    ("boarded", {"movement": "bus", "place_type": "seat"}),
]


@pytest.fixture
def history() -> History:
    """Anna has an old passport, a certificate drawn up, one void, no birth certificate, and 72 hours from 08:00."""
    history = History()
    history.add("08:00", "paper_recorded", "anna", paper="old", type="passport", issuer="PSE", valid_until=BEFORE)
    history.add("08:10", "paper_missing", "anna", type="birth_certificate")
    history.add("08:20", "paper_drawn_up", "anna", paper="cert", type="return_certificate", valid_until=LATER)
    history.add("08:30", "paper_drawn_up", "anna", paper="torn", type="return_certificate")
    history.add("08:40", "paper_void", "anna", paper="torn", why="torn")
    history.add("08:00", "permit_started", "anna", **STAY)
    return history


@given(arrivals(histories(HAPPENINGS, ("anna", "boris"))))
def test_arrival_does_not_matter(arrived: tuple[list[Event], list[Event]]) -> None:
    """Shuffled and repeated events give the same state."""
    written, came = arrived
    assert fold(written) == fold(came)


@given(histories(HAPPENINGS, ("anna",)))
def test_no_event_is_swallowed(events: list[Event]) -> None:
    """Every paper, permit and end that events speak of is in the state, or among those that cannot be read."""
    state = fold(events)
    broken = [event for event in events if event.body.get("type") == "scroll" or event.body.get("starts_at") == 5]
    assert {one.event for one in state.unreadable} == {event.id for event in broken}
    spoken = {event.body["paper"] for event in events if "paper" in event.body and event not in broken}
    assert {paper.paper for paper in state.papers} | set(state.void_not_known) == spoken
    good = [event for event in events if event not in broken]
    assert len(state.stays) == sum(event.kind == "permit_started" for event in good)
    assert len(state.ended_not_known) <= sum(event.kind == "permit_ended" for event in good)


def test_a_paper_goes_from_drawn_up_to_the_hand_and_stays_void(history: History) -> None:
    """Issuing keeps what was known of a paper and ends its being missing; void stays void."""
    history.add("09:00", "paper_missing", "anna", type="return_certificate")
    history.add("09:10", "paper_issued", "anna", paper="cert", type="return_certificate")
    history.add("09:20", "paper_issued", "anna", paper="torn", type="return_certificate")
    state = fold(history.events)
    papers = {paper.paper: paper for paper in state.papers}
    assert (papers[PaperId("cert")].standing, papers[PaperId("cert")].valid_until) == ("in_hand", LATER)
    assert (papers[PaperId("torn")].standing, papers[PaperId("torn")].void_why) == ("void", "torn")
    assert state.missing == ("birth_certificate",)


CLOCKS = [
    ("07:59", PermitClock("not_started", None), None),
    ("08:00", PermitClock("running", 72 * 60), 72),
    ("17T07:59", PermitClock("running", 1), 0),
    ("17T08:00", PermitClock("expired", None), None),
]


@pytest.mark.parametrize(("when", "clock", "left_hours"), CLOCKS)
def test_the_permits_clock(history: History, when: str, clock: PermitClock, left_hours: int | None) -> None:
    """The clock runs from the start to the last minute, and says nothing outside it."""
    found = permit_clock(fold(history.events), TRANSIT, at(when))
    assert (found, found.left_hours) == (clock, left_hours)


def test_an_ended_permit_runs_no_more(history: History) -> None:
    """Ended is ended from that moment; a new start replaces it; another permit never started."""
    history.add("15T10:00", "permit_ended", "anna", permit=TRANSIT, why="left")
    state = fold(history.events)
    assert permit_clock(state, TRANSIT, at("15T09:59")).standing == "running"
    assert permit_clock(state, TRANSIT, at("15T10:00")) == PermitClock("ended", None)
    assert permit_clock(state, PermitId("other"), NOW) == PermitClock("not_started", None)
    again = Moment(at("16T00:00") + 72 * HOUR_MS)
    history.add("16T00:00", "permit_started", "anna", permit=TRANSIT, starts_at=at("16T00:00"), ends_at=again)
    assert permit_clock(fold(history.events), TRANSIT, at("16T01:00")) == PermitClock("running", 71 * 60)


@given(st.integers(0, 80 * 60))
def test_the_clock_counts_down(minutes: int) -> None:
    """Minutes gone and minutes left add up to the whole permit, until it has run out."""
    history = History()
    history.add("08:00", "permit_started", "anna", **STAY)
    clock = permit_clock(fold(history.events), TRANSIT, Moment(at("08:00") + minutes * MINUTE_MS))
    if minutes < 72 * 60:
        assert clock.left_minutes == 72 * 60 - minutes
    else:
        assert clock.standing == "expired"


HOME = LegId("flight")
EXIT = Requirement(name="exit", leg=HOME, any_of=("passport", "return_certificate"))
OWN = Requirement(name="own", leg=HOME, any_of=("passport",), for_citizenships=("RUS",), issued_by_own=True)
BIRTH = Requirement(name="birth", leg=HOME, any_of=("birth_certificate",))
LACKS: list[tuple[Requirement, dict[str, Any] | None, str | None]] = [
    (EXIT, None, "not_valid"),
    (EXIT, {"paper": "new", "type": "passport", "issuer": "RUS"}, None),
    (EXIT, {"paper": "new", "type": "passport", "valid_from": LATER}, "not_valid"),
    (OWN, {"paper": "new", "type": "passport", "issuer": "RUS"}, None),
    (OWN, {"paper": "new", "type": "passport", "issuer": "PSE"}, "wrong_issuer"),
    (OWN, {"paper": "new", "type": "passport"}, "wrong_issuer"),
    (BIRTH, None, "none"),
    (Requirement(name="c", leg=HOME, any_of=("return_certificate",)), None, "drawn_up"),
    (Requirement(name="k", leg=HOME, any_of=("eu_etd",), for_citizenships=("KAZ",)), None, None),
    (Requirement(name="o", leg=LegId("bus"), any_of=("eu_etd",)), None, None),
]


@pytest.mark.parametrize(("rule", "paper", "why"), LACKS)
def test_what_a_leg_lacks(history: History, rule: Requirement, paper: dict[str, Any] | None, why: str | None) -> None:
    """A rule is met by a valid paper of its types; else it says what would do and what there is instead."""
    if paper is not None:
        history.add("09:00", "paper_recorded", "anna", **paper)
    lacks = missing_for(fold(history.events), ("RUS",), HOME, (rule,), NOW)
    assert lacks == (() if why is None else (Lack(rule.name, rule.any_of, why),))  # type: ignore[arg-type]


OWN_PASS = Requirement(
    name="pass", leg=HOME, any_of=("laissez_passer",), for_citizenships=("RUS",), issued_by_own=True, consul_of="RUS"
)


@pytest.mark.parametrize(
    ("rule", "recorded", "why"),
    [
        (OWN_PASS, None, None),
        (replace(OWN_PASS, consul_of="KAZ"), None, "wrong_issuer"),
        (replace(OWN_PASS, consul_of=None), None, "wrong_issuer"),
        (OWN_PASS, {"issuer": "PSE"}, "wrong_issuer"),
        (replace(OWN_PASS, consul_of="KAZ"), {"issuer": "RUS"}, None),
    ],
)
def test_a_paper_of_the_operations_consul_is_issued_by_its_state(
    rule: Requirement, recorded: dict[str, Any] | None, why: str | None
) -> None:
    """What our consul drew up and issued counts as issued by our own state, unless a record names another issuer."""
    history = History()
    history.add("08:00", "paper_drawn_up", "anna", paper="pass", type="laissez_passer")
    history.add("08:30", "paper_issued", "anna", paper="pass", type="laissez_passer")
    if recorded is not None:
        history.add("09:00", "paper_recorded", "anna", paper="pass", type="laissez_passer", **recorded)
    lacks = missing_for(fold(history.events), ("RUS",), HOME, (rule,), NOW)
    assert lacks == (() if why is None else (Lack(rule.name, rule.any_of, why),))  # type: ignore[arg-type]


def test_only_void_papers_are_told_as_void() -> None:
    """Where the only paper there was is void, that is what is said."""
    history = History()
    history.add("08:00", "paper_recorded", "anna", paper="p", type="birth_certificate")
    history.add("08:40", "paper_void", "anna", paper="p", why="forged")
    assert missing_for(fold(history.events), (), HOME, (BIRTH, EXIT), NOW) == (
        Lack("birth", ("birth_certificate",), "void"),
        Lack("exit", ("passport", "return_certificate"), "none"),
    )


DONE: list[tuple[Any, str]] = [
    (RecordPaper(**ANNA, paper="id", type="national_id", issuer="PSE", valid_until=BEFORE), "paper_recorded"),
    (ReportMissing(**ANNA, type="passport"), "paper_missing"),
    (DrawUpPaper(**ANNA, paper="new", type="laissez_passer", valid_until=LATER), "paper_drawn_up"),
    (IssuePaper(**ANNA, paper="cert"), "paper_issued"),
    (VoidPaper(**ANNA, paper="cert", why="wrong name"), "paper_void"),
    (StartPermit(**ANNA, permit="stay-10d"), "permit_started"),
    (EndPermit(**ANNA, permit=TRANSIT, why="left"), "permit_ended"),
]
REFUSED: list[tuple[str, Any]] = [
    ("paper_exists", RecordPaper(**ANNA, paper="old", type="passport")),
    ("paper_exists", DrawUpPaper(**ANNA, paper="old", type="passport")),
    ("paper_not_known", IssuePaper(**ANNA, paper="none")),
    ("paper_not_known", VoidPaper(**ANNA, paper="none", why="torn")),
    ("paper_is_void", IssuePaper(**ANNA, paper="torn")),
    ("paper_is_void", VoidPaper(**ANNA, paper="torn", why="torn")),
    ("paper_already_issued", IssuePaper(**ANNA, paper="old")),
    ("paper_validity_past", DrawUpPaper(**ANNA, paper="new", type="eu_etd", valid_until=NOW)),
    ("paper_validity_reversed", RecordPaper(**ANNA, paper="n", type="other", valid_from=LATER, valid_until=NOW)),
    ("permit_not_in_operation", StartPermit(**ANNA, permit="visa")),
    ("permit_running", StartPermit(**ANNA, permit=TRANSIT)),
    ("permit_not_running", EndPermit(**ANNA, permit="stay-10d", why="left")),
]


def facts_of(history: History, witnesses: int = 0) -> DocumentFacts:
    """The facts an order about Anna is decided on."""
    hours = {TRANSIT: 72, PermitId("stay-10d"): 240}
    return DocumentFacts(state=fold(history.events), permit_hours=hours, witnesses=witnesses)


@pytest.mark.parametrize(("order", "kind"), DONE)
def test_an_order_becomes_an_event(history: History, order: Any, kind: str) -> None:
    """The draft is of this kind, names the person, and changes the state when it is folded."""
    answer = decide(order, facts_of(history), NOW)
    assert not isinstance(answer, Refusal)
    assert [(draft.kind, draft.persons) for draft in answer] == [(kind, ("anna",))]
    before = fold(history.events)
    play(history, answer)
    after = fold(history.events)
    assert after.unreadable == ()
    assert after != before


@pytest.mark.parametrize(("code", "order"), REFUSED)
def test_an_order_is_refused(history: History, code: str, order: Any) -> None:
    """Each rule says no with its code and its facts filled in."""
    assert code_of(decide(order, facts_of(history), NOW)) == code


def test_a_permit_has_the_hours_of_the_operation(history: History) -> None:
    """The clock is set to the operation's hours from the moment the person entered."""
    answer = decide(StartPermit(**ANNA, permit=PermitId("stay-10d"), starts_at=BEFORE), facts_of(history), NOW)
    assert not isinstance(answer, Refusal)
    assert answer[0].body["ends_at"] - answer[0].body["starts_at"] == 240 * HOUR_MS
    assert answer[0].body["starts_at"] == BEFORE


def test_identity_comes_before_a_certificate() -> None:
    """Without any paper in hand a certificate needs two witnesses; an expired passport is enough, a permit is not."""
    order = DrawUpPaper(**ANNA, paper="cert", type="return_certificate")
    history = History()
    history.add("08:00", "paper_recorded", "anna", paper="t", type="transit_permit")
    assert code_of(decide(order, facts_of(history, witnesses=1), NOW)) == "identity_not_established"
    assert not isinstance(decide(order, facts_of(history, witnesses=2), NOW), Refusal)
    history.add("08:00", "paper_recorded", "anna", paper="old", type="passport", valid_until=BEFORE)
    assert not isinstance(decide(order, facts_of(history), NOW), Refusal)


def test_what_is_in_hand_is_not_missing(history: History) -> None:
    """A type of paper that the person holds cannot be reported missing; an expired one can."""
    order = ReportMissing(**ANNA, type="passport")
    assert not isinstance(decide(order, facts_of(history), NOW), Refusal)
    history.add("09:00", "paper_recorded", "anna", paper="new", type="passport")
    assert code_of(decide(order, facts_of(history), NOW)) == "paper_not_missing"


def test_a_certificate_that_ran_out_is_not_issued(history: History) -> None:
    """A paper that was drawn up long ago is not put into a hand after its end."""
    assert code_of(decide(IssuePaper(**ANNA, paper="cert"), facts_of(history), LATER)) == "paper_validity_past"


BREACHES: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("permit_ended_late", "17T08:01", "permit_ended", {"permit": TRANSIT, "why": "left"}, "1 min late"),
    ("permit_end_not_known", "10:00", "permit_ended", {"permit": "visa", "why": "left"}, "visa"),
    ("void_paper_not_known", "10:00", "paper_void", {"paper": "p9", "why": "torn"}, "p9"),
    ("unreadable_record", "10:00", "paper_missing", {"type": "scroll"}, "cannot be read"),
]


@pytest.mark.parametrize(("code", "when", "kind", "body", "says"), BREACHES)
def test_contradictions_are_found(
    history: History, code: str, when: str, kind: str, body: dict[str, Any], says: str
) -> None:
    """A record that breaks a rule is taken in and found, with the person; without it nothing is found."""
    assert findings({"anna": fold(history.events)}, NOW) == ()  # type: ignore[dict-item]
    history.add(when, kind, "anna", **body)
    (found,) = findings({"anna": fold(history.events)}, NOW)  # type: ignore[dict-item]
    assert (found.code, found.persons) == (code, ("anna",))
    assert says in found.says


def test_a_permit_that_ran_out_is_a_breach(history: History) -> None:
    """From the minute the 72 hours are over the person is found; leaving in time or a new permit prevents it."""
    state = fold(history.events)
    assert findings({"anna": state}, at("17T07:59")) == ()  # type: ignore[dict-item]
    assert [one.code for one in findings({"anna": state}, at("17T08:00"))] == [  # type: ignore[dict-item]
        "permit_breached"
    ]
    history.add("16T08:00", "permit_ended", "anna", permit=TRANSIT, why="left")
    assert findings({"anna": fold(history.events)}, at("20T08:00")) == ()  # type: ignore[dict-item]


def test_everything_is_reached_and_listed() -> None:
    """An order, refusal or finding added to documents must be added to these tables, and to the page."""
    elsewhere = {"identity_not_established", "paper_not_missing"}
    assert {type(order) for order, _ in DONE} == set(rules.ORDERS)
    assert {code for code, _ in REFUSED} | elsewhere == {kind.code for kind in CATALOGUE}
    assert {breach[0] for breach in BREACHES} | {"permit_breached"} == {kind.code for kind in FINDINGS}
    codes = [kind.code for kind in (*CATALOGUE, *FINDINGS)]
    assert not_in_page("documents.md", KINDS, rules.ORDERS, codes) == []
