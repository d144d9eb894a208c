"""What can happen on arrival: received, followed up, placed, handed over with a receipt, sent onward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import CustodianId, FollowUpId, PlaceId, ReceiptId
from corridor.base.moments import Moment
from corridor.journey.kinds import Kind

FollowUpType = Literal["medical", "psychological"]
FollowUpOutcome = Literal["well", "treated", "referred", "not_reached", "declined"]
OnwardMode = Literal["foot", "car", "bus", "air", "sea", "rail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The person is home: who received them, and where."""

    custodian: CustodianId
    place: PlaceId
    relatives: bool | None = None  # met by relatives; None: not recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDue:
    """Somebody must see the person again by a time."""

    follow_up: FollowUpId
    type: FollowUpType
    due_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDone:
    """The person was seen, or could not be."""

    follow_up: FollowUpId
    outcome: FollowUpOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The person stays at a shelter."""

    shelter: PlaceId
    room: str | None = None
    until: Moment | None = None  # None: no end is known


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementEnded:
    """The person stays there no more."""

    shelter: PlaceId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """One custodian gives the person to another; `receipt` is None until the other has signed."""

    from_custodian: CustodianId
    to_custodian: CustodianId
    receipt: ReceiptId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverReceipted:
    """The other custodian signed for the persons of the event."""

    receipt: ReceiptId
    by_custodian: CustodianId


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardJourney:
    """The person goes on from where they were received."""

    to: str
    mode: OnwardMode | None = None  # None: not known
    leaves_at: Moment | None = None  # None: not known


def _kind(name: str, body: type, says: str, *, moves: bool = False) -> Kind:
    return Kind(name=name, stage="arrive", body=body, moves=moves, says=says)


RECEIVED = _kind("received", Received, "Received at {place} by {custodian}.", moves=True)
FOLLOW_UP_DUE = _kind("follow_up_due", FollowUpDue, "Follow-up due: {type}.")
FOLLOW_UP_DONE = _kind("follow_up_done", FollowUpDone, "Follow-up done: {outcome}.")
PLACED = _kind("placed", Placed, "Placed at {shelter}.")
PLACEMENT_ENDED = _kind("placement_ended", PlacementEnded, "Left {shelter}: {why}.")
HANDED_OVER = _kind("handed_over", HandedOver, "Handed over from {from_custodian} to {to_custodian}.", moves=True)
HANDOVER_RECEIPTED = _kind("handover_receipted", HandoverReceipted, "{by_custodian} signed for the handover.")
ONWARD_JOURNEY = _kind("onward_journey", OnwardJourney, "Onward journey to {to}.")

KINDS: tuple[Kind, ...] = (
    RECEIVED,
    FOLLOW_UP_DUE,
    FOLLOW_UP_DONE,
    PLACED,
    PLACEMENT_ENDED,
    HANDED_OVER,
    HANDOVER_RECEIPTED,
    ONWARD_JOURNEY,
)
