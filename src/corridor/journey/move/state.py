"""What is known of every movement: vehicles, times, escorts, manifest, and seats for partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from corridor.base.ids import LegId, MovementId, OfferId, PartnerId, PersonId, PlanId, VehicleId
from corridor.base.moments import Moment
from corridor.journey.move import events as kinds
from corridor.journey.move.events import KINDS, EscortDuty, PlaceType, Vehicle
from corridor.journey.reading import Unreadable, by_name, read
from corridor.ledger.event import Event

MovementStatus = Literal["planned", "boarding", "closed", "departed", "arrived", "cancelled"]

_KINDS = by_name(KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Berth:
    """Where somebody sits or lies on a movement. None: not said; `offer` is the partner's offer whose seat it is."""

    place_type: PlaceType
    vehicle: VehicleId | None = None
    seat: str | None = None
    offer: OfferId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person on a manifest: three columns, each None while it is empty."""

    person: PersonId
    planned: Berth | None = None
    boarded: Berth | None = None
    boarded_at: Moment | None = None
    alighted_at: Moment | None = None
    alighted_vehicle: VehicleId | None = None  # None: not recorded

    @property
    def aboard(self) -> bool:
        """Whether the person got in and was not yet seen getting out."""
        return self.boarded is not None and self.alighted_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Seats offered to a partner. `taken` is None until they answer, 0 when they declined."""

    offer: OfferId
    partner: PartnerId
    seats: int
    answer_by: Moment | None  # None: no time was set
    taken: int | None

    def open(self, at: Moment) -> bool:
        """Whether the partner may still answer at that moment; an unanswered offer past its time is over."""
        return self.taken is None and (self.answer_by is None or at < self.answer_by)

    def kept(self, at: Moment) -> int:
        """Seats kept for the partner at that moment: all of an open offer, else what they took."""
        return self.seats if self.open(at) else self.taken or 0


@dataclass(frozen=True, kw_only=True)  # without slots: the sets of people are worked out once and kept
class Movement:
    """One movement as its events tell it. Times are None while not known, and are then never shown as a time."""

    movement: MovementId
    leg: LegId | None = None  # None: its plan has not arrived
    name: str | None = None
    vehicles: tuple[Vehicle, ...] = ()
    departs_at: Moment | None = None
    arrives_at: Moment | None = None
    escorts: Mapping[EscortDuty, int] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()  # by person
    holds: Mapping[PersonId, Moment] = field(default_factory=dict)  # a place kept for a person, and until when
    standby: Mapping[PersonId, Moment] = field(default_factory=dict)  # who waits for a seat, and since when
    offers: tuple[Offer, ...] = ()  # by id
    closed: kinds.BoardingClosed | None = None
    closed_at: Moment | None = None
    departed: kinds.Departed | None = None
    departed_at: Moment | None = None
    arrived: kinds.Arrived | None = None
    arrived_at: Moment | None = None
    cancelled_why: str | None = None  # None: not cancelled
    plan: PlanId | None = None  # the issued plan that has it; None: planned by hand

    @property
    def status(self) -> MovementStatus:
        """What happened goes before what was decided: a cancelled convoy that left has departed."""
        if self.arrived is not None:
            return "arrived"
        if self.departed is not None:
            return "departed"
        if self.cancelled_why is not None:
            return "cancelled"
        if self.closed is not None:
            return "closed"
        return "boarding" if self.boarded else "planned"

    @cached_property
    def planned(self) -> frozenset[PersonId]:
        """Who is in the first column."""
        return frozenset(row.person for row in self.rows if row.planned is not None)

    @cached_property
    def boarded(self) -> frozenset[PersonId]:
        """Who is in the second column."""
        return frozenset(row.person for row in self.rows if row.boarded is not None)

    @cached_property
    def aboard(self) -> frozenset[PersonId]:
        """Who got in and was not yet seen getting out."""
        return frozenset(row.person for row in self.rows if row.aboard)

    @cached_property
    def lying(self) -> frozenset[PersonId]:
        """Who lies on a stretcher, as boarded, or as planned until somebody is."""
        berths = {row.person: row.boarded if self.boarded else row.planned for row in self.rows}
        return frozenset(one for one, berth in berths.items() if berth is not None and berth.place_type == "stretcher")

    def held(self, at: Moment) -> frozenset[PersonId]:
        """For whom a place is still kept: a hold past its time counts no more, one that was used is a row."""
        return frozenset(person for person, until in self.holds.items() if at < until)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveState:
    """Every movement by id, and what could not be read."""

    movements: Mapping[MovementId, Movement] = field(default_factory=dict)
    offers_not_known: tuple[OfferId, ...] = ()  # answered, but never seen offered
    unreadable: tuple[Unreadable, ...] = ()


