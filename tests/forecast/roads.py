"""Random roads for the tests of the engines: any stages in any order, whole numbers of minutes avoided."""

from __future__ import annotations

import random

import numpy as np

from corridor.base.moments import Moment
from corridor.forecast.road import (
    DAY_MINUTES,
    Beds,
    Closure,
    Delay,
    Demand,
    Departure,
    Desk,
    Law,
    Parties,
    Road,
    Shuttle,
    Stage,
    Timetable,
    Window,
    constant,
    empirical,
    exponential,
)


def parties(rng: random.Random, count: int, stages: int, days: float = 3.0) -> Parties:
    """Families of one to six people who become ready over some days, some of them on the road already."""
    return Parties(
        key=np.arange(count, dtype=np.uint64),
        size=np.array([rng.choice((1, 1, 2, 3, 4, 4, 5, 6)) for _ in range(count)], dtype=np.int64),
        stage=np.array([rng.randrange(stages) if rng.random() < 0.3 else 0 for _ in range(count)], dtype=np.int64),
        ready=np.array([rng.uniform(-60.0, days * DAY_MINUTES) for _ in range(count)]),
        wait=np.array([rng.choice((-1, 0)) for _ in range(count)], dtype=np.int64),
        rank=np.array([rng.choice((1, 2, 3)) for _ in range(count)], dtype=np.int64),
        may_fail=np.array([rng.random() < 0.5 for _ in range(count)], dtype=np.bool_),
    )


def a_law(rng: random.Random, mean: float, least: int = 1) -> Law:
    """Some law above zero with about this mean; with one value two rides may take equally long."""
    if rng.random() < 0.5:
        return exponential(mean)
    return empirical([rng.uniform(0.2, 1.8) * mean for _ in range(rng.randint(least, 6))])


def a_desk(rng: random.Random, name: str, least: int = 1) -> Desk:
    """A desk that is by turns open all day, or from morning to evening, or closed for a time."""
    hours = tuple(Window(opens=d * DAY_MINUTES + 480, closes=d * DAY_MINUTES + 1200) for d in range(60))
    chance = exponential(0.2)
    closure = Closure(chance=chance, start_minutes=exponential(900), length_minutes=exponential(1500))
    return Desk(
        name=name,
        minutes=a_law(rng, rng.uniform(5, 60), least),
        per_person=rng.random() < 0.3,
        officers=rng.randint(1, 6),
        windows=hours if rng.random() < 0.5 else None,
        share=constant(rng.uniform(0.1, 0.9)) if rng.random() < 0.3 else None,
        log_pace=empirical([-0.4, 0.0, 0.3]) if rng.random() < 0.5 else None,
        day_sigma=constant(0.3) if rng.random() < 0.5 else None,
        day_rho=rng.choice((0.0, 0.6)),
        closure=closure if rng.random() < 0.4 else None,
    )


def a_shuttle(rng: random.Random, name: str, least: int = 1) -> Shuttle:
    """Buses that leave full or at four times a day."""
    times = tuple(d * DAY_MINUTES + h * 60 for d in range(60) for h in (8, 12, 16, 20))
    return Shuttle(
        name=name,
        seats=rng.randint(6, 50),
        available_minutes=tuple(rng.uniform(0, 600) for _ in range(rng.randint(1, 5))),
        times=times,
        when_full=rng.random() < 0.7,
        ride_minutes=a_law(rng, 300, least),
        back_minutes=a_law(rng, 300),
    )


def a_timetable(rng: random.Random, name: str, least: int = 1) -> Timetable:
    """Aircraft that are sometimes late and sometimes do not go."""
    return Timetable(
        name=name,
        departures=tuple(
            Departure(key=k, minutes=rng.uniform(0, 40 * DAY_MINUTES), seats=rng.randint(0, 150)) for k in range(80)
        ),
        cancelled=constant(0.1) if rng.random() < 0.7 else None,
        late_minutes=exponential(120) if rng.random() < 0.7 else None,
        ride_minutes=a_law(rng, 300, least),
    )


