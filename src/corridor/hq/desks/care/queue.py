"""Who is seen next: everybody who waits at care's places, by colour, age and how long they have waited."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import AccountId, PersonId
from corridor.base.moments import MINUTE_MS
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may, may_hold
from corridor.hq.desks.care.people import Someone, everyone
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.register.finding import search as find
from corridor.hq.desks.table import Column, cut
from corridor.hq.pages.page import FRAGMENT_HEADER
from corridor.hq.pages.people import where_is
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.care.queue import Waiting
from corridor.journey.care.state import Hold
from corridor.journey.care.support import Talk, talks

COLOURS = ("red", "yellow", "none", "green", "black")
"""The filter's words in the order of the queue; `none`: not triaged yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One who waits; `someone` None until the names of the shown rows are read."""

    waiting: Waiting
    turn: int
    minutes: int
    where: str
    someone: Someone | None = None


COLUMNS = (
    Column(
        name="person",
        title=lambda: _("Person"),
        template="hq/desks/care/_cell_person.html",
        sort=lambda row: row.turn,
    ),
    Column(
        name="colour",
        title=lambda: _("Colour"),
        template="hq/desks/care/_cell_colour.html",
        sort=lambda row: row.turn,
    ),
    Column(
        name="waiting",
        title=lambda: _("Waiting"),
        template="hq/desks/care/_cell_waiting.html",
        sort=lambda row: row.minutes,
    ),
    Column(name="age", title=lambda: _("Age"), template="hq/desks/care/_cell_age.html"),
    Column(name="where", title=lambda: _("Where"), value=lambda row: row.where, sort=lambda row: row.where),
    Column(name="needs", title=lambda: _("Needs"), template="hq/desks/care/_cell_needs.html"),
    Column(
        name="party",
        title=lambda: _("Party"),
        value=lambda row: row.someone.register.party or "–",
        shown=False,
    ),
)


@require_safe
@live
def page(request: HttpRequest) -> HttpResponse:
    """The queue, and the way to anybody by number, code, name or party."""
    if not may(request.user, "care"):
        return redirect("care-talks")
    board = served().board_now()
    asked = request.GET.get("person", "").strip()
    if asked.casefold() in board.everybody.register:
        return redirect("care-person", asked.casefold())
    # The live queue asks by the same address: names are looked for, and that logged, only when somebody searches.
    found = [] if request.headers.get(FRAGMENT_HEADER) else find(request, board, asked)
    if len(found) == 1 and not isinstance(served().read_code(asked), Refusal):
        return redirect("care-person", found[0].person)
    account, colour = request.GET.get("where", ""), request.GET.get("colour", "")
    here = waiting_at(board, account)
    language = get_language() or "en"
    places = {one: name for one, name, _number in _wheres(board, language)}
    where = {person: places[one] for one in places for person in board.everybody.cared_for[AccountId(one)]}
    rows = [
        Row(
            waiting=one,
            turn=number,
            minutes=max(0, board.at - one.since) // MINUTE_MS,
            where=where[one.person],
        )
        for number, one in enumerate(here, start=1)
        if not colour or (one.colour or "none") == colour
    ]
    table = cut(
        request, "care-queue", COLUMNS, rows, extra={"zone": board.operation.as_of_zone, "asked_where": account}
    )
    people = everyone(request, board, [row.waiting.person for row in table.rows], why="care queue")
    shown = [
        Row(
            waiting=row.waiting, turn=row.turn, minutes=row.minutes, where=row.where, someone=people[row.waiting.person]
        )
        for row in table.rows
    ]
    facts: dict[str, Any] = {
        "table": table.with_rows(shown),
        "asked_person": asked,
        "found": found,
        "tag": tag_of(request),
        "part": "queue",
        "asked_colour": colour,
        "asked_where": account,
        "colours": _colours(here),
        "wheres": _wheres(board, language),
        "zone": board.operation.as_of_zone,
        **tabs_of(request, board),
    }
    return show(request, "hq/desks/care/queue.html", facts, part="hq/desks/care/_queue.html")


def waiting_at(board: Board, account: str) -> list[Waiting]:
    """The queue of one place or movement; of all of them when none is asked for."""
    if not account:
        return list(board.everybody.waiting)
    here = board.everybody.cared_for.get(AccountId(account), {})
    return [one for one in board.everybody.waiting if one.person in here]


def next_in_queue(board: Board, account: str, *, triaged: bool, after: PersonId) -> PersonId | None:
    """Who is seen next: of those triaged, or of those not triaged yet; None when nobody waits."""
    found = (one.person for one in waiting_at(board, account) if (one.colour is not None) == triaged)
    return next((person for person in found if person != after), None)


def tabs_of(request: HttpRequest, board: Board) -> dict[str, Any]:
    """The numbers on the parts of the desk."""
    assert may(request.user, "support"), "the desk is for care's readers only"
    holds = holds_for(request.user, board)
    return {
        "waiting_count": len(board.everybody.waiting) if may(request.user, "care") else 0,
        "talks_count": len(talks_now(board)),
        "holds_count": len(holds),
        "holds_overdue": sum(1 for _person, hold in holds if hold.review_at <= board.at),
        "searches_count": len(board.everybody.searches),
    }


def talks_now(board: Board) -> list[Talk]:
    """Who is talked to next, of those still on the road: who was received or withdrew is seen to by others."""
    asked = talks(board.everybody.could_talk, board.at)
    return [one for one in asked if not (board.view.account_of(one.person) or "").startswith("end:")]


def holds_for(user: Any, board: Board) -> list[tuple[PersonId, Hold]]:
    """The holds whose reason a reader may see."""
    return [one for one in board.everybody.holds if may_hold(user, one[1].reason)]


def _colours(here: list[Waiting]) -> list[tuple[str, str, int]]:
    counted: Counter[str] = Counter(one.colour or "none" for one in here)
    names = {colour: _("not triaged") if colour == "none" else str(word(colour)) for colour in COLOURS}
    return [(colour, names[colour], counted[colour]) for colour in COLOURS if counted[colour]]


def _wheres(board: Board, language: str) -> list[tuple[str, str, int]]:
    waiting = {one.person for one in board.everybody.waiting}
    counted = {account: len(waiting & there.keys()) for account, there in board.everybody.cared_for.items()}
    return sorted(
        (str(account), where_is(board, account, language), number) for account, number in counted.items() if number
    )
