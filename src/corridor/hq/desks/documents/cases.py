"""Whose transit runs out: every open permit, the soonest first, with what the person lacks to leave in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
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


@dataclass(frozen=True, kw_only=True)  # without slots: of thousands only those shown are asked more than their minutes
class Row:
    """One permit on the page."""

    board: Board
    case: PermitCase
    names: tuple[str, ...] = ()

    @property
    def person(self) -> PersonId:
        """Whose it is."""
        return self.case.person

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What the person lacks for the next leg."""
        return self.case.lacks

    @property
    def minutes(self) -> int:
        """How many are left, below zero when it ran out."""
        return (self.case.stay.ends_at - self.board.at) // MINUTE_MS

    @property
    def standing(self) -> Standing:
        """How urgent that is."""
        return standing_of(self.minutes)

    @property
    def share(self) -> str:
        """How much of its hours is used up, in percent as a drawing writes it."""
        stay = self.case.stay
        whole = max(1, stay.ends_at - stay.starts_at)
        return f"{min(100, max(0, 100 * (self.board.at - stay.starts_at) / whole)):.1f}"

    @cached_property
    def party(self) -> str:
        """The person's party, '' for none."""
        return self.board.everybody.register[self.person].party or ""

    @cached_property
    def where(self) -> str:
        """Where the person is."""
        return where_is(self.board, self.board.view.account_of(self.person), get_language() or "en")

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The papers reported missing."""
        return self.board.everybody.documents.get(self.person, DocumentState()).missing

    @cached_property
    def movement(self) -> str:
        """The next movement the person is planned on; '' when on none."""
        pictures = self.board.movements
        coming = (one for one in pictures if one.state in ("planned", "boarding") and self.person in one.planned)
        return next((movement_name(one) for one in coming), "")

    @property
    def hours(self) -> int:
        """Whole hours left, or since it ran out."""
        return abs(self.minutes) // 60

    @property
    def rest(self) -> int:
        """Minutes beside the whole hours."""
        return abs(self.minutes) % 60


def standing_of(minutes: int) -> Standing:
    """How urgent so many minutes left are."""
    if minutes <= 0:
        return "over"
    return "late" if minutes < LATE_MINUTES else "soon" if minutes < SOON_MINUTES else "fresh"


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
    rows = [Row(board=board, case=case) for case in all_cases(board) if _asked_for(case, board, asked)]
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
