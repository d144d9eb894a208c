"""In which order a list shows people: parties stay together there as on the road."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from corridor.base.ids import PersonId
from corridor.journey.board.folding.subjects import LEFT_PARTY, NO_PARTY, PARTY_KINDS, Subjects
from corridor.journey.register.state import RegisterState
from corridor.ledger.book.marks import about_persons
from corridor.ledger.book.persons import Persons
from corridor.ledger.book.rows import distinct
from corridor.ledger.book.view import View
from corridor.ledger.columns import Ints


class PartyOrder:
    """Everybody of a board by the party they are in, found without folding who was only ever in one."""

    def __init__(self, view: View, subjects: Subjects, register: Mapping[PersonId, RegisterState]) -> None:
        self._texts = view.book.columns.persons.texts
        self._parties = subjects.parties.texts
        self._party = np.full(len(self._texts), NO_PARTY, dtype=np.int64)  # by person's number
        person, keys = about_persons(view, PARTY_KINDS)
        numbers = subjects.party_numbers(keys)
        person, numbers = person[numbers != NO_PARTY], numbers[numbers != NO_PARTY]
        self._party[person] = numbers
        more = np.append(person[1:] == person[:-1], False) | (numbers == LEFT_PARTY)
        for number in np.unique(person[more]).tolist():
            state = register.get(PersonId(self._texts[number]))
            party = None if state is None else state.party
            self._party[number] = NO_PARTY if party is None else subjects.parties.numbers[party]

    def cut(self, persons: Persons, start: int, end: int) -> tuple[PersonId, ...]:
        """The people from `start` up to `end`, by the ids of their parties, then their own; who is in none last."""
        numbers = persons.numbers
        party = self._party[numbers]
        turn = self._turn_of(party)
        order = np.argsort(turn, kind="stable")
        turn = turn[order]
        # The parties that the cut begins and ends in are sorted whole, the others before and after not at all.
        first = int(np.searchsorted(turn, turn[start])) if start < len(turn) else len(turn)
        last = int(np.searchsorted(turn, turn[min(end, len(turn)) - 1], side="right")) if first < len(turn) else first
        near = [(int(turn[index]), self._texts[int(numbers[order[index]])]) for index in range(first, last)]
        return tuple(PersonId(person) for _, person in sorted(near)[start - first : end - first])

    def _turn_of(self, party: Ints) -> Ints:
        """For each person when their party's turn is."""
        there = distinct(party)
        by_id = sorted((number for number in there.tolist() if number != NO_PARTY), key=lambda one: self._parties[one])
        turn = np.full(len(self._parties) + 1, len(by_id), dtype=np.int64)  # the last place is that of no party
        turn[by_id] = np.arange(len(by_id))
        return turn[party]
