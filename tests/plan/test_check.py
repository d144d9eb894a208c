"""The checker finds every planted breach of every rule, and nothing in a plan that breaks none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.plan.a_road import (
    DAY,
    HOUR,
    convoy_of,
    plan_for,
    problem,
    run_of,
    way_of,
    with_convoy,
    with_run,
    with_way,
)

from corridor.base.ids import FleetId, LegId, MovementId, PartyId, PlaceId, PoolId, VehicleId
from corridor.plan.answer import Aboard, Convoy, Plan, Sent, Standby, Vehicle, Way
from corridor.plan.check.checking import check
from corridor.plan.finish import finished
from corridor.plan.problem import (
    Absence,
    Bond,
    GateHours,
    Lock,
    Offer,
    Party,
    Problem,
    Scenario,
    Shift,
    Visit,
    Wait,
    Window,
)

REFERENCE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "plan.md").read_text(encoding="utf-8")
ROAD = problem()
PLAN = plan_for(ROAD)

Change = Callable[[Problem], Problem]
Planted = Callable[[Plan], Plan]


def part(name: str, id: str, **changed: Any) -> Change:
    """The problem with one part changed: what was feasible may be so no longer."""

    def change(of: Problem) -> Problem:
        those = tuple(msgspec.structs.replace(one, **changed) if one.id == id else one for one in getattr(of, name))
        return msgspec.structs.replace(of, **{name: those})

    return change


def locked(**lock: Any) -> Change:
    """The problem with a lock on the first party."""
    return lambda of: msgspec.structs.replace(of, locks=(Lock(party=PartyId("first"), **lock),))


def way(id: str, **changed: Any) -> Planted:
    """The plan with a party's way changed."""
    return lambda plan: with_way(plan, id, **changed)


def bus(**changed: Any) -> Planted:
    """The plan with the first party's convoy changed."""
    return lambda plan: with_convoy(plan, convoy_of(plan, "first").id, **changed)


def run(id: str, **changed: Any) -> Planted:
    """The plan with a flight changed."""
    return lambda plan: with_run(plan, id, **changed)


def both(plan: Plan, *planted: Planted) -> Plan:
    """The plan with several things changed."""
    for change in planted:
        plan = change(plan)
    return plan


def alone(plan: Plan, vehicle: str, fleet: str, party: str = "first") -> Plan:
    """A second convoy on the road, an hour after the first, with the party aboard."""
    row = next(row for row in convoy_of(plan, party).aboard if row.party == party)
    row = msgspec.structs.replace(row, vehicle=VehicleId(vehicle))
    late = Convoy(
        id=MovementId("again"),
        leg=LegId("road"),
        departs_minute=4 * HOUR,
        vehicles=(Vehicle(id=VehicleId(vehicle), fleet=FleetId(fleet)),),
        escorts=(Sent(pool=PoolId("guards"), count=1),),
        aboard=(row,),
    )
    rows = tuple(row for row in convoy_of(plan, party).aboard if row.party != party)
    plan = with_convoy(plan, convoy_of(plan, party).id, aboard=rows)
    plan = with_way(plan, party, approach=late.id)
    return msgspec.structs.replace(plan, convoys=(*plan.convoys, late))


def torn(plan: Plan) -> Plan:
    """The first party sits in two vehicles."""
    rows = []
    for row in convoy_of(plan, "first").aboard:
        if row.party == "first":
            rows.append(msgspec.structs.replace(row, seats=2))
            row = msgspec.structs.replace(row, seats=1, vehicle=VehicleId("3"))
        rows.append(row)
    return bus(aboard=tuple(rows))(plan)


def fewer(plan: Plan) -> Plan:
    """One seat of the first party is not aboard."""
    rows = convoy_of(plan, "first").aboard
    return bus(aboard=(msgspec.structs.replace(rows[0], seats=2), *rows[1:]))(plan)


