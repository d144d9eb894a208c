"""Who must be seen again: overdue, due and done."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import MINUTE_MS
from corridor.hq.access.names import own_people
from corridor.hq.access.rights import may_give
from corridor.hq.desks.arrive.overview import tabs_of
from corridor.hq.desks.arrive.people import Guest, guests
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.arrive.rules import RecordFollowUp
from corridor.journey.arrive.state import FollowUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One follow-up; `minutes` until it is due, below zero when it is overdue."""

    person: PersonId
    follow_up: FollowUp
    minutes: int
    guest: Guest | None = None

    @property
    def state(self) -> str:
        """Done, overdue or due."""
        if self.follow_up.done_at is not None:
            return "done"
        return "overdue" if self.minutes <= 0 else "due"

    @property
    def late_minutes(self) -> int:
        """How long ago it was due."""
        return -self.minutes


STATES = ("overdue", "due", "done")

COLUMNS = (
    Column(name="person", title=lambda: _("Person"), template="hq/desks/arrive/_cell_guest.html"),
    Column(
        name="due",
        title=lambda: _("Due at"),
        template="hq/desks/arrive/_cell_due.html",
        sort=lambda one: one.follow_up.due_at,
    ),
    Column(
        name="type",
        title=lambda: _("What kind"),
        value=lambda one: word(one.follow_up.type),
        sort=lambda one: one.follow_up.type,
    ),
    Column(
        name="outcome",
        title=lambda: _("What came of it"),
        value=lambda one: word(one.follow_up.outcome) if one.follow_up.outcome else "–",
        sort=lambda one: one.follow_up.outcome,
    ),
    Column(name="where", title=lambda: _("Where"), value=lambda one: one.guest.where),
    Column(name="does", title=lambda: _("Do"), template="hq/desks/arrive/_cell_follow_up_does.html"),
)


@require_safe
@live
def page(request: HttpRequest) -> HttpResponse:
    """The follow-ups of one state; the overdue and the due together unless one is asked for."""
    board = served().board_now()
    asked = request.GET.get("state", "")
    mine = own_people(request.user, board, frozenset(person for person, _one in board.everybody.follow_ups))
    every = [
        Seen(person=person, follow_up=one, minutes=-((board.at - one.due_at) // MINUTE_MS))
        for person, one in board.everybody.follow_ups
        if person in mine
    ]
    counted = {state: sum(1 for one in every if one.state == state) for state in STATES}
    rows = [one for one in every if (one.state == asked if asked in STATES else one.state != "done")]
    extra = {"zone": board.operation.as_of_zone, "writes": may_give(request.user, RecordFollowUp)}
    table = cut(request, "arrive-follow-ups", COLUMNS, rows, extra=extra)
    people = guests(request, board, [row.person for row in table.rows], why="follow-ups")
    facts: dict[str, Any] = {
        "states": [(state, counted[state]) for state in STATES],
        "asked": asked,
        "table": table.with_rows([dataclasses.replace(row, guest=people[row.person]) for row in table.rows]),
        "tag": tag_of(request),
        "zone": board.operation.as_of_zone,
        "part": "follow-ups",
        **tabs_of(board),
    }
    return show(request, "hq/desks/arrive/follow_ups.html", facts, part="hq/desks/arrive/_follow_ups.html")
