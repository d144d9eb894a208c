"""What is there to ferry: vessels with their ways between docks, who waits where, and what a trip is.

The isolated community evacuation problem (Krutein and Goodchild 2022): vessels of their own size and speed lie at docks
of their own, come from there to a dock of the island, take people to a dock of the mainland, and go back for more.
Minutes may be fractions: nothing is cut into slots.
"""

from __future__ import annotations

import math
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


def arrivals_of(problem: Ferries, ferry: Ferry, chain: Chain) -> Arrivals:
    """The trips of a vessel as far as they end in time."""
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


def calls_of(problem: Ferries, ferry: Ferry) -> tuple[Call, ...]:
    """The trips that a vessel may make at all: from docks of places where anybody waits."""
    return tuple(
        Call(dock, shore)
        for dock, place in enumerate(problem.place_of)
        for shore in range(len(ferry.out))
        if problem.waiting[place] and ferry.seats and max(ferry.first[dock], ferry.home[dock][shore]) < FAR
    )
