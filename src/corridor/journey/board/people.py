"""What every stage knows of everybody, and of movements, lists and gates: folded when asked, and only whom is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from corridor.base.ids import AccountId, LegId, ListId, MovementId, PersonId, PlaceId
from corridor.base.moments import Moment
from corridor.base.operation import Fleet, Operation
from corridor.journey.arrive import events as arrive_events
from corridor.journey.arrive.landings import Landing, landings
from corridor.journey.arrive.shelters import Shelter, shelters, stays_by_shelter
from corridor.journey.arrive.state import ArriveState, FollowUp, Handover, Stay
from corridor.journey.arrive.state import fold as fold_arrive
from corridor.journey.board.folding.company import Company, GroupOf
from corridor.journey.board.folding.courses import COURSE_KINDS, Course, course_of
from corridor.journey.board.folding.kept import kept_of
from corridor.journey.board.folding.order import PartyOrder
from corridor.journey.board.folding.sources import OfMovements, OfPersons, Salted
from corridor.journey.board.folding.states import Folded
from corridor.journey.board.folding.subjects import NO_MOVEMENT, Subjects, subjects_of
from corridor.journey.care import events as care_events
from corridor.journey.care.escorts import Aboard, escorts_for
from corridor.journey.care.queue import Waiting, care_places, queue
from corridor.journey.care.state import CareState, Encounter, Hold, Tracing, active_holds, open_tracings
from corridor.journey.care.state import fold as fold_care
from corridor.journey.clear import events as clear_events
from corridor.journey.clear.standing import Standing, StandingRules, standing
from corridor.journey.clear.state import ClearState, Lists, fold_lists
from corridor.journey.clear.state import fold as fold_clear
from corridor.journey.clear.yields import Yield, yield_by_day
from corridor.journey.cross import events as cross_events
from corridor.journey.cross.hazards import WAYS_KINDS, Ways, fold_ways
from corridor.journey.cross.state import CrossState
from corridor.journey.cross.state import fold as fold_cross
from corridor.journey.documents import events as document_events
from corridor.journey.documents.state import DocumentState
from corridor.journey.documents.state import fold as fold_documents
from corridor.journey.findings import Finding
from corridor.journey.kinds import Kind
from corridor.journey.move import events as move_events
from corridor.journey.move.events import EscortDuty
from corridor.journey.move.findings import boarded_twice
from corridor.journey.move.state import Movement, MoveState
from corridor.journey.move.state import fold as fold_move
from corridor.journey.register import events as register_events
from corridor.journey.register.state import RegisterState
from corridor.journey.register.state import fold as fold_register
from corridor.ledger.accounts import parts, place_account
from corridor.ledger.book.marks import about_person
from corridor.ledger.book.view import View
from corridor.ledger.event import Event

State = TypeVar("State")
Of = TypeVar("Of")


class Everybody:
    """The stages' states of everybody in the book at one `(at, known)`; whom a stage never named is absent in it.

    Each mapping folds whom it is asked for. Only its items, values, keys or number ask for everybody.
    """

    def __init__(self, operation: Operation, view: View) -> None:
        self.operation = operation
        self.view = view

    @cached_property
    def register(self) -> Folded[PersonId, RegisterState]:
        """Registration; who was seen and never registered has an empty state."""
        return self._folded(register_events.KINDS, fold_register, fill=NOT_REGISTERED)

    @cached_property
    def clear(self) -> Folded[PersonId, ClearState]:
        """Clearance."""
        return self._folded(clear_events.KINDS, fold_clear)

    @cached_property
    def clear_of_all(self) -> Folded[PersonId, ClearState]:
        """Clearance of everybody in the book, an empty one for whom no list ever named: what its orders ask."""
        return self._folded(clear_events.KINDS, fold_clear, fill=NOT_LISTED)

    def stages(self) -> tuple[Folded[Any, Any], ...]:
        """What every stage knows, for folding it all."""
        move = self.move.movements
        assert isinstance(move, Folded), "a board folds its movements"
        return (self.register, self.clear, self.cross, self.care, self.documents, move, self.arrive)

    @cached_property
    def rows_held(self) -> Mapping[ListId, Mapping[int, PersonId]]:
        """Who each row of each list is held to be."""
        return kept_of(self.view.book).lists.held(self.clear.all)

    @cached_property
    def listed_on(self) -> Mapping[ListId, frozenset[PersonId]]:
        """Who is on each list."""
        return kept_of(self.view.book).lists.listed(self.clear.all)

    @cached_property
    def yields(self) -> Mapping[date, Yield]:
        """How many of those listed for each day crossed on it."""
        lists, listed, zone = self.lists, self.listed_on, self.operation.as_of_zone

        def work_out(cross: Mapping[PersonId, CrossState]) -> Mapping[date, Yield]:
            crossed_at = {person: one.crossings[0].at for person, one in cross.items() if one.crossings}
            return yield_by_day(lists, listed, crossed_at, zone)

        return self._derived("yields", self.cross.all, work_out, lists, listed, zone)

    @cached_property
    def cross(self) -> Folded[PersonId, CrossState]:
        """The crossing."""
        return self._folded(cross_events.KINDS, fold_cross)

    @cached_property
    def care(self) -> Folded[PersonId, CareState]:
        """Care."""
        return self._folded(care_events.KINDS, fold_care)

    @cached_property
    def waiting(self) -> tuple[Waiting, ...]:
        """Who waits to be seen by care: of everybody at its places and aboard movements, looked at once a board."""
        here = {person: since for found in self.cared_for.values() for person, since in found.items()}
        register = self.register.for_many
        bands = {person: register[person].age_band for person in here}
        return queue(self.care.for_many, bands, here)

    @cached_property
    def cared_for(self) -> Mapping[AccountId, Mapping[PersonId, Moment]]:
        """Who is where care is given or aboard a movement, by account, and since when each is there."""
        accounts = [place_account(place) for place in care_places(self.operation)]
        accounts += [account for account in self.view.accounts() if parts(account).type == "aboard"]
        return {account: self.view.people_since(account) for account in accounts}

    @property
    def could_talk(self) -> Mapping[PersonId, CareState]:
        """Whose care could ask for a talk, by person."""
        return kept_of(self.view.book).could_talk.of(self.care.all)

    @cached_property
    def encounters(self) -> tuple[Encounter, ...]:
        """Every encounter once, by its time."""
        return self._derived("encounters", self.care.all, _encounters)

    @cached_property
    def holds(self) -> tuple[tuple[PersonId, Hold], ...]:
        """Every hold that binds now, the first to be reviewed first."""
        at, with_holds = self.view.at, kept_of(self.view.book).with_holds.of(self.care.all)
        found = [(person, hold) for person, state in with_holds.items() for hold in active_holds(state, at)]
        return tuple(sorted(found, key=lambda one: (one[1].review_at, one[1].hold)))

    @cached_property
    def searches(self) -> tuple[tuple[PersonId, Tracing], ...]:
        """Every open search for a relative, the oldest first."""
        return _searches(kept_of(self.view.book).with_searches.of(self.care.all))

    @cached_property
    def documents(self) -> Folded[PersonId, DocumentState]:
        """Papers and permits."""
        return self._folded(document_events.KINDS, fold_documents)

    @cached_property
    def arrive(self) -> Folded[PersonId, ArriveState]:
        """Arrival."""
        return self._folded(arrive_events.KINDS, fold_arrive)

    @property
    def permits_running(self) -> Mapping[PersonId, DocumentState]:
        """Who has a permit that nobody has ended, by person."""
        return kept_of(self.view.book).permits_running.of(self.documents.all)

    @property
    def sheltered(self) -> Mapping[PersonId, ArriveState]:
        """Who stays in a shelter, by person."""
        return kept_of(self.view.book).sheltered.of(self.arrive.all)

    @cached_property
    def landings(self) -> tuple[Landing, ...]:
        """Every movement home, those to come first."""
        return landings(self.operation, self.move.movements.values())

    @cached_property
    def follow_ups(self) -> tuple[tuple[PersonId, FollowUp], ...]:
        """Every follow-up of everybody, by when it is due."""
        return self._derived("follow_ups", self.arrive.all, _follow_ups)

    @cached_property
    def handovers(self) -> tuple[tuple[PersonId, Handover], ...]:
        """Every handover of everybody, the latest first."""
        return self._derived("handovers", self.arrive.all, _handovers)

    @cached_property
    def stays(self) -> Mapping[PlaceId, tuple[tuple[PersonId, Stay], ...]]:
        """Every stay there was, by shelter."""
        return self._derived("stays", self.arrive.all, stays_by_shelter)

    @cached_property
    def shelters(self) -> Mapping[PlaceId, Shelter]:
        """How full every shelter is."""
        return shelters(self.operation, self.stays)

    @cached_property
    def move(self) -> MoveState:
        """Every movement with its manifest; each is folded when it is asked for."""
        names = _names(move_events.KINDS)
        kept = kept_of(self.view.book)
        source = OfMovements(self.view, names, _movement, self.subjects, self._salted)
        asides = fold_move(self.view.read(source.asides()))
        return MoveState(
            movements=Folded(source, kept.movements),
            offers_not_known=asides.offers_not_known,
            unreadable=asides.unreadable,
        )

    @cached_property
    def courses(self) -> Folded[MovementId, Course]:
        """Every movement without its manifest, and who is in the first column of that."""
        source = OfMovements(self.view, COURSE_KINDS, course_of, self.subjects, self._salted)
        return Folded(source, kept_of(self.view.book).courses)

    @property
    def boarded_twice(self) -> tuple[Finding, ...]:
        """Who is on two rides at once."""
        move = self.move.movements
        assert isinstance(move, Folded), "a board folds its movements"
        return self._derived("boarded_twice", move.all, boarded_twice)

    def movements_of(self, person: PersonId) -> tuple[Movement, ...]:
        """The movements that name a person on their manifest, by id; no other one is folded."""
        keys = about_person(self.view, person, _names(move_events.KINDS))
        texts = self.subjects.movements.texts
        named = {texts[number] for number in self.subjects.movement_numbers(keys).tolist() if number != NO_MOVEMENT}
        found = (self.move.movements[MovementId(name)] for name in sorted(named))
        return tuple(one for one in found if person in one.planned or person in one.boarded)

    @cached_property
    def lists(self) -> Lists:
        """Every list that came in."""
        return self._whole((clear_events.LIST_RECEIVED.name,), fold_lists)

    @cached_property
    def ways(self) -> Ways:
        """Hazards and gates."""
        return self._whole(WAYS_KINDS, fold_ways)

    @cached_property
    def subjects(self) -> Subjects:
        """What the book's events are about beside their persons."""
        return subjects_of(self.view.book)

    @cached_property
    def _salted(self) -> Salted:
        return Salted(self.view, self.subjects)

    @cached_property
    def company(self) -> Company:
        """Parties and ties, asked about a few people."""
        return Company(self.register, self.subjects, self.view.merged)

    def in_parties(self, persons: Set[PersonId], start: int, end: int) -> tuple[PersonId, ...]:
        """Of these people the ones from `start` up to `end`, in the order of their parties' ids and in each of their
        own; who is in no party comes last. Nobody's state is folded but of those who changed parties."""
        return self._party_order.cut(self.view.set_of(persons), start, end)

    @cached_property
    def _party_order(self) -> PartyOrder:
        return PartyOrder(self.view, self.subjects, self.register)

    @cached_property
    def groups(self) -> tuple[frozenset[PersonId], ...]:
        """Who must travel together, waivers applied."""
        return self._joined[1]

    @cached_property
    def group_of(self) -> GroupOf:
        """The travel group of everybody who travels; asked for one person's, only those near them are looked at."""
        # Over what it needs and not over this object: a board that nobody uses any more must go at once, without
        # waiting for the collector of garbage, and a circle would keep it.
        company, register, groups = self.company, self.register, kept_of(self.view.book).groups
        return GroupOf(company, lambda: groups.bring_up(company, register.all)[0])

    @cached_property
    def _joined(self) -> tuple[dict[PersonId, frozenset[PersonId]], tuple[frozenset[PersonId], ...]]:
        return kept_of(self.view.book).groups.bring_up(self.company, self.register.all)

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
                aboard = Aboard(
                    persons=movement.boarded or movement.planned,
                    lying=movement.lying,
                    register=self.register,
                    care=self.care,
                    at=self.view.at,
                )
                needed[movement.movement] = escorts_for(fleet.escorts, aboard)
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

    def _folded(
        self, kinds: tuple[Kind, ...], fold: Callable[[Iterable[Event]], State], fill: State | None = None
    ) -> Folded[PersonId, State]:
        """The stage's state of whoever is asked for; `fill` of everybody else in the book."""
        names, view = _names(kinds), self.view  # the view alone: see `group_of`
        return Folded(
            OfPersons(view, names, fold, self._salted),
            kept_of(view.book).of_stage(names),
            fill=fill,
            others=lambda: view.in_book,
            is_other=lambda person: view.account_of(person) is not None,
        )

    def _derived(self, name: str, states: Of, work_out: Callable[[Of], State], *beside: object) -> State:
        """What follows from all states of a stage and from what is `beside`; that of the board before when none of them
        is another."""
        kept = kept_of(self.view.book).derived
        before, of = kept.get(name), (states, *beside)
        if before is None or any(was is not now for was, now in zip(before[0], of, strict=True)):
            before = kept[name] = (of, work_out(states))
        found: State = before[1]
        return found

    def _whole(self, names: tuple[str, ...], fold: Callable[[Iterable[Event]], State]) -> State:
        """What all events of these kinds make together; that of the board before when none has come or gone."""
        kept = kept_of(self.view.book).whole
        fingerprint = self.view.fingerprint(names)
        before = kept.get(names)
        if before is None or before[0] != fingerprint:
            before = kept[names] = (fingerprint, fold(self.view.events(names)))
        found: State = before[1]
        return found