def a_road(rng: random.Random, *, blocking: bool, count: int | None = None, ties: bool = True) -> Road:
    """Some road of one to six stages; with beds or priorities if `blocking`, and two arrivals at once if `ties`."""
    least = 1 if ties else 2
    stages: list[Stage] = []
    for s in range(rng.randint(1, 6)):
        kind = rng.randrange(4)
        name = f"stage {s}"
        delay = Delay(name=name, minutes=a_law(rng, 200, least), share=constant(0.5) if rng.random() < 0.5 else None)
        made: tuple[Stage, ...] = (
            a_desk(rng, name, least),
            delay,
            a_shuttle(rng, name, least),
            a_timetable(rng, name, least),
        )
        stages.append(made[kind])
    beds = []
    enters = [s for s, stage in enumerate(stages[:-1]) if not isinstance(stage, Delay)]
    if blocking and enters:
        enter = rng.choice(enters)
        beds.append(
            Beds(name="hotel", beds=rng.randint(10, 60), enter=enter, leave=rng.randint(enter + 1, len(stages) - 1))
        )
    demand = Demand(per_day=exponential(4.0), days=3, slots=12, size=empirical([1.0, 3.0, 6.0]), stage=0)
    return Road(
        as_of=Moment(0),
        parties=parties(rng, count if count is not None else rng.randint(0, 80), len(stages)),
        stages=tuple(stages),
        beds=tuple(beds),
        waits=(a_law(rng, 100),),
        no_show=empirical([0.0, 0.2]) if rng.random() < 0.5 else None,
        demand=demand if rng.random() < 0.5 else None,
        priorities=blocking and rng.random() < 0.5,
    )


def the_road(
    families: int, *, beds: int | None = None, scale: int = 1, planes_a_day: int = 6, officers: int = 4
) -> Road:
    """Crossing by day, medical for a fifth, documents, buses of 50, aircraft of 150: families over five days.

    `scale` multiplies officers, buses and aircraft; `beds` limits who sleeps between bus and aircraft.
    """
    rng = np.random.default_rng(1)
    none = np.zeros(families, dtype=np.int64)
    everybody = Parties(
        key=np.arange(families, dtype=np.uint64),
        size=rng.choice([1, 1, 2, 3, 3, 4, 5, 6], families).astype(np.int64),
        stage=none,
        ready=np.sort(rng.uniform(0, 5 * DAY_MINUTES, families)),
        wait=none - 1,
        rank=none,
        may_fail=np.ones(families, dtype=np.bool_),
    )
    hours = tuple(Window(opens=day * DAY_MINUTES + 480, closes=day * DAY_MINUTES + 1200) for day in range(60))
    closure = Closure(
        chance=constant(0.3), start_minutes=empirical([0, 5 * DAY_MINUTES]), length_minutes=empirical([720, 2880])
    )
    times = tuple(day * DAY_MINUTES + hour * 60 for day in range(60) for hour in (8, 12, 16, 20))
    flights = tuple(
        Departure(key=k, minutes=k * DAY_MINUTES / planes_a_day / scale, seats=150)
        for k in range(60 * planes_a_day * scale)
    )
    stages: tuple[Stage, ...] = (
        Desk(
            name="crossing", minutes=exponential(6.0), per_person=False, officers=officers * scale, windows=hours,
            closure=closure,
        ),
        Desk(name="medical", minutes=exponential(20.0), per_person=False, officers=3 * scale, share=constant(0.2)),
        Desk(name="documents", minutes=exponential(25.0), per_person=False, officers=8 * scale),
        Shuttle(
            name="bus", seats=50, available_minutes=(0.0,) * (10 * scale), times=times, when_full=True,
            ride_minutes=empirical([300, 480]), back_minutes=empirical([300, 480]),
        ),
        Timetable(
            name="flight", departures=flights, cancelled=constant(0.1), late_minutes=exponential(60.0),
            ride_minutes=empirical([270, 330]),
        ),
    )  # fmt: skip
    hotel = () if beds is None else (Beds(name="hotel", beds=beds, enter=3, leave=4),)
    return Road(as_of=Moment(0), parties=everybody, stages=stages, no_show=constant(0.08), beds=hotel)
