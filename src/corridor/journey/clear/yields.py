"""How many of the listed crossed: per list, per day, counting people and never rows."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corridor.base.ids import ListId, PersonId
from corridor.base.moments import Moment, datetime_of
from corridor.journey.clear.state import Lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """How many people were listed, and how many of those crossed."""

    listed: int
    crossed: int

    @property
    def share(self) -> float | None:
        """Crossed of listed, 0 to 1; None when nobody was listed."""
        return self.crossed / self.listed if self.listed else None


DAYS_MIN = 3
"""Days with a list before a range is told: of two, the range would only repeat them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How many of the people listed for a day will cross, from the shares of the days before.

    `least` to `most` is where eight days in ten lie (10th to 90th percentile, interpolated between days), closed days
    counted as nobody; `open_least` to `open_most` the same of the days on which anybody crossed, None: there was none.
    """

    listed: int
    least: int
    middle: int
    most: int
    open_least: int | None
    open_most: int | None
    days: int
    closed_days: int


def expected(listed: int, yields: Mapping[date, Yield], before: date) -> Expected | None:
    """What to expect of `listed` people from the days before; None: fewer than three days with a list are known."""
    past = [one for day, one in yields.items() if day < before]
    shares = sorted(share for one in past if (share := one.share) is not None)
    if len(shares) < DAYS_MIN:
        return None
    open_shares = [share for share in shares if share > 0]
    return Expected(
        listed=listed,
        least=math.floor(listed * _quantile(shares, 0.1)),
        middle=round(listed * _quantile(shares, 0.5)),
        most=math.ceil(listed * _quantile(shares, 0.9)),
        open_least=math.floor(listed * _quantile(open_shares, 0.1)) if open_shares else None,
        open_most=math.ceil(listed * _quantile(open_shares, 0.9)) if open_shares else None,
        days=len(shares),
        closed_days=len(shares) - len(open_shares),
    )


def _quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the sorted values lies, in a straight line between two of them."""
    place = share * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def yield_of(listed: Collection[PersonId], crossed: Collection[PersonId]) -> Yield:
    """The yield of these people; each is counted once, and who crossed without being listed is not in it."""
    people = frozenset(listed)
    return Yield(listed=len(people), crossed=len(people.intersection(crossed)))


def yield_by_list(
    lists: Lists,
    persons: Mapping[ListId, Collection[PersonId]],
    crossed_at: Mapping[PersonId, Moment],
    zone: str,
) -> Mapping[ListId, Yield]:
    """The yield of each list on its own day: of the people on it, those who crossed on the day it was for.

    `crossed_at` is when each person crossed, `zone` the operation's.
    """
    days = _by_day(crossed_at, zone)
    return {
        list_id: yield_of(persons.get(list_id, ()), days.get(statement.for_date, ()))
        for list_id, statement in lists.statements.items()
    }


def yield_by_day(
    lists: Lists,
    persons: Mapping[ListId, Collection[PersonId]],
    crossed_at: Mapping[PersonId, Moment],
    zone: str,
) -> Mapping[date, Yield]:
    """The yield of each day for which there was a list; listed by several authorities, a person counts once."""
    days = _by_day(crossed_at, zone)
    listed: dict[date, set[PersonId]] = {}
    for list_id, statement in lists.statements.items():
        listed.setdefault(statement.for_date, set()).update(persons.get(list_id, ()))
    return {day: yield_of(people, days.get(day, ())) for day, people in sorted(listed.items())}


def _by_day(crossed_at: Mapping[PersonId, Moment], zone: str) -> Mapping[date, set[PersonId]]:
    days: dict[date, set[PersonId]] = {}
    for person, at in crossed_at.items():
        days.setdefault(datetime_of(at, zone).date(), set()).add(person)
    return days
