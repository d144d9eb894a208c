"""A small road on which every rule of planning has something to bite on, and a plan on it that breaks none."""

from __future__ import annotations

from typing import Any

import msgspec

from corridor.base.ids import FleetId, LegId, MovementId, PartyId, PlaceId, PoolId, StationId
from corridor.base.moments import Moment
from corridor.plan.answer import Convoy, FlightRun, Plan, Way
from corridor.plan.dispatch.dispatchers import dispatch
from corridor.plan.problem import (
    VERSION,
    Airport,
    Bond,
    EscortRule,
    Fleet,
    Flight,
    Gate,
    GateHours,
    Leg,
    Offer,
    Origin,
    Party,
    Pool,
    Problem,
    Shift,
    Staging,
    Station,
    Visit,
    Wait,
    Window,
)

HOUR, DAY = 60, 24 * 60


def party(id: str, **known: Any) -> Party:
    """A party of three who wait at the village, unless told otherwise."""
    where: dict[str, Any] = {"stands": "origin", "place": PlaceId("village"), "seats": 3, "citizenships": ("RUS",)}
    return Party(id=PartyId(id), **{**where, **known})


PARTIES = (
    party("first"),
    party("second", laps=1, bonds=(Bond(party=PartyId("first"), kind="will_not_travel_without"),)),
    party("lying", seats=2, stretchers=1, medical=1, visits=(Visit(service="medical", persons=1),)),
    party("papers", visits=(Visit(service="documents", persons=3),)),
    party("partner", citizenships=("KAZ",), weight=2),
    party("before-gate", stands="gate", place=PlaceId("gate")),
    party("behind-gate", stands="hall", place=PlaceId("gate"), wheelchairs=1),
    party("waiting", stands="staging", place=PlaceId("city"), permit_until_minute=20 * HOUR),
    party("held", waits=(Wait(stops="leave", for_what="hold"),)),
)


def flight(id: str, departs: int, **known: Any) -> Flight:
    """A flight of forty seats with a doctor for every stretcher."""
    usual: dict[str, Any] = {
        "seats": 40,
        "stretchers": 2,
        "wheelchairs": 2,
        "laps": 2,
        "departs_from_minute": departs,
        "departs_until_minute": departs,
        "boarding_minutes": 2 * HOUR,
        "escorts": (EscortRule(pool=PoolId("doctors"), per=1, of="stretchers", takes_seat=True),),
        "escorts_back_minutes": DAY,
    }
    return Flight(id=MovementId(id), airport=PlaceId("airfield"), home=PlaceId("home"), **{**usual, **known})


def problem(**changed: Any) -> Problem:
    """The road: a village, a gate open by day, a city with a medical post, a desk and twenty beds, two flights."""
    road = Leg(
        id=LegId("road"),
        source=PlaceId("village"),
        target=PlaceId("gate"),
        minutes=2 * HOUR,
        fleets=(FleetId("buses"), FleetId("ambulances")),
        before_minutes=3 * HOUR,
        after_minutes=3 * HOUR,
        vehicles_max=3,
        escorts=(EscortRule(pool=PoolId("guards"), at_least=1),),
        closed=(Window(from_minute=0, until_minute=3 * HOUR),),
    )
    onward = Leg(
        id=LegId("onward"),
        source=PlaceId("gate"),
        target=PlaceId("city"),
        minutes=4 * HOUR,
        fleets=(FleetId("coaches"),),
        after_minutes=9 * HOUR,
    )
    open_by_day = tuple(
        GateHours(
            from_minute=day * DAY + 6 * HOUR,
            until_minute=day * DAY + 18 * HOUR,
            persons_per_hour=12,
            persons_max=40,
        )
        for day in range(2)
    )
    made = Problem(
        version=VERSION,
        name="a small road",
        start=Moment(0),
        slot_minutes=HOUR,
        minutes=2 * DAY,
        origins=(Origin(id=PlaceId("village")),),
        gates=(
            Gate(
                id=PlaceId("gate"), hours=open_by_day, holding_persons_max=20, hall_persons_max=20, through_minutes=30
            ),
        ),
        legs=(road, onward),
        fleets=(
            Fleet(id=FleetId("buses"), vehicles=2, seats=10),
            Fleet(id=FleetId("ambulances"), vehicles=1, seats=1, stretchers=2),
            Fleet(id=FleetId("coaches"), vehicles=2, seats=20, stretchers=1, wheelchairs=1, laps=2),
        ),
        pools=(Pool(id=PoolId("guards"), count=2), Pool(id=PoolId("doctors"), count=1)),
        stagings=(Staging(id=PlaceId("city"), beds=25),),
        stations=tuple(
            Station(
                id=StationId(service),
                staging=PlaceId("city"),
                service=service,
                minutes_per_person=30,
                promised_minutes=2 * HOUR,
                queue_persons_max=4,
                shifts=(Shift(from_minute=0, until_minute=3 * DAY, officers=1),),
            )
            for service in ("medical", "documents")
        ),
        airports=(Airport(id=PlaceId("airfield"), staging=PlaceId("city"), minutes=HOUR),),
        flights=(
            flight(
                "early",
                DAY,
                own=("RUS",),
                own_percent_min=50,
                offers=(Offer(citizenships=("KAZ",), seats=5, answer="open"),),
            ),
            flight("late", 44 * HOUR, departs_until_minute=46 * HOUR, allowed=("RUS",), optional=True),
        ),
        parties=PARTIES,
    )
    return msgspec.structs.replace(made, **changed)


def plan_for(one: Problem) -> Plan:
    """A feasible plan: first come first served."""
    return dispatch(one, "first_come")


def with_way(plan: Plan, party_id: str, **changed: Any) -> Plan:
    """The plan with one way changed and nothing else."""
    ways = tuple(msgspec.structs.replace(way, **changed) if way.party == party_id else way for way in plan.ways)
    return msgspec.structs.replace(plan, ways=ways)


def with_convoy(plan: Plan, id: str, **changed: Any) -> Plan:
    """The plan with one convoy changed."""
    convoys = tuple(
        msgspec.structs.replace(convoy, **changed) if convoy.id == id else convoy for convoy in plan.convoys
    )
    return msgspec.structs.replace(plan, convoys=convoys)


def with_run(plan: Plan, id: str, **changed: Any) -> Plan:
    """The plan with one flight changed."""
    flights = tuple(msgspec.structs.replace(run, **changed) if run.flight == id else run for run in plan.flights)
    return msgspec.structs.replace(plan, flights=flights)


def way_of(plan: Plan, party_id: str) -> Way:
    """A party's way."""
    return next(way for way in plan.ways if way.party == party_id)


def convoy_of(plan: Plan, party_id: str) -> Convoy:
    """The convoy that a party approaches the gate on."""
    return next(convoy for convoy in plan.convoys if convoy.id == way_of(plan, party_id).approach)


def run_of(plan: Plan, id: str) -> FlightRun:
    """What a flight does in the plan."""
    return next(run for run in plan.flights if run.flight == id)
