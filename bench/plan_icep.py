"""Known instances of the Isolated Community Evacuation Problem, planned by `corridor.plan`, beside published routes.

    .venv/bin/python -m bench.plan_icep FOLDER [--seconds S] [--only WORD]

FOLDER has a folder an instance (input, incidences, solutions: Krutein and Goodchild). Vessels of their own speed, size,
first dock and hour take people from docks of an island to docks of the mainland. `corridor.plan.ferries` looks for the
fewest person-hours within the time in which the published routes are done. The choice of the fleet by cost is not
planned: the vessels are those of the published routes, which were made for all scenarios at once.
Compared are when the last one is ashore and the person-hours until everybody is. Both are timed by `timed`, from trips
and the instance alone, in exact minutes. The routes are a plan of a `Problem`, too, which `corridor.plan.check` proves:
nobody twice, no vessel too full or at two places at once. In that plan ways are rounded up to a tenth of a minute.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corridor.base.ids import FleetId, LegId, MovementId, PartyId, PlaceId, VehicleId
from corridor.base.moments import Moment
from corridor.plan.answer import Aboard, Convoy, Plan, Vehicle, Way
from corridor.plan.check.checking import check
from corridor.plan.ferries.problem import FAR, Carried, Ferries, Ferry
from corridor.plan.ferries.search import ferry_over
from corridor.plan.finish import finished
from corridor.plan.problem import Absence, Fleet, Gate, GateHours, Leg, Objective, Origin, Party, Problem, Staging

TICKS = 10
"""Minutes of the problem in a real minute: trips are no whole minutes, and dozens follow each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """Speeds in miles an hour of the distances' miles, times in minutes; `there` is its first dock."""

    name: str
    persons: int
    empty_speed: float
    loaded_speed: float
    loading_minutes: float
    from_minute: float
    there: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """From a dock of the island to one of the mainland, with so many."""

    pickup: str
    shore: str
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Islands:
    """One instance: its vessels, the docks each may use, the place of every dock, and the ways between docks."""

    name: str
    vessels: tuple[Vessel, ...]
    allowed: frozenset[tuple[str, str]]
    place_of: dict[str, str]
    shores: tuple[str, ...]
    miles: dict[tuple[str, str], float]


Routes = dict[str, list[Trip]]
"""The trips of each vessel, in order."""


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table, without the spaces around its words."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [
            {(key or "").strip(): (word or "").strip() for key, word in row.items()} for row in csv.DictReader(file)
        ]


def read_islands(folder: Path) -> Islands:
    """The vessels, docks and ways of one instance; ValueError where a file of it is not there."""
    here = {path.name.lower(): path for path in folder.iterdir()}
    if missing := {"input", "incidences"} - here.keys():
        raise ValueError(f"{folder}: there is no folder {', '.join(sorted(missing))}")
    entered, ways = here["input"], here["incidences"]
    first = {row["Vessel"]: row["Dock"] for row in rows(entered / "initial vessel docks.csv")}
    places = {row["Dock"]: row["Location"] for row in rows(entered / "island docks.csv")}
    shores = tuple(row["Dock"] for row in rows(entered / "mainland docks.csv"))
    allowed: set[tuple[str, str]] = set()
    for row in rows(entered / "vessel compatibility.csv"):
        if "Resource" in row:
            if row["Compatibility"] == "1":
                allowed.add((row["Resource"], row["Dock"]))
        else:
            allowed.update((vessel, row[""]) for vessel, word in row.items() if vessel and word == "1")
    miles: dict[tuple[str, str], float] = {}
    for path in sorted(ways.glob("*.csv")):
        for row in rows(path):
            if "Distance" in row:
                miles[row["Origin"], row["Destination"]] = float(row["Distance"])
    return Islands(
        name=folder.name,
        vessels=tuple(
            Vessel(
                name=row["Vessel_name"],
                persons=int(row["max_cap"]),
                empty_speed=float(row["vmax"]),
                loaded_speed=float(row["v_loaded"]),
                loading_minutes=float(row["loading time"]),
                from_minute=float(row["time to availability"]),
                there=first[row["Vessel_name"]],
            )
            for row in rows(entered / "vessels.csv")
        ),
        allowed=frozenset(allowed),
        place_of=places,
        shores=shores,
        miles=miles,
    )


def published(path: Path) -> Routes:
    """The trips of a published plan: a row without people is a way to a dock, the next one the trip from it."""
    routes: Routes = {}
    for row in rows(path):
        if float(row["evacuees"]) > 0:
            trip = Trip(pickup=row["origin"], shore=row["destination"], persons=round(float(row["evacuees"])))
            routes.setdefault(row["resource_id"], []).append(trip)
    return routes


def way_minutes(islands: Islands, source: str, target: str, speed: float) -> float:
    """How long a way between two docks takes."""
    return 0.0 if source == target else islands.miles[source, target] * 60 / speed


