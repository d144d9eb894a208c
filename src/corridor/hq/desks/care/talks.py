"""Whom a psychologist talks to next: the queue of psychological first aid, without what medics found."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.moments import MINUTE_MS
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import needs
from corridor.hq.desks.care.people import Someone, everyone
from corridor.hq.desks.care.queue import tabs_of, talks_now
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.register.finding import search as find
from corridor.hq.desks.table import Column, cut
from corridor.hq.pages.page import FRAGMENT_HEADER
from corridor.hq.served import served
from corridor.journey.care.support import REASONS, Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One to be talked to; `someone` None until the names of the shown rows are read."""

    talk: Talk
    turn: int
    minutes: int
    someone: Someone | None = None


def reasons() -> dict[str, str]:
    """Why somebody should be talked to, in the reader's language."""
    return {
        "hold": _("held until somebody talked to them"),
        "refer": _("referred after a talk"),
        "loss": _("reported a loss"),
        "encounter": _("a medic asked for it"),
        "follow_up": _("a talk to go on with"),
    }


COLUMNS = (
    Column(name="person", title=lambda: _("Person"), template="hq/desks/care/_cell_talk.html"),
    Column(
        name="reason",
        title=lambda: _("Why"),
        value=lambda row: reasons()[row.talk.reason],
        sort=lambda row: REASONS.index(row.talk.reason),
    ),
    Column(
        name="waiting",
        title=lambda: _("Waiting"),
        template="hq/desks/care/_cell_talk_since.html",
        sort=lambda row: row.minutes,
    ),
    Column(name="age", title=lambda: _("Age"), template="hq/desks/care/_cell_age.html"),
    Column(name="where", title=lambda: _("Where"), value=lambda row: row.someone.where),
    Column(name="needs", title=lambda: _("Needs"), template="hq/desks/care/_cell_needs.html"),
)


@require_safe
@needs("support")
@live
def page(request: HttpRequest) -> HttpResponse:
    """The queue of talks, and the way to anybody by number, code, name or party."""
    board = served().board_now()
    asked = request.GET.get("person", "").strip()
    if asked.casefold() in board.everybody.register:
        return redirect("care-person", asked.casefold())
    found = [] if request.headers.get(FRAGMENT_HEADER) else find(request, board, asked)
    if len(found) == 1 and not isinstance(served().read_code(asked), Refusal):
        return redirect("care-person", found[0].person)
    rows = [
        Row(talk=one, turn=turn, minutes=max(0, board.at - one.since) // MINUTE_MS)
        for turn, one in enumerate(talks_now(board), start=1)
    ]
    table = cut(request, "care-talks", COLUMNS, rows, extra={"zone": board.operation.as_of_zone})
    people = everyone(request, board, [row.talk.person for row in table.rows], why="talks")
    facts = {
        "table": table.with_rows([dataclasses.replace(row, someone=people[row.talk.person]) for row in table.rows]),
        "asked_person": asked,
        "found": found,
        "tag": tag_of(request),
        "zone": board.operation.as_of_zone,
        "part": "talks",
        **tabs_of(request, board),
    }
    return show(request, "hq/desks/care/talks.html", facts, part="hq/desks/care/_talks.html")
