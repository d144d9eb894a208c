"""The first page of the desk: look for the person before anybody is created."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from corridor.hq.access.rights import may_give
from corridor.hq.desks.desk import show
from corridor.hq.desks.register.finding import bad_code
from corridor.hq.desks.register.finding import search as find
from corridor.hq.desks.register.waiting import counts
from corridor.hq.served import served
from corridor.journey.register.orders import Register


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Who is found; `with` keeps the person for whose party somebody is looked for."""
    board, text = served().board_now(), request.GET.get("q", "")
    found = find(request, board, text)
    joining = request.GET.get("with", "")
    if len(found) == 1 and text.strip().casefold() == found[0].person and not joining:
        return redirect("register-person", found[0].person)
    facts = {
        "part": "search",
        "q": text,
        "found": found,
        "joining": joining if joining in board.everybody.register else "",
        "bad_code": bad_code(text),
        "may_create": may_give(request.user, Register),
        "counts": counts(board),
    }
    return show(request, "hq/desks/register/search.html", facts)
