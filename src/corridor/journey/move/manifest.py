"""Who is planned, boarded and alighted on a movement, where the columns differ, and how full it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import MovementId, OfferId, PersonId, VehicleId
from corridor.base.moments import Moment
from corridor.journey.move.events import PlaceType
from corridor.journey.move.state import Berth, Movement, Row, fold
from corridor.ledger.event import Event

DifferenceType = Literal[
    "planned_not_boarded", "boarded_not_planned", "boarded_not_alighted", "alighted_not_boarded", "other_vehicle"
]
TAKING: tuple[PlaceType, ...] = ("seat", "stretcher", "wheelchair")
"""The place types that a vehicle has so many of; a lap is none of them."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How many people are in each column. Souls, not seats: infants on laps count."""

    planned: int
    boarded: int
    alighted: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The rows of one movement, by person."""

    movement: MovementId
    rows: tuple[Row, ...]

    @property
    def columns(self) -> Columns:
        """The three columns of the whole movement."""
        return Columns(
            sum(row.planned is not None for row in self.rows),
            sum(row.boarded is not None for row in self.rows),
            sum(row.alighted_at is not None for row in self.rows),
        )

    @property
    def by_vehicle(self) -> dict[VehicleId | None, Columns]:
        """The three columns of each vehicle, None for people whose vehicle was not recorded; they add up to `columns`.

        Who alights without a vehicle recorded is taken to leave the one they boarded.
        """
        planned = Counter(row.planned.vehicle for row in self.rows if row.planned is not None)
        boarded = Counter(row.boarded.vehicle for row in self.rows if row.boarded is not None)
        alighted = Counter(_alighted_from(row) for row in self.rows if row.alighted_at is not None)
        vehicles = sorted({*planned, *boarded, *alighted}, key=lambda vehicle: (vehicle is None, vehicle or ""))
        return {name: Columns(planned[name], boarded[name], alighted[name]) for name in vehicles}


def _alighted_from(row: Row) -> VehicleId | None:
    if row.alighted_vehicle is not None or row.boarded is None:
        return row.alighted_vehicle
    return row.boarded.vehicle


@dataclass(frozen=True, slots=True)
class Difference:
    """People for whom two columns do not meet, by name of person, sorted."""

    type: DifferenceType
    persons: tuple[PersonId, ...]


def manifest_of(movement: Movement) -> Manifest:
    """The manifest of a movement already folded; rows that hold nothing any more are left out."""
    rows = (row for row in movement.rows if row.planned or row.boarded or row.alighted_at is not None)
    return Manifest(movement.movement, tuple(rows))


def manifest(events: Iterable[Event], movement: MovementId) -> Manifest:
    """The manifest of a movement from the events that name it."""
    return manifest_of(fold(events).movements.get(movement) or Movement(movement=movement))


def differences(manifest: Manifest) -> tuple[Difference, ...]:
    """Where the columns do not meet, named; empty when every planned person boarded and alighted and nobody else did.

    Before boarding ends people not boarded are still expected, and before arrival nobody has alighted: who asks
    knows the movement's status.
    """
    found: dict[DifferenceType, list[PersonId]] = {}
    for row in manifest.rows:
        if row.planned and not row.boarded:
            found.setdefault("planned_not_boarded", []).append(row.person)
        if row.boarded and not row.planned:
            found.setdefault("boarded_not_planned", []).append(row.person)
        if row.aboard:
            found.setdefault("boarded_not_alighted", []).append(row.person)
        if row.alighted_at is not None and not row.boarded:
            found.setdefault("alighted_not_boarded", []).append(row.person)
        if _other_vehicle(row):
            found.setdefault("other_vehicle", []).append(row.person)
    return tuple(Difference(name, tuple(sorted(persons))) for name, persons in found.items())


def _other_vehicle(row: Row) -> bool:
    """Whether the vehicles that were recorded for a person are not all the same."""
    said = (row.planned and row.planned.vehicle, row.boarded and row.boarded.vehicle, row.alighted_vehicle)
    return len({vehicle for vehicle in said if vehicle is not None}) > 1


def taken_places(movement: Movement, at: Moment) -> dict[PlaceType, int]:
    """Places of each type that are not free: by people, by holds that still run, and by partners' seats.

    A person counts once, where they boarded or else where they are planned; an infant on a lap takes none. A seat a
    partner took counts once too, whether or not somebody is already planned on it. A hold is for a seat.
    """
    berths = tuple(_berths(movement))
    used = Counter(berth.place_type for berth in berths)
    waiting = movement.held(at) - movement.planned - movement.boarded
    on_offers: Counter[OfferId | None] = Counter(berth.offer for berth in berths if berth.place_type != "lap")
    kept = sum(max(0, offer.kept(at) - on_offers[offer.offer]) for offer in movement.offers)
    return {
        "seat": used["seat"] + len(waiting) + kept,
        "stretcher": used["stretcher"],
        "wheelchair": used["wheelchair"],
    }


def places(movement: Movement) -> dict[PlaceType, int]:
    """Places of each type that the movement's vehicles have."""
    return {
        "seat": sum(vehicle.seats for vehicle in movement.vehicles),
        "stretcher": sum(vehicle.stretchers for vehicle in movement.vehicles),
        "wheelchair": sum(vehicle.wheelchairs for vehicle in movement.vehicles),
    }


def free_places(movement: Movement, at: Moment, escort_seats: int = 0) -> dict[PlaceType, int]:
    """Places of each type still free; below zero when too many are taken. `escort_seats` are what escorts sit on."""
    have, taken = places(movement), taken_places(movement, at)
    return {name: have[name] - taken[name] - (escort_seats if name == "seat" else 0) for name in TAKING}


def offer_left(movement: Movement, offer: OfferId, at: Moment) -> int:
    """Seats of a partner's offer that nobody is planned on yet; none when the offer is not known or is over."""
    used = sum(berth.offer == offer and berth.place_type != "lap" for berth in _berths(movement))
    return max(0, sum(one.kept(at) for one in movement.offers if one.offer == offer) - used)


def share_needed(movement: Movement, share_percent: int | None) -> tuple[int, int]:
    """The movement's seats, and how many of them must be offered to partners, rounded up; 0 without a rule.

    The share is the operation's; 30 percent is what the EU pays for repatriation flights by.
    """
    seats = places(movement)["seat"]
    return seats, -(-seats * (share_percent or 0) // 100)


def vehicle_free(movement: Movement, vehicle: VehicleId) -> Mapping[PlaceType, int] | None:
    """Places of each type still free in one vehicle, by the people said to be in it; None when it is not known."""
    for one in movement.vehicles:
        if one.vehicle == vehicle:
            used = Counter(berth.place_type for berth in _berths(movement) if berth.vehicle == vehicle)
            return {
                "seat": one.seats - used["seat"],
                "stretcher": one.stretchers - used["stretcher"],
                "wheelchair": one.wheelchairs - used["wheelchair"],
            }
    return None


def _berths(movement: Movement) -> Iterable[Berth]:
    """The berth of everybody who is aboard or still to board; the offer stays that of the plan."""
    for row in movement.rows:
        if row.alighted_at is not None:
            continue
        if row.boarded is not None:
            offer = row.planned.offer if row.planned else None
            yield Berth(place_type=row.boarded.place_type, vehicle=row.boarded.vehicle, offer=offer)
        elif row.planned is not None:
            yield row.planned