def fold(events: Iterable[Event]) -> MoveState:
    """The state of every movement the events speak of; other stages' events are passed over."""
    unreadable: list[Unreadable] = []
    movements: dict[MovementId, Movement] = {}
    rows: dict[MovementId, dict[PersonId, Row]] = {}
    answers: dict[OfferId, int] = {}
    offers: dict[OfferId, kinds.SeatsOffered] = {}
    for event, body in read(events, _KINDS, unreadable):
        if isinstance(body, kinds.SeatsTaken):
            answers[body.offer] = body.seats
            continue
        if isinstance(body, kinds.SeatsDeclined):
            answers[body.offer] = 0
            continue
        if isinstance(body, kinds.PlanIssued):
            continue  # what it set going is in the movements' own events
        movement = movements.get(body.movement) or Movement(movement=body.movement)
        manifest = rows.setdefault(body.movement, {})
        if isinstance(body, kinds.SeatsOffered):
            offers[body.offer] = body
        movements[body.movement] = _with_persons(_with_body(movement, event, body), manifest, event, body)
    return MoveState(
        movements={
            name: replace(
                movement,
                rows=tuple(rows[name][person] for person in sorted(rows[name])),
                offers=_offers(name, offers, answers),
            )
            for name, movement in sorted(movements.items())
        },
        offers_not_known=tuple(sorted(set(answers) - set(offers))),
        unreadable=tuple(unreadable),
    )


def _offers(
    movement: MovementId, offers: Mapping[OfferId, kinds.SeatsOffered], answers: Mapping[OfferId, int]
) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            offer=name,
            partner=body.partner,
            seats=body.seats,
            answer_by=body.answer_by,
            taken=answers.get(name),
        )
        for name, body in sorted(offers.items())
        if body.movement == movement
    )


def _with_body(movement: Movement, event: Event, body: object) -> Movement:
    """The movement after an event about itself."""
    at = event.corrected_at
    match body:
        case kinds.MovementPlanned():
            return replace(
                movement,
                leg=body.leg,
                name=body.name,
                vehicles=body.vehicles,
                departs_at=body.departs_at,
                arrives_at=body.arrives_at,
                plan=body.plan,
            )
        case kinds.MovementChanged():
            before = replace(movement, departs_at=None, arrives_at=None) if body.times_unknown else movement
            return replace(
                before,
                vehicles=before.vehicles if body.vehicles is None else body.vehicles,
                departs_at=before.departs_at if body.departs_at is None else body.departs_at,
                arrives_at=before.arrives_at if body.arrives_at is None else body.arrives_at,
            )
        case kinds.MovementCancelled():
            return replace(movement, cancelled_why=body.why)
        case kinds.EscortAssigned():
            return replace(movement, escorts={**movement.escorts, body.role: body.count})
        case kinds.BoardingClosed():
            return replace(movement, closed=body, closed_at=at)
        case kinds.Departed():
            return replace(movement, departed=body, departed_at=at)
        case kinds.Arrived():
            return replace(movement, arrived=body, arrived_at=at)
    return movement


def _with_persons(movement: Movement, rows: dict[PersonId, Row], event: Event, body: object) -> Movement:
    """Fill the manifest's columns for the persons of an event; a place held for them is used or given up.

    Who is planned or boards waits no more; who joins the standby list again keeps their turn.
    """
    at = event.corrected_at
    match body:
        case kinds.StandbyJoined():
            return replace(movement, standby=dict.fromkeys(event.persons, at) | dict(movement.standby))
        case kinds.StandbyLeft() | kinds.PlannedAboard() | kinds.Boarded():
            waiting = {person: since for person, since in movement.standby.items() if person not in event.persons}
            if len(waiting) < len(movement.standby):
                movement = replace(movement, standby=waiting)
    match body:
        case kinds.SeatHeld():
            return replace(movement, holds={**movement.holds, **dict.fromkeys(event.persons, body.until)})
        case kinds.PlannedAboard():
            berth = Berth(place_type=body.place_type, vehicle=body.vehicle, seat=body.seat, offer=body.offer)
            rows |= {person: _filled(rows, person, planned=berth) for person in event.persons}
        case kinds.TakenOff():
            rows |= {person: _filled(rows, person, planned=None) for person in event.persons}
        case kinds.Boarded():
            berth = Berth(place_type=body.place_type, vehicle=body.vehicle, seat=body.seat)
            rows |= {
                person: Row(person=person, planned=_row(rows, person).planned, boarded=berth, boarded_at=at)
                for person in event.persons
            }
        case kinds.Alighted():
            rows |= {
                person: _filled(rows, person, alighted_at=at, alighted_vehicle=body.vehicle) for person in event.persons
            }
        case kinds.SeatReleased():
            pass
        case _:
            return movement
    if movement.holds.keys().isdisjoint(event.persons):
        return movement
    left = {person: until for person, until in movement.holds.items() if person not in event.persons}
    return replace(movement, holds=left)


def _filled(rows: Mapping[PersonId, Row], person: PersonId, **columns: Any) -> Row:
    """The person's row with these columns; made in one step where there was none, as for nearly everybody planned."""
    row = rows.get(person)
    return Row(person=person, **columns) if row is None else replace(row, **columns)


def _row(rows: Mapping[PersonId, Row], person: PersonId) -> Row:
    return rows.get(person) or Row(person=person)
