"""Does every convoy and flight leave when it may, with vehicles, places and escorts for exactly those who take it?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from corridor.base.ids import MovementId, PartyId, PoolId, VehicleId
from corridor.plan.answer import Aboard, Convoy, FlightRun, Sent
from corridor.plan.check.chance import chances, too_many
from corridor.plan.check.steps import Lookup, Steps, Violation, departures, visits_done
from corridor.plan.problem import Counted, EscortRule, Flight, Leg, Party

Broken = Iterator[tuple[str, str]]
Riders = Mapping[MovementId, list[Party]]


def check_movements(lookup: Lookup, roads: Mapping[PartyId, Steps]) -> Iterator[Violation]:
    """What convoys and flights break, each by itself; fleets and pools are counted in `capacities`."""
    riders: dict[MovementId, list[Party]] = defaultdict(list)
    flyers: dict[MovementId, list[Party]] = defaultdict(list)
    for steps in roads.values():
        for convoy in (steps.approach, steps.transfer):
            if convoy is not None:
                riders[convoy.id].append(steps.party)
        if steps.flight is not None:
            flyers[steps.flight.id].append(steps.party)
    for movement, times in Counter(convoy.id for convoy in lookup.plan.convoys).items():
        if times > 1:
            yield Violation(code="way", subject=movement, says="Two convoys have this id.")
    for convoy in lookup.plan.convoys:
        for code, says in _convoy(lookup, convoy, riders[convoy.id]):
            yield Violation(code=code, subject=convoy.id, says=says)
    runs = Counter(run.flight for run in lookup.plan.flights)
    for flight in lookup.problem.flights:
        if runs.pop(flight.id, 0) != 1:
            yield Violation(code="flight", subject=flight.id, says="It is not in the plan exactly once.")
    yield from (Violation(code="flight", subject=other, says="There is no such flight.") for other in runs)
    for flight in lookup.problem.flights:
        if flight.id in lookup.runs:
            for code, says in _flight(lookup, flight, flyers[flight.id], roads):
                yield Violation(code=code, subject=flight.id, says=says)
    yield from _rotations(lookup)


def _convoy(lookup: Lookup, convoy: Convoy, riders: list[Party]) -> Broken:
    leg = lookup.legs.get(convoy.leg)
    if leg is None:
        yield "way", f"There is no leg {convoy.leg}."
        return
    leaves, arrives = convoy.departs_minute, convoy.departs_minute + leg.minutes
    bound_from = leaves - leg.before_minutes if leg.fleets or leg.escorts else leaves
    if leaves % lookup.problem.slot_minutes or bound_from < 0 or leaves >= lookup.problem.minutes:
        yield "convoy_time", f"It cannot leave at {leaves}."
    if any(window.from_minute < arrives and leaves < window.until_minute for window in leg.closed):
        yield "convoy_time", f"{leg.id} is closed while it is on it."
    if any(vehicle.fleet not in leg.fleets for vehicle in convoy.vehicles):
        yield "vehicles", f"Not every vehicle is of a fleet of {leg.id}."
        return
    if leg.vehicles_max is not None and len(convoy.vehicles) > leg.vehicles_max:
        yield "vehicles", f"It has {len(convoy.vehicles)} vehicles of {leg.vehicles_max} at most."
    yield from _manifest(convoy.aboard, riders)
    yield from _vehicles(lookup, convoy, leg)
    yield from _torn(lookup, convoy, leg)
    yield from _escorts(leg.escorts, convoy.escorts, riders)


def _manifest(aboard: Iterable[Aboard], riders: list[Party]) -> Broken:
    """The rows of each party add up to its people, and nobody else is aboard."""
    places: dict[PartyId, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in aboard:
        counted = (row.seats, row.laps, row.stretchers, row.wheelchairs)
        if min(counted) < 0:
            yield "manifest", f"{row.party} has places below zero."
        places[row.party] = [a + b for a, b in zip(places[row.party], counted, strict=True)]
    for party in riders:
        has = places.pop(party.id, [0, 0, 0, 0])
        if has != [party.seats, party.laps, party.stretchers, party.wheelchairs]:
            yield "manifest", f"{party.id} takes it and has not its places: {has}."
    for other in places:
        yield "manifest", f"{other} is aboard and does not take it."


def _vehicles(lookup: Lookup, convoy: Convoy, leg: Leg) -> Broken:
    """Places of every vehicle, and of the whole convoy with its escorts."""
    used: dict[VehicleId | None, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in convoy.aboard:
        counted = (row.seats, row.stretchers, row.wheelchairs, row.laps)
        used[row.vehicle] = [a + b for a, b in zip(used[row.vehicle], counted, strict=True)]
    if not leg.fleets:
        if any(vehicle is not None for vehicle in used):
            yield "vehicles", f"{leg.id} has no vehicles."
        return
    free = 0
    if len({vehicle.id for vehicle in convoy.vehicles}) < len(convoy.vehicles):
        yield "vehicles", "Two vehicles have one id."
    for vehicle in convoy.vehicles:
        fleet = lookup.fleets[vehicle.fleet]
        seats, stretchers, wheelchairs, laps = used.pop(vehicle.id, [0, 0, 0, 0])
        free += fleet.seats - seats
        full = seats > fleet.seats or stretchers > fleet.stretchers or wheelchairs > fleet.wheelchairs
        if full or (fleet.laps is not None and laps > fleet.laps):
            yield "places", f"There are more people than places in {vehicle.id}."
    if used:
        yield "vehicles", "Somebody is in a vehicle that it has not."
    if _escort_seats(leg.escorts, convoy.escorts) > free:
        yield "places", "The escorts have no seats."


def _torn(lookup: Lookup, convoy: Convoy, leg: Leg) -> Broken:
    seated: dict[PartyId, set[VehicleId | None]] = defaultdict(set)
    for row in convoy.aboard:
        if row.seats or row.wheelchairs or row.laps:
            seated[row.party].add(row.vehicle)
    for party_id, vehicles in seated.items():
        party = lookup.parties.get(party_id)
        if len(vehicles) < 2 or party is None:
            continue
        for fleet in (lookup.fleets[fleet] for fleet in leg.fleets):
            laps_fit = fleet.laps is None or party.laps <= fleet.laps
            if party.seats <= fleet.seats and party.wheelchairs <= fleet.wheelchairs and laps_fit:
                yield "torn", f"{party_id} is in {len(vehicles)} vehicles and has room in one."
                break


def _counted(riders: Iterable[Party], of: Counted) -> int:
    return sum(getattr(party, of) for party in riders)


def _escorts(rules: tuple[EscortRule, ...], sent: tuple[Sent, ...], riders: list[Party]) -> Broken:
    """At least the escorts asked for, and only of pools that a rule names or that exist."""
    go: Counter[PoolId] = Counter()
    for one in sent:
        go[one.pool] += one.count
    if any(count < 0 for count in go.values()):
        yield "escorts", "Fewer than no escorts go."
    if not riders:
        return
    for rule in rules:
        ratio = -(-_counted(riders, rule.of) // rule.per) if rule.per is not None else 0
        if go[rule.pool] < max(rule.at_least, ratio):
            yield "escorts", f"{go[rule.pool]} of {rule.pool} go, {max(rule.at_least, ratio)} must."


def _escort_seats(rules: tuple[EscortRule, ...], sent: tuple[Sent, ...]) -> int:
    seated = {rule.pool for rule in rules if rule.takes_seat}
    return sum(one.count for one in sent if one.pool in seated)


def _flight(lookup: Lookup, flight: Flight, flyers: list[Party], roads: Mapping[PartyId, Steps]) -> Broken:
    run = lookup.runs[flight.id]
    if not run.flies:
        if run.departs_minute is not None or run.aboard or run.escorts or run.standby:
            yield "flight", "It does not fly and is not empty."
        if not flight.optional:
            yield "flight", "It is not optional and does not fly."
        return
    if run.departs_minute is None:
        yield "flight", "It flies at no time."
        return
    yield from _departure(lookup, flight, run.departs_minute)
    yield from _manifest(run.aboard, flyers)
    if any(row.vehicle is not None for row in run.aboard):
        yield "manifest", "A row names a vehicle."
    stretchers, wheelchairs, laps = (
        sum(getattr(party, name) for party in flyers) for name in ("stretchers", "wheelchairs", "laps")
    )
    too_full = stretchers > flight.stretchers or wheelchairs > flight.wheelchairs
    if too_full or (flight.laps is not None and laps > flight.laps):
        yield "places", f"{stretchers} stretchers, {wheelchairs} wheelchairs, {laps} laps are too many."
    own = sum(party.persons for party in flyers if party.citizenships[:1] and party.citizenships[0] in flight.own)
    persons = sum(party.persons for party in flyers)
    if 100 * own < flight.own_percent_min * persons:
        yield "share", f"{own} of {persons} aboard are its own."
    yield from _seats(flight, run, flyers)
    yield from _escorts(flight.escorts, run.escorts, flyers)
    yield from _standby(lookup, flight, run, flyers, roads)


def _departure(lookup: Lookup, flight: Flight, departs: int) -> Broken:
    late = departs > flight.departs_until_minute
    off_grid = (departs - flight.departs_from_minute) % lookup.problem.slot_minutes
    if (
        departs < flight.departs_from_minute
        or late
        or off_grid
        or (flight.scenarios and departures(flight, 0)[0][0] != departs)
    ):
        yield "flight_time", f"It cannot leave at {departs}."
    closed = lookup.airports[flight.airport].closed
    for minute, _ in departures(flight, departs):
        if any(window.from_minute <= minute < window.until_minute for window in closed):
            yield "flight_time", f"The airport is closed at {minute}."


def seats_kept(flight: Flight, flyers: Iterable[Party]) -> int:
    """Seats kept for offers and not used by the people they are kept for."""
    used: Counter[int] = Counter()
    for party in flyers:
        first = party.citizenships[0] if party.citizenships else None
        mine = next((turn for turn, offer in enumerate(flight.offers) if first in offer.citizenships), None)
        if mine is not None:
            used[mine] += party.seats
    return sum(
        max(0, offer.seats - used[turn]) for turn, offer in enumerate(flight.offers) if offer.answer != "declined"
    )


def seats_open(flight: Flight, run: FlightRun, flyers: Iterable[Party]) -> int:
    """Seats that are neither an escort's nor kept: what those booked have between them."""
    return flight.seats - _escort_seats(flight.escorts, run.escorts) - seats_kept(flight, flyers)


