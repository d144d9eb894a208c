"""Who is called to the gate for which hour: whole groups, by priority, as many an hour as the gate takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time

from corridor.base.ids import PersonId, PlaceId
from corridor.base.operation import Operation, Station
from corridor.journey.register.state import RegisterState

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSlot:
    """The groups called to one gate for one hour, local to the gate; `hour` None: no hour of that day has room."""

    gate: PlaceId
    hour: time | None
    groups: tuple[frozenset[PersonId], ...]

    @property
    def persons(self) -> tuple[PersonId, ...]:
        """Everybody called for the hour, group by group."""
        return tuple(person for group in self.groups for person in sorted(group))


def call_slots(
    gate: PlaceId,
    station: Station | None,
    groups: Iterable[frozenset[PersonId]],
    priorities: Mapping[PersonId, int],
) -> tuple[CallSlot, ...]:
    """The groups shared out over the gate's hours: the first of priority 1 first, each to the earliest hour with room.

    A group stays together: one that is larger than an hour's rate has an hour of its own. Where the station's hours or
    rate are not known everybody is called for its opening, or for midnight.
    """
    ordered = sorted(groups, key=lambda group: (min(priorities[person] for person in group), min(group)))
    hours = _hours(station)
    rate = None if station is None else station.persons_per_hour
    filled: dict[time | None, list[frozenset[PersonId]]] = {}
    counts: dict[time | None, int] = {}
    for group in ordered:
        free = (hour for hour in hours if rate is None or not counts.get(hour) or counts[hour] + len(group) <= rate)
        hour = next(free, None)
        filled.setdefault(hour, []).append(group)
        counts[hour] = counts.get(hour, 0) + len(group)
    in_order = [hour for hour in (*hours, None) if hour in filled]
    return tuple(CallSlot(gate=gate, hour=hour, groups=tuple(filled[hour])) for hour in in_order)


def _hours(station: Station | None) -> tuple[time, ...]:
    """The beginnings of the station's hours; past midnight where it closes in the morning."""
    if station is None or station.opens is None or station.closes is None:
        return tuple(time(hour) for hour in range(24))
    start = station.opens.hour * 60 + station.opens.minute
    end = station.closes.hour * 60 + station.closes.minute
    end += MINUTES_A_DAY if end <= start else 0
    return tuple(time(minute % MINUTES_A_DAY // 60, minute % 60) for minute in range(start, end, 60))


def station_of(operation: Operation, ends: tuple[PlaceId, PlaceId], gate: PlaceId) -> Station | None:
    """The gate's station by whose hours people are called: the gate's own, else that of the leg's other end."""
    found = [one for one in operation.stations if one.service == "gate" and one.place in ends]
    return min(found, key=lambda one: one.place != gate, default=None)


def priority_of(operation: Operation, state: RegisterState) -> int:
    """A person's priority, 1 first: of the category decided for them, else of the first whose conditions hold; after
    all categories when none does."""
    for category in operation.categories:
        if category.id == state.category:
            return category.priority
    own = any(country in operation.eligibility.own_citizenships for country in state.citizenships)
    ties = {"own_citizen"} if own else {"relative"} if state.relation == "relative" else set()
    for category in sorted(operation.categories, key=lambda one: one.priority):
        met = any(
            (not one.needs or state.needs & set(one.needs))
            and (not one.age_bands or state.age_band in one.age_bands)
            and (not one.ties or ties & set(one.ties))
            for one in category.when
        )
        if met or not category.when:
            return category.priority
    return max((one.priority for one in operation.categories), default=0) + 1
