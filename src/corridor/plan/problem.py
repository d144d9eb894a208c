"""What is there to plan: who waits where, what may carry them when, and what is worth how much.

A `Problem` is frozen and saved as JSON with every run. The road has a fixed shape, of which a party walks what lies
before it: origin, *approach* (a leg), gate, hall behind the gate, *transfer* (a leg), staging, flight. Whoever stands
at the gate, in its hall or in staging already has only the rest before them.

Every `..._minute` is counted from `Problem.start`; every `..._minutes` is a length of time. Convoys leave and crossings
happen on whole slots of `slot_minutes`; a capacity of a slot counts everybody who is there at any minute of it.
docs/reference/plan.md defines what a feasible plan is and what it is worth; the checker is written from that page.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from corridor.base.ids import FleetId, LegId, MovementId, PartyId, PersonId, PlaceId, PoolId, StationId
from corridor.base.moments import Moment

VERSION = 1
"""The version of the schema that this program writes and reads."""

Where = Literal["origin", "gate", "hall", "staging"]
"""Where on the road a party stands: in danger, waiting before the gate, just behind it, or at a staging place."""

Stop = Literal["leave", "cross", "fly"]
"""Which step a wait stops: leaving the origin, crossing the gate, boarding a flight."""

Counted = Literal["persons", "stretchers", "medical", "psychological"]
"""Of whom a rule for escorts counts how many are aboard."""

WaitFor = Literal["list", "clearance", "hold", "papers", "wish", "company"]
BondKind = Literal["guardian", "will_not_travel_without"]
OfferAnswer = Literal["planned", "open", "taken", "declined"]
Goal = Literal[
    "danger_person_hours",
    "staging_person_hours",
    "permit_breaches",
    "last_departure_hours",
    "empty_seats",
    "cost",
    "changes",
    "against_wish",
]


class Window(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """From `from_minute` up to but not including `until_minute`."""

    from_minute: int
    until_minute: int


class Hazard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """How dangerous an hour is in that window: 100 is what every minute outside the windows counts."""

    from_minute: int
    until_minute: int
    percent: int


class Absence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """So many of a fleet or pool are not there in that window (already out, at the workshop, resting)."""

    from_minute: int
    until_minute: int
    count: int


class Origin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where people are in danger."""

    id: PlaceId
    hazards: tuple[Hazard, ...] = ()


class GateHours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The gate is open in that window and lets so many through; `persons_max` is all who cross in it (None: no such
    limit)."""

    from_minute: int
    until_minute: int
    persons_per_hour: int
    persons_max: int | None = None


class Gate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where danger ends. A slot lets through, of every window, the persons an hour times the minutes of the slot within
    it, over 60, rounded down. `holding_persons_max` may wait before it, `hall_persons_max` behind it for a transfer
    (None: no limit). Who crosses at a minute is in the hall `through_minutes` later."""

    id: PlaceId
    hours: tuple[GateHours, ...]
    holding_persons_max: int | None = None
    hall_persons_max: int | None = None
    through_minutes: int = 0
    hazards: tuple[Hazard, ...] = ()


class EscortRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of a pool go with a movement that carries anybody: `at_least`, or one for every `per` of those counted,
    rounded up, whichever is more (`per` None: no ratio). Of several rules for one pool the greatest holds."""

    pool: PoolId
    at_least: int = 0
    per: int | None = None
    of: Counted = "persons"
    takes_seat: bool = False


class Leg(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way on the ground: an approach from an origin to a gate, or a transfer from a gate's hall to staging.

    `fleets` may serve it; with none, people go by themselves, as many as like. What leaves at a minute is bound from
    `before_minutes` earlier (the empty way out, loading) to `after_minutes` later (there, back, turned round). Nobody
    is on it in a `closed` window. `vehicles_max` is of one convoy (None: no limit).
    """

    id: LegId
    source: PlaceId
    target: PlaceId
    minutes: int
    fleets: tuple[FleetId, ...] = ()
    before_minutes: int = 0
    after_minutes: int = 0
    vehicles_max: int | None = None
    escorts: tuple[EscortRule, ...] = ()
    closed: tuple[Window, ...] = ()
    hazards: tuple[Hazard, ...] = ()


class Fleet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Vehicles of one kind; `seats`, `stretchers`, `wheelchairs` and `laps` are of one (`laps` None: as many infants as
    there are)."""

    id: FleetId
    vehicles: int
    seats: int
    stretchers: int = 0
    wheelchairs: int = 0
    laps: int | None = None
    absences: tuple[Absence, ...] = ()
    cost_per_trip: int = 0


class Pool(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Escorts of one kind who share their work: doctors in staging, guards at a gate."""

    id: PoolId
    count: int
    absences: tuple[Absence, ...] = ()


