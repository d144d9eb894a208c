"""The first page of the reception: what lands next, who is to be received, how full shelters are, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from corridor.base.refusal import Refusal
from corridor.hq.desks.arrive.people import place_name, to_receive
from corridor.hq.desks.desk import show
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.register.finding import search as find
from corridor.hq.pages.page import FRAGMENT_HEADER
from corridor.hq.served import served
from corridor.hq.templatetags.words import movement_name
from corridor.journey.arrive.landings import Landing
from corridor.journey.board.board import Board

LANDED_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A movement home on the page: how many are on it, and of those how many are received, landed and to come."""

    landing: Landing
    name: str
    place: str
    persons: int
    received: int

    @property
    def left(self) -> int:
        """How many are still to be received."""
        return self.persons - self.received

    @property
    def share(self) -> float:
        """The received in hundredths of everybody on it."""
        return 100 * self.received / self.persons if self.persons else 0


@require_safe
@live
def page(request: HttpRequest) -> HttpResponse:
    """The overview, and the way to anybody by number, code, name or party."""
    board = served().board_now()
    asked = request.GET.get("person", "").strip()
    if asked.casefold() in board.everybody.register:
        return redirect("arrive-person", asked.casefold())
    # The live part asks by the same address: names are looked for, and that logged, only when somebody searches.
    people = [] if request.headers.get(FRAGMENT_HEADER) else find(request, board, asked)
    if len(people) == 1 and not isinstance(served().read_code(asked), Refusal):
        return redirect("arrive-person", people[0].person)
    found = [coming(board, one) for one in board.everybody.landings]
    landed = [one for one in found if one.landing.landed]
    facts: dict[str, Any] = {
        "asked_person": asked,
        "found": people,
        "coming": [one for one in found if not one.landing.landed],
        "landed": [one for one in landed if one.left] + [one for one in landed if not one.left][:LANDED_SHOWN],
        "to_receive": len(to_receive(board)),
        "received": len(board.people("received")),
        "received_day": len(board.people("received_day")),
        "shelters": rooms(board),
        "tag": tag_of(request),
        "zone": board.operation.as_of_zone,
        "part": "overview",
        **tabs_of(board),
    }
    return show(request, "hq/desks/arrive/overview.html", facts, part="hq/desks/arrive/_overview.html")


def coming(board: Board, landing: Landing) -> Coming:
    """A landing with its numbers."""
    home = board.people("received") | board.people("handed_over")
    return Coming(
        landing=landing,
        name=movement_name(landing.movement),
        place=place_name(board, landing.place),
        persons=len(landing.persons),
        received=sum(1 for person in landing.persons if person in home),
    )


def rooms(board: Board) -> list[dict[str, Any]]:
    """Every shelter with what is taken and free; `share` in hundredths, None where the beds are not known."""
    found = []
    for one in board.everybody.shelters.values():
        share = None if not one.beds else min(100.0, 100 * len(one.staying) / one.beds)
        found.append(
            {
                "place": one.place,
                "name": place_name(board, one.place),
                "beds": one.beds,
                "staying": len(one.staying),
                "free": one.free,
                "share": share,
                "full": one.free is not None and one.free <= 0,
            }
        )
    return found


def tabs_of(board: Board) -> dict[str, Any]:
    """The numbers on the parts of the desk."""
    open_ = [one for _person, one in board.everybody.follow_ups if one.done_at is None]
    return {
        "open_count": len(open_),
        "overdue_count": sum(1 for one in open_ if one.due_at <= board.at),
        "unsigned_count": sum(1 for _person, one in board.everybody.handovers if one.receipted_by is None),
        "full_count": sum(1 for one in board.everybody.shelters.values() if one.free is not None and one.free < 0),
    }
