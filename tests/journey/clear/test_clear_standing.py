"""The clearance of a person: what each event does, and where a person stands by N of M authorities."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.journey.clear.a_list import receive, rules_of
from tests.journey.register.a_history import History, arrivals, at, histories

from corridor.base.refusal import Refusal
from corridor.journey.clear.events import KINDS
from corridor.journey.clear.findings import CATALOGUE, findings
from corridor.journey.clear.standing import Standing, standing
from corridor.journey.clear.state import fold, fold_lists, persons_by_list
from corridor.journey.kinds import body_of
from corridor.ledger.event import Event

RECEIVED: dict[str, Any] = {
    "authority": "crossings",
    "for_date": "2023-11-15",
    "source": "published",
    "sha256": "a" * 64,
    "rows": 3,
    "rows_sha256": "b" * 64,
}
HAPPENINGS: list[tuple[str, dict[str, Any]]] = [
    ("list_received", {"list": "l1", **RECEIVED}),
    ("list_received", {"list": "l1", **RECEIVED, "sha256": "c" * 64}),
    ("list_received", {"list": "l2", **RECEIVED, "for_date": "2023-02-30"}),
    ("listed", {"list": "l1", "row": 1, "reason": "same passport"}),
    ("listed", {"list": "l1", "row": 1, "reason": "same name", "valid_until": 5}),
    ("listed", {"list": "l2", "row": 0, "reason": "same name"}),
    ("unlisted", {"list": "l1", "row": 1, "why": "another person"}),
    ("row_judged", {"list": "l1", "row": 2, "verdict": "unsure"}),
    ("row_judged", {"list": "l1", "row": 2, "verdict": "open"}),
    ("clearance_refused", {"authority": "crossings", "why": "no reason given"}),
    ("check_made", {"check": "identity", "against": "register", "result": "clear"}),
    ("check_made", {"check": "identity", "against": "register", "result": "not_checked"}),
]


@given(arrivals(histories(HAPPENINGS, ("anna", "boris"))))
def test_the_same_events_in_any_order_give_the_same_clearance(arrived: tuple[list[Event], list[Event]]) -> None:
    """Shuffled and repeated events fold to the state, and the lists, that the history itself folds to."""
    history, otherwise = arrived
    assert fold(otherwise) == fold(history)
    assert fold_lists(otherwise) == fold_lists(history)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_timelines_can_say_every_kind(kind: Any) -> None:
    """Every kind is in the property test, and its sentence needs only fields that its body always has."""
    bodies = [body_of(kind.body, kind.name, body) for name, body in HAPPENINGS if name == kind.name]
    good = next(body for body in bodies if not isinstance(body, Refusal))
    said = kind.says.format(**{name: getattr(good, name) for name in good.__dataclass_fields__})
    assert said.endswith(".") and "None" not in said


def test_not_checked_is_not_clear() -> None:
    """A check nobody made and a check recorded as not made are both `not_checked`; the last result counts."""
    history = History()
    assert fold(history.events).check_result("identity", "register") == "not_checked"
    history.add("08:00", "check_made", "anna", check="identity", against="register", result="clear")
    assert fold(history.events).check_result("identity", "register") == "clear"
    assert fold(history.events).check_result("identity", "wanted") == "not_checked"
    history.add("09:00", "check_made", "anna", check="identity", against="register", result="not_checked")
    assert fold(history.events).check_result("identity", "register") == "not_checked"


def test_the_first_list_with_an_id_stands() -> None:
    """A second, other list with the same id is a clash; the same one told twice is not."""
    history = History()
    receive(history, "08:00", "l1", "crossings")
    receive(history, "09:00", "l1", "crossings")
    clash = receive(history, "10:00", "l1", "embassy")
    lists = fold_lists(history.events)
    assert lists.statements["l1"].authority == "crossings"
    assert lists.clashes == (clash.id,)


# --- standing -----------------------------------------------------------------------------------------------------


@pytest.fixture
def history() -> History:
    """Both authorities' lists for the 15th came in on the evening before; nobody is matched yet."""
    history = History()
    receive(history, "14T18:00", "c15", "crossings")
    receive(history, "14T19:00", "e15", "embassy")
    return history


def stand(history: History, when: str = "15T07:00", citizenship: str = "RUS", **rules: Any) -> Standing:
    """Where Anna stands."""
    return standing(fold(history.of("anna")), (citizenship,), rules_of(history, **rules), at(when))


def listed(history: History, name: str, when: str = "14T20:00", **more: Any) -> None:
    """A row of the list is held to be Anna."""
    history.add(when, "listed", "anna", list=name, row=7, reason="same passport", **more)


