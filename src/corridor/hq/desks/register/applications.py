"""The queue of applications, the oldest first, and who withdrew and may be offered the journey again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from weakref import WeakKeyDictionary

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import DAY_MS, HOUR_MS, Moment
from corridor.base.operation import Need
from corridor.hq.access.names import read_names
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.register.finding import parties
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.register.events import MINORS
from corridor.journey.register.state import RegisterState

SOON_HOURS, LATE_HOURS = 72, 168
"""From three days an application is amber, from a week it is late: what a duty room aims at, not a rule of the law."""

Lacking = Literal["no_name", "no_contact", "not_reached", "no_adult"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The open people of one party, waiting since `since`. `lacking` says what the desk can still complete."""

    key: str
    head: PersonId
    people: tuple[PersonId, ...]
    minors: int
    since: Moment
    age_hours: int
    standing: Literal["fresh", "soon", "late"]
    channel: str | None
    application: str | None
    needs: tuple[Need, ...]
    lacking: tuple[Lacking, ...]
    reoffered: bool
    names: tuple[str, ...] = ()

    @property
    def age_days(self) -> int:
        """Whole days of waiting."""
        return self.age_hours // 24


_queues: WeakKeyDictionary[Board, tuple[Application, ...]] = WeakKeyDictionary()


def queue(board: Board) -> tuple[Application, ...]:
    """Every open application, the oldest first; reads everybody who is open, so it is kept with the board."""
    found = _queues.get(board)
    if found is None:
        grouped: dict[str, list[PersonId]] = {}
        for person in board.people("applications_open"):
            party = board.everybody.register[person].party
            grouped.setdefault(party if party is not None else person, []).append(person)
        made = (_application(board, key, sorted(people)) for key, people in grouped.items())
        found = _queues[board] = tuple(sorted(made, key=lambda one: (one.since, one.key)))
    return found


def counts(board: Board) -> dict[str, int]:
    """How many applications wait, by standing."""
    counted = Counter(one.standing for one in queue(board))
    return {"all": len(queue(board)), "fresh": counted["fresh"], "soon": counted["soon"], "late": counted["late"]}


def _application(board: Board, key: str, people: Sequence[PersonId]) -> Application:
    register = board.everybody.register
    states = [register[person] for person in people]
    since = min(_since(board, person) for person in people)
    hours = (board.at - since) // HOUR_MS
    head = next((person for person in people if register[person].party_role == "head"), _eldest(people, register))
    return Application(
        key=key,
        head=head,
        people=tuple(people),
        minors=sum(state.age_band in MINORS for state in states),
        since=since,
        age_hours=hours,
        standing="late" if hours >= LATE_HOURS else "soon" if hours >= SOON_HOURS else "fresh",
        channel=next((state.channel for state in states if state.channel), None),
        application=next((state.application for state in states if state.application), None),
        needs=tuple(sorted({need for state in states for need in state.needs})),
        lacking=tuple(_lacking([register[one] for one in parties(board).members.get(key, people)])),
        reoffered=any(step.change == "reoffered" for state in states for step in state.demand),
    )


def _since(board: Board, person: PersonId) -> Moment:
    """Since when a person waits: their last entering of the demand, or of the book."""
    demand = board.everybody.register[person].demand
    if demand:
        return demand[-1].at
    entered = board.view.entered_at(person)
    return board.at if entered is None else entered


def _eldest(people: Sequence[PersonId], register: Mapping[PersonId, RegisterState]) -> PersonId:
    return min(people, key=lambda person: (register[person].is_minor, person))


def _lacking(states: Sequence[RegisterState]) -> list[Lacking]:
    found: list[Lacking] = []
    if any(not state.identity_version for state in states):
        found.append("no_name")
    marks = [mark for state in states for mark in state.contacts]
    if not marks:
        found.append("no_contact")
    elif not any(mark.reachable is not False for mark in marks):
        found.append("not_reached")
    if any(state.is_minor for state in states) and not any(state.is_adult for state in states):
        found.append("no_adult")
    return found


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
            "late" if day * 24 >= LATE_HOURS else "soon" if day * 24 >= SOON_HOURS else "fresh",
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
    since = _since(board, person)
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
