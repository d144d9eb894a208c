"""What is believed of this operation's road, as of the board's moment?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corridor.forecast.beliefs.laws import Hazard, Pace, Share, weight
from corridor.forecast.beliefs.priors import Table
from corridor.forecast.series.level import State, after, at_first
from corridor.journey.forecasting.seen import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """Everything uncertain of the road. `gate_pace` is the log of persons a day beside `gate_persons_per_day`;
    `hall_pace` the log of minutes from crossing to staging beside `hall_minutes`. `closed`: the crossing's last day
    was without anybody. `applying` is the level of parties that apply a day."""

    gate_persons_per_day: float
    gate_pace: Pace
    closing: Hazard
    opening: Hazard
    closed: bool
    hall_minutes: float
    hall_pace: Pace
    desk_pace: Pace
    flights: Hazard
    withdrawing: Share
    joining_stops: Hazard
    applying: State
    party_sizes: tuple[int, ...]


def _pace(table: Table, name: str) -> Pace:
    one = table[name]
    return Pace(mean=one["mean"], worth=one["worth"], sigma=one["sigma"], sigma_worth=one["sigma_worth"])


def _hazard(table: Table, name: str) -> Hazard:
    return Hazard(cases=table[name]["cases"], days=table[name]["days"])


def believed(seen: Seen, table: Table, gate_persons_per_day: float, hall_minutes: float) -> Beliefs:
    """The priors after what was seen."""
    halves = table["halves"]
    half, slow = halves["pace_days"], halves["hazard_days"]
    ages = list(seen.crossing_days)
    closing, opening = _gate_hazards(seen, table, slow)
    flights = _hazard(table, "flights").after(
        [weight(age, slow) for age in seen.flown], (weight(age, slow) for age in ages)
    )
    logs = ((math.log(n / gate_persons_per_day), weight(age, half)) for age, n in seen.crossed.items())
    # People of one bus took the same time: a day's journeys count as one.
    that_day = Counter(int(age) for _, age in seen.hall_minutes)
    halls = (
        (math.log(minutes / hall_minutes), weight(age, half) / that_day[int(age)]) for minutes, age in seen.hall_minutes
    )
    share = Share(cases=table["withdrawing"]["cases"], others=table["withdrawing"]["others"])
    first = max(seen.applied, default=0)
    state = at_first()
    for age in range(first, -1, -1):
        state = after(state, seen.applied.get(age, 0))
    return Beliefs(
        gate_persons_per_day=gate_persons_per_day,
        gate_pace=_pace(table, "gate_pace").after(logs),
        closing=closing,
        opening=opening,
        closed=seen.first_crossing_age is not None and seen.crossed.get(0, 0) == 0,
        hall_minutes=hall_minutes,
        hall_pace=_pace(table, "hall_minutes").after(halls),
        desk_pace=_pace(table, "desk_pace"),
        flights=flights,
        withdrawing=share.after(seen.withdrew, seen.went),
        joining_stops=_hazard(table, "joining_stops").after([], [1.0 for _ in range(seen.first_crossing_age or 0)]),
        applying=state,
        party_sizes=seen.party_sizes,
    )


def _gate_hazards(seen: Seen, table: Table, half: float) -> tuple[Hazard, Hazard]:
    """How readily the crossing closes and opens: a day on which nobody crossed counts as closed."""
    closed_cases: list[float] = []
    open_cases: list[float] = []
    open_days: list[float] = []
    closed_days: list[float] = []
    ages = list(seen.crossing_days)
    for before, age in pairwise(ages):
        was_open, is_open = seen.crossed.get(before, 0) > 0, seen.crossed.get(age, 0) > 0
        counts = weight(age, half)
        (open_days if was_open else closed_days).append(counts)
        if was_open and not is_open:
            closed_cases.append(counts)
        if is_open and not was_open:
            open_cases.append(counts)
    return (
        _hazard(table, "closing").after(closed_cases, open_days),
        _hazard(table, "opening").after(open_cases, closed_days),
    )


def shown(beliefs: Beliefs) -> Iterator[tuple[str, str, float, float, float, int]]:
    """Each belief for a person to read: its name, its unit, P10, P50, P90, how many cases it has learned from."""
    per_day = beliefs.gate_persons_per_day
    rows = (
        ("gate_pace", "persons on a day with crossings", beliefs.gate_pace.one(), per_day, beliefs.gate_pace.seen),
        ("closing", "per open day", beliefs.closing.rate(), 1.0, beliefs.closing.seen),
        ("opening", "per closed day", beliefs.opening.rate(), 1.0, beliefs.opening.seen),
        (
            "hall_minutes",
            "from crossing to staging",
            beliefs.hall_pace.one(),
            beliefs.hall_minutes,
            beliefs.hall_pace.seen,
        ),
        ("desk_pace", "beside the written rate", beliefs.desk_pace.one(), 1.0, beliefs.desk_pace.seen),
        ("flights", "departures home per day", beliefs.flights.rate(), 1.0, beliefs.flights.seen),
        ("withdrawing", "part of parties", beliefs.withdrawing.part(), 1.0, beliefs.withdrawing.seen),
        ("joining_stops", "per day", beliefs.joining_stops.rate(), 1.0, beliefs.joining_stops.seen),
    )
    for name, unit, law, times, cases in rows:
        low, middle, high = (float(law.quantiles[int(level * 1024)]) * times for level in (0.1, 0.5, 0.9))
        yield name, unit, low, middle, high, cases
