"""States of people or things at one board: each folded when it is asked for, all of them together when all are.

A state is a pure function of the set of events about its subject. What one board has folded the next one of the same
book takes over while the mark of that set is the same, so that a new batch costs what it touches.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from typing import Generic, TypeVar, overload

import numpy as np

from corridor.journey.board.folding.changes import States, changed_since
from corridor.ledger.book.following import Lineage
from corridor.ledger.book.marks import Grouped, Marks
from corridor.ledger.book.rows import Bools, put_in
from corridor.ledger.columns import Ints
from corridor.ledger.event import Event

Id = TypeVar("Id", bound=str)
State = TypeVar("State")
Default = TypeVar("Default")

_NO_KEYS = np.empty(0, dtype=np.int64)
_EVENTS_AT_ONCE = 100_000
_SINGLE_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Since:
    """A view that others follow, by its number in the lineage; `salt` is what its merges come to."""

    lineage: Lineage
    step: int
    salt: int


@dataclass(frozen=True, slots=True)
class Whole(Generic[Id, State]):
    """The states of all subjects at one view: their numbers, ascending, with the marks of their events beside them.

    `since` says which view it was, for those that follow it; None: nobody follows it.
    """

    subjects: Ints
    marks: Marks
    states: States[Id, State]
    since: Since | None

    def place_of(self, subjects: Ints) -> tuple[Ints, Bools]:
        """Where these subjects (ascending) are or belong, and which of them there are."""
        place = np.searchsorted(self.subjects, subjects)
        there = place < len(self.subjects)
        there[there] = self.subjects[place[there]] == subjects[there]
        return place, there

    def with_others(
        self, touched: Ints, now: Grouped, states: States[Id, State], since: Since | None
    ) -> Whole[Id, State]:
        """The same with what there is `now` of the `touched` subjects, and these states."""
        gone = np.setdiff1d(touched, now.subjects, assume_unique=True)
        subjects, marks = self.subjects, self.marks
        place, there = self.place_of(gone)
        if there.any():
            subjects, marks = np.delete(subjects, place[there]), np.delete(marks, place[there])
        here = Whole(subjects, marks, states, since)
        place, there = here.place_of(now.subjects)
        marks = marks.copy()
        marks[place[there]] = now.marks[there]
        if not there.all():
            subjects = put_in(subjects, place[~there], now.subjects[~there])
            marks = put_in(marks, place[~there], now.marks[~there])
        return Whole(subjects, marks, states, since)


class Kept(Generic[Id, State]):
    """What the boards of one book have folded of one stage: by subject's number, with the mark of its events."""

    def __init__(self) -> None:
        self.folding = threading.Lock()  # one board at a time folds everything; a single subject waits for nobody
        self.single: dict[int, tuple[int, State]] = {}
        self.whole: Whole[Id, State] | None = None
        self.filled: tuple[States[Id, State], tuple[Id, ...], States[Id, State]] | None = None  # whole, who else, both

    def get(self, subject: int, id_: Id, mark: int) -> State | None:
        """The state that was folded from the events with this mark; None when there is none."""
        single = self.single.get(subject)
        if single is not None and single[0] == mark:
            return single[1]
        if self.whole is not None:
            before = self.whole
            index = int(np.searchsorted(before.subjects, subject))
            if index < len(before.subjects) and before.subjects[index] == subject and before.marks[index] == mark:
                return before.states[id_]
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

    @property
    def since(self) -> Since | None:
        """Which view it is, for those that follow; None: nobody follows it."""
        return None

    def touched(self, since: Since) -> tuple[Ints, Grouped] | None:
        """The subjects (numbers, ascending) of which something may be other than it was, and the events about them now;
        None: that is not known, or they are too many."""
        return None

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
            follows, changed = None, frozenset[Id]()
            if before is not None:
                theirs = changed_since(before[0], states)
                follows, changed = before[2], frozenset(theirs | (set(others) ^ set(before[1])))
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
        """Everybody's state: what is kept, and what is new folded."""
        source, kept = self._source, self._kept
        with kept.folding:
            before = kept.whole
            if before is None:
                now = source.grouped()
                whole = States(self._changed(now, np.arange(len(now.subjects))))
                kept.whole = Whole(now.subjects, now.marks, whole, source.since)
                return whole
            found = None if before.since is None else source.touched(before.since)
            if found is None:
                now = source.grouped()
                touched = np.union1d(before.subjects, now.subjects)
            else:
                touched, now = found
            place, there = before.place_of(now.subjects)
            same = there.copy()
            same[there] = before.marks[place[there]] == now.marks[there]
            gone = np.setdiff1d(touched, now.subjects, assume_unique=True)
            gone = gone[before.place_of(gone)[1]]
            states = before.states
            if not same.all() or len(gone):
                left = [source.ids[subject] for subject in gone.tolist()]
                changed = self._changed(now, np.flatnonzero(~same))
                states = States(states, states, frozenset((*changed, *left)))
                for id_ in left:
                    del states[id_]
                states.update(changed)
            if source.since is not None or before.since is None:  # else those who follow go on from the one before
                kept.whole = before.with_others(touched, now, states, source.since)
            return states

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