def test_all_needed_authorities_must_list(history: History) -> None:
    """Two of two: one list leaves her waiting for the other authority, by name."""
    assert (stand(history).value, stand(history).waiting_for) == ("waiting", ("crossings", "embassy"))
    listed(history, "c15")
    assert (stand(history).value, stand(history).waiting_for) == ("waiting", ("embassy",))
    listed(history, "e15")
    assert (stand(history).value, stand(history).waiting_for) == ("cleared", ())
    assert [(word.word, word.list, word.row) for word in stand(history).words] == [
        ("listed", "c15", 7),
        ("listed", "e15", 7),
    ]


def test_one_of_two_is_enough_where_the_rule_says_so(history: History) -> None:
    """N of M: with one needed, one refusal does not stop her, two do."""
    history.add("14T21:00", "clearance_refused", "anna", authority="crossings", why="?")
    assert stand(history, needed=1).value == "waiting"
    listed(history, "e15")
    assert stand(history, needed=1).value == "cleared"
    assert stand(history, needed=2).value == "refused"
    history.add("14T22:00", "clearance_refused", "anna", authority="embassy", why="?")
    assert stand(history, needed=1).value == "refused"


def test_an_authority_without_a_say_is_left_out(history: History) -> None:
    """An embassy counts for its citizens only; with no citizenship known everybody has a say."""
    listed(history, "c15")
    assert stand(history, citizenship="KAZ", embassy_counts=("RUS",)).value == "cleared"
    assert stand(history, citizenship="RUS", embassy_counts=("RUS",)).value == "waiting"
    unknown = standing(fold(history.of("anna")), (), rules_of(history, embassy_counts=("RUS",)), at("15T07:00"))
    assert unknown.value == "waiting"
    nobody = stand(history, citizenship="KAZ", of=("embassy",), embassy_counts=("RUS",))
    assert nobody.value == "cleared" and nobody.needed == 0


def test_the_later_of_listing_and_refusal_holds(history: History) -> None:
    """A refusal holds until the authority lists her on a later list; when the row was matched does not matter."""
    history.add("14T18:30", "clearance_refused", "anna", authority="crossings", why="?")
    listed(history, "c15", "14T23:00")
    assert stand(history, of=("crossings",), needed=1).value == "refused"
    receive(history, "14T22:00", "c15b", "crossings", replaces="c15")
    listed(history, "c15b")
    assert stand(history, of=("crossings",), needed=1).value == "cleared"


def test_a_row_matched_late_counts_from_the_list(history: History) -> None:
    """Who was on the list in the morning was cleared in the morning, though the row was matched at night."""
    listed(history, "c15", "15T23:00")
    assert stand(history, "15T07:00", of=("crossings",), needed=1).value == "cleared"
    assert stand(history, "14T17:59", of=("crossings",), needed=1).value == "waiting"


@pytest.mark.parametrize(
    ("row", "of_list", "valid_hours", "until"),
    [
        ({"valid_until": at("15T08:00")}, {"valid_until": at("15T09:00")}, 24, "15T08:00"),
        ({}, {"valid_until": at("15T09:00")}, 24, "15T09:00"),
        ({}, {}, 24, "15T18:00"),
        ({}, {}, None, None),
    ],
    ids=["the row's end", "the list's end", "hours of the rule", "no end"],
)
def test_validity_is_the_rows_else_the_lists_else_the_rules(
    row: dict[str, Any], of_list: dict[str, Any], valid_hours: int | None, until: str | None
) -> None:
    """Up to its end she is cleared, from then on expired."""
    history = History()
    receive(history, "14T18:00", "c15", "crossings", **of_list)
    listed(history, "c15", **row)
    rules: dict[str, Any] = {"of": ("crossings",), "needed": 1, "valid_hours": valid_hours}
    now = stand(history, "15T07:00", **rules)
    assert (now.value, now.valid_until) == ("cleared", None if until is None else at(until))
    assert stand(history, until or "30T23:59", **rules).value == ("cleared" if until is None else "expired")


def test_a_clearance_ends_when_too_few_of_the_needed_hold(history: History) -> None:
    """With one of two needed it lasts as long as the longer one, with two as the shorter."""
    listed(history, "c15", valid_until=at("15T10:00"))
    listed(history, "e15", valid_until=at("15T12:00"))
    assert stand(history, needed=2).valid_until == at("15T10:00")
    assert stand(history, needed=1).valid_until == at("15T12:00")
    assert stand(history, "15T11:00", needed=2).value == "expired"


def test_a_listing_for_later_does_not_count_yet(history: History) -> None:
    """Valid from tomorrow is waiting today."""
    listed(history, "c15", valid_from=at("15T06:00"))
    rules: dict[str, Any] = {"of": ("crossings",), "needed": 1}
    assert stand(history, "15T05:59", **rules).words[0].word == "not_yet"
    assert stand(history, "15T06:00", **rules).value == "cleared"


