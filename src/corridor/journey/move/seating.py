"""Where people of a group would sit or lie on a movement: by their needs, infants on laps, in one vehicle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from corridor.base.ids import PersonId, VehicleId
from corridor.journey.move.events import PlaceType
from corridor.journey.move.manifest import TAKING, vehicle_free
from corridor.journey.move.orders import Passenger
from corridor.journey.move.state import Movement
from corridor.journey.register.state import RegisterState


def place_types(persons: Iterable[PersonId], register: Mapping[PersonId, RegisterState]) -> dict[PersonId, PlaceType]:
    """A place type for each: a stretcher or a wheelchair place for who needs one, a lap for an infant as long as there
    is an adult of the group to each, a seat for everybody else."""
    found: dict[PersonId, PlaceType] = {}
    states = {person: register.get(person, RegisterState()) for person in persons}
    laps = sum(state.is_adult and not {"stretcher"} & state.needs for state in states.values())
    for person, state in sorted(states.items()):
        if "stretcher" in state.needs:
            found[person] = "stretcher"
        elif "wheelchair" in state.needs:
            found[person] = "wheelchair"
        elif state.age_band == "infant" and laps > 0:
            found[person], laps = "lap", laps - 1
        else:
            found[person] = "seat"
    return found


def vehicle_for(movement: Movement, wanted: Iterable[PlaceType]) -> VehicleId | None:
    """The vehicle that holds all these places and is then the fullest, so that large groups find room later; None when
    no single one does and somebody must decide who rides where."""
    asked = Counter(wanted)
    fits: list[tuple[int, VehicleId]] = []
    for one in movement.vehicles:
        free = vehicle_free(movement, one.vehicle)
        if free is not None and all(asked[place_type] <= free[place_type] for place_type in TAKING):
            fits.append((free["seat"], one.vehicle))
    return min(fits)[1] if fits else None


def seated(
    movement: Movement,
    persons: Iterable[PersonId],
    register: Mapping[PersonId, RegisterState],
    vehicle: VehicleId | None = None,
) -> tuple[Passenger, ...]:
    """The passengers of one group as `place_types` says, in `vehicle` or else the one that `vehicle_for` chooses."""
    kinds = place_types(persons, register)
    where = vehicle or vehicle_for(movement, kinds.values())
    return tuple(Passenger(person=person, place_type=place_type, vehicle=where) for person, place_type in kinds.items())