def _movement(movement: MovementId, events: list[Event]) -> Movement:
    return fold_move(events).movements[movement]


def _encounters(states: Mapping[PersonId, CareState]) -> tuple[Encounter, ...]:
    found = {one.encounter: one for state in states.values() for one in state.encounters}
    return tuple(sorted(found.values(), key=lambda one: (one.at, one.encounter)))


def _searches(states: Mapping[PersonId, CareState]) -> tuple[tuple[PersonId, Tracing], ...]:
    found = [(person, one) for person, state in states.items() for one in open_tracings(state)]
    return tuple(sorted(found, key=lambda one: (one[1].opened_at, one[1].tracing)))


def _follow_ups(states: Mapping[PersonId, ArriveState]) -> tuple[tuple[PersonId, FollowUp], ...]:
    found = [(person, one) for person, state in states.items() for one in state.follow_ups]
    return tuple(sorted(found, key=lambda one: (one[1].due_at, one[1].follow_up)))


def _handovers(states: Mapping[PersonId, ArriveState]) -> tuple[tuple[PersonId, Handover], ...]:
    found = [(person, one) for person, state in states.items() for one in state.handovers]
    return tuple(sorted(found, key=lambda one: (-one[1].at, one[0])))


NOT_REGISTERED, NOT_LISTED = RegisterState(), ClearState()
"""The states of who was seen and never registered, and of whom no list ever named: one object each, so that what is
worked out from them is recognised."""


def _names(kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    return tuple(kind.name for kind in kinds)
