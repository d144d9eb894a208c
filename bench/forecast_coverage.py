"""Do ranges of "all out" hold what they promise, on made-up operations that go otherwise than foreseen?

    python -m bench.forecast_coverage [--operations 200] [--runs 200] [--worlds iid,slumps,shifts,misspecified]

Each operation has 300 families before a crossing, then documents, then three flights a day. Nobody is told how fast it
is: its usual pace (log-normal, spread 0.35), the effect of each day, the part of flights that do not go. On the morning
of each of the first days "all out" is forecast from what the days before showed, by four forecasters:

* `spreadsheet`: remaining people divided by the last day's pace, one number;
* `static`: conjugate beliefs about the pace, every day alike;
* `day effects`: this program's beliefs, where each day has an effect of its own;
* `recalibrated`: the same, moved and stretched by the operations of this world that ended before.

Worlds: `iid`, independent days; `slumps`, bad days follow bad days (AR 0.7); `shifts`, in three of ten operations the
pace falls to 60 percent for good; `misspecified`, rare very bad days (Student's law, 3 degrees) and longer services.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from corridor.forecast.beliefs.laws import Pace, Share
from corridor.forecast.draws import CANCELS, Luck, draw
from corridor.forecast.engine import Engine, futures
from corridor.forecast.recursion import walk
from corridor.forecast.road import (
    NEVER,
    Departure,
    Desk,
    Floats,
    Law,
    Parties,
    Road,
    Timetable,
    Walk,
    Window,
    constant,
    exponential,
)
from corridor.forecast.scores import LEVELS, crps, score
from corridor.forecast.tally import Grid
from corridor.forecast.tracking import Matured, Tracker, recalibrated

WORLDS = ("iid", "slumps", "shifts", "misspecified")
FAMILIES = 300
PER_DAY = 150.0
OPEN_MINUTES = 720.0
DAYS = 60
FORECAST_DAYS = (1, 2, 3, 4, 5)
DAY = 1440.0
OPERATION_SIGMA, DAY_SIGMA = 0.35, 0.3
FLIGHTS_A_DAY, SEATS = 3, 120
GRID = Grid(step_minutes=DAY, steps=1)
PRIOR = Pace(mean=0.0, worth=(DAY_SIGMA / OPERATION_SIGMA) ** 2, sigma=DAY_SIGMA, sigma_worth=6.0)
DOCUMENTS = Pace(mean=0.0, worth=(DAY_SIGMA / OPERATION_SIGMA) ** 2, sigma=DAY_SIGMA, sigma_worth=6.0)
CANCELLED = Share(cases=1.0, others=9.0)
FORECASTERS = ("spreadsheet", "static", "day effects", "recalibrated")


def negative(law: Law) -> Law:
    """A law of log speed as one of log minutes."""
    return Law(-law.quantiles[::-1])


def road(parties: Parties, pace: Pace, cancelled: Law, first_day: int, *, effects: bool) -> Road:
    """The road from the morning of a day on, as a forecaster believes it."""
    windows = tuple(Window(opens=day * DAY, closes=day * DAY + OPEN_MINUTES) for day in range(DAYS - first_day))
    gate = Desk(
        name="gate",
        minutes=exponential(OPEN_MINUTES / PER_DAY),
        per_person=True,
        officers=1,
        windows=windows,
        log_pace=negative(pace.log_mean()),
        day_sigma=pace.day_sigma() if effects else None,
    )
    documents = Desk(
        name="documents",
        minutes=exponential(12.0),
        per_person=True,
        officers=4,
        windows=windows,
        share=constant(0.4),
        log_pace=negative(DOCUMENTS.log_mean()),
        day_sigma=DOCUMENTS.day_sigma() if effects else None,
    )
    departures = tuple(
        Departure(key=10 * (day + first_day) + turn, minutes=day * DAY + 480.0 * turn + 240.0, seats=SEATS)
        for day in range(DAYS - first_day)
        for turn in range(FLIGHTS_A_DAY)
    )
    flight = Timetable(
        name="flight",
        departures=departures,
        cancelled=cancelled,
        late_minutes=exponential(60.0),
        ride_minutes=constant(300.0),
    )
    return Road(as_of=0, parties=parties, stages=(gate, documents, flight), days=DAYS)  # type: ignore[arg-type]


def families(rng: Random) -> Parties:
    """Everybody before the crossing."""
    sizes = [rng.choices((1, 2, 3, 4, 5, 6), (2, 3, 3, 3, 2, 2))[0] for _ in range(FAMILIES)]
    none = np.zeros(FAMILIES, dtype=np.int64)
    return Parties(
        key=np.arange(FAMILIES, dtype=np.uint64),
        size=np.array(sizes, dtype=np.int64),
        stage=none,
        ready=np.zeros(FAMILIES),
        wait=none - 1,
        rank=none,
        may_fail=np.zeros(FAMILIES, dtype=np.bool_),
    )


def log_speeds(world: str, rng: Random) -> list[float]:
    """The log of a desk's speed on each day of one operation."""
    usual, state, fall = rng.gauss(0, OPERATION_SIGMA), rng.gauss(0, 1), DAYS
    if world == "shifts" and rng.random() < 0.3:
        fall = rng.randrange(2, 7)
    found = []
    for day in range(DAYS):
        state = 0.7 * state + (1 - 0.49) ** 0.5 * rng.gauss(0, 1) if world == "slumps" else rng.gauss(0, 1)
        effect = DAY_SIGMA * state
        if world == "misspecified":
            effect = 0.2 * state / max((rng.gammavariate(1.5, 2.0) / 3.0) ** 0.5, 0.2)
        found.append(max(usual + effect + (np.log(0.6) if day >= fall else 0.0), -2.5))
    return found


