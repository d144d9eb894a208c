"""Does a party find its places in a convoy, and how many escorts must go with it?

A convoy is filled party by party: into the vehicle with the least room left over, else into one more vehicle. A party
keeps together in one vehicle where some fleet of the leg could hold it; its stretchers ride wherever there are places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from corridor.plan.problem import EscortRule, Fleet, Party

MANY = 1 << 30
"""Room for as many as there are: laps of a fleet that counts none."""


@dataclass(slots=True)
class Filled:
    """One vehicle: its fleet (index) and the places left in it."""

    fleet: int
    seats: int
    laps: int
    stretchers: int
    wheelchairs: int


Places = tuple[int, int, int, int, int]
"""Vehicle (position in its convoy, -1: on foot), seats, laps, stretchers and wheelchairs taken there."""


@dataclass(slots=True)
class Loading:
    """One convoy while it is being filled: vehicles, the places of each party, and its escorts by pool (index)."""

    vehicles: list[Filled] = field(default_factory=list)
    places: dict[int, list[Places]] = field(default_factory=dict)
    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    escorts: dict[int, int] = field(default_factory=dict)

    @property
    def free_seats(self) -> int:
        """Seats nobody has taken, in all vehicles."""
        return sum(v.seats for v in self.vehicles)


def new_vehicle(index: int, fleet: Fleet) -> Filled:
    """An empty vehicle of a fleet."""
    laps = MANY if fleet.laps is None else fleet.laps
    return Filled(index, fleet.seats, laps, fleet.stretchers, fleet.wheelchairs)


def escorts_needed(pools: Sequence[tuple[int, EscortRule]], counts: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By pool: how many escorts go with those aboard (persons, stretchers, medical, psychological), and how many of
    them take a seat."""
    need: dict[int, tuple[int, int]] = {}
    order = ("persons", "stretchers", "medical", "psychological")
    for pool, rule in pools:
        count = rule.at_least
        if rule.per:
            count = max(count, -(-counts[order.index(rule.of)] // rule.per))
        seats = count if rule.takes_seat else 0
        had = need.get(pool, (0, 0))
        need[pool] = (max(had[0], count), max(had[1], seats))
    return need


def seat_party(
    party: Party,
    vehicles: list[Filled],
    fleets: Sequence[tuple[int, Fleet]],
    may_add: Callable[[int], bool],
) -> list[Places] | None:
    """Take the party's places in `vehicles`, adding to them what `may_add` (a fleet's index) allows; None: no room, and
    `vehicles` is then not to be used any more."""
    taken: list[Places] = []
    whole = (party.seats, party.laps, party.wheelchairs)
    if any(whole):
        if any(_holds(new_vehicle(i, f), whole) for i, f in fleets):
            at = _tightest(vehicles, whole)
            if at is None:
                at = _add(vehicles, fleets, may_add, whole)
                if at is None:
                    return None
            taken.append(_take(vehicles[at], at, (party.seats, party.laps, 0, party.wheelchairs)))
        elif not _spread(vehicles, fleets, may_add, [party.seats, party.laps, 0, party.wheelchairs], taken):
            return None
    if party.stretchers and not _spread(vehicles, fleets, may_add, [0, 0, party.stretchers, 0], taken):
        return None
    return taken


def _holds(vehicle: Filled, whole: tuple[int, int, int]) -> bool:
    return vehicle.seats >= whole[0] and vehicle.laps >= whole[1] and vehicle.wheelchairs >= whole[2]


def _tightest(vehicles: list[Filled], whole: tuple[int, int, int]) -> int | None:
    best, least = None, MANY
    for at, vehicle in enumerate(vehicles):
        if vehicle.seats < least and _holds(vehicle, whole):
            best, least = at, vehicle.seats
    return best


def _add(
    vehicles: list[Filled],
    fleets: Sequence[tuple[int, Fleet]],
    may_add: Callable[[int], bool],
    whole: tuple[int, int, int],
) -> int | None:
    """One more vehicle that holds them: the largest there is, as others will follow into it."""
    holding = [(f.seats, -i, i, f) for i, f in fleets if _holds(new_vehicle(i, f), whole) and may_add(i)]
    if not holding:
        return None
    _, _, index, fleet = max(holding, key=lambda h: h[:3])
    vehicles.append(new_vehicle(index, fleet))
    return len(vehicles) - 1


def _take(vehicle: Filled, at: int, wanted: tuple[int, int, int, int]) -> Places:
    seats = min(vehicle.seats, wanted[0])
    laps = min(vehicle.laps, wanted[1])
    stretchers = min(vehicle.stretchers, wanted[2])
    wheelchairs = min(vehicle.wheelchairs, wanted[3])
    vehicle.seats -= seats
    vehicle.laps -= laps if vehicle.laps < MANY else 0
    vehicle.stretchers -= stretchers
    vehicle.wheelchairs -= wheelchairs
    return at, seats, laps, stretchers, wheelchairs


def _spread(
    vehicles: list[Filled],
    fleets: Sequence[tuple[int, Fleet]],
    may_add: Callable[[int], bool],
    wanted: list[int],
    taken: list[Places],
) -> bool:
    """Take what is wanted (seats, laps, stretchers, wheelchairs) from several vehicles."""
    at = 0
    while any(wanted):
        if at == len(vehicles):
            able = [(i, f) for i, f in fleets if _gives(f, wanted) and may_add(i)]
            if not able:
                return False
            vehicles.append(new_vehicle(*max(able, key=lambda fleet: (_gives(fleet[1], wanted), -fleet[0]))))
        got = _take(vehicles[at], at, (wanted[0], wanted[1], wanted[2], wanted[3]))
        if any(got[1:]):
            taken.append(got)
            wanted = [w - g for w, g in zip(wanted, got[1:], strict=True)]
        at += 1
    return True


def _gives(fleet: Fleet, wanted: list[int]) -> int:
    laps = MANY if fleet.laps is None else fleet.laps
    has = (fleet.seats, laps, fleet.stretchers, fleet.wheelchairs)
    return sum(min(h, w) for h, w in zip(has, wanted, strict=True))
