"""States of people or things at one board: each folded when it is asked for, all of them together when all are.

A state is a pure function of the set of events about its subject. What one board has folded the next one of the same
book takes over while the mark of that set is the same, so that a new batch costs what it touches.
"""

from __future__ import annotations

import hashlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from typing import Generic, TypeVar, cast, overload

import numpy as np

from corridor.base.ids import MovementId, PersonId
from corridor.journey.board.folding.changes import States
from corridor.journey.board.folding.subjects import NO_MOVEMENT, Subjects
from corridor.ledger.book.marks import Grouped, about_person, about_persons, grouped, mark_of
from corridor.ledger.book.view import View
from corridor.ledger.columns import Ints
from corridor.ledger.event import Event
from corridor.ledger.kinds import OF_TWO_IDS

Id = TypeVar("Id", bound=str)
State = TypeVar("State")
Default = TypeVar("Default")

_NO_KEYS = np.empty(0, dtype=np.int64)
_NOTHING = Grouped(_NO_KEYS, _NO_KEYS, _NO_KEYS, np.empty(0, dtype=np.uint64))
_EVENTS_AT_ONCE = 100_000
_SINGLE_MAX = 50_000


class Kept(Generic[Id, State]):
    """What the boards of one book have folded of one stage: by subject's number, with the mark of its events."""

    def __init__(self) -> None:
        self.folding = threading.Lock()  # one board at a time folds everything; a single subject waits for nobody
        self.single: dict[int, tuple[int, State]] = {}
        self.whole: tuple[Grouped, States[Id, State]] | None = None
        self.filled: tuple[States[Id, State], tuple[Id, ...], States[Id, State]] | None = None  # whole, who else, both

    def get(self, subject: int, id_: Id, mark: int) -> State | None:
        """The state that was folded from the events with this mark; None when there is none."""
        single = self.single.get(subject)
        if single is not None and single[0] == mark:
            return single[1]
        if self.whole is not None:
            before, states = self.whole
            index = int(np.searchsorted(before.subjects, subject))
            if index < len(before.subjects) and before.subjects[index] == subject and before.marks[index] == mark:
                return states[id_]
        return None

    def keep(self, subject: int, mark: int, state: State) -> None:
        """Keep one subject's state for later boards."""
        if len(self.single) >= _SINGLE_MAX:
            self.single = {}
        self.single[subject] = (mark, state)


class Source(ABC, Generic[Id, State]):
    """Where the events about each subject are, at one view, and how they are folded."""

    @abstractmethod
    def number_of(self, id_: Id) -> int | None:
        """The number of a subject; None when there never was such a one."""

    @property
    @abstractmethod
    def ids(self) -> Sequence[Id]:
        """The id of every subject, by its number."""

    @abstractmethod
    def keys_of(self, id_: Id) -> tuple[Ints, int]:
        """The keys of the events about one subject, and their mark."""

    @abstractmethod
    def grouped(self) -> Grouped:
        """The events about every subject."""

    @abstractmethod
    def fold(self, id_: Id, events: list[Event]) -> State:
        """The state these events make."""

    @abstractmethod
    def read(self, keys: list[int]) -> list[Event]:
        """The events with these keys."""


