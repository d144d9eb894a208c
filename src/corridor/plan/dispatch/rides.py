"""How people are seated: who sits in which vehicle of a convoy, and whether a flight still has places for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from corridor.base.ids import FleetId, MovementId, PoolId, VehicleId
from corridor.plan.answer import Aboard, Convoy, FlightRun, Sent, Vehicle
from corridor.plan.problem import EscortRule, Fleet, Flight, Leg, Party


class _FitsVehicles(Protocol):
    def __call__(self, fleet: FleetId, count: int) -> bool: ...


def escorts_needed(rules: Iterable[EscortRule], mix: Mapping[str, int]) -> Counter[PoolId]:
    """Escorts of each pool for that many people of each sort aboard; none for nobody."""
    needed: Counter[PoolId] = Counter()
    if mix["persons"]:
        for rule in rules:
            ratio = -(-mix[rule.of] // rule.per) if rule.per is not None else 0
            needed[rule.pool] = max(needed[rule.pool], rule.at_least, ratio)
    return needed


def mix_of(parties: Iterable[Party]) -> Counter[str]:
    """How many of each sort that rules for escorts count."""
    mix: Counter[str] = Counter()
    for party in parties:
        mix["persons"] += party.persons
        mix["stretchers"] += party.stretchers
        mix["medical"] += party.medical
        mix["psychological"] += party.psychological
    return mix


@dataclass(slots=True)
class Coach:
    """A vehicle of a convoy with the places left in it."""

    id: VehicleId
    fleet: Fleet
    seats: int
    stretchers: int
    wheelchairs: int
    laps: int | None

    @classmethod
    def empty(cls, id: VehicleId, fleet: Fleet) -> Coach:
        """A vehicle with nobody in it."""
        return cls(id, fleet, fleet.seats, fleet.stretchers, fleet.wheelchairs, fleet.laps)

    def holds(self, seats: int, wheelchairs: int, laps: int) -> bool:
        """Whether so many more have places."""
        return self.seats >= seats and self.wheelchairs >= wheelchairs and (self.laps is None or self.laps >= laps)

    def board(self, row: Aboard) -> None:
        """These places are taken."""
        self.seats -= row.seats
        self.stretchers -= row.stretchers
        self.wheelchairs -= row.wheelchairs
        if self.laps is not None:
            self.laps -= row.laps

    def copy(self) -> Coach:
        """The same vehicle, to try something."""
        return Coach(self.id, self.fleet, self.seats, self.stretchers, self.wheelchairs, self.laps)


@dataclass(slots=True, eq=False)
class Ride:
    """A convoy as far as it is filled."""

    id: MovementId
    leg: Leg
    departs: int
    coaches: list[Coach] = field(default_factory=list)
    rows: list[Aboard] = field(default_factory=list)
    mix: Counter[str] = field(default_factory=Counter)
    escorts: Counter[PoolId] = field(default_factory=Counter)

    def convoy(self) -> Convoy:
        """The convoy as a plan has it."""
        return Convoy(
            id=self.id,
            leg=self.leg.id,
            departs_minute=self.departs,
            vehicles=tuple(Vehicle(id=coach.id, fleet=coach.fleet.id) for coach in self.coaches),
            escorts=sent(self.escorts),
            aboard=tuple(self.rows),
        )


def sent(escorts: Mapping[PoolId, int]) -> tuple[Sent, ...]:
    """Escorts as a plan names them."""
    return tuple(Sent(pool=pool, count=count) for pool, count in sorted(escorts.items()) if count)


@dataclass(slots=True)
class Seating:
    """What seating a group adds to a ride: rows, new vehicles, escorts. The ride is not changed by it."""

    coaches: list[Coach]
    rows: list[Aboard] = field(default_factory=list)
    added: list[Coach] = field(default_factory=list)
    escorts: Counter[PoolId] = field(default_factory=Counter)

    def add(self, coach: Coach, row: Aboard) -> None:
        """Put somebody in."""
        coach.board(row)
        self.rows.append(row)


def seat(
    ride: Ride, group: Sequence[Party], fleets: Sequence[Fleet], fits: _FitsVehicles, vehicles_max: int | None
) -> Seating | None:
    """Seat a whole group in a ride, adding vehicles of the leg's fleets where they fit; None: there is no room.

    Each party in one vehicle where any can hold it, in the fullest that still has room; stretchers where there are
    stretcher places.
    """
    mix = ride.mix + mix_of(group)
    needed = escorts_needed(ride.leg.escorts, mix)
    if not ride.leg.fleets:
        rows = [
            Aboard(
                party=party.id,
                seats=party.seats,
                laps=party.laps,
                stretchers=party.stretchers,
                wheelchairs=party.wheelchairs,
            )
            for party in group
        ]
        return Seating([], rows, [], needed - ride.escorts)
    trial = Seating([coach.copy() for coach in ride.coaches])
    limit = 1 << 30 if vehicles_max is None else vehicles_max

    def one_more(fleet: Fleet) -> Coach | None:
        used = sum(coach.fleet.id == fleet.id for coach in trial.added)
        if len(trial.coaches) >= limit or not fits(fleet.id, used + 1):
            return None
        coach = Coach.empty(_fresh(trial.coaches), fleet)
        trial.coaches.append(coach)
        trial.added.append(coach)
        return coach

    for party in sorted(group, key=lambda one: (-one.seats, one.id)):
        if not (_seat_party(trial, party, fleets, one_more) and _lay_stretchers(trial, party, fleets, one_more)):
            return None
    seats_taken = sum(needed[pool] for pool in {rule.pool for rule in ride.leg.escorts if rule.takes_seat})
    while sum(coach.seats for coach in trial.coaches) < seats_taken:
        largest = sorted(fleets, key=lambda fleet: -fleet.seats)
        if not any(fleet.seats and one_more(fleet) is not None for fleet in largest):
            return None
    trial.escorts = needed - ride.escorts
    return trial


def _fresh(coaches: Sequence[Coach]) -> VehicleId:
    """An id that no vehicle of the convoy has."""
    taken = {coach.id for coach in coaches}
    number = len(coaches) + 1
    while f"{number}" in taken:
        number += 1
    return VehicleId(f"{number}")


class _OneMore(Protocol):
    def __call__(self, fleet: Fleet) -> Coach | None: ...


def _seat_party(trial: Seating, party: Party, fleets: Sequence[Fleet], one_more: _OneMore) -> bool:
    """Seats, wheelchairs and laps of a party: in one vehicle, or spread where none of the leg can hold them."""
    seats, wheelchairs, laps = party.seats, party.wheelchairs, party.laps
    if not (seats or wheelchairs or laps):
        return True
    able = [fleet for fleet in fleets if Coach.empty(VehicleId(""), fleet).holds(seats, wheelchairs, laps)]
    if able:
        roomy = [coach for coach in trial.coaches if coach.holds(seats, wheelchairs, laps)]
        best = min(roomy, key=lambda coach: (coach.seats, coach.id)) if roomy else None
        for fleet in sorted(able, key=lambda fleet: (fleet.stretchers, -fleet.seats, fleet.id)) if best is None else ():
            best = one_more(fleet)
            if best is not None:
                break
        if best is None:
            return False
        row = Aboard(party=party.id, vehicle=best.id, seats=seats, laps=laps, wheelchairs=wheelchairs)
        trial.add(best, row)
        return True
    return _spread(trial, party, fleets, one_more)


def _spread(trial: Seating, party: Party, fleets: Sequence[Fleet], one_more: _OneMore) -> bool:
    seats, wheelchairs, laps = party.seats, party.wheelchairs, party.laps

    def into(coach: Coach) -> None:
        nonlocal seats, wheelchairs, laps
        row = Aboard(
            party=party.id,
            vehicle=coach.id,
            seats=min(seats, coach.seats),
            wheelchairs=min(wheelchairs, coach.wheelchairs),
            laps=laps if coach.laps is None else min(laps, coach.laps),
        )
        if row.seats or row.wheelchairs or row.laps:
            trial.add(coach, row)
            seats, wheelchairs, laps = seats - row.seats, wheelchairs - row.wheelchairs, laps - row.laps

    for coach in list(trial.coaches):
        into(coach)
    while seats or wheelchairs or laps:
        helps = [
            fleet
            for fleet in fleets
            if (seats and fleet.seats) or (wheelchairs and fleet.wheelchairs) or (laps and fleet.laps != 0)
        ]
        more = next(_added(sorted(helps, key=lambda fleet: -fleet.seats), one_more), None)
        if more is None:
            return False
        into(more)
    return True


def _added(fleets: Iterable[Fleet], one_more: _OneMore) -> Iterator[Coach]:
    for fleet in fleets:
        coach = one_more(fleet)
        if coach is not None:
            yield coach


def _lay_stretchers(trial: Seating, party: Party, fleets: Sequence[Fleet], one_more: _OneMore) -> bool:
    """Stretchers of a party: in vehicles of the convoy that have room, then in more of those with most."""
    left = party.stretchers
    roomy = [coach for coach in trial.coaches if coach.stretchers]
    able = sorted((fleet for fleet in fleets if fleet.stretchers), key=lambda fleet: (-fleet.stretchers, fleet.id))
    while left:
        coach = roomy.pop(0) if roomy else next(_added(able, one_more), None)
        if coach is None:
            return False
        laid = min(left, coach.stretchers)
        trial.add(coach, Aboard(party=party.id, vehicle=coach.id, stretchers=laid))
        left -= laid
    return True


@dataclass(slots=True)
class Aircraft:
    """A flight as far as it is filled. `departs` is None while it does not fly."""

    flight: Flight
    departs: int | None = None
    aboard: list[Party] = field(default_factory=list)
    mix: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    own: int = 0
    kept_for: Counter[int] = field(default_factory=Counter)
    """Seats used of each offer, by its number."""
    escorts: Counter[PoolId] = field(default_factory=Counter)

    def offer_of(self, party: Party) -> int | None:
        """The offer whose people the party is, if any."""
        first = party.citizenships[0] if party.citizenships else None
        return next((turn for turn, offer in enumerate(self.flight.offers) if first in offer.citizenships), None)

    def lacking(self, group: Sequence[Party]) -> dict[str, int]:
        """Places that are missing for the group, by class, and persons too few of its own (``share``)."""
        flight = self.flight
        used, kept = self.places.copy(), self.kept_for.copy()
        for party in group:
            used.update(seats=party.seats, stretchers=party.stretchers, wheelchairs=party.wheelchairs, laps=party.laps)
            mine = self.offer_of(party)
            if mine is not None:
                kept[mine] += party.seats
        unused = sum(
            max(0, offer.seats - kept[turn]) for turn, offer in enumerate(flight.offers) if offer.answer != "declined"
        )
        needed = escorts_needed(flight.escorts, self.mix + mix_of(group))
        seated = sum(needed[pool] for pool in {rule.pool for rule in flight.escorts if rule.takes_seat})
        own = self.own + own_of(flight, group)
        persons = self.mix["persons"] + sum(party.persons for party in group)
        lacks = {
            "seats": used["seats"] + unused + seated - flight.seats,
            "stretchers": used["stretchers"] - flight.stretchers,
            "wheelchairs": used["wheelchairs"] - flight.wheelchairs,
            "laps": 0 if flight.laps is None else used["laps"] - flight.laps,
            "share": -(-(flight.own_percent_min * persons - 100 * own) // 100),
        }
        return {name: count for name, count in lacks.items() if count > 0}

    def board(self, group: Sequence[Party]) -> None:
        """The group is aboard."""
        for party in group:
            self.aboard.append(party)
            self.places.update(
                seats=party.seats, stretchers=party.stretchers, wheelchairs=party.wheelchairs, laps=party.laps
            )
            mine = self.offer_of(party)
            if mine is not None:
                self.kept_for[mine] += party.seats
        self.own += own_of(self.flight, group)
        self.mix += mix_of(group)
        self.escorts = escorts_needed(self.flight.escorts, self.mix)

    def run(self) -> FlightRun:
        """The flight as a plan has it."""
        rows = (
            Aboard(
                party=party.id,
                seats=party.seats,
                laps=party.laps,
                stretchers=party.stretchers,
                wheelchairs=party.wheelchairs,
            )
            for party in self.aboard
        )
        return FlightRun(
            flight=self.flight.id,
            flies=self.departs is not None,
            departs_minute=self.departs,
            escorts=sent(self.escorts),
            aboard=tuple(rows),
        )


def own_of(flight: Flight, group: Iterable[Party]) -> int:
    """Persons whose first citizenship is one of the flight's own."""
    return sum(party.persons for party in group if party.citizenships[:1] and party.citizenships[0] in flight.own)
