"""What can happen in care: triage, encounters, holds, fitness, first aid, testimony, losses, tracing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from corridor.base.ids import EncounterId, HoldId, PlaceId, TracingId, UserId
from corridor.base.moments import Moment
from corridor.journey.kinds import Kind

TriageSystem = Literal["start", "jumpstart"]
Colour = Literal["green", "yellow", "red", "black"]
Avpu = Literal["alert", "voice", "pain", "pain_inappropriate", "unresponsive"]
Disposition = Literal["treated", "referred", "admitted", "refused"]
Outcome = Literal["no_follow_up", "follow_up", "dead_on_arrival", "died", "rehabilitation"]
EventRelation = Literal["direct", "indirect", "not_related"]
HoldReason = Literal["medical", "infectious", "psychological", "security", "family"]
Fitness = Literal["fit", "fit_with_escort", "unfit"]
TravelNeed = Literal["seat", "stretcher", "oxygen", "escort"]
NextStep = Literal["none", "follow_up", "refer"]
Consent = Literal["given", "given_for_tracing", "refused"]
Loss = Literal["home_destroyed", "relative_killed", "relative_missing"]
TracingOutcome = Literal["found_alive", "found_dead", "reunited", "not_found", "withdrawn"]

Count = Annotated[int, Meta(ge=0)]
Sealed = str
"""A body sealed for one person, as base64 text; sealed and opened elsewhere, never read here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triaged:
    """A triage colour and what was observed. None means not observed, never a guess."""

    system: TriageSystem
    colour: Colour
    walks: bool | None = None
    breathing_per_minute: Count | None = None  # 0: does not breathe
    breathes_after: Literal["airway", "rescue_breaths", "neither"] | None = None  # for a person who did not breathe
    pulse: bool | None = None
    refill_seconds: Count | None = None
    obeys: bool | None = None
    avpu: Avpu | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterRecorded:
    """A contact with a medic; `codes` are from the closed table in `codes.py`, the note is sealed."""

    encounter: EncounterId
    place: PlaceId
    codes: tuple[str, ...]
    disposition: Disposition
    outcome: Outcome | None = None
    relation: EventRelation | None = None  # to the emergency, as the WHO form asks; None: not asked
    note: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced:
    """A reason not to travel yet. `instruction` is what others may see; the reason is for care roles only."""

    hold: HoldId
    reason: HoldReason
    instruction: str
    owner: UserId
    review_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReviewed:
    """Somebody looked again and the hold goes on until the next review."""

    hold: HoldId
    review_at: Moment
    instruction: str | None = None  # None: as before


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted:
    """The hold is over."""

    hold: HoldId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FitnessDecided:
    """A doctor's decision whether a person can travel, and what they need on the way."""

    decision: Fitness
    until: Moment | None = None  # None: no end was given
    needs: tuple[TravelNeed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAidGiven:
    """Psychological first aid: look, listen, link. Not therapy, not debriefing (WHO 2011)."""

    encounter: EncounterId
    place: PlaceId
    next: NextStep | None = None  # None: not said
    note: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestimonyRecorded:
    """What a person told, sealed, kept only as far as they consented."""

    __test__ = False  # the name is not that of a test

    consent: Consent
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class LossReported:
    """A loss a family reports; details sealed, and only with consent."""

    loss: Loss
    consent: Consent
    sealed: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TracingOpened:
    """A search for a relative begins for the persons of the event."""

    tracing: TracingId
    sealed: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TracingClosed:
    """The search is over."""

    tracing: TracingId
    outcome: TracingOutcome


def _kind(name: str, body: type, says: str, *, restricted: bool = True) -> Kind:
    return Kind(name=name, stage="care", body=body, moves=False, says=says, restricted=restricted)


TRIAGED = _kind("triaged", Triaged, "Triaged {colour} ({system}).")
ENCOUNTER = _kind("encounter", EncounterRecorded, "Seen by a medic at {place}: {disposition}.")
HOLD_PLACED = _kind("hold_placed", HoldPlaced, "Put on hold: {instruction}", restricted=False)
HOLD_REVIEWED = _kind("hold_reviewed", HoldReviewed, "Hold goes on until {review_at}.", restricted=False)
HOLD_LIFTED = _kind("hold_lifted", HoldLifted, "Hold lifted.", restricted=False)
FITNESS_DECIDED = _kind("fitness_decided", FitnessDecided, "Fitness to travel decided: {decision}.")
FIRST_AID = _kind("psychological_first_aid", FirstAidGiven, "Psychological first aid at {place}.")
TESTIMONY_RECORDED = _kind("testimony_recorded", TestimonyRecorded, "Testimony recorded, consent {consent}.")
LOSS_REPORTED = _kind("loss_reported", LossReported, "A loss was reported: {loss}.")
TRACING_OPENED = _kind("tracing_opened", TracingOpened, "Search for a relative opened ({tracing}).")
TRACING_CLOSED = _kind("tracing_closed", TracingClosed, "Search for a relative closed: {outcome}.")

KINDS: tuple[Kind, ...] = (
    TRIAGED,
    ENCOUNTER,
    HOLD_PLACED,
    HOLD_REVIEWED,
    HOLD_LIFTED,
    FITNESS_DECIDED,
    FIRST_AID,
    TESTIMONY_RECORDED,
    LOSS_REPORTED,
    TRACING_OPENED,
    TRACING_CLOSED,
)