class Folded(Mapping[Id, State]):
    """The states of all subjects of which something was recorded, by id.

    Asked for one, it folds one; asked for its items, values, keys or number, it folds all (those with new events). With
    `fill` everybody of `others` of whom nothing was recorded has that state.
    """

    def __init__(
        self,
        source: Source[Id, State],
        kept: Kept[Id, State],
        *,
        fill: State | None = None,
        others: Callable[[], Collection[Id]] = tuple,
        is_other: Callable[[Id], bool] = lambda _: False,
    ) -> None:
        self._source, self._kept = source, kept
        self._fill, self._others, self._is_other = fill, others, is_other
        self._found: dict[Id, State] = {}
        self._all: States[Id, State] | None = None

    def __getitem__(self, id_: Id) -> State:
        if self._all is not None:
            return self._all[id_]
        found = self._found.get(id_)
        if found is None:
            found = self._found[id_] = self._one(id_)
        return found

    @overload
    def get(self, id_: Id, /) -> State | None: ...
    @overload
    def get(self, id_: Id, default: State | Default, /) -> State | Default: ...
    def get(self, id_: Id, default: object = None, /) -> object:
        """The state of one subject, `default` when nothing was recorded of it."""
        if self._all is not None:
            return self._all.get(id_, default)
        try:
            return self[id_]
        except KeyError:
            return default

    def __contains__(self, id_: object) -> bool:
        return id_ in self.all if self._all is not None else self.get(id_) is not None  # type: ignore[call-overload]

    def __iter__(self) -> Iterator[Id]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def keys(self) -> KeysView[Id]:
        """Every subject of which something was recorded."""
        return self.all.keys()

    def values(self) -> ValuesView[State]:
        """Every state."""
        return self.all.values()

    def items(self) -> ItemsView[Id, State]:
        """Every subject with its state."""
        return self.all.items()

    @property
    def all(self) -> States[Id, State]:
        """Every state: those with the same events as on the board before are the same objects."""
        if self._all is None:
            states = self._whole()
            others = () if self._fill is None else self._others()
            if self._fill is not None and len(others) > len(states):  # who has a state is in the book
                states = self._with_others(states, tuple(one for one in others if one not in states), self._fill)
            self._all = states
        return self._all

    @property
    def for_many(self) -> Mapping[Id, State]:
        """To be asked about many: everybody's states where a board before has folded them, so that only what is new is
        folded; else these, which fold whom they are asked about."""
        return self.all if self._kept.whole is not None else self

    def _with_others(self, states: States[Id, State], others: tuple[Id, ...], fill: State) -> States[Id, State]:
        """These states, and `fill` of those others."""
        before = self._kept.filled
        if before is None or before[0] is not states or before[1] != others:
            follows, changed = 0, frozenset[Id]()
            if before is not None and (before[0] is states or states.follows == before[0].number):
                theirs = frozenset[Id]() if before[0] is states else states.changed
                follows, changed = before[2].number, theirs | (set(others) ^ set(before[1]))
            filled = States(states | dict.fromkeys(others, fill), follows, changed)
            before = self._kept.filled = (states, others, filled)
        return before[2]

    def _one(self, id_: Id) -> State:
        subject = self._source.number_of(id_)
        keys, mark = self._source.keys_of(id_) if subject is not None else (None, 0)
        if subject is None or keys is None or len(keys) == 0:
            if self._fill is not None and self._is_other(id_):
                return self._fill
            raise KeyError(id_)
        found = self._kept.get(subject, id_, mark)
        if found is None:
            found = self._source.fold(id_, self._source.read(keys.tolist()))
            self._kept.keep(subject, mark, found)
        return found

    def _whole(self) -> States[Id, State]:
        """Everybody's state: what is kept, and what is new folded; in the order of the subjects' numbers."""
        source, kept = self._source, self._kept
        now = source.grouped()
        with kept.folding:
            before, states = kept.whole if kept.whole is not None else (_NOTHING, States[Id, State]({}))
            there = np.zeros(len(now.subjects), dtype=np.bool_)
            same = there.copy()
            index = np.searchsorted(before.subjects, now.subjects)
            within = index < len(before.subjects)
            found = index[within]
            there[within] = before.subjects[found] == now.subjects[within]
            same[within] = there[within] & (before.marks[found] == now.marks[within])
            gone = before.subjects[:0]
            if np.count_nonzero(there) < len(before.subjects):
                gone = np.setdiff1d(before.subjects, now.subjects, assume_unique=True)
            if kept.whole is not None and same.all() and not len(gone):
                return states
            ids, new = source.ids, now.subjects[~there]
            changed = self._changed(now, np.flatnonzero(~same))
            follows = states.number if kept.whole is not None else 0
            whole = States(states, follows, frozenset((*changed, *(ids[subject] for subject in gone.tolist()))))
            whole.update(changed)
            if len(gone) or (len(new) and len(before.subjects) and new[0] < before.subjects[-1]):
                ordered = {id_: whole[id_] for id_ in [ids[subject] for subject in now.subjects.tolist()]}
                whole = States(ordered, follows, whole.changed)
            kept.whole = (now, whole)
            return whole

    def _changed(self, now: Grouped, which: Ints) -> dict[Id, State]:
        """The states of the subjects at these indices; events are read a bounded number at a time."""
        source, kept = self._source, self._kept
        found: dict[Id, State] = {}
        count = np.diff(now.starts)[which]
        turn = np.cumsum(count) // _EVENTS_AT_ONCE
        for chunk in np.split(which, np.flatnonzero(turn[1:] != turn[:-1]) + 1):
            unread: list[tuple[Id, int, int]] = []
            keys: list[int] = []
            for index in chunk.tolist():
                id_ = source.ids[int(now.subjects[index])]
                single = kept.single.get(int(now.subjects[index]))
                if single is not None and single[0] == now.marks[index]:
                    found[id_] = single[1]
                    continue
                own = now.keys[now.starts[index] : now.starts[index + 1]].tolist()
                unread.append((id_, len(keys), len(keys) + len(own)))
                keys += own
            events = source.read(keys)
            for id_, start, end in unread:
                found[id_] = source.fold(id_, events[start:end])
        return found


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
        numbers = self._columns.persons.numbers
        salted = [numbers[person] for person in self._salted.persons if person in numbers]
        return grouped(*about_persons(self._view, self._kinds), salted, self._salted.salt)

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
        return self.grouped().of(self._subjects.movements.numbers[id_])

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

    def asides(self) -> list[int]:
        """The keys of what belongs to no one movement: events that cannot be read, offers of seats, their answers."""
        aside = np.array([*self._subjects.unreadable, *(one.key for one in self._subjects.of_seats)], dtype=np.int64)
        if not len(aside):
            return []
        found: list[int] = np.intersect1d(aside, self._view.keys_of(self._kinds)).tolist()
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
