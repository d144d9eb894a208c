"""Where recorded arrivals contradict their rules: follow-ups overdue, handovers unsigned, shelters over-full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import Moment, iso
from corridor.journey.arrive.state import ArriveState
from corridor.journey.findings import UNREADABLE_RECORD, Finding, FindingKind, unreadable_records

FOLLOW_UP_OVERDUE = FindingKind(
    "follow_up_overdue",
    "The {type} follow-up {follow_up} of {persons} was due at {due_at}.",
    "See the person, or record why it cannot be.",
)
FOLLOW_UP_UNKNOWN = FindingKind(
    "follow_up_not_known",
    "A follow-up {follow_up} of {persons} was done that was not due.",
    "Ask which follow-up was meant.",
)
WITHOUT_RECEIPT = FindingKind(
    "handover_without_receipt",
    "{persons} was handed over from {giver} to {receiver} at {at}, and nobody signed for it.",
    "Ask {receiver} to sign.",
)
SIGNED_BY_OTHER = FindingKind(
    "handover_signed_by_other",
    "{persons} was handed over to {receiver}, and {signer} signed for it.",
    "Ask who has the person.",
)
SAME_CUSTODIAN = FindingKind(
    "handover_to_itself", "{giver} handed {persons} over to itself.", "Ask who received the person."
)
WRONG_GIVER = FindingKind(
    "handover_by_other",
    "{giver} handed {persons} over, who was in the custody of {custodian}.",
    "Ask both where the person is.",
)
RECEIPT_UNKNOWN = FindingKind(
    "receipt_not_known", "The receipt {receipt} for {persons} belongs to no handover.", "Ask what was handed over."
)
PLACED_TWICE = FindingKind(
    "placed_twice", "{persons} stays at {shelters} at the same time.", "Ask the shelters, and end one placement."
)
PLACEMENT_OVERDUE = FindingKind(
    "placement_overdue",
    "The placement of {persons} at {shelter} was to end at {until}.",
    "Prolong it, or record where the person went.",
)
PLACEMENT_UNKNOWN = FindingKind(
    "placement_end_not_known", "{persons} left {shelter}, and nobody placed them there.", "Ask where they stayed."
)
SHELTER_OVER_FULL = FindingKind(
    "shelter_over_full", "{number} people stay at {shelter}, which has {beds} beds.", "Find other beds for a family."
)
GROUP_APART = FindingKind(
    "party_apart_at_shelter", "Of {persons}, who belong together, not all stay at {shelter}.", "Place them together."
)
CATALOGUE: tuple[FindingKind, ...] = (
    FOLLOW_UP_OVERDUE,
    FOLLOW_UP_UNKNOWN,
    WITHOUT_RECEIPT,
    SIGNED_BY_OTHER,
    SAME_CUSTODIAN,
    WRONG_GIVER,
    RECEIPT_UNKNOWN,
    PLACED_TWICE,
    PLACEMENT_OVERDUE,
    PLACEMENT_UNKNOWN,
    SHELTER_OVER_FULL,
    GROUP_APART,
    UNREADABLE_RECORD,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArriveFindingFacts:
    """What arrivals are compared with: beds by shelter where known, and groups who stay together, waivers applied."""

    beds: Mapping[PlaceId, int] = field(default_factory=dict)
    groups: tuple[frozenset[PersonId], ...] = ()


def findings(states: Mapping[PersonId, ArriveState], facts: ArriveFindingFacts, at: Moment) -> tuple[Finding, ...]:
    """What in these people's arrival needs somebody at that moment, by person and then by shelter."""
    group_of = {person: group for group in facts.groups for person in group}
    own = (one for person, state in sorted(states.items()) for one in about_person(person, state, at))
    return (*own, *about_shelters(states, facts.beds, group_of))


def about_person(person: PersonId, state: ArriveState, at: Moment) -> Iterator[Finding]:
    """What in one person's arrival needs somebody at that moment."""
    yield from _follow_ups(person, state, at)
    yield from _handovers(person, state)
    yield from _stays(person, state, at)
    yield from unreadable_records((person,), state.unreadable)


def turns(state: ArriveState) -> Iterator[Moment]:
    """The instants from which on something else may be found in the same state: a follow-up is due, a stay ends."""
    for one in state.follow_ups:
        if one.done_at is None:
            yield one.due_at
    for stay in state.here:
        if stay.until is not None:
            yield stay.until


def about_shelters(
    states: Mapping[PersonId, ArriveState],
    beds_of: Mapping[PlaceId, int],
    group_of: Mapping[PersonId, frozenset[PersonId]],
) -> Iterator[Finding]:
    """What is found about shelters; `states` of everybody who stays in one, with their groups, waivers applied."""
    staying: dict[PlaceId, set[PersonId]] = {}
    for person, state in states.items():
        for stay in state.here:
            staying.setdefault(stay.shelter, set()).add(person)
    for shelter, here in sorted(staying.items()):
        beds = beds_of.get(shelter)
        if beds is not None and len(here) > beds:
            yield SHELTER_OVER_FULL(here, number=len(here), shelter=shelter, beds=beds)
        groups = sorted({group_of[person] for person in here if person in group_of}, key=min)
        yield from (GROUP_APART(group, shelter=shelter) for group in groups if group - here)


def _follow_ups(person: PersonId, state: ArriveState, at: Moment) -> Iterator[Finding]:
    for one in state.follow_ups:
        if one.done_at is None and one.due_at <= at:
            yield FOLLOW_UP_OVERDUE((person,), type=one.type, follow_up=one.follow_up, due_at=iso(one.due_at))
    for name in state.done_not_known:
        yield FOLLOW_UP_UNKNOWN((person,), follow_up=name)


def _handovers(person: PersonId, state: ArriveState) -> Iterator[Finding]:
    custodian = None if state.received is None else state.received.custodian
    for one in state.handovers:
        if one.giver == one.receiver:
            yield SAME_CUSTODIAN((person,), giver=one.giver)
        elif custodian is not None and one.giver != custodian:
            yield WRONG_GIVER((person,), giver=one.giver, custodian=custodian)
        if one.receipted_by is None:
            yield WITHOUT_RECEIPT((person,), giver=one.giver, receiver=one.receiver, at=iso(one.at))
        elif one.receipted_by != one.receiver:
            yield SIGNED_BY_OTHER((person,), receiver=one.receiver, signer=one.receipted_by)
        custodian = one.receiver
    for receipt in state.receipts_not_known:
        yield RECEIPT_UNKNOWN((person,), receipt=receipt)


def _stays(person: PersonId, state: ArriveState, at: Moment) -> Iterator[Finding]:
    if len({stay.shelter for stay in state.here}) > 1:
        yield PLACED_TWICE((person,), shelters=" and ".join(sorted({stay.shelter for stay in state.here})))
    for stay in state.here:
        if stay.until is not None and stay.until <= at:
            yield PLACEMENT_OVERDUE((person,), shelter=stay.shelter, until=iso(stay.until))
    for shelter in state.ended_not_known:
        yield PLACEMENT_UNKNOWN((person,), shelter=shelter)
