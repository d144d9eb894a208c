"""What has the road shown so far? Days and durations, by what is known at the board's moment."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from corridor.base.ids import MovementId, PersonId
from corridor.base.moments import DAY_MS, MINUTE_MS, Moment
from corridor.journey.board.board import Board
from corridor.journey.planning.replay import journeys
from corridor.journey.planning.road import Road


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What happened, by age: 0 is the day that ends at the board's moment, 1 the one before.

    `crossed` persons by day, from the first crossing on; `applied` parties by day; `flown` ages in days of departures
    home; `hall_minutes` from crossing to staging with their ages; `withdrew` parties, `went` parties.
    """

    crossed: dict[int, int]
    first_crossing_age: int | None  # None: nobody has crossed
    applied: dict[int, int]
    party_sizes: tuple[int, ...]
    flown: tuple[float, ...]
    hall_minutes: tuple[tuple[float, float], ...]
    withdrew: int
    went: int

    @property
    def crossing_days(self) -> range:
        """Ages of days since the first crossing, from the oldest on."""
        return range(-1) if self.first_crossing_age is None else range(self.first_crossing_age, -1, -1)


def seen_on(board: Board, road: Road) -> Seen:
    """What the board knows to have happened."""
    at = board.at
    crossed: Counter[int] = Counter()
    halls: list[tuple[float, float]] = []
    flights: dict[MovementId, Moment] = {}
    for journey in journeys(board, road).values():
        if journey.crossed_at is not None:
            crossed[_age(at, journey.crossed_at)] += 1
            if journey.staged_at is not None and journey.staged_at > journey.crossed_at:
                minutes = (journey.staged_at - journey.crossed_at) / MINUTE_MS
                halls.append((minutes, (at - journey.staged_at) / DAY_MS))
        if journey.flight is not None and journey.flown_at is not None:
            flights[journey.flight] = journey.flown_at
    applied: Counter[int] = Counter()
    sizes: Counter[str] = Counter()
    members: defaultdict[str, set[PersonId]] = defaultdict(set)
    for event in board.view.events(("registered",)):
        party = str(event.body.get("party", event.persons[0]))
        if party not in sizes:
            applied[_age(at, event.corrected_at)] += 1
        sizes[party] += len(event.persons)
        members[party] |= set(event.persons)
    gone = board.people("withdrawn")
    out = board.people("out")
    return Seen(
        crossed=dict(crossed),
        first_crossing_age=max(crossed, default=None),
        applied=dict(applied),
        party_sizes=tuple(sizes.values()),
        flown=tuple((at - left) / DAY_MS for left in flights.values()),
        hall_minutes=tuple(halls),
        withdrew=sum(party <= gone for party in members.values()),
        went=sum(bool(party & out) for party in members.values()),
    )


def _age(at: Moment, happened: Moment) -> int:
    return max(0, math.floor((at - happened) / DAY_MS))