@dataclass(frozen=True)
class Operation:
    """One operation as it went."""

    parties: Parties
    walk: Walk
    all_out: float
    gone: tuple[bool, ...]  # which flights went, by turn


def operation(world: str, seed: int) -> Operation:
    """Walk one operation by its own truth."""
    rng = Random(seed)
    parties = families(rng)
    part = rng.betavariate(1.0, 9.0)
    whole = road(parties, PRIOR, constant(part), 0, effects=False)
    drawn = draw(whole, seed, 0)
    slow = 1.3 if world == "misspecified" else 1.0
    paces = tuple(np.exp(-np.array(log_speeds(world, rng))) for _ in range(2))
    inputs = replace(
        drawn,
        pace=(*paces, None),
        minutes=(drawn.minutes[0], None if drawn.minutes[1] is None else drawn.minutes[1] * slow, None),
    )
    walked = walk(whole, inputs)
    flight = whole.stages[2]
    assert isinstance(flight, Timetable)
    keys = np.array([one.key for one in flight.departures], dtype=np.uint64)
    went = ~Luck(seed, 0).happens(constant(part), 2, CANCELS, keys)
    return Operation(parties, walked, float(walked.out.max()), tuple(went.tolist()))


def seen(one: Operation, day: int) -> tuple[Parties, Pace, Law]:
    """Who is still on the road on the morning of a day, and what the days before have taught."""
    now = day * DAY
    began, ready = one.walk.began, one.walk.ready
    stage = np.full(FAMILIES, 3)
    at = np.zeros(FAMILIES)
    for s in (2, 1, 0):
        waiting = ~np.isnan(ready[s]) & (began[s] > now)
        stage[waiting] = s
        at[waiting] = np.maximum(ready[s][waiting] - now, 0.0)
    left = stage < 3
    sizes = one.parties.size
    logs = []
    for past in range(day):
        served = (began[0] >= past * DAY) & (began[0] < (past + 1) * DAY)
        count = int(sizes[served].sum())
        if (began[0] > (past + 1) * DAY).any() and count:  # a day on which the queue ran out says less than it could
            logs.append((float(np.log(count / PER_DAY)), 1.0))
    flights = one.gone[: day * FLIGHTS_A_DAY]
    cancelled = CANCELLED.after(flights.count(False), flights.count(True)).part()
    picked = {name: getattr(one.parties, name)[left] for name in ("key", "size", "wait", "rank", "may_fail")}
    return Parties(stage=stage[left], ready=at[left], **picked), PRIOR.after(logs), cancelled


