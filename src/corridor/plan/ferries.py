"""Which vessel goes back and forth between which docks, so that everybody is ashore soonest?

The isolated community evacuation problem (Krutein and Goodchild 2022): vessels of their own size and speed lie at docks
of their own, come from there to a dock of the island, take people to a dock of the mainland, and go back for more.
Local search with annealing over the docks that each vessel goes to, one after the other; who travels on which trip
follows from them. Minutes may be fractions: nothing is cut into slots.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

LEFT_HOURS = 24.0
"""What a person who is left behind counts, in hours after the last minute allowed."""

FAR = math.inf
"""The minutes of a way that a vessel may not take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ferry:
    """A vessel: `first` are minutes from where it lies to each pickup dock, loading included; `out` those from each
    shore to each pickup dock, loading included; `home` those from each pickup dock to each shore until all are off it.
    `FAR` where it may not lie."""

    seats: int
    from_minute: float
    first: tuple[float, ...]
    out: tuple[tuple[float, ...], ...]
    home: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ferries:
    """`waiting` persons at each place, and the place of each pickup dock. Trips end by `until_minute`."""

    ferries: tuple[Ferry, ...]
    waiting: tuple[int, ...]
    place_of: tuple[int, ...]
    until_minute: float


ROUNDS_OF_A_COOLING = 20_000
"""So often the search grows warm again, from the best found."""


class Call(NamedTuple):
    """A trip: from a pickup dock to a shore."""

    dock: int
    shore: int


class Carried(NamedTuple):
    """A trip of a vessel with so many aboard, who are ashore at that minute."""

    call: Call
    persons: int
    ashore_minute: float


Chain = tuple[Call, ...]
Arrivals = list[tuple[float, int, int]]
"""Of one vessel's trips: the minute ashore, the place, the seats."""


def minutes_of(ferry: Ferry, chain: Chain, until_minute: float) -> list[float]:
    """When each trip of a vessel is ashore, as far as it is by then."""
    found: list[float] = []
    clock, at = ferry.from_minute, -1
    for dock, shore in chain:
        clock += (ferry.first[dock] if at < 0 else ferry.out[at][dock]) + ferry.home[dock][shore]
        if clock > until_minute + 1e-9:
            break
        found.append(clock)
        at = shore
    return found


def _arrivals(problem: Ferries, ferry: Ferry, chain: Chain) -> Arrivals:
    minutes = minutes_of(ferry, chain, problem.until_minute)
    return [(minute, problem.place_of[call.dock], ferry.seats) for minute, call in zip(minutes, chain, strict=False)]


def person_hours(problem: Ferries, arrivals: list[Arrivals]) -> float:
    """The hours of all persons until they are ashore; who is left counts `LEFT_HOURS` more than the last minute."""
    left, total = list(problem.waiting), 0.0
    for minute, place, seats in sorted(one for of in arrivals for one in of):
        persons = min(seats, left[place])
        left[place] -= persons
        total += persons * minute
    return (total + sum(left) * (problem.until_minute + 60 * LEFT_HOURS)) / 60


def ferry_over(
    problem: Ferries, rng: random.Random, *, rounds: int, stop: Callable[[], bool] | None = None
) -> list[list[Carried]]:
    """The trips of each vessel with the fewest person-hours found in so many rounds of search. Who is not ashore by
    `until_minute` is left behind: their number is what the trips do not carry."""
    choices = [_calls(problem, ferry) for ferry in problem.ferries]
    if not any(choices):
        return [[] for _ in problem.ferries]
    chains = [_first(problem, ferry, calls, rng) for ferry, calls in zip(problem.ferries, choices, strict=True)]
    arrivals = [_arrivals(problem, f, chain) for f, chain in zip(problem.ferries, chains, strict=True)]
    value = person_hours(problem, arrivals)
    best, kept = value, list(chains)
    able = [number for number, calls in enumerate(choices) if calls]
    warm, cooling = sum(problem.waiting) * problem.until_minute / 60 / 50, min(max(rounds, 1), ROUNDS_OF_A_COOLING)
    for number in range(rounds):
        if stop is not None and number % 200 == 0 and stop():
            break
        if number % cooling == 0 and number:
            chains, value = list(kept), best
            arrivals = [_arrivals(problem, f, chain) for f, chain in zip(problem.ferries, chains, strict=True)]
        heat = warm * 1e-4 ** (number % cooling / cooling)
        changed = _change(chains, choices, able, rng)
        after = list(arrivals)
        for v, chain in changed.items():
            after[v] = _arrivals(problem, problem.ferries[v], chain)
        now = person_hours(problem, after)
        if now <= value or rng.random() < math.exp((value - now) / heat):
            for v, chain in changed.items():
                chains[v] = chain
            arrivals, value = after, now
            if value < best - 1e-9:
                best, kept = value, list(chains)
    return _carried(problem, kept)


