"""The known Bus Evacuation instances, solved by `corridor.plan.solve.shuttles` and compared with published values.

    .venv/bin/python -m bench.plan_buses FOLDER [--rounds N]

FOLDER has `rand/set*/*.txt` and `published/*.csv`. Routes are checked and timed here, by nothing the solver has.
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


def main() -> None:
    """Print one line an instance and one that sums up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=1_000_000)
    arguments = parser.parse_args()
    cplex, grasp = published(arguments.folder / "published")
    against: dict[str, Counter[str]] = {"CPLEX": Counter(), "GRASP": Counter()}
    print(f"{'instance':<16} {'ours':>5} {'bound':>5} {'CPLEX':>5} {'GRASP':>5} {'CPU s':>6}")
    for path in sorted((arguments.folder / "rand").glob("*/*.txt")):
        problem = read_shuttles(path)
        began = time.process_time()
        value = checked(problem, shuttle(problem, random.Random(1), rounds=arguments.rounds))
        spent = time.process_time() - began
        words = re.fullmatch(r"BEP-1-(\d+)-.*-i(\d+)", path.stem)
        theirs = {
            "CPLEX": cplex.get((int(words[1]), int(words[2]))) if words else None,
            "GRASP": grasp.get(path.stem, grasp.get(path.name)),
        }
        for name, other in theirs.items():
            if other is not None:
                against[name]["better" if value < other else "equal" if value == other else "worse"] += 1
        shown = " ".join(f"{'-' if other is None else other:>5}" for other in theirs.values())
        print(f"{path.stem:<16} {value:>5} {at_least(problem):>5} {shown} {spent:>6.1f}", flush=True)
    for name, counts in against.items():
        print(f"against {name}: {counts['better']} better, {counts['equal']} equal, {counts['worse']} worse")


if __name__ == "__main__":
    main()
