"""Problems as they happen, made from a seed: families, needs, nightly lists, buses, gates, desks, beds and flights.

docs/reference/plan.md describes what is drawn and how; nothing here is taken from one operation.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import FleetId, LegId, MovementId, PartyId, PlaceId, PoolId, StationId
from corridor.base.moments import Moment
from corridor.plan.problem import (
    VERSION,
    Airport,
    Bond,
    EscortRule,
    Fleet,
    Flight,
    Gate,
    GateHours,
    Hazard,
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
)

Room = Literal["tight", "loose"]
Escorts = Literal["ample", "scarce"]

HOUR, DAY = 60, 24 * 60
SIZES = (10, 10, 12, 15, 16, 14, 11, 7, 3, 2)
"""Of a hundred families so many have 1, 2, 3, ... people: 4.7 on average."""
CITIZENSHIPS = (("RUS", 34), ("PSE", 17), ("KAZ", 12), ("BLR", 9), ("UKR", 7), ("MDA", 6), ("KGZ", 5), ("UZB", 4))
OTHERS = (("SRB", 3), ("ARM", 3))
"""Citizenships that some flights do not take."""
AIRCRAFT = ((30, 1, 2), (76, 3, 4), (120, 2, 10), (184, 5, 4), (298, 2, 6))
"""Seats of an aircraft, how often it comes, its stretchers."""
STAGING, HOME = PlaceId("staging"), PlaceId("home")
GATE_OPENS, GATE_CLOSES = 6 * HOUR, 19 * HOUR


@dataclass(frozen=True, slots=True)
class _Size:
    """How large an instance of so many people is."""

    people: int
    days: int
    gates: int
    origins: int
    lists: int
    """Nights on which a list comes out, from the one before the first day on."""


def generate(people: int, seed: int, room: Room = "tight", escorts: Escorts = "ample") -> Problem:
    """An instance of that many people (or up to nine more); the same for the same arguments.

    `tight` has about an eighth more room than the people need on the days that are left to them, `loose` about three
    quarters more. With `scarce` escorts few convoys can be out at once, with `ample` as many as there are buses.
    """
    rng = random.Random(seed * 1_000_003 + people)
    size = _size(people)
    parties = tuple(_parties(rng, size))
    factor = 1.12 if room == "tight" else 1.75
    legs, fleets, pools = _convoys(rng, size, parties, factor, escorts)
    doctors = max(2, round(people / 2500)) if size.days > 4 else 2
    psychologists = max(2, round(people / 3500))
    return Problem(
        version=VERSION,
        name=f"generated-{people}-{seed}-{room}-{escorts}",
        start=Moment(0),
        slot_minutes=HOUR,
        minutes=size.days * DAY,
        origins=tuple(_origin(rng, size, number) for number in range(size.origins)),
        gates=tuple(_gate(size, number, factor) for number in range(size.gates)),
        legs=legs,
        fleets=fleets,
        pools=(
            *pools,
            Pool(id=PoolId("doctors"), count=doctors),
            Pool(id=PoolId("psychologists"), count=psychologists),
        ),
        stagings=(Staging(id=STAGING, beds=round(people * 0.2 * factor) + 12),),
        stations=tuple(_stations(size, parties, factor)),
        airports=(Airport(id=PlaceId("airport"), staging=STAGING, minutes=HOUR),),
        flights=tuple(_flights(rng, size, factor)),
        parties=parties,
    )


def _size(people: int) -> _Size:
    if people <= 500:
        return _Size(people, days=4, gates=1, origins=3, lists=3)
    if people <= 5_000:
        return _Size(people, days=6, gates=1, origins=4, lists=4)
    if people <= 50_000:
        return _Size(people, days=10, gates=2, origins=6, lists=7)
    return _Size(people, days=20, gates=6, origins=15, lists=15)


def _drawn(rng: random.Random, chances: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([one for one, _ in chances], [weight for _, weight in chances])[0]


def _parties(rng: random.Random, size: _Size) -> list[Party]:
    """Families until there are enough people. Origins and early lists have more than later ones."""
    found: list[Party] = []
    count = 0
    origins = [1 / (1 + number * 0.6) for number in range(size.origins)]
    nights = [1 / (1 + number * 0.25) for number in range(size.lists)]
    while count < size.people:
        persons = rng.choices(range(1, len(SIZES) + 1), SIZES)[0]
        origin = rng.choices(range(size.origins), origins)[0]
        night = rng.choices(range(size.lists), nights)[0]
        party = _party(rng, len(found), persons, PlaceId(f"origin-{origin + 1}"), night)
        alike = [other for other in found[-30:] if other.place == party.place] if rng.random() < 0.02 else []
        if alike:
            kind: Literal["guardian", "will_not_travel_without"] = (
                "guardian" if rng.random() < 0.3 else "will_not_travel_without"
            )
            bond = Bond(party=rng.choice(alike).id, kind=kind)
            party = _bonded(party, bond)
        found.append(party)
        count += persons
    return found


def _bonded(party: Party, bond: Bond) -> Party:
    return Party(**{field: getattr(party, field) for field in party.__struct_fields__} | {"bonds": (bond,)})


def _party(rng: random.Random, number: int, persons: int, origin: PlaceId, night: int) -> Party:
    stretcher = 1 if rng.random() < 0.025 else 0
    wheelchair = 1 if not stretcher and persons > 1 and rng.random() < 0.03 else 0
    infant = 1 if persons - stretcher - wheelchair >= 2 and rng.random() < 0.2 else 0
    medical = max(stretcher, 1 if rng.random() < 0.12 else 0)
    psychological = 1 if rng.random() < 0.05 else 0
    papers = rng.randint(1, persons) if rng.random() < 0.14 else 0
    visits = [Visit(service="medical", persons=medical)] if medical else []
    visits += [Visit(service="documents", persons=papers)] if papers else []
    waits = [Wait(stops="leave", for_what="list", until_minute=6 * HOUR + night * DAY)]
    if rng.random() < 0.01:
        waits.append(Wait(stops="fly", for_what="hold", until_minute=(night + rng.randint(1, 3)) * DAY))
    weight = 5 if stretcher else 3 if medical or psychological else 2 if infant or rng.random() < 0.3 else 1
    return Party(
        id=PartyId(f"party-{number + 1}"),
        stands="origin",
        place=origin,
        seats=persons - stretcher - wheelchair - infant,
        laps=infant,
        stretchers=stretcher,
        wheelchairs=wheelchair,
        medical=medical,
        psychological=psychological,
        citizenships=(_drawn(rng, (*CITIZENSHIPS, *OTHERS)),),
        weight=weight,
        waits=tuple(waits),
        permit_minutes=3 * DAY,
        visits=tuple(visits),
        show_up_percent=rng.choice((90, 95, 98, 100)),
    )


def _origin(rng: random.Random, size: _Size, number: int) -> Origin:
    """Every second origin is shelled at two times, when an hour there counts half as much again."""
    begins = [rng.randrange(size.days) * DAY + rng.randrange(0, 20) * HOUR for _ in range(2)] if number % 2 else []
    hazards: list[Hazard] = []
    for begin in sorted(begins):
        if not hazards or begin >= hazards[-1].until_minute:
            hazards.append(Hazard(from_minute=begin, until_minute=begin + 4 * HOUR, percent=150))
    return Origin(id=PlaceId(f"origin-{number + 1}"), hazards=tuple(hazards))


def _gate(size: _Size, number: int, factor: float) -> Gate:
    hours_open = (GATE_CLOSES - GATE_OPENS) // HOUR
    crossing_days = size.lists + (size.days - size.lists) / 3
    rate = max(24, round(size.people * factor * 1.3 / (size.gates * crossing_days * hours_open)))
    return Gate(
        id=PlaceId(f"gate-{number + 1}"),
        hours=tuple(
            GateHours(from_minute=day * DAY + GATE_OPENS, until_minute=day * DAY + GATE_CLOSES, persons_per_hour=rate)
            for day in range(size.days)
        ),
        holding_persons_max=max(60, 3 * rate),
    )


def _convoys(
    rng: random.Random, size: _Size, parties: tuple[Party, ...], factor: float, escorts: Escorts
) -> tuple[tuple[Leg, ...], tuple[Fleet, ...], tuple[Pool, ...]]:
    """Every origin has one way to a gate, two to five hours long. Each gate has its own buses, ambulances, guards."""
    legs: list[Leg] = []
    hours = [rng.randint(2, 5) for _ in range(size.origins)]
    for number, travel in enumerate(hours):
        gate = number % size.gates
        legs.append(
            Leg(
                id=LegId(f"road-{number + 1}"),
                source=PlaceId(f"origin-{number + 1}"),
                target=PlaceId(f"gate-{gate + 1}"),
                minutes=travel * HOUR,
                fleets=(FleetId(f"buses-{gate + 1}"), FleetId(f"ambulances-{gate + 1}")),
                before_minutes=(travel + 1) * HOUR,
                after_minutes=(travel + 1) * HOUR,
                vehicles_max=12,
                escorts=(EscortRule(pool=PoolId(f"guards-{gate + 1}"), at_least=1),),
            )
        )
    fleets: list[Fleet] = []
    pools: list[Pool] = []
    for gate in range(size.gates):
        of_gate = {
            f"origin-{number + 1}": hours[number] for number in range(size.origins) if number % size.gates == gate
        }
        coming = [party for party in parties if party.place in of_gate]
        bus_hours = sum(party.seats * 2 * (of_gate[party.place] + 1) for party in coming) / (48 * 0.9)
        buses = max(2, round(bus_hours * factor / (15 * (size.lists + 0.5))))
        lying = sum(party.stretchers * 2 * (of_gate[party.place] + 1) for party in coming)
        ambulances = max(1, round(lying * factor / (15 * (size.lists + 0.5))))
        guards = buses if escorts == "ample" else max(1, round(buses / 5))
        fleets.append(Fleet(id=FleetId(f"buses-{gate + 1}"), vehicles=buses, seats=48, wheelchairs=2))
        fleets.append(Fleet(id=FleetId(f"ambulances-{gate + 1}"), vehicles=ambulances, seats=1, stretchers=2))
        pools.append(Pool(id=PoolId(f"guards-{gate + 1}"), count=guards + ambulances * (escorts == "ample")))
        legs.append(
            Leg(id=LegId(f"onward-{gate + 1}"), source=PlaceId(f"gate-{gate + 1}"), target=STAGING, minutes=5 * HOUR)
        )
    return tuple(legs), tuple(fleets), tuple(pools)


def _stations(size: _Size, parties: tuple[Party, ...], factor: float) -> list[Station]:
    """A medical post, always open, and a documents desk, open from 6 to 22; each as large as its work."""
    found = []
    for service, minutes, opens, closes in (("medical", 30, 0, DAY), ("documents", 20, 6 * HOUR, 22 * HOUR)):
        work = minutes * sum(visit.persons for party in parties for visit in party.visits if visit.service == service)
        officers = max(1, round(work * factor * 1.5 / ((size.lists + 1) * (closes - opens))))
        shifts = tuple(
            Shift(from_minute=day * DAY + opens, until_minute=day * DAY + closes, officers=officers)
            for day in range(size.days + 1)
        )
        found.append(
            Station(
                id=StationId(service),
                staging=STAGING,
                service=service,
                minutes_per_person=minutes,
                promised_minutes=6 * HOUR if service == "medical" else 12 * HOUR,
                queue_persons_max=max(12, officers * 360 // minutes),
                shifts=shifts,
            )
        )
    return found


def _flights(rng: random.Random, size: _Size, factor: float) -> list[Flight]:
    """Aircraft until there are seats enough, evenly spread from the second afternoon to the last evening."""
    seats_wanted = size.people * (1 + (factor - 1) * 0.8) + 60
    kinds: list[tuple[int, int]] = []
    while sum(seats for seats, _ in kinds) < seats_wanted:
        fits = [one for one in AIRCRAFT if one[0] <= max(30, size.people / 3)]
        seats, _, stretchers = rng.choices(fits, [one[1] for one in fits])[0]
        kinds.append((seats, stretchers))
    first, last = 20 * HOUR, size.days * DAY - 3 * HOUR
    step = (last - first) / max(1, len(kinds) - 1)
    return [
        _flight(rng, number, round((first + number * step) / HOUR) * HOUR, seats, stretchers)
        for number, (seats, stretchers) in enumerate(kinds)
    ]


def _flight(rng: random.Random, number: int, departs: int, seats: int, stretchers: int) -> Flight:
    """A third has a share for the sponsor's own, a tenth keeps seats for a partner, a tenth takes not everybody."""
    own = rng.choices((0, 50, 70), (65, 20, 15))[0]
    offers: tuple[Offer, ...] = ()
    if not own and rng.random() < 0.15:
        offers = (Offer(citizenships=("KAZ",), seats=seats // 5, answer=rng.choice(("open", "taken", "declined"))),)
    return Flight(
        id=MovementId(f"flight-{number + 1}"),
        airport=PlaceId("airport"),
        home=HOME,
        seats=seats,
        stretchers=stretchers,
        wheelchairs=4,
        departs_from_minute=departs,
        departs_until_minute=departs,
        boarding_minutes=2 * HOUR,
        own=("RUS", "PSE"),
        own_percent_min=own,
        allowed=tuple(code for code, _ in CITIZENSHIPS) if rng.random() < 0.1 else (),
        offers=offers,
        escorts=(
            EscortRule(pool=PoolId("doctors"), per=3, of="stretchers"),
            EscortRule(pool=PoolId("psychologists"), per=12, of="psychological"),
        ),
        escorts_back_minutes=DAY,
    )
