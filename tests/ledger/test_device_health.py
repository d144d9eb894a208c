"""How devices are doing: what headquarters can tell of each from what arrived."""

from __future__ import annotations

from tests.ledger.a_ledger import LATER, Ledger, draft, mint, moment, phone, registered

from corridor.ledger.device.health import device_health


def test_a_device_is_well_until_something_of_it_is_missing() -> None:
    """Three events made, the middle one not arrived: known once the third came, and mended by the late one."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, registered("09:00", "p1")), "09:05")
    late = mint(gate, draft("at_gate", "09:30", "p1", gate="rafah"))
    ledger.take(mint(gate, draft("at_gate", "10:00", "p1", gate="rafah")), "10:05")
    early = device_health(ledger.view(known=moment("09:30")))["gate-1"]  # type: ignore[index]
    assert (early.well, early.events, early.heard_at) == (True, 1, moment("09:05"))
    now = device_health(ledger.view())["gate-1"]  # type: ignore[index]
    assert (now.well, now.events, now.missing, now.heard_at) == (False, 2, 1, moment("10:05"))
    ledger.take(late, "11:00")
    mended = device_health(ledger.view())["gate-1"]  # type: ignore[index]
    assert (mended.well, mended.events, mended.missing, mended.heard_at) == (True, 3, 0, moment("11:00"))


def test_a_fork_and_a_stranger_are_seen() -> None:
    """Two devices under one name fork; a device nobody enrolled has its batches held; who never sent is not here."""
    ledger = Ledger()
    ledger.take(mint(ledger.enrol("gate-1"), registered("09:00", "p1")))
    ledger.take(mint(phone("gate-1"), registered("09:01", "p2")))
    ledger.take(mint(phone("gate-2"), registered("09:00", "p3")))
    found = device_health(ledger.view(LATER, LATER))
    assert found["gate-1"].forked and not found["gate-1"].well  # type: ignore[index]
    assert (found["gate-2"].held, found["gate-2"].events) == (1, 0)  # type: ignore[index]
    assert found["gate-2"].heard_at == moment("20:00")  # type: ignore[index]
    assert "gate-3" not in found
