"""What issuing a plan asks for: the movements it makes, calls off or fills, as one order of the move stage."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from corridor.base.ids import LegId, MovementId, OfferId, PartyId, PersonId, PlaceId, PlanId, UserId, VehicleId
from corridor.base.moments import MINUTE_MS, Moment, datetime_of
from corridor.journey.board.board import Board
from corridor.journey.board.moving import busy_on, is_open
from corridor.journey.clear.evening.calls import gate_day, station_of
from corridor.journey.cross.rules import Call, TakeCallBack, stands_at
from corridor.journey.move import orders as move
from corridor.journey.move.events import PlaceType, Vehicle
from corridor.journey.move.fleet import vehicles_of
from corridor.journey.move.state import Berth, Movement
from corridor.journey.orders import gates_of
from corridor.journey.planning.by_hand import is_of_plan
from corridor.journey.planning.people import places_for
from corridor.plan.answer import Aboard, Convoy, Plan
from corridor.plan.problem import Party, Problem
from corridor.plan.reading import written

TAKING: tuple[PlaceType, ...] = ("stretcher", "wheelchair", "seat", "lap")
"""The place types in the order in which a row of a manifest is filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One movement with everybody the plan has on it."""

    movement: Movement
    passengers: tuple[move.Passenger, ...]
    fresh: bool


def issue_order(
    board: Board,
    problem: Problem,
    plan: Plan,
    *,
    name: PlanId,
    by: UserId,
    whole: Plan | None = None,
    until: Moment | None = None,
) -> move.IssuePlan:
    """The order that puts a plan of the board in force: whom it calls to a gate for which hour and whose call by an
    earlier plan it takes back, its convoys behind the gate and its flights. `whole` is the plan that this one was cut
    from, whose sum and worth the event tells (None: it is whole), `until` where it was cut: what leaves later stays.

    A convoy that an earlier plan made stays where this plan has one like it, and is called off otherwise. Whoever of
    the problem is on the manifest of such a movement, or of another one from the same place, and not where the plan has
    them is taken off first.
    """
    told = plan if whole is None else whole
    parties = {party.id: party for party in problem.parties}
    convoys = [one for one in plan.convoys if one.vehicles]
    loads = [*_convoys(board, problem, convoys, parties, name), *_flights(board, plan, parties)]
    kept = {load.movement.movement for load in loads}
    stale = {
        one.movement
        for one in board.everybody.move.movements.values()
        if is_of_plan(one)
        and one.leg in {leg.id for leg in problem.legs}
        and one.movement not in kept
        and (until is None or (one.departs_at is not None and one.departs_at < until))
    }
    movers = {person for party in problem.parties for person in party.members}
    return move.IssuePlan(
        plan=name,
        by=by,
        problem_sha256=hashlib.sha256(written(problem)).hexdigest(),
        plan_sha256=hashlib.sha256(written(told)).hexdigest(),
        made_at=problem.start,
        seed=told.seed,
        value=round(told.value),
        bound=None if told.bound is None else round(told.bound),
        cancels=tuple(move.CancelMovement(movement=one, by=by, why=f"not in the plan {name}") for one in sorted(stale)),
        takes_off=tuple(_takes_off(board, loads, stale, movers, name, by)),
        plans=tuple(
            move.PlanMovement(
                movement=load.movement.movement,
                by=by,
                leg=load.movement.leg or LegId(""),
                vehicles=load.movement.vehicles,
                departs_at=load.movement.departs_at,
                arrives_at=load.movement.arrives_at,
                plan=name,
            )
            for load in loads
            if load.fresh
        ),
        boards=tuple(order for load in loads for order in _boards(board, load, by)),
        standbys=tuple(_standbys(board, plan, parties, by)),
        calls=tuple(_calls(board, problem, plan, parties, name, by)),
        takes_back=tuple(_takes_back(board, problem, plan, movers, by, until)),
    )


def _calls(
    board: Board, problem: Problem, plan: Plan, parties: Mapping[PartyId, Party], name: PlanId, by: UserId
) -> Iterator[Call]:
    """Whom the plan has cross, by gate and hour; a travel group that is called so already is not called again."""
    everybody, gates = board.everybody, set(gates_of(board.operation))
    crossing = {leg.target: leg for leg in board.operation.legs if not board.operation.place(leg.source).out}
    groups: dict[tuple[PlaceId, Moment], dict[frozenset[PersonId], set[PersonId]]] = defaultdict(dict)
    for way in plan.ways:
        if way.gate is None or way.crosses_minute is None:
            continue
        at = Moment(problem.start + way.crosses_minute * MINUTE_MS)
        for person in parties[way.party].members:
            group = everybody.group_of.get(person, frozenset((person,)))
            groups[way.gate, at].setdefault(group, set()).add(person)
    for (behind, at), among in sorted(groups.items(), key=lambda one: (one[0][1], one[0][0])):
        gate = behind if behind in gates or behind not in crossing else crossing[behind].source
        fresh = [persons for persons in among.values() if not all(_called(board, one, gate, at) for one in persons)]
        if fresh:
            yield Call(
                by=by,
                persons=tuple(sorted(frozenset().union(*fresh))),
                gate=gate,
                for_date=_day(board, gate, at),
                there_at=at,
                plan=name,
            )


def _takes_back(
    board: Board, problem: Problem, plan: Plan, movers: set[PersonId], by: UserId, until: Moment | None
) -> Iterator[TakeCallBack]:
    """Whom earlier plans call to a gate for a day on which this one has nobody of their travel group cross there. A
    group of which somebody stands at the gate is left to the gate; so is who was called by hand alone."""
    everybody, today = board.everybody, datetime_of(board.at, board.operation.as_of_zone).date()
    gone = board.people("out")
    crossing = _crossing_days(board, problem, plan)
    found: dict[tuple[PlaceId, date], set[PersonId]] = defaultdict(set)
    for person in sorted(movers - gone):
        state = everybody.cross.get(person)
        for call in () if state is None or state.crossings else state.standing_calls:
            key = (call.gate, call.for_date)
            later = until is not None and call.there_at is not None and call.there_at >= until
            if call.plan is not None and call.for_date >= today and not later and person not in crossing.get(key, ()):
                found[key].add(person)
    for (gate, day), persons in sorted(found.items()):
        groups = {everybody.group_of.get(person, frozenset((person,))) for person in persons}
        off: set[PersonId] = set()
        for group in groups:
            states = {one: state for one in group - gone if (state := everybody.cross.get(one)) is not None}
            if group & crossing.get((gate, day), set()) or any(stands_at(state, gate) for state in states.values()):
                continue
            off |= {one for one, state in states.items() if not state.crossings and state.is_called(gate, day)}
        if off:
            yield TakeCallBack(by=by, persons=tuple(sorted(off)), gate=gate, for_date=day, why="planned_otherwise")


def _crossing_days(board: Board, problem: Problem, plan: Plan) -> dict[tuple[PlaceId, date], set[PersonId]]:
    """Who crosses at which gate on which of its days by the plan."""
    parties = {party.id: party for party in problem.parties}
    found: dict[tuple[PlaceId, date], set[PersonId]] = defaultdict(set)
    for way in plan.ways:
        if way.gate is not None and way.crosses_minute is not None:
            at = Moment(problem.start + way.crosses_minute * MINUTE_MS)
            found[way.gate, _day(board, way.gate, at)] |= set(parties[way.party].members)
    return found


def _day(board: Board, gate: PlaceId, at: Moment) -> date:
    """The gate's day at a moment."""
    operation = board.operation
    leg = next((leg for leg in operation.legs if gate in (leg.source, leg.target)), None)
    station = None if leg is None else station_of(operation, (leg.source, leg.target), gate)
    return gate_day(station, datetime_of(at, operation.place(gate).zone))


