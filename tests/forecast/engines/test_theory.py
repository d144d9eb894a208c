"""Does a walk wait as long as queueing theory says? Closed-form laws against the specification."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np
import pytest

from corridor.base.moments import Moment
from corridor.forecast import recursion
from corridor.forecast.road import (
    NEVER,
    Delay,
    Departure,
    Desk,
    Inputs,
    Parties,
    Road,
    Shuttle,
    Stage,
    Timetable,
    Walk,
    constant,
)

CUSTOMERS = 30_000
RUNS = 12
WARM = 3_000
"""Customers at the start of a run that are not counted: the road is empty then."""


def walked(
    stages: tuple[Stage, ...],
    arrivals: np.ndarray,
    minutes: tuple[np.ndarray | None, ...],
    leaves: tuple[np.ndarray | None, ...],
) -> Walk:
    """One walk of parties of one person with these arrivals and services; rides take no time."""
    count = len(arrivals)
    ones, zeros = np.ones(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    parties = Parties(
        key=np.arange(count, dtype=np.uint64), size=ones, stage=zeros, ready=arrivals, wait=zeros - 1, rank=zeros,
        may_fail=zeros.astype(bool),
    )  # fmt: skip
    always = (np.array([-NEVER]), np.array([NEVER]))
    desks = [isinstance(stage, Desk) for stage in stages]
    seats = [stage.seats if isinstance(stage, Shuttle) else 0 for stage in stages]
    inputs = Inputs(
        size=ones, stage=zeros, ready=arrivals, rank=zeros, minutes=minutes, leaves=leaves,
        pace=tuple(np.ones(1) if desk else None for desk in desks),
        opens=tuple(always[0] if desk else None for desk in desks),
        closes=tuple(always[1] if desk else None for desk in desks),
        seats=tuple(None if column is None else np.full(len(column), 10**9) for column in leaves),
        ride=tuple(None if column is None else np.zeros(len(column) or 1) for column in leaves),
        back=tuple(np.zeros(1) if seat else None for seat in seats),
    )  # fmt: skip
    return recursion.walk(Road(as_of=Moment(0), parties=parties, stages=stages), inputs)


def desk(officers: int) -> Desk:
    """A desk that is always open."""
    return Desk(name="desk", minutes=constant(1.0), per_person=False, officers=officers)


def poisson(rng: np.random.Generator, rate: float, count: int = CUSTOMERS) -> np.ndarray:
    """Arrivals of a Poisson stream."""
    return np.cumsum(rng.exponential(1.0 / rate, count))


def erlang_c_wait(rate: float, officers: int) -> float:
    """Mean wait in M/M/c with services of mean 1 (Erlang 1917)."""
    load = rate
    terms = [load**k / math.factorial(k) for k in range(officers)]
    last = load**officers / math.factorial(officers) / (1 - load / officers)
    return last / (sum(terms) + last) / (officers - rate)


def assert_mean(run: Callable[[np.random.Generator], float], expected: float) -> None:
    """The mean over independent runs lies within four standard errors of the law."""
    found = np.array([run(np.random.default_rng(1000 + number)) for number in range(RUNS)])
    error = found.std(ddof=1) / math.sqrt(RUNS)
    assert abs(found.mean() - expected) < 4 * error + 1e-9, f"{found.mean():.4f} +- {error:.4f}, law {expected:.4f}"


def a_desks_wait(
    officers: int, rate: float, service: Callable[[np.random.Generator], np.ndarray]
) -> Callable[[np.random.Generator], float]:
    """The mean wait before one desk in a run."""

    def run(rng: np.random.Generator) -> float:
        walk = walked((desk(officers),), poisson(rng, rate), (service(rng),), (None,))
        return float((walk.began - walk.ready)[0, WARM:].mean())

    return run


@pytest.mark.parametrize(("officers", "load"), [(1, 0.7), (4, 0.8), (8, 0.9)])
def test_several_officers(officers: int, load: float) -> None:
    """M/M/c: Erlang's wait."""
    run = a_desks_wait(officers, load * officers, lambda rng: rng.exponential(1.0, CUSTOMERS))
    assert_mean(run, erlang_c_wait(load * officers, officers))


