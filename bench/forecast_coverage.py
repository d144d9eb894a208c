"""Do ranges of "all out" hold what they promise, on made-up operations that go otherwise than foreseen?

    python -m bench.forecast_coverage [--operations 200] [--runs 200] [--worlds iid,slumps,shifts,misspecified]

Each operation is the road of `bench.forecast` at half its size: 1,000 families over five days, a crossing by day that
may close, medical for a fifth, documents, buses of 50, three aircraft of 150 a day. Nobody is told how fast its desks
are: their usual speed (log-normal, spread 0.35), the effect of each day, the part of flights that do not go and of
families that do not come. On the morning of each of the first days "all out" is forecast from what the days before
showed, by four forecasters:

* `spreadsheet`: people not yet out divided by those who came out in the last day, one number;
* `static`: conjugate beliefs (gamma speeds, beta shares), every day alike;
* `day effects`: this program's beliefs, where each day has an effect of its own;
* `recalibrated`: the same, moved and stretched by the operations of this world that ended before.

Worlds: `iid`, independent days; `slumps`, bad days follow bad days (AR 0.7); `shifts`, in three of ten operations the
desks fall to 60 percent for good; `misspecified`, rare very bad days (Student's law, 3 degrees), longer documents.

The second mean leaves out the worst twentieth of each forecaster: a spreadsheet that divides by a handful of people is
off by months, and one such day would decide the first.
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

from corridor.base.moments import Moment
from corridor.forecast.beliefs.laws import Hazard, Pace, Share
from corridor.forecast.draws import CANCELS, LATE, Luck, draw
from corridor.forecast.engine import Engine, futures
from corridor.forecast.recursion import walk
from corridor.forecast.road import (
    DAY_MINUTES,
    NEVER,
    Closure,
    Departure,
    Desk,
    Floats,
    Law,
    Parties,
    Road,
    Shuttle,
    Timetable,
    Walk,
    Window,
    constant,
    empirical,
    exponential,
)
from corridor.forecast.scores import LEVELS, crps, score
from corridor.forecast.tally import Grid
from corridor.forecast.tracking import Matured, Tracker, recalibrated

WORLDS = ("iid", "slumps", "shifts", "misspecified")
FORECASTERS = ("spreadsheet", "static", "day effects", "recalibrated")
FAMILIES, ARRIVING_DAYS, DAYS = 1_000, 5, 60
FORECAST_DAYS = (1, 2, 3, 4, 5)
OPERATION_SIGMA, DAY_SIGMA = 0.35, 0.3
GRID = Grid(step_minutes=DAY_MINUTES, steps=1)
DESKS = (("crossing", 6.0, 2), ("medical", 20.0, 2), ("documents", 25.0, 4))
"""Name, minutes a family at the usual speed, officers."""
CROSSING, MEDICAL, DOCUMENTS, BUS, FLIGHT, OUT = range(6)
BUSES, SEATS, FLIGHTS_A_DAY = 5, 150, 3
BUS_MINUTES, FLIGHT_MINUTES = (300.0, 480.0), (270.0, 330.0)
CLOSES = 0.3  # the part of operations in which the crossing closes once, for 12 to 48 hours
SHUT_MINUTES = (720.0, 2880.0)
PRIOR = Pace(mean=0.0, worth=(DAY_SIGMA / OPERATION_SIGMA) ** 2, sigma=DAY_SIGMA, sigma_worth=6.0)
STATIC = Hazard(cases=OPERATION_SIGMA**-2, days=OPERATION_SIGMA**-2)
CANCELLED, ABSENT = Share(cases=1.0, others=9.0), Share(cases=2.0, others=23.0)


@dataclass(frozen=True)
class Believed:
    """What a forecaster believes of a road: a speed for each desk, and the parts that do not go or come."""

    log_speeds: tuple[Law, ...]
    day_sigmas: tuple[Law | None, ...]
    cancelled: Law
    absent: Law
    closure: Closure | None


def negative(law: Law) -> Law:
    """A law of log speed as one of log minutes."""
    return Law(-law.quantiles[::-1])


def uniform(low: float, high: float) -> Law:
    """Anything between two values is as likely."""
    return empirical([low, high])


def road(parties: Parties, believed: Believed, first_day: int, due: Sequence[int], buses: Sequence[float]) -> Road:
    """The road from the morning of a day on: the flights of these turns, buses that stand ready at these minutes."""
    windows = tuple(Window(opens=d * DAY_MINUTES + 480, closes=d * DAY_MINUTES + 1200) for d in range(DAYS - first_day))
    desks = tuple(
        Desk(
            name=name,
            minutes=exponential(minutes),
            per_person=False,
            officers=officers,
            windows=windows if number == CROSSING else None,
            share=constant(0.2) if number == MEDICAL else None,
            log_pace=negative(believed.log_speeds[number]),
            day_sigma=believed.day_sigmas[number],
            closure=believed.closure if number == CROSSING else None,
        )
        for number, (name, minutes, officers) in enumerate(DESKS)
    )
    bus = Shuttle(
        name="bus",
        seats=50,
        available_minutes=tuple(buses),
        times=tuple(d * DAY_MINUTES + hour * 60 for d in range(DAYS - first_day) for hour in (8, 12, 16, 20)),
        when_full=True,
        ride_minutes=uniform(*BUS_MINUTES),
        back_minutes=uniform(*BUS_MINUTES),
    )
    flight = Timetable(
        name="flight",
        departures=tuple(
            Departure(key=turn, minutes=max(_leaves(turn) - first_day * DAY_MINUTES, 0.0), seats=SEATS) for turn in due
        ),
        cancelled=believed.cancelled,
        late_minutes=exponential(60.0),
        ride_minutes=uniform(*FLIGHT_MINUTES),
    )
    return Road(
        as_of=Moment(0),
        parties=parties,
        stages=(*desks, bus, flight),
        waits=tuple(exponential(minutes) for _, minutes, _ in DESKS),
        no_show=believed.absent,
        days=DAYS,
    )


def _leaves(turn: int) -> float:
    """When the flight of a turn is to leave."""
    return (turn + 0.5) * DAY_MINUTES / FLIGHTS_A_DAY


def families(rng: Random) -> Parties:
    """Everybody, as listed: when each family is to be at the crossing."""
    sizes = [rng.choices((1, 2, 3, 4, 5, 6), (2, 1, 2, 1, 1, 1))[0] for _ in range(FAMILIES)]
    none = np.zeros(FAMILIES, dtype=np.int64)
    return Parties(
        key=np.arange(FAMILIES, dtype=np.uint64),
        size=np.array(sizes, dtype=np.int64),
        stage=none,
        ready=np.sort([rng.uniform(0, ARRIVING_DAYS * DAY_MINUTES) for _ in range(FAMILIES)]),
        wait=none - 1,
        rank=none,
        may_fail=np.ones(FAMILIES, dtype=np.bool_),
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
    comes: np.ndarray  # which families come
    left: Floats  # when the flight of each turn leaves; NEVER: cancelled
    shut: tuple[float, float] | None  # when the crossing is closed


def operation(world: str, seed: int) -> Operation:
    """Walk one operation by its own truth."""
    rng = Random(seed)
    parties = families(rng)
    shut = None
    if rng.random() < CLOSES:
        start = rng.uniform(0, ARRIVING_DAYS * DAY_MINUTES)
        shut = start, start + rng.uniform(*SHUT_MINUTES)
    closure = None if shut is None else _known_closure(shut[0], constant(shut[1] - shut[0]))
    truth = Believed(
        log_speeds=(constant(0.0),) * 3,
        day_sigmas=(None,) * 3,
        cancelled=constant(rng.betavariate(1.0, 9.0)),
        absent=constant(rng.betavariate(2.0, 23.0)),
        closure=closure,
    )
    turns = range(DAYS * FLIGHTS_A_DAY)
    whole = road(parties, truth, 0, turns, (0.0,) * BUSES)
    drawn = draw(whole, seed, 0)
    paces = tuple(np.exp(-np.array(log_speeds(world, rng))) for _ in DESKS)
    if world == "misspecified":
        paces = (paces[0], paces[1], paces[2] * 1.3)
    inputs = replace(drawn, pace=(*paces, None, None))
    walked = walk(whole, inputs)
    luck, keys = Luck(seed, 0), np.array(turns, dtype=np.uint64)
    late = luck.values(exponential(60.0), FLIGHT, LATE, keys)
    goes = ~luck.happens(truth.cancelled, FLIGHT, CANCELS, keys)
    left = np.where(goes, np.array([_leaves(turn) for turn in turns]) + late, NEVER)
    out = walked.out[~np.isnan(walked.out)]
    return Operation(parties, walked, float(out.max()), inputs.ready < NEVER, left, shut)


def _known_closure(start: float, length: Law) -> Closure:
    return Closure(chance=constant(1.0), start_minutes=constant(start), length_minutes=length)


def standing(one: Operation, now: float) -> Parties:
    """Who is still on the road or to come, and where, by what is recorded until now."""
    w = one.walk
    stage, ready, wait = np.zeros(FAMILIES, dtype=np.int64), one.parties.ready - now, np.full(FAMILIES, -1)
    kept = (one.parties.ready > now) | one.comes  # who should have come and did not is off the road
    fails = one.parties.ready > now
    for s in range(OUT):
        there = ~np.isnan(w.ready[s]) & (w.ready[s] <= now) & ~fails
        waiting = there & ~(w.began[s] <= now)
        stage[waiting], ready[waiting], wait[waiting] = s, w.ready[s][waiting] - now, -1
        moving = there & (w.began[s] <= now) & ~(w.done[s] <= now)
        stage[moving] = s + 1
        if s < BUS:  # an exponential service has no memory
            ready[moving], wait[moving] = 0.0, s
            if s == MEDICAL:  # that a family stands there says that it needs it
                stage[waiting], ready[waiting], wait[waiting] = DOCUMENTS, 0.0, MEDICAL
        else:
            usual = sum(BUS_MINUTES if s == BUS else FLIGHT_MINUTES) / 2
            ready[moving], wait[moving] = np.maximum(w.began[s][moving] + usual - now, 10.0), -1
        over = there & (w.done[s] <= now)
        stage[over], ready[over], wait[over] = s + 1, 0.0, -1
    left = kept & ~((w.out <= now) & ~fails)
    picked = {name: getattr(one.parties, name)[left] for name in ("key", "size", "rank")}
    return Parties(stage=stage[left], ready=ready[left], wait=wait[left], may_fail=fails[left], **picked)


def buses_at(one: Operation, now: float) -> list[float]:
    """When each bus stands ready again, by where it was last seen."""
    began, done = one.walk.began[BUS], one.walk.done[BUS]
    gone = began <= now
    back = sorted({(b, d) for b, d in zip(began[gone], done[gone], strict=True)})[-BUSES:]
    ride = sum(BUS_MINUTES) / 2
    free = [max((d if d <= now else b + ride) + ride - now, 0.0) for b, d in back]
    return [*free, *[0.0] * (BUSES - len(free))]


def seen(one: Operation, day: int, *, effects: bool) -> Believed:
    """What the days before have taught."""
    now, w = day * DAY_MINUTES, one.walk
    speeds: list[Law] = []
    sigmas: list[Law | None] = []
    for s, (_, minutes, _) in enumerate(DESKS):
        ended = w.done[s] <= now
        began, took = w.began[s][ended], w.done[s][ended] - w.began[s][ended]
        if not effects:
            rate = STATIC.after([float(len(took))], [float(took.sum()) / minutes]).rate()
            speeds.append(Law(np.log(rate.quantiles)))
            sigmas.append(None)
            continue
        logs = []
        for past in range(day):
            of_day = took[(began >= past * DAY_MINUTES) & (began < (past + 1) * DAY_MINUTES)]
            if len(of_day):  # few services say little of a day: their mean is itself uncertain
                weight = DAY_SIGMA**2 / (DAY_SIGMA**2 + 1.0 / len(of_day))
                logs.append((float(np.log(minutes / of_day.mean())), weight))
        pace = PRIOR.after(logs)
        speeds.append(pace.log_mean())
        sigmas.append(pace.day_sigma())
    due = [turn for turn in range(len(one.left)) if _leaves(turn) <= now]
    gone = sum(one.left[turn] < NEVER for turn in due)
    listed = one.parties.ready <= now
    absent = int((listed & ~one.comes).sum())
    return Believed(
        log_speeds=tuple(speeds),
        day_sigmas=tuple(sigmas),
        cancelled=CANCELLED.after(len(due) - gone, gone).part(),
        absent=ABSENT.after(absent, int(listed.sum()) - absent).part(),
        closure=_closure(one.shut, now),
    )


def _closure(shut: tuple[float, float] | None, now: float) -> Closure | None:
    """The closure that may come, or how long the one under way may last; None when there was one."""
    last = ARRIVING_DAYS * DAY_MINUTES
    if shut is not None and shut[0] <= now:
        if shut[1] <= now:
            return None
        shortest, longest = (max(minutes - (now - shut[0]), 0.0) for minutes in SHUT_MINUTES)
        return _known_closure(0.0, uniform(shortest, longest))
    if now >= last:
        return None
    yet = CLOSES * (1.0 - now / last)
    return Closure(
        chance=constant(yet / (1.0 - CLOSES + yet)),
        start_minutes=uniform(0.0, last - now),
        length_minutes=uniform(*SHUT_MINUTES),
    )


def forecasts(one: Operation, day: int, runs: int, seed: int, engine: Engine | None) -> dict[str, Floats]:
    """Quantiles of hours from the morning of the day until all are out, by forecaster."""
    now = day * DAY_MINUTES
    parties, buses = standing(one, now), buses_at(one, now)
    due = [turn for turn, left in enumerate(one.left) if _leaves(turn) > now or now < left < NEVER]
    found = {}
    for name, effects in (("static", False), ("day effects", True)):
        rest = road(parties, seen(one, day, effects=effects), day, due, buses)
        walked = futures(rest, seed=seed, runs=runs, grid=GRID, engine=engine)
        hours = np.minimum(walked.last_out, DAYS * DAY_MINUTES) / 60.0
        found[name] = np.quantile(hours, LEVELS)
    found["spreadsheet"] = np.full(len(LEVELS), 24.0 * int(parties.size.sum()) / _last_day(one, now))
    return found


def _last_day(one: Operation, now: float) -> int:
    """People who came out in the last day; where nobody did, who passed the stage before, and so on; at least one."""
    size = one.parties.size
    for s in reversed(range(OUT)):
        done = one.walk.done[s]
        passed = int(size[(done > now - DAY_MINUTES) & (done <= now)].sum())
        if passed:
            return passed
    return 1


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
            happened = (one.all_out - day * DAY_MINUTES) / 60.0
            if happened <= 0 or one.all_out == NEVER:
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
                "crps_hours_best_95": round(float(np.mean(_best(losses[name, day]))), 2),
            }
            for day in days
        }
        for name in FORECASTERS
    }


def _best(values: Sequence[float]) -> list[float]:
    """All but the worst twentieth."""
    return sorted(values)[: max(1, len(values) * 95 // 100)]


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
        print(f"{world}: covered by P10 to P90 on days {FORECAST_DAYS} | mean CRPS, hours | of the best 95 percent")
        for name, days in found[world].items():
            cover = " ".join(f"{one['coverage']:4.0%}" for one in days.values())
            means = [np.mean([one[key] for one in days.values()]) for key in ("crps_hours", "crps_hours_best_95")]
            print(f"  {name:<14} {cover} | {means[0]:7.2f} | {means[1]:7.2f}", flush=True)
    print(f"{time.process_time() - began:.0f} s of the processor")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
