"""What every stage knows of everybody, and of movements, lists and gates: folded once, when first asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from corridor.base.ids import LegId, ListId, MovementId, PartyId, PersonId, PlaceId
from corridor.base.operation import Fleet, Operation
from corridor.journey.arrive import events as arrive_events
from corridor.journey.arrive.landings import Landing, landings
from corridor.journey.arrive.shelters import Shelter, shelters, stays_by_shelter
from corridor.journey.arrive.state import ArriveState, FollowUp, Handover, Stay
from corridor.journey.arrive.state import fold as fold_arrive
from corridor.journey.care import events as care_events
from corridor.journey.care.queue import Waiting, care_places, queue
from corridor.journey.care.state import CareState, Encounter, Hold, Tracing, active_holds, open_tracings
from corridor.journey.care.state import fold as fold_care
from corridor.journey.clear import events as clear_events
from corridor.journey.clear.rules import rows_held
from corridor.journey.clear.standing import Standing, StandingRules, standing
from corridor.journey.clear.state import ClearState, Lists, fold_lists
from corridor.journey.clear.state import fold as fold_clear
from corridor.journey.cross import events as cross_events
from corridor.journey.cross.hazards import Ways, fold_ways
from corridor.journey.cross.state import CrossState
from corridor.journey.cross.state import fold as fold_cross
from corridor.journey.documents import events as document_events
from corridor.journey.documents.state import DocumentState
from corridor.journey.documents.state import fold as fold_documents
from corridor.journey.kinds import Kind
from corridor.journey.move import events as move_events
from corridor.journey.move.events import EscortDuty
from corridor.journey.move.state import MoveState
from corridor.journey.move.state import fold as fold_move
from corridor.journey.register import events as register_events
from corridor.journey.register.groups import company_of, travel_groups
from corridor.journey.register.state import RegisterState
from corridor.journey.register.state import fold as fold_register
from corridor.ledger.accounts import parts, place_account
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.event import Event

State = TypeVar("State")


class Everybody:
    """The stages' states of everybody in the book at one `(at, known)`; whom a stage never named is absent in it."""

    def __init__(self, operation: Operation, view: View) -> None:
        self.operation = operation
        self.view = view

    @cached_property
    def register(self) -> Mapping[PersonId, RegisterState]:
        """Registration; who was seen and never registered has an empty state."""
        found = self._folded(register_events.KINDS, fold_register)
        if len(found) == self.view.registered:
            return found
        return {person: found.get(person, RegisterState()) for person in self.view.everybody()}

    @cached_property
    def clear(self) -> Mapping[PersonId, ClearState]:
        """Clearance."""
        return self._folded(clear_events.KINDS, fold_clear)

    @cached_property
    def clear_of_all(self) -> Mapping[PersonId, ClearState]:
        """Clearance of everybody in the book, an empty one for whom no list ever named: what its orders ask."""
        return {person: self.clear.get(person, ClearState()) for person in self.view.everybody()}

    @cached_property
    def rows_held(self) -> Mapping[ListId, Mapping[int, PersonId]]:
        """Who each row of each list is held to be."""
        return rows_held(self.clear)

    @cached_property
    def cross(self) -> Mapping[PersonId, CrossState]:
        """The crossing."""
        return self._folded(cross_events.KINDS, fold_cross)

    @cached_property
    def care(self) -> Mapping[PersonId, CareState]:
        """Care."""
        return self._folded(care_events.KINDS, fold_care)

    @cached_property
    def waiting(self) -> tuple[Waiting, ...]:
        """Who waits to be seen by care: of everybody at its places and aboard movements, looked at once a board."""
        accounts = [place_account(place) for place in care_places(self.operation)]
        accounts += [account for account in self.view.accounts() if parts(account).type == "aboard"]
        here = {
            person: self.view.entered_at(person) or self.view.at
            for account in accounts
            for person in self.view.people(account)
        }
        bands = {person: self.register[person].age_band for person in here}
        return queue(self.care, bands, here)

    @cached_property
    def encounters(self) -> tuple[Encounter, ...]:
        """Every encounter once, by its time."""
        found = {one.encounter: one for state in self.care.values() for one in state.encounters}
        return tuple(sorted(found.values(), key=lambda one: (one.at, one.encounter)))

    @cached_property
    def holds(self) -> tuple[tuple[PersonId, Hold], ...]:
        """Every hold that binds now, the first to be reviewed first."""
        at = self.view.at
        found = [(person, hold) for person, state in self.care.items() for hold in active_holds(state, at)]
        return tuple(sorted(found, key=lambda one: (one[1].review_at, one[1].hold)))

    @cached_property
    def searches(self) -> tuple[tuple[PersonId, Tracing], ...]:
        """Every open search for a relative, the oldest first."""
        found = [(person, one) for person, state in self.care.items() for one in open_tracings(state)]
        return tuple(sorted(found, key=lambda one: (one[1].opened_at, one[1].tracing)))

    @cached_property
    def documents(self) -> Mapping[PersonId, DocumentState]:
        """Papers and permits."""
        return self._folded(document_events.KINDS, fold_documents)

    @cached_property
    def arrive(self) -> Mapping[PersonId, ArriveState]:
        """Arrival."""
        return self._folded(arrive_events.KINDS, fold_arrive)

    @cached_property
    def landings(self) -> tuple[Landing, ...]:
        """Every movement home, those to come first."""
        return landings(self.operation, self.move.movements.values())

    @cached_property
    def follow_ups(self) -> tuple[tuple[PersonId, FollowUp], ...]:
        """Every follow-up of everybody, by when it is due."""
        found = [(person, one) for person, state in self.arrive.items() for one in state.follow_ups]
        return tuple(sorted(found, key=lambda one: (one[1].due_at, one[1].follow_up)))

    @cached_property
    def handovers(self) -> tuple[tuple[PersonId, Handover], ...]:
        """Every handover of everybody, the latest first."""
        found = [(person, one) for person, state in self.arrive.items() for one in state.handovers]
        return tuple(sorted(found, key=lambda one: (-one[1].at, one[0])))

    @cached_property
    def stays(self) -> Mapping[PlaceId, tuple[tuple[PersonId, Stay], ...]]:
        """Every stay there was, by shelter."""
        return stays_by_shelter(self.arrive)

    @cached_property
    def shelters(self) -> Mapping[PlaceId, Shelter]:
        """How full every shelter is."""
        return shelters(self.operation, self.stays)

    @cached_property
    def move(self) -> MoveState:
        """Every movement with its manifest."""
        return self._whole(_names(move_events.KINDS), fold_move)

    @cached_property
    def lists(self) -> Lists:
        """Every list that came in."""
        return self._whole((clear_events.LIST_RECEIVED.name,), fold_lists)

    @cached_property
    def ways(self) -> Ways:
        """Hazards and gates."""
        return fold_ways(self.view.events(_names(cross_events.KINDS)))

    @cached_property
    def groups(self) -> tuple[frozenset[PersonId], ...]:
        """Who must travel together, waivers applied."""
        kept = _kept(self.view.book)
        register = self.register
        before = kept.groups
        if before is None or before[0] is not register:
            before = kept.groups = (register, travel_groups(company_of(register)))
        return before[1]

    @cached_property
    def group_of(self) -> Mapping[PersonId, frozenset[PersonId]]:
        """The travel group of everybody who travels."""
        return {person: group for group in self.groups for person in group}

    @cached_property
    def parties(self) -> Mapping[PartyId, tuple[PersonId, ...]]:
        """The people of every party, sorted, whether or not they travel."""
        found: dict[PartyId, list[PersonId]] = {}
        for person, state in self.register.items():
            if state.party is not None:
                found.setdefault(state.party, []).append(person)
        return {party: tuple(sorted(persons)) for party, persons in found.items()}

    @cached_property
    def standing_rules(self) -> Mapping[LegId, StandingRules]:
        """What clearance is judged by, for every leg that asks for one."""
        authorities = {authority.id: authority for authority in self.operation.authorities}
        return {
            rule.for_leg: StandingRules(rule=rule, authorities=authorities, lists=self.lists)
            for rule in self.operation.clearance_rules
        }

    def clearance(self, person: PersonId, leg: LegId) -> Standing | None:
        """A person's clearance for a leg at the view's moment; None when the leg asks for none."""
        rules = self.standing_rules.get(leg)
        if rules is None:
            return None
        citizenships = self.register.get(person, RegisterState()).citizenships
        return standing(self.clear.get(person, ClearState()), citizenships, rules, self.view.at)

    @cached_property
    def escorts_needed(self) -> Mapping[MovementId, Mapping[EscortDuty, int]]:
        """How many escorts of each duty every movement needs, by the fleet that serves its leg."""
        needed: dict[MovementId, Mapping[EscortDuty, int]] = {}
        for movement in self.move.movements.values():
            fleet = self.fleet_for(movement.leg)
            if fleet is not None:
                souls = len(movement.boarded or movement.planned)
                needed[movement.movement] = {rule.role: rule.needed(souls) for rule in fleet.escorts}
        return needed

    def fleet_for(self, leg: LegId | None) -> Fleet | None:
        """The first of our own fleets that serves a leg; None when there is none."""
        if leg is None or not self.operation.has_leg(leg):
            return None
        mode = self.operation.leg(leg).mode
        for fleet in self.operation.fleets:
            if fleet.partner is None and fleet.mode == mode and (not fleet.legs or leg in fleet.legs):
                return fleet
        return None

    @cached_property
    def beds(self) -> Mapping[PlaceId, int]:
        """Beds by place, where known."""
        return {place.id: place.beds for place in self.operation.places if place.beds is not None}

    def _folded(self, kinds: tuple[Kind, ...], fold: Callable[[Iterable[Event]], State]) -> Mapping[PersonId, State]:
        """Everybody's state of one stage; that of the board before when no event of the stage has come or gone."""
        kept, names = _kept(self.view.book).folded, _names(kinds)
        fingerprint = self.view.fingerprint(names)
        before = kept.get(names)
        if before is not None and before[0] == fingerprint:
            return before[1]
        by_person: dict[PersonId, list[Event]] = {}
        for event in self.view.events(names):
            for person in event.persons:
                by_person.setdefault(person, []).append(event)
        found = {person: fold(events) for person, events in by_person.items()}
        kept[names] = (fingerprint, found)
        return found

    def _whole(self, names: tuple[str, ...], fold: Callable[[Iterable[Event]], State]) -> State:
        """What all events of these kinds make together; that of the board before when none has come or gone."""
        kept = _kept(self.view.book).whole
        fingerprint = self.view.fingerprint(names)
        before = kept.get(names)
        if before is None or before[0] != fingerprint:
            before = kept[names] = (fingerprint, fold(self.view.events(names)))
        found: State = before[1]
        return found


@dataclass(slots=True)
class Kept:
    """What was last folded from a book, for the next board of it: by kinds, with the fingerprint of their events; and
    the travel groups, with the registration they were made from."""

    folded: dict[tuple[str, ...], tuple[bytes, Mapping[PersonId, Any]]] = field(default_factory=dict)
    whole: dict[tuple[str, ...], tuple[bytes, Any]] = field(default_factory=dict)
    groups: tuple[Mapping[PersonId, RegisterState], tuple[frozenset[PersonId], ...]] | None = None


_kept_of: WeakKeyDictionary[Book, Kept] = WeakKeyDictionary()


def _kept(book: Book) -> Kept:
    """What is kept of a book; forgotten with it."""
    kept = _kept_of.get(book)
    if kept is None:
        kept = _kept_of[book] = Kept()
    return kept


def _names(kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    return tuple(kind.name for kind in kinds)
