"""Who lacks which paper for a leg: those who stand where it begins, or everybody who has still to travel it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import LegId, PersonId
from corridor.base.operation import name_in
from corridor.hq.access.names import read_names
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import legs
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.pages.people import where_is
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.board.papers import lacking as lacking_for
from corridor.journey.documents.state import DocumentState, Lack
from corridor.ledger.accounts import place_account

_found: WeakKeyDictionary[Board, dict[LegId, Mapping[PersonId, tuple[Lack, ...]]]] = WeakKeyDictionary()


def all_lacking(board: Board, leg: LegId) -> Mapping[PersonId, tuple[Lack, ...]]:
    """Who of those still to travel lacks what for a leg; worked out once for each board, since it reads everybody."""
    kept = _found.setdefault(board, {})
    if leg not in kept:
        travelling = board.people("applications_open") | board.people("on_the_way") | board.people("staging")
        kept[leg] = lacking_for(board.everybody, travelling, leg)
    return kept[leg]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person, what they lack and what was reported missing."""

    person: PersonId
    lacks: tuple[Lack, ...]
    missing: tuple[str, ...]
    citizenship: str
    party: str
    where: str
    names: tuple[str, ...] = ()


def ruled_legs(board: Board) -> list[tuple[LegId, str]]:
    """The legs that ask for a paper, by the names of their ends."""
    ruled = {rule.for_leg for rule in board.operation.paper_rules}
    return [(LegId(leg), name) for leg, name in legs() if leg in ruled]


def _columns() -> tuple[Column, ...]:
    here = "hq/desks/documents/"
    return (
        Column(name="who", title=lambda: _("Person"), template=here + "_who_cell.html"),
        Column(name="lacks", title=lambda: _("Lacks"), template=here + "_lacks.html"),
        Column(
            name="citizenship",
            title=lambda: _("Citizenship"),
            value=lambda row: row.citizenship or "–",
            sort=lambda row: row.citizenship,
        ),
        Column(name="party", title=lambda: _("Party"), value=lambda row: row.party or "–", sort=lambda row: row.party),
        Column(name="where", title=lambda: _("Where"), value=lambda row: row.where, sort=lambda row: row.where),
    )


@require_safe
@live
def lacking(request: HttpRequest) -> HttpResponse:
    """`leg` chooses the leg, `whom` all or here."""
    board = served().board_now()
    offered = ruled_legs(board)
    leg = next((one for one, name in offered if one == request.GET.get("leg")), offered[0][0] if offered else None)
    whom = "all" if request.GET.get("whom") == "all" else "here"
    people: Mapping[PersonId, tuple[Lack, ...]] = {} if leg is None else all_lacking(board, leg)
    here = frozenset() if leg is None else frozenset(board.view.people(place_account(board.operation.leg(leg).source)))
    rows = [_row(board, person, lack) for person, lack in people.items() if whom == "all" or person in here]
    table = cut(request, "lacking", _columns(), rows, by="party", per_page=50)
    names = read_names(request, served(), board, [row.person for row in table.rows], why="papers lacking")
    language = get_language() or "en"
    facts = {
        "part": "lacking",
        "table": table.with_rows([replace(row, names=names.get(row.person, ())) for row in table.rows]),
        "legs": offered,
        "leg": leg,
        "whom": whom,
        "here": sum(person in here for person in people),
        "all": len(people),
        "asks": [name_in(rule.names, language) for rule in board.operation.paper_rules if rule.for_leg == leg],
        "any_of": [paper for rule in board.operation.paper_rules if rule.for_leg == leg for paper in rule.any_of],
        "tag": tag_of(request),
    }
    return show(request, "hq/desks/documents/lacking.html", facts, part="hq/desks/documents/_lacking.html")


def _row(board: Board, person: PersonId, lacks: tuple[Lack, ...]) -> Row:
    state = board.everybody.register[person]
    return Row(
        person=person,
        lacks=lacks,
        missing=board.everybody.documents.get(person, DocumentState()).missing,
        citizenship=next(iter(state.citizenships), ""),
        party=state.party or "",
        where=where_is(board, board.view.account_of(person), get_language() or "en"),
    )
