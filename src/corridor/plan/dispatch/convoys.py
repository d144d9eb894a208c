"""Which convoy takes a group, and how it is seated there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corridor.base.ids import FleetId, LegId, MovementId, PlaceId
from corridor.plan.dispatch.rides import Ride, Seating, mix_of, seat
from corridor.plan.dispatch.rooms import Rooms
from corridor.plan.problem import Leg, Party, Problem

Group = Sequence[Party]


@dataclass(frozen=True, slots=True)
class Boarding:
    """A convoy that a group takes: a ride there is already, or a new one, and how it is seated."""

    ride: Ride
    seating: Seating

    @property
    def arrives(self) -> int:
        """When the convoy is at its leg's end."""
        return self.ride.departs + self.ride.leg.minutes

    @property
    def span(self) -> tuple[int, int]:
        """From when to when vehicles and escorts are bound."""
        return self.ride.departs - self.ride.leg.before_minutes, self.ride.departs + self.ride.leg.after_minutes


class Convoys:
    """The convoys of a plan as they fill."""

    def __init__(self, problem: Problem, rooms: Rooms) -> None:
        self.problem, self.rooms = problem, rooms
        self.legs_from: dict[PlaceId, list[Leg]] = defaultdict(list)
        for leg in sorted(problem.legs, key=lambda leg: (leg.minutes, leg.id)):
            self.legs_from[leg.source].append(leg)
        self.fleets = {fleet.id: fleet for fleet in problem.fleets}
        self.rides: dict[tuple[LegId, int], list[Ride]] = defaultdict(list)
        self.ids: set[MovementId] = set()

    def slots(self, begin: int) -> range:
        """The beginnings of slots from a minute on."""
        length = self.problem.slot_minutes
        return range(-(-max(0, begin) // length) * length, self.problem.minutes, length)

    def departures_from(self, place: PlaceId, begin: int) -> Iterator[tuple[Leg, int]]:
        """Legs and minutes at which something may leave a place, of each minute the quickest leg first."""
        legs = self.legs_from[place]
        for departs in self.slots(begin):
            for leg in legs:
                bound = departs - leg.before_minutes if leg.fleets or leg.escorts else departs
                arrives = departs + leg.minutes
                closed = any(window.from_minute < arrives and departs < window.until_minute for window in leg.closed)
                if bound >= 0 and not closed:
                    yield leg, departs

    def board(self, group: Group, leg: Leg, departs: int) -> Boarding | None:
        """The convoy of that leg and minute that has room, or a new one."""
        span = (departs - leg.before_minutes, departs + leg.after_minutes)

        def fits(fleet: FleetId, count: int) -> bool:
            return self.rooms.fits(("fleet", fleet), *span, count)

        fleets = [self.fleets[fleet] for fleet in leg.fleets]
        most = None if ("vehicles", leg.id) in self.rooms.ignored else leg.vehicles_max
        there = self.rides.get((leg.id, departs), [])
        for ride in (*there, None):
            if ride is None and there and most is None:
                break  # a second convoy could do nothing that the first cannot
            if ride is None:
                ride = Ride(self._fresh(leg, departs), leg, departs)
            seating = seat(ride, group, fleets, fits, most)
            if seating is not None and self._escorts_fit(Boarding(ride, seating)):
                return Boarding(ride, seating)
        return None

    def _fresh(self, leg: Leg, departs: int) -> MovementId:
        """An id that no convoy of the plan has."""
        number, new = 1, MovementId(f"{leg.id}@{departs}")
        while new in self.ids:
            number += 1
            new = MovementId(f"{leg.id}@{departs}.{number}")
        return new

    def both_fit(self, first: Boarding, second: Boarding) -> bool:
        """Whether the second can still be had once the first is taken: they may share vehicles and escorts."""
        self._take(first, 1)
        there = Counter(coach.fleet.id for coach in second.seating.added)
        fits = all(self.rooms.fits(("fleet", fleet), *second.span, count) for fleet, count in there.items())
        fits = fits and self._escorts_fit(second)
        self._take(first, -1)
        return fits

    def _escorts_fit(self, boarding: Boarding) -> bool:
        return all(
            self.rooms.fits(("pool", pool), *boarding.span, count) for pool, count in boarding.seating.escorts.items()
        )

    def _take(self, boarding: Boarding, sign: int) -> None:
        for coach in boarding.seating.added:
            self.rooms.take(("fleet", coach.fleet.id), *boarding.span, sign)
        for pool, count in boarding.seating.escorts.items():
            self.rooms.take(("pool", pool), *boarding.span, sign * count)

    def ride(self, group: Group, boarding: Boarding) -> None:
        """The group takes the convoy."""
        ride, seating = boarding.ride, boarding.seating
        there = self.rides[ride.leg.id, ride.departs]
        if all(one is not ride for one in there):
            there.append(ride)
            self.ids.add(ride.id)
        self._take(boarding, 1)
        ride.coaches = seating.coaches
        ride.rows += seating.rows
        ride.mix += mix_of(group)
        ride.escorts += seating.escorts
