"""Enrolments and revocations read in any order: the same devices, quarantine and people, at both clocks."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.a_ledger import LATER, Ledger, draft, enrolment, mint, phone, registered
from tests.ledger.histories import HEADQUARTERS, HEADQUARTERS_KEY, WAYS, device_key

from corridor.base.moments import Moment
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.device.health import device_health
from corridor.ledger.intake import Intake, Status

STEPS = ("enrol", "enrol for bela", "enrol a second key", "revoke", "revoke after", "send", "send", "send again", "bus")
CLOCKS = [f"10:{minute:02}" for minute in range(0, 60, 10)]
RECORDS = ("enrol", "enrol for bela", "enrol a second key", "revoke", "revoke after")


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A ledger as it came: two devices that are admitted, admitted again, revoked and heard of in any turn, by a
    headquarters whose clock may stand still or be set back."""
    ledger = Ledger()
    gate, bus, last = phone("gate-1"), phone("bus-1"), b""
    for turn, step in enumerate(draw(st.lists(st.sampled_from(STEPS), min_size=2, max_size=9))):
        received = draw(st.sampled_from(CLOCKS))
        if step in RECORDS:
            ledger.order(order(step), received=received)
        elif step == "bus":
            ledger.take(mint(bus, registered("09:30", f"b{turn}")), received)
        elif step == "send" or not last:
            last = mint(gate, registered("09:00", f"g{turn}"))
            ledger.take(last, received)
        else:
            ledger.take(last, received)
    return ledger


def order(step: str) -> Any:
    """What headquarters records about the device at the gate, or the bus's when it gets a second key."""
    if step == "revoke":
        return draft("device_revoked", "08:00", device="gate-1", why="lost")
    if step == "revoke after":
        return draft("device_revoked", "08:00", device="gate-1", why="lost", after_epoch=1, after_seq=1)
    if step == "enrol a second key":
        return draft("device_enrolled", "08:00", device="bus-1", public_key=device_key("bus-1").public.hex())
    return enrolment("gate-1", **({"user": "bela"} if step == "enrol for bela" else {}))


def state(ledger: Ledger, numbers: list[int]) -> dict[str, Any]:
    """Everything that reading these batches in this order leaves."""
    intake = Intake(HEADQUARTERS, HEADQUARTERS_KEY.public, ledger.raw)
    for number in numbers:
        intake.take(number, ledger.raw(number), ledger.received[number - 1])
    columns, view_at = intake.columns, [Moment(one) for one in sorted({*ledger.received, LATER})]
    views = {known: View(Book(WAYS, intake, ledger.raw), LATER, known) for known in view_at}
    return {
        "counted": [intake.tally[status] for status in get_args(Status)],
        "held": sorted(held for all_held in intake.held.values() for held in all_held),
        "known": dict(zip(columns.batches.number, columns.batches.known_at, strict=True)),
        "by another": {columns.event_id(*one) for one in intake.by_another},
        "keys": {device: set(keys) for device, keys in intake.trust.keys.items()},
        "revoked": {device: set(found) for device, found in intake.trust.revocations.items()},
        "tips": {key: chain.tips() for key, chain in intake.chains.items()},
        "voided": {columns.event_id(*one): found.revoked for one, found in columns.standing.items()},
        "people": {known: {one: view.account_of(one) for one in view.everybody()} for known, view in views.items()},
        "health": {known: device_health(view) for known, view in views.items()},
    }


@given(st.data(), ledgers())
def test_the_order_of_reading_decides_nothing(data: st.DataObject, ledger: Ledger) -> None:
    """Whatever the order in which a ledger's batches are read, it is judged by the order in which they came."""
    numbers = list(range(1, len(ledger.raws) + 1))
    assert state(ledger, data.draw(st.permutations(numbers))) == state(ledger, numbers)


def test_a_batch_that_came_after_the_revocation_is_held_though_it_is_read_first() -> None:
    """Read before the revocation it is believed; the revocation read, it is in quarantine, and who was on it is in the
    book no more. What came before the revocation stays, also when headquarters' clock was set back between."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1", "10:00")
    ledger.take(mint(gate, registered("09:00", "early")), "10:20")
    ledger.order(draft("device_revoked", "10:10", device="gate-1", why="lost"), received="10:10")
    ledger.take(mint(gate, registered("09:30", "late")), "10:05")
    found = state(ledger, [1, 4, 2, 3])
    assert found["people"][LATER] == {"early": "place:gaza"}
    assert [(held.number, held.code) for held in found["held"]] == [(4, "revoked")]


def test_of_a_key_enrolled_twice_the_first_holds() -> None:
    """Its batches are known since the first enrolment, and are of whom that one names, whichever is read first."""
    ledger = Ledger()
    ledger.order(enrolment("gate-1", user="bela"), received="10:00")
    ledger.take(mint(phone("gate-1"), registered("09:00", "p1")), "10:10")
    ledger.order(enrolment("gate-1"), received="10:30")
    found = state(ledger, [3, 2, 1])
    assert found["known"][2] == ledger.received[1]
    assert [str(one) for one in found["by another"]] == ["gate-1/1/1"], "amal recorded with bela's key"