def _seats(flight: Flight, run: FlightRun, flyers: list[Party]) -> Broken:
    booked, there = sum(party.seats for party in flyers), seats_open(flight, run, flyers)
    if booked <= there:
        return
    if booked > there + flight.overbooked_seats_max:
        yield "seats", f"{booked} seats are booked of {there}."
        return
    risk = too_many(flyers, there)
    if 100 * risk > flight.overbooking_risk_percent + 1e-9:
        yield "seats", f"{booked} seats are booked of {there}; more come with a chance of {100 * risk:.1f} percent."


def _standby(
    lookup: Lookup, flight: Flight, run: FlightRun, flyers: list[Party], roads: Mapping[PartyId, Steps]
) -> Broken:
    waiting = [lookup.parties[one.party] for one in run.standby if one.party in lookup.parties]
    if len(waiting) < len(run.standby) or len({party.id for party in waiting}) < len(run.standby):
        yield "standby", "It names somebody twice, or nobody."
        return
    for party in waiting:
        steps = roads[party.id]
        done = visits_done(lookup, steps)
        assert run.departs_minute is not None, "only asked of flights that fly"
        boards = run.departs_minute - flight.boarding_minutes
        airport = lookup.airports[flight.airport]
        there = steps.staging == airport.staging and done is not None and done + airport.minutes <= boards
        waits = any(w.stops == "fly" and (w.until_minute is None or w.until_minute > boards) for w in party.waits)
        allowed = not flight.allowed or bool(set(flight.allowed) & set(party.citizenships))
        gone = bool(steps.departs) and steps.departs[0][0] <= run.departs_minute
        locks = (lock for lock in lookup.problem.locks if lock.party == party.id and lock.flight is not None)
        barred = any((lock.flight == flight.id) is not lock.keep for lock in locks)
        if not there or waits or not allowed or gone or barred or party.stretchers or party.wheelchairs:
            yield "standby", f"{party.id} could not take it."
    said = [one.chance_percent for one in run.standby]
    right = chances(flyers, waiting, seats_open(flight, run, flyers))
    for party, says, is_so in zip(waiting, said, right, strict=True):
        if abs(says - 100 * is_so) > 0.1:
            yield "standby", f"{party.id} has a chance of {100 * is_so:.1f} percent, not {says}."


def _rotations(lookup: Lookup) -> Iterator[Violation]:
    by_aircraft: dict[str, list[tuple[int, int, Flight]]] = defaultdict(list)
    for flight in lookup.problem.flights:
        run = lookup.runs.get(flight.id)
        if flight.aircraft is not None and run is not None and run.flies and run.departs_minute is not None:
            times = departures(flight, run.departs_minute)
            by_aircraft[flight.aircraft].append((times[0][0], times[-1][0], flight))
    for those in by_aircraft.values():
        those.sort(key=lambda one: one[:2])
        for (_, last, earlier), (first, _, later) in pairwise(those):
            if first < last + earlier.rotation_minutes:
                says = f"Its aircraft is not back from {earlier.id}."
                yield Violation(code="rotation", subject=later.id, says=says)
