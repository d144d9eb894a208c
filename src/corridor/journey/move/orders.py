"""What headquarters may want of a movement: plan, board, close, depart, arrive; and share its seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corridor.base.ids import (
    AccountId,
    LegId,
    MovementId,
    OfferId,
    PartnerId,
    PersonId,
    PlaceId,
    PlanId,
    UserId,
    VehicleId,
)
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.cross.rules import Call, TakeCallBack
from corridor.journey.move.events import EscortDuty, PlaceType, Vehicle
from corridor.journey.move.state import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMovement:
    """Plan a convoy, flight or sailing; times may be unknown."""

    movement: MovementId
    by: UserId
    leg: LegId
    vehicles: tuple[Vehicle, ...]
    departs_at: Moment | None = None
    arrives_at: Moment | None = None
    name: str | None = None
    plan: PlanId | None = None  # the plan that is issued and has it; None: by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMovement:
    """Change times or vehicles; None leaves as it is, `times_unknown` forgets the times."""

    movement: MovementId
    by: UserId
    departs_at: Moment | None = None
    arrives_at: Moment | None = None
    vehicles: tuple[Vehicle, ...] | None = None
    why: str | None = None
    times_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMovement:
    """Say that the movement will not go."""

    movement: MovementId
    by: UserId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignEscort:
    """Send so many escorts of one duty along, instead of those assigned before."""

    movement: MovementId
    by: UserId
    role: EscortDuty
    count: int
    user: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passenger:
    """One person of an order, and where they sit or lie; None: not said."""

    person: PersonId
    place_type: PlaceType = "seat"
    vehicle: VehicleId | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAboard:
    """Put people on the manifest's first column; `offer` when they sit on seats a partner took."""

    movement: MovementId
    by: UserId
    passengers: tuple[Passenger, ...]
    offer: OfferId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOff:
    """Take people off the manifest's first column."""

    movement: MovementId
    by: UserId
    persons: tuple[PersonId, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSeats:
    """Keep a seat for each person until a moment."""

    movement: MovementId
    by: UserId
    persons: tuple[PersonId, ...]
    until: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSeats:
    """Give up seats that were held, before their time."""

    movement: MovementId
    by: UserId
    persons: tuple[PersonId, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinStandby:
    """Let people wait for a seat, behind those who wait already."""

    movement: MovementId
    by: UserId
    persons: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveStandby:
    """Take people off the standby list."""

    movement: MovementId
    by: UserId
    persons: tuple[PersonId, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Record that people got in."""

    movement: MovementId
    by: UserId
    passengers: tuple[Passenger, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseBoarding:
    """Shut the doors on so many souls; `exception` says why manifest, book and count may differ."""

    movement: MovementId
    by: UserId
    souls: int
    exception: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    """Record that the movement left; `exception` says why it goes without the escorts it needs."""

    movement: MovementId
    by: UserId
    place: PlaceId
    souls: int | None = None
    exception: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    """Record that the movement reached a place."""

    movement: MovementId
    by: UserId
    place: PlaceId
    souls: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alight:
    """Record that people got out at a place."""

    movement: MovementId
    by: UserId
    place: PlaceId
    persons: tuple[PersonId, ...]
    vehicle: VehicleId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSeats:
    """Offer seats to a partner, to be answered by a time."""

    movement: MovementId
    by: UserId
    offer: OfferId
    partner: PartnerId
    seats: int
    answer_by: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSeats:
    """Record that the partner takes seats of an offer."""

    movement: MovementId
    by: UserId
    offer: OfferId
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineSeats:
    """Record that the partner takes none."""

    movement: MovementId
    by: UserId
    offer: OfferId
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePlan:
    """Put a plan in force, all of it or nothing: what it calls off, whom it takes off, what it plans, whom it puts on,
    who waits, whom it calls to a gate and whose call it takes back. The other fields are what its event says."""

    plan: PlanId
    by: UserId
    problem_sha256: str
    plan_sha256: str
    made_at: Moment
    seed: int
    value: int
    bound: int | None
    cancels: tuple[CancelMovement, ...] = ()
    takes_off: tuple[TakeOff, ...] = ()
    plans: tuple[PlanMovement, ...] = ()
    boards: tuple[PlanAboard, ...] = ()
    standbys: tuple[JoinStandby, ...] = ()
    calls: tuple[Call, ...] = ()
    takes_back: tuple[TakeCallBack, ...] = ()


PlanOrder = (
    PlanMovement
    | ChangeMovement
    | CancelMovement
    | AssignEscort
    | PlanAboard
    | TakeOff
    | HoldSeats
    | ReleaseSeats
    | JoinStandby
    | LeaveStandby
)
RideOrder = Board | CloseBoarding | Depart | Arrive | Alight
PartnerOrder = OfferSeats | TakeSeats | DeclineSeats
MoveOrder = PlanOrder | RideOrder | PartnerOrder
ORDERS: tuple[type, ...] = (
    PlanMovement,
    ChangeMovement,
    CancelMovement,
    AssignEscort,
    PlanAboard,
    TakeOff,
    HoldSeats,
    ReleaseSeats,
    JoinStandby,
    LeaveStandby,
    Board,
    CloseBoarding,
    Depart,
    Arrive,
    Alight,
    OfferSeats,
    TakeSeats,
    DeclineSeats,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFacts:
    """What a move rule needs beside the order. A rule reads only its part, and the rest may be left empty.

    `movement` is the one the order names, None when nobody planned it. `groups` are the sets of people who must
    travel together as `corridor.journey.register.groups.travel_groups` gives them, waivers already applied.
    `planned_elsewhere` and `aboard` name the other movement a person is planned on, or any they are aboard;
    `accounts` where the book has each person; `may_travel` what care says of each. `escorts_needed` is how many of
    each duty the operation asks for with these souls, `escort_seats` the seats they sit on. `own_waiting` of our own
    people are ready and without a seat. `share_percent` of the seats must be offered to partners (None: no rule).
    `busy` are vehicles on another movement at the time that the order gives. `leaves_from` is the place the movement
    leaves (None: not known), and `past` are the people named who are beyond it and whom no leg leads back.
    """

    movement: Movement | None = None
    groups: tuple[frozenset[PersonId], ...] = ()
    infants: frozenset[PersonId] = frozenset()
    planned_elsewhere: Mapping[PersonId, MovementId] = field(default_factory=dict)
    aboard: Mapping[PersonId, MovementId] = field(default_factory=dict)
    accounts: Mapping[PersonId, AccountId] = field(default_factory=dict)
    may_travel: Mapping[PersonId, Literal[True] | Refusal] = field(default_factory=dict)
    escorts_needed: Mapping[EscortDuty, int] = field(default_factory=dict)
    escort_seats: int = 0
    own_first: bool = True
    own_waiting: int = 0
    share_percent: int | None = None
    busy: Mapping[VehicleId, MovementId] = field(default_factory=dict)
    leaves_from: PlaceId | None = None
    past: frozenset[PersonId] = frozenset()
