"""What care knows of a person: triage, encounters, holds, fitness, losses, searches; and what others may see of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from corridor.base.ids import EncounterId, EventId, HoldId, PersonId, PlaceId, TracingId, UserId
from corridor.base.moments import Moment, iso, shown
from corridor.base.refusal import Refusal
from corridor.journey.care.events import (
    KINDS,
    Consent,
    Disposition,
    EncounterRecorded,
    EventRelation,
    FirstAidGiven,
    FitnessDecided,
    HoldLifted,
    HoldPlaced,
    HoldReason,
    HoldReviewed,
    Loss,
    LossReported,
    NextStep,
    Outcome,
    Sealed,
    TestimonyRecorded,
    TracingClosed,
    TracingOpened,
    TracingOutcome,
    Triaged,
)
from corridor.journey.care.refusals import FITNESS_EXPIRED, NOT_EXAMINED, ON_HOLD, UNFIT
from corridor.journey.reading import Unreadable, by_name, read
from corridor.ledger.event import Event

_KINDS = by_name(KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """One contact with a medic. Recorded again under the same id, the later record counts."""

    encounter: EncounterId
    persons: tuple[PersonId, ...]
    at: Moment
    place: PlaceId
    codes: tuple[str, ...]
    disposition: Disposition
    outcome: Outcome | None
    relation: EventRelation | None
    note: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A reason not to travel yet, as its last review left it; `lifted_at` is None while nobody has lifted it."""

    hold: HoldId
    reason: HoldReason
    instruction: str
    owner: UserId
    review_at: Moment
    placed_at: Moment
    reviewed_at: Moment | None  # None: not reviewed since it was placed
    lifted_at: Moment | None

    def active(self, at: Moment) -> bool:
        """Whether it binds at that moment. A hold past its review binds until it is lifted."""
        return self.placed_at <= at and (self.lifted_at is None or at < self.lifted_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAid:
    """One psychological first aid."""

    encounter: EncounterId
    at: Moment
    place: PlaceId
    next: NextStep | None
    note: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What was told, sealed, and the consent it was told with."""

    __test__ = False  # the name is not that of a test

    event: EventId
    at: Moment
    consent: Consent
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedLoss:
    """A loss the family reported."""

    event: EventId
    at: Moment
    loss: Loss
    consent: Consent
    sealed: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """A search for a relative; `closed_at` is None while it is open."""

    tracing: TracingId
    opened_at: Moment
    closed_at: Moment | None
    outcome: TracingOutcome | None
    sealed: Sealed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareState:
    """What care knows of one person. `fitness` is None when nobody decided it; the latest decision counts."""

    triages: tuple[tuple[Moment, Triaged], ...] = ()
    encounters: tuple[Encounter, ...] = ()
    holds: tuple[Hold, ...] = ()
    lifted_unknown: tuple[HoldId, ...] = ()  # lifted, but never seen placed
    reviewed_unknown: tuple[HoldId, ...] = ()  # reviewed, but never seen placed
    fitness: FitnessDecided | None = None
    fitness_at: Moment | None = None  # None: not decided
    first_aid: tuple[FirstAid, ...] = ()
    testimonies: tuple[Testimony, ...] = ()
    losses: tuple[ReportedLoss, ...] = ()
    tracings: tuple[Tracing, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def fold(events: Iterable[Event]) -> CareState:
    """The care state of the person all these events name; other stages' events are passed over.

    A lifted hold is over, a reviewed one has its new review and a closed search is closed whatever their clocks say,
    for their ids say it.
    """
    unreadable: list[Unreadable] = []
    encounters: dict[EncounterId, Encounter] = {}
    holds: dict[HoldId, Hold] = {}
    lifted: dict[HoldId, Moment] = {}
    reviewed: dict[HoldId, tuple[Moment, HoldReviewed]] = {}
    tracings: dict[TracingId, Tracing] = {}
    closed: dict[TracingId, tuple[Moment, TracingOutcome]] = {}
    triages: list[tuple[Moment, Triaged]] = []
    first_aid: dict[EncounterId, FirstAid] = {}
    testimonies: list[Testimony] = []
    losses: list[ReportedLoss] = []
    state = CareState()
    for event, body in read(events, _KINDS, unreadable):
        at = event.corrected_at
        match body:
            case Triaged():
                triages.append((at, body))
            case EncounterRecorded():
                encounters[body.encounter] = _encounter(event, body)
            case HoldPlaced():
                holds[body.hold] = _hold(at, body)
            case HoldReviewed():
                before = reviewed[body.hold][1].instruction if body.hold in reviewed else None
                kept = body if body.instruction is not None else replace(body, instruction=before)
                reviewed[body.hold] = (at, kept)
            case HoldLifted():
                lifted[body.hold] = at
            case FitnessDecided():
                state = replace(state, fitness=body, fitness_at=at)
            case FirstAidGiven():
                first_aid[body.encounter] = FirstAid(
                    encounter=body.encounter, at=at, place=body.place, next=body.next, note=body.note
                )
            case TestimonyRecorded():
                testimonies.append(Testimony(event=event.id, at=at, consent=body.consent, sealed=body.sealed))
            case LossReported():
                losses.append(
                    ReportedLoss(event=event.id, at=at, loss=body.loss, consent=body.consent, sealed=body.sealed)
                )
            case TracingOpened():
                tracings[body.tracing] = Tracing(
                    tracing=body.tracing, opened_at=at, closed_at=None, outcome=None, sealed=body.sealed
                )
            case TracingClosed():
                closed[body.tracing] = (at, body.outcome)
    return replace(
        state,
        triages=tuple(triages),
        encounters=tuple(encounters.values()),
        holds=tuple(_now(hold, reviewed.get(name), lifted.get(name)) for name, hold in holds.items()),
        lifted_unknown=tuple(sorted(set(lifted) - set(holds))),
        reviewed_unknown=tuple(sorted(set(reviewed) - set(holds))),
        first_aid=tuple(first_aid.values()),
        testimonies=tuple(testimonies),
        losses=tuple(losses),
        tracings=tuple(_closed(one, closed.get(name)) for name, one in tracings.items()),
        unreadable=tuple(unreadable),
    )


def _encounter(event: Event, body: EncounterRecorded) -> Encounter:
    return Encounter(
        encounter=body.encounter,
        persons=event.persons,
        at=event.corrected_at,
        place=body.place,
        codes=body.codes,
        disposition=body.disposition,
        outcome=body.outcome,
        relation=body.relation,
        note=body.note,
    )


def _hold(at: Moment, body: HoldPlaced) -> Hold:
    return Hold(
        hold=body.hold,
        reason=body.reason,
        instruction=body.instruction,
        owner=body.owner,
        review_at=body.review_at,
        placed_at=at,
        reviewed_at=None,
        lifted_at=None,
    )


def _now(hold: Hold, review: tuple[Moment, HoldReviewed] | None, lifted_at: Moment | None) -> Hold:
    """A hold after its last review and its end, where there were any."""
    if review is not None:
        at, body = review
        said = hold.instruction if body.instruction is None else body.instruction
        hold = replace(hold, review_at=body.review_at, instruction=said, reviewed_at=at)
    return replace(hold, lifted_at=lifted_at)


def _closed(tracing: Tracing, close: tuple[Moment, TracingOutcome] | None) -> Tracing:
    return tracing if close is None else replace(tracing, closed_at=close[0], outcome=close[1])


def active_holds(state: CareState, at: Moment) -> tuple[Hold, ...]:
    """The holds that bind at that moment, by review time."""
    found = (hold for hold in state.holds if hold.active(at))
    return tuple(sorted(found, key=lambda hold: (hold.review_at, hold.hold)))


def open_tracings(state: CareState) -> tuple[Tracing, ...]:
    """The searches nobody has closed."""
    return tuple(one for one in state.tracings if one.closed_at is None)


def may_travel(state: CareState, at: Moment, *, examined: bool = False) -> Literal[True] | Refusal:
    """Whether care lets the person travel: no active hold, not unfit, the fitness not run out.

    `examined` true asks for a decision as well, as before a flight. The sentences of a refusal are for everybody:
    they never carry a reason or a finding of the examination.
    """
    for hold in active_holds(state, at):
        return ON_HOLD(hold=hold.hold, until=iso(hold.review_at), instruction=hold.instruction)
    fitness = state.fitness
    if fitness is None:
        return NOT_EXAMINED() if examined else True
    if fitness.decision == "unfit":
        assert state.fitness_at is not None, "a decision has its time"
        return UNFIT(decided_at=iso(state.fitness_at))
    if fitness.until is not None and fitness.until <= at:
        return FITNESS_EXPIRED(until=iso(fitness.until))
    return True


@dataclass(frozen=True, slots=True)
class PublicHold:
    """All that others than care roles see of a hold."""

    until: Moment
    instruction: str

    def says(self, zone: str) -> str:
        """The line for a page, its time in `zone` (an IANA name)."""
        return f"hold until {shown(self.until, zone)}: {self.instruction}"


def public_view(state: CareState, at: Moment) -> tuple[PublicHold, ...]:
    """What others than care roles see of a person: active holds, without reason, owner or id."""
    return tuple(PublicHold(hold.review_at, hold.instruction) for hold in active_holds(state, at))
