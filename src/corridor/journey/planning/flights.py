"""The flights that a plan may use: those announced and not left, as far as is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

import msgspec

from corridor.base.ids import OfferId, PersonId, PlaceId
from corridor.journey.board.board import Board
from corridor.journey.move.state import Movement
from corridor.journey.planning.clock import PlanClock
from corridor.journey.planning.escorts import back_minutes, escort_rules, uncounted_seats
from corridor.journey.planning.road import Road
from corridor.plan.problem import Flight, Offer

BOARDING_MINUTES = 120
"""How long before departure people are at the aircraft; no operation file says it yet."""


def announced(board: Board, road: Road, clock: PlanClock) -> Iterator[Flight]:
    """The movements home that are announced and not closed. One whose time nobody knows may leave at any hour from
    half a day on: the plan says when it would be best."""
    for movement in board.everybody.move.movements.values():
        place = next((place for place, leg in road.way_home.items() if leg.id == movement.leg), None)
        if place is not None and movement.status in ("planned", "boarding"):
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
        Offer(
            citizenships=(countries[offer.partner],),
            seats=offer.kept(board.at),
            answer="open" if offer.taken is None else "taken",
        )
        for offer in movement.offers
        if offer.partner in countries and offer.kept(board.at)
    )
    fleet = board.everybody.fleet_for(movement.leg)
    taken = uncounted_seats(operation, fleet) if fleet else 0
    leg = operation.leg(movement.leg)
    rules = tuple(escort_rules(operation, fleet, (leg.source, leg.target))) if fleet else ()
    return Flight(
        id=movement.movement,
        airport=place,
        home=leg.target,
        seats=max(0, sum(vehicle.seats for vehicle in movement.vehicles) - taken),
        stretchers=sum(vehicle.stretchers for vehicle in movement.vehicles),
        wheelchairs=sum(vehicle.wheelchairs for vehicle in movement.vehicles),
        departs_from_minute=begin,
        departs_until_minute=end,
        boarding_minutes=BOARDING_MINUTES,
        offers=offers,
        escorts=rules,
        escorts_back_minutes=back_minutes(operation, fleet, leg) if fleet and rules else 0,
    )


def without_taken(board: Board, flight: Flight, movers: Collection[PersonId]) -> Flight:
    """The flight without the places of those who are aboard or on its manifest and are not planned (`movers` are who
    is), and without seats held for anybody."""
    movement = board.everybody.move.movements[flight.id]
    taken: Counter[str] = Counter()
    on_offers: Counter[OfferId] = Counter()
    for row in movement.rows:
        berth = row.boarded or row.planned
        if berth is None or row.alighted_at is not None or row.person in movers:
            continue
        taken[berth.place_type] += 1
        if row.planned is not None and row.planned.offer is not None and berth.place_type != "lap":
            on_offers[row.planned.offer] += 1
    taken["seat"] += len(movement.held(board.at) - movement.planned - movement.boarded)
    known = [offer for offer in movement.offers if offer.kept(board.at)]
    left = {offer.partner: offer.kept(board.at) - on_offers[offer.offer] for offer in known}
    countries = {partner.country: partner.id for partner in board.operation.partners}
    offers = tuple(
        msgspec.structs.replace(offer, seats=max(0, left.get(countries[offer.citizenships[0]], offer.seats)))
        for offer in flight.offers
    )
    return msgspec.structs.replace(
        flight,
        seats=max(0, flight.seats - taken["seat"]),
        stretchers=max(0, flight.stretchers - taken["stretcher"]),
        wheelchairs=max(0, flight.wheelchairs - taken["wheelchair"]),
        offers=offers,
    )
