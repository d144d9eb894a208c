"""What is wrong with a problem: every fault with its path, what it says and one thing to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from corridor.plan.problem import (
    VERSION,
    Absence,
    EscortRule,
    Flight,
    GateHours,
    Hazard,
    Leg,
    Lock,
    Party,
    Problem,
    Shift,
    Station,
    Window,
)

Spans = Window | Hazard | Absence | GateHours | Shift

_NOT_NEGATIVE = {
    "gates": ("holding_persons_max", "hall_persons_max", "through_minutes"),
    "legs": ("minutes", "before_minutes", "after_minutes", "vehicles_max"),
    "fleets": ("vehicles", "seats", "stretchers", "wheelchairs", "laps", "cost_per_trip"),
    "pools": ("count",),
    "stagings": ("beds",),
    "stations": ("promised_minutes", "queue_persons_max"),
    "airports": ("minutes",),
    "flights": (
        *("seats", "stretchers", "wheelchairs", "laps", "departs_from_minute", "boarding_minutes", "cost"),
        *("cancel_cost", "overbooked_seats_max", "rotation_minutes", "escorts_back_minutes"),
    ),
    "parties": (
        *("seats", "laps", "stretchers", "wheelchairs", "medical", "psychological", "weight", "from_minute"),
        *("cross_until_minute", "permit_minutes"),
    ),
}
"""The whole numbers of which none may be below zero, by the list they stand in."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a path of the problem (``$.parties[3].place``), in a sentence, and what to do about it."""

    path: str
    says: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}: {self.says} {self.remedy}"


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def faults(problem: Problem) -> Iterator[Fault]:
    """Every fault of a problem, in its order; none means that it can be planned."""
    if problem.version != VERSION:
        remedy = f"Write it in version {VERSION}, which this program reads."
        yield Fault("$.version", f"This is version {problem.version}.", remedy)
    if problem.slot_minutes <= 0:
        yield Fault("$.slot_minutes", "A slot has no minute.", "Write 60 for whole hours.")
    elif problem.minutes <= 0 or problem.minutes % problem.slot_minutes:
        yield Fault("$.minutes", "The plan does not look ahead whole slots.", "Make it a multiple of slot_minutes.")
    yield from _ids(problem)
    for name, fields in _NOT_NEGATIVE.items():
        for number, one in enumerate(getattr(problem, name)):
            yield from (
                Fault(f"$.{name}[{number}].{field}", "It is below zero.", "Write 0 or more.")
                for field in fields
                if (getattr(one, field) or 0) < 0
            )
    yield from _places(problem)
    for number, leg in enumerate(problem.legs):
        yield from _leg(problem, leg, f"$.legs[{number}]")
    for number, station in enumerate(problem.stations):
        yield from _station(problem, station, number)
    for number, flight in enumerate(problem.flights):
        yield from _flight(problem, flight, f"$.flights[{number}]")
    yield from _parties(problem)
    parties = {party.id for party in problem.parties}
    for number, lock in enumerate(problem.locks):
        yield from _lock(problem, lock, parties, f"$.locks[{number}]")
    yield from _objective(problem)


def _ids(problem: Problem) -> Iterator[Fault]:
    lists: dict[str, Iterable[_Named]] = {
        "origins": problem.origins,
        "gates": problem.gates,
        "legs": problem.legs,
        "fleets": problem.fleets,
        "pools": problem.pools,
        "stagings": problem.stagings,
        "stations": problem.stations,
        "airports": problem.airports,
        "flights": problem.flights,
        "parties": problem.parties,
    }
    for name, those in lists.items():
        seen: set[str] = set()
        for number, one in enumerate(those):
            if not one.id:
                yield Fault(f"$.{name}[{number}].id", "It has no id.", "Give it one.")
            elif one.id in seen:
                yield Fault(f"$.{name}[{number}].id", f"{one.id} is there twice.", "Give each its own id.")
            seen.add(one.id)


def _among(path: str, value: str, kind: str, known: Collection[str]) -> Iterator[Fault]:
    if value not in known:
        here = ", ".join(sorted(known)[:6]) or "none"
        yield Fault(path, f"There is no {kind} {value}.", f"Name one of: {here}.")


def _windows(path: str, spans: Iterable[Spans], *, apart: bool = False) -> Iterator[Fault]:
    ends = -1
    for number, span in enumerate(spans):
        if span.until_minute <= span.from_minute:
            yield Fault(f"{path}[{number}]", "It ends before it begins.", "Put until_minute after from_minute.")
        if apart and span.from_minute < ends:
            yield Fault(f"{path}[{number}]", "It begins within the one before.", "Put them in order and apart.")
        ends = max(ends, span.until_minute)


