"""Whether a desk's page about one person answers: nobody's does, a merged id's leads to the person it is read as."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from corridor.base.ids import PersonId
from corridor.hq.access.names import own_people
from corridor.hq.served import served
from corridor.journey.board.board import Board


def led_on(request: HttpRequest, person: str) -> HttpResponse | None:
    """What is answered before a page about this person looks at them; None: the page may answer.

    A page of a merged id would be empty, without the holds of the human being whose it is. What a form sends of one
    comes through: the door says whose it is, and what was typed stays. Raises Http404 for nobody of the book, and for
    somebody whom the reader does not look after.
    """
    board = served().board_now()
    if person not in board.everybody.register:
        raise Http404(_("Nobody with this number is in the book at this time."))
    who = PersonId(person)
    if not own_people(request.user, board, frozenset((who,))):
        raise Http404(_("This person is not among those you look after."))
    return to_kept(request, board, who) if who in board.view.merged and request.method in ("GET", "HEAD") else None


def to_kept(request: HttpRequest, board: Board, person: PersonId) -> HttpResponse:
    """Go on to the same page of whom a merged id is, and say so; the clocks go along."""
    kept, page = board.view.merged[person], request.resolver_match
    assert page is not None, "a page was asked for by its address"
    said = _("%(person)s is the same person as %(kept)s, whose page this is.")
    messages.info(request, said % {"person": person, "kept": kept})
    address = reverse(page.view_name, kwargs={**page.kwargs, "person": kept})
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)