def timed(islands: Islands, routes: Routes) -> tuple[float, float]:
    """When the last one is ashore, in minutes, and the hours of all persons until they are; ValueError where a vessel
    has more aboard than it takes, or lies at a dock it may not use."""
    vessels = {vessel.name: vessel for vessel in islands.vessels}
    latest = together = 0.0
    for name, trips in routes.items():
        vessel, clock, at = vessels[name], vessels[name].from_minute, vessels[name].there
        for trip in trips:
            if not 0 < trip.persons <= vessel.persons:
                raise ValueError(f"{name} takes {vessel.persons} and has {trip.persons} aboard")
            if not {(name, trip.pickup), (name, trip.shore)} <= islands.allowed:
                raise ValueError(f"{name} may not lie at {trip.pickup} or {trip.shore}")
            clock += way_minutes(islands, at, trip.pickup, vessel.empty_speed) + vessel.loading_minutes
            clock += way_minutes(islands, trip.pickup, trip.shore, vessel.loaded_speed) + vessel.loading_minutes
            at = trip.shore
            latest, together = max(latest, clock), together + trip.persons * clock / 60
    return latest, together


def loads_of(islands: Islands, routes: Routes) -> dict[str, int]:
    """How many each vessel of the routes takes. Where none of them ever has as many aboard as the input says while
    each leaves people for later trips, the routes were made for smaller vessels: then the most that each has aboard."""
    entered = {vessel.name: vessel.persons for vessel in islands.vessels}
    most = {name: max(trip.persons for trip in trips) for name, trips in routes.items()}
    smaller = all(2 * most[name] < entered[name] for name in routes)
    return {name: most[name] if smaller else entered[name] for name in routes}


def taken(islands: Islands, routes: Routes) -> Counter[str]:
    """How many each place on the island is left by."""
    found: Counter[str] = Counter()
    for trips in routes.values():
        for trip in trips:
            found[islands.place_of[trip.pickup]] += trip.persons
    return found


def docks_of(islands: Islands, waiting: Counter[str]) -> list[str]:
    """The docks of the places where anybody waits."""
    return [dock for dock, place in islands.place_of.items() if waiting[place]]


def ferries_of(islands: Islands, seats: dict[str, int], waiting: Counter[str], until_minute: float) -> Ferries:
    """The vessels of `seats`, at their docks, for `corridor.plan.ferries`; places in the order of their names."""
    places, docks = sorted(waiting), docks_of(islands, waiting)

    def way(vessel: Vessel, source: str, target: str, speed: float) -> float:
        free = {source, target} - {vessel.there} <= {dock for name, dock in islands.allowed if name == vessel.name}
        known = source == target or (source, target) in islands.miles
        return way_minutes(islands, source, target, speed) + vessel.loading_minutes if free and known else FAR

    return Ferries(
        ferries=tuple(
            Ferry(
                seats=seats[vessel.name],
                from_minute=vessel.from_minute,
                first=tuple(way(vessel, vessel.there, dock, vessel.empty_speed) for dock in docks),
                out=tuple(
                    tuple(way(vessel, shore, dock, vessel.empty_speed) for dock in docks) for shore in islands.shores
                ),
                home=tuple(
                    tuple(way(vessel, dock, shore, vessel.loaded_speed) for shore in islands.shores) for dock in docks
                ),
            )
            for vessel in islands.vessels
            if vessel.name in seats
        ),
        waiting=tuple(waiting[place] for place in places),
        place_of=tuple(places.index(islands.place_of[dock]) for dock in docks),
        until_minute=until_minute,
    )


def crossed(islands: Islands, seats: dict[str, int], waiting: Counter[str], found: list[list[Carried]]) -> Routes:
    """What the search found, by names."""
    vessels = [vessel.name for vessel in islands.vessels if vessel.name in seats]
    docks = docks_of(islands, waiting)
    return {
        name: [
            Trip(pickup=docks[one.call.dock], shore=islands.shores[one.call.shore], persons=one.persons)
            for one in carried
        ]
        for name, carried in zip(vessels, found, strict=True)
        if carried
    }


