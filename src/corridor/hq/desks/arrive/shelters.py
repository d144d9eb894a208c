"""How full the shelters are, drawn, and who stays in one of them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.hq.access.names import own_people
from corridor.hq.desks.arrive.overview import rooms, tabs_of
from corridor.hq.desks.arrive.people import Guest, guests
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.served import served
from corridor.journey.arrive.state import Stay
from corridor.journey.board.board import Board


@dataclass(frozen=True, slots=True, kw_only=True)
class Staying:
    """Somebody who stays at the shelter; `overdue`: the stay was to end."""

    person: PersonId
    stay: Stay
    party: str
    overdue: bool
    guest: Guest | None = None


COLUMNS = (
    Column(name="person", title=lambda: _("Person"), template="hq/desks/arrive/_cell_guest.html"),
    Column(
        name="room", title=lambda: _("Room"), value=lambda one: one.stay.room or "–", sort=lambda one: one.stay.room
    ),
    Column(name="party", title=lambda: _("Party"), value=lambda one: one.party or "–", sort=lambda one: one.party),
    Column(
        name="since",
        title=lambda: _("Since"),
        template="hq/desks/arrive/_cell_stay_since.html",
        sort=lambda one: one.stay.began_at,
        kind="time",
    ),
    Column(
        name="until",
        title=lambda: _("Until"),
        template="hq/desks/arrive/_cell_stay_until.html",
        sort=lambda one: one.stay.until,
        kind="time",
    ),
    Column(name="needs", title=lambda: _("Needs"), template="hq/desks/arrive/_cell_needs.html"),
)


@require_safe
@live
def page(request: HttpRequest) -> HttpResponse:
    """Every shelter; the people of the one asked for."""
    board = served().board_now()
    known = rooms(board)
    asked = request.GET.get("shelter", "")
    chosen = next((one for one in known if one["place"] == asked), None)
    rows = staying(board, asked) if chosen is not None else []
    mine = own_people(request.user, board, frozenset(row.person for row in rows))
    rows = [row for row in rows if row.person in mine]
    table = cut(request, "arrive-shelter", COLUMNS, rows, by="room", extra={"zone": board.operation.as_of_zone})
    people = guests(request, board, [row.person for row in table.rows], why="shelter") if rows else {}
    facts: dict[str, Any] = {
        "shelters": known,
        "chosen": chosen,
        "table": table.with_rows([dataclasses.replace(row, guest=people[row.person]) for row in table.rows]),
        "tag": tag_of(request),
        "zone": board.operation.as_of_zone,
        "part": "shelters",
        **tabs_of(board),
    }
    return show(request, "hq/desks/arrive/shelters.html", facts, part="hq/desks/arrive/_shelters.html")


def staying(board: Board, shelter: str) -> list[Staying]:
    """Who stays at a shelter now."""
    register = board.everybody.register
    return [
        Staying(
            person=person,
            stay=stay,
            party=register[person].party or "" if person in register else "",
            overdue=stay.until is not None and stay.until <= board.at,
        )
        for person, stay in board.everybody.stays.get(shelter, ())  # type: ignore[call-overload]
        if stay.ended_at is None
    ]