def stranger(plan: Plan) -> Plan:
    """Somebody is aboard a flight who does not take it."""
    rows = run_of(plan, "late").aboard
    return run("late", aboard=(*rows, Aboard(party=PartyId("held"), seats=3)))(plan)


def twice(plan: Plan) -> Plan:
    """The first party has two ways."""
    return msgspec.structs.replace(plan, ways=(*plan.ways, way_of(plan, "first")))


def unknown(plan: Plan) -> Plan:
    """A way of a party that there is not."""
    return msgspec.structs.replace(plan, ways=(*plan.ways, Way(party=PartyId("nobody"))))


def visits(**changed: Any) -> Change:
    """The medical post is otherwise."""
    return part("stations", "medical", **changed)


def standby(party: str, chance: float) -> Planted:
    """Somebody is on standby for the early flight."""
    return run("early", standby=(Standby(party=PartyId(party), chance_percent=chance),))


SAME: Change = lambda of: of  # noqa: E731
KEPT: Planted = lambda plan: plan  # noqa: E731

BREACHES: list[tuple[str, Change, Planted]] = [
    ("way", SAME, twice),
    ("way", SAME, unknown),
    ("way", SAME, way("first", approach=MovementId("none"))),
    ("way", SAME, way("first", gate=None, crosses_minute=None, transfer=None, flight=None)),
    ("way", SAME, way("before-gate", gate=PlaceId("other"))),
    ("way", SAME, way("waiting", transfer=MovementId("onward@420"))),
    ("way", SAME, way("first", flight=MovementId("none"))),
    ("way", SAME, way("waiting", gate=PlaceId("gate"), crosses_minute=6 * HOUR)),
    ("leave_early", part("parties", "first", from_minute=4 * HOUR), KEPT),
    ("leave_early", part("parties", "first", waits=(Wait(stops="leave", for_what="list"),)), KEPT),
    ("cross_early", SAME, way("first", crosses_minute=4 * HOUR)),
    ("cross_early", SAME, way("first", crosses_minute=6 * HOUR + 30)),
    ("cross_early", part("parties", "first", waits=(Wait(stops="cross", for_what="list", until_minute=DAY),)), KEPT),
    ("cross_late", part("parties", "first", cross_until_minute=5 * HOUR), KEPT),
    ("transfer_early", part("gates", "gate", through_minutes=HOUR + 1), KEPT),
    ("visits", SAME, way("lying", visits_from_minute=13 * HOUR)),
    ("visits", part("parties", "lying", visits=(Visit(service="dentist", persons=1),)), KEPT),
    ("fly_early", part("airports", "airfield", minutes=12 * HOUR), KEPT),
    ("fly_early", part("flights", "early", boarding_minutes=12 * HOUR), KEPT),
    ("fly_early", visits(promised_minutes=11 * HOUR), KEPT),
    ("fly_early", part("parties", "first", waits=(Wait(stops="fly", for_what="hold", until_minute=DAY),)), KEPT),
    ("not_allowed", part("flights", "early", allowed=("RUS",)), KEPT),
    ("bond", part("parties", "first", bonds=(Bond(party=PartyId("papers"), kind="guardian"),)), KEPT),
    ("bond", part("parties", "first", bonds=(Bond(party=PartyId("held"), kind="guardian"),)), KEPT),
    ("lock", locked(flight=MovementId("late")), KEPT),
    ("lock", locked(flight=MovementId("early"), keep=False), KEPT),
    ("lock", locked(gate=PlaceId("gate"), minute=7 * HOUR), KEPT),
    ("lock", locked(leg=LegId("road"), minute=3 * HOUR, keep=False), KEPT),
    ("lock", locked(leg=LegId("onward"), minute=9 * HOUR), KEPT),
    ("convoy_time", SAME, bus(departs_minute=3 * HOUR + 1)),
    ("convoy_time", part("legs", "road", before_minutes=4 * HOUR), KEPT),
    ("convoy_time", part("legs", "road", closed=(Window(from_minute=4 * HOUR, until_minute=5 * HOUR),)), KEPT),
    ("vehicles", part("legs", "road", vehicles_max=2), KEPT),
    ("vehicles", part("legs", "road", fleets=(FleetId("buses"),)), KEPT),
    ("vehicles", SAME, bus(vehicles=())),
    ("manifest", SAME, fewer),
    ("manifest", SAME, stranger),
    ("manifest", part("parties", "first", seats=4), KEPT),
    ("places", part("fleets", "buses", seats=7), KEPT),
    ("places", part("fleets", "ambulances", stretchers=0), KEPT),
    ("places", part("fleets", "buses", laps=0), KEPT),
    ("places", part("flights", "early", stretchers=0), KEPT),
    ("places", part("flights", "late", wheelchairs=0), KEPT),
    ("places", part("flights", "early", laps=0), KEPT),
    ("torn", SAME, torn),
    ("escorts", SAME, bus(escorts=())),
    ("escorts", SAME, run("early", escorts=())),
    ("fleet", SAME, lambda plan: alone(plan, "1", "buses")),
    ("fleet", part("fleets", "ambulances", absences=(Absence(from_minute=5 * HOUR, until_minute=DAY, count=1),)), KEPT),
    ("pool", part("pools", "guards", count=0), KEPT),
    ("pool", part("pools", "doctors", count=0), KEPT),
    ("flight", SAME, lambda plan: msgspec.structs.replace(plan, flights=plan.flights[:1])),
    ("flight", part("flights", "late", optional=False), run("late", flies=False)),
    ("flight", SAME, run("late", flies=False)),
    ("flight_time", SAME, run("late", departs_minute=47 * HOUR)),
    ("flight_time", SAME, run("late", departs_minute=44 * HOUR + 30)),
    ("flight_time", part("airports", "airfield", closed=(Window(from_minute=DAY, until_minute=25 * HOUR),)), KEPT),
    (
        "flight_time",
        part(
            "flights",
            "late",
            scenarios=(Scenario(departs_minute=44 * HOUR, percent=40), Scenario(departs_minute=46 * HOUR, percent=60)),
        ),
        run("late", departs_minute=45 * HOUR),
    ),
    ("seats", part("flights", "early", seats=22), KEPT),
    ("seats", part("flights", "early", offers=(Offer(citizenships=("KAZ",), seats=25),)), KEPT),
    ("share", part("flights", "early", own_percent_min=95), KEPT),
    (
        "rotation",
        lambda of: part("flights", "late", aircraft="one")(
            part("flights", "early", aircraft="one", rotation_minutes=DAY)(of)
        ),
        KEPT,
    ),
    ("standby", SAME, standby("behind-gate", 100.0)),
    ("standby", SAME, standby("waiting", 100.0)),
    ("gate", part("gates", "gate", hours=(GateHours(from_minute=360, until_minute=1080, persons_per_hour=9),)), KEPT),
    (
        "gate",
        part(
            "gates",
            "gate",
            hours=(GateHours(from_minute=360, until_minute=1080, persons_per_hour=90, persons_max=15),),
        ),
        KEPT,
    ),
    ("holding", part("gates", "gate", holding_persons_max=8), KEPT),
    ("hall", part("gates", "gate", hall_persons_max=10), KEPT),
    ("beds", part("stagings", "city", beds=20), KEPT),
    ("station", part("stations", "documents", queue_persons_max=0), KEPT),
    ("station", part("stations", "documents", shifts=()), KEPT),
    (
        "station",
        part("stations", "documents", shifts=(Shift(from_minute=15 * HOUR, until_minute=DAY, officers=1),)),
        KEPT,
    ),
    ("value", SAME, lambda plan: msgspec.structs.replace(plan, value=plan.value - 1)),
    ("bound", SAME, lambda plan: msgspec.structs.replace(plan, bound=plan.value + 1)),
    ("goals", SAME, lambda plan: msgspec.structs.replace(plan, goals=tuple(reversed(plan.goals)))),
    ("loads", SAME, lambda plan: msgspec.structs.replace(plan, loads=plan.loads[1:])),
    ("unplaced", SAME, lambda plan: msgspec.structs.replace(plan, unplaced=())),
]


