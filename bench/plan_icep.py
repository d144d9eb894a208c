"""Known instances of the Isolated Community Evacuation Problem, planned by `corridor.plan`, beside published routes.

    .venv/bin/python -m bench.plan_icep FOLDER [--seconds S] [--only WORD]

FOLDER has a folder an instance (input, incidences, solutions: Krutein and Goodchild). Vessels of their own speed, size,
first dock and hour take people from docks of an island to docks of the mainland. Of a `Problem` each vessel is a
fleet of one, each place on the island an origin, each vessel's mainland dock a gate, and a minute of the problem a
fifth of a real one.
What a `Problem` cannot say, so that ours has less freedom than the published routes: a vessel keeps one dock on the
mainland (the one its published route uses most), one dock at each place, is ready only for the longest of its first
ways, and ways are rounded up. The choice of the
fleet by cost is not planned: the vessels are those of the published routes, which were made for all scenarios at once.
Ours has the least person-hours that the solver finds within the time in which theirs is done, a little more where
rounding needs it. Compared are when the last one is ashore and the person-hours until everybody is. Both are timed by
`timed`, from trips and the instance alone, in exact minutes; the plan is checked by `corridor.plan.check` too.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corridor.base.ids import FleetId, LegId, PartyId, PlaceId
from corridor.base.moments import Moment
from corridor.plan.answer import Plan
from corridor.plan.check.checking import check
from corridor.plan.faults import faults
from corridor.plan.problem import Absence, Fleet, Gate, GateHours, Leg, Objective, Origin, Party, Problem, Staging
from corridor.plan.solve.solving import solve

TICKS = 5
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


def taken(islands: Islands, routes: Routes) -> Counter[str]:
    """How many each place on the island is left by."""
    found: Counter[str] = Counter()
    for trips in routes.values():
        for trip in trips:
            found[islands.place_of[trip.pickup]] += trip.persons
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """The way a vessel goes round to one place, in minutes."""

    pickup: str
    before: float
    after: float
    first: float


def rounds_of(islands: Islands, vessel: Vessel, shore: str, places: Sequence[str]) -> dict[str, _Round]:
    """Of one vessel and its dock on the mainland, the soonest round to each place that it reaches."""

    def around(dock: str) -> _Round:
        return _Round(
            pickup=dock,
            before=way_minutes(islands, shore, dock, vessel.empty_speed) + vessel.loading_minutes,
            after=way_minutes(islands, dock, shore, vessel.loaded_speed) + vessel.loading_minutes,
            first=way_minutes(islands, vessel.there, dock, vessel.empty_speed) + vessel.loading_minutes,
        )

    found: dict[str, _Round] = {}
    for dock, place in islands.place_of.items():
        if place in places and (vessel.name, dock) in islands.allowed:
            found[place] = min(
                (one for one in (found.get(place), around(dock)) if one is not None),
                key=lambda one: (one.before + one.after, one.first),
            )
    return found


def shores_of(routes: Routes) -> dict[str, str]:
    """The dock on the mainland that each vessel uses most."""
    return {name: Counter(trip.shore for trip in trips).most_common(1)[0][0] for name, trips in routes.items()}


def as_problem(islands: Islands, shores: dict[str, str], waiting: Counter[str], until_minute: float) -> Problem:
    """The vessels of `shores`, each with its dock on the mainland. Everybody is a party of one. The plan looks ahead to
    `until_minute`; the least time in danger is best."""
    places = sorted(place for place, count in waiting.items() if count)
    vessels = [vessel for vessel in islands.vessels if vessel.name in shores]
    rounds = {vessel.name: rounds_of(islands, vessel, shores[vessel.name], places) for vessel in vessels}
    every = [one for by_place in rounds.values() for one in by_place.values()]
    # Vessels lie ready at other docks than they later come from: minute 0 is early enough for any way before the first.
    lead = math.ceil(TICKS * max(one.before for one in every))
    ends = lead + math.floor(TICKS * until_minute) + 1
    legs, fleets = [], []
    for vessel in vessels:
        ready = max((one.first - one.before for one in rounds[vessel.name].values()), default=0.0) + vessel.from_minute
        out = math.ceil(lead + TICKS * ready - 1e-6)
        absent = (Absence(from_minute=0, until_minute=out, count=1),) if out > 0 else ()
        fleets.append(Fleet(id=FleetId(vessel.name), vehicles=1, seats=vessel.persons, absences=absent))
        for place, one in rounds[vessel.name].items():
            after, both = math.ceil(TICKS * one.after), math.ceil(TICKS * (one.before + one.after) - 1e-6)
            legs.append(
                Leg(
                    id=LegId(f"{vessel.name}: {place}"),
                    source=PlaceId(place),
                    target=PlaceId(shores[vessel.name]),
                    minutes=after,
                    fleets=(FleetId(vessel.name),),
                    before_minutes=max(0, both - after),
                    after_minutes=after,
                )
            )
    always = GateHours(from_minute=0, until_minute=ends, persons_per_hour=60 * waiting.total())
    return Problem(
        version=1,
        name=islands.name,
        start=Moment(0),
        slot_minutes=1,
        minutes=ends,
        origins=tuple(Origin(id=PlaceId(place)) for place in places),
        gates=tuple(Gate(id=PlaceId(shore), hours=(always,)) for shore in sorted(set(shores.values()))),
        legs=tuple(legs),
        fleets=tuple(fleets),
        pools=(),
        stagings=(Staging(id=PlaceId("mainland")),),
        stations=(),
        airports=(),
        flights=(),
        parties=tuple(
            Party(id=PartyId(f"{place} {number}"), stands="origin", place=PlaceId(place), seats=1)
            for place in places
            for number in range(waiting[place])
        ),
        objective=Objective(staging_person_hours=0, last_departure_hours=0),
    )


def routes_of(islands: Islands, problem: Problem, plan: Plan) -> Routes:
    """The trips of a plan, vessel by vessel in the order they leave; ValueError where the plan is broken."""
    if broken := check(problem, plan):
        raise ValueError(f"{problem.name}: the plan is broken: {broken[0]}")
    legs = {leg.id: leg for leg in problem.legs}
    vessels = {vessel.name: vessel for vessel in islands.vessels}
    places = [origin.id for origin in problem.origins]
    routes: Routes = {}
    for convoy in sorted(plan.convoys, key=lambda one: one.departs_minute):
        leg = legs[convoy.leg]
        name = str(leg.fleets[0])
        pickup = rounds_of(islands, vessels[name], leg.target, places)[leg.source].pickup
        routes.setdefault(name, []).append(Trip(pickup=pickup, shore=leg.target, persons=len(convoy.aboard)))
    return routes


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
    began = time.process_time()
    # Each trip is rounded up by less than two minutes of the problem: within so much more time, theirs is a plan too.
    rounded = 2 * max(len(trips) for trips in theirs.values()) + 2
    for more in (0.0, 0.5, 1.0):
        problem = as_problem(islands, shores_of(theirs), waiting, last + more * rounded / TICKS)
        if wrong := next(faults(problem), None):
            raise ValueError(f"{islands.name}: {wrong}")
        ours = routes_of(islands, problem, solve(problem, seconds=seconds, seed=1, clock=time.process_time))
        left = (waiting - taken(islands, ours)).total()
        if not left:
            break
    spent = time.process_time() - began
    by, together = timed(islands, ours)
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
