"""When and where a party is at each step of its way, and which ways make no sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corridor.base.ids import FleetId, LegId, MovementId, PartyId, PlaceId, PoolId
from corridor.plan.answer import Convoy, FlightRun, Plan, Way
from corridor.plan.problem import Airport, Fleet, Flight, Gate, Leg, Party, Pool, Problem, Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule of docs/reference/plan.md that a plan breaks: its code, who or what breaks it, and how."""

    code: str
    subject: str
    says: str

    def __str__(self) -> str:
        return f"{self.code} {self.subject}: {self.says}"


@dataclass(slots=True, kw_only=True)
class Steps:
    """A party's road in the plan. None: the step lies behind it, or is not reached. `*_from` is reaching a room,
    `*_until` leaving it. `crosses` of who has crossed before the plan began is None; `out` says so."""

    party: Party
    approach: Convoy | None = None
    origin_until: int | None = None
    gate: PlaceId | None = None
    holding_from: int | None = None
    crosses: int | None = None
    hall_from: int | None = None
    transfer: Convoy | None = None
    hall_until: int | None = None
    staging: PlaceId | None = None
    beds_from: int | None = None
    visits_from: int | None = None
    flight: Flight | None = None
    departs: tuple[tuple[int, int], ...] = ()
    """Minutes of departure with their percents, the earliest first; empty without a flight."""

    @property
    def out(self) -> bool:
        """Whether the party had left the danger before the plan began."""
        return self.party.stands in ("hall", "staging")

    @property
    def beds_until(self) -> int | None:
        """When the bed is free again at the latest."""
        return self.departs[-1][0] if self.departs else None


@dataclass(frozen=True, slots=True)
class Lookup:
    """The parts of a problem and of a plan by their ids."""

    problem: Problem
    plan: Plan
    gates: Mapping[PlaceId, Gate] = field(init=False)
    legs: Mapping[LegId, Leg] = field(init=False)
    fleets: Mapping[FleetId, Fleet] = field(init=False)
    pools: Mapping[PoolId, Pool] = field(init=False)
    airports: Mapping[PlaceId, Airport] = field(init=False)
    flights: Mapping[MovementId, Flight] = field(init=False)
    stations: Mapping[tuple[PlaceId, str], Station] = field(init=False)
    parties: Mapping[PartyId, Party] = field(init=False)
    convoys: Mapping[MovementId, Convoy] = field(init=False)
    runs: Mapping[MovementId, FlightRun] = field(init=False)

    def __post_init__(self) -> None:
        problem, plan = self.problem, self.plan
        for name, those in (
            ("gates", {gate.id: gate for gate in problem.gates}),
            ("legs", {leg.id: leg for leg in problem.legs}),
            ("fleets", {fleet.id: fleet for fleet in problem.fleets}),
            ("pools", {pool.id: pool for pool in problem.pools}),
            ("airports", {airport.id: airport for airport in problem.airports}),
            ("flights", {flight.id: flight for flight in problem.flights}),
            ("stations", {(station.staging, station.service): station for station in problem.stations}),
            ("parties", {party.id: party for party in problem.parties}),
            ("convoys", {convoy.id: convoy for convoy in plan.convoys}),
            ("runs", {run.flight: run for run in plan.flights}),
        ):
            object.__setattr__(self, name, those)


def standing(party: Party) -> Steps:
    """The road of a party that goes nowhere."""
    steps = Steps(party=party)
    if party.stands == "gate":
        steps.gate, steps.holding_from = party.place, party.from_minute
    elif party.stands == "hall":
        steps.gate, steps.hall_from = party.place, party.from_minute
    elif party.stands == "staging":
        steps.staging, steps.beds_from = party.place, party.from_minute
        steps.visits_from = party.from_minute
    return steps


