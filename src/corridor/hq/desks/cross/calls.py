"""The calls to a gate for a day: who is called, whose call was taken back, and whom somebody has still to tell so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from corridor.base.ids import PersonId, PlaceId
from corridor.base.limits import PEOPLE_PER_PAGE
from corridor.base.moments import Moment, iso
from corridor.base.refusal import Refusal
from corridor.hq.access.names import own_people, read_identities
from corridor.hq.access.rights import may, may_give
from corridor.hq.asked import number_in
from corridor.hq.desks import door
from corridor.hq.desks.cross.gate_day import CALL_SETS, DayOfCalls, days_of_calls, today_of
from corridor.hq.desks.cross.gates import frame
from corridor.hq.desks.cross.people import PERSONS_MAX, together
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import Chosen, OrderForm, places
from corridor.hq.desks.spreadsheet import spreadsheet
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.cross.events import CallChannel, TakenBackReason
from corridor.journey.cross.rules import Call, TakeCallBack, TellNotToCome
from corridor.journey.cross.state import Call as Called
from corridor.journey.orders import gates_of
from corridor.journey.register.identity import Identity, full_names

PLANNED_OTHERWISE = "planned_otherwise"
"""The reason that a plan gives; an officer has one of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of a set; what is empty is not known, or not for this reader."""

    person: PersonId
    names: tuple[str, ...]
    born: str
    documents: tuple[str, ...]
    contacts: tuple[str, ...]
    minor: bool
    group: int
    begins: bool
    call: Called


class CallsForm(OrderForm):
    """Why calls are taken back, or by what people were told."""

    why = Chosen(lambda: [(one, str(word(one))) for one in get_args(TakenBackReason) if one != PLANNED_OTHERWISE])
    by_channel = Chosen(lambda: [(one, str(word(one))) for one in get_args(CallChannel)], optional=True)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["why"].label = _("Why they must not come")
        self.fields["why"].required = not self.is_bound or self.data.get("does") == "take_back"
        self.fields["by_channel"].label = _("Told by")


@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest) -> HttpResponse:
    """One set of a day's calls to a gate; a POST takes calls of the people ticked back, says that they were told so, or
    calls them again."""
    board = served().board_now()
    gate, day, chosen = _asked(request, board)
    form = CallsForm(request.POST or None, auto_id="calls-%s")
    if request.method == "POST" and form.is_valid():
        answer = _give(request, board, gate, day, form.cleaned_data)
        if not isinstance(answer, Refusal):
            return redirect(f"{request.path}?day={day.isoformat()}&gate={gate}")
        form.refuse(answer)
        board = served().board_now()
    sets = _sets(board, gate, day)
    chosen = chosen or next((one for one in CALL_SETS[1::-1] if getattr(sets, one)), CALL_SETS[0])
    page = max(1, number_in(request.GET.get("page", "")) or 1)
    theirs = _own(request, board, getattr(sets, chosen))
    rows, count = _rows(request, board, theirs, page)
    days = {day, today_of(board), today_of(board) + timedelta(days=1)} | {one for _gate, one in days_of_calls(board)}
    facts = {
        **frame(board),
        "gate": gate,
        "gates": [(place, name) for place, name in places() if place in gates_of(board.operation)],
        "gate_name": dict(places()).get(gate, gate),
        "day": day,
        "days": sorted(days),
        "sets": [(one, len(getattr(sets, one))) for one in CALL_SETS],
        "chosen": chosen,
        "people": rows,
        "hidden": len(getattr(sets, chosen)) - len(theirs),
        "count": count,
        "page": page,
        "pages": max(1, -(-count // PEOPLE_PER_PAGE)),
        "form": form,
        "ticked": request.POST.getlist("persons"),
        "may_call": may_give(request.user, TakeCallBack),
    }
    return show(request, "hq/desks/cross/calls.html", facts, status=409 if form.refusal else 200)


@require_safe
def calls_sheet(request: HttpRequest) -> HttpResponse:
    """One set of a day's calls as a spreadsheet, one row a person: for whoever rings them up."""
    board = served().board_now()
    gate, day, chosen = _asked(request, board)
    chosen = chosen or CALL_SETS[1]
    heads = [_("Gate"), _("Day"), _("Group"), _("Person"), _("Name"), _("Born"), _("Contact"), _("Why"), _("Told")]
    columns = tuple(zip(heads, (12, 12, 8, 14, 60, 12, 30, 24, 20), strict=True))
    theirs, found, page = _own(request, board, getattr(_sets(board, gate, day), chosen)), [], 1
    while (page - 1) * PEOPLE_PER_PAGE < len(theirs):
        for one in _rows(request, board, theirs, page)[0]:
            back = one.call.taken_back
            why, told = ("", None) if back is None else (str(word(back.why)), back.told_at)
            facts = (one.person, " / ".join(one.names), one.born, ", ".join(one.contacts), why)
            found.append((gate, day.isoformat(), one.group, *facts, "" if told is None else iso(told)))
        page += 1
    return spreadsheet(f"{chosen}-{gate}-{day}.xlsx", day.isoformat(), columns, found)


