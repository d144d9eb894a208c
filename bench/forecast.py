"""How fast futures of a road are walked, beside SimPy on the same road in the same run: `python -m bench.forecast`.

The road: families over five days, crossing by day with closures, medical for a fifth, documents, buses of 50, aircraft
of 150. Every replication is a fresh draw; drawing counts for Corridor's engines and is given to SimPy for nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from tests.forecast.roads import the_road

from bench import simpy_road
from bench.measuring import Cost, Costs, measured, number, table
from corridor.forecast import engine, events, recursion
from corridor.forecast.draws import draw
from corridor.forecast.fast import walks
from corridor.forecast.fast.tape import tape_of
from corridor.forecast.road import DAY_MINUTES, Departure, Road, Timetable
from corridor.forecast.tally import Grid

COLUMNS = (
    "what",
    "road",
    "families",
    "replications",
    "runs",
    "CPU ms each (min)",
    "CPU ms each (median)",
    "SimPy / this",
)


def roads(families: int, scale: int) -> dict[str, Road]:
    """The road without and with beds that block."""
    return {"free": the_road(families, scale=scale), "beds": the_road(families, scale=scale, beds=400 * scale)}


def work_on(road: Road, few: int, many: int) -> dict[str, tuple[int, Callable[[int], object]]]:
    """Each engine with the replications of one run; a run is told its number, so that no draw is used twice."""
    pure = recursion.walk if road.feed_forward else events.walk
    tape = tape_of(road)
    drawn = [draw(road, 1, r) for r in range(few)]
    return {
        "SimPy": (few, lambda run: [simpy_road.outs(road, inputs) for inputs in drawn]),
        "Corridor, pure Python": (few, lambda run: [pure(road, draw(road, run, r)) for r in range(few)]),
        "Corridor, compiled": (
            many,
            lambda run: walks.outs(tape, run, 0, many, by_events=not road.feed_forward),
        ),
        "Corridor, compiled, all counts": (
            many,
            lambda run: engine.futures(road, seed=run, runs=many, grid=Grid(step_minutes=60.0, steps=480)),
        ),
    }


def paired(road: Road, runs: int) -> Cost:
    """What an answer to "what if there were one aircraft more a day" costs on two threads: both roads."""
    flights = road.stages[-1]
    assert isinstance(flights, Timetable)
    more = tuple(Departure(key=10_000 + day, minutes=day * DAY_MINUTES + 700.0, seats=150) for day in range(60))
    other = replace(road, stages=(*road.stages[:-1], replace(flights, departures=(*flights.departures, *more))))
    grid = Grid(step_minutes=60.0, steps=480)

    def answer() -> object:
        one, two = (engine.futures(each, seed=1, runs=runs, grid=grid, threads=2) for each in (road, other))
        return np.quantile(two.last_out - one.last_out, [0.1, 0.5, 0.9])

    return measured(answer)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="200 families, one run: does it work at all")
    given = parser.parse_args()
    sizes = [(200, 1, 2, 20)] if given.small else [(2_000, 1, 10, 500), (20_000, 10, 1, 50)]
    futures = 20 if given.small else 1_000
    if given.small:
        given.runs = 1
    engine.prepare(None)
    rows, answers = [], []
    for families, scale, few, many in sizes:
        for name, road in roads(families, scale).items():
            work = work_on(road, few, many)
            costs = {what: Costs() for what in work}
            for run in range(given.runs):
                for what, (_, walked) in work.items():
                    costs[what].runs.append(measured(lambda walked=walked, run=run: walked(run)))  # type: ignore[misc]
            each = {what: costs[what].cpu_median / work[what][0] for what in work}
            for what, (count, _) in work.items():
                least, ratio = costs[what].cpu_min / count * 1e3, each["SimPy"] / each[what]
                rows.append(
                    (what, name, f"{families:,}", str(count), str(given.runs), number(least),
                     number(each[what] * 1e3), number(ratio))
                )  # fmt: skip
        answers.append((families, paired(the_road(families, scale=scale), futures)))
    print(table("Futures of a road", COLUMNS, rows))
    for families, cost in answers:
        took = f"{cost.cpu:.2f} CPU-s, {cost.wall:.2f} s on two threads"
        print(f"\nA what-if of {futures:,} replications, {families:,} families: {took}")


if __name__ == "__main__":
    main()
