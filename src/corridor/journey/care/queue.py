"""Who is seen next: by triage colour, infants and children first, then by how long they have waited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.journey.care.events import Colour
from corridor.journey.care.state import CareState
from corridor.journey.care.triage import TURNS, age_turn
from corridor.journey.register.events import AgeBand

CARE_SERVICES = ("triage", "medical", "psychological")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody who waits. `colour` None: not triaged yet; `age_band` None: not known; `since` is the triage, or when
    the person came to where they are."""

    person: PersonId
    colour: Colour | None
    age_band: AgeBand | None
    since: Moment


def care_places(operation: Operation) -> tuple[PlaceId, ...]:
    """Where care is given: the places with such a station, or every place out of danger when the file names none."""
    served = {station.place for station in operation.stations if station.service in CARE_SERVICES}
    return tuple(place.id for place in operation.places if (place.id in served if served else place.out))


def queue(
    states: Mapping[PersonId, CareState], bands: Mapping[PersonId, AgeBand | None], here: Mapping[PersonId, Moment]
) -> tuple[Waiting, ...]:
    """Who of the people `here` waits to be seen, the first first; `here` says since when each is there.

    Red, then yellow, then whoever was not triaged, for nobody knows their colour, then green, then black. Who had an
    encounter, psychological first aid or a decision on fitness since the last triage was seen and waits no more.
    """
    found = [_waiting(person, states.get(person), bands.get(person), came) for person, came in here.items()]
    return tuple(sorted((one for one in found if one is not None), key=turn))


def turn(one: Waiting) -> tuple[float, int, Moment, PersonId]:
    """What the queue is ordered by."""
    after_yellow = TURNS.index("yellow") + 0.5
    colour = after_yellow if one.colour is None else float(TURNS.index(one.colour))
    return (colour, age_turn(one.age_band), one.since, one.person)


def _waiting(person: PersonId, state: CareState | None, band: AgeBand | None, came: Moment) -> Waiting | None:
    """How somebody waits; None: they were seen."""
    if state is None:
        return Waiting(person=person, colour=None, age_band=band, since=came)
    seen = [one.at for one in state.encounters] + [one.at for one in state.first_aid]
    seen += [] if state.fitness_at is None else [state.fitness_at]
    if not state.triages:
        return None if seen else Waiting(person=person, colour=None, age_band=band, since=came)
    at, triage = state.triages[-1]
    if any(moment >= at for moment in seen):
        return None
    return Waiting(person=person, colour=triage.colour, age_band=band, since=at)