def _asked(request: HttpRequest, board: Board) -> tuple[PlaceId, date, str]:
    """The gate, the day and the set of the address: the gate with most calls and today unless it says; no set ''."""
    text, today = request.GET.get("day", ""), today_of(board)
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise Http404(_("This is no day of the calendar.")) from None
    gates = gates_of(board.operation)
    if not gates:
        raise Http404(_("This operation has no such gate."))
    busiest = max(gates, key=lambda gate: len(_sets(board, gate, day).called) + len(_sets(board, gate, day).to_tell))
    gate = PlaceId(request.GET.get("gate") or busiest)
    if gate not in gates:
        raise Http404(_("This operation has no such gate."))
    chosen = request.GET.get("show", "")
    return gate, day, chosen if chosen in CALL_SETS else ""


def _sets(board: Board, gate: PlaceId, day: date) -> DayOfCalls:
    return days_of_calls(board).get((gate, day), DayOfCalls(called={}, to_tell={}, taken_back={}))


def _own(request: HttpRequest, board: Board, theirs: dict[PersonId, Called]) -> dict[PersonId, Called]:
    """Of these calls those of people whom the reader looks after."""
    seen = own_people(request.user, board, theirs.keys())
    return {person: call for person, call in theirs.items() if person in seen}


def _rows(request: HttpRequest, board: Board, theirs: dict[PersonId, Called], page: int) -> tuple[list[Row], int]:
    """One page of these people, travel groups together, by the hour of their call; and how many there are in all."""
    groups = sorted(together(board, list(theirs)), key=lambda group: (_hour(theirs[group[0]]), group[0]))
    ordered = [(turn, one) for turn, group in enumerate(groups, start=1) for one in group]
    cut = ordered[(page - 1) * PEOPLE_PER_PAGE : page * PEOPLE_PER_PAGE]
    who = read_identities(request, served(), board, [one for _turn, one in cut], why="cross desk: calls")
    numbers, contacts, births = (may(request.user, one) for one in ("numbers", "contacts", "birth"))
    found = []
    for place, (turn, person) in enumerate(cut):
        identity = who.get(person, Identity())
        found.append(
            Row(
                person=person,
                names=full_names(identity),
                born=born(identity) if births else "",
                documents=tuple(one.number for one in identity.documents if one.number) if numbers else (),
                contacts=tuple(one.value for one in identity.contacts if one.channel != "address") if contacts else (),
                minor=board.everybody.register[person].is_minor,
                group=turn,
                begins=place > 0 and cut[place - 1][0] != turn,
                call=theirs[person],
            )
        )
    return found, len(ordered)


def _hour(call: Called) -> Moment:
    """When they are called for; who is called for no hour stands last."""
    return Moment(2**62) if call.there_at is None else call.there_at


def _give(request: HttpRequest, board: Board, gate: PlaceId, day: date, said: dict[str, Any]) -> int | Refusal:
    """One order a travel group: of how many people it was recorded, or the first no."""
    persons = [PersonId(one) for one in dict.fromkeys(request.POST.getlist("persons"))]
    if len(persons) > PERSONS_MAX:
        raise BadRequest("too many people for one form")
    does = request.POST.get("does", "")
    orders = [_order(request, board, does, gate, day, group, said) for group in together(board, persons) or [()]]
    answers = door.give_all(request, orders, step=does[:12])
    done = sum(len(one.persons) for one, answer in zip(orders, answers, strict=True) if isinstance(answer, Given))
    if done:
        recorded = ngettext("%(count)d person recorded.", "%(count)d people recorded.", done)
        messages.success(request, recorded % {"count": done})
    return next((answer for answer in answers if isinstance(answer, Refusal)), done)


def _order(
    request: HttpRequest,
    board: Board,
    does: str,
    gate: PlaceId,
    day: date,
    persons: tuple[PersonId, ...],
    said: dict[str, Any],
) -> Call | TakeCallBack | TellNotToCome:
    facts: dict[str, Any] = {"by": door.by(request), "persons": persons, "gate": gate, "for_date": day}
    if does == "take_back":
        return TakeCallBack(**facts, why=said["why"])
    if does == "told":
        return TellNotToCome(**facts, by_channel=said["by_channel"])
    if does == "call":
        before = _sets(board, gate, day)
        last = [one for person in persons if (one := before.to_tell.get(person) or before.taken_back.get(person))]
        hours = [one.there_at for one in last if one.there_at is not None and one.there_at >= board.at]
        return Call(**facts, by_channel=said["by_channel"], there_at=min(hours, default=None))
    raise BadRequest("the form does not say what is recorded")
