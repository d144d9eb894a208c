"""The crossing: what each event does to a person, a gate and a hazard, and what is found to break a rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.journey.clear.a_list import receive, rules_of
from tests.journey.register.a_history import History, arrivals, at, histories

from corridor.base.ids import EventId, PlaceId
from corridor.base.refusal import Refusal
from corridor.journey.clear.state import fold as fold_clear
from corridor.journey.cross.events import KINDS
from corridor.journey.cross.findings import CATALOGUE, CrossedPerson, findings, splits, standings_at_crossings
from corridor.journey.cross.hazards import fold_ways, gates, hazards
from corridor.journey.cross.state import fold
from corridor.journey.kinds import body_of
from corridor.journey.register.groups import company_of, travel_groups
from corridor.journey.register.state import fold as fold_register
from corridor.ledger.event import Event

HAPPENINGS: list[tuple[str, dict[str, Any]]] = [
    ("called", {"gate": "gate", "for_date": "2023-11-15", "by_channel": "phone"}),
    ("called", {"gate": "gate", "for_date": "2023-11-31"}),
    ("called", {"gate": "gate", "for_date": "2023-11-15", "plan": "plan-1"}),
    ("call_taken_back", {"gate": "gate", "for_date": "2023-11-15", "why": "closed"}),
    ("told_not_to_come", {"gate": "gate", "for_date": "2023-11-15", "by_channel": "phone"}),
    ("at_gate", {"gate": "gate"}),
    ("crossed", {"gate": "gate", "list": "c15", "row": 7}),
    ("crossed", {"gate": "gate"}),
    ("crossed", {"gate": "gate", "row": "seven"}),
    ("turned_back", {"gate": "gate", "why": "not_listed"}),
    ("exception_signed", {"crossing": "desk/1/1", "why": "seen by me"}),
    ("exception_signed", {"crossing": "desk/1/2", "why": "seen by me"}),
    ("exception_signed", {"crossing": "desk/1/x", "why": "seen by me"}),
    ("sighted", {"where": "in the hall"}),
    ("gate_opened", {"gate": "gate"}),
    ("gate_closed", {"gate": "gate", "why": "shelling"}),
    ("hazard_began", {"hazard": "h1", "type": "shelling", "leg": "town-gate"}),
    ("hazard_began", {"hazard": "h1", "type": "curfew", "until": at("12:00")}),
    ("hazard_ended", {"hazard": "h1"}),
]


@given(arrivals(histories(HAPPENINGS, ("anna", "boris"))))
def test_the_same_events_in_any_order_give_the_same_crossing(arrived: tuple[list[Event], list[Event]]) -> None:
    """Shuffled and repeated events fold to the person, the gates and the hazards of the history itself."""
    history, otherwise = arrived
    assert fold(otherwise) == fold(history)
    assert fold_ways(otherwise) == fold_ways(history)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_timelines_can_say_every_kind(kind: Any) -> None:
    """Every kind is in the property test, and its sentence needs only fields that its body always has."""
    bodies = [body_of(kind.body, kind.name, body) for name, body in HAPPENINGS if name == kind.name]
    good = next(body for body in bodies if not isinstance(body, Refusal))
    said = kind.says.format(**{name: getattr(good, name) for name in good.__dataclass_fields__})
    assert said.endswith(".") and "None" not in said


@pytest.mark.parametrize("crossing", ["desk/1/1\n", "desk/1/²", "desk/1/" + "9" * 5000, "desk/1", "a/b/1/1", ""])
def test_an_odd_crossing_id_is_unreadable_and_stops_nothing(crossing: str) -> None:
    """Whatever a device sends as an id, the fold goes on and keeps it aside."""
    history = History()
    odd = history.add("08:00", "exception_signed", "anna", crossing=crossing, why="?")
    history.add("09:00", "at_gate", "anna", gate="gate")
    state = fold(history.events)
    assert [one.event for one in state.unreadable] == [odd.id]
    assert state.step == "at_gate"


def test_the_steps_at_the_gate() -> None:
    """Called, at the gate, turned back, back again, crossed; each is kept, and the last is the step."""
    history = History()
    steps = [fold(history.events).step]
    for when, kind, body in (
        ("07:00", "called", {"gate": "gate", "for_date": "2023-11-14"}),
        ("08:00", "at_gate", {"gate": "gate"}),
        ("09:00", "turned_back", {"gate": "gate", "why": "spouse_not_cleared"}),
        ("10:00", "at_gate", {"gate": "gate"}),
        ("10:05", "crossed", {"gate": "gate"}),
        ("10:05", "sighted", {}),
    ):
        history.add(when, kind, "anna", **body)
        steps.append(fold(history.events).step)
    assert steps == ["not_called", "called", "at_gate", "turned_back", "at_gate", "crossed", "crossed"]
    state = fold(history.events)
    assert (state.turned_back[0].why, len(state.arrivals), state.seen_at) == ("spouse_not_cleared", 2, at("10:05"))


DAY = {"gate": "gate", "for_date": "2023-11-15"}
MARKS: list[tuple[str, dict[str, Any]]] = [
    ("called", DAY),
    ("called", {**DAY, "plan": "plan-1"}),
    ("called", {**DAY, "gate": "port"}),
    ("call_taken_back", {**DAY, "why": "closed"}),
    ("call_taken_back", {**DAY, "gate": "port", "why": "papers"}),
    ("told_not_to_come", DAY),
]


@given(st.lists(st.sampled_from(MARKS), max_size=9))
def test_a_call_stands_until_it_is_taken_back(marks: list[tuple[str, dict[str, Any]]]) -> None:
    """Whatever was said in whatever turn: somebody is called to a gate for a day if the last word about both is a call,
    and waits to be told if somebody told them to come and nobody has told them since that they must not."""
    history = History()
    for minute, (kind, body) in enumerate(marks):
        history.add(f"08:{minute:02}", kind, "anna", **body)
    state = fold(history.events)
    for gate in ("gate", "port"):
        called, came_by_word, to_tell = False, False, False
        for kind, body in marks:
            if body["gate"] != gate:
                continue
            if kind == "called":
                called, came_by_word = True, came_by_word or "plan" not in body
            elif kind == "call_taken_back" and called:
                called, to_tell, came_by_word = False, to_tell or came_by_word, False
            elif kind == "told_not_to_come":
                to_tell = False
        assert state.is_called(PlaceId(gate), date(2023, 11, 15)) is called
        assert state.expects_word(PlaceId(gate), date(2023, 11, 15)) is (to_tell and not called)
    assert (state.step == "called") is bool(state.standing_calls)


def test_a_call_taken_back_says_why_and_when_it_was_told() -> None:
    """The first reason stays; a later call to the same gate and day stands, another day was never touched."""
    history = History()
    history.add("07:00", "called", "anna", **DAY)
    history.add("07:10", "called", "anna", gate="gate", for_date="2023-11-16")
    history.add("08:00", "call_taken_back", "anna", **DAY, why="closed")
    history.add("08:10", "call_taken_back", "anna", **DAY, why="papers")
    history.add("08:30", "told_not_to_come", "anna", **DAY)
    history.add("09:00", "called", "anna", **DAY, by_channel="phone")
    first, other, again = fold(history.events).calls
    assert first.taken_back is not None
    assert (first.taken_back.why, first.taken_back.at, first.taken_back.told_at) == ("closed", at("08:00"), at("08:30"))
    assert (other.taken_back, again.taken_back) == (None, None)


# --- gates and hazards --------------------------------------------------------------------------------------------


def test_a_gate_is_open_closed_or_not_known() -> None:
    """Before anybody said so a gate is not known; said again, its span goes on."""
    history = History()
    history.add("08:00", "gate_opened", gate="gate")
    history.add("09:00", "gate_opened", gate="gate")
    history.add("12:00", "gate_closed", gate="gate", why="shelling")
    assert gates(history.events, at("07:59")) == {}
    opened = gates(history.events, at("11:59"))["gate"]
    assert (opened.open, opened.span.start, opened.span.until) == (True, at("08:00"), at("12:00"))
    closed = gates(history.events, at("12:00"))["gate"]
    assert (closed.open, closed.why, closed.span.until) == (False, "shelling", None)


@pytest.mark.parametrize(
    ("until", "ended", "in_force"),
    [
        (None, None, {"08:00", "10:00", "15T08:00"}),
        ("09:00", None, {"08:00"}),
        (None, "09:00", {"08:00"}),
        ("15T09:00", "09:00", {"08:00"}),
        ("09:00", "11:00", {"08:00", "10:00"}),
        (None, "07:00", set()),
    ],
    ids=["no end", "expected", "ended", "ended early", "lasted longer", "ended before it began"],
)
def test_a_hazard_is_in_force_for_its_span(until: str | None, ended: str | None, in_force: set[str]) -> None:
    """What was recorded as its end counts before what was expected."""
    history = History()
    expected = {} if until is None else {"until": at(until)}
    history.add("08:00", "hazard_began", hazard="h1", type="curfew", place="town", **expected)
    if ended is not None:
        history.add(ended, "hazard_ended", hazard="h1")
    history.add("09:30", "hazard_ended", hazard="another")
    assert hazards(history.events, at("07:59")) == ()
    assert {when for when in ("08:00", "10:00", "15T08:00") if hazards(history.events, at(when))} == in_force


# --- findings -----------------------------------------------------------------------------------------------------


@pytest.fixture
def history() -> History:
    """A family of three on the 15th: the crossings' list came in the evening before and has Anna in row 7."""
    history = History()
    for person, age_band in (("anna", "adult"), ("boris", "child"), ("egor", "adult")):
        history.register("10T08:00", person, "f1", age_band)
    receive(history, "14T18:00", "c15", "crossings")
    history.add("14T20:00", "listed", "anna", list="c15", row=7, reason="same passport")
    return history


