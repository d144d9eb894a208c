"""The shared synthetic instances of planning, as problems of `corridor.plan`.

Their README has the format: hours are the unit of time, families are arrays. A bus is out for twice the way, an hour of
loading and one of turning; lags before boarding become boarding minutes and what the stations promise.
"""

from __future__ import annotations

import json
from pathlib import Path

from corridor.base.ids import FleetId, LegId, MovementId, PartyId, PlaceId, PoolId, StationId
from corridor.base.moments import Moment
from corridor.plan.problem import (
    Airport,
    EscortRule,
    Fleet,
    Flight,
    Gate,
    GateHours,
    Leg,
    Objective,
    Origin,
    Party,
    Pool,
    Problem,
    Shift,
    Staging,
    Station,
    Visit,
    Wait,
)

HOUR = 60


def read_instance(path: Path) -> Problem:
    """One instance of version 1."""
    d = json.loads(path.read_text())
    full = d["meta"]["H"] * HOUR
    days = d["meta"]["H"] // 24
    gates = tuple(
        Gate(
            id=PlaceId(f"gate-{c['id']}"),
            hours=tuple(
                GateHours(
                    from_minute=(24 * day + c["open"]) * HOUR,
                    until_minute=(24 * day + c["close"]) * HOUR,
                    persons_per_hour=c["cap"],
                )
                for day in range(days)
            ),
            holding_persons_max=c["hold"],
        )
        for c in d["crossings"]
    )
    staff = d["staff"]
    pools = {"guards": d["escorts"], "doctors": staff["doctors"], "psychologists": staff["psych"]}
    bus, ambulance = d["bus"], d["ambulance"]
    return Problem(
        version=1,
        name=d["meta"]["name"],
        start=Moment(0),
        slot_minutes=HOUR,
        minutes=full,
        origins=tuple(Origin(id=PlaceId(f"origin-{o['id']}")) for o in d["origins"]),
        gates=gates,
        legs=_legs(d),
        fleets=(
            Fleet(id=FleetId("bus"), vehicles=bus["fleet"], seats=bus["seats"]),
            Fleet(id=FleetId("ambulance"), vehicles=ambulance["fleet"], seats=0, stretchers=ambulance["stretchers"]),
        ),
        pools=tuple(Pool(id=PoolId(name), count=count) for name, count in pools.items()),
        stagings=(Staging(id=PlaceId("hotel"), beds=d["hotel"]["beds"]),),
        stations=(_station("medical", d["medical"], 6, full), _station("docs", d["docs"], 4, full)),
        airports=tuple(
            Airport(id=PlaceId(f"airport-{a}"), staging=PlaceId("hotel"))
            for a in sorted({f["airport"] for f in d["flights"]})
        ),
        flights=tuple(_flight(f, staff) for f in d["flights"]),
        parties=_parties(d["families"]),
        objective=Objective(
            danger_person_hours=5, staging_person_hours=1, permit_breaches=0, last_departure_hours=0, empty_seats=0
        ),
    )


def _legs(d: dict[str, list[dict[str, int]]]) -> tuple[Leg, ...]:
    approaches = [
        Leg(
            id=LegId(f"road-{o['id']}"),
            source=PlaceId(f"origin-{o['id']}"),
            target=PlaceId(f"gate-{o['crossing']}"),
            minutes=o["travel"] * HOUR,
            fleets=(FleetId("bus"), FleetId("ambulance")),
            before_minutes=(o["travel"] + 1) * HOUR,
            after_minutes=(o["travel"] + 1) * HOUR,
            vehicles_max=d["bus"]["max_per_convoy"],  # type: ignore[call-overload]
            escorts=(EscortRule(pool=PoolId("guards"), at_least=1),),
        )
        for o in d["origins"]
    ]
    onward = [
        Leg(id=LegId(f"onward-{c['id']}"), source=PlaceId(f"gate-{c['id']}"), target=PlaceId("hotel"), minutes=0)
        for c in d["crossings"]
    ]
    return (*approaches, *onward)


def _station(service: str, known: dict[str, int], hours: int, full: int) -> Station:
    return Station(
        id=StationId(service),
        staging=PlaceId("hotel"),
        service=service,
        minutes_per_person=HOUR,
        promised_minutes=hours * HOUR,
        queue_persons_max=known["maxqueue"],
        shifts=(Shift(from_minute=0, until_minute=full, officers=known["cap"]),),
    )


def _flight(f: dict[str, int], staff: dict[str, int]) -> Flight:
    allowed: list[int] = f["allowed"]  # type: ignore[assignment]
    return Flight(
        id=MovementId(f"flight-{f['id']}"),
        airport=PlaceId(f"airport-{f['airport']}"),
        home=PlaceId("home"),
        seats=f["seats"],
        stretchers=f["stretchers"],
        departs_from_minute=f["dep"] * HOUR,
        departs_until_minute=f["dep"] * HOUR,
        boarding_minutes=6 * HOUR,
        allowed=() if len(allowed) == 10 else tuple(f"N{c:02d}" for c in allowed),
        own=(f"N{f['sponsor']:02d}",),
        own_percent_min=f["share"],
        escorts=(
            EscortRule(pool=PoolId("doctors"), per=staff["stretchers_per_doctor"], of="stretchers"),
            EscortRule(pool=PoolId("psychologists"), per=staff["cases_per_psych"], of="psychological"),
        ),
        escorts_back_minutes=staff["turnaround"] * HOUR,
    )


def _parties(f: dict[str, list[int]]) -> tuple[Party, ...]:
    return tuple(
        Party(
            id=PartyId(f"family-{i}"),
            stands="origin",
            place=PlaceId(f"origin-{f['origin'][i]}"),
            seats=size - f["stretcher"][i],
            stretchers=f["stretcher"][i],
            psychological=f["psych"][i],
            citizenships=(f"N{f['nat'][i]:02d}",),
            weight=f["weight"][i],
            waits=(Wait(stops="leave", for_what="list", until_minute=f["release"][i] * HOUR),),
            visits=tuple(
                Visit(service=service, persons=f[column][i])
                for service, column in (("medical", "med"), ("docs", "doc"))
                if f[column][i]
            ),
        )
        for i, size in enumerate(f["size"])
    )
