"""Which vessel goes back and forth between which docks, so that everybody is ashore soonest?

Local search with annealing over the docks that each vessel goes to, one after the other; who travels on which trip
follows from them. It begins with trips that leave as few as can be behind.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from corridor.plan.ferries.loads import fewest_left
from corridor.plan.ferries.problem import Call, Carried, Chain, Ferries, arrivals_of, calls_of, minutes_of, person_hours

ROUNDS_OF_A_COOLING = 60_000
"""So often the search grows warm again, from the best found."""
SPARE = 2
"""Trips at the end of each vessel's, for which there is time once others become shorter."""


def ferry_over(
    problem: Ferries, rng: random.Random, *, rounds: int, stop: Callable[[], bool] | None = None
) -> list[list[Carried]]:
    """The trips of each vessel with the fewest person-hours found in so many rounds of search. Who is not ashore by
    `until_minute` is left behind: their number is what the trips do not carry."""
    choices = [calls_of(problem, ferry) for ferry in problem.ferries]
    if not any(choices):
        return [[] for _ in problem.ferries]
    begun = fewest_left(problem, choices)
    chains = [
        (*chain, *rng.choices(calls, k=SPARE)) if calls else chain for chain, calls in zip(begun, choices, strict=True)
    ]
    arrivals = [arrivals_of(problem, f, chain) for f, chain in zip(problem.ferries, chains, strict=True)]
    value = person_hours(problem, arrivals)
    best, kept = value, list(chains)
    able = [number for number, calls in enumerate(choices) if calls]
    warm, cooling = sum(problem.waiting) * problem.until_minute / 60 / 50, min(max(rounds, 1), ROUNDS_OF_A_COOLING)
    for number in range(rounds):
        if stop is not None and number % 200 == 0 and stop():
            break
        if number % cooling == 0 and number:
            chains, value = list(kept), best
            arrivals = [arrivals_of(problem, f, chain) for f, chain in zip(problem.ferries, chains, strict=True)]
        heat = warm * 1e-4 ** (number % cooling / cooling)
        changed = _change(chains, choices, able, rng)
        after = list(arrivals)
        for v, chain in changed.items():
            after[v] = arrivals_of(problem, problem.ferries[v], chain)
        now = person_hours(problem, after)
        if now <= value or rng.random() < math.exp((value - now) / heat):
            for v, chain in changed.items():
                chains[v] = chain
            arrivals, value = after, now
            if value < best - 1e-9:
                best, kept = value, list(chains)
    return _carried(problem, kept)


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
