"""The queue of applications, the oldest first, and who withdrew and may be offered the journey again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import DAY_MS, Moment
from corridor.hq.access.names import read_names
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.register.waiting import (
    LATE_HOURS,
    SOON_HOURS,
    Application,
    counts,
    queue,
    standing_after,
    waits_since,
)
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.register.state import RegisterState


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the picture of ages: its place and height in the drawing, and how many applications are that old."""

    x: str
    top: str
    height: str
    standing: str
    days: int
    number: int


def bars(waiting: Sequence[Application], days: int = 28) -> list[Bar]:
    """How old the open applications are, a bar a day, the oldest together in the last one."""
    counted = Counter(min(one.age_hours // 24, days - 1) for one in waiting)
    most = max(counted.values(), default=1)
    step = 100 / days
    return [
        Bar(
            f"{day * step:.2f}",
            f"{42 - 40 * counted[day] / most:.2f}",
            f"{40 * counted[day] / most:.2f}",
            standing_after(24 * day),
            day,
            counted[day],
        )
        for day in range(days)
    ]


def _columns() -> tuple[Column, ...]:
    here = "hq/desks/register/"
    return (
        Column(name="who", title=lambda: _("Application"), template=here + "_applicant.html"),
        Column(name="age", title=lambda: _("Waiting"), template=here + "_age.html", sort=lambda row: row.since),
        Column(
            name="people", title=lambda: _("People"), value=lambda row: len(row.people), kind="count",
            sort=lambda row: len(row.people),
        ),
        Column(
            name="minors", title=lambda: _("Under age"), value=lambda row: row.minors, sort=lambda row: row.minors,
            kind="count",
        ),
        Column(
            name="needs", title=lambda: _("Needs"), template=here + "_needs.html", sort=lambda row: -len(row.needs)
        ),
        Column(
            name="lacking", title=lambda: _("Still to complete"), template=here + "_lacking.html",
            sort=lambda row: -len(row.lacking),
        ),
        Column(
            name="channel", title=lambda: _("Came by"), template=here + "_channel.html", sort=lambda row: row.channel
        ),
        Column(name="number", title=lambda: _("Number"), value=lambda row: row.application or "–", shown=False),
    )  # fmt: skip


@require_safe
@live
def applications(request: HttpRequest) -> HttpResponse:
    """The queue; `show` is all, late, lacking or reoffered."""
    board, zone = served().board_now(), served().operation.as_of_zone
    asked = request.GET.get("show", "all")
    waiting = queue(board)
    rows = [one for one in waiting if _asked_for(one, asked)]
    table = cut(request, "applications", _columns(), rows, by="age", per_page=50, extra={"zone": zone})
    names = read_names(request, served(), board, [row.head for row in table.rows], why="applications")
    facts: dict[str, Any] = {
        "part": "applications",
        "table": table.with_rows([replace(row, names=names.get(row.head, ())) for row in table.rows]),
        "show": asked,
        "bars": bars(waiting),
        "counts": counts(board),
        "soon_days": SOON_HOURS // 24,
        "late_days": LATE_HOURS // 24,
        "lacking_count": sum(bool(one.lacking) for one in waiting),
        "reoffered_count": sum(one.reoffered for one in waiting),
        "tag": tag_of(request),
    }
    return show(request, "hq/desks/register/applications.html", facts, part="hq/desks/register/_applications.html")


def _asked_for(one: Application, asked: str) -> bool:
    """Whether an application is in the part of the queue that somebody asked for."""
    parts = {"late": one.standing == "late", "lacking": bool(one.lacking), "reoffered": one.reoffered}
    return parts.get(asked, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Somebody who does not come, since when and why."""

    person: PersonId
    since: Moment
    days: int
    register: RegisterState
    names: tuple[str, ...] = ()


def _withdrawn(board: Board, person: PersonId) -> Withdrawn:
    since = waits_since(board, person)
    days = (board.at - since) // DAY_MS
    return Withdrawn(person=person, since=since, days=days, register=board.everybody.register[person])


@require_safe
@live
def withdrawn(request: HttpRequest) -> HttpResponse:
    """Who withdrew, the latest first; each may be offered the journey again on their page."""
    board, zone = served().board_now(), served().operation.as_of_zone
    rows = [_withdrawn(board, one) for one in sorted(board.people("withdrawn"))]
    here = "hq/desks/register/"
    columns = (
        Column(name="who", title=lambda: _("Person"), template=here + "_person_link.html"),
        Column(name="since", title=lambda: _("Since"), template=here + "_since.html", sort=lambda row: row.since),
        Column(
            name="why", title=lambda: _("Reason"), template=here + "_why.html", sort=lambda row: row.register.withdrawn
        ),
        Column(name="party", title=lambda: _("Party"), value=lambda row: row.register.party or "–"),
    )
    table = cut(request, "withdrawn", columns, rows, by="-since", per_page=50, extra={"zone": zone})
    names = read_names(request, served(), board, [row.person for row in table.rows], why="withdrawn")
    facts = {
        "part": "withdrawn",
        "table": table.with_rows([replace(row, names=names.get(row.person, ())) for row in table.rows]),
        "counts": counts(board),
        "tag": tag_of(request),
    }
    return show(request, "hq/desks/register/withdrawn.html", facts, part="hq/desks/register/_withdrawn.html")
