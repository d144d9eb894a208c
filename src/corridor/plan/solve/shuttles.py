"""Which bus goes back and forth where, so that the last load is in soonest?

The bus evacuation problem (Bish 2011): buses leave one yard, each takes a load at a pickup to a shelter with room, goes
on to the next pickup, and so on; loads fill a bus, shelters have room for so many, and the last arrival counts. Local
search with annealing over which bus takes which loads in which order to which shelters.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

Trip = tuple[int, int]
"""One load: its pickup and its shelter."""
Routes = list[list[Trip]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuttles:
    """`waiting` loads at each pickup, `room` at each shelter; minutes from the yard to pickups, and from each pickup to
    each shelter, the same both ways."""

    buses: int
    waiting: tuple[int, ...]
    room: tuple[int, ...]
    from_yard: tuple[int, ...]
    between: tuple[tuple[int, ...], ...]


def minutes_of(problem: Shuttles, route: list[Trip]) -> int:
    """When a bus that makes these trips has delivered the last of them; 0 for none."""
    total, at = 0, -1
    for pickup, shelter in route:
        total += problem.between[pickup][at] if at >= 0 else problem.from_yard[pickup]
        total += problem.between[pickup][shelter]
        at = shelter
    return total


def at_least(problem: Shuttles) -> int:
    """No set of routes ends sooner: the buses share all ways at their least evenly, and the farthest load is alone."""
    loads = [pickup for pickup, count in enumerate(problem.waiting) for _ in range(count)]
    least = sorted(min(problem.between[pickup]) for pickup in loads)
    starts = sorted(problem.from_yard[pickup] for pickup in loads)
    # With so many buses used, their first trips begin in the yard, all others with an empty way to their pickup.
    together = min(
        (sum(least) + sum(least[: len(loads) - used]) + sum(starts[:used]) for used in range(1, problem.buses + 1)),
        default=0,
    )
    return max(-(-together // problem.buses), _farthest(problem)) if loads else 0


def _farthest(problem: Shuttles) -> int:
    """When the last load is in if every load had all buses for itself."""
    reach = list(problem.from_yard)
    for _ in reach:
        for pickup, row in enumerate(problem.between):
            for other, back in enumerate(problem.between):
                if problem.waiting[other]:
                    by = min(there + home for there, home in zip(back, row, strict=True))
                    reach[pickup] = min(reach[pickup], reach[other] + by)
    return max(reach[p] + min(problem.between[p]) for p, count in enumerate(problem.waiting) if count)


def shuttle(problem: Shuttles, rng: random.Random, *, rounds: int, stop: Callable[[], bool] | None = None) -> Routes:
    """Routes that take every load, the best found in so many rounds of search; needs room for all loads."""
    assert sum(problem.room) >= sum(problem.waiting), "the shelters have room for everybody"
    free = list(problem.room)
    routes = _first(problem, free)
    ends = [minutes_of(problem, route) for route in routes]
    best, kept = max(ends, default=0), [list(route) for route in routes]
    least = at_least(problem)
    for number in range(rounds):
        if best <= least or (stop is not None and number % 1000 == 0 and stop()):
            break
        heat = 3.0 * 0.03 ** ((number % 50_000) / 50_000)
        change = _change(problem, routes, free, rng)
        if change is None:
            continue
        changed, moved = change
        after = list(ends)
        for bus, route in changed.items():
            after[bus] = minutes_of(problem, route)
        worse = max(after) - max(ends) + 0.02 * (sum(after) - sum(ends))
        if worse <= 0 or rng.random() < math.exp(-worse / heat):
            for bus, route in changed.items():
                routes[bus] = route
            ends = after
            if moved is not None:
                free[moved[0]] += 1
                free[moved[1]] -= 1
            if max(ends) < best:
                best, kept = max(ends), [list(route) for route in routes]
    return kept


def _first(problem: Shuttles, free: list[int]) -> Routes:
    """Each load to the nearest shelter with room, on the bus that brings it in soonest."""
    routes: Routes = [[] for _ in range(problem.buses)]
    for pickup, count in enumerate(problem.waiting):
        for _ in range(count):
            shelter = min((s for s, room in enumerate(free) if room), key=lambda s: problem.between[pickup][s])
            free[shelter] -= 1
            trip = (pickup, shelter)
            min(routes, key=lambda route: minutes_of(problem, [*route, trip])).append(trip)
    return routes


def _change(
    problem: Shuttles, routes: Routes, free: list[int], rng: random.Random
) -> tuple[dict[int, list[Trip]], tuple[int, int] | None] | None:
    """A small change: routes by bus as they would be, and the shelters a load leaves and takes (None: the same)."""
    a, b = rng.randrange(len(routes)), rng.randrange(len(routes))
    if not routes[a]:
        return None
    i, kind = rng.randrange(len(routes[a])), rng.random()
    if kind < 0.35:
        return _move(routes, a, b, i, rng), None
    if kind < 0.75:
        return _swap(routes, a, b, i, rng, whole=kind < 0.55), None
    if kind < 0.85:
        pickup, shelter = routes[a][i]
        other = rng.randrange(len(free))
        if other == shelter or not free[other]:
            return None
        route = list(routes[a])
        route[i] = (pickup, other)
        return {a: route}, (shelter, other)
    if a == b:
        j = rng.randrange(len(routes[a]))
        low, high = min(i, j), max(i, j) + 1
        route = routes[a]
        return {a: route[:low] + route[low:high][::-1] + route[high:]}, None
    j = rng.randrange(len(routes[b]) + 1)
    return {a: routes[a][:i] + routes[b][j:], b: routes[b][:j] + routes[a][i:]}, None


def _move(routes: Routes, a: int, b: int, i: int, rng: random.Random) -> dict[int, list[Trip]]:
    """A trip to another place, in its own route or another's."""
    rest = routes[a][:i] + routes[a][i + 1 :]
    into = rest if a == b else list(routes[b])
    into.insert(rng.randrange(len(into) + 1), routes[a][i])
    return {a: into} if a == b else {a: rest, b: into}


def _swap(routes: Routes, a: int, b: int, i: int, rng: random.Random, *, whole: bool) -> dict[int, list[Trip]]:
    """Two trips in each other's place; or only their shelters exchanged."""
    if not routes[b]:
        return {}
    j = rng.randrange(len(routes[b]))
    changed = {a: list(routes[a]), b: list(routes[b])}
    if a == b:
        changed = {a: changed[a]}
    one, other = routes[a][i], routes[b][j]
    changed[a][i] = other if whole else (one[0], other[1])
    changed[b][j] = one if whole else (other[0], one[1])
    return changed
