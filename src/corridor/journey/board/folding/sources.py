"""Where the events about each person, and about each movement, are at one view, and how they are folded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar, cast

import numpy as np

from corridor.base.ids import MovementId, PersonId
from corridor.journey.board.folding.states import Since, Source
from corridor.journey.board.folding.subjects import NO_MOVEMENT, Subjects
from corridor.ledger.book.following import too_many
from corridor.ledger.book.marks import Grouped, about_person, about_persons, about_some, grouped, mark_of
from corridor.ledger.book.rows import distinct
from corridor.ledger.book.view import View
from corridor.ledger.columns import Ints
from corridor.ledger.event import Event
from corridor.ledger.kinds import OF_TWO_IDS

State = TypeVar("State")


class OfPersons(Source[PersonId, State]):
    """The events of some kinds about each person. `salted`: persons of whom the merges say more than their events."""

    def __init__(
        self, view: View, kinds: Collection[str], fold: Callable[[list[Event]], State], salted: Salted
    ) -> None:
        self._view, self._kinds, self._fold, self._salted = view, kinds, fold, salted
        self._columns = view.book.columns
        self._judges = not OF_TWO_IDS.isdisjoint(kinds)

    def number_of(self, id_: PersonId) -> int | None:
        """The person's number in the book."""
        return self._columns.persons.numbers.get(id_)

    @property
    def ids(self) -> Sequence[PersonId]:
        """Every person of the book."""
        return cast("Sequence[PersonId]", self._columns.persons.texts)

    def keys_of(self, id_: PersonId) -> tuple[Ints, int]:
        """The keys of what names the person."""
        keys = about_person(self._view, id_, self._kinds)
        salt = self._salted.salt if self._salted.persons and id_ in self._salted.persons else None
        return keys, mark_of(keys, salt)

    def grouped(self) -> Grouped:
        """The keys of what names each person."""
        return self._grouped(*about_persons(self._view, self._kinds))

    def _grouped(self, person: Ints, keys: Ints) -> Grouped:
        numbers = self._columns.persons.numbers
        salted = [numbers[person] for person in self._salted.persons if person in numbers]
        return grouped(person, keys, salted, self._salted.salt)

    @property
    def since(self) -> Since | None:
        """The view, for those that follow it."""
        lineage = self._view.lineage
        return None if lineage is None else Since(lineage, self._view.step, self._salted.salt)

    def touched(self, since: Since) -> tuple[Ints, Grouped] | None:
        """Whom the views since then know something new of, unless ids were merged or parted meanwhile."""
        if since.lineage is not self._view.lineage or since.salt != self._salted.salt:
            return None
        persons = since.lineage.between(since.step, self._view.step)
        if persons is None or too_many(persons, len(self._columns.persons)):
            return None
        return persons, self._grouped(*about_some(self._view, persons, self._kinds))

    def fold(self, id_: PersonId, events: list[Event]) -> State:
        """The stage's fold. What devices other than headquarters' say of two ids being one person counts nowhere."""
        if self._judges:
            root = self._view.book.intake.trust.root_device
            events = [event for event in events if event.kind not in OF_TWO_IDS or event.id.device == root]
        return self._fold(events)

    def read(self, keys: list[int]) -> list[Event]:
        """The events, merged ids read as the ids kept."""
        return self._view.read(keys)


class Salted:
    """The people whom a view's merges touch beyond their own events: who is named beside a merged id, or tied to one.

    Their marks differ from those of a board with other merges, so that they are folded anew.
    """

    def __init__(self, view: View, subjects: Subjects) -> None:
        self.persons: frozenset[PersonId] = frozenset()
        self.salt = 0
        if view.merged:
            ids = view.merged.keys() | set(view.merged.values())
            beside = {person for id_ in ids for event in view.events_of(id_) for person in event.persons}
            said = {person for id_ in ids for person in subjects.said_with.get(id_, ())}
            read_as = {view.merged.get(person, person) for person in said}
            self.persons = frozenset(beside | said | read_as | ids)
            said_of = repr(sorted(view.merged.items())).encode()
            self.salt = int.from_bytes(hashlib.blake2b(said_of, digest_size=8).digest(), signed=True)