def test_feasible_plan_breaks_nothing() -> None:
    """The plan that the breaches are planted in breaks no rule, and has somebody of every kind in it."""
    assert check(ROAD, PLAN) == ()
    assert {way.party for way in PLAN.ways} == {party.id for party in ROAD.parties} - {"held"}


@pytest.mark.parametrize(
    ("code", "change", "planted"), BREACHES, ids=[f"{number}-{one[0]}" for number, one in enumerate(BREACHES)]
)
def test_every_breach_is_found(code: str, change: Change, planted: Planted) -> None:
    """Each planted breach is told under the code of its rule."""
    found = {violation.code for violation in check(change(ROAD), planted(PLAN))}
    assert code in found


def test_every_rule_has_a_breach() -> None:
    """Every code that the reference defines is planted here, and the other way round."""
    feasible = REFERENCE.split("## What a plan is worth")[0].split("## A party's way")[1]
    cells = "".join(re.findall(r"\| ([^|]+) \|$", feasible, re.MULTILINE))
    codes = {*re.findall(r"`(\w+)`", cells), *re.findall(r"\(`(\w+)`\)", feasible)}
    said = {"value", "bound", "goals", "loads", "unplaced"}
    assert {one[0] for one in BREACHES} == codes | said


def test_who_is_there_anyway_is_nobodys_fault() -> None:
    """More people in staging than beds from the beginning is no breach; one more coming is."""
    crowded = part("stagings", "city", beds=2)(ROAD)
    staying = finished(crowded, made_by="nobody", seed=0, convoys=(), flights=(), ways=())
    only = [violation for violation in check(crowded, staying) if violation.code == "beds"]
    assert only == []
    assert "beds" in {violation.code for violation in check(crowded, PLAN)}