def as_planned(islands: Islands, routes: Routes, waiting: Counter[str]) -> tuple[Problem, Plan]:
    """Routes as a plan of a `Problem`, for the checker. Of it each vessel is a fleet of one, each place an origin, each
    shore a gate, each way that a vessel takes round from where it lies a leg, and a minute a tenth of one. Everybody is
    a party of one."""
    vessels = {vessel.name: vessel for vessel in islands.vessels}
    legs: dict[LegId, Leg] = {}
    everybody = {
        place: [
            Party(id=PartyId(f"{place} {number}"), stands="origin", place=PlaceId(place), seats=1)
            for number in range(count)
        ]
        for place, count in sorted(waiting.items())
    }
    runs: list[tuple[int, LegId, FleetId, Trip]] = []
    for name, trips in routes.items():
        vessel, at = vessels[name], vessels[name].there
        clock = math.ceil(TICKS * vessel.from_minute)
        for trip in trips:
            before = way_minutes(islands, at, trip.pickup, vessel.empty_speed) + vessel.loading_minutes
            after = way_minutes(islands, trip.pickup, trip.shore, vessel.loaded_speed) + vessel.loading_minutes
            leg = Leg(
                id=LegId(f"{name}: {at}, {trip.pickup}, {trip.shore}"),
                source=PlaceId(islands.place_of[trip.pickup]),
                target=PlaceId(trip.shore),
                minutes=math.ceil(TICKS * after),
                fleets=(FleetId(name),),
                before_minutes=math.ceil(TICKS * before),
                after_minutes=math.ceil(TICKS * after),
            )
            legs[leg.id] = leg
            runs.append((clock + leg.before_minutes, leg.id, FleetId(name), trip))
            clock, at = clock + leg.before_minutes + leg.after_minutes, trip.shore
    ends = max(minute + legs[leg].after_minutes for minute, leg, _, _ in runs) + 1
    always = GateHours(from_minute=0, until_minute=ends, persons_per_hour=60 * waiting.total())
    problem = Problem(
        version=1,
        name=islands.name,
        start=Moment(0),
        slot_minutes=1,
        minutes=ends,
        origins=tuple(Origin(id=PlaceId(place)) for place in sorted(waiting)),
        gates=tuple(Gate(id=PlaceId(shore), hours=(always,)) for shore in islands.shores),
        legs=tuple(legs.values()),
        fleets=tuple(
            Fleet(
                id=FleetId(name),
                vehicles=1,
                seats=vessels[name].persons,
                absences=(Absence(from_minute=0, until_minute=math.ceil(TICKS * vessels[name].from_minute), count=1),),
            )
            for name in routes
        ),
        pools=(),
        stagings=(Staging(id=PlaceId("mainland")),),
        stations=(),
        airports=(),
        flights=(),
        parties=tuple(party for of in everybody.values() for party in of),
        objective=Objective(staging_person_hours=0, last_departure_hours=0),
    )
    return problem, _plan(problem, sorted(runs, key=lambda run: (run[0], run[1])), everybody)


def _plan(problem: Problem, runs: list[tuple[int, LegId, FleetId, Trip]], everybody: dict[str, list[Party]]) -> Plan:
    """Who waits at a place goes with the trips from it, in the order they leave."""
    legs = {leg.id: leg for leg in problem.legs}
    left = {PlaceId(place): iter(of) for place, of in everybody.items()}
    convoys, ways = [], []
    for number, (minute, of, fleet, trip) in enumerate(runs):
        leg, id = legs[of], MovementId(f"trip-{number}")
        parties = list(islice(left[leg.source], trip.persons))
        vehicle = VehicleId(fleet)
        convoys.append(
            Convoy(
                id=id,
                leg=leg.id,
                departs_minute=minute,
                vehicles=(Vehicle(id=vehicle, fleet=fleet),),
                aboard=tuple(Aboard(party=party.id, vehicle=vehicle, seats=1) for party in parties),
            )
        )
        ways += [
            Way(party=party.id, approach=id, gate=leg.target, crosses_minute=minute + leg.minutes) for party in parties
        ]
    return finished(problem, convoys=convoys, flights=(), ways=ways, made_by="ferries", seed=1)


def known(folder: Path) -> Iterator[tuple[Islands, Path]]:
    """Every instance with each of its published route plans."""
    for path in sorted(folder.glob("*/[Ss]olution*/*route_plan*.csv")):
        yield read_islands(path.parent.parent), path


def compared(islands: Islands, theirs: Routes, seconds: float) -> str:
    """What is printed of one published plan and ours with the same vessels and people."""
    if not theirs:
        raise ValueError("nobody is carried")
    last, hours = timed(islands, theirs)
    waiting = taken(islands, theirs)
    seats = loads_of(islands, theirs)
    began = time.process_time()
    problem = ferries_of(islands, seats, waiting, last)
    rounds, over = 10**9, (lambda: time.process_time() - began > seconds)
    ours = crossed(islands, seats, waiting, ferry_over(problem, random.Random(1), rounds=rounds, stop=over))
    spent = time.process_time() - began
    by, together = timed(islands, ours)
    if broken := check(*as_planned(islands, ours, waiting)):
        raise ValueError(f"our plan is broken: {broken[0]}")
    left = (waiting - taken(islands, ours)).total()
    return f"{waiting.total():>6} {left:>4} {by:>8.2f} {last:>8.2f} {together:>9.1f} {hours:>9.1f} {spent:>6.1f}"


def main() -> None:
    """Print one line a published plan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    words = f"{'people':>6} {'left':>4} {'last':>8} {'theirs':>8} {'hours':>9} {'theirs':>9} {'CPU s':>6}"
    print(f"{'published plan':<52} {words}")
    for islands, path in known(arguments.folder):
        name = f"{islands.name}/{re.sub('route_plan_|.csv', '', path.name)}"
        if arguments.only not in name:
            continue
        try:
            line = compared(islands, published(path), arguments.seconds)
        except ValueError as wrong:
            line = f"not comparable: {wrong}"
        print(f"{name[:52]:<52} {line}", flush=True)


if __name__ == "__main__":
    main()