class Shift(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """So many officers work at a station in that window."""

    from_minute: int
    until_minute: int
    officers: int


class Station(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service at a staging place: each person takes `minutes_per_person` of one officer.

    Who comes is promised to be done `promised_minutes` later. So the work waiting at the end of a slot may not exceed
    what the officers do in that time from the end of the slot on, and not `queue_persons_max` times
    `minutes_per_person` either. A staging place has at most one station of a service.
    """

    id: StationId
    staging: PlaceId
    service: str
    minutes_per_person: int
    promised_minutes: int
    queue_persons_max: int
    shifts: tuple[Shift, ...]


class Staging(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where people sleep between the gate and the flight; a bed is taken from arriving to departing (`beds` None: no
    limit). With `visits_wait` the plan may begin a party's visits to stations later than on arriving."""

    id: PlaceId
    beds: int | None = None
    visits_wait: bool = False


class Airport(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where flights of a staging place leave, so many minutes from its beds; none leaves in a `closed` window."""

    id: PlaceId
    staging: PlaceId
    minutes: int = 0
    closed: tuple[Window, ...] = ()


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A departure that may come true, and how likely it is."""

    departs_minute: int
    percent: int


class Offer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seats of a flight kept for a partner's people until the partner has declined."""

    citizenships: tuple[str, ...]
    seats: int
    answer: OfferAnswer = "planned"


class Flight(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One departure of an aircraft from an airport to a home place.

    It leaves at `departs_from_minute` or any whole slot later up to `departs_until_minute`: the plan chooses. With
    `scenarios` nobody chooses: who flies must be ready for the earliest, keeps the bed to the latest, and the mean
    counts. Whoever flies is ready `boarding_minutes` before departure at the airport.

    `allowed` are the citizenships it takes (empty: all); of those aboard at least `own_percent_min` percent are of
    `own`. `offered_percent_min` of its seats must be offered to partners. `cost` is paid when it flies, `cancel_cost`
    when it does not; one that is not `optional` flies even empty. Booked seats may exceed the seats by
    `overbooked_seats_max` where at most `overbooking_risk_percent` speaks for more people coming than there are seats.
    Two flights of one `aircraft` leave at least `rotation_minutes` of the earlier one apart. Escorts are back
    `escorts_back_minutes` after departure.
    """

    id: MovementId
    airport: PlaceId
    home: PlaceId
    seats: int
    departs_from_minute: int
    departs_until_minute: int
    scenarios: tuple[Scenario, ...] = ()
    boarding_minutes: int = 0
    stretchers: int = 0
    wheelchairs: int = 0
    laps: int | None = None
    allowed: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    own_percent_min: int = 0
    offers: tuple[Offer, ...] = ()
    offered_percent_min: int = 0
    optional: bool = False
    cost: int = 0
    cancel_cost: int = 0
    overbooked_seats_max: int = 0
    overbooking_risk_percent: int = 0
    aircraft: str | None = None
    rotation_minutes: int = 0
    escorts: tuple[EscortRule, ...] = ()
    escorts_back_minutes: int = 0


class Wait(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a party waits for before a step, and until when (None: not within the plan, as nobody knows)."""

    stops: Stop
    for_what: WaitFor
    until_minute: int | None = None


class Bond(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The party takes only movements and crossings that `party` takes too; `party` may go without it."""

    party: PartyId
    kind: BondKind


class Visit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many of the party need a service in staging before they fly."""

    service: str
    persons: int


class Announced(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the party was told in an earlier plan; None: nothing of that."""

    crosses_minute: int | None = None
    flight: MovementId | None = None


class Party(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People who travel together, whole or not at all.

    Everybody is in one of four classes: `seats`, `laps` (infants on one), `stretchers`, `wheelchairs`. Of them
    `medical` and `psychological` count for escorts. `visits` are made one after the other, in that order.
    `citizenships` has the one that shares count first. `weight` (from category and priority) multiplies every hour.
    It is at `place`, or will be from `from_minute` on. A permit runs `permit_minutes` from crossing, or to
    `permit_until_minute` where it runs already (None: no such permit).
    `members` are ids for the desk, as many as persons, or none.
    """

    id: PartyId
    stands: Where
    place: PlaceId
    seats: int = 0
    laps: int = 0
    stretchers: int = 0
    wheelchairs: int = 0
    medical: int = 0
    psychological: int = 0
    citizenships: tuple[str, ...] = ()
    weight: int = 1
    from_minute: int = 0
    waits: tuple[Wait, ...] = ()
    cross_until_minute: int | None = None
    permit_minutes: int | None = None
    permit_until_minute: int | None = None
    visits: tuple[Visit, ...] = ()
    bonds: tuple[Bond, ...] = ()
    prefers: tuple[PlaceId, ...] = ()
    show_up_percent: int = 100
    announced: Announced | None = None
    members: tuple[PersonId, ...] = ()

    @property
    def persons(self) -> int:
        """How many people they are."""
        return self.seats + self.laps + self.stretchers + self.wheelchairs


class Lock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A movement officer's word. With `keep` the party takes only that flight, or leaves (crosses) only then; without,
    never that. A lock bars other ways, it does not make this one possible. Exactly one of flight, leg and gate is
    given, with `minute` for a leg or gate."""

    party: PartyId
    keep: bool = True
    flight: MovementId | None = None
    leg: LegId | None = None
    gate: PlaceId | None = None
    minute: int | None = None


class Objective(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a unit of each goal costs, in points; the plan with the fewest points is the best.

    With `order` (most important goal first) plans are compared goal by goal instead, and the weights do not count; a
    plan's `value` and `bound` are then of the first goal. Who does not cross counts as in danger, and who does not fly
    as in staging, until `left_behind_minutes` after the end of the plan.
    """

    danger_person_hours: int = 5
    staging_person_hours: int = 1
    permit_breaches: int = 50
    last_departure_hours: int = 1
    empty_seats: int = 1
    cost: int = 0
    changes: int = 10
    against_wish: int = 2
    left_behind_minutes: int = 48 * 60
    order: tuple[Goal, ...] = ()


class Problem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a plan is made from. `minutes` is how far it looks, a whole number of slots."""

    version: int
    name: str
    start: Moment
    slot_minutes: int
    minutes: int
    origins: tuple[Origin, ...]
    gates: tuple[Gate, ...]
    legs: tuple[Leg, ...]
    fleets: tuple[Fleet, ...]
    pools: tuple[Pool, ...]
    stagings: tuple[Staging, ...]
    stations: tuple[Station, ...]
    airports: tuple[Airport, ...]
    flights: tuple[Flight, ...]
    parties: tuple[Party, ...]
    locks: tuple[Lock, ...] = ()
    objective: Objective = Objective()
