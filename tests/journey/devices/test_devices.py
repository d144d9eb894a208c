"""Devices are enrolled, revoked and believed by orders, each carried out by the ledger or refused with its reason."""

from __future__ import annotations

from typing import Any

import pytest
from tests.a_road import small_operation
from tests.ledger.a_ledger import LATER, Ledger, draft, mint, phone, registered
from tests.ledger.histories import HEADQUARTERS

from corridor.base.ids import DeviceId, PersonId, PlaceId, UserId
from corridor.base.operation import Operation
from corridor.base.refusal import Refusal
from corridor.journey.board.board import Board
from corridor.journey.devices.facts import enrolments, forks_of
from corridor.journey.devices.orders import BelieveBranch, EnrolDevice, RevokeDevice
from corridor.journey.orders import decide

GATE = DeviceId("gate-1")
OFFICER = UserId("officer")
KEY = "ab" * 32


@pytest.fixture
def operation() -> Operation:
    """A small operation of four places."""
    return small_operation()


@pytest.fixture
def ledger() -> Ledger:
    """A gate with two events on its chain."""
    ledger = Ledger()
    ledger.take(mint(ledger.enrol(GATE), registered("09:00", "p1"), registered("09:05", "p2")), "09:10")
    return ledger


def given(operation: Operation, ledger: Ledger, order: Any) -> str:
    """The code of the no; '' when it is done, and then its event is in the ledger."""
    decided = decide(order, board(operation, ledger), LATER)
    if isinstance(decided, Refusal):
        assert decided.says and decided.remedy
        return decided.code
    for one in decided:
        ledger.take(mint(ledger.headquarters, one), "20:00")
    return ""


def board(operation: Operation, ledger: Ledger) -> Board:
    """Everything known, long after."""
    return Board(operation, ledger.view(LATER, LATER))


@pytest.mark.parametrize(
    ("device", "key", "place", "code"),
    [
        ("gate 2", KEY, None, "bad_device_name"),
        (HEADQUARTERS, KEY, None, "headquarters_device"),
        ("gate-2", "ab" * 31, None, "bad_public_key"),
        ("gate-2", "xy" * 32, None, "bad_public_key"),
        ("gate-2", KEY, "moon", "device_place_not_known"),
        ("gate-2", KEY.upper(), "gate", ""),
    ],
)
def test_what_can_be_enrolled(
    operation: Operation, ledger: Ledger, device: str, key: str, place: str | None, code: str
) -> None:
    """A name, a key of 32 bytes and a place of the operation; the device is then among those enrolled."""
    where = None if place is None else PlaceId(place)
    order = EnrolDevice(by=OFFICER, device=DeviceId(device), public_key=key, place=where)
    assert given(operation, ledger, order) == code
    found = enrolments(board(operation, ledger))
    assert (DeviceId("gate-2") in found) == (code == "")
    if not code:
        assert (found[DeviceId("gate-2")].place, found[DeviceId("gate-2")].epochs) == ("gate", ((1, KEY),))
        again = EnrolDevice(by=OFFICER, device=DeviceId("gate-3"), public_key=KEY)
        assert given(operation, ledger, again) == "key_enrolled"


def test_a_new_key_begins_a_new_epoch(operation: Operation, ledger: Ledger) -> None:
    """The old key stays good for the old epoch, the new one for those after all that were received."""
    assert given(operation, ledger, EnrolDevice(by=OFFICER, device=GATE, public_key=KEY)) == ""
    assert [epoch for epoch, _ in enrolments(board(operation, ledger))[GATE].epochs] == [1, 2]


def test_a_revoked_device_is_believed_up_to_the_record_named(operation: Operation, ledger: Ledger) -> None:
    """What it recorded after that is void; a record that never came cannot be named; the name never comes back."""
    revoke: dict[str, Any] = {"by": OFFICER, "device": GATE, "why": "stolen"}
    assert given(operation, ledger, RevokeDevice(**{**revoke, "why": " "})) == "no_reason"
    assert given(operation, ledger, RevokeDevice(**{**revoke, "device": DeviceId("gate-9")})) == "device_not_known"
    assert given(operation, ledger, RevokeDevice(**revoke, after_epoch=1)) == "last_record_half"
    assert given(operation, ledger, RevokeDevice(**revoke, after_epoch=1, after_seq=3)) == "last_record_not_received"
    assert given(operation, ledger, RevokeDevice(**revoke, after_epoch=1, after_seq=2)) == ""
    assert board(operation, ledger).view.registered == 2
    assert given(operation, ledger, RevokeDevice(**revoke, after_epoch=1, after_seq=2)) == "device_is_revoked"
    assert given(operation, ledger, RevokeDevice(**revoke, after_epoch=1, after_seq=1)) == "", "stricter"
    assert board(operation, ledger).view.everybody() == (PersonId("p1"),)
    assert enrolments(board(operation, ledger))[GATE].revoked_at is not None
    assert given(operation, ledger, EnrolDevice(by=OFFICER, device=GATE, public_key=KEY)) == "device_is_revoked"


def test_one_branch_of_a_fork_is_believed(operation: Operation, ledger: Ledger) -> None:
    """Both branches are shown with their own records; one is believed once, and by a record that ends it."""
    believe: dict[str, Any] = {"by": OFFICER, "device": GATE, "epoch": 1, "why": "asked the user"}
    assert given(operation, ledger, BelieveBranch(**believe, head=KEY)) == "not_forked"
    first = phone(GATE)
    ledger.take(mint(first, registered("09:00", "p1"), registered("09:06", "p3"), draft("called", "09:07", "p3")))
    (fork,) = forks_of(board(operation, ledger), GATE)
    persons = [[person for event in events for person in event.persons] for _, events in fork.branches]
    assert sorted(persons) == [["p2"], ["p3", "p3"]] and fork.believed is None
    assert given(operation, ledger, BelieveBranch(**believe, head=KEY)) == "branch_not_known"
    assert given(operation, ledger, BelieveBranch(**believe, head=first.head.hex())) == ""
    assert board(operation, ledger).view.everybody() == ("p1", "p3")
    assert forks_of(board(operation, ledger), GATE)[0].believed == first.head.hex()
    assert given(operation, ledger, BelieveBranch(**believe, head=first.head.hex())) == "branch_judged"
