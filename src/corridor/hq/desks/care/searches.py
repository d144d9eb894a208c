"""The missing: open searches by age, and losses of a relative for whom nobody searches though the family agreed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.hq.access.rights import may_give, needs
from corridor.hq.desks.care.people import Someone, everyone
from corridor.hq.desks.care.queue import tabs_of
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.care.findings import NOT_TRACED
from corridor.journey.care.rules import CloseTracing
from corridor.journey.care.state import Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search of a family's; `tracing` None: a relative is missed and nobody searches yet."""

    person: PersonId
    tracing: Tracing | None
    since: Moment
    minutes: int
    someone: Someone | None = None

    @property
    def state(self) -> str:
        """Open, not begun, or what came of it."""
        if self.tracing is None:
            return "not_begun"
        return self.tracing.outcome or "open"


COLUMNS = (
    Column(name="person", title=lambda: _("Who searches"), template="hq/desks/care/_cell_flyer.html"),
    Column(
        name="state", title=lambda: _("State"), template="hq/desks/care/_cell_search.html", sort=lambda one: one.state
    ),
    Column(
        name="since",
        title=lambda: _("Since"),
        template="hq/desks/care/_cell_since.html",
        sort=lambda one: one.since,
    ),
    Column(name="where", title=lambda: _("Where"), value=lambda one: one.someone.where),
    Column(
        name="number",
        title=lambda: _("Search"),
        value=lambda one: one.tracing.tracing if one.tracing is not None else "–",
        shown=False,
    ),
    Column(name="does", title=lambda: _("Do"), template="hq/desks/care/_cell_search_does.html"),
)


@require_safe
@needs("support")
@live
def page(request: HttpRequest) -> HttpResponse:
    """Open searches and those not begun; the ones that are over when asked for."""
    board = served().board_now()
    over = request.GET.get("with") == "over"
    rows = _over(board) if over else [*_not_begun(board), *_open(board)]
    extra = {"zone": board.operation.as_of_zone, "writes": may_give(request.user, CloseTracing)}
    table = cut(request, "care-searches", COLUMNS, rows, extra=extra)
    people = everyone(request, board, [row.person for row in table.rows], why="searches")
    facts = {
        "table": table.with_rows([dataclasses.replace(row, someone=people[row.person]) for row in table.rows]),
        "over": over,
        "tag": tag_of(request),
        "zone": board.operation.as_of_zone,
        "part": "searches",
        "outcomes": word,
        **tabs_of(request, board),
    }
    return show(request, "hq/desks/care/searches.html", facts, part="hq/desks/care/_searches.html")


def _search(board: Board, person: PersonId, tracing: Tracing | None, since: Moment) -> Search:
    return Search(person=person, tracing=tracing, since=since, minutes=(board.at - since) // MINUTE_MS)


def _open(board: Board) -> list[Search]:
    return [_search(board, person, one, one.opened_at) for person, one in board.everybody.searches]


def _not_begun(board: Board) -> list[Search]:
    """Whom care's own finding names: agreed to a search that nobody opened."""
    found = []
    for finding in board.findings():
        if finding.code == NOT_TRACED.code:
            for person in finding.persons:
                losses = board.everybody.care[person].losses
                since = min(one.at for one in losses if one.loss == "relative_missing")
                found.append(_search(board, person, None, since))
    return sorted(found, key=lambda one: one.since)


def _over(board: Board) -> list[Search]:
    """Every search that was closed, the last first; looks at everybody care ever saw, only when asked for."""
    found = [
        _search(board, person, one, one.closed_at)
        for person, state in board.everybody.care.items()
        for one in state.tracings
        if one.closed_at is not None
    ]
    return sorted(found, key=lambda one: -one.since)