def cross(history: History, when: str, *persons: str, by: str = "gate-1", **body: Any) -> Event:
    """Record that people crossed."""
    return history.add(when, "crossed", *persons, by=by, source="place:town", target="place:gate", gate="gate", **body)


def people_of(history: History, needed: int = 1, valid_hours: int | None = None) -> dict[str, CrossedPerson]:
    """Everybody, with their standing at each crossing."""
    rules = rules_of(history, of=("crossings", "embassy"), needed=needed, valid_hours=valid_hours)
    people = {}
    for person in history.persons():
        crossed, cleared = fold(history.of(person)), fold_clear(history.of(person))
        standings = standings_at_crossings(crossed, cleared, ("RUS",), {("town", "gate"): rules})
        people[person] = CrossedPerson(cross=crossed, clear=cleared, standings=standings)
    return people


def found(history: History, **rules: Any) -> set[tuple[str, tuple[str, ...]]]:
    """What is found, by code and people."""
    ways = fold_ways(history.events)
    return {(one.code, one.persons) for one in findings(people_of(history, **rules), ways)}


def test_who_is_cleared_crosses_without_a_finding(history: History) -> None:
    """With the row named or not: the row is known."""
    cross(history, "15T08:00", "anna", list="c15", row=7)
    cross(history, "15T08:01", "anna", list="c15")
    cross(history, "15T08:02", "anna")
    assert found(history) == set()


