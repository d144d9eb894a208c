"""What may be done on arrival: receive, follow up, place families in shelters, hand over, send onward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from corridor.base.ids import AccountId, CustodianId, FollowUpId, PersonId, PlaceId, ReceiptId, UserId
from corridor.base.limits import EVENT_PERSONS_MAX
from corridor.base.moments import Moment, iso
from corridor.base.refusal import Refusal
from corridor.journey.arrive import events as kinds
from corridor.journey.arrive import refusals as no
from corridor.journey.arrive.events import FollowUpOutcome, FollowUpType, OnwardMode
from corridor.journey.arrive.state import ArriveState
from corridor.journey.kinds import draft
from corridor.ledger.accounts import end_account, parts
from corridor.ledger.event import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    """Record that a custodian received people at a place."""

    persons: tuple[PersonId, ...]
    by: UserId
    custodian: CustodianId
    place: PlaceId
    relatives: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFollowUp:
    """Say that somebody must see the person again by a time."""

    person: PersonId
    by: UserId
    follow_up: FollowUpId
    type: FollowUpType
    due_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFollowUp:
    """Record what came of a follow-up."""

    person: PersonId
    by: UserId
    follow_up: FollowUpId
    outcome: FollowUpOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Give people beds at a shelter."""

    persons: tuple[PersonId, ...]
    by: UserId
    shelter: PlaceId
    room: str | None = None
    until: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPlacement:
    """Record that a person left a shelter."""

    person: PersonId
    by: UserId
    shelter: PlaceId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Give people from one custodian to another; `receipt` is the number the receiver will sign under."""

    persons: tuple[PersonId, ...]
    by: UserId
    from_custodian: CustodianId
    to_custodian: CustodianId
    receipt: ReceiptId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptHandover:
    """Record that the receiving custodian signed for people."""

    persons: tuple[PersonId, ...]
    by: UserId
    receipt: ReceiptId
    by_custodian: CustodianId


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOnward:
    """Record where people go on to."""

    persons: tuple[PersonId, ...]
    by: UserId
    to: str
    mode: OnwardMode | None = None
    leaves_at: Moment | None = None


ArriveOrder = (
    Receive | ScheduleFollowUp | RecordFollowUp | Place | EndPlacement | HandOver | ReceiptHandover | SendOnward
)
ORDERS: tuple[type, ...] = (
    Receive,
    ScheduleFollowUp,
    RecordFollowUp,
    Place,
    EndPlacement,
    HandOver,
    ReceiptHandover,
    SendOnward,
)
Answer = tuple[Draft, ...] | Refusal
_NOTHING_KNOWN = ArriveState()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArriveFacts:
    """What an arrival rule needs: the state and account of everybody the order names (their groups too for `Place`).

    `free_places` of the order's shelter are None when its beds are not known, and are then not checked. `groups` are
    the sets of people who must stay together, as `corridor.journey.register.groups.travel_groups` gives them, waivers
    already applied. `nearest` is where else they could stay, None when nowhere is known; `nearest_free` None: its beds
    are not known.
    """

    states: Mapping[PersonId, ArriveState] = field(default_factory=dict)
    accounts: Mapping[PersonId, AccountId] = field(default_factory=dict)
    free_places: int | None = None
    groups: tuple[frozenset[PersonId], ...] = ()
    nearest: PlaceId | None = None
    nearest_free: int | None = None

    def state(self, person: PersonId) -> ArriveState:
        """What is known of a person's arrival; nothing yet for most."""
        return self.states.get(person, _NOTHING_KNOWN)


def decide(order: ArriveOrder, facts: ArriveFacts, now: Moment) -> Answer:
    """The events an order becomes, or why not."""
    if isinstance(order, Receive | Place | HandOver | ReceiptHandover | SendOnward):
        if not order.persons:
            return no.NOBODY_NAMED()
        assert len(set(order.persons)) == len(order.persons) <= EVENT_PERSONS_MAX, "one event names them all, once"
    match order:
        case Receive():
            return _receive(order, facts, now)
        case ScheduleFollowUp():
            return _schedule(order, facts, now)
        case RecordFollowUp():
            return _record_follow_up(order, facts, now)
        case Place():
            return _place(order, facts, now)
        case EndPlacement():
            if all(stay.shelter != order.shelter for stay in facts.state(order.person).here):
                return no.NOT_PLACED(person=order.person, shelter=order.shelter)
            ended = kinds.PlacementEnded(shelter=order.shelter, why=order.why)
            return (draft(kinds.PLACEMENT_ENDED, ended, at=now, by=order.by, persons=(order.person,)),)
        case HandOver():
            return _hand_over(order, facts, now)
        case ReceiptHandover():
            return _receipt(order, facts, now)
        case SendOnward():
            return _send_onward(order, facts, now)
        case _:
            assert_never(order)


def _by_account(order: Receive | HandOver, facts: ArriveFacts) -> dict[AccountId, tuple[PersonId, ...]]:
    leaving: dict[AccountId, tuple[PersonId, ...]] = {}
    for person in sorted(order.persons):
        source = facts.accounts[person]
        leaving[source] = (*leaving.get(source, ()), person)
    return dict(sorted(leaving.items()))


