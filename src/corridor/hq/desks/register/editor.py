"""One person at the register desk: who they are, what they need, whether they come; each change by one short form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from corridor.base.ids import PersonId
from corridor.base.operation import name_in
from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_identities
from corridor.hq.access.rights import may_give, may_write
from corridor.hq.desks import door
from corridor.hq.desks.about import to_kept
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm
from corridor.hq.desks.register.duplicates.as_one import read_as_one
from corridor.hq.desks.register.finding import may_read, name_as, resembles, told
from corridor.hq.desks.register.forms import FORMS, WRITES
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.register.access import Part
from corridor.journey.register.events import Channel
from corridor.journey.register.identity import Contact, Document, Identity
from corridor.journey.register.orders import (
    ChangeParticulars,
    EndNeed,
    Forget,
    RecordContact,
    RecordDeath,
    RecordNeed,
    Reoffer,
    RevokeCodes,
    Withdraw,
)
from corridor.ledger.accounts import parts

Change = Callable[[Identity], Identity]
ENDING = ("died", "forget", "codes")
PART_OF: Mapping[str, Part] = {"name": "names", "birth": "birth", "document": "documents", "contact": "contacts"}
"""Which part of the identity each form writes."""


@require_http_methods(["GET", "POST"])
def editor(request: HttpRequest, person: str) -> HttpResponse:
    """The person's page: facts on one side, the forms that change them beside."""
    board, who = served().board_now(), PersonId(person)
    if who in board.view.merged:
        return to_kept(request, board, who)  # a form of before the merge: the page has none that could say no
    does = request.POST.get("does", "")
    sent = _form(does, request, board) if request.method == "POST" and does in FORMS else None
    refusal: Refusal | None = None
    if request.method == "POST" and (sent is None or sent.is_valid()):
        answer = _do(request, who, does, sent)
        if not isinstance(answer, Refusal):
            messages.success(request, _("Written down."))
            return redirect("register-person", who)
        if sent is not None:
            sent.refuse(answer)
        else:
            refusal = answer
    facts = _facts(request, board, who, sent, does)
    if sent is not None and not facts["shows"].get(does, True):
        facts["form"] = sent  # the person was changed meanwhile and the page has that form no more: say so above
    if refusal is not None:
        alone = OrderForm()
        alone.refuse(refusal)
        facts["form"] = alone
    wrong = (sent is not None and sent.refusal is not None) or refusal is not None
    return show(request, "hq/desks/register/person.html", facts, status=409 if wrong else 200)


@require_safe
def near(request: HttpRequest, person: str) -> HttpResponse:
    """Who may be the same person under another number, with what speaks for it and against it."""
    board, who = served().board_now(), PersonId(person)
    identity = read_as_one(request, served(), board, [who], why="possible duplicates").get(who)
    found = resembles(request, board, identity, but=who) if identity is not None else []
    facts = {"part": "search", "who": told(board, who, identity), "near": found}
    return show(request, "hq/desks/register/near.html", facts)


def _form(does: str, request: HttpRequest, board: Board) -> OrderForm:
    return FORMS[does](request.POST, prefix=does)


def _do(request: HttpRequest, who: PersonId, does: str, form: OrderForm | None) -> object:
    """Carry out what a form or a small button asks; the answer is a Refusal when it may not be."""
    by, filled = door.by(request), form.cleaned_data if form is not None else {}
    asked = request.POST.get("which", "")
    match does:
        case "particulars":
            given = {name: value for name, value in filled.items() if value and name != door.TOKEN_FIELD}
            return door.give(request, ChangeParticulars(by=by, person=who, **given))
        case "need":
            need = RecordNeed(by=by, persons=(who,), need=filled["need"], detail=filled.get("detail"))
            return door.give(request, need)
        case "end_need":
            return door.give(request, EndNeed(by=by, persons=(who,), need=asked))  # type: ignore[arg-type]
        case "withdraw":
            return door.give(request, Withdraw(by=by, persons=(who,), why=filled["why"]))
        case "reoffer":
            offer = Reoffer(by=by, persons=(who,), place=filled["place"], why=filled.get("why"))
            return door.give(request, offer)
        case "died":
            return door.give(request, RecordDeath(by=by, persons=(who,), where=filled.get("where")))
        case "forget":
            return door.give(request, Forget(by=by, persons=(who,), why=filled["why"]))
        case "codes":
            return door.give(request, RevokeCodes(by=by, persons=(who,), why=filled["why"]))
        case "reached" | "not_reached":
            channel: Any = asked
            mark = RecordContact(by=by, persons=(who,), channel=channel, reachable=does == "reached")
            return door.give(request, mark)
    part, change = _identity_change(does, filled, asked)
    kept = door.keep_identity(request, who, frozenset({part}), change)
    if does == "contact" and not isinstance(kept, Refusal):
        told_channel: Channel = filled["channel"]
        return door.give(
            request, RecordContact(by=by, persons=(who,), channel=told_channel, reachable=filled.get("reachable"))
        )
    return kept


