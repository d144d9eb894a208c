"""The receipt for papers put into a person's hand: two halves of a sheet, both signed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from corridor.base.ids import PersonId
from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import name_in
from corridor.hq.access.names import read_identities
from corridor.hq.access.rights import may
from corridor.hq.desks.register.cards import pdf
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.documents.state import DocumentState, Paper, consul_of, issuer_of
from corridor.journey.register.code import code_of
from corridor.journey.register.identity import Identity, full_names
from corridor.report.printing.typesetting import qr, typeset


@require_safe
def receipt(request: HttpRequest, person: str) -> HttpResponse:
    """The PDF for the papers in hand that `paper` names, or for all of them. Printing is a reading."""
    board, who = served().board_now(), PersonId(person)
    state = board.everybody.documents.get(who, DocumentState())
    chosen = request.GET.getlist("paper")
    papers = [one for one in state.papers if one.standing == "in_hand" and (not chosen or one.paper in chosen)]
    if not papers:
        raise BadRequest("no paper is in this person's hand")
    identity = read_identities(request, served(), board, [who], why="receipt printed").get(who)
    language, zone = get_language() or "en", board.operation.as_of_zone
    user: Any = request.user
    numbers = may(request.user, "numbers")
    facts = {
        "title": _("Receipt for papers"),
        "operation": name_in(board.operation.titles, language),
        "names": list(full_names(identity)) if identity is not None else [],
        "person": who,
        "person_line": who,
        "code": qr(code_of(board.operation.name, who)),
        "headings": [_("Paper"), _("Number"), _("Issued by"), _("Valid until")],
        "papers": [_line(paper, identity if numbers else None, zone) for paper in papers],
        "says": _("I was given these papers and have read them. One copy stays with me."),
        "signatures": [f"{_('Given by')} – {user.full_name}", _("Received by: signature and date")],
        "made": written(board.at, zone),
        "copies": [_("Copy of the consul"), _("Copy of the person")],
    }
    return pdf(typeset("receipt", facts, language, board.at), f"receipt-{who}.pdf")


def _line(paper: Paper, identity: Identity | None, zone: str) -> list[str]:
    return [
        str(word(paper.type)),
        number_of(paper, identity),
        issuer_of(paper, consul_of(served().operation)) or "–",
        written(paper.valid_until, zone, day_only=True) if paper.valid_until is not None else "–",
    ]


def number_of(paper: Paper, identity: Identity | None) -> str:
    """The number on a paper: of the document in the identity row of its type, else our own id of the paper."""
    same = [one.number for one in identity.documents if one.type == paper.type and one.number] if identity else []
    return same[0] if len(same) == 1 else paper.paper


def written(moment: Moment, zone: str, *, day_only: bool = False) -> str:
    """A moment on paper, in the operation's zone."""
    return datetime_of(moment, zone).strftime("%Y-%m-%d" if day_only else "%Y-%m-%d %H:%M %Z")