def chances(seats: int, comes: int, risk: int) -> tuple[Problem, Plan]:
    """The early flight with three seats fewer than it needs, overbooked by parties that come with that chance."""
    parties = tuple(msgspec.structs.replace(party, show_up_percent=comes) for party in ROAD.parties)
    less = part("flights", "early", seats=seats, offers=(), overbooked_seats_max=3, overbooking_risk_percent=risk)
    changed = less(msgspec.structs.replace(ROAD, parties=parties))
    plan = finished(changed, made_by="hand", seed=0, convoys=PLAN.convoys, flights=PLAN.flights, ways=PLAN.ways)
    return changed, plan


def test_overbooking_is_weighed() -> None:
    """Twenty booked on eighteen seats of which one is a doctor's: allowed where too many come seldom enough."""
    assert sum(row.seats for row in run_of(PLAN, "early").aboard) == 20
    all_come = 0.8**7
    assert {one.code for one in check(*chances(18, 80, round(100 * all_come) - 5))} == {"seats"}
    assert check(*chances(18, 80, 60)) == ()
    assert {one.code for one in check(*chances(17, 80, 100))} == {"seats"}


def test_standby_chance_is_exact() -> None:
    """A party on standby for a full flight has the chance that enough of those booked stay away, and no other."""
    parties = (*ROAD.parties, Party(id=PartyId("spare"), stands="staging", place=PlaceId("city"), seats=3))
    parties = tuple(
        msgspec.structs.replace(party, show_up_percent=50) if party.id == "waiting" else party for party in parties
    )
    full = part("flights", "early", seats=21, offers=())(msgspec.structs.replace(ROAD, parties=parties))
    for says, found in ((50.0, set()), (60.0, {"standby"})):
        flights = with_run(PLAN, "early", standby=(Standby(party=PartyId("spare"), chance_percent=says),)).flights
        plan = finished(full, made_by="hand", seed=0, convoys=PLAN.convoys, flights=flights, ways=PLAN.ways)
        assert {violation.code for violation in check(full, plan)} == found
