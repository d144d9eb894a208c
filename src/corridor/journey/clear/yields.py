"""How many of the listed crossed: per list, per day, counting people and never rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
