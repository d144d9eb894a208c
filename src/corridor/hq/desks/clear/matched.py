"""Which lists' rows could be whom: the names engine and the identity store are asked once, and what was found is kept.

Of a person whose identity changes meanwhile only that person is looked at again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from corridor.base.ids import PersonId, UserId
from corridor.base.refusal import Refusal
from corridor.hq.desks.clear.lists import RowsOfList
from corridor.hq.desks.register.duplicates.as_one import read_as_one
from corridor.hq.desks.register.names import kept_names
from corridor.hq.served import Served
from corridor.journey.board.board import Board
from corridor.journey.clear.evening.cases import RowCase, row_cases
from corridor.journey.clear.lists import ListRow
from corridor.journey.clear.matching import PROPOSED_MAX, NearName, Proposal, proposals_again, propose
from corridor.journey.register.access import find_bearers
from corridor.journey.register.identity import BirthDate, Identity
from corridor.journey.register.search import Span, birth_key, number_key
from corridor.names.reasons import Match

FOUND_MAX = 24
"""Lists whose proposals are kept ready."""
NEAR_MAX = 2 * PROPOSED_MAX
"""So many near names are weighed by their documents and birth dates before the likeliest are proposed."""
BORN_MAX = 60
"""People born on one day who are looked at for a row; where more were, the day tells nothing."""
DOCUMENT_MAX = 20
"""People with one document's number who are looked at: a family's passport, and not a placeholder."""
WHY = "evening run: who a list's rows could be"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for a list: by which version of the names, with which merges; `version` 0: by no names yet."""

    version: int
    merged: Mapping[PersonId, PersonId]
    proposals: tuple[Proposal, ...]


_found: OrderedDict[tuple[str, str], Found] = OrderedDict()


class StoreMatcher:
    """Finds people in the served operation: a `Matcher` for one reader, whose every reading is logged.

    `only` narrows it to some people; None: everybody. Merged ids are read as the ids kept.
    """

    def __init__(
        self, request: HttpRequest, headquarters: Served, board: Board, only: frozenset[PersonId] | None = None
    ) -> None:
        self.request, self.headquarters, self.board = request, headquarters, board
        self.only = only

    def near(self, names: Sequence[str]) -> Sequence[Collection[NearName]]:
        """As the engine finds them; nobody while it is being built."""
        if self.only is not None:
            return [self.alike(name, self.only) for name in names]
        return [self._near(found) for found in kept_names().search(self.request, names, NEAR_MAX)]

    def alike(self, name: str, persons: Collection[PersonId]) -> Collection[NearName]:
        """As the engine weighs them."""
        return self._near(kept_names().alike(self.request, name, self._with_merged(persons)))

    def with_documents(self, numbers: Sequence[str]) -> Sequence[Collection[PersonId]]:
        """By the keys of the identity store."""
        found = iter(self._bearers([number_key(number) for number in numbers if number], DOCUMENT_MAX))
        return [next(found) if number else () for number in numbers]

    def born_on(self, births: Sequence[BirthDate]) -> Sequence[Collection[PersonId]]:
        """By the keys of the identity store."""
        found = self._bearers([birth_key(birth) for birth in births], BORN_MAX + 1)
        return [persons if len(persons) <= BORN_MAX else () for persons in found]

    def identities(self, persons: Collection[PersonId]) -> Mapping[PersonId, Identity]:
        """Read and logged."""
        return read_as_one(self.request, self.headquarters, self.board, persons, why=WHY)

    def _bearers(self, keys: Sequence[Span], most: int) -> list[set[PersonId]]:
        user: Any = self.request.user
        store, now = self.headquarters.opened.identities, self.headquarters.now()
        found = find_bearers(store, UserId(user.name), user.role, keys, now, most=most, why=WHY) if keys else []
        if isinstance(found, Refusal):
            return [set() for _ in keys]
        kept = [{self._kept(person) for person in persons} for persons in found]
        return kept if self.only is None else [persons & self.only for persons in kept]

    def _near(self, found: Collection[Match]) -> list[NearName]:
        """The likeliest name of everybody; a name of a merged id is one of the id kept."""
        best: dict[PersonId, NearName] = {}
        for one in found:
            near = NearName(person=self._kept(one.person), likeness=one.likeness, name=one.name, because=one.because)
            if near.person not in best or best[near.person].likeness < near.likeness:
                best[near.person] = near
        return list(best.values())

    def _kept(self, person: PersonId) -> PersonId:
        return self.board.view.merged.get(person, person)

    def _with_merged(self, persons: Collection[PersonId]) -> set[PersonId]:
        merged = self.board.view.merged
        return {*persons, *(dropped for dropped, kept in merged.items() if kept in persons)}


def proposals_of_list(
    request: HttpRequest, headquarters: Served, board: Board, one: RowsOfList
) -> tuple[Proposal, ...]:
    """Who every row of the list could be. While names are being read, by documents only."""
    key, names, merged = (str(headquarters.opened.found.home), one.statement.list), kept_names(), board.view.merged
    version = names.version if names.ready(request) else 0
    before = _found.get(key)
    if before is not None and (before.version, before.merged) == (version, merged):
        return before.proposals
    changed = names.changed_since(before.version) if before is not None and before.version and version else None
    if before is not None and changed is not None:
        changed |= {person for pair in before.merged.items() ^ merged.items() for person in pair}
        changed |= {merged[person] for person in changed & merged.keys()}
        matcher = StoreMatcher(request, headquarters, board, changed - merged.keys())
        proposals = proposals_again(one.rows, before.proposals, changed, matcher)
    else:
        proposals = propose(one.rows, StoreMatcher(request, headquarters, board))
    _found[key] = Found(version=version, merged=merged, proposals=proposals)
    _found.move_to_end(key)
    if len(_found) > FOUND_MAX:
        _found.popitem(last=False)
    return proposals


def cases_of(request: HttpRequest, headquarters: Served, board: Board, one: RowsOfList) -> tuple[RowCase, ...]:
    """How every row of the list stands."""
    proposals = proposals_of_list(request, headquarters, board, one)
    held = board.everybody.rows_held.get(one.statement.list, {})
    return row_cases(one.statement.list, one.rows, proposals, held, board.everybody.clear)


def searched(request: HttpRequest, headquarters: Served, board: Board, row: ListRow, text: str) -> tuple[Proposal, ...]:
    """Who a row could be if it said what an officer typed: a name or a document's number."""
    asked = ListRow(number=row.number, name=text, document=text, birth=row.birth)
    return propose((asked,), StoreMatcher(request, headquarters, board))
