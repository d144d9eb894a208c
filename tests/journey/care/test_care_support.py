"""Who should be talked to next: by reason, then by waiting; a talk answers what was before it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.journey.register.a_history import History, at

from corridor.journey.care.state import fold
from corridor.journey.care.support import talks

NOW = at("12:00")
HOLD: Any = {"hold": "h1", "instruction": "Wait.", "owner": "ilya", "review_at": at("18:00")}
LOSS: Any = {"loss": "relative_killed", "consent": "given"}


def queued(history: History) -> list[tuple[str, str]]:
    """The queue by name and reason."""
    states = {person: fold(history.of(person)) for person in history.persons()}
    return [(one.person, one.reason) for one in talks(states, NOW)]


def aid(history: History, time: str, person: str, next_: str) -> None:
    """A talk, and how it goes on."""
    history.add(time, "psychological_first_aid", person, encounter=f"e-{person}", place="camp", next=next_)


def test_the_order_of_the_queue() -> None:
    """A psychological hold first, then referrals, losses by their waiting, complaints, talks to go on with."""
    history = History()
    aid(history, "07:00", "again", "follow_up")
    history.add("09:00", "loss_reported", "late", **LOSS)
    history.add("08:00", "loss_reported", "early", **LOSS)
    history.add(
        "06:00", "encounter", "sleepless", encounter="e1", place="camp", codes=["grief_sleep"], disposition="treated"
    )
    aid(history, "10:00", "referred", "refer")
    history.add("11:00", "hold_placed", "held", reason="psychological", **HOLD)
    history.add("05:00", "hold_placed", "fever", reason="infectious", **{**HOLD, "hold": "h2"})
    assert queued(history) == [
        ("held", "hold"), ("referred", "refer"), ("early", "loss"), ("late", "loss"), ("sleepless", "encounter"),
        ("again", "follow_up"),
    ]  # fmt: skip


@pytest.mark.parametrize(("next_", "left"), [("none", []), ("refer", [("anna", "refer")])])
def test_a_talk_answers_what_was_before(next_: str, left: list[tuple[str, str]]) -> None:
    """After a talk nobody waits for the loss of before; a loss of after is new."""
    history = History()
    history.add("08:00", "loss_reported", "anna", **LOSS)
    aid(history, "09:00", "anna", next_)
    assert queued(history) == left
    history.add("10:00", "loss_reported", "anna", **LOSS)
    assert ("anna", "loss" if next_ == "none" else "refer") in queued(history)
