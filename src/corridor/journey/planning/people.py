"""Who is to be planned: travel groups as parties, where they stand, what they wait for and what they need."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corridor.base.ids import LegId, MovementId, PartyId, PersonId, PlaceId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.journey.board.board import Board
from corridor.journey.board.moving import is_past
from corridor.journey.board.papers import lacks
from corridor.journey.care.escorts import MEDICAL_NEEDS
from corridor.journey.care.refusals import FITNESS_EXPIRED, NOT_EXAMINED
from corridor.journey.care.state import CareState, active_holds, may_travel
from corridor.journey.clear.evening.calls import priority_of
from corridor.journey.documents.state import DocumentState
from corridor.journey.move.events import PlaceType
from corridor.journey.planning.by_hand import riding
from corridor.journey.planning.clock import PlanClock
from corridor.journey.planning.road import Road
from corridor.journey.register.state import RegisterState
from corridor.ledger.accounts import parts
from corridor.plan.problem import Announced, Bond, Party, Visit, Wait, Where


@dataclass(frozen=True, slots=True)
class Stand:
    """Where somebody stands on the road, and from when on (a moment to come: they are on the way there)."""

    stands: Where
    place: PlaceId
    since: Moment


StandOf = Callable[[PersonId], Stand | None]
"""Where a person stands; None: not to be planned (gone, at home, withdrawn, in suspense)."""


def stand_on(board: Board, road: Road) -> StandOf:
    """Where people stand by the board: at a place, or to be at the end of the leg they are on, or of the one that
    somebody has planned them on by hand."""
    pictures = {picture.movement: picture for picture in board.movements}
    by_hand = riding(board, road)

    def stand(person: PersonId) -> Stand | None:
        account = board.view.account_of(person)
        if account is None:
            return None
        type_, name = parts(account)
        if type_ == "place":
            ride = by_hand.get(person)
            if ride is not None and ride.source == name:
                return at_place(board, road, ride.target, ride.arrives_at)
            return at_place(board, road, PlaceId(name), board.view.entered_at(person) or board.at)
        picture = next((one for key, one in pictures.items() if key == name), None) if type_ == "aboard" else None
        if picture is None or picture.target is None or picture.leg is None:
            return None
        left = picture.departed_at if picture.departed_at is not None else board.at
        due = Moment(left + board.operation.leg(picture.leg).minutes * 60_000)
        arrives = picture.arrived_at or max(picture.arrives_at or due, board.at)
        return at_place(board, road, picture.target, arrives)

    return stand


def at_place(board: Board, road: Road, place: PlaceId, since: Moment) -> Stand | None:
    """The stand of who is at a place; None where the road does not begin or pass."""
    if not board.operation.has_place(place):
        return None
    if any(origin.id == place for origin in road.origins):
        return Stand("origin", place, since)
    if any(staging.id == place for staging in road.stagings):
        return Stand("staging", place, since)
    return Stand("hall", place, since) if place in road.crossings else None


def parties_of(
    board: Board,
    road: Road,
    clock: PlanClock,
    stand_of: StandOf,
    told: Mapping[PersonId, MovementId] | None = None,
    sets_out_from: Moment | None = None,
) -> Iterator[Party]:
    """Every travel group, one party for each place its people stand at; parts of a group go only with each other.

    `told` are the flights on whose manifests people are. Nobody does anything before the board's moment, and nobody
    sets out or crosses before `sets_out_from` (None: the board's moment). A group of which nobody knows where somebody
    is waits for them.
    """
    told, earliest = told or {}, board.at if sets_out_from is None else sets_out_from
    for group in board.everybody.groups:
        apart: dict[tuple[Where, PlaceId], list[PersonId]] = defaultdict(list)
        since: dict[PersonId, Moment] = {}
        missing: list[PersonId] = []
        for person in sorted(group):
            stand = stand_of(person)
            if stand is None:
                missing.append(person)
            else:
                apart[stand.stands, stand.place].append(person)
                since[person] = max(stand.since, board.at if stand.stands == "staging" else earliest)
        ids = {where: PartyId(members[0]) for where, members in apart.items()}
        for where, members in apart.items():
            others = [other for key, other in ids.items() if key != where]
            from_minute = max(clock.minute(since[person]) for person in members)
            gathered = _Gathered(board, road, clock, members)
            gathered.missing = any(not is_past(board, person, where[1]) for person in missing)
            flights = Counter(told[person] for person in members if person in told)
            gathered.told = min(flights, key=lambda one: (-flights[one], one)) if flights else None
            yield gathered.party(where, from_minute, others)


def places_for(board: Board, members: Iterable[PersonId]) -> dict[PersonId, PlaceType]:
    """Where each of a party sits or lies in a plan: on a stretcher or in a wheelchair who needs it, infants on laps as
    long as there is somebody on a seat to each, everybody else on a seat."""
    everybody = board.everybody
    states = {person: everybody.register.get(person, RegisterState()) for person in sorted(members)}
    found: dict[PersonId, PlaceType] = {}
    for person, state in states.items():
        fitness = everybody.care.get(person, CareState()).fitness
        lies = fitness is not None and "stretcher" in (fitness.needs or ())
        if lies or "stretcher" in state.needs:
            found[person] = "stretcher"
        elif "wheelchair" in state.needs:
            found[person] = "wheelchair"
        elif state.age_band != "infant":
            found[person] = "seat"
    free = sum(place == "seat" for place in found.values())
    for person in states:
        if person not in found:
            found[person], free = ("lap", free - 1) if free > 0 else ("seat", free)
    return found


class _Gathered:
    """The people of one party, and what the board says of them."""

    def __init__(self, board: Board, road: Road, clock: PlanClock, members: Sequence[PersonId]) -> None:
        self.board, self.road, self.clock, self.members = board, road, clock, members
        everybody = board.everybody
        self.register = {person: everybody.register.get(person, RegisterState()) for person in members}
        self.care = {person: everybody.care.get(person, CareState()) for person in members}
        self.documents = {person: everybody.documents.get(person, DocumentState()) for person in members}
        self.missing = False
        self.told: MovementId | None = None  # None: nobody told them of a flight

    def party(self, where: tuple[Where, PlaceId], from_minute: int, others: Iterable[PartyId]) -> Party:
        """The party they are."""
        stands, place = where
        places = Counter(places_for(self.board, self.members).values())
        citizenships = [one for person in self.members for one in self.register[person].citizenships[:1]]
        own = [one for one in citizenships if one in self.board.operation.eligibility.own_citizenships]
        permit = self._permit_until()
        return Party(
            id=PartyId(self.members[0]),
            stands=stands,
            place=place,
            seats=places["seat"],
            laps=places["lap"],
            stretchers=places["stretcher"],
            wheelchairs=places["wheelchair"],
            medical=sum(bool(MEDICAL_NEEDS & self.register[person].needs) for person in self.members),
            psychological=sum(
                any(hold.reason == "psychological" for hold in active_holds(self.care[person], self.board.at))
                for person in self.members
            ),
            citizenships=tuple(dict.fromkeys([*own, *citizenships])),
            weight=self._weight(),
            from_minute=from_minute,
            waits=tuple(self._waits(stands, place)),
            cross_until_minute=self._cleared_until() if stands == "origin" else None,
            permit_minutes=None if permit is not None else self._permit_minutes(),
            permit_until_minute=permit,
            visits=tuple(self._visits()),
            bonds=tuple(Bond(party=other, kind="will_not_travel_without") for other in others),
            announced=None if self.told is None else Announced(flight=self.told),
            members=tuple(self.members),
        )

    def _weight(self) -> int:
        """The weight of the most urgent of them: the first category weighs as much as there are categories."""
        operation = self.board.operation
        last = max((one.priority for one in operation.categories), default=0) + 1
        return max(1, *(1 + last - priority_of(operation, state) for state in self.register.values()))

    def _waits(self, stands: Where, place: PlaceId) -> Iterator[Wait]:
        """Clearance before the crossing, holds before leaving and before flying; each until it is known to end."""
        at = self.board.at
        if self.missing:
            yield Wait(stops="leave" if stands == "origin" else "fly", for_what="company")
        if stands == "origin":
            legs = [leg.id for leg in self.road.crossings.values() if leg.source == place]
            if not any(self._cleared(leg) for leg in legs):
                yield Wait(stops="cross", for_what="clearance")
        held = [person for person in self.members if isinstance(self._held(person), Refusal)]
        if held:
            until: int | None = None
            if all(active_holds(self.care[person], at) for person in held):
                reviews = [hold.review_at for person in held for hold in active_holds(self.care[person], at)]
                until = self.clock.minute(max(reviews))
            yield Wait(stops="leave" if stands == "origin" else "fly", for_what="hold", until_minute=until)

    def _held(self, person: PersonId) -> Refusal | None:
        """Why care does not let the person travel, beside that they have not been examined, or not lately."""
        allowed = may_travel(self.care[person], self.board.at)
        if isinstance(allowed, Refusal) and allowed.code not in (NOT_EXAMINED.code, FITNESS_EXPIRED.code):
            return allowed
        return None

    def _cleared(self, leg: LegId) -> bool:
        found = (self.board.everybody.clearance(person, leg) for person in self.members)
        return all(clearance is None or clearance.value == "cleared" for clearance in found)

    def _cleared_until(self) -> int | None:
        """When the first of their clearances runs out; None: no end is known, or none is needed."""
        ends = [
            clearance.valid_until
            for leg in self.road.crossings.values()
            for person in self.members
            if (clearance := self.board.everybody.clearance(person, leg.id)) is not None
        ]
        known = [end for end in ends if end is not None]
        return self.clock.minute(min(known)) if known else None

    def _permit_until(self) -> int | None:
        """When the first of their permits that run ends; None: none runs."""
        ends = [
            stay.ends_at for person in self.members for stay in self.documents[person].stays if stay.ended_at is None
        ]
        return self.clock.minute(min(ends)) if ends else None

    def _permit_minutes(self) -> int | None:
        hours = [permit.hours for permit in self.board.operation.permits if permit.starts_at in self.road.crossings]
        return 60 * min(hours) if hours else None

    def _visits(self) -> Iterator[Visit]:
        """Who must still be examined, and whose papers are missing, before they fly, where a station sees to it."""
        there = {station.service for station in self.road.stations}
        unseen = [
            person
            for person in self.members
            if isinstance(refused := may_travel(self.care[person], self.board.at, examined=True), Refusal)
            and refused.code in (NOT_EXAMINED.code, FITNESS_EXPIRED.code)
        ]
        if unseen and "medical" in there:
            yield Visit(service="medical", persons=len(unseen))
        legs = [leg.id for leg in self.road.way_home.values()]
        lacking = [
            person
            for person in self.members
            if self.documents[person].missing or any(lacks(self.board.everybody, person, leg) for leg in legs)
        ]
        if lacking and "documents" in there:
            yield Visit(service="documents", persons=len(lacking))
