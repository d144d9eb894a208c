"""The board and what is believed as roads with queues, one for each believed world, that an engine can walk.

What one road cannot hold as uncertain is drawn once a world: which days the crossing is closed, when aircraft leave,
how long new applicants keep coming and at what level. Each world is then walked many times.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from corridor.base.moments import Moment
from corridor.forecast.draws import looked_up, stream, uniforms
from corridor.forecast.road import (
    Beds,
    Delay,
    Demand,
    Departure,
    Desk,
    Floats,
    Law,
    Parties,
    Road,
    Shuttle,
    Stage,
    Timetable,
    Window,
    constant,
    empirical,
)
from corridor.forecast.series.level import PATHS, totals
from corridor.journey.forecasting.beliefs import Beliefs
from corridor.journey.forecasting.edits import LARGEST, Edits
from corridor.plan.problem import Party, Problem

STAGES = ("gate", "transfer", "hall", "documents", "medical", "flight")
"""The stages of every road, in order."""
GATE, TRANSFER, HALL, DOCUMENTS, MEDICAL, FLIGHT = range(6)
DAYS = 90
"""How many days ahead the road is described; what is left then is not out."""
DEMAND_DAYS_MOST = 60
NOT_CLEARED_MINUTES = 60.0
"""Within so many minutes from now those who are not cleared join the queue before the crossing, in any order: which
list names whom first nobody knows. Whoever is cleared stands before them."""
SLOTS_MOST = 60
DAY = 1440.0
JOIN_SIZE = 4
LEAST_FLIGHTS_PER_DAY = 0.02
_GATE_LUCK, _FLIGHT_LUCK, _DEMAND_LUCK, _STOP_LUCK, _RATES_LUCK, _LIST_LUCK = range(
    901, 907
)  # purposes beyond those of `draws`


class _World:
    """The luck of one believed world; equal for equal seed and number, whatever is edited."""

    def __init__(self, seed: int, number: int) -> None:
        self.seed, self.number = seed, number

    def uniforms(self, purpose: int, count: int) -> Floats:
        return uniforms(stream(self.seed, self.number, 0, purpose), np.arange(count, dtype=np.uint64))

    def of_keys(self, purpose: int, keys: Sequence[int]) -> Floats:
        """A number between 0 and 1 for each key, whoever else there is."""
        return uniforms(stream(self.seed, self.number, 0, purpose), np.array(keys, dtype=np.uint64))

    def once(self, law: Law, purpose: int) -> float:
        return float(looked_up(law, self.uniforms(purpose, 1))[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class WayHome:
    """What the operation file says of the flights: seats of an aircraft, minutes of the flight."""

    seats: int
    minutes: float


def road_in(problem: Problem, beliefs: Beliefs, edits: Edits, home: WayHome, *, seed: int, world: int) -> Road:
    """The road of one believed world."""
    luck = _World(seed, world)
    parties = on_the_road(problem)
    largest = max((party.persons for party in parties), default=1)
    demand = _demand(beliefs, luck)
    if demand is not None:
        largest = max(largest, math.ceil(float(demand.size.quantiles[-1])))
    stages: list[Stage] = [
        _gate(problem, beliefs, edits, luck),
        _transfer(problem, edits, largest),
        _hall(problem, beliefs),
        _desk(problem, beliefs, "documents", edits.documents_officers),
        _desk(problem, beliefs, "medical", edits.medical_officers),
        _flights(problem, beliefs, edits, home, luck, largest),
    ]
    beds = () if edits.beds is None else (Beds(name="staging", beds=max(edits.beds, largest), enter=1, leave=FLIGHT),)
    return Road(
        as_of=Moment(problem.start),
        parties=_parties(parties, edits, luck),
        stages=tuple(stages),
        beds=beds,
        no_show=beliefs.withdrawing.part(),
        demand=demand,
        days=DAYS,
    )


def on_the_road(problem: Problem) -> list[Party]:
    """The parties of a problem that have anybody in them, in the order in which a road has them."""
    return [party for party in problem.parties if party.persons > 0]


def _parties(parties: Sequence[Party], edits: Edits, luck: _World) -> Parties:
    """Who is on the road. A party's number comes from its id, so that its luck stays from board to board. The order in
    which those who are not cleared come before the crossing is another one in every world."""
    first = {"origin": GATE, "gate": GATE, "hall": TRANSFER, "staging": DOCUMENTS}
    keys = [int.from_bytes(blake2b(str(party.id).encode(), digest_size=7).digest()) for party in parties]
    sizes = [party.persons for party in parties]
    stages = [first[party.stands] for party in parties]
    lists = luck.of_keys(_LIST_LUCK, keys).tolist()
    ready = [
        float(party.from_minute) + (NOT_CLEARED_MINUTES * level if _not_cleared(party) else 0.0)
        for party, level in zip(parties, lists, strict=True)
    ]
    fails = [party.stands in ("origin", "gate") for party in parties]
    more = [min(JOIN_SIZE, edits.join - done) for done in range(0, edits.join, JOIN_SIZE)]
    count = len(parties) + len(more)
    return Parties(
        key=np.array([*keys, *((1 << 62) + n for n in range(len(more)))], dtype=np.uint64),
        size=np.array([*sizes, *more], dtype=np.int64),
        stage=np.array([*stages, *(GATE for _ in more)], dtype=np.int64),
        ready=np.array([*ready, *(0.0 for _ in more)], dtype=np.float64),
        wait=np.full(count, -1, dtype=np.int64),
        rank=np.zeros(count, dtype=np.int64),
        may_fail=np.array([*fails, *(False for _ in more)], dtype=np.bool_),
    )


def _not_cleared(party: Party) -> bool:
    return any(wait.stops == "cross" for wait in party.waits)


def _gate(problem: Problem, beliefs: Beliefs, edits: Edits, luck: _World) -> Desk:
    """The crossing: as many persons on a day with crossings as is believed, over the hours it is open."""
    hours = problem.gates[0].hours
    spans = [(float(hour.from_minute), float(hour.until_minute)) for hour in hours if hour.persons_per_hour > 0]
    spans = [(a, b) for a, b in (_longer(spans, edits.gate_hours))]
    shut = _closed_days(beliefs, luck)
    first = int(spans[0][0] // DAY) if spans else 0
    kept = [
        (opens, closes)
        for opens, closes in spans
        if not shut[min(int(opens // DAY) - first, DAYS - 1)] and opens >= edits.gate_closed_days * DAY
    ]
    usual = float(np.median([b - a for a, b in _longer(_spans(problem), 0)])) if spans else DAY
    minutes = usual / beliefs.gate_persons_per_day * 100.0 / edits.gate_percent
    mean = beliefs.gate_pace.log_mean()
    return Desk(
        name="gate",
        minutes=constant(minutes),
        per_person=True,
        officers=1,
        windows=tuple(Window(opens=a, closes=b) for a, b in kept),
        log_pace=Law(-mean.quantiles[::-1]),  # slower where fewer cross
        day_sigma=beliefs.gate_pace.day_sigma(),
    )


def _spans(problem: Problem) -> list[tuple[float, float]]:
    return [(float(hour.from_minute), float(hour.until_minute)) for hour in problem.gates[0].hours]


def _longer(spans: Sequence[tuple[float, float]], hours: int) -> list[tuple[float, float]]:
    """Each span so much longer, at most up to the next."""
    later = [opens for opens, _ in spans[1:]] + [math.inf]
    return [(a, min(b + 60.0 * hours, nxt)) for (a, b), nxt in zip(spans, later, strict=True) if a < b]


def _closed_days(beliefs: Beliefs, luck: _World) -> list[bool]:
    """On which of the days to come nobody crosses: closings and openings at the rates of this world."""
    rates = luck.uniforms(_RATES_LUCK, 2)
    closing, opening = (
        1.0 - math.exp(-float(looked_up(law, rates[n : n + 1])[0]))
        for n, law in enumerate((beliefs.closing.rate(), beliefs.opening.rate()))
    )
    closed, days = beliefs.closed, []
    for level in luck.uniforms(_GATE_LUCK, DAYS).tolist():
        closed = level >= opening if closed else level < closing
        days.append(closed)
    return days


def _transfer(problem: Problem, edits: Edits, largest: int) -> Shuttle | Delay:
    """The way to staging: vehicles that leave full or on the hour and come back."""
    legs = [leg for leg in problem.legs if leg.fleets]
    fleets = [fleet for fleet in problem.fleets if legs and fleet.id in legs[0].fleets]
    count = sum(fleet.vehicles for fleet in fleets) + edits.vehicles
    if not count:
        return Delay(name="transfer", minutes=constant(float(sum(leg.minutes for leg in problem.legs))))
    ride, back = float(legs[0].minutes), float(max(legs[0].after_minutes - legs[0].minutes, 0))
    seats = max(round(sum(fleet.vehicles * fleet.seats for fleet in fleets) / max(count - edits.vehicles, 1)), largest)
    return Shuttle(
        name="transfer",
        seats=seats,
        available_minutes=(0.0,) * count,
        times=tuple(60.0 * hour for hour in range(24 * DAYS)),
        when_full=True,
        ride_minutes=constant(max(ride, 1.0)),
        back_minutes=constant(back),
    )


def _hall(problem: Problem, beliefs: Beliefs) -> Delay:
    """What the way from the crossing to staging takes beyond the ride: checks on the far side, waiting for a bus."""
    law = beliefs.hall_pace.one()
    ride = float(sum(leg.minutes for leg in problem.legs if leg.fleets))
    return Delay(name="hall", minutes=Law(np.clip(law.quantiles * beliefs.hall_minutes - ride, 0.0, 5 * DAY)))


def _desk(problem: Problem, beliefs: Beliefs, service: str, more: int) -> Desk | Delay:
    """A desk in staging, at its written rate give or take its pace, for the part of parties that must go to it."""
    station = next((one for one in problem.stations if one.service == service), None)
    if station is None or not station.shifts:
        return Delay(name=service, minutes=constant(0.0))
    visiting = sum(any(visit.service == service for visit in party.visits) for party in problem.parties)
    part = (visiting + 0.5) / (len(problem.parties) + 1.0)
    officers = max(max(shift.officers for shift in station.shifts) + more, 1)
    pace = beliefs.desk_pace.log_mean()
    return Desk(
        name=service,
        minutes=constant(float(max(station.minutes_per_person, 1))),
        per_person=True,
        officers=officers,
        windows=tuple(
            Window(opens=float(shift.from_minute), closes=float(shift.until_minute)) for shift in station.shifts
        ),
        share=constant(part),
        log_pace=Law(-pace.quantiles[::-1]),
        day_sigma=beliefs.desk_pace.day_sigma(),
    )


def _flights(problem: Problem, beliefs: Beliefs, edits: Edits, home: WayHome, luck: _World, largest: int) -> Timetable:
    """Departures home: those announced with a time, then as often as is believed, at times of this world."""
    seats = max(home.seats, largest) + edits.flight_seats
    found = [
        Departure(key=n, minutes=float(flight.departs_until_minute), seats=max(flight.seats + edits.flight_seats, 0))
        for n, flight in enumerate(problem.flights)
        if flight.departs_from_minute == flight.departs_until_minute
    ]
    rate = max(luck.once(beliefs.flights.rate(), _FLIGHT_LUCK), LEAST_FLIGHTS_PER_DAY)
    minutes = max((one.minutes for one in found), default=0.0)
    for n, level in enumerate(luck.uniforms(_FLIGHT_LUCK + 100, 8 * DAYS).tolist()):
        minutes += -math.log1p(-level) / rate * DAY
        if minutes >= DAYS * DAY:
            break
        found.append(Departure(key=1_000 + n, minutes=minutes, seats=seats))
    for day in range(DAYS if edits.flights_more else 0):
        for extra in range(edits.flights_more):
            at = (day + (extra + 1) / (edits.flights_more + 1)) * DAY
            found.append(Departure(key=100_000 + LARGEST * day + extra, minutes=at, seats=seats))
    ride = constant(home.minutes)
    return Timetable(name="flight", departures=tuple(found), cancelled=None, late_minutes=None, ride_minutes=ride)


def _demand(beliefs: Beliefs, luck: _World) -> Demand | None:
    """Those who may yet apply: for as long as this world has it, at the level of this world."""
    if not beliefs.party_sizes:
        return None
    rate = luck.once(beliefs.joining_stops.rate(), _STOP_LUCK)
    left = -math.log1p(-float(luck.uniforms(_STOP_LUCK + 100, 1)[0])) / max(rate, 1e-3)
    days = min(int(left), DEMAND_DAYS_MOST)
    if days == 0:
        return None
    path = totals(beliefs.applying, 1, days, luck.seed)[luck.number * 37 % PATHS]
    counts = np.minimum(np.diff(path, prepend=0.0), SLOTS_MOST)
    slots = max(int(counts.max()), 1)
    return Demand(
        per_day=empirical(counts.tolist()),
        days=days,
        slots=slots,
        size=empirical([float(size) for size in beliefs.party_sizes]),
        stage=GATE,
    )