def steps_of(lookup: Lookup, found: list[Violation]) -> dict[PartyId, Steps]:
    """Everybody's road; a way that makes no sense is told in `found` and cut where it stops making any."""
    roads = {party.id: standing(party) for party in lookup.problem.parties}
    seen: set[PartyId] = set()
    for way in lookup.plan.ways:
        if way.party not in roads or way.party in seen:
            says = "There is no such party." if way.party not in roads else "It has two ways."
            found.append(Violation(code="way", subject=way.party, says=says))
            continue
        seen.add(way.party)
        broken = next(_walk(lookup, way, roads[way.party]), None)
        if broken is not None:
            found.append(Violation(code="way", subject=way.party, says=broken))
    return roads


def _walk(lookup: Lookup, way: Way, steps: Steps) -> Iterator[str]:
    """Fill in the steps in their turn; says the first thing that makes no sense, and stops there."""
    stands = steps.party.stands
    if way.approach is not None:
        convoy = lookup.convoys.get(way.approach)
        if convoy is None or convoy.leg not in lookup.legs:
            yield f"There is no convoy {way.approach} on a leg."
            return
        leg = lookup.legs[convoy.leg]
        if stands != "origin" or leg.source != steps.party.place:
            yield f"{way.approach} does not leave from where it stands."
            return
        steps.approach, steps.origin_until = convoy, convoy.departs_minute
        steps.gate, steps.holding_from = leg.target, convoy.departs_minute + leg.minutes
    if (way.gate is None) != (way.crosses_minute is None):
        yield "A crossing has a gate and a minute, or neither."
    elif way.crosses_minute is not None:
        if steps.out or steps.gate is None or steps.gate != way.gate:
            yield f"It does not stand before the gate {way.gate}."
            return
        steps.crosses = way.crosses_minute
        steps.hall_from = way.crosses_minute + lookup.gates[steps.gate].through_minutes
    elif way.approach is not None:
        yield "It leaves its origin and does not cross."
    yield from _behind_the_gate(lookup, way, steps)


def _behind_the_gate(lookup: Lookup, way: Way, steps: Steps) -> Iterator[str]:
    if way.transfer is not None:
        convoy = lookup.convoys.get(way.transfer)
        if convoy is None or convoy.leg not in lookup.legs:
            yield f"There is no convoy {way.transfer} on a leg."
            return
        leg = lookup.legs[convoy.leg]
        if steps.hall_from is None or leg.source != steps.gate:
            yield f"{way.transfer} does not leave from the hall it is in."
            return
        steps.transfer, steps.hall_until = convoy, convoy.departs_minute
        steps.staging, steps.beds_from = leg.target, convoy.departs_minute + leg.minutes
        steps.visits_from = steps.beds_from
    if way.visits_from_minute is not None:
        if steps.staging is None:
            yield "Its visits begin and it is not in staging."
            return
        steps.visits_from = way.visits_from_minute
    if way.flight is not None:
        flight, run = lookup.flights.get(way.flight), lookup.runs.get(way.flight)
        if flight is None or run is None or not run.flies or run.departs_minute is None:
            yield f"The flight {way.flight} does not fly."
            return
        if steps.staging is None or lookup.airports[flight.airport].staging != steps.staging:
            yield f"{way.flight} does not leave from where it stays."
            return
        steps.flight, steps.departs = flight, departures(flight, run.departs_minute)


def departures(flight: Flight, departs_minute: int) -> tuple[tuple[int, int], ...]:
    """When the flight may leave, with percents that add up to 100, the earliest first."""
    if not flight.scenarios:
        return ((departs_minute, 100),)
    return tuple(sorted((scenario.departs_minute, scenario.percent) for scenario in flight.scenarios))


def visits_done(lookup: Lookup, steps: Steps) -> int | None:
    """When the party's visits are done; None where a service has no station there, or it is not in staging."""
    if steps.staging is None or steps.visits_from is None:
        return None
    minute = steps.visits_from
    for visit in steps.party.visits:
        station = lookup.stations.get((steps.staging, visit.service))
        if station is None:
            return None
        minute += station.promised_minutes
    return minute
