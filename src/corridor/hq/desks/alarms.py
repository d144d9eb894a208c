"""What needs somebody now, for the top of the home page: each alarm with a number, and where to see to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from corridor.base.moments import HOUR_MS
from corridor.hq.access.agreeing import all_waiting
from corridor.hq.access.rights import Field, may, may_enter, needs
from corridor.hq.desks.desk import desks, show
from corridor.hq.desks.live import live
from corridor.hq.pages import clocks as clock
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.cross.findings import PARTY_SPLIT
from corridor.journey.documents.findings import PERMIT_BREACHED
from corridor.journey.move.findings import GROUP_APART as PARTY_APART
from corridor.journey.reconcile.facts import board_roll_calls
from corridor.journey.reconcile.open import OpenDiscrepancy, open_discrepancies
from corridor.journey.reconcile.rules import SIGNED

PERMIT_ENDS_WITHIN_MS = 12 * HOUR_MS
"""A permit that ends within half a day cannot wait for tomorrow's convoy."""

SPLITS = (PARTY_SPLIT.code, PARTY_APART.code)


@require_safe
@needs("figures")
@live
def page(request: HttpRequest) -> HttpResponse:
    """The alarms at the clocks asked for: a region of the home page, and a page of its own without scripts."""
    _clocks, board, is_now = asked_for(request)
    facts = {"alarms": alarms(request.user, board, now=is_now), "quiet": is_now and may(request.user, "persons")}
    return show(request, "hq/desks/alarms.html", facts, part="hq/desks/_alarms.html")


def asked_for(request: HttpRequest) -> tuple[clock.Clocks, Board, bool]:
    """The clocks that a region of the home page is asked for, their board, and whether that is headquarters' now."""
    headquarters = served()
    zone = headquarters.operation.as_of_zone
    clocks = clock.read(request.GET, now=headquarters.now(), unless_at=headquarters.default_at(), zone=zone)
    is_now = (
        clocks.word == "now" and "at" not in request.GET and headquarters.default_at() > headquarters.now() - HOUR_MS
    )
    board = headquarters.board_now() if is_now else headquarters.board(clocks.at, clocks.known)
    return clocks, board, is_now


@dataclass(frozen=True, slots=True)
class Alarm:
    """So many of something that somebody must see to; `address` '' when the reader may not open where that is done."""

    code: str
    count: int
    says: str
    address: str


def alarms(user: Any, board: Board, *, now: bool) -> list[Alarm]:
    """The alarms of a board that this reader may know of, none with nothing behind it.

    `now` says that the board is headquarters' now: only then do links lead to desks, which show now and no other time.
    """
    red = [one for one in open_discrepancies(board) if one.explained is None]
    found = _counted(board, red) | {"accounts": len(all_waiting()) if now and may(user, "users") else 0}
    found["versions"] = len(served().opened.versions(board.known).stopped())
    return [
        Alarm(code, found[code], says, _address(user, code) if now else "")
        for code, says in _said(found).items()
        if found[code] and may(user, _FIELD[code])
    ]


def _said(found: dict[str, int]) -> dict[str, str]:
    """Each alarm in words, for its number."""
    return {
        "clocks": ngettext(
            "permit ends within 12 hours or has ended", "permits end within 12 hours or have ended", found["clocks"]
        ),
        "holds": ngettext("person on hold", "people on hold", found["holds"]),
        "splits": ngettext("party split", "parties split", found["splits"]),
        "exceptions": ngettext(
            "crossing against a list, unsigned", "crossings against a list, unsigned", found["exceptions"]
        ),
        "discrepancies": ngettext("discrepancy open", "discrepancies open", found["discrepancies"]),
        "roll_calls": ngettext(
            "roll call overdue or unexplained", "roll calls overdue or unexplained", found["roll_calls"]
        ),
        "accounts": ngettext(
            "account changed by one person, not looked at by another",
            "accounts changed by one person, not looked at by another",
            found["accounts"],
        ),
        "versions": ngettext(
            "version of the operation file that people are in the way of",
            "versions of the operation file that people are in the way of",
            found["versions"],
        ),
    }


_FIELD: dict[str, Field] = {
    "clocks": "papers",
    "holds": "hold_until",
    "splits": "persons",
    "exceptions": "gates",
    "discrepancies": "discrepancies",
    "roll_calls": "discrepancies",
    "accounts": "users",
    "versions": "users",
}
"""What a reader must be allowed to read for each alarm."""

_WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "clocks": (("documents", ""), ("reconcile", f"?code={PERMIT_BREACHED.code}")),
    "holds": (("care", ""),),
    "splits": (("reconcile", f"?code={','.join(SPLITS)}"),),
    "exceptions": (("cross", ""), ("reconcile", f"?code={','.join(SIGNED)}")),
    "discrepancies": (("reconcile", ""),),
    "roll_calls": (("reconcile-roll-calls", ""),),
    "accounts": (("operation-users", ""),),
    "versions": (("operation-file", ""),),
}
"""Where each alarm is seen to: the first of these desks that there is and that the reader may open."""


def _address(user: Any, code: str) -> str:
    there = {desk.stage for desk in desks()}
    for page, query in _WAYS[code]:
        desk = page.partition("-")[0]
        if desk in there and may_enter(user, desk):
            return reverse(page) + query
    return ""


def _counted(board: Board, red: list[OpenDiscrepancy]) -> dict[str, int]:
    codes = [one.code for one in red]
    return {
        "clocks": sum(1 for _person in _clocks(board)),
        "holds": len({person for person, _hold in board.everybody.holds}),
        "splits": sum(code in SPLITS for code in codes),
        "exceptions": sum(code in SIGNED for code in codes),
        "discrepancies": len(codes),
        "roll_calls": sum(1 for one in board_roll_calls(board) if one.red),
    }


def _clocks(board: Board) -> Iterator[str]:
    """People with a permit that runs and ends soon, or ended with them still there."""
    until = board.at + PERMIT_ENDS_WITHIN_MS
    for person, state in board.everybody.permits_running.items():
        if any(stay.ended_at is None and stay.ends_at <= until for stay in state.stays):
            yield person
