"""Who each row of each list is held to be, and who is on each list: kept up as people's clearance changes."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from corridor.base.ids import ListId, PersonId
from corridor.journey.board.folding.changes import changed_since
from corridor.journey.clear.state import ClearState

Rows = dict[int, frozenset[PersonId]]


class KeptLists:
    """The rows of every list with their people, of the last board of a book that asked."""

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._states: Mapping[PersonId, ClearState] = {}
        self._people: dict[ListId, Rows] = {}
        self._held: Mapping[ListId, Mapping[int, PersonId]] = {}
        self._listed: Mapping[ListId, frozenset[PersonId]] = {}

    def held(self, states: Mapping[PersonId, ClearState]) -> Mapping[ListId, Mapping[int, PersonId]]:
        """Who each row is held to be; of two people with one row the first by id: as
        `corridor.journey.clear.rules.rows_held` says it of everybody's states."""
        return self._bring_up(states)[0]

    def listed(self, states: Mapping[PersonId, ClearState]) -> Mapping[ListId, frozenset[PersonId]]:
        """Who is on each list, as `corridor.journey.clear.state.persons_by_list` says it."""
        return self._bring_up(states)[1]

    def _bring_up(
        self, states: Mapping[PersonId, ClearState]
    ) -> tuple[Mapping[ListId, Mapping[int, PersonId]], Mapping[ListId, frozenset[PersonId]]]:
        with self._looking:
            if states is not self._states:
                touched: dict[ListId, Rows] = {}
                for person in changed_since(self._states, states):
                    self._move(person, states.get(person), touched)
                self._states = states
                if touched:
                    self._people |= touched
                    whose = {one: {row: min(those) for row, those in touched[one].items()} for one in touched}
                    on = {one: frozenset().union(*touched[one].values()) for one in touched}
                    self._held = {one: held for one, held in {**self._held, **whose}.items() if held}
                    self._listed = {one: people for one, people in {**self._listed, **on}.items() if people}
            return self._held, self._listed

    def _move(self, person: PersonId, now: ClearState | None, touched: dict[ListId, Rows]) -> None:
        """Put one person, whose clearance is another, on the rows they are on now and on no other."""
        before = self._states.get(person)
        were, are = (set() if state is None else _rows_of(state) for state in (before, now))
        for list_id, row in were ^ are:
            rows = touched.get(list_id)
            if rows is None:
                rows = touched[list_id] = dict(self._people.get(list_id, {}))
            people = rows.get(row, frozenset()) ^ {person}
            if people:
                rows[row] = people
            else:
                rows.pop(row, None)


def _rows_of(state: ClearState) -> set[tuple[ListId, int]]:
    return {(listing.list, listing.row) for listing in state.listings if listing.unlisted_at is None}
