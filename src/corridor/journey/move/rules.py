"""What may be done with a movement: planned, changed, cancelled, filled; a party is never split by a plan."""

from __future__ import annotations

from dataclasses import replace

from corridor.base.ids import PersonId
from corridor.base.moments import Moment, iso
from corridor.base.refusal import Refusal
from corridor.journey.kinds import draft
from corridor.journey.move import events as kinds
from corridor.journey.move import refusals as no
from corridor.journey.move.manifest import TAKING, free_places
from corridor.journey.move.orders import (
    AssignEscort,
    CancelMovement,
    ChangeMovement,
    DeclineSeats,
    HoldSeats,
    JoinStandby,
    LeaveStandby,
    MoveFacts,
    MoveOrder,
    OfferSeats,
    Passenger,
    PlanAboard,
    PlanMovement,
    PlanOrder,
    ReleaseSeats,
    TakeOff,
    TakeSeats,
)
from corridor.journey.move.partner_rules import decide_seats
from corridor.journey.move.ride_rules import decide_ride
from corridor.journey.move.room import by_event, by_spot, named, no_room
from corridor.journey.move.standby import decide_standby, split_group
from corridor.journey.move.state import Movement
from corridor.journey.register.refusals import NOT_REGISTERED
from corridor.ledger.event import Draft

Answer = tuple[Draft, ...] | Refusal


def decide(order: MoveOrder, facts: MoveFacts, now: Moment) -> Answer:
    """The events an order becomes, or why not."""
    if isinstance(order, PlanMovement):
        return _plan(order, facts, now)
    movement = facts.movement
    if movement is None:
        return no.MOVEMENT_NOT_KNOWN(movement=order.movement)
    assert movement.movement == order.movement, "the facts are about the movement that the order names"
    if isinstance(order, OfferSeats | TakeSeats | DeclineSeats):
        return decide_seats(order, movement, facts, now)
    if isinstance(order, PlanOrder):
        return _decide_plan(order, movement, facts, now)
    return decide_ride(order, movement, facts, now)


