"""What may be done in care: triage, encounters, holds, fitness, first aid, losses, tracing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from corridor.base.ids import EncounterId, HoldId, PersonId, PlaceId, TracingId, UserId
from corridor.base.moments import Moment, iso
from corridor.base.refusal import Refusal
from corridor.journey.care import events as kinds
from corridor.journey.care.codes import CODES
from corridor.journey.care.events import (
    Consent,
    Disposition,
    EventRelation,
    Fitness,
    HoldReason,
    Loss,
    NextStep,
    Outcome,
    Sealed,
    TracingOutcome,
    TravelNeed,
    TriageSystem,
)
from corridor.journey.care.refusals import (
    ENCOUNTER_EXISTS,
    FIT_WHILE_HELD,
    HOLD_EXISTS,
    HOLD_NOT_ACTIVE,
    NO_CODE,
    NO_INSTRUCTION,
    NOTHING_SEALED,
    REVIEW_IN_THE_PAST,
    TRACING_EXISTS,
    TRACING_NOT_OPEN,
    UNKNOWN_CODE,
    VALIDITY_MISSING,
    VALIDITY_PAST,
    WITHOUT_CONSENT,
)
from corridor.journey.care.state import CareState, active_holds, open_tracings
from corridor.journey.care.triage import SYSTEMS, Observation
from corridor.journey.kinds import Kind, draft
from corridor.ledger.event import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class TriagePerson:
    """Work out the colour from what was observed, and record both."""

    person: PersonId
    by: UserId
    system: TriageSystem
    seen: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEncounter:
    """Record a contact with a medic."""

    person: PersonId
    by: UserId
    encounter: EncounterId
    place: PlaceId
    codes: tuple[str, ...]
    disposition: Disposition
    outcome: Outcome | None = None
    relation: EventRelation | None = None
    note: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """Stop the person from travelling until somebody has looked again."""

    person: PersonId
    by: UserId
    hold: HoldId
    reason: HoldReason
    instruction: str
    owner: UserId
    review_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHold:
    """Keep a hold after looking again, until the next review; with a new instruction where one is given."""

    person: PersonId
    by: UserId
    hold: HoldId
    review_at: Moment
    instruction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHold:
    """Let the person travel again, as far as this hold is concerned."""

    person: PersonId
    by: UserId
    hold: HoldId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideFitness:
    """Say whether the person can travel, until when, and what they need on the way."""

    person: PersonId
    by: UserId
    decision: Fitness
    until: Moment | None = None
    needs: tuple[TravelNeed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFirstAid:
    """Record psychological first aid."""

    person: PersonId
    by: UserId
    encounter: EncounterId
    place: PlaceId
    next: NextStep | None = None
    note: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTestimony:
    """Keep what the person told, sealed."""

    person: PersonId
    by: UserId
    consent: Consent
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLoss:
    """Record a loss; with `tracing` a search for the missing relative is opened at once."""

    person: PersonId
    by: UserId
    loss: Loss
    consent: Consent
    sealed: Sealed | None = None
    tracing: TracingId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTracing:
    """Begin a search for a relative of the person."""

    person: PersonId
    by: UserId
    tracing: TracingId
    sealed: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTracing:
    """End a search, with what came of it."""

    person: PersonId
    by: UserId
    tracing: TracingId
    outcome: TracingOutcome


CareOrder = (
    TriagePerson
    | RecordEncounter
    | PlaceHold
    | ReviewHold
    | LiftHold
    | DecideFitness
    | GiveFirstAid
    | RecordTestimony
    | ReportLoss
    | OpenTracing
    | CloseTracing
)
ORDERS: tuple[type, ...] = (
    TriagePerson,
    RecordEncounter,
    PlaceHold,
    ReviewHold,
    LiftHold,
    DecideFitness,
    GiveFirstAid,
    RecordTestimony,
    ReportLoss,
    OpenTracing,
    CloseTracing,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CareFacts:
    """What a care rule needs: the person's care state as headquarters knows it now."""

    state: CareState


def decide(order: CareOrder, facts: CareFacts, now: Moment) -> tuple[Draft, ...] | Refusal:
    """The events an order becomes, or why not."""
    state = facts.state
    match order:
        case TriagePerson():
            return _triage(order, now)
        case RecordEncounter():
            return _encounter(order, state, now)
        case PlaceHold():
            return _place_hold(order, state, now)
        case ReviewHold():
            return _review_hold(order, state, now)
        case LiftHold():
            if all(hold.hold != order.hold for hold in active_holds(state, now)):
                return HOLD_NOT_ACTIVE(hold=order.hold)
            return _draft(kinds.HOLD_LIFTED, kinds.HoldLifted(hold=order.hold, why=order.why), order, now)
        case DecideFitness():
            return _fitness(order, state, now)
        case GiveFirstAid():
            if _encounter_known(order.encounter, state):
                return ENCOUNTER_EXISTS(encounter=order.encounter, person=order.person)
            given = kinds.FirstAidGiven(encounter=order.encounter, place=order.place, next=order.next, note=order.note)
            return _draft(kinds.FIRST_AID, given, order, now)
        case RecordTestimony():
            return _testimony(order, now)
        case ReportLoss():
            return _loss(order, state, now)
        case OpenTracing():
            if any(one.tracing == order.tracing for one in state.tracings):
                return TRACING_EXISTS(tracing=order.tracing)
            opened = kinds.TracingOpened(tracing=order.tracing, sealed=order.sealed)
            return _draft(kinds.TRACING_OPENED, opened, order, now)
        case CloseTracing():
            if all(one.tracing != order.tracing for one in open_tracings(state)):
                return TRACING_NOT_OPEN(tracing=order.tracing)
            closed = kinds.TracingClosed(tracing=order.tracing, outcome=order.outcome)
            return _draft(kinds.TRACING_CLOSED, closed, order, now)
        case _:
            assert_never(order)


