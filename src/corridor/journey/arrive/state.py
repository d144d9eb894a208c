"""What is known of a person's arrival: who received them, follow-ups, where they stay, handovers, where they go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corridor.base.ids import CustodianId, FollowUpId, PersonId, PlaceId, ReceiptId
from corridor.base.moments import Moment
from corridor.journey.arrive.events import (
    KINDS,
    FollowUpDone,
    FollowUpDue,
    FollowUpOutcome,
    FollowUpType,
    HandedOver,
    HandoverReceipted,
    OnwardJourney,
    Placed,
    PlacementEnded,
    Received,
)
from corridor.journey.reading import Unreadable, by_name, read
from corridor.ledger.event import Event

_KINDS = by_name(KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One follow-up; `done_at` is None while nobody has seen the person."""

    follow_up: FollowUpId
    type: FollowUpType
    due_at: Moment
    done_at: Moment | None
    outcome: FollowUpOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One placement; `until` None: no end is known; `ended_at` None: the person still stays there."""

    shelter: PlaceId
    room: str | None
    began_at: Moment
    until: Moment | None
    ended_at: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One handover; `receipt` is what the giver noted, `receipted_by` who signed it, None while nobody did."""

    at: Moment
    giver: CustodianId
    receiver: CustodianId
    receipt: ReceiptId | None
    receipted_by: CustodianId | None
    receipted_at: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArriveState:
    """The arrival of one person. `received` is None while nobody received them."""

    received: Received | None = None
    received_at: Moment | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    done_not_known: tuple[FollowUpId, ...] = ()  # done, but never seen due
    stays: tuple[Stay, ...] = ()
    ended_not_known: tuple[PlaceId, ...] = ()  # ended, but never seen to begin
    handovers: tuple[Handover, ...] = ()
    receipts_not_known: tuple[ReceiptId, ...] = ()  # signed, but no handover waits for it
    onward: OnwardJourney | None = None
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def custodian(self) -> CustodianId | None:
        """Who has the person: the receiver of the last handover, else who received them; None: nobody yet."""
        if self.handovers:
            return self.handovers[-1].receiver
        return None if self.received is None else self.received.custodian

    @property
    def here(self) -> tuple[Stay, ...]:
        """The placements that nobody has ended: one, unless records contradict."""
        return tuple(stay for stay in self.stays if stay.ended_at is None)


def fold(events: Iterable[Event]) -> ArriveState:
    """The arrival of the person all these events name; other stages' events are passed over.

    A follow-up is done and a handover receipted whatever the clocks of the records say, for their ids say it.
    """
    unreadable: list[Unreadable] = []
    follow_ups: dict[FollowUpId, FollowUp] = {}
    done: dict[FollowUpId, tuple[Moment, FollowUpOutcome]] = {}
    stays: list[Stay] = []
    ended_not_known: list[PlaceId] = []
    handovers: list[Handover] = []
    receipts: dict[ReceiptId, tuple[Moment, CustodianId]] = {}
    state = ArriveState()
    for event, body in read(events, _KINDS, unreadable):
        at = event.corrected_at
        match body:
            case Received():
                state = replace(state, received=body, received_at=at)
            case FollowUpDue():
                follow_ups[body.follow_up] = FollowUp(
                    follow_up=body.follow_up, type=body.type, due_at=body.due_at, done_at=None, outcome=None
                )
            case FollowUpDone():
                done[body.follow_up] = (at, body.outcome)
            case Placed():
                stays.append(Stay(shelter=body.shelter, room=body.room, began_at=at, until=body.until, ended_at=None))
            case PlacementEnded():
                if not any(stay.shelter == body.shelter and stay.ended_at is None for stay in stays):
                    ended_not_known.append(body.shelter)
                stays = [
                    replace(stay, ended_at=at) if stay.shelter == body.shelter and stay.ended_at is None else stay
                    for stay in stays
                ]
            case HandedOver():
                handovers.append(
                    Handover(
                        at=at,
                        giver=body.from_custodian,
                        receiver=body.to_custodian,
                        receipt=body.receipt,
                        receipted_by=None,
                        receipted_at=None,
                    )
                )
            case HandoverReceipted():
                receipts[body.receipt] = (at, body.by_custodian)
            case OnwardJourney():
                state = replace(state, onward=body)
    signed, unclaimed = _signed(handovers, receipts)
    return replace(
        state,
        follow_ups=tuple(
            replace(one, done_at=done[name][0], outcome=done[name][1]) if name in done else one
            for name, one in follow_ups.items()
        ),
        done_not_known=tuple(sorted(set(done) - set(follow_ups))),
        stays=tuple(stays),
        ended_not_known=tuple(ended_not_known),
        handovers=signed,
        receipts_not_known=unclaimed,
        unreadable=tuple(unreadable),
    )


def _signed(
    handovers: Iterable[Handover], receipts: Mapping[ReceiptId, tuple[Moment, CustodianId]]
) -> tuple[tuple[Handover, ...], tuple[ReceiptId, ...]]:
    """Handovers with their receipts, and the receipts that belong to none.

    A receipt belongs to the handover that notes it; one that no handover notes belongs to the oldest handover
    without any receipt noted whose receiver signed it.
    """
    left = dict(sorted(receipts.items(), key=lambda item: (item[1], item[0])))
    signed: list[Handover] = []
    for one in handovers:
        if one.receipt is not None and one.receipt in left:
            at, by = left.pop(one.receipt)
            one = replace(one, receipted_at=at, receipted_by=by)
        signed.append(one)
    for turn, one in enumerate(signed):
        name = next((name for name, (_, by) in left.items() if by == one.receiver), None)
        if one.receipt is None and name is not None:
            at, by = left.pop(name)
            signed[turn] = replace(one, receipt=name, receipted_at=at, receipted_by=by)
    return tuple(signed), tuple(left)


def staying(states: Mapping[PersonId, ArriveState], shelter: PlaceId) -> frozenset[PersonId]:
    """Who stays at a shelter."""
    return frozenset(person for person, state in states.items() if any(one.shelter == shelter for one in state.here))


def free_places(states: Mapping[PersonId, ArriveState], shelter: PlaceId, beds: int | None) -> int | None:
    """Beds of a shelter nobody stays in, below zero when too many do; None when its beds are not known."""
    return None if beds is None else beds - len(staying(states, shelter))
