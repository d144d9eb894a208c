"""Who should wait for a place on a flight they are not booked on, and how likely they get it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from corridor.base.ids import PartyId
from corridor.plan.answer import FlightRun, Plan, Standby, Way
from corridor.plan.dispatch.limits import Locks, waits_until
from corridor.plan.dispatch.rides import Aircraft
from corridor.plan.problem import Flight, Party, Problem

STANDBY_MAX = 12
"""Parties on standby for one flight: more only stand about."""
CHANCE_MIN = 0.01
"""Who is less likely to get a place than this is not called to the airport."""


def with_standby(problem: Problem, plan: Plan) -> Plan:
    """The plan with a standby list for every flight on which places may stay empty: the most urgent first of those who
    are ready for it and fly later or not at all."""
    ready, locks = _ready(problem, plan), Locks(problem)
    parties = {party.id: party for party in problem.parties}
    airports = {airport.id: airport for airport in problem.airports}
    flights = {flight.id: flight for flight in problem.flights}
    leaves = {run.flight: run.departs_minute for run in plan.flights}
    flown = {way.party: leaves[way.flight] for way in plan.ways if way.flight is not None}
    runs: list[FlightRun] = []
    for run in plan.flights:
        if run.flies and run.departs_minute is not None:
            flight, departs = flights[run.flight], run.departs_minute
            boards, airport = departs - flight.boarding_minutes, airports[flight.airport]
            waiting = [
                party
                for party in problem.parties
                if ready.get(party.id, ("", 0))[0] == airport.staging
                and ready[party.id][1] + airport.minutes <= boards
                and (flown.get(party.id) is None or (flown[party.id] or 0) > departs)
                and _could(party, flight, boards)
                and not locks.bar_flight((party,), flight.id)
            ]
            waiting.sort(key=lambda party: (-party.weight, ready[party.id][1], party.id))
            aboard = [parties[one] for one in dict.fromkeys(row.party for row in run.aboard)]
            run = msgspec.structs.replace(run, standby=tuple(_called(flight, run, aboard, waiting)))
        runs.append(run)
    return msgspec.structs.replace(plan, flights=tuple(runs))


def _could(party: Party, flight: Flight, boards: int) -> bool:
    """Whether the flight takes the party at all: on seats and laps, alone, with nothing to wait for."""
    allowed = not flight.allowed or bool(set(flight.allowed) & set(party.citizenships))
    lies = party.stretchers or party.wheelchairs
    return allowed and not lies and not party.bonds and party.seats > 0 and waits_until((party,), "fly") <= boards


def _ready(problem: Problem, plan: Plan) -> dict[PartyId, tuple[str, int]]:
    """Where everybody who reaches staging is, and when their visits there are done."""
    legs = {leg.id: leg for leg in problem.legs}
    convoys = {convoy.id: convoy for convoy in plan.convoys}
    promised = {(station.staging, station.service): station.promised_minutes for station in problem.stations}
    ways = {way.party: way for way in plan.ways}
    found: dict[PartyId, tuple[str, int]] = {}
    for party in problem.parties:
        way = ways.get(party.id, Way(party=party.id))
        place, minute = (party.place, party.from_minute) if party.stands == "staging" else (None, 0)
        if way.transfer is not None:
            convoy = convoys[way.transfer]
            place, minute = legs[convoy.leg].target, convoy.departs_minute + legs[convoy.leg].minutes
        if place is None or any((place, visit.service) not in promised for visit in party.visits):
            continue
        begins = minute if way.visits_from_minute is None else way.visits_from_minute
        found[party.id] = (place, begins + sum(promised[place, visit.service] for visit in party.visits))
    return found


def _called(flight: Flight, run: FlightRun, aboard: Sequence[Party], waiting: Sequence[Party]) -> Iterator[Standby]:
    """Those who have a chance, with it: parties booked come or not, independently, and so do those called before."""
    aircraft = Aircraft(flight)
    aircraft.board(aboard)
    pools = {rule.pool for rule in flight.escorts if rule.takes_seat}
    seated = sum(one.count for one in run.escorts if one.pool in pools)
    kept = sum(
        max(0, offer.seats - aircraft.kept_for[turn])
        for turn, offer in enumerate(flight.offers)
        if offer.answer != "declined"
    )
    free = _free(aboard, flight.seats - seated - kept)
    for party in waiting[:STANDBY_MAX]:
        chance = float(free[party.seats :].sum())
        if chance >= CHANCE_MIN:
            yield Standby(party=party.id, chance_percent=round(100 * chance, 3))
            free = _taken(free, party.seats, party.show_up_percent / 100)


def _free(aboard: Sequence[Party], seats: int) -> NDArray[np.float64]:
    """The chance of each number of seats that stay free, from none to all there are."""
    needed = np.ones(1)
    for party in aboard:
        comes = np.zeros(party.seats + 1)
        comes[0] += 1 - party.show_up_percent / 100
        comes[-1] += party.show_up_percent / 100
        needed = np.convolve(needed, comes)
    free = np.zeros(max(0, seats) + 1)
    for used, chance in enumerate(needed):
        free[max(0, seats - used)] += chance
    return free


def _taken(free: NDArray[np.float64], seats: int, comes: float) -> NDArray[np.float64]:
    """The free seats after a party that comes with that chance and sits down where it has room."""
    left = free.copy()
    left[seats:] -= comes * free[seats:]
    left[: len(free) - seats] += comes * free[seats:]
    return left