def _encounter_known(encounter: EncounterId, state: CareState) -> bool:
    return encounter in {one.encounter for one in state.encounters} | {one.encounter for one in state.first_aid}


def _draft(kind: Kind, body: object, order: CareOrder, now: Moment) -> tuple[Draft, ...]:
    return (draft(kind, body, at=now, by=order.by, persons=(order.person,)),)


def _triage(order: TriagePerson, now: Moment) -> tuple[Draft, ...] | Refusal:
    found = SYSTEMS[order.system](order.seen)
    if isinstance(found, Refusal):
        return found
    seen = order.seen
    body = kinds.Triaged(
        system=order.system,
        colour=found.colour,
        walks=seen.walks,
        breathing_per_minute=seen.breathing_per_minute,
        breathes_after=seen.breathes_after,
        pulse=seen.pulse,
        refill_seconds=seen.refill_seconds,
        obeys=seen.obeys,
        avpu=seen.avpu,
    )
    return _draft(kinds.TRIAGED, body, order, now)


def _encounter(order: RecordEncounter, state: CareState, now: Moment) -> tuple[Draft, ...] | Refusal:
    if _encounter_known(order.encounter, state):
        return ENCOUNTER_EXISTS(encounter=order.encounter, person=order.person)
    if not order.codes:
        return NO_CODE(encounter=order.encounter)
    for code in order.codes:
        if code not in CODES:
            return UNKNOWN_CODE(code=code)
    body = kinds.EncounterRecorded(
        encounter=order.encounter,
        place=order.place,
        codes=order.codes,
        disposition=order.disposition,
        outcome=order.outcome,
        relation=order.relation,
        note=order.note,
    )
    return _draft(kinds.ENCOUNTER, body, order, now)


def _place_hold(order: PlaceHold, state: CareState, now: Moment) -> tuple[Draft, ...] | Refusal:
    if any(hold.hold == order.hold for hold in state.holds) or order.hold in state.lifted_unknown:
        return HOLD_EXISTS(hold=order.hold)
    if not order.instruction.strip():
        return NO_INSTRUCTION()
    if order.review_at <= now:
        return REVIEW_IN_THE_PAST(review_at=iso(order.review_at))
    body = kinds.HoldPlaced(
        hold=order.hold,
        reason=order.reason,
        instruction=order.instruction,
        owner=order.owner,
        review_at=order.review_at,
    )
    return _draft(kinds.HOLD_PLACED, body, order, now)


def _review_hold(order: ReviewHold, state: CareState, now: Moment) -> tuple[Draft, ...] | Refusal:
    if all(hold.hold != order.hold for hold in active_holds(state, now)):
        return HOLD_NOT_ACTIVE(hold=order.hold)
    if order.instruction is not None and not order.instruction.strip():
        return NO_INSTRUCTION()
    if order.review_at <= now:
        return REVIEW_IN_THE_PAST(review_at=iso(order.review_at))
    body = kinds.HoldReviewed(hold=order.hold, review_at=order.review_at, instruction=order.instruction)
    return _draft(kinds.HOLD_REVIEWED, body, order, now)


def _fitness(order: DecideFitness, state: CareState, now: Moment) -> tuple[Draft, ...] | Refusal:
    if order.until is not None and order.until <= now:
        return VALIDITY_PAST(until=iso(order.until))
    if order.decision != "unfit":
        if order.until is None:
            return VALIDITY_MISSING()
        for hold in active_holds(state, now):
            if hold.reason in ("medical", "infectious", "psychological"):
                return FIT_WHILE_HELD(person=order.person, hold=hold.hold)
    body = kinds.FitnessDecided(decision=order.decision, until=order.until, needs=order.needs)
    return _draft(kinds.FITNESS_DECIDED, body, order, now)


def _testimony(order: RecordTestimony, now: Moment) -> tuple[Draft, ...] | Refusal:
    if order.consent == "refused" and order.sealed:
        return WITHOUT_CONSENT(person=order.person)
    if order.consent != "refused" and not order.sealed:
        return NOTHING_SEALED(person=order.person)
    body = kinds.TestimonyRecorded(consent=order.consent, sealed=order.sealed)
    return _draft(kinds.TESTIMONY_RECORDED, body, order, now)


def _loss(order: ReportLoss, state: CareState, now: Moment) -> tuple[Draft, ...] | Refusal:
    if order.consent == "refused" and (order.sealed is not None or order.tracing is not None):
        return WITHOUT_CONSENT(person=order.person)
    if order.tracing is not None and any(one.tracing == order.tracing for one in state.tracings):
        return TRACING_EXISTS(tracing=order.tracing)
    body = kinds.LossReported(loss=order.loss, consent=order.consent, sealed=order.sealed)
    reported = _draft(kinds.LOSS_REPORTED, body, order, now)
    if order.tracing is None:
        return reported
    opened = kinds.TracingOpened(tracing=order.tracing, sealed=order.sealed)
    return reported + _draft(kinds.TRACING_OPENED, opened, order, now)
