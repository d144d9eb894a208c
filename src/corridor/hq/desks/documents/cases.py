"""Whose transit runs out: every open permit, the soonest first, with what the person lacks to leave in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from weakref import WeakKeyDictionary

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import HOUR_MS, MINUTE_MS
from corridor.base.operation import name_in
from corridor.hq.access.names import read_names
from corridor.hq.access.rights import may
from corridor.hq.desks.desk import show
from corridor.hq.desks.documents.papers import PermitCase, permit_cases
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.pages.people import where_is
from corridor.hq.served import served
from corridor.hq.templatetags.words import movement_name
from corridor.journey.board.board import Board
from corridor.journey.documents.state import DocumentState, Lack

SOON_MINUTES, LATE_MINUTES = 24 * 60, 6 * 60
"""A permit with less than a day left is amber, with less than six hours it is as urgent as one that ran out."""

BAR_HOURS = 6
Standing = Literal["over", "late", "soon", "fresh"]

_cases: WeakKeyDictionary[Board, tuple[PermitCase, ...]] = WeakKeyDictionary()


def all_cases(board: Board) -> tuple[PermitCase, ...]:
    """Every open permit; worked out once for each board, since it reads everybody's documents."""
    found = _cases.get(board)
    if found is None:
        found = _cases[board] = permit_cases(board.everybody)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One permit on the page. `minutes` are those left, below zero when it ran out; `share` of its hours is used up."""

    case: PermitCase
    person: PersonId
    minutes: int
    standing: Standing
    share: str
    party: str
    where: str
    missing: tuple[str, ...]
    lacks: tuple[Lack, ...]
    movement: str
    names: tuple[str, ...] = ()

    @property
    def hours(self) -> int:
        """Whole hours left, or since it ran out."""
        return abs(self.minutes) // 60

    @property
    def rest(self) -> int:
        """Minutes beside the whole hours."""
        return abs(self.minutes) % 60


def row_of(board: Board, case: PermitCase) -> Row:
    """A permit as the page shows it."""
    minutes = (case.stay.ends_at - board.at) // MINUTE_MS
    whole = max(1, case.stay.ends_at - case.stay.starts_at)
    used = min(100, max(0, 100 * (board.at - case.stay.starts_at) / whole))
    return Row(
        case=case,
        person=case.person,
        minutes=minutes,
        standing=standing_of(minutes),
        share=f"{used:.1f}",
        party=board.everybody.register[case.person].party or "",
        where=where_is(board, board.view.account_of(case.person), get_language() or "en"),
        missing=board.everybody.documents.get(case.person, DocumentState()).missing,
        lacks=case.lacks,
        movement=_movement(board, case.person),
    )


def standing_of(minutes: int) -> Standing:
    """How urgent so many minutes left are."""
    if minutes <= 0:
        return "over"
    return "late" if minutes < LATE_MINUTES else "soon" if minutes < SOON_MINUTES else "fresh"


def _movement(board: Board, person: PersonId) -> str:
    """The next movement the person is planned on; '' when on none."""
    coming = (one for one in board.movements if one.state in ("planned", "boarding") and person in one.planned)
    return next((movement_name(one) for one in coming), "")


@dataclass(frozen=True, slots=True)
class Bar:
    """Permits that run out in one span of hours: its place and height in the drawing."""

    x: str
    top: str
    height: str
    standing: Standing
    hours: int
    number: int


def bars(cases: Sequence[PermitCase], at: int, spans: int = 13) -> list[Bar]:
    """When permits run out, a bar for every six hours ahead; the first are those already over."""
    counted: Counter[int] = Counter()
    for case in cases:
        left = case.stay.ends_at - at
        counted[0 if left <= 0 else min(1 + left // (BAR_HOURS * HOUR_MS), spans - 1)] += 1
    most, step = max(counted.values(), default=1), 100 / spans
    return [
        Bar(
            f"{span * step:.2f}",
            f"{42 - 40 * counted[span] / most:.2f}",
            f"{40 * counted[span] / most:.2f}",
            "over" if span == 0 else standing_of((span - 1) * BAR_HOURS * 60 + 1),
            (span - 1) * BAR_HOURS,
            counted[span],
        )
        for span in range(spans)
    ]


def counts(board: Board) -> dict[str, int]:
    """How many permits are open, over, ending within the day, and of people who lack a paper."""
    rows = all_cases(board)
    minutes = [(case.stay.ends_at - board.at) // MINUTE_MS for case in rows]
    return {
        "all": len(rows),
        "over": sum(one <= 0 for one in minutes),
        "soon": sum(0 < one < SOON_MINUTES for one in minutes),
        "lacking": sum(bool(case.lacks) for case in rows),
    }


def _columns() -> tuple[Column, ...]:
    here = "hq/desks/documents/"
    return (
        Column(name="who", title=lambda: _("Person"), template=here + "_who_cell.html"),
        Column(name="left", title=lambda: _("Left"), template=here + "_left.html", sort=lambda row: row.minutes),
        Column(name="ends", title=lambda: _("Runs out"), template=here + "_ends.html"),
        Column(name="lacks", title=lambda: _("Lacks"), template=here + "_lacks.html", sort=lambda row: -len(row.lacks)),
        Column(name="where", title=lambda: _("Where"), value=lambda row: row.where, sort=lambda row: row.where),
        Column(
            name="movement",
            title=lambda: _("Planned on"),
            value=lambda row: row.movement or "–",
            sort=lambda row: row.movement or None,
        ),
        Column(name="party", title=lambda: _("Party"), value=lambda row: row.party or "–", sort=lambda row: row.party),
        Column(name="permit", title=lambda: _("Permit"), value=lambda row: row.case.stay.permit, shown=False),
    )


@require_safe
@live
def cases(request: HttpRequest) -> HttpResponse:
    """The open permits; `show` is all, over, soon or lacking."""
    board, zone = served().board_now(), served().operation.as_of_zone
    asked = request.GET.get("show", "all")
    rows = [row_of(board, case) for case in all_cases(board) if _asked_for(case, board, asked)]
    table = cut(request, "permits", _columns(), rows, by="left", per_page=50, extra={"zone": zone})
    names = read_names(request, served(), board, [row.person for row in table.rows], why="permits")
    facts = {
        "part": "cases",
        "table": table.with_rows([replace(row, names=names.get(row.person, ())) for row in table.rows]),
        "show": asked,
        "counts": counts(board),
        "bars": bars(all_cases(board), board.at),
        "marks": (24, 48, 72),
        "permits": [name_in(one.names, get_language() or "en") for one in board.operation.permits],
        "may_papers": may(request.user, "papers"),
        "tag": tag_of(request),
    }
    return show(request, "hq/desks/documents/cases.html", facts, part="hq/desks/documents/_cases.html")


def _asked_for(case: PermitCase, board: Board, asked: str) -> bool:
    minutes = (case.stay.ends_at - board.at) // MINUTE_MS
    parts = {"over": minutes <= 0, "soon": 0 < minutes < SOON_MINUTES, "lacking": bool(case.lacks)}
    return parts.get(asked, True)