def _counts(path: str, counts: Iterable[int]) -> Iterator[Fault]:
    for number, count in enumerate(counts):
        if count < 0:
            yield Fault(f"{path}[{number}]", "It is below zero.", "Write 0 or more.")


def _places(problem: Problem) -> Iterator[Fault]:
    for number, origin in enumerate(problem.origins):
        yield from _hazards(f"$.origins[{number}].hazards", origin.hazards)
    for number, gate in enumerate(problem.gates):
        yield from _hazards(f"$.gates[{number}].hazards", gate.hazards)
        yield from _windows(f"$.gates[{number}].hours", gate.hours, apart=True)
        yield from _counts(f"$.gates[{number}].hours", (hours.persons_per_hour for hours in gate.hours))
    for number, fleet in enumerate(problem.fleets):
        yield from _windows(f"$.fleets[{number}].absences", fleet.absences)
        yield from _counts(f"$.fleets[{number}].absences", (absence.count for absence in fleet.absences))
    for number, pool in enumerate(problem.pools):
        yield from _windows(f"$.pools[{number}].absences", pool.absences)
        yield from _counts(f"$.pools[{number}].absences", (absence.count for absence in pool.absences))
    for number, airport in enumerate(problem.airports):
        stagings = {staging.id for staging in problem.stagings}
        yield from _among(f"$.airports[{number}].staging", airport.staging, "staging place", stagings)
        yield from _windows(f"$.airports[{number}].closed", airport.closed)


def _hazards(path: str, hazards: tuple[Hazard, ...]) -> Iterator[Fault]:
    yield from _windows(path, hazards, apart=True)
    yield from _counts(path, (hazard.percent for hazard in hazards))


def _escorts(problem: Problem, rules: tuple[EscortRule, ...], path: str) -> Iterator[Fault]:
    pools = {pool.id for pool in problem.pools}
    for number, rule in enumerate(rules):
        yield from _among(f"{path}[{number}].pool", rule.pool, "pool", pools)
        if rule.at_least < 0 or (rule.per is not None and rule.per <= 0):
            yield Fault(f"{path}[{number}]", "It asks for no whole number.", "at_least is 0 or more, per 1 or more.")


def _leg(problem: Problem, leg: Leg, path: str) -> Iterator[Fault]:
    origins, gates = {origin.id for origin in problem.origins}, {gate.id for gate in problem.gates}
    stagings = {staging.id for staging in problem.stagings}
    if leg.source in origins:
        yield from _among(f"{path}.target", leg.target, "gate", gates)
    elif leg.source in gates:
        yield from _among(f"{path}.target", leg.target, "staging place", stagings)
    else:
        yield from _among(f"{path}.source", leg.source, "origin or gate", origins | gates)
    fleets = {fleet.id for fleet in problem.fleets}
    for number, fleet in enumerate(leg.fleets):
        yield from _among(f"{path}.fleets[{number}]", fleet, "fleet", fleets)
    if leg.fleets and leg.after_minutes < leg.minutes:
        yield Fault(
            f"{path}.after_minutes", "Its vehicles are back before they are there.", "Make it at least minutes."
        )
    yield from _escorts(problem, leg.escorts, f"{path}.escorts")
    yield from _windows(f"{path}.closed", leg.closed)
    yield from _hazards(f"{path}.hazards", leg.hazards)


def _station(problem: Problem, station: Station, number: int) -> Iterator[Fault]:
    path = f"$.stations[{number}]"
    yield from _among(f"{path}.staging", station.staging, "staging place", {staging.id for staging in problem.stagings})
    if station.minutes_per_person <= 0:
        yield Fault(f"{path}.minutes_per_person", "A person takes no minute.", "Write 1 or more.")
    if any((one.staging, one.service) == (station.staging, station.service) for one in problem.stations[:number]):
        says = f"{station.staging} has two stations for {station.service}."
        yield Fault(f"{path}.service", says, "Make them one, with the officers of both.")
    yield from _windows(f"{path}.shifts", station.shifts)
    yield from _counts(f"{path}.shifts", (shift.officers for shift in station.shifts))


