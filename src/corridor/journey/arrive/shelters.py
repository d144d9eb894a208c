"""How full every shelter is, and which is nearest when one has no room for a party."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corridor.base.ids import PersonId, PlaceId
from corridor.base.operation import Operation, Place
from corridor.journey.arrive.state import ArriveState, Stay

EARTH_KM = 6371.0
"""Mean radius of the earth (IUGG)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelter:
    """One shelter and who stays there. `beds` None: not known, and then neither is what is free."""

    place: PlaceId
    beds: int | None
    staying: tuple[PersonId, ...]  # sorted

    @property
    def free(self) -> int | None:
        """Beds nobody has, below zero when too many people stay; None when the beds are not known."""
        return None if self.beds is None else self.beds - len(self.staying)


def stays_by_shelter(states: Mapping[PersonId, ArriveState]) -> dict[PlaceId, tuple[tuple[PersonId, Stay], ...]]:
    """Every stay there was, ended or not, by shelter and in it by its beginning."""
    found: dict[PlaceId, list[tuple[PersonId, Stay]]] = {}
    for person, state in states.items():
        for stay in state.stays:
            found.setdefault(stay.shelter, []).append((person, stay))
    return {place: tuple(sorted(some, key=lambda one: (one[1].began_at, one[0]))) for place, some in found.items()}


def shelters(operation: Operation, stays: Mapping[PlaceId, Iterable[tuple[PersonId, Stay]]]) -> dict[PlaceId, Shelter]:
    """The operation's shelters in its order, then every other place where somebody stays."""
    staying = {
        place: tuple(sorted({person for person, stay in some if stay.ended_at is None}))
        for place, some in stays.items()
    }
    known = [place.id for place in operation.places_of("shelter")]
    others = sorted(place for place, persons in staying.items() if persons and place not in known)
    beds = {place.id: place.beds for place in operation.places}
    return {
        place: Shelter(place=place, beds=beds.get(place), staying=staying.get(place, ())) for place in (*known, *others)
    }


def nearest_with_room(
    operation: Operation, full: PlaceId, asked: int, known: Mapping[PlaceId, Shelter]
) -> Shelter | None:
    """The shelter nearest to a full one where so many could stay; None when there is none.

    Nearest as the crow flies, places without coordinates last. A shelter whose beds are not known may have room.
    """
    others = [
        one
        for one in known.values()
        if one.place != full and operation.has_place(one.place) and (one.free is None or one.free >= asked)
    ]
    if not operation.has_place(full):
        return None
    here = operation.place(full)
    return min(others, key=lambda one: (distance_km(here, operation.place(one.place)), one.place), default=None)


def distance_km(one: Place, other: Place) -> float:
    """The great-circle distance (haversine formula); infinite when a coordinate is not known."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return math.inf
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    half_up, half_over = (south - north) / 2, math.radians(other.longitude - one.longitude) / 2
    chord = math.sin(half_up) ** 2 + math.cos(north) * math.cos(south) * math.sin(half_over) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(chord))
