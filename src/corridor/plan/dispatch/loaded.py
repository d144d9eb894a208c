"""The floor as a plan has filled it, so that one more party can be looked at, or one moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from corridor.base.ids import MovementId, PartyId, PlaceId
from corridor.plan.answer import Aboard, Convoy, Plan, Way
from corridor.plan.dispatch.flights import gone_by
from corridor.plan.dispatch.floor import Floor
from corridor.plan.dispatch.rides import Coach, Ride, mix_of
from corridor.plan.dispatch.rooms import Key, Whatever
from corridor.plan.problem import Party, Problem


def floor_of(
    problem: Problem, plan: Plan, without: Collection[PartyId] = (), ignored: frozenset[Whatever] = frozenset()
) -> Floor:
    """The floor with everybody where the plan has them, but for those `without`, who stand where they stood.

    Convoys and flights keep their vehicles, escorts and times even where nobody is left aboard. The plan must be
    feasible for the problem, or for one with as much room.
    """
    floor = Floor(problem, ignored)
    parties = {party.id: party for party in problem.parties}
    for convoy in plan.convoys:
        _add_convoy(floor, convoy, parties, without)
    for run in plan.flights:
        aircraft = floor.flights.aircraft[run.flight]
        aircraft.departs = run.departs_minute if run.flies else None
        if run.departs_minute is None:
            continue
        aboard = [parties[party] for party in dict.fromkeys(row.party for row in run.aboard) if party not in without]
        aircraft.board(aboard)
        span = floor.flights.escorts_span(aircraft.flight, run.departs_minute)
        for one in run.escorts:
            aircraft.escorts[one.pool] = one.count
            floor.rooms.take(("pool", one.pool), *span, one.count)
    convoys = {convoy.id: convoy for convoy in plan.convoys}
    for way in plan.ways:
        if way.party not in without:
            floor.ways[way.party] = way
            _walk(floor, way, parties[way.party], convoys)
    return floor


def _add_convoy(floor: Floor, convoy: Convoy, parties: dict[PartyId, Party], without: Collection[PartyId]) -> None:
    leg = next(leg for leg in floor.problem.legs if leg.id == convoy.leg)
    ride = Ride(convoy.id, leg, convoy.departs_minute)
    span = (convoy.departs_minute - leg.before_minutes, convoy.departs_minute + leg.after_minutes)
    by_id = {}
    for vehicle in convoy.vehicles:
        by_id[vehicle.id] = Coach.empty(vehicle.id, floor.convoys.fleets[vehicle.fleet])
        floor.rooms.take(("fleet", vehicle.fleet), *span, 1)
    ride.coaches = list(by_id.values())
    for sent in convoy.escorts:
        ride.escorts[sent.pool] += sent.count
        floor.rooms.take(("pool", sent.pool), *span, sent.count)
    rows: list[Aboard] = [row for row in convoy.aboard if row.party not in without]
    for row in rows:
        if row.vehicle is not None:
            by_id[row.vehicle].board(row)
    ride.rows = rows
    ride.mix = Counter(mix_of(parties[party] for party in dict.fromkeys(row.party for row in rows)))
    floor.convoys.rides[leg.id, convoy.departs_minute].append(ride)
    floor.convoys.ids.add(ride.id)


def _walk(floor: Floor, way: Way, party: Party, convoys: dict[MovementId, Convoy]) -> None:
    """Take the room that a way takes."""
    rooms, end = floor.rooms, floor.problem.minutes
    legs = {leg.id: leg for leg in floor.problem.legs}
    if way.gate is not None and way.crosses_minute is not None:
        if way.approach is not None:
            approach = convoys[way.approach]
            reached = approach.departs_minute + legs[approach.leg].minutes
            rooms.take(("holding", way.gate), reached, way.crosses_minute, party.persons)
        else:
            _leave(floor, ("holding", way.gate), party, way.crosses_minute)
        rooms.cross(way.gate, way.crosses_minute, party.persons)
    transfer = None if way.transfer is None else convoys[way.transfer]
    if way.gate is not None and way.crosses_minute is not None:
        reached = way.crosses_minute + floor.gates[way.gate].through_minutes
        until = end if transfer is None else transfer.departs_minute
        rooms.take(("hall", way.gate), reached, until, party.persons)
    elif party.stands == "hall" and transfer is not None:
        _leave(floor, ("hall", party.place), party, transfer.departs_minute)
    staging: PlaceId | None = party.place if party.stands == "staging" else None
    arrives = party.from_minute
    if transfer is not None:
        staging, arrives = legs[transfer.leg].target, transfer.departs_minute + legs[transfer.leg].minutes
    if staging is None:
        return
    until = end
    if way.flight is not None:
        aircraft = floor.flights.aircraft[way.flight]
        assert aircraft.departs is not None, "a way names a flight that flies"
        until = gone_by(aircraft.flight, aircraft.departs)
    visits_from = arrives if way.visits_from_minute is None else way.visits_from_minute
    if party.stands == "staging":
        _leave(floor, ("beds", staging), party, until)
        floor.visit(party, staging, party.from_minute, -1)
    else:
        rooms.take(("beds", staging), arrives, until, party.persons)
    floor.visit(party, staging, visits_from, 1)


def _leave(floor: Floor, key: Key, party: Party, minute: int) -> None:
    floor.rooms.take(key, max(minute, party.from_minute), floor.problem.minutes, -party.persons)
