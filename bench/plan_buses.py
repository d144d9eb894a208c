"""The known Bus Evacuation instances, solved by `corridor.plan.solve.shuttles` and compared with published values.

    .venv/bin/python -m bench.plan_buses FOLDER [--rounds N]

FOLDER has `rand/set*/*.txt` and `published/*.csv`. Routes are checked and timed here, by nothing the solver has. Where
a published value is better than ours, an exhaustive search says whether anything is: a value below what is possible
was not of this file.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import time
from collections import Counter
from pathlib import Path

from corridor.plan.solve.shuttles import Routes, Shuttles, at_least, shuttle


def read_shuttles(path: Path) -> Shuttles:
    """One instance. Lines: buses and their capacity in loads; yards and buses at each; pickups, all loads, loads at
    each; shelters, all room, room of each; the yard's distances to pickups; each pickup's distances to shelters."""
    lines = [[int(word) for word in line.split()] for line in path.read_text().splitlines() if line.strip()]
    (buses, capacity), yards = lines[0], lines[1]
    if capacity != 1 or yards[0] != 1:
        raise ValueError(f"{path}: one yard and buses of one load are expected, not {yards[0]} and {capacity}")
    pickups, shelters = lines[2][0], lines[3][0]
    return Shuttles(
        buses=buses,
        waiting=tuple(lines[2][2 : 2 + pickups]),
        room=tuple(lines[3][2 : 2 + shelters]),
        from_yard=tuple(lines[4][1 : 1 + pickups]),
        between=tuple(tuple(row[1 : 1 + shelters]) for row in lines[5 : 5 + pickups]),
    )


def checked(problem: Shuttles, routes: Routes) -> int:
    """When the last load is in; ValueError where a load is not taken, a shelter overfull or a bus too many."""
    taken = Counter(pickup for route in routes for pickup, _ in route)
    filled = Counter(shelter for route in routes for _, shelter in route)
    if any(taken[pickup] != count for pickup, count in enumerate(problem.waiting)) or len(routes) > problem.buses:
        raise ValueError("a load is left, taken twice, or on a bus there is not")
    if any(filled[shelter] > room for shelter, room in enumerate(problem.room)):
        raise ValueError("a shelter has more loads than room")
    latest = 0
    for route in routes:
        clock = 0
        for number, (pickup, shelter) in enumerate(route):
            before = route[number - 1][1] if number else None
            clock += problem.from_yard[pickup] if before is None else problem.between[pickup][before]
            clock += problem.between[pickup][shelter]
        latest = max(latest, clock)
    return latest


def possible(problem: Shuttles, limit: int, *, states: int = 2_000_000) -> bool | None:
    """Whether routes are done by `limit`, by trying them all, bus after bus; None after so many states."""
    seen: set[tuple[int, int, int, tuple[int, ...], tuple[int, ...]]] = set()

    def done(bus: int, at: int, clock: int, waiting: tuple[int, ...], room: tuple[int, ...]) -> bool:
        """Whether this bus, at a shelter (-1: the yard) at that time, and those after it take all that is waiting."""
        if not any(waiting):
            return True
        state = (bus, at, clock, waiting, room)
        if state in seen or len(seen) > states:
            return False
        seen.add(state)
        for pickup, count in enumerate(waiting):
            out = problem.from_yard[pickup] if at < 0 else problem.between[pickup][at]
            for shelter, free in enumerate(room):
                by = clock + out + problem.between[pickup][shelter]
                if count and free and by <= limit:
                    rest = (*waiting[:pickup], count - 1, *waiting[pickup + 1 :])
                    if done(bus, shelter, by, rest, (*room[:shelter], free - 1, *room[shelter + 1 :])):
                        return True
        return bus + 1 < problem.buses and done(bus + 1, -1, 0, waiting, room)

    found = done(0, -1, 0, problem.waiting, problem.room)
    return None if not found and len(seen) > states else found


def published(folder: Path) -> tuple[dict[tuple[int, int], int], dict[str, int]]:
    """CPLEX's values by set and number, and the best of GRASP's by file name."""
    cplex: dict[tuple[int, int], int] = {}
    for row in csv.reader((folder / "cplex_results.csv").open(), delimiter=";"):
        if row and row[0].isdigit() and row[2].isdigit():
            cplex[int(row[0]), int(row[1])] = int(row[2])
    grasp: dict[str, int] = {}
    for row in csv.reader((folder / "grasp_results_random.csv").open(), delimiter=";"):
        if row and row[0].isdigit():
            grasp[row[1]] = min(int(row[6]), grasp.get(row[1], int(row[6])))
    return cplex, grasp


VERDICTS = ("better", "equal", "worse", "impossible")


def judged(ours: int, theirs: int, beaten: bool | None) -> str:
    """Which of `VERDICTS` it is; `beaten` says whether anything below ours is possible (None: not known)."""
    if theirs < ours:
        return "impossible" if beaten is False else "worse"
    return "equal" if theirs == ours else "better"


def main() -> None:
    """Print one line an instance and one that sums up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=1_000_000)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    cplex, grasp = published(arguments.folder / "published")
    against: dict[str, Counter[str]] = {"CPLEX": Counter(), "GRASP": Counter()}
    print(f"{'instance':<16} {'ours':>5} {'bound':>5} {'CPLEX':>5} {'GRASP':>5} {'CPU s':>6}")
    for path in sorted((arguments.folder / "rand").glob("*/*.txt")):
        if arguments.only not in path.stem:
            continue
        problem = read_shuttles(path)
        began = time.process_time()
        value = checked(problem, shuttle(problem, random.Random(1), rounds=arguments.rounds))
        spent = time.process_time() - began
        words = re.fullmatch(r"BEP-1-(\d+)-.*-i(\d+)", path.stem)
        theirs = {
            "CPLEX": cplex.get((int(words[1]), int(words[2]))) if words else None,
            "GRASP": grasp.get(path.stem, grasp.get(path.name)),
        }
        best = min((other for other in theirs.values() if other is not None), default=value)
        beaten = possible(problem, value - 1) if best < value else None
        note = " nothing below ours is possible" if beaten is False else ""
        for name, other in theirs.items():
            if other is not None:
                against[name][judged(value, other, beaten)] += 1
        shown = " ".join(f"{'-' if other is None else other:>5}" for other in theirs.values())
        print(f"{path.stem:<16} {value:>5} {at_least(problem):>5} {shown} {spent:>6.1f}{note}", flush=True)
    for name, counts in against.items():
        print(f"against {name}: " + ", ".join(f"{counts[word]} {word}" for word in VERDICTS))


if __name__ == "__main__":
    main()
