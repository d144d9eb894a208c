"""What may be done on the ride: board, close, depart, arrive, alight."""

from __future__ import annotations

from corridor.base.ids import AccountId, PersonId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.kinds import draft
from corridor.journey.move import events as kinds
from corridor.journey.move import refusals as no
from corridor.journey.move.manifest import share_needed
from corridor.journey.move.orders import Alight, Arrive, Board, CloseBoarding, Depart, MoveFacts, Passenger, RideOrder
from corridor.journey.move.room import by_event, by_spot, named, no_room
from corridor.journey.move.state import Movement
from corridor.ledger.accounts import aboard_account, parts, place_account
from corridor.ledger.event import Draft

Answer = tuple[Draft, ...] | Refusal


def decide_ride(order: RideOrder, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    """The events an order about a known movement's ride becomes, or why not."""
    match order:
        case Board():
            return _board(order, movement, facts, now)
        case CloseBoarding():
            return _close(order, movement, facts, now)
        case Depart():
            return _depart(order, movement, facts, now)
        case Arrive():
            if movement.status != "departed":
                over = no.MOVEMENT_OVER(movement=order.movement, status=movement.status)
                return over if movement.status in ("arrived", "cancelled") else no.NOT_DEPARTED(movement=order.movement)
            body = kinds.Arrived(movement=order.movement, place=order.place, souls=order.souls)
            return (draft(kinds.ARRIVED, body, at=now, by=order.by),)
        case Alight():
            return _alight(order, movement, now)


def _board(order: Board, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    if not order.passengers:
        return no.NOBODY_NAMED()
    if movement.status in ("departed", "arrived", "cancelled"):
        return no.MOVEMENT_OVER(movement=order.movement, status=movement.status)
    if movement.status == "closed":
        return no.BOARDING_IS_CLOSED(movement=order.movement)
    for passenger in order.passengers:
        if (refusal := _may_not_board(passenger.person, movement, facts)) is not None:
            return refusal
    if (refusal := no_room(movement, order.passengers, now, facts.escort_seats)) is not None:
        return refusal
    leaving: dict[AccountId, list[Passenger]] = {}
    for passenger in order.passengers:
        leaving.setdefault(facts.accounts[passenger.person], []).append(passenger)
    return tuple(
        draft(
            kinds.BOARDED,
            kinds.Boarded(movement=order.movement, vehicle=vehicle, seat=seat, place_type=place_type),
            at=now,
            by=order.by,
            persons=persons,
            source=source,
            target=aboard_account(order.movement),
        )
        for source, passengers in sorted(leaving.items())
        for (place_type, vehicle, seat), persons in by_spot(passengers)
    )


def _may_not_board(person: PersonId, movement: Movement, facts: MoveFacts) -> Refusal | None:
    care = facts.may_travel.get(person, True)
    if isinstance(care, Refusal):
        return no.MAY_NOT_BOARD(person=person, why=care.says, remedy=care.remedy, because=care)
    elsewhere = facts.aboard.get(person)
    if elsewhere is not None or person in movement.aboard:
        return no.ALREADY_ABOARD(person=person, movement=elsewhere or movement.movement)
    account = facts.accounts.get(person)
    if account is None or parts(account).type != "place":
        return no.ACCOUNT_NOT_KNOWN(person=person)
    return None


def _close(order: CloseBoarding, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    if movement.status in ("departed", "arrived", "cancelled"):
        return no.MOVEMENT_OVER(movement=order.movement, status=movement.status)
    if movement.status == "closed":
        return no.BOARDING_IS_CLOSED(movement=order.movement)
    aboard, planned = movement.aboard, movement.planned
    exception = (order.exception or "").strip() or None
    if exception is None:
        if aboard != planned:
            return no.MANIFEST_DIFFERS(
                movement=order.movement, not_boarded=named(planned - aboard), not_planned=named(aboard - planned)
            )
        if order.souls != len(aboard):
            return no.SOULS_DIFFER(movement=order.movement, souls=order.souls, aboard=len(aboard))
        seats, needed = share_needed(movement, facts.share_percent)
        offered = sum(offer.seats for offer in movement.offers)
        if offered < needed:
            return no.SHARE_NOT_OFFERED(movement=order.movement, seats=seats, offered=offered, needed=needed)
    body = kinds.BoardingClosed(movement=order.movement, souls=order.souls, planned=len(planned), exception=exception)
    return (draft(kinds.BOARDING_CLOSED, body, at=now, by=order.by),)


def _depart(order: Depart, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    if movement.status in ("departed", "arrived", "cancelled"):
        return no.MOVEMENT_OVER(movement=order.movement, status=movement.status)
    if movement.status != "closed":
        return no.BOARDING_IS_OPEN(movement=order.movement)
    exception = (order.exception or "").strip() or None
    if exception is None:
        missing = escorts_missing(movement, facts)
        if missing:
            lacking = ", ".join(f"{number} {role}" for role, number in missing.items())
            return no.ESCORTS_MISSING(movement=order.movement, souls=len(movement.aboard), lacking=lacking)
    body = kinds.Departed(movement=order.movement, place=order.place, souls=order.souls, exception=exception)
    return (draft(kinds.DEPARTED, body, at=now, by=order.by),)


def escorts_missing(movement: Movement, facts: MoveFacts) -> dict[kinds.EscortDuty, int]:
    """How many escorts of each duty the movement lacks; duties that are covered are left out."""
    lacking = {role: needed - movement.escorts.get(role, 0) for role, needed in sorted(facts.escorts_needed.items())}
    return {role: number for role, number in lacking.items() if number > 0}


def _alight(order: Alight, movement: Movement, now: Moment) -> Answer:
    persons = frozenset(order.persons)
    if not persons:
        return no.NOBODY_NAMED()
    if missing := persons - movement.aboard:
        return no.NOT_ABOARD(persons=named(missing), movement=order.movement)
    return tuple(
        draft(
            kinds.ALIGHTED,
            kinds.Alighted(movement=order.movement, vehicle=order.vehicle),
            at=now,
            by=order.by,
            persons=people,
            source=aboard_account(order.movement),
            target=place_account(order.place),
        )
        for people in by_event(persons)
    )
