"""What one stage finds about each person, and whom something is to be said of: looked at again where it may change."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Generic, TypeVar

from corridor.base.ids import PersonId
from corridor.base.moments import Moment
from corridor.journey.board.folding.changes import changed_since, many
from corridor.journey.findings import Finding

State = TypeVar("State")


class FoundOfPersons(Generic[State]):
    """The findings about each person of one stage, where they are a function of the person's state and the moment.

    `find` answers them; `turns` the instants from which on it may answer something else for the same state. So a person
    is looked at again only when their state is another or such an instant lies between the last moment and this one.
    """

    def __init__(
        self,
        find: Callable[[PersonId, State, Moment], Iterable[Finding]],
        turns: Callable[[State], Iterable[Moment]],
    ) -> None:
        self._find, self._turns_of_state = find, turns
        self._looking = threading.Lock()
        self._states: Mapping[PersonId, State] = {}
        self._at = Moment(0)
        self._found: dict[PersonId, tuple[Finding, ...]] = {}  # of whom something was found
        self._turns_of: dict[PersonId, tuple[Moment, ...]] = {}  # whose state has any
        self._turns: list[tuple[Moment, PersonId]] = []  # the same, sorted
        self._told: tuple[Finding, ...] = ()

    def at(self, states: Mapping[PersonId, State], at: Moment) -> tuple[Finding, ...]:
        """What is found at that moment, by person; `states` are everybody's."""
        with self._looking:
            changed = changed_since(self._states, states) if states is not self._states else frozenset[PersonId]()
            other = many(changed, states)
            if other:
                self._begin(states)
                again: Set[PersonId] = states.keys()
            else:
                for person in changed:
                    self._turn(person, states.get(person))
                first, last = sorted((self._at, at))
                there = slice(bisect_right(self._turns, (first, _LAST)), bisect_right(self._turns, (last, _LAST)))
                again = changed | {person for _, person in self._turns[there]}
            self._states, self._at = states, at
            for person in again:
                state = states.get(person)
                was = self._found.pop(person, ())
                found = () if state is None else tuple(self._find(person, state, at))
                if found:
                    self._found[person] = found
                other = other or bool(was or found)
            if other:
                self._told = tuple(one for person in sorted(self._found) for one in self._found[person])
            return self._told

    def _begin(self, states: Mapping[PersonId, State]) -> None:
        """All turns anew."""
        self._found = {}
        found = ((person, tuple(self._turns_of_state(state))) for person, state in states.items())
        self._turns_of = {person: turns for person, turns in found if turns}
        self._turns = sorted((turn, person) for person, turns in self._turns_of.items() for turn in turns)

    def _turn(self, person: PersonId, state: State | None) -> None:
        """The turns of one person whose state is another; None: nothing is recorded of them any more."""
        for turn in self._turns_of.pop(person, ()):
            del self._turns[bisect_left(self._turns, (turn, person))]
        turns = () if state is None else tuple(self._turns_of_state(state))
        if turns:
            self._turns_of[person] = turns
        for turn in turns:
            insort(self._turns, (turn, person))


_LAST = PersonId("\U0010ffff")
"""Sorts after every id of a person."""


class Chosen(Generic[State]):
    """The people of one stage whose state has something in it that few have, kept up as states change."""

    def __init__(self, wanted: Callable[[State], object]) -> None:
        self._wanted = wanted
        self._choosing = threading.Lock()
        self._states: Mapping[PersonId, State] = {}
        self._chosen: dict[PersonId, State] = {}

    def of(self, states: Mapping[PersonId, State]) -> Mapping[PersonId, State]:
        """Of everybody's states those that are wanted, by person."""
        with self._choosing:
            if states is not self._states:
                changed = changed_since(self._states, states)
                if many(changed, states):
                    self._chosen = {person: state for person, state in sorted(states.items()) if self._wanted(state)}
                else:
                    new = {person: states[person] for person in changed if person in states}
                    new = {person: state for person, state in new.items() if self._wanted(state)}
                    if new or not changed.isdisjoint(self._chosen):
                        kept = {person: state for person, state in self._chosen.items() if person not in changed}
                        self._chosen = dict(sorted((kept | new).items()))
                self._states = states
            return self._chosen
