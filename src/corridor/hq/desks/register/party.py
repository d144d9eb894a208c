"""Who travels with whom: join and leave a party, ties, and a split that the family itself has waived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.ids import PartyId, PersonId
from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_identities
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, OrderForm, Person, Text
from corridor.hq.desks.register.create import words_of
from corridor.hq.desks.register.finding import Found, told
from corridor.hq.desks.register.forms import Named
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.register.events import PartyRole, TieType
from corridor.journey.register.orders import FormParty, LeaveParty, Tie, Untie, WaiveSplit
from corridor.journey.register.state import Waiver


class JoinForm(Named):
    """Somebody of the book comes into this party."""

    other = Person(max_length=64)
    role = Chosen(words_of(PartyRole), optional=True)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"other": _("Person"), "role": _("Role in the party")}


class TieForm(Named):
    """A tie of this person to another: guardian of, will not travel without."""

    tie = Chosen(words_of(TieType))
    other = Person(max_length=64)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"tie": _("Tie"), "other": _("Person")}


class LeaveForm(Named):
    """Why the person leaves the party."""

    why = Text(max_length=200)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"why": _("Reason")}


class WaiveForm(Named):
    """Who of the party said that the person may travel apart, and why."""

    said_by = Person(max_length=64)
    why = Text(max_length=200)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"said_by": _("Said by"), "why": _("Reason")}


FORMS: Mapping[str, type[Named]] = {"join": JoinForm, "tie": TieForm, "leave": LeaveForm, "waive": WaiveForm}


@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, person: str) -> HttpResponse:
    """The party of a person, and the forms that change it; `other` is whom the search was for."""
    board = served().board_now()
    who, does = PersonId(person), request.POST.get("does", "")
    sent = FORMS[does](request.POST, prefix=does) if does in FORMS else None
    alone: OrderForm | None = None
    if request.method == "POST" and (sent is None or sent.is_valid()):
        answer = _do(request, board, who, does, sent)
        if not isinstance(answer, Refusal):
            messages.success(request, _("Written down."))
            return redirect("register-party", who)
        alone = sent if sent is not None else OrderForm()
        alone.refuse(answer)
    facts = _facts(request, board, who)
    if sent is not None:
        facts["forms"][does] = sent
    facts["form"] = alone if sent is None else None
    return show(request, "hq/desks/register/party.html", facts, status=409 if alone is not None else 200)


def _do(request: HttpRequest, board: Board, who: PersonId, does: str, form: Named | None) -> object:
    by, state = door.by(request), board.everybody.register[who]
    filled: dict[str, Any] = form.cleaned_data if form is not None else {}
    party = state.party
    match does:
        case "join":
            name = party if party is not None else PartyId(door.fresh_id("f"))
            joins = [(filled["other"], filled.get("role"))]
            if party is None:
                joins.insert(0, (who, "head"))
            return door.give(request, FormParty(by=by, party=name, members=tuple(joins)))
        case "tie":
            return door.give(request, Tie(by=by, tie=filled["tie"], person=who, other=filled["other"]))
        case "untie":
            tie, _dash, other = request.POST.get("which", "").partition(":")
            if tie not in get_args(TieType):
                raise Http404(_("This page has no such form."))
            return door.give(request, Untie(by=by, tie=tie, person=who, other=PersonId(other)))  # type: ignore[arg-type]
        case "leave" if party is not None:
            return door.give(request, LeaveParty(by=by, party=party, persons=(who,), why=filled["why"]))
        case "waive" if party is not None:
            waiver = WaiveSplit(by=by, party=party, persons=(who,), said_by=filled["said_by"], why=filled["why"])
            return door.give(request, waiver)
    raise Http404(_("This page has no such form."))


def _facts(request: HttpRequest, board: Board, who: PersonId) -> dict[str, Any]:
    register, state = board.everybody.register, board.everybody.register[who]
    members = list(board.everybody.company.members(state.party)) if state.party is not None else [who]
    own = sorted((tie for tie in state.ties if tie.person == who), key=lambda tie: (tie.tie, tie.other))
    others = sorted((tie for tie in state.ties if tie.other == who), key=lambda tie: (tie.tie, tie.person))
    shown = sorted({who, *members, *(tie.other for tie in own), *(tie.person for tie in others)})
    known = [one for one in shown if one in register]
    identities = read_identities(request, served(), board, known, why="party editor")
    people = {one: told(board, one, identities.get(one)) for one in known}
    start = {"other": request.GET.get("other", "")}
    made = {name: form(prefix=name, initial=start) for name, form in FORMS.items()}
    adults = sorted(
        (one for one in members if register[one].is_adult), key=lambda one: register[one].party_role != "head"
    )
    made["waive"] = _waive_form(WaiveForm(prefix="waive"), [people[one] for one in adults])
    group = board.standing(who)
    return {
        "part": "search",
        "who": people[who],
        "state": state,
        "members": [_member(people[one], board) for one in members],
        "ties": [(tie, people.get(tie.other)) for tie in own],
        "ties_to": [(tie, people.get(tie.person)) for tie in others],
        "group": len(group.group) if group is not None else 1,
        "forms": made,
        "token": door.fresh_token(),
        "gives": {
            "join": may_give(request.user, FormParty),
            "tie": may_give(request.user, Tie),
            "leave": may_give(request.user, LeaveParty),
            "waive": may_give(request.user, WaiveSplit),
        },
        "other": people.get(PersonId(start["other"])) or _one(request, board, start["other"]),
    }


def _one(request: HttpRequest, board: Board, other: str) -> Found | None:
    """The person who was searched for, to be joined or tied."""
    if other not in board.everybody.register:
        return None
    person = PersonId(other)
    return told(board, person, read_identities(request, served(), board, [person], why="party editor").get(person))


def _waive_form(form: Named, adults: Sequence[Found]) -> Named:
    """Who may say so is chosen from the adults of the party, by name."""
    named = [(one.person, next(iter(one.names), one.person)) for one in adults]
    form.fields["said_by"].widget = forms.Select(choices=[("", _("choose")), *named])
    return form


def _member(one: Found, board: Board) -> dict[str, Any]:
    state = board.everybody.register[one.person]
    waived = state.party is not None and Waiver(person=one.person, party=state.party) in state.waivers
    return {"one": one, "state": state, "waived": waived}
