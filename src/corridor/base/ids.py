"""What things are called: one type for each kind of id, so that a person is never passed as a party."""

from __future__ import annotations

from typing import NamedTuple, NewType

PersonId = NewType("PersonId", str)
PartyId = NewType("PartyId", str)
DeviceId = NewType("DeviceId", str)
UserId = NewType("UserId", str)
PlaceId = NewType("PlaceId", str)
LegId = NewType("LegId", str)
StationId = NewType("StationId", str)
AuthorityId = NewType("AuthorityId", str)
PartnerId = NewType("PartnerId", str)
PaperRuleId = NewType("PaperRuleId", str)
ClaimedFigureId = NewType("ClaimedFigureId", str)
PermitId = NewType("PermitId", str)
FleetId = NewType("FleetId", str)
PoolId = NewType("PoolId", str)
CategoryId = NewType("CategoryId", str)
CustodianId = NewType("CustodianId", str)
ListId = NewType("ListId", str)
MovementId = NewType("MovementId", str)
VehicleId = NewType("VehicleId", str)
PaperId = NewType("PaperId", str)
HoldId = NewType("HoldId", str)
EncounterId = NewType("EncounterId", str)
HazardId = NewType("HazardId", str)
TracingId = NewType("TracingId", str)
OfferId = NewType("OfferId", str)
PlanId = NewType("PlanId", str)
FollowUpId = NewType("FollowUpId", str)
ReceiptId = NewType("ReceiptId", str)
AccountId = NewType("AccountId", str)
"""An account of the book as text, e.g. ``place:rafah``; made and read only in `corridor.ledger.accounts`."""


class EventId(NamedTuple):
    """Which event: the device that recorded it, the device's epoch, and its number there (from 1)."""

    device: DeviceId
    epoch: int
    seq: int

    def __str__(self) -> str:
        return f"{self.device}/{self.epoch}/{self.seq}"


def parse_event_id(text: str) -> EventId:
    """Read ``device/epoch/seq``. Raises ValueError naming the text when it is not of that form."""
    device, _, rest = text.partition("/")
    epoch, _, seq = rest.partition("/")
    if not (device and epoch.isascii() and epoch.isdigit() and seq.isascii() and seq.isdigit()):
        raise ValueError(f"{text!r} is not an event id; expected device/epoch/seq, e.g. gate-1/1/42")
    return EventId(DeviceId(device), int(epoch), int(seq))
