"""What a plan is: every movement with its manifest, every party's way, the loads, who is left out, and its worth."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from corridor.base.ids import FleetId, LegId, MovementId, PartyId, PlaceId, PoolId, VehicleId
from corridor.plan.problem import Goal

Kind = Literal["gate", "holding", "hall", "beds", "station", "fleet", "pool"]
Missing = Literal["crossing", "flight"]


class Aboard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A party's places in one vehicle (None: on foot, or on the aircraft of a flight)."""

    party: PartyId
    vehicle: VehicleId | None = None
    seats: int = 0
    laps: int = 0
    stretchers: int = 0
    wheelchairs: int = 0


class Vehicle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One vehicle of a convoy; its id is unique within the convoy."""

    id: VehicleId
    fleet: FleetId


class Sent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """So many escorts of a pool go with a movement."""

    pool: PoolId
    count: int


class Convoy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What leaves together on a leg; without vehicles where people go by themselves."""

    id: MovementId
    leg: LegId
    departs_minute: int
    vehicles: tuple[Vehicle, ...] = ()
    escorts: tuple[Sent, ...] = ()
    aboard: tuple[Aboard, ...] = ()


class Standby(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A party that waits for a place on a flight it is not booked on, in this order, and how likely it gets it."""

    party: PartyId
    chance_percent: float


class FlightRun(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a flight goes, when (None: it does not; with scenarios the earliest), and with whom."""

    flight: MovementId
    flies: bool
    departs_minute: int | None = None
    escorts: tuple[Sent, ...] = ()
    aboard: tuple[Aboard, ...] = ()
    standby: tuple[Standby, ...] = ()


class Way(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A party's steps. None: the step lay behind it already, or is not reached in this plan.

    `approach` and `transfer` are convoys of the plan. A way without crossing is not in a plan, unless the party is
    behind the gate already; a way may end in the hall or in staging, without a flight. `visits_from_minute` is when its
    visits begin (None: on arriving in staging).
    """

    party: PartyId
    approach: MovementId | None = None
    gate: PlaceId | None = None
    crosses_minute: int | None = None
    transfer: MovementId | None = None
    visits_from_minute: int | None = None
    flight: MovementId | None = None


class Relaxation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of the problem: the path of what changes, what it becomes, and the same in words."""

    path: str
    to: int | tuple[str, ...]
    says: str


class Unplaced(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party that does not cross, or crosses and does not fly: the reason (a code and a sentence), and the least that
    would place it, all of it together (empty: not worked out, or nothing would)."""

    party: PartyId
    missing: Missing
    reason: str
    says: str
    relaxations: tuple[Relaxation, ...] = ()


class Load(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a capacity is used, by slot: `used` of `limit` (None: no limit), in persons, vehicles, escorts or, at a
    station, minutes of work waiting at the end of the slot."""

    kind: Kind
    id: str
    used: tuple[int, ...]
    limit: tuple[int | None, ...]


class GoalAmount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """How much of a goal a plan costs: person-hours, persons, hours, seats or money."""

    goal: Goal
    amount: float


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer to a problem. No plan can be worth less than `bound` (None: not known); `gap` is value / bound - 1."""

    version: int
    problem: str
    made_by: str
    seed: int
    convoys: tuple[Convoy, ...]
    flights: tuple[FlightRun, ...]
    ways: tuple[Way, ...]
    unplaced: tuple[Unplaced, ...] = ()
    loads: tuple[Load, ...] = ()
    goals: tuple[GoalAmount, ...] = ()
    value: float
    bound: float | None = None
    gap: float | None = None
    cpu_seconds: float = 0.0
