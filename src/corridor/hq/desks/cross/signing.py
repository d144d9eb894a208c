"""Crossings that no list allowed: what stands against each, and a second person's signature, never the recorder's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.ids import EventId, PersonId, parse_event_id
from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_names
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.cross.gate_day import exceptions
from corridor.hq.desks.cross.gates import frame
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm, Text, places
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.cross.rules import SignException
from corridor.journey.cross.state import Crossing

SHOWN_MAX = 50
"""Exceptions and signatures on the page; the heading has the whole number."""


class SignForm(OrderForm):
    """Why somebody answers for the crossing."""

    why = Text()


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest) -> HttpResponse:
    """The exceptions that wait for a signature, and those signed; a POST signs one."""
    form = SignForm(request.POST or None, auto_id=False)
    about = request.POST.get("crossing", "")
    if request.method == "POST" and form.is_valid():
        try:
            crossing = parse_event_id(about)
        except ValueError:
            raise BadRequest("the crossing cannot be read") from None
        order = SignException(by=door.by(request), crossing=crossing, why=form.cleaned_data["why"])
        given = door.give(request, order)
        if not isinstance(given, Refusal):
            messages.success(request, _("Signed."))
            return redirect("cross-exceptions")
        form.refuse(given)
    board = served().board_now()
    facts = {
        **frame(board),
        "form": form,
        "waiting": _waiting(request, board),
        "signed": _signed(request, board),
        "may_sign": may_give(request.user, SignException),
    }
    return show(request, "hq/desks/cross/exceptions.html", facts, status=409 if form.refusal else 200)


def _crossings(board: Board) -> dict[EventId, tuple[Crossing, list[PersonId]]]:
    """Every crossing with its people."""
    found: dict[EventId, tuple[Crossing, list[PersonId]]] = {}
    for person, state in sorted(board.everybody.cross.items()):
        for crossing in state.crossings:
            found.setdefault(crossing.event, (crossing, []))[1].append(person)
    return found


def _waiting(request: HttpRequest, board: Board) -> list[dict[str, Any]]:
    """What waits for a signature, the oldest first."""
    crossings, me, names = _crossings(board), door.by(request), dict(places())
    shown = exceptions(board)[:SHOWN_MAX]
    persons = sorted({person for one in shown for person in one.persons})
    called = read_names(request, served(), board, persons, why="cross desk: exceptions")
    lines = []
    for one in shown:
        event = one.data["crossing"]
        assert isinstance(event, EventId), "a finding about a crossing names its record"
        crossing, _people = crossings[event]
        lines.append(
            {
                "crossing": crossing,
                "id": str(event),
                "code": one.code,
                "gate": names.get(crossing.gate, crossing.gate),
                "people": [(person, called.get(person, ())) for person in one.persons],
                "own": crossing.by == me,
            }
        )
    return lines


def _signed(request: HttpRequest, board: Board) -> list[dict[str, Any]]:
    """The last crossings signed for, the newest first."""
    found = [one for one in _crossings(board).values() if one[0].signed]
    found.sort(key=lambda one: -max(signature.at for signature in one[0].signatures))
    shown = found[:SHOWN_MAX]
    persons = sorted({person for _crossing, people in shown for person in people})
    called = read_names(request, served(), board, persons, why="cross desk: exceptions signed")
    names = dict(places())
    return [
        {
            "crossing": crossing,
            "gate": names.get(crossing.gate, crossing.gate),
            "people": [(person, called.get(person, ())) for person in people],
            "signature": next(one for one in crossing.signatures if one.by != crossing.by),
        }
        for crossing, people in shown
    ]
