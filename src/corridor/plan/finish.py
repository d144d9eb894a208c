"""How a plan is completed: worth, amounts, loads and who is left out, once its movements and ways are decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from corridor.base.ids import PartyId
from corridor.plan.answer import Convoy, FlightRun, Missing, Plan, Unplaced, Way
from corridor.plan.check.checking import measure
from corridor.plan.problem import VERSION, Party, Problem, Stop

STEPS: Mapping[Stop, str] = {"leave": "it leaves", "cross": "it crosses", "fly": "it flies"}


def finished(
    problem: Problem,
    *,
    made_by: str,
    seed: int,
    convoys: Iterable[Convoy],
    flights: Iterable[FlightRun],
    ways: Iterable[Way],
    bound: float | None = None,
    cpu_seconds: float = 0.0,
) -> Plan:
    """The whole plan from what was decided, in a settled order. It is measured, not yet proved: ask `check`.

    A bound above the value by no more than rounding is lowered to it.
    """
    turn = {party.id: number for number, party in enumerate(problem.parties)}
    plan = Plan(
        version=VERSION,
        problem=problem.name,
        made_by=made_by,
        seed=seed,
        convoys=tuple(sorted(convoys, key=lambda one: (one.departs_minute, one.id))),
        flights=tuple(flights),
        ways=tuple(sorted(ways, key=lambda way: turn[way.party])),
        value=0.0,
        cpu_seconds=round(cpu_seconds, 3),
    )
    measured = measure(problem, plan)
    if bound is not None and measured.value < bound <= measured.value * (1 + 1e-7):
        bound = measured.value
    gap = None if bound is None or bound <= 0 else measured.value / bound - 1
    return msgspec.structs.replace(
        plan,
        value=measured.value,
        goals=measured.goals,
        loads=measured.loads,
        bound=bound,
        gap=gap,
        unplaced=tuple(left_out(problem, plan)),
    )


def left_out(problem: Problem, plan: Plan) -> Iterator[Unplaced]:
    """Everybody who does not cross, or does not fly, with the reason as far as the party alone tells it."""
    ways = {way.party: way for way in plan.ways}
    flown = {way.party for way in plan.ways if way.flight is not None}
    services = {(station.staging, station.service) for station in problem.stations}
    stations = {service for _, service in services}
    for party in problem.parties:
        if party.id in flown:
            continue
        way = ways.get(party.id)
        crossed = party.stands in ("hall", "staging") or (way is not None and way.crosses_minute is not None)
        missing: Missing = "flight" if crossed else "crossing"
        reason, says = _reason(problem, party, missing, flown, stations)
        yield Unplaced(party=party.id, missing=missing, reason=reason, says=says)


def _reason(
    problem: Problem, party: Party, missing: Missing, flown: set[PartyId], stations: set[str]
) -> tuple[str, str]:
    stops: tuple[Stop, ...] = ("leave", "cross") if missing == "crossing" else ("fly",)
    for wait in party.waits:
        unknown = wait.until_minute is None or wait.until_minute >= problem.minutes
        if wait.stops in stops and unknown:
            known = "nobody knows until when" if wait.until_minute is None else "longer than the plan looks ahead"
            return "waits", f"It waits for {wait.for_what.replace('_', ' ')} before {STEPS[wait.stops]}, {known}."
    for bond in party.bonds:
        if bond.party not in flown:
            return "bond", f"It does not go without {bond.party}, who is left out too."
    if missing == "flight":
        takes = [flight for flight in problem.flights if _takes(party, flight.allowed)]
        if not takes:
            return "not_allowed", f"No flight takes {', '.join(party.citizenships) or 'it'}."
        if not any(
            flight.seats >= party.seats
            and flight.stretchers >= party.stretchers
            and flight.wheelchairs >= party.wheelchairs
            and (flight.laps is None or flight.laps >= party.laps)
            for flight in takes
        ):
            return "no_places", "No flight that takes it has enough places of its classes."
        lacks = next((visit.service for visit in party.visits if visit.service not in stations), None)
        if lacks is not None:
            return "no_station", f"It needs {lacks}, and no station gives it."
        return "no_room", "Every flight it could take is full, or leaves before it is ready."
    return "no_room", "Every convoy, gate or bed it could take is full, or too late."


def _takes(party: Party, allowed: tuple[str, ...]) -> bool:
    return not allowed or bool(set(allowed) & set(party.citizenships))