def _called(board: Board, person: PersonId, gate: PlaceId, at: Moment) -> bool:
    """Whether the last call of the person is to that gate at that moment."""
    state = board.everybody.cross.get(person)
    standing = () if state is None else state.standing_calls
    last = standing[-1] if standing else None
    return last is not None and (last.gate, last.there_at) == (gate, at)


def _convoys(
    board: Board, problem: Problem, convoys: Iterable[Convoy], parties: Mapping[PartyId, Party], name: PlanId
) -> Iterator[Load]:
    """Each convoy as a movement with real vehicles; one like it that an earlier plan made is used again."""
    minutes = {leg.id: leg.minutes for leg in problem.legs}
    movements = dict(board.everybody.move.movements)
    mine = {key: one for key, one in movements.items() if is_of_plan(one)}
    movements = {key: one for key, one in movements.items() if key not in mine}
    for number, convoy in enumerate(convoys, start=1):
        departs = Moment(problem.start + convoy.departs_minute * MINUTE_MS)
        made = Movement(
            movement=MovementId(f"{name}-{number}"),
            leg=convoy.leg,
            departs_at=departs,
            arrives_at=Moment(departs + minutes[convoy.leg] * MINUTE_MS),
            plan=name,
        )
        like = next((one for one in mine.values() if _is_like(one, convoy, departs)), None)
        if like is not None:
            del mine[like.movement]
            made = like
        vehicles, real = _vehicles(board, made, convoy, movements, like)
        made = replace(made, vehicles=vehicles)
        movements[made.movement] = made
        aboard = tuple(_seated(board, convoy.aboard, parties, real))
        yield Load(movement=made, passengers=aboard, fresh=like is None)


