"""Who is called to the gate for which hour: whole groups, by priority, as many an hour as the gate takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import Moment, moment_of
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
    planned: Mapping[PersonId, time] | None = None,
) -> tuple[CallSlot, ...]:
    """The groups shared out over the gate's hours: the first of priority 1 first, each to the earliest hour with room.

    `planned` are the hours for which an issued plan calls people: their group has the first of them, before anybody
    else and whatever the rate. A group stays together: one that is larger than an hour's rate has an hour of its own.
    Where the station's hours or rate are not known everybody is called for its opening, or for midnight.
    """
    hours, asked, groups = _hours(station), planned or {}, tuple(groups)
    rate = None if station is None else station.persons_per_hour
    called = {group: [hour for one in group if (hour := asked.get(one)) in hours] for group in groups}
    wanted = {group: min(found, default=None) for group, found in called.items()}
    ordered = sorted(wanted, key=lambda group: (min(priorities[person] for person in group), min(group)))
    filled: dict[time | None, list[frozenset[PersonId]]] = {}
    counts: dict[time | None, int] = {}
    for group in sorted(ordered, key=lambda group: wanted[group] is None):
        free = (hour for hour in hours if rate is None or not counts.get(hour) or counts[hour] + len(group) <= rate)
        at = wanted[group]
        hour = next(free, None) if at is None else at
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


def gate_day(station: Station | None, at: datetime) -> date:
    """The day of the gate to which a moment by its clocks belongs: before it closes in the morning, the day before."""
    over_midnight = station is not None and station.opens and station.closes and station.closes <= station.opens
    early = station is not None and station.closes is not None and at.time() < station.closes
    return at.date() - timedelta(days=1) if over_midnight and early else at.date()


def moment_of_hour(station: Station | None, day: date, hour: time, zone: str) -> Moment:
    """The moment of an hour of the gate's day: the inverse of `gate_day`."""
    at = datetime.combine(day, hour, ZoneInfo(zone))
    if gate_day(station, at) != day:
        at = datetime.combine(day + timedelta(days=1), hour, ZoneInfo(zone))
    return moment_of(at)


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