def _identity_change(does: str, filled: Mapping[str, Any], which: str) -> tuple[Part, Change]:
    """Which part of the identity a form writes, and how; `which` is the number of the line that is taken out."""
    match does:
        case "name":
            name = name_as(filled["text"], filled["source"])
            return "names", lambda one: replace(one, names=(*(n for n in one.names if n != name), name))
        case "birth":
            return "birth", lambda one: replace(one, birth=filled["birth"])
        case "document":
            fields = {key: filled.get(key) for key in ("type", "number", "issuer", "valid_until")}
            document = Document(**fields)  # type: ignore[arg-type] # the form's choices
            return "documents", lambda one: replace(one, documents=(*one.documents, document))
        case "contact":
            contact = Contact(channel=filled["channel"], value=filled["value"])
            return "contacts", lambda one: replace(one, contacts=(*one.contacts, contact))
        case "drop_name":
            return "names", lambda one: replace(one, names=_without(one.names, which))
        case "drop_document":
            return "documents", lambda one: replace(one, documents=_without(one.documents, which))
        case "drop_contact":
            return "contacts", lambda one: replace(one, contacts=_without(one.contacts, which))
    raise Http404(_("This page has no such form."))


def _without(lines: tuple[Any, ...], which: str) -> tuple[Any, ...]:
    """The lines but one: `which` is its text as the page showed it, so that a line written meanwhile stays."""
    return tuple(line for line in lines if str(line) != which)


def _facts(request: HttpRequest, board: Board, who: PersonId, sent: OrderForm | None, does: str) -> dict[str, Any]:
    identity = read_identities(request, served(), board, [who], why="register desk").get(who)
    state = board.everybody.register[who]
    forms: dict[str, OrderForm] = {name: form(prefix=name) for name, form in FORMS.items()}
    if "particulars" in forms:
        known: dict[str, Any] = {"citizenships": state.citizenships, "age_band": state.age_band, "sex": state.sex}
        known |= {"relation": state.relation, "category": state.category}
        forms["particulars"] = FORMS["particulars"](prefix="particulars", initial=known)
    if sent is not None:
        forms[does] = sent
    for name, form in forms.items():
        form.open = sent is not None and name == does  # type: ignore[attr-defined] # the template opens it
    also = board.view.also(who)
    member = read_identities(request, served(), board, [*_party(board, who), *also], why="register desk, party")
    writes = {part: may_write(request.user, part) and not state.forgotten for part in WRITES}
    gives = {
        "particulars": may_give(request.user, ChangeParticulars),
        "need": may_give(request.user, RecordNeed),
        "withdraw": may_give(request.user, Withdraw),
        "died": may_give(request.user, RecordDeath) and state.died_at is None,
        "codes": may_give(request.user, RevokeCodes) and not state.forgotten,
        "forget": may_give(request.user, Forget) and ended(board, who) and not state.forgotten,
    }
    shows = {"withdraw": not state.withdrawn, "reoffer": bool(state.withdrawn), **{one: gives[one] for one in ENDING}}
    return {
        "part": "search",
        "who": told(board, who, identity),
        "shows": shows | {form: writes[part] for form, part in PART_OF.items()},
        "identity": identity,
        "read": may_read(request),
        "born": born(identity),
        "state": state,
        "members": [told(board, one, member.get(one)) for one in _party(board, who)],
        "also": [told(board, one, member.get(one)) for one in also],
        "forms": forms,
        "writes": writes,
        "gives": gives,
        "category": next(
            (
                name_in(one.names, get_language() or "en")
                for one in board.operation.categories
                if one.id == state.category
            ),
            "",
        ),
        "token": door.fresh_token(),
        "zone": board.operation.as_of_zone,
    }


def ended(board: Board, who: PersonId) -> bool:
    """Whether somebody's road is over, so that they may be forgotten."""
    account = board.view.account_of(who)
    return account is not None and parts(account)[0] == "end"


def _party(board: Board, who: PersonId) -> list[PersonId]:
    party = board.everybody.register[who].party
    return [one for one in board.everybody.company.members(party or "") if one != who]
