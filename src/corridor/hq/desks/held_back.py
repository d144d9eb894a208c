"""What holds people back, place by place: a region of the first page, whose every number opens into its people."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.operation import name_in
from corridor.hq.access.rights import needs
from corridor.hq.desks.alarms import asked_for
from corridor.hq.desks.live import live
from corridor.hq.pages.page import page_or_fragment
from corridor.journey.board.board import Board
from corridor.journey.board.held_back import HeldBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """So many people whom one thing holds back; `share` is their part of those at the place, in percent for an SVG."""

    code: str
    says: str
    count: int
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place with what holds people back there, the most first; `free` can go on now."""

    id: str
    name: str
    standing: int
    free: int
    reasons: tuple[Reason, ...]


@require_safe
@needs("persons")
@live
def page(request: HttpRequest) -> HttpResponse:
    """The region at the clocks asked for; without scripts a page of its own."""
    clocks, board, _is_now = asked_for(request)
    zone = board.operation.as_of_zone
    facts = {"clocks": clocks, "zone": zone, "places": [_place(board, held) for held in board.held_back]}
    return page_or_fragment(request, "hq/held_back.html", "hq/_held_back.html", facts)


def _place(board: Board, held: HeldBack) -> Place:
    there = len(held.standing)
    reasons = [
        Reason(code=code, says=held_words()[code], count=len(people), share=f"{100 * len(people) / there:.2f}")
        for code, people in held.by.items()
    ]
    return Place(
        id=held.place,
        name=name_in(board.operation.place(held.place).names, get_language() or "en"),
        standing=there,
        free=len(held.free),
        reasons=tuple(sorted(reasons, key=lambda one: -one.count)),
    )


def held_words() -> dict[str, str]:
    """What each thing in the way is called, under a number of people; `free` is nothing at all."""
    return {
        "gate_closed": _("the gate is closed"),
        "hazard": _("a hazard on the way"),
        "not_cleared": _("not cleared"),
        "family_not_cleared": _("cleared, and somebody of the family is not"),
        "on_hold": _("on hold by care"),
        "not_fit": _("not fit to travel"),
        "fitness_not_decided": _("no doctor has decided yet"),
        "paper_missing": _("a paper is missing"),
        "permit_expired": _("the permit has run out"),
        "no_place": _("no place on a movement"),
        "free": _("nothing in the way"),
    }