@pytest.mark.parametrize(
    ("variation", "service"),
    [
        (0.0, lambda rng: np.ones(CUSTOMERS)),
        (1.0, lambda rng: rng.exponential(1.0, CUSTOMERS)),
        (0.5, lambda rng: rng.gamma(2.0, 0.5, CUSTOMERS)),
    ],
)
def test_any_service(variation: float, service: Callable[[np.random.Generator], np.ndarray]) -> None:
    """M/D/1 and M/G/1: the wait of Pollaczek and Khinchine, by the service's squared variation."""
    load = 0.7
    assert_mean(a_desks_wait(1, load, service), load * (1 + variation) / (2 * (1 - load)))


def test_two_desks_in_a_row() -> None:
    """Jackson: behind a desk with Poisson arrivals stands a desk with Poisson arrivals."""

    def run(rng: np.random.Generator) -> float:
        minutes = (rng.exponential(1.0, CUSTOMERS), rng.exponential(0.8, CUSTOMERS))
        walk = walked((desk(2), desk(1)), poisson(rng, 0.9), minutes, (None, None))
        return float((walk.began - walk.ready)[:, WARM:].mean(axis=1).sum())

    second = 0.9 * 0.8 * 0.8 / (1 - 0.72)
    assert_mean(run, erlang_c_wait(0.9, 2) + second)


def test_timetable_wait() -> None:
    """Whoever comes at random waits half the time between two departures."""

    def run(rng: np.random.Generator) -> float:
        arrivals = poisson(rng, 1.0)
        leaves = np.arange(7.0, arrivals[-1] + 14, 7.0)
        departures = tuple(Departure(key=k, minutes=float(t), seats=10**9) for k, t in enumerate(leaves))
        stage = Timetable(
            name="t", departures=departures, cancelled=None, late_minutes=None, ride_minutes=constant(0.0)
        )
        walk = walked((stage,), arrivals, (None,), (leaves,))
        return float((walk.began - walk.ready)[0].mean())

    assert_mean(run, 3.5)


def a_shuttle(seats: int, vehicles: int) -> Shuttle:
    """A vehicle that leaves when full."""
    return Shuttle(
        name="bus", seats=seats, available_minutes=(0.0,) * vehicles, times=(), when_full=True,
        ride_minutes=constant(0.0), back_minutes=constant(0.0),
    )  # fmt: skip


def test_leave_when_full_wait() -> None:
    """A vehicle of K seats that leaves when full makes its passengers wait (K - 1) / 2 arrivals on average."""
    seats, rate = 50, 2.0

    def run(rng: np.random.Generator) -> float:
        walk = walked((a_shuttle(seats, 1),), poisson(rng, rate), (None,), (np.array([]),))
        wait = (walk.began - walk.ready)[0]
        return float(wait[np.isfinite(wait)].mean())

    assert_mean(run, (seats - 1) / (2 * rate))


def test_lindley_recursion() -> None:
    """One officer: each wait is the last one plus its service less the time between arrivals, or nothing."""
    rng = np.random.default_rng(7)
    arrivals, service = poisson(rng, 0.9, 2_000), rng.exponential(1.0, 2_000)
    walk = walked((desk(1),), arrivals, (service,), (None,))
    wait = 0.0
    for i in range(1, len(arrivals)):
        wait = max(wait + service[i - 1] - (arrivals[i] - arrivals[i - 1]), 0.0)
        assert walk.began[0, i] - walk.ready[0, i] == pytest.approx(wait, abs=1e-8)


def test_littles_identity() -> None:
    """The people in a queue, summed over time, are the waits, summed over people."""
    rng = np.random.default_rng(11)
    walk = walked((desk(3),), poisson(rng, 2.5, 500), (rng.exponential(1.0, 500),), (None,))
    steps = sorted([(t, 1) for t in walk.ready[0]] + [(t, -1) for t in walk.began[0]])
    area, inside, last = 0.0, 0, steps[0][0]
    for time, step in steps:
        area += inside * (time - last)
        inside, last = inside + step, time
    assert area == pytest.approx(float((walk.began - walk.ready).sum()), rel=1e-9)


def test_a_delay_holds_nobody_up() -> None:
    """Everybody waits their own time and no longer."""
    rng = random.Random(5)
    minutes = np.array([rng.expovariate(1.0) for _ in range(200)])
    walk = walked((Delay(name="d", minutes=constant(1.0)),), np.arange(200.0), (minutes,), (None,))
    assert np.array_equal(walk.out, np.arange(200.0) + minutes)