def test_a_crossing_without_a_list_is_found_until_a_second_person_signs(history: History) -> None:
    """One finding for all whom the record names; the recorder's own signature does not count."""
    crossing = cross(history, "15T08:00", "boris", "egor")
    assert found(history) == {("crossed_without_list", ("boris", "egor"))}
    history.add("15T09:00", "exception_signed", "boris", "egor", by="gate-1", crossing=str(crossing.id), why="mine")
    assert found(history) == {("crossed_without_list", ("boris", "egor"))}
    history.add("15T09:30", "exception_signed", "boris", "egor", by="duty", crossing=str(crossing.id), why="asked")
    assert found(history) == set()


def test_a_finding_names_the_record_and_the_people(history: History) -> None:
    """The sentence has ids, place and time; the remedy says who must not sign."""
    crossing = cross(history, "15T08:00", "boris")
    (finding,) = findings(people_of(history), fold_ways(history.events))
    assert finding.says == (
        f"boris crossed at gate at 2023-11-15T08:00:00Z without a list row (record {crossing.id} by gate-1)."
    )
    assert "other than gate-1" in finding.remedy


@pytest.mark.parametrize("row", [{"row": 8}, {"row": 7}, {}], ids=["another row", "her row", "no row"])
def test_a_row_that_is_not_theirs_is_found(history: History, row: dict[str, int]) -> None:
    """Boris crossing on a list on which no row is held to be him is found; matching the row ends it."""
    cross(history, "15T08:00", "boris", list="c15", **row)
    assert found(history) == {("crossed_on_other_row", ("boris",))}
    history.add("15T20:00", "listed", "boris", list="c15", row=row.get("row", 8), reason="same name")
    assert found(history) == set()


def test_a_refused_person_who_crossed_is_found(history: History) -> None:
    """Refused before the crossing, not after it."""
    cross(history, "15T08:00", "anna")
    history.add("15T09:00", "clearance_refused", "anna", authority="crossings", why="?")
    history.add("15T09:00", "clearance_refused", "anna", authority="embassy", why="?")
    assert found(history) == set()
    history.add("15T07:00", "clearance_refused", "anna", authority="crossings", why="?")
    history.add("15T07:00", "clearance_refused", "anna", authority="embassy", why="?")
    assert found(history) == {("crossed_refused", ("anna",))}


