"""What is missing for a party on a way it was given although something is full: which limits, by how much."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from corridor.plan.dispatch.floor import Floor, Found
from corridor.plan.dispatch.rooms import StationRoom
from corridor.plan.explain.relaxing import Change, change, clock, counted
from corridor.plan.problem import Flight, GateHours, Party, Shift, Station

CLASSES = ("seats", "stretchers", "wheelchairs", "laps", "share", "allowed")
"""What a flight may lack for somebody."""

_ROOMS = {
    "holding": ("gates", "holding_persons_max", "more person waiting at {id}", "more persons waiting at {id}"),
    "hall": ("gates", "hall_persons_max", "more person in the hall of {id}", "more persons in the hall of {id}"),
    "beds": ("stagings", "beds", "more bed at {id}", "more beds at {id}"),
    "fleet": ("fleets", "vehicles", "more vehicle of {id}", "more vehicles of {id}"),
    "pool": ("pools", "count", "more of the {id}", "more of the {id}"),
}


def missing(floor: Floor, group: Sequence[Party], found: Found) -> list[Change] | None:
    """What the limits ignored on the floor lack once the group goes that way, which it then does; None where nothing
    that can be named would help."""
    floor.commit(group, found)
    changes: list[Change] = []
    for kind, id in sorted(floor.rooms.ignored):
        lacks = _lacks(floor, group, kind, id)
        if lacks is None:
            return None
        changes += lacks
    return changes


def _lacks(floor: Floor, group: Sequence[Party], kind: str, id: str) -> list[Change] | None:
    if kind in _ROOMS:
        return _room(floor, kind, id)
    if kind == "gate":
        return _gate(floor, id)
    if kind == "station":
        return _station(floor, id)
    if kind == "vehicles":
        return _vehicles(floor, id)
    return _flight(floor, group, kind, id)


def _room(floor: Floor, kind: str, id: str) -> list[Change] | None:
    name, field, one, many = _ROOMS[kind]
    row = next(row for key, row in floor.rooms.left.items() if key == (kind, id))
    short = -int(row.min())
    if short <= 0:
        return []
    those = getattr(floor.problem, name)
    number = next(number for number, each in enumerate(those) if each.id == id)
    now = getattr(those[number], field)
    anyway = 0 if kind in ("fleet", "pool") else _anyway(floor, kind, id, now)
    says = counted(short, one, many).format(id=id)
    return [change(kind, short, f"$.{name}[{number}].{field}", now + anyway + short, says)]


def _anyway(floor: Floor, kind: str, id: str, now: int) -> int:
    """By how many those who stand there from the beginning exceed the limit where it is scarcest."""
    stands = {"holding": "gate", "hall": "hall", "beds": "staging"}[kind]
    there = sum(party.persons for party in floor.problem.parties if party.stands == stands and party.place == id)
    return max(0, there - now)


def _gate(floor: Floor, id: str) -> list[Change] | None:
    """More persons an hour in each window that lets too many through, or more in all where that is its limit."""
    problem, slot = floor.problem, floor.problem.slot_minutes
    number = next(number for number, gate in enumerate(problem.gates) if gate.id == id)
    changes: list[Change] = []
    row = next(row for key, row in floor.rooms.left.items() if key == ("gate", id))
    for turn, hours in enumerate(problem.gates[number].hours):
        short = 0
        for full in np.flatnonzero(row < 0).tolist():
            begin, end = max(full * slot, hours.from_minute), min((full + 1) * slot, hours.until_minute)
            if begin < end:
                short = max(short, _faster(hours, end - begin, -int(row[full])))
        path = f"$.gates[{number}].hours[{turn}]"
        since = clock(problem, hours.from_minute)
        if short:
            says = f"{counted(short, 'person', 'persons')} an hour more through {id} from {since} on"
            changes.append(change("gate", short, f"{path}.persons_per_hour", hours.persons_per_hour + short, says))
        over = -floor.rooms.windows.get((id, turn), 0)
        if over > 0 and hours.persons_max is not None:
            says = f"{counted(over, 'person', 'persons')} more in all through {id} from {since} on"
            changes.append(change("gate", over, f"{path}.persons_max", hours.persons_max + over, says))
    return changes


def _faster(hours: GateHours, minutes: int, short: int) -> int:
    """How many persons an hour more let so many more through in so many minutes, with its rounding down."""
    now = hours.persons_per_hour * minutes // 60
    return -(-60 * (now + short) // minutes) - hours.persons_per_hour


def _station(floor: Floor, id: str) -> list[Change] | None:
    """The easiest of: a shift that goes on longer or has more officers, a longer queue; None where none helps."""
    problem = floor.problem
    number = next(number for number, station in enumerate(problem.stations) if station.id == id)
    station = problem.stations[number]
    room = floor.rooms.stations[station.staging, station.service]
    full = np.flatnonzero(room.waiting > room.limit)
    if not full.size:
        return []
    path, slot = f"$.stations[{number}]", problem.slot_minutes
    tries: list[tuple[Change, Station]] = []
    for turn, shift in enumerate(station.shifts):
        ahead = int(full[0] + 1) * slot + station.promised_minutes
        if shift.from_minute >= ahead or shift.until_minute < int(full[0]) * slot - 24 * 60:
            continue
        follows = min((s.from_minute for s in station.shifts if s.from_minute >= shift.until_minute), default=1 << 40)
        for hours in (1, 2, 3, 4, 6, 8):
            until = shift.until_minute + 60 * hours
            if until <= follows and shift.officers:
                says = f"{station.service} open to {clock(problem, until)}"
                longer = change("shift", hours, f"{path}.shifts[{turn}].until_minute", until, says)
                tries.append((longer, _with_shift(station, turn, until_minute=until)))
        for more in (1, 2, 3, 5, 8):
            officers = shift.officers + more
            since = clock(problem, shift.from_minute)
            says = f"{counted(more, 'more officer', 'more officers')} for {station.service} from {since} on"
            larger = change("officers", more, f"{path}.shifts[{turn}].officers", officers, says)
            tries.append((larger, _with_shift(station, turn, officers=officers)))
    over = int((room.waiting - room.limit).max())
    longer_queue = -(-over // station.minutes_per_person)
    most = station.queue_persons_max + longer_queue
    says = f"{counted(longer_queue, 'more person', 'more persons')} in the queue of {station.service}"
    queue = change("queue", longer_queue, f"{path}.queue_persons_max", most, says)
    tries.append((queue, msgspec.structs.replace(station, queue_persons_max=most)))
    helps = [one for one, other in sorted(tries, key=lambda each: each[0].cost) if _keeps(floor, room, other)]
    return helps[:1] or None


def _with_shift(station: Station, turn: int, **changed: int) -> Station:
    shifts: list[Shift] = list(station.shifts)
    shifts[turn] = msgspec.structs.replace(shifts[turn], **changed)
    return msgspec.structs.replace(station, shifts=tuple(shifts))


def _keeps(floor: Floor, now: StationRoom, station: Station) -> bool:
    """Whether the station, so changed, keeps its promise to all who come."""
    room = StationRoom(floor.rooms, station)
    room.comes = now.comes
    room.count()
    return bool((room.waiting <= room.limit).all())


def _vehicles(floor: Floor, id: str) -> list[Change] | None:
    number, leg = next((number, leg) for number, leg in enumerate(floor.problem.legs) if leg.id == id)
    most = max(
        (len(ride.coaches) for (on, _), rides in floor.convoys.rides.items() if on == id for ride in rides), default=0
    )
    if leg.vehicles_max is None or most <= leg.vehicles_max:
        return []
    more = most - leg.vehicles_max
    says = f"{counted(more, 'more vehicle', 'more vehicles')} in a convoy on {id}"
    return [change("vehicles", more, f"$.legs[{number}].vehicles_max", most, says)]


def _flight(floor: Floor, group: Sequence[Party], kind: str, id: str) -> list[Change] | None:
    number, flight = next((number, one) for number, one in enumerate(floor.problem.flights) if one.id == id)
    aircraft, path = floor.flights.aircraft[flight.id], f"$.flights[{number}]"
    if kind == "allowed":
        return _allowed(flight, group, path) if any(party in aircraft.aboard for party in group) else []
    short = aircraft.lacking(()).get(kind, 0)
    if not short:
        return []
    if kind == "share":
        persons = aircraft.mix["persons"]
        percent = 100 * aircraft.own // persons
        less = flight.own_percent_min - percent
        says = f"a share of {percent} instead of {flight.own_percent_min} percent of its own on {id}"
        return [change("share", less, f"{path}.own_percent_min", percent, says)]
    one = {"seats": "seat", "stretchers": "stretcher place", "wheelchairs": "wheelchair place", "laps": "lap"}[kind]
    says = f"{counted(short, f'more {one}', f'more {one}s')} on {id}"
    return [change(kind, short, f"{path}.{kind}", getattr(flight, kind) + short, says)]


def _allowed(flight: Flight, group: Sequence[Party], path: str) -> list[Change] | None:
    more = {party.citizenships[0] for party in group if party.citizenships} - set(flight.allowed)
    if not flight.allowed or all(set(flight.allowed) & set(party.citizenships) for party in group):
        return []
    if any(not party.citizenships for party in group):
        return None
    says = f"{flight.id} taking {', '.join(sorted(more))}"
    return [change("allowed", len(more), f"{path}.allowed", (*flight.allowed, *sorted(more)), says)]