def _is_like(movement: Movement, convoy: Convoy, departs: Moment) -> bool:
    fleets = sorted(one.vehicle.rpartition("-")[0] for one in movement.vehicles)
    same = sorted(one.fleet for one in convoy.vehicles)
    return movement.leg == convoy.leg and movement.departs_at == departs and fleets == same


def _vehicles(
    board: Board, movement: Movement, convoy: Convoy, among: Mapping[MovementId, Movement], like: Movement | None
) -> tuple[tuple[Vehicle, ...], dict[VehicleId, VehicleId]]:
    """The real vehicles of a convoy, and which of them each of its own stands for: those it has already, else free
    ones; a busy one where none is free, which the door then refuses by name."""
    busy = busy_on(board, movement, among)
    own = {one.vehicle for one in like.vehicles} if like is not None else set()
    chosen: list[Vehicle] = []
    real: dict[VehicleId, VehicleId] = {}
    for fleet in board.operation.fleets:
        wanted = [one.id for one in convoy.vehicles if one.fleet == fleet.id]
        ranked = sorted(vehicles_of(fleet), key=lambda one: (one.vehicle not in own, one.vehicle in busy))
        for planned, vehicle in zip(wanted, ranked, strict=False):
            chosen.append(vehicle)
            real[planned] = vehicle.vehicle
    return tuple(chosen), real


def _flights(board: Board, plan: Plan, parties: Mapping[PartyId, Party]) -> Iterator[Load]:
    for run in plan.flights:
        movement = board.everybody.move.movements.get(run.flight)
        if movement is None or not run.flies or not run.aboard:
            continue
        only = movement.vehicles[0].vehicle if len(movement.vehicles) == 1 else None
        yield Load(
            movement=movement,
            passengers=tuple(_seated(board, run.aboard, parties, {}, only)),
            fresh=False,
        )


def _seated(
    board: Board,
    rows: Iterable[Aboard],
    parties: Mapping[PartyId, Party],
    real: Mapping[VehicleId, VehicleId],
    only: VehicleId | None = None,
) -> Iterator[move.Passenger]:
    """Everybody of the parties aboard, by what they need, in the vehicle that their party's rows give them."""
    left: dict[PartyId, dict[PlaceType, list[PersonId]]] = {}
    for row in rows:
        if row.party not in left:
            waiting: dict[PlaceType, list[PersonId]] = defaultdict(list)
            for person, place_type in places_for(board, parties[row.party].members).items():
                waiting[place_type].append(person)
            left[row.party] = waiting
        vehicle = only if row.vehicle is None else real.get(row.vehicle)
        counts = (row.stretchers, row.wheelchairs, row.seats, row.laps)
        for place_type, count in zip(TAKING, counts, strict=True):
            people = left[row.party][place_type]
            for person in people[:count]:
                yield move.Passenger(person=person, place_type=place_type, vehicle=vehicle)
            del people[:count]


