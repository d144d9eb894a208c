"""What truly happens in a drill: every party's road over a small invented operation, and who is there to see it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from corridor.base.ids import AccountId, LegId, PersonId, PlaceId
from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, Moment
from corridor.ledger.book.ways import OperationWays

START = Moment(1_699_747_200_000)
"""Midnight of 12 November 2023, UTC: the first day of every drill."""

NO_MOMENT = Moment(0)
"""Before everything."""

PLACES = ("town", "gate", "camp", "home")
_MINUTES = (5, 60, 60)  # the least from each place to the next
LEGS = {
    LegId("crossing"): (PlaceId("town"), PlaceId("gate")),
    LegId("road"): (PlaceId("gate"), PlaceId("camp")),
    LegId("flight"): (PlaceId("camp"), PlaceId("home")),
}

SLIP_STAGE = 99
"""The stage of what is not true: somebody recorded it by a slip."""


def minutes_min(source: PlaceId, target: PlaceId) -> int | None:
    """The least minutes over the legs, which lead one way only; None where there is no way."""
    if source not in PLACES or target not in PLACES:
        return None
    first, last = PLACES.index(source), PLACES.index(target)
    return sum(_MINUTES[first:last]) if first < last else None


WAYS = OperationWays(minutes_min, lambda place: place in PLACES, LEGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that truly happened to a party, or to a movement (no persons), at a moment and a place.

    `stage` counts along the road: whatever is true of a person later has a greater one.
    """

    at: Moment
    kind: str
    place: str  # where it can be seen and recorded
    stage: int
    persons: tuple[PersonId, ...] = ()
    source: AccountId | None = None  # None: nobody moves
    target: AccountId | None = None  # None: nobody moves
    movement: str | None = None  # None: it concerns no movement


def facts_of(rng: random.Random, people: int, days: int) -> list[Fact]:
    """Everything that happens within the days, in the order of time; parties of one to four."""
    end = START + days * DAY_MS
    found: list[Fact] = []
    number = 0
    while number < people:
        size = min(rng.randint(1, 4), people - number)
        party = tuple(PersonId(f"p{one}") for one in range(number, number + size))
        number += size
        found += _road(rng, party, days)
    found += _movements(days)
    return sorted((fact for fact in found if fact.at < end), key=lambda fact: (fact.at, fact.stage, fact.persons))


def _road(rng: random.Random, party: tuple[PersonId, ...], days: int) -> Iterator[Fact]:
    """One party's whole road; some turn away before the crossing."""
    day = rng.randrange(max(1, days - 1))
    bus, plane = f"bus-{day}", f"plane-{day + 1}"
    stops = ("outside", "place:town", "place:gate", f"aboard:{bus}", "place:camp", f"aboard:{plane}", "place:home")
    kinds = ("registered", "crossed", "boarded", "alighted", "boarded", "alighted", "received")
    begins = ((0, 8), (0, 10), (0, 13), (0, 20), (1, 9), (1, 16), (1, 18))  # day and hour; each lasts half an hour
    seen_at = ("town", "gate", "gate", "camp", "camp", "home", "home")
    accounts = [*stops, "end:received"]
    leaves = rng.random() < 0.1
    for stage, (kind, (later, hour), place) in enumerate(zip(kinds, begins, seen_at, strict=True)):
        at = Moment(START + (day + later) * DAY_MS + hour * HOUR_MS + rng.randrange(30) * MINUTE_MS)
        target = accounts[stage + 1]
        if leaves and stage == 1:
            kind, target, place = "withdrew", "end:withdrawn", "town"
        movement = target if target.startswith("aboard:") else accounts[stage]
        yield Fact(
            at=at,
            kind=kind,
            place=place,
            stage=stage + 1,
            persons=party,
            source=AccountId(accounts[stage]),
            target=AccountId(target),
            movement=movement.removeprefix("aboard:") if movement.startswith("aboard:") else None,
        )
        if target == "end:withdrawn":
            return


def _movements(days: int) -> Iterator[Fact]:
    """A bus and an aircraft a day: planned in the evening before, departed, arrived."""
    for day in range(days + 1):
        for name, source, target, leaves, arrives in (
            (f"bus-{day}", "gate", "camp", 14, 19),
            (f"plane-{day}", "camp", "home", 11, 15),
        ):
            midnight = START + day * DAY_MS
            yield Fact(at=Moment(midnight + 1), kind="movement_planned", place="", stage=0, movement=name)
            for kind, hour, place in (("departed", leaves, source), ("arrived", arrives, target)):
                yield Fact(at=Moment(midnight + hour * HOUR_MS), kind=kind, place=place, stage=0, movement=name)
