"""Who is seen next, and who may open what was sealed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.journey.register.a_history import History, at

from corridor.base.ids import PersonId, UserId
from corridor.base.refusal import Refusal
from corridor.journey.care.queue import queue
from corridor.journey.care.sealed import open_sealed
from corridor.journey.care.state import fold
from corridor.journey.register.rows import MemoryIdentityRows
from corridor.ledger.sealing import MemoryPersonKeys, seal

NOW = at("12:00")
BANDS: Any = {"infant": "infant", "child": "child", "young": "adult", "old": "elder", "new": None, "walker": "infant"}
MEDIC, ANNA = UserId("medic"), PersonId("anna")


@pytest.fixture
def history() -> History:
    """Four yellow people of every age, a red adult, an infant who walks, somebody not triaged."""
    history = History()
    for minute, person in enumerate(("old", "young", "child", "infant")):
        history.add(f"09:0{minute}", "triaged", person, system="start", colour="yellow")
    history.add("10:00", "triaged", "bleeds", system="start", colour="red")
    history.add("08:00", "triaged", "walker", system="start", colour="green", walks=True)
    return history


def order_of(history: History, *more: str) -> list[str]:
    """The queue of everybody in the history and some more, by name."""
    states = {person: fold(history.of(person)) for person in history.persons()}
    here = {PersonId(person): at("07:00") for person in (*states, *more)}
    return [one.person for one in queue(states, BANDS, here)]


def test_the_queue_goes_by_colour_age_and_waiting(history: History) -> None:
    """Red first; of one colour infants, then children, then who waits longest; unknown before green."""
    assert order_of(history, "new") == ["bleeds", "infant", "child", "old", "young", "new", "walker"]


@pytest.mark.parametrize("kind", ["encounter", "psychological_first_aid", "fitness_decided"])
def test_who_was_seen_waits_no_more(history: History, kind: str) -> None:
    """An encounter, first aid or decision after the triage ends the waiting; a new triage begins it again."""
    bodies: dict[str, dict[str, Any]] = {
        "encounter": {"encounter": "e", "place": "camp", "codes": ["fever"], "disposition": "treated"},
        "psychological_first_aid": {"encounter": "e", "place": "camp"},
        "fitness_decided": {"decision": "unfit"},
    }
    history.add("11:00", kind, "bleeds", **bodies[kind])
    assert "bleeds" not in order_of(history)
    history.add("11:30", "triaged", "bleeds", system="start", colour="yellow")
    assert order_of(history)[-2] == "bleeds"


def test_only_the_people_here_are_in_the_queue(history: History) -> None:
    """Somebody triaged who has gone on is not in the queue of where they were."""
    states = {person: fold(history.of(person)) for person in history.persons()}
    assert [one.person for one in queue(states, {}, {PersonId("old"): NOW})] == ["old"]


def test_a_sealed_text_opens_for_care_and_is_logged() -> None:
    """Care reads the text; another role, no reason and a destroyed key each get a no, and all four are in the log."""
    rows, keys = MemoryIdentityRows(), MemoryPersonKeys()
    sealed = seal("He was in the cellar.", ANNA, keys, lambda count: b"k" * count, NOW)

    def asked(role: str, why: str) -> str | Refusal:
        return open_sealed(rows, keys, MEDIC, role, ANNA, sealed, why, NOW)

    assert asked("medic", "follow-up") == "He was in the cellar."
    refused = [asked("duty_officer", "follow-up"), asked("medic", " ")]
    keys.destroy(ANNA)
    refused.append(asked("medic", "follow-up"))
    codes = ["sealed_for_care", "sealed_without_reason", "sealed_for_ever"]
    assert [one.code for one in refused if isinstance(one, Refusal)] == codes
    assert [one.refused for one in rows.reads(ANNA)] == [None, *codes[:2], None]
    assert all(one.who == MEDIC and one.why.startswith("sealed: ") for one in rows.reads())
