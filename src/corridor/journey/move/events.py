"""What can happen with a movement: planned, boarded, departed, arrived, alighted; escorts and seats for partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from corridor.base.ids import LegId, MovementId, OfferId, PartnerId, PlaceId, PlanId, UserId, VehicleId
from corridor.base.moments import Moment
from corridor.journey.kinds import Kind

PlaceType = Literal["seat", "stretcher", "wheelchair", "lap"]
"""Where a person sits or lies. A `lap` takes no seat: souls are not seats."""
EscortDuty = Literal["doctor", "psychologist", "guard", "interpreter", "consul"]

Count = Annotated[int, Meta(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One bus, aircraft or ship of a movement and what it holds."""

    vehicle: VehicleId
    seats: Count
    stretchers: Count = 0
    wheelchairs: Count = 0
    type: str | None = None  # e.g. Il-76; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementPlanned:
    """A convoy, flight or sailing on a leg. Times are None while they are not known."""

    movement: MovementId
    leg: LegId
    vehicles: tuple[Vehicle, ...] = ()
    departs_at: Moment | None = None
    arrives_at: Moment | None = None
    name: str | None = None
    plan: PlanId | None = None  # the plan that was issued and has it; None: planned by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementChanged:
    """What changed; None means unchanged, so that a time known before and not any more has its own word."""

    movement: MovementId
    departs_at: Moment | None = None
    arrives_at: Moment | None = None
    vehicles: tuple[Vehicle, ...] | None = None
    why: str | None = None
    times_unknown: bool = False  # true: departure and arrival are not known any more


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementCancelled:
    """The movement will not go."""

    movement: MovementId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscortAssigned:
    """So many people of one duty travel with the movement; assigning a duty again replaces the number."""

    movement: MovementId
    role: EscortDuty
    count: Count
    user: UserId | None = None  # None: not named


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAboard:
    """The manifest's first column."""

    movement: MovementId
    place_type: PlaceType
    vehicle: VehicleId | None = None  # None: not yet said
    seat: str | None = None
    offer: OfferId | None = None  # on a seat a partner took; None: on our own seats


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOff:
    """The person is no longer planned on this movement."""

    movement: MovementId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatHeld:
    """A place is kept for the person until a moment, and no longer."""

    movement: MovementId
    until: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatReleased:
    """The place is free again before its time."""

    movement: MovementId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandbyJoined:
    """The persons wait for a seat on this movement, behind everybody who waits already."""

    movement: MovementId


@dataclass(frozen=True, slots=True, kw_only=True)
class StandbyLeft:
    """The persons wait no more."""

    movement: MovementId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Boarded:
    """The manifest's second column: seen getting in."""

    movement: MovementId
    place_type: PlaceType
    vehicle: VehicleId | None = None  # None: not recorded
    seat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardingClosed:
    """Doors shut: `souls` counted aboard, `planned` on the manifest; where they differ, the named exception."""

    movement: MovementId
    souls: Count
    planned: Count
    exception: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """The movement left a place; `exception` says why it left without the escorts it needs."""

    movement: MovementId
    place: PlaceId
    souls: Count | None = None  # a head count; None: not counted
    exception: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """The movement reached a place; everybody is still aboard until seen alighting."""

    movement: MovementId
    place: PlaceId
    souls: Count | None = None  # a head count; None: not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Alighted:
    """The manifest's third column: seen getting out."""

    movement: MovementId
    vehicle: VehicleId | None = None  # None: not recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsOffered:
    """Seats of a movement are offered to a partner state, to be answered by a time."""

    offer: OfferId
    movement: MovementId
    partner: PartnerId
    seats: Count
    answer_by: Moment | None = None  # None: no time was set


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsTaken:
    """The partner takes so many of the seats offered."""

    offer: OfferId
    seats: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsDeclined:
    """The partner takes none of the seats offered."""

    offer: OfferId
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanIssued:
    """A plan is in force from now on: its movements and manifests are the events recorded with this one.

    The two sums are of the JSON of its problem and of the plan itself as they are kept; `made_at` is the moment of the
    board it was made from; `value` and `bound` are in points, rounded.
    """

    plan: PlanId
    problem_sha256: str
    plan_sha256: str
    made_at: Moment
    seed: int
    value: int
    bound: int | None = None  # None: not known
    movements: Count = 0
    placed: Count = 0  # people put on their manifests


def _kind(name: str, body: type, says: str, *, moves: bool = False) -> Kind:
    return Kind(name=name, stage="move", body=body, moves=moves, says=says)


MOVEMENT_PLANNED = _kind("movement_planned", MovementPlanned, "Movement {movement} planned on {leg}.")
MOVEMENT_CHANGED = _kind("movement_changed", MovementChanged, "Movement {movement} changed.")
MOVEMENT_CANCELLED = _kind("movement_cancelled", MovementCancelled, "Movement {movement} cancelled: {why}.")
ESCORT_ASSIGNED = _kind("escort_assigned", EscortAssigned, "Escorts on {movement}: {count} {role}.")
PLANNED_ABOARD = _kind("planned_aboard", PlannedAboard, "Planned on {movement} ({place_type}).")
TAKEN_OFF = _kind("taken_off", TakenOff, "Taken off {movement}: {why}.")
SEAT_HELD = _kind("seat_held", SeatHeld, "Seat held on {movement}.")
SEAT_RELEASED = _kind("seat_released", SeatReleased, "Seat on {movement} released: {why}.")
STANDBY_JOINED = _kind("standby_joined", StandbyJoined, "On the standby list of {movement}.")
STANDBY_LEFT = _kind("standby_left", StandbyLeft, "Off the standby list of {movement}: {why}.")
BOARDED = _kind("boarded", Boarded, "Boarded {movement} ({place_type}).", moves=True)
BOARDING_CLOSED = _kind("boarding_closed", BoardingClosed, "Boarding of {movement} closed, {souls} aboard.")
DEPARTED = _kind("departed", Departed, "{movement} departed from {place}.")
ARRIVED = _kind("arrived", Arrived, "{movement} arrived at {place}.")
ALIGHTED = _kind("alighted", Alighted, "Alighted from {movement}.", moves=True)
SEATS_OFFERED = _kind("seats_offered", SeatsOffered, "{seats} seats on {movement} offered to {partner}.")
SEATS_TAKEN = _kind("seats_taken", SeatsTaken, "{seats} seats taken of offer {offer}.")
SEATS_DECLINED = _kind("seats_declined", SeatsDeclined, "Offer {offer} declined.")
PLAN_ISSUED = _kind("plan_issued", PlanIssued, "Plan {plan} issued: {placed} people on {movements} movements.")

KINDS: tuple[Kind, ...] = (
    MOVEMENT_PLANNED,
    MOVEMENT_CHANGED,
    MOVEMENT_CANCELLED,
    ESCORT_ASSIGNED,
    PLANNED_ABOARD,
    TAKEN_OFF,
    SEAT_HELD,
    SEAT_RELEASED,
    STANDBY_JOINED,
    STANDBY_LEFT,
    BOARDED,
    BOARDING_CLOSED,
    DEPARTED,
    ARRIVED,
    ALIGHTED,
    SEATS_OFFERED,
    SEATS_TAKEN,
    SEATS_DECLINED,
    PLAN_ISSUED,
)