def _flight(problem: Problem, flight: Flight, path: str) -> Iterator[Fault]:
    yield from _among(f"{path}.airport", flight.airport, "airport", {airport.id for airport in problem.airports})
    if not flight.departs_from_minute <= flight.departs_until_minute <= problem.minutes:
        yield Fault(f"{path}.departs_until_minute", "It does not lie from departs_from_minute to the end.", "Move it.")
    if flight.scenarios:
        times = [scenario.departs_minute for scenario in flight.scenarios]
        percents = [scenario.percent for scenario in flight.scenarios]
        if sum(percents) != 100 or min(percents) < 0:
            yield Fault(f"{path}.scenarios", f"They add up to {sum(percents)} percent.", "Make it 100.")
        if (min(times), max(times)) != (flight.departs_from_minute, flight.departs_until_minute):
            says = "The first and last are not the flight's."
            yield Fault(f"{path}.scenarios", says, "Set departs_from_minute and departs_until_minute to them.")
    for field in ("own_percent_min", "offered_percent_min", "overbooking_risk_percent"):
        if not 0 <= getattr(flight, field) <= 100:
            yield Fault(f"{path}.{field}", "It is no percentage.", "Write 0 to 100.")
    offered = sum(offer.seats for offer in flight.offers)
    yield from _counts(f"{path}.offers", (offer.seats for offer in flight.offers))
    if offered > flight.seats:
        yield Fault(f"{path}.offers", f"{offered} seats are offered of {flight.seats}.", "Offer fewer.")
    if 100 * offered < flight.offered_percent_min * flight.seats:
        least = -(-flight.offered_percent_min * flight.seats // 100)
        yield Fault(f"{path}.offers", f"{offered} seats are offered, {least} must be.", "Plan an offer of the rest.")
    yield from _escorts(problem, flight.escorts, f"{path}.escorts")


def _parties(problem: Problem) -> Iterator[Fault]:
    gates = {gate.id for gate in problem.gates}
    known = {
        "origin": {origin.id for origin in problem.origins},
        "gate": gates,
        "hall": gates,
        "staging": {staging.id for staging in problem.stagings},
    }
    parties = {party.id for party in problem.parties}
    for number, party in enumerate(problem.parties):
        path = f"$.parties[{number}]"
        yield from _among(f"{path}.place", party.place, party.stands, known[party.stands])
        yield from _party(party, path)
        for turn, bond in enumerate(party.bonds):
            yield from _among(f"{path}.bonds[{turn}].party", bond.party, "party", parties)
            if bond.party == party.id:
                yield Fault(f"{path}.bonds[{turn}].party", "A party is bonded to itself.", "Name another, or none.")


def _party(party: Party, path: str) -> Iterator[Fault]:
    if party.persons <= 0:
        yield Fault(path, "There is nobody in the party.", "Say seats, laps, stretchers or wheelchairs.")
    for field in ("medical", "psychological"):
        if getattr(party, field) > party.persons:
            yield Fault(f"{path}.{field}", f"They are more than the {party.persons} persons.", "Count persons.")
    for number, visit in enumerate(party.visits):
        if not 0 < visit.persons <= party.persons:
            says = f"Of {party.persons} persons {visit.persons} cannot visit."
            yield Fault(f"{path}.visits[{number}].persons", says, "Count persons.")
    if party.members and len(party.members) != party.persons:
        says = f"{len(party.members)} ids for {party.persons} persons."
        yield Fault(f"{path}.members", says, "Name each, or nobody.")
    if not 0 < party.show_up_percent <= 100:
        yield Fault(f"{path}.show_up_percent", "It is no chance of coming.", "Write 1 to 100.")
    if party.permit_minutes is not None and party.permit_until_minute is not None:
        yield Fault(f"{path}.permit_minutes", "A permit runs already.", "Leave out the one that does not hold.")


def _lock(problem: Problem, lock: Lock, parties: Collection[str], path: str) -> Iterator[Fault]:
    yield from _among(f"{path}.party", lock.party, "party", parties)
    if sum(one is not None for one in (lock.flight, lock.leg, lock.gate)) != 1:
        yield Fault(path, "It names not exactly one of flight, leg and gate.", "Make a lock of each.")
    if lock.flight is not None:
        yield from _among(f"{path}.flight", lock.flight, "flight", {flight.id for flight in problem.flights})
    if lock.leg is not None:
        yield from _among(f"{path}.leg", lock.leg, "leg", {leg.id for leg in problem.legs})
    if lock.gate is not None:
        yield from _among(f"{path}.gate", lock.gate, "gate", {gate.id for gate in problem.gates})


def _objective(problem: Problem) -> Iterator[Fault]:
    objective = problem.objective
    for field in objective.__struct_fields__:
        if field != "order" and getattr(objective, field) < 0:
            yield Fault(f"$.objective.{field}", "It is below zero.", "Write 0 to leave it out.")
    if len(set(objective.order)) != len(objective.order):
        yield Fault("$.objective.order", "A goal is there twice.", "Name each once.")
