"""Every order of clearance: what it drafts, and every way in which it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.journey.clear.a_list import a_list, receive, row
from tests.journey.register.a_history import History, at

from corridor.base.refusal import Refusal
from corridor.journey.clear import rules
from corridor.journey.clear.refusals import CATALOGUE
from corridor.journey.clear.rules import (
    ClearFacts,
    JudgeRow,
    MatchRow,
    Order,
    ReceiveList,
    RecordCheck,
    RecordRefusal,
    UnmatchRow,
    decide,
    rows_held,
)
from corridor.journey.clear.state import fold, fold_lists

NOW = at("15T06:00")
BY: dict[str, Any] = {"by": "officer"}


@pytest.fixture
def facts() -> ClearFacts:
    """One list of the crossings' authority with Anna in row 7; Dina was refused; Boris has nothing."""
    history = History()
    receive(history, "14T18:00", "c15", "crossings")
    history.add("14T20:00", "listed", "anna", list="c15", row=7, reason="same passport")
    history.add("14T20:00", "row_judged", "dina", list="c15", row=9, verdict="unsure")
    history.add("14T20:00", "check_made", "boris", check="identity", against="register", result="clear")
    history.add("14T20:00", "clearance_refused", "dina", authority="crossings", why="?")
    states = {person: fold(history.of(person)) for person in history.persons()}
    return ClearFacts(
        lists=fold_lists(history.events),
        authorities=frozenset({"crossings", "embassy"}),
        states=states,
        row_holders=rows_held(states).get("c15", {}),
    )


C16 = a_list("c16", row(1, "Anna Petrova"), day=16)
MATCH = MatchRow(**BY, list="c15", row=8, person="boris", why="same name and birth")
JUDGE = JudgeRow(**BY, list="c15", row=8, person="boris", verdict="different")
REFUSE = RecordRefusal(**BY, authority="crossings", persons=("anna", "boris"), why="security")

DONE: list[tuple[str, Order, str, tuple[str, ...]]] = [
    ("a list of a later day", ReceiveList(**BY, received=C16), "list_received", ()),
    ("a new edition", ReceiveList(**BY, received=replace(C16, replaces="c15")), "list_received", ()),
    ("a row is matched", MATCH, "listed", ("boris",)),
    (
        "a row is matched anew, with an end",
        replace(MATCH, row=7, person="anna", valid_until=NOW),
        "listed",
        ("anna",),
    ),
    ("a row is taken away", UnmatchRow(**BY, list="c15", row=7, person="anna", why="another"), "unlisted", ("anna",)),
    ("a row is somebody else", JUDGE, "row_judged", ("boris",)),
    ("what was unsure is told", replace(JUDGE, row=9, person="dina"), "row_judged", ("dina",)),
    ("a verdict is taken back", replace(JUDGE, row=9, person="dina", verdict="open"), "row_judged", ("dina",)),
    ("an authority's no", REFUSE, "clearance_refused", ("anna", "boris")),
    (
        "a check not made",
        RecordCheck(**BY, persons=("anna",), check="identity", against="register", result="not_checked"),
        "check_made",
        ("anna",),
    ),
]

REFUSED: list[tuple[str, Order]] = [
    ("nobody_named", replace(REFUSE, persons=())),
    ("no_reason", replace(REFUSE, why="")),
    ("not_registered", replace(MATCH, person="stranger")),
    ("unknown_authority", ReceiveList(**BY, received=replace(C16, authority="moon"))),
    ("unknown_authority", replace(REFUSE, authority="moon")),
    ("list_already_received", ReceiveList(**BY, received=replace(a_list("c15"), id="again"))),
    ("list_id_taken", ReceiveList(**BY, received=replace(C16, id="c15"))),
    ("no_earlier_edition", ReceiveList(**BY, received=replace(C16, replaces="c99"))),
    ("no_earlier_edition", ReceiveList(**BY, received=replace(C16, authority="embassy", replaces="c15"))),
    ("unknown_list", replace(MATCH, list="c99")),
    ("no_such_row", replace(MATCH, row=101)),
    ("no_such_row", replace(MATCH, row=0)),
    ("row_taken", replace(MATCH, row=7)),
    ("already_listed", replace(MATCH, person="anna")),
    ("already_listed", replace(MATCH, row=7, person="anna", why="same passport")),
    ("not_listed", UnmatchRow(**BY, list="c15", row=8, person="anna", why="another")),
    ("unknown_list", replace(JUDGE, list="c99")),
    ("no_such_row", replace(JUDGE, row=101)),
    ("already_listed", replace(JUDGE, row=7, person="anna")),
    ("already_judged", replace(JUDGE, row=9, person="dina", verdict="unsure")),
    ("already_judged", replace(JUDGE, verdict="open")),
    ("ends_before_start", replace(MATCH, valid_until=at("14T18:00"))),
    ("ends_before_start", replace(MATCH, valid_from=NOW, valid_until=NOW)),
    ("already_refused", replace(REFUSE, persons=("boris", "dina"))),
]


@pytest.mark.parametrize(("says", "order", "kind", "persons"), DONE, ids=[says for says, *_ in DONE])
def test_an_order_becomes_a_draft(
    facts: ClearFacts, says: str, order: Order, kind: str, persons: tuple[str, ...]
) -> None:
    """Each order that may be done drafts one event of this kind for these people."""
    drafts = decide(order, facts, NOW)
    assert not isinstance(drafts, Refusal), says
    assert [(draft.kind, draft.persons, draft.by) for draft in drafts] == [(kind, persons, "officer")]


@pytest.mark.parametrize(("code", "order"), REFUSED, ids=[f"{code}-{turn}" for turn, (code, _) in enumerate(REFUSED)])
def test_an_order_is_refused(facts: ClearFacts, code: str, order: Order) -> None:
    """Each order that may not be done gets the refusal of this code, in whole sentences."""
    refusal = decide(order, facts, NOW)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.code == code
    assert refusal.says.endswith(".") and refusal.remedy.endswith(".")


def test_a_list_has_the_time_of_its_receipt(facts: ClearFacts) -> None:
    """A list entered in the morning that came in at night counts from the night; never from the future."""
    night = decide(ReceiveList(**BY, received=replace(C16, received_at=at("14T23:00"))), facts, NOW)
    later = decide(ReceiveList(**BY, received=replace(C16, received_at=at("16T23:00"))), facts, NOW)
    assert not isinstance(night, Refusal) and not isinstance(later, Refusal)
    assert (night[0].happened_at, later[0].happened_at) == (at("14T23:00"), NOW)


def test_every_order_and_every_refusal_is_in_the_tables() -> None:
    """An order or a refusal added to clearance must be added here."""
    assert {type(order) for _, order, *_ in DONE} == set(rules.Order.__args__)
    shared = {"nobody_named", "no_reason", "not_registered"}
    elsewhere = {"nobody_chosen", "no_row_read"}  # test_nobody_chosen_is_said_where_one_works, at the desk
    assert {code for code, _ in REFUSED} - shared | elsewhere == {kind.code for kind in CATALOGUE}
