"""What may be done with seats for partners: offered after our own are seated or within the share agreed, answered."""

from __future__ import annotations

from corridor.base.moments import Moment, iso
from corridor.base.refusal import Refusal
from corridor.journey.kinds import draft
from corridor.journey.move import events as kinds
from corridor.journey.move import refusals as no
from corridor.journey.move.manifest import free_places, share_needed
from corridor.journey.move.orders import DeclineSeats, MoveFacts, OfferSeats, PartnerOrder
from corridor.journey.move.state import Movement
from corridor.ledger.event import Draft

Answer = tuple[Draft, ...] | Refusal


def decide_seats(order: PartnerOrder, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    """The events an order about a partner's seats becomes, or why not."""
    if movement.status in ("departed", "arrived", "cancelled"):
        return no.MOVEMENT_OVER(movement=order.movement, status=movement.status)
    if isinstance(order, OfferSeats):
        return _offer(order, movement, facts, now)
    offer = next((offer for offer in movement.offers if offer.offer == order.offer), None)
    if offer is None:
        return no.OFFER_NOT_KNOWN(offer=order.offer, movement=order.movement)
    if offer.taken is not None:
        return no.OFFER_ANSWERED(offer=order.offer)
    if isinstance(order, DeclineSeats):
        # A late no changes nothing: the seats are free already.
        return (
            draft(kinds.SEATS_DECLINED, kinds.SeatsDeclined(offer=order.offer, why=order.why), at=now, by=order.by),
        )
    if offer.answer_by is not None and offer.answer_by <= now:
        return no.OFFER_EXPIRED(offer=order.offer, answer_by=iso(offer.answer_by))
    if order.seats > offer.seats:
        return no.MORE_THAN_OFFERED(taken=order.seats, seats=offer.seats)
    return (draft(kinds.SEATS_TAKEN, kinds.SeatsTaken(offer=order.offer, seats=order.seats), at=now, by=order.by),)


def _offer(order: OfferSeats, movement: Movement, facts: MoveFacts, now: Moment) -> Answer:
    """The share agreed may always be offered while seats are free; beyond it our own people go first."""
    if any(offer.offer == order.offer for offer in movement.offers):
        return no.OFFER_EXISTS(offer=order.offer)
    if order.answer_by is not None and order.answer_by <= now:
        return no.OFFER_PAST(answer_by=iso(order.answer_by))
    free = max(0, free_places(movement, now, facts.escort_seats)["seat"])
    if order.seats > free:
        return no.NO_PLACE_LEFT(asked=order.seats, place_type="seat", where=order.movement, free=free)
    _, needed = share_needed(movement, facts.share_percent)
    share_left = max(0, needed - sum(offer.seats for offer in movement.offers))
    spare = max(0, free - facts.own_waiting) if facts.own_first else free
    offerable = min(free, max(spare, share_left))
    if order.seats > offerable:
        return no.OWN_PEOPLE_FIRST(
            asked=order.seats, waiting=facts.own_waiting, free=free, share_left=share_left, offerable=offerable
        )
    body = kinds.SeatsOffered(
        offer=order.offer,
        movement=order.movement,
        partner=order.partner,
        seats=order.seats,
        answer_by=order.answer_by,
    )
    return (draft(kinds.SEATS_OFFERED, body, at=now, by=order.by),)
