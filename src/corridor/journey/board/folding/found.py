"""What the stages found on the last board of a book, by whom it is about: only what is new is looked at again."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from corridor.base.ids import ListId, MovementId, PersonId, PlaceId
from corridor.base.moments import Moment
from corridor.journey.arrive import findings as arrive
from corridor.journey.board.folding.by_person import FoundOfPersons
from corridor.journey.board.folding.changes import changed_since, many
from corridor.journey.board.folding.company import Company
from corridor.journey.care import findings as care
from corridor.journey.care.state import CareState
from corridor.journey.clear.findings import about, about_lists, rows_of
from corridor.journey.clear.standing import StandingRules
from corridor.journey.clear.state import ClearState, Lists
from corridor.journey.cross.findings import CrossedPerson, Fault, faults, standings_at_crossings
from corridor.journey.cross.state import CrossState
from corridor.journey.documents import findings as documents
from corridor.journey.findings import Finding, unreadable_records
from corridor.journey.move import findings as move
from corridor.journey.move.state import Movement
from corridor.journey.register.findings import CATALOGUE
from corridor.journey.register.findings import findings as register_findings
from corridor.journey.register.state import RegisterState

if TYPE_CHECKING:
    from corridor.journey.board.people import Everybody

Legs = Mapping[tuple[PlaceId, PlaceId], StandingRules]
_TURN = {kind.code: number for number, kind in enumerate(CATALOGUE)}


class KeptFindings:
    """What was found about people and movements, and the states it was found in."""

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._company: Company | None = None  # of the last board, over a registration that never changes
        self._register: dict[PersonId, RegisterState] = {}
        self._registered: tuple[Finding, ...] = ()
        self._clear: dict[PersonId, ClearState] = {}
        self._lists: Lists | None = None
        self._listed: dict[PersonId, tuple[Finding, ...]] = {}  # of whose clearance something was found
        self._holders: dict[tuple[ListId, int], set[PersonId]] = {}
        self._doubled: dict[tuple[ListId, int], set[PersonId]] = {}
        self._rules: tuple[Any, ...] = ()
        self._judged: tuple[Mapping[PersonId, object], ...] = ({}, {}, {})  # crossing, clearance, registration
        self._faults: dict[PersonId, tuple[Fault, ...]] = {}  # of whom something was found
        self.unread = {stage: FoundOfPersons(_unread, _never) for stage in ("register", "clear", "cross")}
        self.care = FoundOfPersons(care.about_person, care.turns)
        self.documents = FoundOfPersons(documents.about_person, documents.turns)
        self.arrive = FoundOfPersons(arrive.about_person, arrive.turns)
        self._care: Mapping[PersonId, CareState] = {}
        self._group_of: Mapping[PersonId, frozenset[PersonId]] = {}
        self._of_movement: dict[MovementId, tuple[Movement, object, tuple[Finding, ...]]] = {}

    def of_register(self, everybody: Everybody) -> tuple[Finding, ...]:
        """What stands against a rule in registration, by kind and people. Every finding is about people whom parties
        or ties join, so only those near somebody changed are looked at again."""
        register, company = everybody.register.all, everybody.company
        with self._looking:
            if register is not self._register:
                changed = changed_since(self._register, register)
                if self._company is None or many(changed, register):
                    found = register_findings(register)
                else:
                    near = company.near(changed | self._company.near(changed))
                    again = register_findings({person: register[person] for person in near})
                    looked_at = near | changed
                    found = (*(one for one in self._registered if looked_at.isdisjoint(one.persons)), *again)
                self._registered = tuple(sorted(found, key=lambda one: (_TURN[one.code], one.persons, one.says)))
                self._register = register
                self._company = Company(register, everybody.subjects, everybody.view.merged)
            return self._registered

    def of_clear(self, everybody: Everybody) -> tuple[Finding, ...]:
        """What stands against itself in clearance: only whose state is another is looked at again."""
        clear, lists = everybody.clear.all, everybody.lists
        with self._looking:
            if lists is not self._lists:
                self._clear, self._listed, self._holders, self._doubled, self._lists = {}, {}, {}, {}, lists
            for person in changed_since(self._clear, clear) if clear is not self._clear else ():
                self._look_at(person, self._clear.get(person), clear.get(person), lists)
            self._clear = clear
            own = [finding for person in sorted(self._listed) for finding in self._listed[person]]
            return (*own, *about_lists(self._doubled, lists))

    def _look_at(self, person: PersonId, before: ClearState | None, now: ClearState | None, lists: Lists) -> None:
        """One person whose clearance is another: their rows, and what is found about them."""
        for row in () if before is None else rows_of(before):
            self._holders[row].discard(person)
            if len(self._holders[row]) < 2:
                self._doubled.pop(row, None)
        self._listed.pop(person, None)
        if now is None:
            return
        for row in rows_of(now):
            holders = self._holders.setdefault(row, set())
            holders.add(person)
            if len(holders) > 1:
                self._doubled[row] = holders
        if said := about(person, now, lists):
            self._listed[person] = tuple(said)

    def of_movements(self, everybody: Everybody) -> Iterator[Finding]:
        """What is found about each movement: only those are looked at again that are others, need other escorts, or
        took somebody whose care or group is another."""
        movements, group_of = everybody.move.movements, everybody.group_of.all
        facts = move.MoveFindingFacts(care=everybody.care.all, escorts_needed=everybody.escorts_needed)
        with self._looking:
            changed = changed_since(self._care, facts.care) if facts.care is not self._care else frozenset[PersonId]()
            changed |= changed_since(self._group_of, group_of) if group_of is not self._group_of else frozenset()
            before, self._of_movement = self._of_movement, {}
            for name, movement in movements.items():
                found, needed = before.get(name), facts.escorts_needed.get(name)
                same = found is not None and found[0] is movement and found[1] == needed
                if found is None or not same or not changed.isdisjoint(movement.boarded):
                    found = (movement, needed, tuple(move.about_movement(movement, facts, group_of)))
                self._of_movement[name] = found
            self._care, self._group_of = facts.care, group_of
            return (one for _movement, _needed, said in list(self._of_movement.values()) for one in said)

    def crossings(self, everybody: Everybody, legs: Legs) -> Mapping[PersonId, tuple[Fault, ...]]:
        """What is wrong with anybody's crossings, by person; nobody without."""
        cross, clear, register = everybody.cross.all, everybody.clear.all, everybody.register.all
        rules = (everybody.operation, everybody.ways, everybody.lists)
        with self._looking:
            if len(rules) != len(self._rules) or any(a is not b for a, b in zip(rules, self._rules, strict=True)):
                self._judged, self._faults, self._rules = ({}, {}, {}), {}, rules
            now: tuple[Mapping[PersonId, object], ...] = (cross, clear, register)
            pairs = zip(self._judged, now, strict=True)
            again = frozenset[PersonId]().union(*(changed_since(before, one) for before, one in pairs))
            for person in again:
                self._faults.pop(person, None)
                if person in cross and (said := faults(crossed_person(everybody, person, legs), everybody.ways)):
                    self._faults[person] = said
            self._judged = now
            return dict(self._faults)


def _unread(person: PersonId, state: RegisterState | ClearState | CrossState, at: Moment) -> tuple[Finding, ...]:
    """What was recorded of a person in a stage and could not be read."""
    return unreadable_records((person,), state.unreadable)


def _never(state: object) -> tuple[Moment, ...]:
    """What could not be read is so at every moment."""
    return ()


def crossed_person(everybody: Everybody, person: PersonId, legs: Legs) -> CrossedPerson:
    """One person who came to the crossing, with their clearance at each of their crossings."""
    cross = everybody.cross[person]
    clear = everybody.clear.get(person, ClearState())
    citizenships = everybody.register.get(person, RegisterState()).citizenships
    standings = standings_at_crossings(cross, clear, citizenships, legs)
    return CrossedPerson(cross=cross, clear=clear, standings=standings)
