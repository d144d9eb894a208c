"""The people of one gate today, and what headquarters records of them when the gate tells it by radio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from corridor.base.ids import PersonId, PlaceId
from corridor.base.limits import PEOPLE_PER_PAGE
from corridor.base.refusal import Refusal
from corridor.hq.access.names import own_people, read_identities
from corridor.hq.access.rights import may, may_give
from corridor.hq.asked import number_in
from corridor.hq.desks import door
from corridor.hq.desks.cross.gate_day import STEPS, GateDay, gate_days
from corridor.hq.desks.cross.gates import frame
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import Chosen, OrderForm, Text, When, places
from corridor.hq.desks.register.finding import search as find
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.cross.events import TurnedBackReason
from corridor.journey.cross.rules import (
    AtTheGate,
    RecordAtGate,
    RecordCrossing,
    RecordSighting,
    TurnBack,
)
from corridor.journey.register.identity import full_names

PERSONS_MAX = 200
"""People recorded by one press: four busloads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheCrossing:
    """One person of the list."""

    person: PersonId
    names: tuple[str, ...]
    born: str
    documents: tuple[str, ...]
    minor: bool
    group: int
    begins: bool
    why: str
    since: Any
    late: bool


class RecordForm(OrderForm):
    """What is recorded of the people ticked, when it happened, and why or where."""

    at = When(required=False)
    why = Chosen(lambda: [(one, str(word(one))) for one in get_args(TurnedBackReason)], optional=True)
    place = Chosen(places, optional=True)
    others = Text(required=False)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["at"].label = _("When (now, unless given)")
        self.fields["why"].label = _("Why turned back")
        self.fields["place"].label = _("Seen at")
        self.fields["others"].label = _("Others, by number or party")
        self.fields["others"].help_text = _("Of people who are not on this list, with spaces between.")

    def clean(self) -> dict[str, Any]:
        """Turned back needs a reason, seen a place; nothing else does."""
        said = super().clean() or {}
        for does, field in (("turned_back", "why"), ("sighted", "place")):
            if self.data.get("does") == does and not said.get(field):
                self.add_error(field, _("Choose one."))
        return said


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, gate: str) -> HttpResponse:
    """One step of a gate's day; a POST records what was told of the people ticked."""
    board = served().board_now()
    form = RecordForm(request.POST or None).by_clocks_of(PlaceId(gate))
    if request.method == "POST" and form.is_valid():
        answer = _record(request, board, PlaceId(gate), form.cleaned_data)
        if not isinstance(answer, Refusal):
            return redirect(request.get_full_path())
        form.refuse(answer)
        board = served().board_now()
    day = next((one for one in gate_days(board) if one.gate == gate), None)
    if day is None:
        raise Http404(_("This operation has no such gate."))
    step, asked = request.GET.get("show", ""), request.GET.get("find", "").strip()
    step = step if step in STEPS else next((one for one in STEPS if getattr(day, one)), STEPS[0])
    page = max(1, number_in(request.GET.get("page", "")) or 1)
    wanted = _found(request, board, asked) if asked else getattr(day, step)
    seen = frozenset(own_people(request.user, board, wanted))
    shown, count = _shown(request, board, day, seen, page, why=f"cross desk: {'found' if asked else step}")
    facts = {
        **frame(board),
        "day": day,
        "gate_name": dict(places()).get(gate, gate),
        "step": "" if asked else step,
        "asked": asked,
        "steps": [(one, len(getattr(day, one))) for one in STEPS],
        "people": shown,
        "count": count,
        "hidden": len(wanted) - len(seen),
        "page": page,
        "pages": max(1, -(-count // PEOPLE_PER_PAGE)),
        "form": form,
        "ticked": request.POST.getlist("persons"),
        "may_record": may_give(request.user, RecordCrossing),
    }
    return show(request, "hq/desks/cross/people.html", facts, status=409 if form.refusal else 200)


def _found(request: HttpRequest, board: Board, asked: str) -> frozenset[PersonId]:
    """Whom a name, party, document or number finds, and everybody who travels with them."""
    found = {one.person for one in find(request, board, asked)}
    with_them = (group for group in board.everybody.groups if group & found)
    return frozenset(found).union(*with_them)


def _shown(
    request: HttpRequest, board: Board, day: GateDay, wanted: frozenset[PersonId], page: int, *, why: str
) -> tuple[list[AtTheCrossing], int]:
    """One page of these people, travel groups together, and how many there are in all."""
    groups = [sorted(group & wanted) for group in board.everybody.groups if group & wanted]
    loose = sorted(wanted.difference(*groups)) if groups else sorted(wanted)
    ordered = [(turn, one) for turn, group in enumerate([*groups, *([one] for one in loose)], start=1) for one in group]
    cut = ordered[(page - 1) * PEOPLE_PER_PAGE : page * PEOPLE_PER_PAGE]
    persons = [person for _turn, person in cut]
    who = read_identities(request, served(), board, persons, why=why)
    numbers, births = may(request.user, "numbers"), may(request.user, "birth")
    found = []
    for place, (turn, person) in enumerate(cut):
        identity = who.get(person)
        found.append(
            AtTheCrossing(
                person=person,
                names=full_names(identity) if identity else (),
                born=born(identity) if births else "",
                documents=tuple(one.number for one in identity.documents if one.number) if identity and numbers else (),
                minor=board.everybody.register[person].is_minor,
                group=turn,
                begins=place > 0 and cut[place - 1][0] != turn,
                why=day.why.get(person, ""),
                since=day.since.get(person),
                late=person in day.late,
            )
        )
    return found, len(ordered)


def _record(request: HttpRequest, board: Board, gate: PlaceId, said: dict[str, Any]) -> int | Refusal:
    """One record a travel group: how many people were recorded, or the first no."""
    ticked = [*request.POST.getlist("persons"), *(said["others"] or "").replace(",", " ").split()]
    company = board.everybody.company
    named = [person for one in ticked for person in company.members(one) or (one,)]
    persons = [PersonId(person) for person in dict.fromkeys(named)]
    if len(persons) > PERSONS_MAX:
        raise BadRequest("too many people for one form")
    does = request.POST.get("does", "")
    groups = together(board, persons) or [()]
    orders = [_order(request, does, gate, group, said) for group in groups]
    answers = door.give_all(request, orders, step=does[:12])
    told = zip(orders, answers, strict=True)
    recorded = sum(len(order.persons) for order, answer in told if isinstance(answer, Given))
    if recorded:
        done = ngettext("%(count)d person recorded.", "%(count)d people recorded.", recorded)
        messages.success(request, done % {"count": recorded})
    return next((answer for answer in answers if isinstance(answer, Refusal)), recorded)


def together(board: Board, persons: list[PersonId]) -> list[tuple[PersonId, ...]]:
    """The people shared out by travel group, since a party is recorded together; strangers are left for the door."""
    left = set(persons)
    found: list[tuple[PersonId, ...]] = []
    for group in board.everybody.groups:
        if here := group & left:
            found.append(tuple(sorted(here)))
            left -= here
    return [*found, *((person,) for person in sorted(left))]


def _order(
    request: HttpRequest, does: str, gate: PlaceId, persons: tuple[PersonId, ...], said: dict[str, Any]
) -> AtTheGate:
    facts: dict[str, Any] = {"by": door.by(request), "persons": persons, "at": said["at"]}
    if does == "at_gate":
        return RecordAtGate(**facts, gate=gate)
    if does == "crossed":
        return RecordCrossing(**facts, gate=gate)
    if does == "turned_back":
        return TurnBack(**facts, gate=gate, why=said["why"])
    if does == "sighted":
        return RecordSighting(**facts, place=PlaceId(said["place"]))
    raise BadRequest("the form does not say what is recorded")
