"""Which flight takes a group, and when it then leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from corridor.base.ids import MovementId, PlaceId
from corridor.plan.dispatch.limits import Locks, waits_until
from corridor.plan.dispatch.rides import Aircraft, escorts_needed, mix_of
from corridor.plan.dispatch.rooms import Rooms
from corridor.plan.problem import Airport, Flight, Party, Problem

Group = Sequence[Party]


class Flights:
    """The aircraft of a plan as they fill. One that is not optional leaves at the first minute it may."""

    def __init__(self, problem: Problem, rooms: Rooms, locks: Locks) -> None:
        self.problem, self.rooms, self.locks = problem, rooms, locks
        self.airports = {airport.id: airport for airport in problem.airports}
        self.aircraft = {flight.id: Aircraft(flight) for flight in problem.flights}
        self.by_staging: dict[PlaceId, list[Flight]] = defaultdict(list)
        for flight in sorted(problem.flights, key=lambda one: (one.departs_from_minute, one.id)):
            self.by_staging[self.airports[flight.airport].staging].append(flight)
            if not flight.optional:
                departs = next(self._departures(self.aircraft[flight.id]), None)
                self.aircraft[flight.id].departs = flight.departs_from_minute if departs is None else departs

    def flies(self, group: Group, flight: Flight, done: int) -> int | None:
        """When the flight takes the group; None: it does not."""
        aircraft, ignored = self.aircraft[flight.id], self.rooms.ignored
        booked = aircraft.places["seats"] + sum(party.seats for party in group)
        if booked > flight.seats and ("seats", flight.id) not in ignored:
            return None  # most flights are full, and this is quickly seen
        ready = max(done + self.airports[flight.airport].minutes, waits_until(group, "fly"))
        if ready > flight.departs_until_minute - flight.boarding_minutes:
            return None
        takes_all = not flight.allowed or ("allowed", flight.id) in ignored
        if not takes_all and any(not set(flight.allowed) & set(party.citizenships) for party in group):
            return None
        if self.locks.bar_flight(group, flight.id):
            return None
        if any((name, flight.id) not in ignored for name in aircraft.lacking(group)):
            return None
        for departs in self._departures(aircraft):
            if ready <= departs - flight.boarding_minutes and self._escorts_fit(group, aircraft, departs):
                return departs
        return None

    def _escorts_fit(self, group: Group, aircraft: Aircraft, departs: int) -> bool:
        more = escorts_needed(aircraft.flight.escorts, aircraft.mix + mix_of(group)) - aircraft.escorts
        span = self.escorts_span(aircraft.flight, departs)
        return all(self.rooms.fits(("pool", pool), *span, count) for pool, count in more.items())

    def has_places(self, group: Group, flight: Flight, departs: int | None) -> bool:
        """Whether the flight, leaving then, has places and escorts for everybody in the group."""
        aircraft = self.aircraft[flight.id]
        return departs is not None and not aircraft.lacking(group) and self._escorts_fit(group, aircraft, departs)

    def escorts_span(self, flight: Flight, departs: int) -> tuple[int, int]:
        last = gone_by(flight, departs)
        return departs, last + flight.escorts_back_minutes

    def _departures(self, aircraft: Aircraft) -> Iterator[int]:
        """When the flight may leave: its time where it has one, else every slot it is free to choose."""
        flight = aircraft.flight
        if aircraft.departs is not None:
            yield aircraft.departs
            return
        last = flight.departs_from_minute if flight.scenarios else flight.departs_until_minute
        for departs in range(flight.departs_from_minute, last + 1, self.problem.slot_minutes):
            if self._open(self.airports[flight.airport], flight, departs) and self._rotates(flight, departs):
                yield departs

    def _open(self, airport: Airport, flight: Flight, departs: int) -> bool:
        times = [scenario.departs_minute for scenario in flight.scenarios] or [departs]
        return not any(w.from_minute <= minute < w.until_minute for w in airport.closed for minute in times)

    def _rotates(self, flight: Flight, departs: int) -> bool:
        if flight.aircraft is None:
            return True
        mine = max((scenario.departs_minute for scenario in flight.scenarios), default=departs)
        for other in self.aircraft.values():
            if other.flight is flight or other.flight.aircraft != flight.aircraft or other.departs is None:
                continue
            theirs = max((scenario.departs_minute for scenario in other.flight.scenarios), default=other.departs)
            apart = other.departs >= mine + flight.rotation_minutes if departs <= other.departs else False
            if not apart and not departs >= theirs + other.flight.rotation_minutes:
                return False
        return True

    def board(self, group: Group, flight: MovementId, departs: int) -> int:
        """The group takes the flight, with the escorts it needs; until when its beds are taken."""
        aircraft = self.aircraft[flight]
        before = aircraft.escorts
        aircraft.departs = departs
        aircraft.board(group)
        span = self.escorts_span(aircraft.flight, departs)
        for pool, count in (aircraft.escorts - before).items():
            self.rooms.take(("pool", pool), *span, count)
        return gone_by(aircraft.flight, departs)


def gone_by(flight: Flight, departs: int) -> int:
    """When the flight has left at the latest."""
    return max((scenario.departs_minute for scenario in flight.scenarios), default=departs)
