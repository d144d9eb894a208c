"""The road of an operation as planning sees it: origins, gates, legs, fleets, stations, staging places, airports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corridor.base.ids import FleetId, LegId, PlaceId
from corridor.base.operation import Fleet as OperationFleet
from corridor.base.operation import Leg as OperationLeg
from corridor.base.operation import Operation
from corridor.base.operation import Station as OperationStation
from corridor.journey.clear.evening.calls import station_of
from corridor.journey.planning.clock import PlanClock
from corridor.journey.planning.escorts import escort_rules, uncounted_seats
from corridor.plan.problem import (
    Airport,
    Fleet,
    Gate,
    GateHours,
    Leg,
    Origin,
    Shift,
    Staging,
    Station,
)

SLOT_MINUTES = 60
FOR_A_VISIT_MINUTES = 2 * 60
"""How long people are told that a station takes, and how long its queue may be, where the file says nothing."""
VISITED = ("medical", "documents")
"""The services that people may have to visit before they fly."""
RATE_UNKNOWN_PER_HOUR = 1000
"""Persons an hour of a gate whose rate nobody knows: as many as come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """An operation's road from origins to the flights home. `way_home` are the legs on which flights leave, by staging
    place; `crossings` the legs out of danger, by the place they reach."""

    origins: tuple[Origin, ...]
    gates: tuple[Gate, ...]
    legs: tuple[Leg, ...]
    fleets: tuple[Fleet, ...]
    stagings: tuple[Staging, ...]
    stations: tuple[Station, ...]
    airports: tuple[Airport, ...]
    way_home: dict[PlaceId, OperationLeg]
    crossings: dict[PlaceId, OperationLeg]


def road_of(operation: Operation, clock: PlanClock) -> Road:
    """The road. A leg out of an origin is a gate: people go to it by themselves, and danger ends where it leads."""
    crossings = {
        leg.target: leg
        for leg in operation.legs
        if not operation.place(leg.source).out and operation.place(leg.target).out
    }
    stagings = operation.places_of("staging")
    homes = operation.places_of("home")
    way_home: dict[PlaceId, OperationLeg] = {}
    for staging in stagings:
        routes = [route for home in homes if (route := operation.route_between(staging.id, home.id))]
        if routes:
            way_home[staging.id] = min(routes, key=lambda route: sum(leg.minutes for leg in route))[0]
    transfers = tuple(_transfers(operation, tuple(crossings), tuple(place.id for place in stagings)))
    serving = {fleet for leg in transfers for fleet in leg.fleets}
    return Road(
        origins=tuple(Origin(id=place) for place in dict.fromkeys(leg.source for leg in crossings.values())),
        gates=tuple(_gate(operation, leg, clock) for leg in crossings.values()),
        legs=(*(_approach(leg) for leg in crossings.values()), *transfers),
        fleets=tuple(_fleet(operation, fleet) for fleet in operation.fleets if fleet.id in serving),
        stagings=tuple(Staging(id=place.id, beds=place.beds, visits_wait=True) for place in stagings),
        stations=tuple(_stations(operation, clock)),
        airports=tuple(Airport(id=place, staging=place) for place in way_home),
        way_home=way_home,
        crossings=crossings,
    )


def _approach(leg: OperationLeg) -> Leg:
    """The way to the gate: people come by themselves when they are called."""
    return Leg(id=LegId(f"to-{leg.target}"), source=leg.source, target=leg.target, minutes=0)


def _gate(operation: Operation, leg: OperationLeg, clock: PlanClock) -> Gate:
    station = station_of(operation, (leg.source, leg.target), leg.source)
    zone = operation.place(leg.source).zone
    opens, closes = (station.opens, station.closes) if station else (None, None)
    rate = station.persons_per_hour if station else None
    hours = tuple(
        GateHours(
            from_minute=begin,
            until_minute=end,
            persons_per_hour=RATE_UNKNOWN_PER_HOUR if rate is None else rate,
            persons_max=leg.capacity_persons_per_day,
        )
        for begin, end in clock.spans(opens, closes, zone)
    )
    return Gate(
        id=leg.target,
        hours=hours,
        holding_persons_max=station.persons_max if station else None,
        through_minutes=leg.minutes,
    )


def _transfers(operation: Operation, gates: tuple[PlaceId, ...], stagings: tuple[PlaceId, ...]) -> Iterator[Leg]:
    """From behind every gate to every staging place that can be reached: of several legs the first that is driven
    gives the fleets, and all of them the minutes."""
    for gate in gates:
        for staging in stagings:
            route = operation.route_between(gate, staging)
            if route is None:
                continue
            minutes = sum(leg.minutes for leg in route)
            driven = next((leg for leg in route if leg.mode != "foot"), None)
            fleets = [fleet for fleet in operation.fleets if driven is not None and _serves(fleet, driven)]
            turning = max((fleet.turnaround_minutes or 0 for fleet in fleets), default=0)
            yield Leg(
                id=LegId(f"{gate}-{staging}") if driven is None else driven.id,
                source=gate,
                target=staging,
                minutes=minutes,
                fleets=tuple(fleet.id for fleet in fleets),
                after_minutes=2 * minutes + turning if fleets else 0,
                escorts=tuple(rule for fleet in fleets for rule in escort_rules(operation, fleet, (staging, gate))),
            )


def _serves(fleet: OperationFleet, leg: OperationLeg) -> bool:
    return fleet.partner is None and fleet.mode == leg.mode and (not fleet.legs or leg.id in fleet.legs)


def _fleet(operation: Operation, fleet: OperationFleet) -> Fleet:
    """Escorts who take a seat and are not counted have theirs in every vehicle."""
    taken = uncounted_seats(operation, fleet)
    return Fleet(
        id=FleetId(fleet.id),
        vehicles=fleet.vehicles,
        seats=max(0, fleet.seats - taken),
        stretchers=fleet.stretchers,
        wheelchairs=fleet.wheelchairs,
    )


def _stations(operation: Operation, clock: PlanClock) -> Iterator[Station]:
    """The stations that people may have to visit in staging, of each service the first, if its rate is known."""
    seen: set[tuple[PlaceId, str]] = set()
    for station in operation.stations:
        known = station.persons_per_hour is not None and operation.place(station.place).role == "staging"
        if station.service not in VISITED or not known or (station.place, station.service) in seen:
            continue
        seen.add((station.place, station.service))
        yield _station(operation, station, clock)


def _station(operation: Operation, station: OperationStation, clock: PlanClock) -> Station:
    rate, officers = station.persons_per_hour or 1, station.officers or 1
    zone = operation.place(station.place).zone
    later = PlanClock(clock.start, clock.minutes + 2 * 24 * 60)
    longest = _longest_closed(list(later.spans(station.opens, station.closes, zone)))
    return Station(
        id=station.id,
        staging=station.place,
        service=station.service,
        minutes_per_person=max(1, round(60 * officers / rate)),
        promised_minutes=FOR_A_VISIT_MINUTES + longest,
        queue_persons_max=station.persons_max or rate * FOR_A_VISIT_MINUTES // 60,
        shifts=tuple(
            Shift(from_minute=begin, until_minute=end, officers=officers)
            for begin, end in later.spans(station.opens, station.closes, zone)
        ),
    )


def _longest_closed(spans: list[tuple[int, int]]) -> int:
    """The longest time between two spans: who comes just before it waits through it."""
    return max((later[0] - earlier[1] for earlier, later in pairwise(spans)), default=0)