class OfMovements(Source[MovementId, State]):
    """The move stage's events (of some kinds) about each movement, with the answers to the seats it offered."""

    def __init__(
        self,
        view: View,
        kinds: Collection[str],
        fold: Callable[[MovementId, list[Event]], State],
        subjects: Subjects,
        salted: Salted,
    ) -> None:
        self._view, self._kinds, self._fold, self._subjects, self._salted = view, kinds, fold, subjects, salted
        self._by_movement: Grouped | None = None

    def number_of(self, id_: MovementId) -> int | None:
        """The movement's number."""
        return self._subjects.movements.numbers.get(id_)

    @property
    def ids(self) -> Sequence[MovementId]:
        """Every movement that an event ever named."""
        return cast("Sequence[MovementId]", self._subjects.movements.texts)

    def keys_of(self, id_: MovementId) -> tuple[Ints, int]:
        """The keys of what is about the movement."""
        number = self._subjects.movements.numbers[id_]
        some = self._of(np.array([number], dtype=np.int64))
        return (self.grouped() if some is None else some).of(number)

    def grouped(self) -> Grouped:
        """The keys of what is about each movement. Who answers names an offer only, so the answers, and whoever else
        offered under the same name, are read with every movement that offered it."""
        if self._by_movement is None:
            keys = self._view.keys_of(self._kinds)
            about = self._subjects.movement_numbers(keys)
            seen = set(keys.tolist()) if self._subjects.of_seats else set()
            of_seats = [one for one in self._subjects.of_seats if one.key in seen]
            offered = {(one.offer, one.movement) for one in of_seats if one.movement is not None}
            more = [
                (self._subjects.movements.numbers[movement], one.key)
                for offer, movement in sorted(offered)
                for one in of_seats
                if one.offer == offer and one.movement != movement
            ]
            numbers = np.append(about, np.array([number for number, _ in more], dtype=np.int64))
            keys = np.append(keys, np.array([key for _, key in more], dtype=np.int64))
            order = np.argsort(numbers, kind="stable")
            order = order[numbers[order] != NO_MOVEMENT]
            self._by_movement = grouped(numbers[order], keys[order], self._of_merged(), self._salted.salt)
        return self._by_movement

    @property
    def since(self) -> Since | None:
        """The view, for those that follow it."""
        lineage = self._view.lineage
        return None if lineage is None else Since(lineage, self._view.step, self._salted.salt)

    def touched(self, since: Since) -> tuple[Ints, Grouped] | None:
        """The movements of which the views since then know another event, unless ids were merged or parted
        meanwhile."""
        if since.lineage is not self._view.lineage or since.salt != self._salted.salt:
            return None
        keys = since.lineage.events_between(since.step, self._view.step)
        if keys is None or not {one.key for one in self._subjects.of_seats}.isdisjoint(keys.tolist()):
            return None
        numbers = distinct(self._subjects.movement_numbers(keys))
        movements = numbers[numbers != NO_MOVEMENT]
        found = None if too_many(movements, len(self.ids)) else self._of(movements)
        return None if found is None else (movements, found)

    def _of(self, movements: Ints) -> Grouped | None:
        """The keys of what is about a few movements (numbers, ascending); None: seats were offered on one of them."""
        texts = self._subjects.movements.texts
        if {texts[number] for number in movements.tolist()} & {one.movement for one in self._subjects.of_seats}:
            return None
        numbers, keys = self._subjects.about_movements(movements)
        seen = np.isin(keys, self._view.keys_of(self._kinds, among=keys))
        numbers, keys = numbers[seen], keys[seen]
        order = np.argsort(numbers, kind="stable")
        return grouped(numbers[order], keys[order], self._of_merged(), self._salted.salt)

    def asides(self) -> list[int]:
        """The keys of what belongs to no one movement: events that cannot be read, offers of seats, their answers."""
        aside = np.array([*self._subjects.unreadable, *(one.key for one in self._subjects.of_seats)], dtype=np.int64)
        found: list[int] = self._view.keys_of(self._kinds, among=distinct(aside)).tolist() if len(aside) else []
        return found

    def _of_merged(self) -> set[int]:
        """The movements that people were merged of: their events are the same and name somebody else."""
        keys = [about_person(self._view, kept, self._kinds) for kept in set(self._view.merged.values())]
        return set(self._subjects.movement_numbers(np.concatenate(keys)).tolist()) if keys else set()

    def fold(self, id_: MovementId, events: list[Event]) -> State:
        """What these events make of the movement."""
        return self._fold(id_, events)

    def read(self, keys: list[int]) -> list[Event]:
        """The events, merged ids read as the ids kept."""
        return self._view.read(keys)
