"""The flights that a plan may use: those announced and not left, as far as is known."""

from __future__ import annotations

from collections.abc import Iterator

from corridor.base.ids import PlaceId
from corridor.journey.board.board import Board
from corridor.journey.move.state import Movement
from corridor.journey.planning.clock import PlanClock
from corridor.journey.planning.road import Road
from corridor.plan.problem import Flight, Offer

BOARDING_MINUTES = 120
"""How long before departure people are at the aircraft; no operation file says it yet."""


def announced(board: Board, road: Road, clock: PlanClock) -> Iterator[Flight]:
    """The movements home that are announced and have not left. One whose time nobody knows may leave at any hour from
    half a day on: the plan says when it would be best."""
    for movement in board.everybody.move.movements.values():
        place = next((place for place, leg in road.way_home.items() if leg.id == movement.leg), None)
        if place is not None and movement.status in ("planned", "boarding", "closed"):
            flight = _flight(board, movement, place, clock)
            if flight is not None:
                yield flight


def _flight(board: Board, movement: Movement, place: PlaceId, clock: PlanClock) -> Flight | None:
    operation = board.operation
    assert movement.leg is not None, "the flight was found by its leg"
    begin, end = min(12 * 60, clock.minutes), clock.minutes
    if movement.departs_at is not None:
        begin = end = clock.minute(movement.departs_at)
    if end > clock.minutes or not movement.vehicles:
        return None
    countries = {partner.id: partner.country for partner in operation.partners}
    offers = tuple(
        Offer(citizenships=(countries[offer.partner],), seats=offer.kept(board.at), answer="open")
        for offer in movement.offers
        if offer.partner in countries and offer.kept(board.at)
    )
    fleet = board.everybody.fleet_for(movement.leg)
    taken = sum(rule.at_least for rule in fleet.escorts if rule.takes_seat) if fleet else 0
    return Flight(
        id=movement.movement,
        airport=place,
        home=operation.leg(movement.leg).target,
        seats=max(0, sum(vehicle.seats for vehicle in movement.vehicles) - taken),
        stretchers=sum(vehicle.stretchers for vehicle in movement.vehicles),
        wheelchairs=sum(vehicle.wheelchairs for vehicle in movement.vehicles),
        departs_from_minute=begin,
        departs_until_minute=end,
        boarding_minutes=BOARDING_MINUTES,
        offers=offers,
    )
