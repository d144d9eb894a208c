"""A plan while it is made by hand: rooms, convoys and flights as they fill, and the first way that still has room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from corridor.base.ids import MovementId, PartyId, PlaceId
from corridor.plan.answer import Way
from corridor.plan.dispatch.convoys import Boarding, Convoys
from corridor.plan.dispatch.flights import Flights, gone_by
from corridor.plan.dispatch.limits import Locks, waits_until
from corridor.plan.dispatch.rooms import Key, Rooms, Whatever
from corridor.plan.problem import Party, Problem

Group = Sequence[Party]


@dataclass(frozen=True, slots=True)
class Onward:
    """The rest of a way from staging on: when visits begin, and the flight with its departure (None: none)."""

    visits_from: int
    flight: MovementId | None
    departs: int | None


@dataclass(frozen=True, slots=True)
class Rest:
    """What comes after the crossing."""

    boarding: Boarding | None
    onward: Onward | None


@dataclass(frozen=True, slots=True)
class Found:
    """A way that has room: the approach, the gate and minute of crossing (None: behind it already), and the rest."""

    approach: Boarding | None
    gate: PlaceId | None
    crosses: int | None
    rest: Rest


class Floor:
    """Rooms, rides and aircraft of a plan that is being made. A group is parties that stand at one place and take
    every step together."""

    def __init__(self, problem: Problem, ignored: frozenset[Whatever] = frozenset()) -> None:
        self.problem, self.rooms, self.locks = problem, Rooms(problem, ignored), Locks(problem)
        self.convoys = Convoys(problem, self.rooms)
        self.flights = Flights(problem, self.rooms, self.locks)
        self.gates = {gate.id: gate for gate in problem.gates}
        self.stagings = {staging.id: staging for staging in problem.stagings}
        self.ways: dict[PartyId, Way] = {}

    # ---------------------------------------------------------------------------------------------- finding a way

    def place(self, group: Group, flights: Collection[MovementId] | None = None) -> bool:
        """Put the group on the first way that has room for it; False, and nothing changed, where none has."""
        way = self.find(group, flights)
        if way is not None:
            self.commit(group, way)
        return way is not None

    def find(self, group: Group, flights: Collection[MovementId] | None = None) -> Found | None:
        """The first way that has room for the group.

        `flights`: only these (None: all, or none where none has room); with an empty collection none. Who is out
        already and would only stay has no way.
        """
        stands, here = group[0].stands, group[0].place
        ready = max(party.from_minute for party in group)
        if stands == "staging":
            onward = self._onward(group, here, ready, flights, moved=False)
            return None if onward is None or onward.flight is None else Found(None, None, None, Rest(None, onward))
        if stands == "hall":
            rest = self._rest(group, here, ready, flights, {})
            return None if rest is None or rest.boarding is None else Found(None, None, None, rest)
        if stands == "gate":
            return self._cross(group, here, ready, None, flights, {})
        known: dict[tuple[PlaceId, int], Rest | None] = {}
        ready = max(ready, waits_until(group, "leave"))
        for leg, departs in self.convoys.departures_from(here, ready):
            if self.locks.bar_leg(group, leg.id, departs):
                continue
            boarding = self.convoys.board(group, leg, departs)
            if boarding is None:
                continue
            found = self._cross(group, leg.target, departs + leg.minutes, boarding, flights, known)
            if found is not None:
                return found
        return None

    def _cross(
        self,
        group: Group,
        gate: PlaceId,
        arrives: int,
        boarding: Boarding | None,
        flights: Collection[MovementId] | None,
        known: dict[tuple[PlaceId, int], Rest | None],
    ) -> Found | None:
        persons = sum(party.persons for party in group)
        latest = min((p.cross_until_minute for p in group if p.cross_until_minute is not None), default=1 << 40)
        for minute in self.convoys.slots(max(arrives, waits_until(group, "cross"))):
            if minute > latest or not (
                boarding is None or self.rooms.fits(("holding", gate), arrives, minute, persons)
            ):
                return None
            if self.locks.bar_crossing(group, gate, minute) or not self.rooms.crossing_fits(gate, minute, persons):
                continue
            if (gate, minute) not in known:
                hall = minute + self.gates[gate].through_minutes
                known[gate, minute] = self._rest(group, gate, hall, flights, {})
            rest = known[gate, minute]
            if rest is None:
                continue
            if boarding is None or rest.boarding is None or self.convoys.both_fit(boarding, rest.boarding):
                return Found(boarding, gate, minute, rest)
        return None

    def _rest(
        self,
        group: Group,
        gate: PlaceId,
        hall_from: int,
        flights: Collection[MovementId] | None,
        known: dict[tuple[PlaceId, int], Onward | None],
    ) -> Rest | None:
        """The first transfer that leads to a bed and on; else staying in the hall, where there is room."""
        persons = sum(party.persons for party in group)
        standing = group[0].stands == "hall"
        for leg, departs in self.convoys.departures_from(gate, hall_from):
            if not standing and not self.rooms.fits(("hall", gate), hall_from, departs, persons):
                return None
            if self.locks.bar_leg(group, leg.id, departs):
                continue
            arrives = departs + leg.minutes
            if (leg.target, arrives) not in known:
                known[leg.target, arrives] = self._onward(group, leg.target, arrives, flights, moved=True)
            onward = known[leg.target, arrives]
            if onward is None:
                continue
            boarding = self.convoys.board(group, leg, departs)
            if boarding is not None:
                return Rest(boarding, onward)
        end = self.problem.minutes
        if not flights and (standing or self.rooms.fits(("hall", gate), hall_from, end, persons)):
            return Rest(None, None)
        return None

    def _onward(
        self, group: Group, staging: PlaceId, arrives: int, flights: Collection[MovementId] | None, *, moved: bool
    ) -> Onward | None:
        """Beds, visits and the first flight; without any flight a bed to the end, unless one was asked for."""
        persons = sum(party.persons for party in group)
        if not moved:
            for party in group:
                self.visit(party, staging, arrives, -1)
        try:
            visits_from, done = self._visits(group, staging, arrives)
        finally:
            if not moved:
                for party in group:
                    self.visit(party, staging, arrives, 1)
        if visits_from is None:
            return None
        beds: Key = ("beds", staging)
        for flight in self.flights.by_staging[staging] if done is not None else ():
            if flight.departs_until_minute - flight.boarding_minutes < (done or 0):
                continue
            if flights is not None and flight.id not in flights:
                continue
            departs = self.flights.flies(group, flight, done or 0)
            if departs is None:
                continue
            until = gone_by(flight, departs)
            if not moved or self.rooms.fits(beds, arrives, until, persons):
                return Onward(visits_from, flight.id, departs)
        if not flights and (not moved or self.rooms.fits(beds, arrives, self.problem.minutes, persons)):
            return Onward(visits_from, None, None)
        return None

    def _visits(self, group: Group, staging: PlaceId, arrives: int) -> tuple[int | None, int | None]:
        """When the group's visits begin and are done. (None, None): the stations have no room; (minute, None): a
        service has no station there, so that nobody flies from here."""
        later = self.stagings[staging].visits_wait and any(party.visits for party in group)
        starts = (arrives, *(minute for minute in self.convoys.slots(arrives + 1))) if later else (arrives,)
        for start in starts:
            if self._visits_fit(group, staging, start):
                return start, self._visits_done(group, staging, start)
        return None, None

    def _visits_done(self, group: Group, staging: PlaceId, start: int) -> int | None:
        done = start
        for party in group:
            minute = start
            for visit in party.visits:
                room = self.rooms.stations.get((staging, visit.service))
                if room is None:
                    return None
                minute += room.station.promised_minutes
            done = max(done, minute)
        return done

    def _visits_fit(self, group: Group, staging: PlaceId, start: int) -> bool:
        """Whether the stations can keep their promise; parties of a group come there together."""
        works: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for party in group:
            for service, minute, work in self.rooms.works(party, staging, start):
                works[service][minute] += work
        return all(self.rooms.stations[staging, service].fits(coming) for service, coming in works.items())

    # ---------------------------------------------------------------------------------------------- doing it

    def commit(self, group: Group, found: Found) -> None:
        """Put the group on a way just found."""
        approach, gate, crosses, rest = found.approach, found.gate, found.crosses, found.rest
        persons = sum(party.persons for party in group)
        stands, here, end = group[0].stands, group[0].place, self.problem.minutes
        if approach is not None:
            self.convoys.ride(group, approach)
        if gate is not None and crosses is not None:
            if approach is not None:
                self.rooms.take(("holding", gate), approach.arrives, crosses, persons)
            else:
                self._leave(("holding", gate), group, crosses)
            self.rooms.cross(gate, crosses, persons)
            hall_from = crosses + self.gates[gate].through_minutes
            until = end if rest.boarding is None else rest.boarding.ride.departs
            self.rooms.take(("hall", gate), hall_from, until, persons)
        elif stands == "hall" and rest.boarding is not None:
            self._leave(("hall", here), group, rest.boarding.ride.departs)
        staging = here if stands == "staging" else None
        arrives: int | None = None
        if rest.boarding is not None:
            self.convoys.ride(group, rest.boarding)
            staging = rest.boarding.ride.leg.target
            arrives = rest.boarding.arrives
        if staging is not None and rest.onward is not None:
            self._stay(group, staging, arrives, rest.onward)
        for party in group:
            came = party.from_minute if arrives is None else arrives
            later = rest.onward is not None and bool(party.visits) and rest.onward.visits_from != came
            self.ways[party.id] = Way(
                party=party.id,
                approach=None if approach is None else approach.ride.id,
                gate=gate,
                crosses_minute=crosses,
                transfer=None if rest.boarding is None else rest.boarding.ride.id,
                visits_from_minute=rest.onward.visits_from if later and rest.onward is not None else None,
                flight=None if rest.onward is None else rest.onward.flight,
            )

    def _leave(self, key: Key, group: Group, minute: int) -> None:
        """Give back the room of those who stood there and were counted to the end."""
        for party in group:
            self.rooms.take(key, max(minute, party.from_minute), self.problem.minutes, -party.persons)

    def _stay(self, group: Group, staging: PlaceId, arrives: int | None, onward: Onward) -> None:
        """Beds, visits and places on the flight."""
        until = self.problem.minutes
        if onward.flight is not None and onward.departs is not None:
            until = self.flights.board(group, onward.flight, onward.departs)
        for party in group:
            if arrives is None:
                self._leave(("beds", staging), (party,), until)
                self.visit(party, staging, party.from_minute, -1)
            else:
                self.rooms.take(("beds", staging), arrives, until, party.persons)
            self.visit(party, staging, onward.visits_from, 1)

    def visit(self, party: Party, staging: PlaceId, start: int, sign: int) -> None:
        """The party's visits begin then (with a sign below zero: they do not after all)."""
        for service, minute, work in self.rooms.works(party, staging, start):
            self.rooms.stations[staging, service].take(minute, sign * work)