def _receive(order: Receive, facts: ArriveFacts, now: Moment) -> Answer:
    for person in sorted(order.persons):
        known = facts.state(person)
        if known.received is not None and known.received_at is not None:
            return no.ALREADY_RECEIVED(person=person, custodian=known.received.custodian, at=iso(known.received_at))
        account = facts.accounts.get(person)
        if account is None or parts(account).type != "place":
            return no.NOT_AT_A_PLACE(person=person)
    body = kinds.Received(custodian=order.custodian, place=order.place, relatives=order.relatives)
    target = end_account("received")
    return tuple(
        draft(kinds.RECEIVED, body, at=now, by=order.by, persons=persons, source=source, target=target)
        for source, persons in _by_account(order, facts).items()
    )


def _schedule(order: ScheduleFollowUp, facts: ArriveFacts, now: Moment) -> Answer:
    if any(one.follow_up == order.follow_up for one in facts.state(order.person).follow_ups):
        return no.FOLLOW_UP_EXISTS(follow_up=order.follow_up)
    if order.due_at <= now:
        return no.FOLLOW_UP_PAST(due_at=iso(order.due_at))
    body = kinds.FollowUpDue(follow_up=order.follow_up, type=order.type, due_at=order.due_at)
    return (draft(kinds.FOLLOW_UP_DUE, body, at=now, by=order.by, persons=(order.person,)),)


def _record_follow_up(order: RecordFollowUp, facts: ArriveFacts, now: Moment) -> Answer:
    follow_ups = facts.state(order.person).follow_ups
    if not any(one.follow_up == order.follow_up and one.done_at is None for one in follow_ups):
        return no.FOLLOW_UP_NOT_OPEN(follow_up=order.follow_up, person=order.person)
    body = kinds.FollowUpDone(follow_up=order.follow_up, outcome=order.outcome)
    return (draft(kinds.FOLLOW_UP_DONE, body, at=now, by=order.by, persons=(order.person,)),)


def _place(order: Place, facts: ArriveFacts, now: Moment) -> Answer:
    persons = frozenset(order.persons)
    if order.until is not None and order.until <= now:
        return no.PLACEMENT_PAST(until=iso(order.until))
    for person in sorted(persons):
        for stay in facts.state(person).here:
            return no.ALREADY_PLACED(person=person, shelter=stay.shelter)
    there = {person for person, state in facts.states.items() if any(s.shelter == order.shelter for s in state.here)}
    for group in facts.groups:
        left_out = group - persons - there
        if group & persons and left_out:
            taken = ", ".join(sorted(group & persons))
            return no.GROUP_SPLIT(left_out=", ".join(sorted(left_out)), taken=taken)
    if facts.free_places is not None and len(persons) > facts.free_places:
        return _full(order, facts, max(0, facts.free_places))
    body = kinds.Placed(shelter=order.shelter, room=order.room, until=order.until)
    return (draft(kinds.PLACED, body, at=now, by=order.by, persons=tuple(sorted(persons))),)


def _full(order: Place, facts: ArriveFacts, free: int) -> Refusal:
    said = {"shelter": order.shelter, "free": free, "asked": len(order.persons)}
    if facts.nearest is None:
        return no.SHELTER_FULL(**said)
    if facts.nearest_free is None:
        return no.SHELTER_FULL_ASK(**said, nearest=facts.nearest)
    return no.SHELTER_FULL_NEAREST(**said, nearest=facts.nearest, nearest_free=facts.nearest_free)


def _hand_over(order: HandOver, facts: ArriveFacts, now: Moment) -> Answer:
    for person in sorted(order.persons):
        if order.from_custodian == order.to_custodian:
            return no.SAME_CUSTODIAN(custodian=order.to_custodian, person=person)
        custodian = facts.state(person).custodian
        if custodian is not None and custodian != order.from_custodian:
            return no.NOT_IN_CUSTODY(person=person, custodian=custodian, giver=order.from_custodian)
        account = facts.accounts.get(person)
        if account is None or (parts(account).type != "place" and account != end_account("received")):
            return no.NOT_AT_A_PLACE(person=person)
    body = kinds.HandedOver(from_custodian=order.from_custodian, to_custodian=order.to_custodian, receipt=order.receipt)
    target = end_account("handed_over")
    return tuple(
        draft(kinds.HANDED_OVER, body, at=now, by=order.by, persons=persons, source=source, target=target)
        for source, persons in _by_account(order, facts).items()
    )


def _receipt(order: ReceiptHandover, facts: ArriveFacts, now: Moment) -> Answer:
    for person in sorted(order.persons):
        waiting = any(
            one.receiver == order.by_custodian and one.receipt in (None, order.receipt) and one.receipted_by is None
            for one in facts.state(person).handovers
        )
        if not waiting:
            return no.HANDOVER_NOT_KNOWN(person=person, custodian=order.by_custodian)
    body = kinds.HandoverReceipted(receipt=order.receipt, by_custodian=order.by_custodian)
    persons = tuple(sorted(order.persons))
    return (draft(kinds.HANDOVER_RECEIPTED, body, at=now, by=order.by, persons=persons),)


def _send_onward(order: SendOnward, facts: ArriveFacts, now: Moment) -> Answer:
    for person in sorted(order.persons):
        if facts.state(person).custodian is None:
            return no.NOT_RECEIVED(person=person)
    if order.leaves_at is not None and order.leaves_at <= now:
        return no.LEAVES_PAST(leaves_at=iso(order.leaves_at))
    body = kinds.OnwardJourney(to=order.to, mode=order.mode, leaves_at=order.leaves_at)
    persons = tuple(sorted(order.persons))
    return (draft(kinds.ONWARD_JOURNEY, body, at=now, by=order.by, persons=persons),)
