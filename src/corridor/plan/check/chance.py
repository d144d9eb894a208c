"""How likely is it that more people come than there are seats, and that a party on standby gets its seats?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corridor.plan.problem import Party


def coming(booked: Iterable[Party]) -> list[float]:
    """The chance of each number of seats needed by those who come; parties come whole and independently."""
    spread = [1.0]
    for party in booked:
        comes = party.show_up_percent / 100
        grown = [0.0] * (len(spread) + party.seats)
        for seats, chance in enumerate(spread):
            grown[seats] += chance * (1 - comes)
            grown[seats + party.seats] += chance * comes
        spread = grown
    return spread


def too_many(booked: Iterable[Party], seats: int) -> float:
    """The chance that more seats are needed than there are."""
    return sum(coming(booked)[max(0, seats + 1) :])


def chances(booked: Iterable[Party], standby: Sequence[Party], seats: int) -> tuple[float, ...]:
    """Each standby party's chance that its seats are free when its turn comes."""
    free = [0.0] * (max(0, seats) + 1)
    for used, chance in enumerate(coming(booked)):
        free[max(0, seats - used)] += chance
    found = []
    for party in standby:
        found.append(sum(free[party.seats :]))
        comes = party.show_up_percent / 100
        left = list(free)
        for there in range(party.seats, len(free)):
            left[there] -= free[there] * comes
            left[there - party.seats] += free[there] * comes
        free = left
    return tuple(found)