def _calls(problem: Ferries, ferry: Ferry) -> tuple[Call, ...]:
    """The trips that a vessel may make at all, from docks of places where anybody waits."""
    return tuple(
        Call(dock, shore)
        for dock, place in enumerate(problem.place_of)
        for shore in range(len(ferry.out))
        if problem.waiting[place] and ferry.seats and max(ferry.first[dock], ferry.home[dock][shore]) < FAR
    )


def _first(problem: Ferries, ferry: Ferry, calls: tuple[Call, ...], rng: random.Random) -> Chain:
    """More trips than there is time for, each to a place drawn by who waits there, by the shortest round to it."""
    if not calls:
        return ()
    shortest = {
        place: min(
            (call for call in calls if problem.place_of[call.dock] == place),
            key=lambda call: ferry.home[call.dock][call.shore] + ferry.out[call.shore][call.dock],
        )
        for place in {problem.place_of[call.dock] for call in calls}
    }
    quickest = min(ferry.home[c.dock][c.shore] + ferry.out[c.shore][c.dock] for c in calls)
    number = 1 + int((problem.until_minute - ferry.from_minute) / max(quickest, 1.0)) if quickest < FAR else 1
    places = sorted(shortest)
    drawn = rng.choices(places, [problem.waiting[place] for place in places], k=max(1, number))
    return tuple(shortest[place] for place in drawn)


def _change(
    chains: list[Chain], choices: list[tuple[Call, ...]], able: list[int], rng: random.Random
) -> dict[int, Chain]:
    """A small change: the chains as they would be, by vessel. Each keeps its length, so that time alone ends it."""
    v, kind = able[rng.randrange(len(able))], rng.random()
    chain = chains[v]
    i, j = rng.randrange(len(chain)), rng.randrange(len(chain))
    if kind < 0.4:
        return {v: (*chain[:i], rng.choice(choices[v]), *chain[i + 1 :])}
    if kind < 0.6:
        low, high = min(i, j), max(i, j)
        if low == high:
            return {}
        return {v: (*chain[:low], chain[high], *chain[low + 1 : high], chain[low], *chain[high + 1 :])}
    if kind < 0.7:
        call = chain[i]
        rest = (*chain[:i], *chain[i + 1 :])
        return {v: (*rest[:j], call, *rest[j:])}
    if kind < 0.8:
        return {v: (*chain[:i], rng.choice(choices[v]), *chain[i:-1])}
    # Two vessels exchange the places they go to, as far as each may lie there.
    w = able[rng.randrange(len(able))]
    if w == v or not chains[w]:
        return {}
    k = rng.randrange(len(chains[w]))
    one, other = chain[i], chains[w][k]
    if one not in choices[w] or other not in choices[v]:
        return {}
    return {v: (*chain[:i], other, *chain[i + 1 :]), w: (*chains[w][:k], one, *chains[w][k + 1 :])}


def _carried(problem: Ferries, chains: list[Chain]) -> list[list[Carried]]:
    """The trips that carry anybody: of each place those ashore first take people first. A trip that carries nobody is
    left out where one with people follows, which then comes no later."""
    while True:
        left = list(problem.waiting)
        trips: list[list[tuple[float, Call, int]]] = [[] for _ in chains]
        rides = sorted(
            (minute, v, i)
            for v, chain in enumerate(chains)
            for i, minute in enumerate(minutes_of(problem.ferries[v], chain, problem.until_minute))
        )
        for minute, v, i in rides:
            call = chains[v][i]
            place = problem.place_of[call.dock]
            persons = min(problem.ferries[v].seats, left[place])
            left[place] -= persons
            trips[v].append((minute, call, persons))
        used = [tuple(call for _, call, persons in of if persons) for of in trips]
        if used == chains:
            return [[Carried(call, persons, minute) for minute, call, persons in of] for of in trips]
        chains = used
