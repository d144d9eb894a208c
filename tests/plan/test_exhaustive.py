"""Against every plan there is, on problems so small that all can be tried; and laws that any solver must keep."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.a_road import HOUR, flight, party, problem

from corridor.base.ids import FleetId, LegId, MovementId, PartyId, PlaceId, PoolId, VehicleId
from corridor.plan.answer import Aboard, Convoy, FlightRun, Plan, Sent, Vehicle, Way
from corridor.plan.check.checking import check
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.finish import finished
from corridor.plan.problem import Bond, EscortRule, Fleet, Gate, GateHours, Leg, Party, Pool, Problem, Wait
from corridor.plan.solve.solving import solve

SLOTS = 7
STEPS = 200
"""Work the solver may do on a tiny problem."""


@st.composite
def tiny(draw: st.DrawFn) -> Problem:
    """Two or three parties, one bus that fits two of them, a narrow gate, no time in the hall, two flights."""
    gate = Gate(
        id=PlaceId("gate"),
        hours=(GateHours(from_minute=0, until_minute=SLOTS * HOUR, persons_per_hour=draw(st.integers(3, 6))),),
        holding_persons_max=draw(st.sampled_from([3, 6])),
        hall_persons_max=0,
    )
    road = Leg(
        id=LegId("road"),
        source=PlaceId("village"),
        target=PlaceId("gate"),
        minutes=HOUR,
        fleets=(FleetId("bus"),),
        after_minutes=draw(st.sampled_from([HOUR, 2 * HOUR])),
        escorts=(EscortRule(pool=PoolId("guards"), at_least=1),),
    )
    onward = Leg(id=LegId("onward"), source=PlaceId("gate"), target=PlaceId("city"), minutes=0)
    people = tuple(
        party(
            f"p{number}",
            seats=draw(st.integers(1, 3)),
            weight=draw(st.integers(1, 3)),
            from_minute=draw(st.sampled_from([0, HOUR, 2 * HOUR])),
        )
        for number in range(draw(st.integers(2, 3)))
    )
    flights = (
        flight("early", 4 * HOUR, seats=draw(st.integers(2, 5)), boarding_minutes=HOUR, escorts=()),
        flight("late", 6 * HOUR, seats=draw(st.integers(2, 5)), boarding_minutes=HOUR, escorts=()),
    )
    return msgspec.structs.replace(
        problem(),
        minutes=SLOTS * HOUR,
        gates=(gate,),
        legs=(road, onward),
        fleets=(Fleet(id=FleetId("bus"), vehicles=1, seats=draw(st.integers(3, 5))),),
        pools=(Pool(id=PoolId("guards"), count=1),),
        stagings=(msgspec.structs.replace(problem().stagings[0], beds=draw(st.integers(2, 9))),),
        airports=(msgspec.structs.replace(problem().airports[0], minutes=0),),
        stations=(),
        flights=flights,
        parties=people,
    )


Choice = tuple[int, int, str | None] | None
"""When a party leaves and crosses, and its flight; None: it stays."""


def choices(one: Party) -> Iterator[Choice]:
    """Everything a party could do, too early or too late for a flight or not."""
    yield None
    for leaves in range(one.from_minute // HOUR, SLOTS):
        for crosses in range(leaves + 1, SLOTS):
            yield leaves, crosses, None
            for name, departs in (("early", 4), ("late", 6)):
                if crosses + 1 <= departs:
                    yield leaves, crosses, name


def as_plan(made: Problem, chosen: tuple[Choice, ...]) -> Plan:
    """The plan of these choices: one bus for all who leave in an hour."""
    ways: list[Way] = []
    rides: dict[int, list[Aboard]] = {}
    onward: dict[int, list[Aboard]] = {}
    boards: dict[str, list[Aboard]] = {"early": [], "late": []}
    for one, choice in zip(made.parties, chosen, strict=True):
        if choice is None:
            continue
        leaves, crosses, name = choice
        rides.setdefault(leaves, []).append(Aboard(party=one.id, vehicle=VehicleId("1"), seats=one.seats))
        onward.setdefault(crosses, []).append(Aboard(party=one.id, seats=one.seats))
        if name is not None:
            boards[name].append(Aboard(party=one.id, seats=one.seats))
        ways.append(
            Way(
                party=one.id,
                approach=MovementId(f"r{leaves}"),
                gate=PlaceId("gate"),
                crosses_minute=crosses * HOUR,
                transfer=MovementId(f"o{crosses}"),
                flight=None if name is None else MovementId(name),
            )
        )
    bus, guard = (Vehicle(id=VehicleId("1"), fleet=FleetId("bus")),), (Sent(pool=PoolId("guards"), count=1),)
    convoys = [
        Convoy(
            id=MovementId(f"r{hour}"),
            leg=LegId("road"),
            departs_minute=hour * HOUR,
            vehicles=bus,
            escorts=guard,
            aboard=tuple(rows),
        )
        for hour, rows in rides.items()
    ]
    convoys += [
        Convoy(id=MovementId(f"o{hour}"), leg=LegId("onward"), departs_minute=hour * HOUR, aboard=tuple(rows))
        for hour, rows in onward.items()
    ]
    runs = [
        FlightRun(flight=one.id, flies=True, departs_minute=one.departs_from_minute, aboard=tuple(boards[one.id]))
        for one in made.flights
    ]
    return finished(made, made_by="trying all", seed=0, convoys=convoys, flights=runs, ways=ways)


DEPARTS_HOUR = {"early": 4, "late": 6, None: 0}


def best_of_all(made: Problem) -> float:
    """The least value of all feasible plans: the first feasible one of all, tried in the order of what they are worth.

    Of a feasible plan every goal here is a sum over the parties but the last departure, which is the latest one's.
    """
    nobody = as_plan(made, (None,) * len(made.parties)).value
    # Alone nobody can keep to a bond.
    free = msgspec.structs.replace(made, parties=tuple(msgspec.structs.replace(one, bonds=()) for one in made.parties))
    singles: list[list[tuple[float, int, Choice]]] = []
    for turn in range(len(made.parties)):
        costs = []
        for choice in choices(made.parties[turn]):
            alone = tuple(choice if other == turn else None for other in range(len(made.parties)))
            plan = as_plan(made, alone)
            departs = 0 if choice is None else DEPARTS_HOUR[choice[2]]
            if not check(free, plan):
                costs.append((plan.value - nobody - departs, departs, choice))
        singles.append(costs)
    everything = [
        (nobody + sum(one[0] for one in those) + max(one[1] for one in those), those)
        for those in itertools.product(*singles)
    ]
    everything.sort(key=lambda one: one[0])
    for value, those in everything:
        plan = as_plan(made, tuple(choice for _, _, choice in those))
        if not check(made, plan):
            assert plan.value == pytest.approx(value)
            return plan.value
    raise AssertionError("that everybody stays is a plan")


@settings(max_examples=12, deadline=None, derandomize=True)
@given(tiny())
def test_solver_against_every_plan(made: Problem) -> None:
    """The solver's plan is feasible and the best there is, and its bound is not above the best."""
    best = best_of_all(made)
    plan = solve(made, seconds=1, seed=1, clock=lambda: 0.0, work_limit=STEPS)
    assert check(made, plan) == ()
    assert plan.bound is not None
    assert plan.bound <= best + 1e-6 <= plan.value + 2e-6
    assert plan.value == pytest.approx(best)
    assert best <= dispatch(made, "first_come").value + 1e-6


