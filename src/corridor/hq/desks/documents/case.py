"""One person's papers and permits: what they lack for the next leg, and the forms that change it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_identities
from corridor.hq.access.rights import may, may_enter, may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.documents.cases import Row, all_cases
from corridor.hq.desks.documents.forms import FORMS, CaseForm
from corridor.hq.desks.documents.papers import leg_of
from corridor.hq.desks.form import legs
from corridor.hq.pages.people import where_is
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.hq.templatetags.words import place_of
from corridor.journey.board.board import Board
from corridor.journey.board.papers import lacks
from corridor.journey.documents.rules import DrawUpPaper
from corridor.journey.documents.state import DocumentState, consul_of, issuer_of
from corridor.journey.register.identity import full_names


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, person: str) -> HttpResponse:
    """The page of one person's documents."""
    board, does = served().board_now(), request.POST.get("does", "")
    who = PersonId(person)
    sent: CaseForm | None = None
    if request.method == "POST":
        if does not in FORMS:
            raise Http404(_("This page has no such form."))
        sent = FORMS[does](request.POST, prefix=does)
        sent.by_clocks_of(place_of(board, who))
        if sent.is_valid():
            answer = door.give(request, sent.ordered(who, door.by(request)))
            if not isinstance(answer, Refusal):
                messages.success(request, _("Issued. Print the receipt.") if does == "issue" else _("Written down."))
                return redirect("documents-person", who)
            sent.refuse(answer)
    facts = _facts(request, board, who, sent, does)
    wrong = sent is not None and sent.refusal is not None
    return show(request, "hq/desks/documents/case.html", facts, status=409 if wrong else 200)


def _facts(request: HttpRequest, board: Board, who: PersonId, sent: CaseForm | None, does: str) -> dict[str, Any]:
    identity = read_identities(request, served(), board, [who], why="documents desk").get(who)
    state = board.everybody.documents.get(who, DocumentState())
    leg = leg_of(board.everybody, who)
    forms: dict[str, CaseForm] = {name: form(prefix=name) for name, form in FORMS.items()}
    for form in forms.values():
        form.by_clocks_of(place_of(board, who))
    if sent is not None:
        forms[does] = sent
    for name, form in forms.items():
        form.open = sent is not None and name == does  # type: ignore[attr-defined] # the template opens it
    small = sent is not None and does in ("void", "issue", "end")  # their forms stand in the rows and cannot say no
    return {
        "part": "cases",
        "person": who,
        "names": full_names(identity) if identity is not None else (),
        "born": born(identity),
        "identity": identity,
        "register": board.everybody.register[who],
        "where": where_is(board, board.view.account_of(who), get_language() or "en"),
        "papers": [
            {
                "paper": paper,
                "valid": paper.valid(board.at),
                "issuer": issuer_of(paper, consul_of(board.operation)),
                "first_to_issue": paper is next((one for one in state.papers if one.standing == "drawn_up"), None),
            }
            for paper in state.papers
        ],
        "missing": state.missing,
        "clocks": [Row(board=board, case=one) for one in all_cases(board) if one.person == who],
        "ended": [stay for stay in state.stays if stay.ended_at is not None and stay.ended_at <= board.at],
        "leg": dict(legs()).get(leg, "") if leg is not None else "",
        "lacks": lacks(board.everybody, who, leg) if leg is not None else (),
        "forms": forms,
        "form": sent if small else None,
        "token": door.fresh_token(),
        "gives": may_give(request.user, DrawUpPaper),
        "may_numbers": may(request.user, "numbers"),
        "may_register": may_enter(request.user, "register"),
        "issued": [paper for paper in state.papers if paper.standing == "in_hand"],
        "zone": board.operation.as_of_zone,
    }