def _boards(board: Board, load: Load, by: UserId) -> Iterator[move.PlanAboard]:
    """Orders for those who are not there already: whole families on a partner's seats while they last, the others on
    our own."""
    before = _berths(load.movement) if not load.fresh else {}
    coming = [one for one in load.passengers if not _stays(one, before.get(one.person))]
    seats = {one.offer: one.kept(board.at) for one in load.movement.offers}
    of_partner = {one.offer: one.partner for one in load.movement.offers}
    countries = {partner.id: partner.country for partner in board.operation.partners}
    for passenger in load.passengers:
        berth = before.get(passenger.person)
        if berth is not None and berth.offer in seats and _stays(passenger, berth) and berth.place_type != "lap":
            seats[berth.offer] -= 1
    on: dict[OfferId | None, list[move.Passenger]] = defaultdict(list)
    group_of = board.everybody.group_of
    groups: dict[frozenset[PersonId], list[move.Passenger]] = defaultdict(list)
    for one in coming:
        groups[group_of.get(one.person, frozenset((one.person,)))].append(one)
    for group in groups.values():
        nations = [board.particulars_of(one.person).citizenship for one in group]
        taking = sum(one.place_type != "lap" for one in group)
        offer = next(
            (
                name
                for name, free in seats.items()
                if taking <= free and nations.count(countries.get(of_partner[name], "")) * 2 > len(nations)
            ),
            None,
        )
        if offer is not None:
            seats[offer] -= taking
        on[offer] += group
    for offer in sorted(on, key=lambda one: one or ""):
        yield move.PlanAboard(movement=load.movement.movement, by=by, passengers=tuple(on[offer]), offer=offer)


def _berths(movement: Movement) -> dict[PersonId, Berth]:
    return {row.person: row.planned for row in movement.rows if row.planned is not None}


def _stays(passenger: move.Passenger, berth: Berth | None) -> bool:
    """Whether the passenger is on the manifest already as the plan has them."""
    if berth is None or berth.place_type != passenger.place_type:
        return False
    return berth.vehicle is None or passenger.vehicle is None or berth.vehicle == passenger.vehicle


def _takes_off(
    board: Board, loads: Iterable[Load], stale: set[MovementId], movers: set[PersonId], name: PlanId, by: UserId
) -> Iterator[move.TakeOff]:
    """Who of the plan's people must leave the manifest they are on: of a movement it fills, everybody it does not have
    there so; of another from the same place, whoever it has elsewhere."""
    operation = board.operation
    filled = {load.movement.movement: load for load in loads}
    elsewhere: dict[str, set[PersonId]] = defaultdict(set)
    for load in loads:
        if load.movement.leg is not None:
            source = operation.leg(load.movement.leg).source
            elsewhere[source] |= {one.person for one in load.passengers}
    for movement in board.everybody.move.movements.values():
        if not is_open(movement) or movement.movement in stale or movement.leg is None:
            continue
        here = filled.get(movement.movement)
        berths = _berths(movement)
        if here is not None:
            staying = {one.person for one in here.passengers if _stays(one, berths.get(one.person))}
            off = (movement.planned & movers) - staying - movement.boarded
        else:
            known = operation.has_leg(movement.leg)
            off = movement.planned & elsewhere[operation.leg(movement.leg).source] if known else frozenset()
        if off:
            why = f"elsewhere in the plan {name}"
            yield move.TakeOff(movement=movement.movement, by=by, persons=tuple(sorted(off)), why=why)


def _standbys(board: Board, plan: Plan, parties: Mapping[PartyId, Party], by: UserId) -> Iterator[move.JoinStandby]:
    """Who is to wait for a place on a flight, in the plan's order, as far as they do not wait there already."""
    for run in plan.flights:
        movement = board.everybody.move.movements.get(run.flight)
        if movement is None or not run.flies:
            continue
        for one in run.standby:
            persons = tuple(person for person in parties[one.party].members if person not in movement.standby)
            if persons:
                yield move.JoinStandby(movement=run.flight, by=by, persons=persons)