@pytest.mark.parametrize(("policy", "value"), [("replace", "waiting"), ("add", "cleared")])
def test_a_later_days_list_drops_only_where_the_policy_says_so(history: History, policy: str, value: str) -> None:
    """Not on tomorrow's list: dropped with `replace`, still listed with `add`; a second list for one day adds."""
    rules: dict[str, Any] = {"of": ("crossings",), "needed": 1, "policy": policy}
    listed(history, "c15")
    receive(history, "14T21:00", "c15-more", "crossings")
    assert stand(history, "14T22:00", **rules).value == "cleared"
    receive(history, "15T18:00", "c16", "crossings", for_date="2023-11-16")
    assert stand(history, "15T17:00", **rules).value == "cleared"
    assert stand(history, "15T18:00", **rules).value == value
    assert stand(history, "15T18:00", **rules).words[0].word == ("dropped" if policy == "replace" else "listed")


def test_a_late_older_list_drops_nobody(history: History) -> None:
    """Yesterday's list that comes in today does not replace today's."""
    listed(history, "c15")
    receive(history, "15T06:00", "c14", "crossings", for_date="2023-11-14")
    assert stand(history, of=("crossings",), needed=1, policy="replace").value == "cleared"


def test_taking_the_row_away_ends_the_listing(history: History) -> None:
    """From then on, not before; being matched again lists her again."""
    rules: dict[str, Any] = {"of": ("crossings",), "needed": 1}
    listed(history, "c15")
    history.add("15T08:00", "unlisted", "anna", list="c15", row=7, why="struck out")
    assert stand(history, "15T07:59", **rules).value == "cleared"
    assert stand(history, "15T08:00", **rules).value == "waiting"
    listed(history, "c15", "15T09:00")
    assert stand(history, "15T09:00", **rules).value == "cleared"


def test_everybody_on_a_list_is_counted_by_the_rows_held_to_be_them(history: History) -> None:
    """Rows taken away do not count."""
    listed(history, "c15")
    history.add("14T20:00", "listed", "boris", list="c15", row=8, reason="same name")
    states = {person: fold(history.of(person)) for person in history.persons()}
    assert persons_by_list(states) == {"c15": {"anna", "boris"}}
    history.add("14T21:00", "unlisted", "boris", list="c15", row=8, why="another person")
    assert persons_by_list({person: fold(history.of(person)) for person in states}) == {"c15": {"anna"}}


# --- findings -----------------------------------------------------------------------------------------------------

FOUND: list[tuple[str, tuple[str, ...], list[tuple[str, dict[str, Any]]]]] = [
    (
        "row_of_two",
        ("anna", "boris"),
        [("anna", {"list": "c15", "row": 7}), ("boris", {"list": "c15", "row": 7})],
    ),
    ("listed_twice", ("anna",), [("anna", {"list": "c15", "row": 7}), ("anna", {"list": "c15", "row": 8})]),
    ("on_unknown_list", ("anna",), [("anna", {"list": "c99", "row": 7})]),
    ("on_missing_row", ("anna",), [("anna", {"list": "c15", "row": 101})]),
]


@pytest.mark.parametrize(("code", "persons", "rows"), FOUND, ids=[code for code, *_ in FOUND])
def test_rows_that_cannot_be_right_are_found(
    history: History, code: str, persons: tuple[str, ...], rows: list[tuple[str, dict[str, Any]]]
) -> None:
    """Each is found with its people, and gone when the row is taken away."""
    for person, row in rows:
        history.add("14T20:00", "listed", person, **row, reason="same name")
    assert found(history) == {(code, persons)}
    for person, row in rows[-1:]:
        history.add("14T21:00", "unlisted", person, **row, why="a mistake")
    assert found(history) == set()


def found(history: History) -> set[tuple[str, tuple[str, ...]]]:
    """What is found, by code and people."""
    states = {person: fold(history.of(person)) for person in history.persons()}
    return {(one.code, one.persons) for one in findings(states, fold_lists(history.events))}


def test_a_refusal_of_a_listed_person_is_found(history: History) -> None:
    """An authority that listed and then refused is asked; one that refused and then listed is not."""
    history.add("14T17:00", "clearance_refused", "anna", authority="crossings", why="?")
    listed(history, "c15")
    assert found(history) == set()
    history.add("15T06:00", "clearance_refused", "anna", authority="crossings", why="?")
    assert found(history) == {("refused_while_listed", ("anna",))}


def test_a_list_clash_is_found(history: History) -> None:
    """It is about nobody."""
    receive(history, "15T06:00", "c15", "embassy")
    assert found(history) == {("list_clash", ())}


def test_every_finding_is_reached() -> None:
    """A finding added to the catalogue must be reached by a test."""
    elsewhere = {"refused_while_listed", "list_clash"}
    assert {code for code, *_ in FOUND} | elsewhere == {kind.code for kind in CATALOGUE}
