"""Every hold that binds now, the first to be reviewed first, the overdue in red."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import MINUTE_MS
from corridor.hq.access.rights import may_give
from corridor.hq.desks.care.people import Someone, everyone
from corridor.hq.desks.care.queue import holds_for, tabs_of
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.hq.working import working
from corridor.journey.care.rules import ReviewHold
from corridor.journey.care.state import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One hold of one person; `minutes` until its review, below zero when it is overdue."""

    person: PersonId
    hold: Hold
    owner: str
    minutes: int
    someone: Someone | None = None

    @property
    def overdue(self) -> bool:
        """Whether somebody should have looked again."""
        return self.minutes <= 0

    @property
    def late_minutes(self) -> int:
        """How long ago it should have been reviewed."""
        return -self.minutes


COLUMNS = (
    Column(name="person", title=lambda: _("Person"), template="hq/desks/care/_cell_flyer.html"),
    Column(
        name="review",
        title=lambda: _("Review at"),
        template="hq/desks/care/_cell_review.html",
        sort=lambda one: one.hold.review_at,
    ),
    Column(
        name="reason",
        title=lambda: _("Reason"),
        value=lambda one: word(one.hold.reason),
        sort=lambda one: one.hold.reason,
    ),
    Column(name="instruction", title=lambda: _("What others must do"), value=lambda one: one.hold.instruction),
    Column(name="owner", title=lambda: _("Who reviews it"), value=lambda one: one.owner, sort=lambda one: one.owner),
    Column(name="where", title=lambda: _("Where"), value=lambda one: one.someone.where),
    Column(name="does", title=lambda: _("Do"), template="hq/desks/care/_cell_hold_does.html"),
)


@require_safe
@live
def page(request: HttpRequest) -> HttpResponse:
    """The holds."""
    board = served().board_now()
    names = working(board.operation)
    held = [
        Held(
            person=person,
            hold=hold,
            owner=names[hold.owner].name if hold.owner in names else hold.owner,
            minutes=-((board.at - hold.review_at) // MINUTE_MS),
        )
        for person, hold in holds_for(request.user, board)
    ]
    extra = {"zone": board.operation.as_of_zone, "writes": may_give(request.user, ReviewHold)}
    table = cut(request, "care-holds", COLUMNS, held, extra=extra)
    people = everyone(request, board, [row.person for row in table.rows], why="holds")
    facts = {
        "table": table.with_rows([dataclasses.replace(row, someone=people[row.person]) for row in table.rows]),
        "tag": tag_of(request),
        "zone": board.operation.as_of_zone,
        "part": "holds",
        **tabs_of(request, board),
    }
    return show(request, "hq/desks/care/holds.html", facts, part="hq/desks/care/_table_part.html")
