"""What is in the way: hazards in force on places and legs, begun and ended here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.ids import HazardId
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.cross.gates import frame
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import form_of, legs, places
from corridor.hq.served import served
from corridor.journey.cross.hazards import Hazard
from corridor.journey.cross.rules import BeginHazard, EndHazard

ENDED_SHOWN = 20
"""Hazards that are over, on the page."""

BeginForm = form_of(
    BeginHazard,
    fields=("type", "place", "leg", "until"),
    labels={
        "type": lambda: _("What is in the way"),
        "place": lambda: _("At the place"),
        "leg": lambda: _("On the way"),
        "until": lambda: _("Expected to end"),
    },
    help_texts={"leg": lambda: _("With neither a place nor a way it is everywhere.")},
)


@require_http_methods(["GET", "HEAD", "POST"])
def hazards(request: HttpRequest) -> HttpResponse:
    """The hazards; a POST begins one or ends one."""
    ends = request.POST.get("does") == "end"
    form = BeginForm(None if ends else request.POST or None)
    if request.method == "POST":
        given: Any = None
        if ends:
            given = door.give(request, EndHazard(by=door.by(request), hazard=HazardId(request.POST.get("hazard", ""))))
        elif form.is_valid():
            given = door.give(request, form.order(by=door.by(request), hazard=HazardId(door.fresh_id("hz"))))
        if given is not None and not isinstance(given, Refusal):
            messages.success(request, _("The hazard is over.") if ends else _("The hazard is recorded."))
            return redirect("cross-hazards")
        if given is not None:
            form.refuse(given)
    board = served().board_now()
    known = board.everybody.ways.hazards
    over = [one for one in known if one.span.until is not None and one.span.until <= board.at]
    facts = {
        **frame(board),
        "form": form,
        "now_in_force": [_line(one) for one in board.hazards],
        "over": [_line(one) for one in reversed(over[-ENDED_SHOWN:])],
        "may_begin": may_give(request.user, BeginHazard),
    }
    return show(request, "hq/desks/cross/hazards.html", facts, status=409 if form.refusal else 200)


def _line(hazard: Hazard) -> dict[str, Any]:
    where = dict(places()).get(hazard.place or "") or dict(legs()).get(hazard.leg or "") or _("everywhere")
    return {"hazard": hazard, "where": where}