def _decide_plan(order: PlanOrder, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    assert not isinstance(order, PlanMovement), "a new movement is decided before"
    if movement.status in ("departed", "arrived", "cancelled"):
        return no.MOVEMENT_OVER(movement=order.movement, status=movement.status)
    if isinstance(order, PlanAboard | HoldSeats | JoinStandby) and (refusal := _cannot_come(order, facts)) is not None:
        return refusal
    match order:
        case ChangeMovement():
            return _change(order, movement, facts, now)
        case CancelMovement():
            if movement.aboard:
                return no.PEOPLE_ABOARD(movement=order.movement, persons=named(movement.aboard))
            cancelled = kinds.MovementCancelled(movement=order.movement, why=order.why)
            return (draft(kinds.MOVEMENT_CANCELLED, cancelled, at=now, by=order.by),)
        case AssignEscort():
            assigned = kinds.EscortAssigned(
                movement=order.movement, role=order.role, count=order.count, user=order.user
            )
            return (draft(kinds.ESCORT_ASSIGNED, assigned, at=now, by=order.by),)
        case PlanAboard():
            return _plan_aboard(order, movement, facts, now)
        case TakeOff():
            return _take_off(order, movement, facts, now)
        case HoldSeats():
            return _hold(order, movement, facts, now)
        case ReleaseSeats():
            return _release(order, movement, now)
        case JoinStandby() | LeaveStandby():
            return decide_standby(order, movement, facts.groups, now)


def _cannot_come(order: PlanAboard | HoldSeats | JoinStandby, facts: MoveFacts) -> Refusal | None:
    """Nobody is put on a movement, or made to wait for it, who is not in the book or past the place it leaves."""
    persons = [one.person for one in order.passengers] if isinstance(order, PlanAboard) else list(order.persons)
    if missing := [person for person in persons if person not in facts.accounts]:
        return NOT_REGISTERED(persons=named(missing))
    if past := [person for person in persons if person in facts.past]:
        return no.PAST_THE_PLACE(movement=order.movement, place=facts.leaves_from, persons=named(past))
    return None


def _plan(order: PlanMovement, facts: MoveFacts, now: Moment) -> Answer:
    # A movement known only from the field, without a plan, may still be planned.
    if facts.movement is not None and facts.movement.leg is not None:
        return no.MOVEMENT_EXISTS(movement=order.movement)
    if not order.vehicles:
        return no.NO_VEHICLE(movement=order.movement)
    if (refusal := _reversed(order.movement, order.departs_at, order.arrives_at)) is not None:
        return refusal
    if (refusal := _taken(order.vehicles, facts)) is not None:
        return refusal
    body = kinds.MovementPlanned(
        movement=order.movement,
        leg=order.leg,
        vehicles=order.vehicles,
        departs_at=order.departs_at,
        arrives_at=order.arrives_at,
        name=order.name,
        plan=order.plan,
    )
    return (draft(kinds.MOVEMENT_PLANNED, body, at=now, by=order.by),)


def _taken(vehicles: tuple[kinds.Vehicle, ...], facts: MoveFacts) -> Refusal | None:
    for one in vehicles:
        if one.vehicle in facts.busy:
            return no.VEHICLE_TAKEN(vehicle=one.vehicle, movement=facts.busy[one.vehicle])
    return None


def _reversed(movement: str, departs_at: Moment | None, arrives_at: Moment | None) -> Refusal | None:
    if departs_at is None or arrives_at is None or departs_at < arrives_at:
        return None
    return no.TIMES_REVERSED(movement=movement, departs_at=iso(departs_at), arrives_at=iso(arrives_at))


def _change(order: ChangeMovement, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    known = replace(movement, departs_at=None, arrives_at=None) if order.times_unknown else movement
    departs_at = known.departs_at if order.departs_at is None else order.departs_at
    arrives_at = known.arrives_at if order.arrives_at is None else order.arrives_at
    if (refusal := _reversed(order.movement, departs_at, arrives_at)) is not None:
        return refusal
    if order.vehicles is not None:
        if not order.vehicles:
            return no.NO_VEHICLE(movement=order.movement)
        # A delay may make two movements overlap, and is a fact; only vehicles that come new must be free.
        before = {one.vehicle for one in movement.vehicles}
        new = tuple(one for one in order.vehicles if one.vehicle not in before)
        if (refusal := _taken(new, facts)) is not None:
            return refusal
        free = free_places(replace(movement, vehicles=order.vehicles), now, facts.escort_seats)
        for place_type in TAKING:
            if free[place_type] < 0:
                return no.TOO_SMALL(movement=order.movement, lacking=-free[place_type], place_type=place_type)
    body = kinds.MovementChanged(
        movement=order.movement,
        departs_at=order.departs_at,
        arrives_at=order.arrives_at,
        vehicles=order.vehicles,
        why=order.why,
        times_unknown=order.times_unknown,
    )
    return (draft(kinds.MOVEMENT_CHANGED, body, at=now, by=order.by),)


def _plan_aboard(order: PlanAboard, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    persons = frozenset(passenger.person for passenger in order.passengers)
    if not persons:
        return no.NOBODY_NAMED()
    assert len(persons) == len(order.passengers), "a person is named once in an order"
    if movement.status == "closed":
        return no.BOARDING_IS_CLOSED(movement=order.movement)
    elsewhere = {facts.planned_elsewhere[person] for person in persons if person in facts.planned_elsewhere}
    for other in sorted(elsewhere):
        double = (person for person in persons if facts.planned_elsewhere.get(person) == other)
        return no.ALREADY_PLANNED(persons=named(double), movement=other)
    if again := persons & movement.planned:
        return no.ALREADY_PLANNED(persons=named(again), movement=order.movement)
    if (refusal := split_group(facts.groups, persons | movement.planned)) is not None:
        return refusal
    if (refusal := _laps(order, movement, facts)) is not None:
        return refusal
    if order.offer is not None and all(offer.offer != order.offer for offer in movement.offers):
        return no.OFFER_NOT_KNOWN(offer=order.offer, movement=order.movement)
    if (refusal := no_room(movement, order.passengers, now, facts.escort_seats, order.offer)) is not None:
        return refusal
    return tuple(
        draft(
            kinds.PLANNED_ABOARD,
            kinds.PlannedAboard(
                movement=order.movement, place_type=place_type, vehicle=vehicle, seat=seat, offer=order.offer
            ),
            at=now,
            by=order.by,
            persons=people,
        )
        for (place_type, vehicle, seat), people in by_spot(order.passengers)
    )


def _laps(order: PlanAboard, movement: Movement, facts: MoveFacts) -> Refusal | None:
    """Only infants sit on laps, and each group has a person with a place for every one of its infants on a lap."""
    on_laps = {passenger.person for passenger in order.passengers if passenger.place_type == "lap"}
    if grown := on_laps - facts.infants:
        return no.LAP_NOT_INFANT(persons=named(grown))
    placed = {row.person: row.planned.place_type for row in movement.rows if row.planned is not None}
    placed |= {passenger.person: passenger.place_type for passenger in order.passengers}
    grouped = frozenset[PersonId]().union(*facts.groups)
    alone = tuple(frozenset({person}) for person in sorted(on_laps - grouped))
    for group in (*facts.groups, *alone):
        laps = [person for person in group if placed.get(person) == "lap"]
        holding = [person for person in group - facts.infants if person in placed]
        if group & on_laps and len(laps) > len(holding):
            return no.LAP_WITHOUT_ADULT(laps=len(laps), adults=len(holding), movement=order.movement)
    return None


def _take_off(order: TakeOff, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    persons = frozenset(order.persons)
    if not persons:
        return no.NOBODY_NAMED()
    if missing := persons - movement.planned:
        return no.NOT_PLANNED(persons=named(missing), movement=order.movement)
    if (refusal := split_group(facts.groups, movement.planned - persons)) is not None:
        return refusal
    body = kinds.TakenOff(movement=order.movement, why=order.why)
    return tuple(draft(kinds.TAKEN_OFF, body, at=now, by=order.by, persons=some) for some in by_event(persons))


def _hold(order: HoldSeats, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    if not order.persons:
        return no.NOBODY_NAMED()
    if order.until <= now:
        return no.HOLD_PAST(until=iso(order.until))
    if (refusal := split_group(facts.groups, movement.planned | movement.held(now) | set(order.persons))) is not None:
        return refusal
    has_place = movement.held(now) | movement.planned | movement.boarded
    seated = tuple(Passenger(person=person) for person in sorted(set(order.persons) - has_place))
    if (refusal := no_room(movement, seated, now, facts.escort_seats)) is not None:
        return refusal
    body = kinds.SeatHeld(movement=order.movement, until=order.until)
    return tuple(draft(kinds.SEAT_HELD, body, at=now, by=order.by, persons=some) for some in by_event(order.persons))


def _release(order: ReleaseSeats, movement: Movement, now: Moment) -> Answer:
    persons = frozenset(order.persons)
    if not persons:
        return no.NOBODY_NAMED()
    if missing := persons - movement.held(now):
        return no.NOT_HELD(persons=named(missing), movement=order.movement)
    body = kinds.SeatReleased(movement=order.movement, why=order.why)
    return tuple(draft(kinds.SEAT_RELEASED, body, at=now, by=order.by, persons=some) for some in by_event(persons))
