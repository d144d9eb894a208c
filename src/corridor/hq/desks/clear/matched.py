"""Which rows of a list could be whom: everybody's names read once, and what was found kept while nobody's changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from corridor.base.ids import PersonId
from corridor.hq.access.names import read_identities
from corridor.hq.desks.clear.lists import RowsOfList
from corridor.hq.served import Served
from corridor.journey.board.board import Board
from corridor.journey.clear.evening.cases import RowCase, row_cases
from corridor.journey.clear.lists import ListRow
from corridor.journey.clear.matching import Matcher, Proposal, propose
from corridor.journey.clear.near_names import ConsonantNames
from corridor.journey.register.identity import Identity, full_names

FOUND_MAX = 24
"""Lists whose proposals are kept ready."""

Stamp = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everybody's identities as of a stamp, and who finds near names among them."""

    stamp: Stamp
    people: Mapping[PersonId, Identity]
    matcher: Matcher


_one_at_a_time = threading.Lock()
_known: Known | None = None
_found: OrderedDict[tuple[Stamp, str], tuple[Proposal, ...]] = OrderedDict()


def matcher_of(people: Mapping[PersonId, Identity]) -> Matcher:
    """Who finds near names among these people."""
    return ConsonantNames({person: full_names(identity) for person, identity in people.items()})


def known_people(request: HttpRequest, headquarters: Served, board: Board) -> Known:
    """Everybody, read through the one door and logged as the reading of whoever asked first; what is kept leaves here
    only as proposals, and whose names a page then shows is read and logged for its own reader."""
    global _known
    stamp = _stamp(headquarters, board)
    with _one_at_a_time:
        if _known is None or _known.stamp != stamp:
            everybody = sorted(board.everybody.register)
            people = read_identities(
                request, headquarters, board, everybody, why="evening run: everybody beside a list"
            )
            _known = Known(stamp=stamp, people=people, matcher=matcher_of(people))
        return _known


def cases_of(request: HttpRequest, headquarters: Served, board: Board, one: RowsOfList) -> tuple[RowCase, ...]:
    """How every row of the list stands."""
    key = (_stamp(headquarters, board), one.statement.list)
    proposals = _found.get(key)
    if proposals is None:
        known = known_people(request, headquarters, board)
        proposals = _found[key] = propose(one.rows, known.people, known.matcher)
        if len(_found) > FOUND_MAX:
            _found.popitem(last=False)
    held = board.everybody.rows_held.get(one.statement.list, {})
    return row_cases(one.statement.list, one.rows, proposals, held, board.everybody.clear_of_all)


def searched(request: HttpRequest, headquarters: Served, board: Board, row: ListRow, text: str) -> tuple[Proposal, ...]:
    """Who a row could be if it said what an officer typed: a name or a document's number."""
    known = known_people(request, headquarters, board)
    asked = ListRow(number=row.number, name=text, document=text, birth=row.birth)
    return propose((asked,), known.people, known.matcher)


def _stamp(headquarters: Served, board: Board) -> Stamp:
    """Changes whenever anybody's identity was written or forgotten."""
    register = board.everybody.register.values()
    written = sum(state.identity_version for state in register)
    return (str(headquarters.opened.found.home), len(register), written, sum(state.forgotten for state in register))
