"""What can happen at the crossing: the bodies of its events and their kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from corridor.base.ids import HazardId, LegId, ListId, PlaceId, PlanId
from corridor.base.moments import Moment
from corridor.journey.clear.events import DateText, RowNumber
from corridor.journey.kinds import Kind

CallChannel = Literal["phone", "email", "messenger", "loudspeaker", "in_person", "published"]
TurnedBackReason = Literal["not_listed", "spouse_not_cleared", "papers", "closed", "security", "medical", "own_wish"]
TakenBackReason = Literal[
    "closed",
    "not_listed",
    "spouse_not_cleared",
    "papers",
    "security",
    "medical",
    "own_wish",
    "no_transport",
    "planned_otherwise",
    "mistake",
]
HazardType = Literal["closed", "shelling", "curfew", "road_cut", "weather"]
EventIdText = Annotated[str, Meta(pattern=r"^[^/]+/[0-9]{1,18}/[0-9]{1,18}\Z")]
"""An event's id as text, device/epoch/seq."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """The persons were told to come to a gate on a day, or an issued plan calls them to it and somebody still has to
    tell them. A gate is named by its place."""

    gate: PlaceId
    for_date: DateText
    by_channel: CallChannel | None = None  # None: not known
    there_at: Moment | None = None  # None: no hour was named
    plan: PlanId | None = None  # the plan that calls them; None: they were told

    def __post_init__(self) -> None:
        date.fromisoformat(self.for_date)  # a day that the calendar has; ValueError otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTakenBack:
    """The persons are not to come to the gate on that day after all; whoever was told to come has still to be told."""

    gate: PlaceId
    for_date: DateText
    why: TakenBackReason

    def __post_init__(self) -> None:
        date.fromisoformat(self.for_date)  # a day that the calendar has; ValueError otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNotToCome:
    """The persons were told that they are not to come to the gate on that day."""

    gate: PlaceId
    for_date: DateText
    by_channel: CallChannel | None = None  # None: not known

    def __post_init__(self) -> None:
        date.fromisoformat(self.for_date)  # a day that the calendar has; ValueError otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class AtGate:
    """The persons stand at the gate."""

    gate: PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """The persons went through; `list` and `row` let them, one event a row, or one a party without `row`."""

    gate: PlaceId
    list: ListId | None = None  # None: no list let them, an exception
    row: RowNumber | None = None  # None: not known
    vehicle: str | None = None  # None: on foot, or not known


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedBack:
    """The persons were at the gate and did not go through."""

    gate: PlaceId
    why: TurnedBackReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionSigned:
    """A second person answers for a crossing that no list allowed."""

    crossing: EventIdText
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """The persons were seen at the target, however they came there."""

    where: str | None = None  # in words; None: nothing more than the account


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOpened:
    """The gate lets people through."""

    gate: PlaceId
    why: str | None = None  # None: no reason given


@dataclass(frozen=True, slots=True, kw_only=True)
class GateClosed:
    """The gate lets nobody through."""

    gate: PlaceId
    why: str | None = None  # None: no reason given


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardBegan:
    """Something makes a place or a leg dangerous or impassable; with neither, it is everywhere."""

    hazard: HazardId
    type: HazardType
    place: PlaceId | None = None  # None: not about one place
    leg: LegId | None = None  # None: not about one leg
    until: Moment | None = None  # when it is expected to end; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardEnded:
    """The hazard is over."""

    hazard: HazardId


CALLED = Kind(name="called", stage="cross", body=Called, moves=False, says="Called to {gate} for {for_date}.")
CALL_TAKEN_BACK = Kind(
    name="call_taken_back",
    stage="cross",
    body=CallTakenBack,
    moves=False,
    says="Call to {gate} for {for_date} taken back: {why}.",
)
TOLD_NOT_TO_COME = Kind(
    name="told_not_to_come",
    stage="cross",
    body=ToldNotToCome,
    moves=False,
    says="Told not to come to {gate} on {for_date}.",
)
AT_GATE = Kind(name="at_gate", stage="cross", body=AtGate, moves=False, says="At the gate {gate}.")
CROSSED = Kind(name="crossed", stage="cross", body=Crossed, moves=True, says="Crossed at {gate}.")
TURNED_BACK = Kind(
    name="turned_back", stage="cross", body=TurnedBack, moves=False, says="Turned back at {gate}: {why}."
)
EXCEPTION_SIGNED = Kind(
    name="exception_signed",
    stage="cross",
    body=ExceptionSigned,
    moves=False,
    says="Crossing {crossing} without a list signed for: {why}.",
)
SIGHTED = Kind(name="sighted", stage="cross", body=Sighted, moves=True, says="Seen.")
GATE_OPENED = Kind(name="gate_opened", stage="cross", body=GateOpened, moves=False, says="Gate {gate} opened.")
GATE_CLOSED = Kind(name="gate_closed", stage="cross", body=GateClosed, moves=False, says="Gate {gate} closed.")
HAZARD_BEGAN = Kind(
    name="hazard_began", stage="cross", body=HazardBegan, moves=False, says="Hazard {hazard} began: {type}."
)
HAZARD_ENDED = Kind(name="hazard_ended", stage="cross", body=HazardEnded, moves=False, says="Hazard {hazard} ended.")

KINDS: tuple[Kind, ...] = (
    CALLED,
    CALL_TAKEN_BACK,
    TOLD_NOT_TO_COME,
    AT_GATE,
    CROSSED,
    TURNED_BACK,
    EXCEPTION_SIGNED,
    SIGHTED,
    GATE_OPENED,
    GATE_CLOSED,
    HAZARD_BEGAN,
    HAZARD_ENDED,
)