def forecasts(one: Operation, day: int, runs: int, seed: int, engine: Engine | None) -> dict[str, Floats]:
    """Quantiles of hours from the morning of the day until all are out, by forecaster."""
    parties, pace, cancelled = seen(one, day)
    found = {}
    for name, effects in (("static", False), ("day effects", True)):
        believed = pace
        if not effects:  # a pace that is the same every day: its mean is known ever better
            believed = replace(pace, sigma=pace.sigma / 2.0)
        walked = futures(
            road(parties, believed, cancelled, day, effects=effects), seed=seed, runs=runs, grid=GRID, engine=engine
        )
        hours = np.minimum(walked.last_out, DAYS * DAY) / 60.0
        found[name] = np.quantile(hours, LEVELS)
    at_gate = int(parties.size[parties.stage == 0].sum())
    began = one.walk.began[0]
    today = max(int(one.parties.size[(began >= (day - 1) * DAY) & (began < day * DAY)].sum()), 1)
    found["spreadsheet"] = np.full(len(LEVELS), 24.0 * at_gate / today + 12.0)
    return found


def measure(
    world: str, operations: int, runs: int, days: Sequence[int] = FORECAST_DAYS, engine: Engine | None = None
) -> dict[str, dict[int, dict[str, float]]]:
    """Coverage and CRPS (hours) of every forecaster on every forecast day of a world."""
    covered: dict[tuple[str, int], list[bool]] = defaultdict(list)
    losses: dict[tuple[str, int], list[float]] = defaultdict(list)
    past: dict[int, list[tuple[Floats, float]]] = defaultdict(list)
    trackers = {day: Tracker() for day in days}
    for number in range(operations):
        one = operation(world, 7_919 * number + WORLDS.index(world))
        for day in days:
            happened = (one.all_out - day * DAY) / 60.0
            if happened <= 0 or one.all_out == NEVER or len(seen(one, day)[0]) == 0:
                continue
            found = forecasts(one, day, runs, number, engine)
            own, log = np.log(found["day effects"]), float(np.log(happened))
            matured = [Matured(q, y, float(len(past[day]) - n - 1) / 8) for n, (q, y) in enumerate(past[day])]
            tracker = trackers[day]
            issued = recalibrated(own, matured, tracker.low, tracker.high)
            tracker.issued(number, issued)
            tracker.matured(number, log)
            past[day].append((own, log))
            found["recalibrated"] = np.exp(issued)
            for name, quantiles in found.items():
                covered[name, day].append(score(quantiles, happened).covered)
                losses[name, day].append(crps(quantiles, happened))
    return {
        name: {
            day: {
                "n": len(covered[name, day]),
                "coverage": round(float(np.mean(covered[name, day])), 3),
                "crps_hours": round(float(np.mean(losses[name, day])), 2),
            }
            for day in days
        }
        for name in FORECASTERS
    }


def main() -> None:
    """Print one table a world, and everything as JSON on the last line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operations", type=int, default=200)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--worlds", default=",".join(WORLDS))
    arguments = parser.parse_args()
    began, found = time.process_time(), {}
    for world in arguments.worlds.split(","):
        found[world] = measure(world, arguments.operations, arguments.runs)
        print(f"{world}: covered by P10 to P90 on days {FORECAST_DAYS} | mean CRPS, hours")
        for name, days in found[world].items():
            cover = " ".join(f"{one['coverage']:4.0%}" for one in days.values())
            print(f"  {name:<14} {cover} | {np.mean([one['crps_hours'] for one in days.values()]):7.2f}", flush=True)
    print(f"{time.process_time() - began:.0f} s of the processor")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