def test_a_crossing_after_the_clearance_expired_is_found(history: History) -> None:
    """Valid for twelve hours from the evening: eight in the morning is too late."""
    cross(history, "15T08:00", "anna")
    assert found(history, valid_hours=24) == set()
    assert found(history, valid_hours=12) == {("crossed_expired", ("anna",))}


def test_a_crossing_with_too_few_authorities_is_found(history: History) -> None:
    """One of two listed her; both were needed."""
    crossing = cross(history, "15T08:00", "anna")
    assert found(history, needed=2) == {("crossed_waiting", ("anna",))}
    history.add("15T09:30", "exception_signed", "anna", by="duty", crossing=str(crossing.id), why="asked")
    assert found(history, needed=2) == set()


def test_a_crossing_at_a_closed_gate_is_found(history: History) -> None:
    """Closed by record; before anybody said anything it is not known, and not found."""
    cross(history, "15T08:00", "anna")
    history.add("15T08:30", "gate_closed", gate="gate")
    assert found(history) == set()
    history.add("15T07:00", "gate_closed", gate="gate")
    assert found(history) == {("crossed_closed_gate", ("anna",))}


def test_a_way_that_asks_for_no_clearance_is_not_judged(history: History) -> None:
    """Crossings on other legs have no standing; one whose source is not known is judged by its target."""
    history.add("15T08:00", "crossed", "boris", source="place:camp", target="place:home", gate="port")
    assert found(history) == set()
    history.add("15T09:00", "crossed", "egor", target="place:gate", gate="gate")
    assert found(history) == {("crossed_without_list", ("egor",))}


# --- split parties ------------------------------------------------------------------------------------------------


def split(history: History, when: str, out: tuple[str, ...] = (), grace_minutes: int = 30) -> list[tuple[str, ...]]:
    """The people of every split group."""
    groups = travel_groups(company_of({person: fold_register(history.of(person)) for person in history.persons()}))
    states = {person: fold(history.of(person)) for person in history.persons()}
    return [one.persons for one in splits(groups, states, out, at(when), grace_minutes)]


FAMILY = ("anna", "boris", "egor")


def test_a_party_that_crosses_one_by_one_is_not_split(history: History) -> None:
    """Within the grace nobody is left behind; after it those are who have not crossed."""
    cross(history, "15T08:00", "anna")
    cross(history, "15T08:20", "boris")
    assert split(history, "15T08:29") == []
    assert split(history, "15T08:30") == [FAMILY]
    cross(history, "15T08:40", "egor")
    assert split(history, "15T09:00") == []
    assert split(history, "15T08:35") == [FAMILY]


def test_who_is_out_another_way_is_not_left_behind(history: History) -> None:
    """Seen on the other side without a crossing record."""
    cross(history, "15T08:00", "anna", "boris")
    assert split(history, "15T12:00") == [FAMILY]
    assert split(history, "15T12:00", out=("egor",)) == []


def test_a_waiver_lets_a_party_be_split(history: History) -> None:
    """Egor's waiver releases Egor; it does not release the boy from his mother."""
    cross(history, "15T08:00", "anna")
    history.add("15T07:00", "split_waived", "egor", party="f1", said_by="anna", why="he stays")
    assert split(history, "15T12:00") == [("anna", "boris")]
    cross(history, "15T08:10", "boris")
    assert split(history, "15T12:00") == []


def test_a_split_names_who_crossed_and_who_is_left(history: History) -> None:
    """The sentence has both, by id."""
    cross(history, "15T08:00", "anna", "boris")
    groups = [frozenset(FAMILY)]
    states = {person: fold(history.of(person)) for person in FAMILY}
    (finding,) = splits(groups, states, (), at("15T09:00"), 30)
    assert finding.code == "party_split"
    assert finding.says == "anna, boris crossed by 2023-11-15T09:00:00Z, and egor of the same travel group did not."


def test_every_finding_is_reached() -> None:
    """A finding added to the catalogue must be added to these tests."""
    assert {kind.code for kind in CATALOGUE} == {
        "at_no_place",  # in test_board.py: it is about everybody who stands somewhere
        "crossed_without_list",
        "crossed_on_other_row",
        "crossed_refused",
        "crossed_expired",
        "crossed_waiting",
        "crossed_closed_gate",
        "party_split",
    }


def test_signatures_may_come_before_their_crossing() -> None:
    """A signature is found by the crossing's id, whichever came in first."""
    history = History()
    history.add("15T08:30", "exception_signed", "anna", by="duty", crossing="desk/1/2", why="asked")
    crossing = cross(history, "15T08:00", "anna")
    assert crossing.id == EventId("desk", 1, 2)  # type: ignore[arg-type]
    assert fold(history.events).crossings[0].signed