@settings(max_examples=6, deadline=None, derandomize=True)
@given(tiny(), st.sampled_from([(0, 1), (1, 0)]), st.booleans())
def test_bonded_parties_against_every_plan(made: Problem, pair: tuple[int, int], late: bool) -> None:
    """With a bond the bound is not above the best of all plans, whoever of the two had better go alone."""
    parties = list(made.parties)
    follower, other = pair
    wait = (Wait(stops="leave", for_what="list", until_minute=3 * HOUR),) if late else ()
    bond = Bond(party=parties[other].id, kind="will_not_travel_without")
    parties[follower] = msgspec.structs.replace(parties[follower], bonds=(bond,), waits=wait)
    made = msgspec.structs.replace(made, parties=tuple(parties))
    best = best_of_all(made)
    plan = solve(made, seconds=1, seed=1, clock=lambda: 0.0, work_limit=STEPS)
    assert check(made, plan) == ()
    assert plan.bound is not None
    assert plan.bound <= best + 1e-6 <= plan.value + 2e-6


def bound_of(made: Problem) -> float:
    """The solver's bound within little work."""
    plan = solve(made, seconds=1, seed=1, clock=lambda: 0.0, work_limit=3)
    assert plan.bound is not None
    return plan.bound


def with_part(made: Problem, name: str, turn: int, **changed: Any) -> Problem:
    """The problem with one part changed."""
    those = list(getattr(made, name))
    those[turn] = msgspec.structs.replace(those[turn], **changed)
    return msgspec.structs.replace(made, **{name: tuple(those)})


def test_more_room_never_hurts_the_bound() -> None:
    """One more seat, bed, bus or guard, and a wider gate, never raise the bound; empty seats cost nothing."""
    made = problem()
    made = msgspec.structs.replace(made, objective=msgspec.structs.replace(made.objective, empty_seats=0))
    before = bound_of(made)
    for other in (
        with_part(made, "flights", 0, seats=made.flights[0].seats + 1),
        with_part(made, "stagings", 0, beds=(made.stagings[0].beds or 0) + 20),
        with_part(made, "fleets", 0, vehicles=made.fleets[0].vehicles + 1),
        with_part(made, "pools", 0, count=made.pools[0].count + 1),
        with_part(made, "gates", 0, holding_persons_max=None),
    ):
        assert bound_of(other) <= before * (1 + 1e-7)


def test_renaming_changes_nothing() -> None:
    """Other names for the same parties give a plan of the same worth, party by party the same way."""
    made = problem()
    names = {one.id: PartyId(f"other-{one.id}") for one in made.parties}
    renamed = msgspec.structs.replace(
        made,
        parties=tuple(
            msgspec.structs.replace(
                one,
                id=names[one.id],
                bonds=tuple(msgspec.structs.replace(bond, party=names[bond.party]) for bond in one.bonds),
            )
            for one in made.parties
        ),
    )
    before = solve(made, seconds=1, seed=1, clock=lambda: 0.0, work_limit=10)
    after = solve(renamed, seconds=1, seed=1, clock=lambda: 0.0, work_limit=10)
    assert after.value == before.value and after.bound == before.bound
    assert [(names[way.party], way.crosses_minute, way.flight) for way in before.ways] == [
        (way.party, way.crosses_minute, way.flight) for way in after.ways
    ]
    for rule in ("first_come", "priority"):
        assert dispatch(renamed, rule).value == dispatch(made, rule).value
