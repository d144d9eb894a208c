"""Who is called to the gate for which hour: on screen, on paper, as a spreadsheet, and recorded as told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from corridor.base.ids import PersonId, PlaceId
from corridor.base.moments import datetime_of
from corridor.base.operation import Station
from corridor.base.refusal import Refusal
from corridor.hq.access.names import read_identities
from corridor.hq.access.rights import may, may_give
from corridor.hq.asked import number_in
from corridor.hq.desks import door
from corridor.hq.desks.clear.evening import Evening, asked_day
from corridor.hq.desks.clear.overview import frame
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import Chosen, OrderForm, places
from corridor.hq.desks.spreadsheet import spreadsheet
from corridor.hq.pages.person import born
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.clear.evening.calls import CallSlot, call_slots, moment_of_hour, priority_of, station_of
from corridor.journey.cross.events import CallChannel
from corridor.journey.cross.rules import Call
from corridor.journey.orders import gates_of
from corridor.journey.register.identity import Identity, full_names

CHANNELS: tuple[CallChannel, ...] = ("phone", "messenger", "email", "loudspeaker", "in_person", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One person on the call-forward list; what is empty is not known, or not for this reader."""

    person: PersonId
    names: tuple[str, ...]
    born: str
    documents: tuple[str, ...]
    contacts: tuple[str, ...]
    minor: bool
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledGroup:
    """One travel group with whether it can be reached, and whether a plan calls it."""

    people: tuple[Called, ...]
    reach: str
    planned: bool

    @property
    def told(self) -> bool:
        """Whether all of them were told."""
        return all(one.told for one in self.people)


class TellForm(OrderForm):
    """By what the people of an hour were told."""

    by_channel = Chosen(lambda: [(one, str(word(one))) for one in CHANNELS], optional=True)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["by_channel"].label = _("Told by")


@require_http_methods(["GET", "HEAD", "POST"])
def call_forward(request: HttpRequest) -> HttpResponse:
    """The call-forward lists; a POST records that the people of one hour were told."""
    evening, gate, slots = _asked(request)
    form = TellForm(request.POST or None, auto_id=False)
    if request.method == "POST" and form.is_valid():
        answer = _tell(request, evening, slots, form.cleaned_data["by_channel"])
        if not isinstance(answer, Refusal):
            return redirect(request.get_full_path())
        form.refuse(answer)
        evening, gate, slots = _asked(request)
    facts = {
        **frame(evening),
        "form": form,
        "gate": gate,
        "gates": [(place, name) for place, name in places() if place in _gates(evening)],
        "gate_name": dict(places()).get(gate, gate),
        "hours": [_hour(request, evening, number, slot) for number, slot in enumerate(slots)],
        "may_call": may_give(request.user, Call),
        "waiting": len(evening.waiting),
        "also": bool(request.GET.get("also")),
        "also_people": sum(len(group) for group in evening.still_cleared if group not in evening.planned),
        "to_call": sum(len(slot.persons) for slot in slots),
        "taken_back": sum(map(len, evening.taken_back)),
        "unreachable": _unreachable(request, evening),
    }
    return show(request, "hq/desks/clear/calls.html", facts, status=409 if form.refusal else 200)


@require_safe
def call_sheet(request: HttpRequest) -> HttpResponse:
    """The same lists as a spreadsheet, one row a person."""
    evening, gate, slots = _asked(request)
    heads = [_("Gate"), _("Day"), _("Hour"), _("Group"), _("Person"), _("Name"), _("Born"), _("Document"), _("Contact")]
    columns = tuple(zip((*heads, _("Told")), (12, 12, 8, 8, 14, 60, 12, 18, 30, 8), strict=True))
    rows: list[tuple[object, ...]] = []
    for slot in slots:
        for number, group in enumerate(_groups(request, evening, slot), start=1):
            for one in group.people:
                hour = "" if slot.hour is None else slot.hour.strftime("%H:%M")
                names, told = " / ".join(one.names), _("yes") if one.told else ""
                facts = [one.person, names, one.born, ", ".join(one.documents), ", ".join(one.contacts), told]
                rows.append((gate, evening.day.isoformat(), hour, number, *facts))
    return spreadsheet(f"call-forward-{gate}-{evening.day}.xlsx", evening.day.isoformat(), columns, rows)


def _asked(request: HttpRequest) -> tuple[Evening, PlaceId, tuple[CallSlot, ...]]:
    """The evening, the gate of the address (the far end of the leg unless it says), and the hours of both."""
    headquarters = served()
    board = headquarters.board_now()
    evening = Evening(request, headquarters, board, asked_day(request.GET.get("day"), headquarters))
    gates = _gates(evening)
    if evening.leg is None or not gates:
        raise Http404(_("No leg of this operation asks for clearance, so nobody is called."))
    gate = PlaceId(request.GET.get("gate") or (evening.leg.target if evening.leg.target in gates else gates[0]))
    if gate not in gates:
        raise Http404(_("This operation has no such gate."))
    register = board.everybody.register
    also = evening.still_cleared if request.GET.get("also") else ()
    groups = tuple(dict.fromkeys(evening.to_call + evening.planned + also))
    priorities = {person: priority_of(board.operation, register[person]) for group in groups for person in group}
    zone = board.operation.place(gate).zone
    planned = {one: evening.planned_at(one) for group in groups for one in group}
    hours = {one: datetime_of(at, zone).time() for one, at in planned.items() if at is not None}
    return evening, gate, call_slots(gate, _station(evening, gate), groups, priorities, hours)


def _station(evening: Evening, gate: PlaceId) -> Station | None:
    leg = evening.leg
    return None if leg is None else station_of(evening.board.operation, (leg.source, leg.target), gate)


def _gates(evening: Evening) -> tuple[PlaceId, ...]:
    leg = evening.leg
    gates = gates_of(evening.board.operation)
    return () if leg is None else tuple(gate for gate in gates if gate in (leg.source, leg.target))


def _tell(
    request: HttpRequest, evening: Evening, slots: tuple[CallSlot, ...], by_channel: CallChannel | None
) -> int | Refusal:
    """Call every group of the hour that was not told yet: how many were told, or the first no."""
    number = request.POST.get("slot", "")
    turn = number_in(number)
    if turn is None or turn >= len(slots):
        raise Http404(_("There is no such hour any more."))
    slot = slots[turn]
    operation = evening.board.operation
    there_at = None
    if slot.hour is not None:
        zone = operation.place(slot.gate).zone
        there_at = moment_of_hour(_station(evening, slot.gate), evening.day, slot.hour, zone)
    orders = [
        Call(
            by=door.by(request),
            persons=tuple(sorted(group)),
            gate=slot.gate,
            for_date=evening.day,
            by_channel=by_channel,
            there_at=there_at,
        )
        for group in slot.groups
        if not all(evening.called(person) for person in group)
    ]
    answers = door.give_all(request, orders, step=f"hour{number}") if orders else []
    told = sum(len(order.persons) for order, answer in zip(orders, answers, strict=True) if isinstance(answer, Given))
    if told:
        said = ngettext("%(told)d person told.", "%(told)d people told.", told)
        messages.success(request, said % {"told": told})
    return next((answer for answer in answers if isinstance(answer, Refusal)), told)


def _hour(request: HttpRequest, evening: Evening, number: int, slot: CallSlot) -> dict[str, Any]:
    groups = _groups(request, evening, slot)
    told = sum(one.told for group in groups for one in group.people)
    return {"number": number, "slot": slot, "groups": groups, "count": len(slot.persons), "told": told}


def _groups(request: HttpRequest, evening: Evening, slot: CallSlot) -> list[CalledGroup]:
    who = read_identities(request, evening.headquarters, evening.board, slot.persons, why="evening run: call forward")
    return [
        CalledGroup(
            people=tuple(_called(request, evening, person, who.get(person)) for person in sorted(group)),
            reach=evening.reach(group),
            planned=group in evening.planned,
        )
        for group in slot.groups
    ]


def _called(request: HttpRequest, evening: Evening, person: PersonId, who: Identity | None) -> Called:
    identity = who or Identity()
    numbers, contacts = may(request.user, "numbers"), may(request.user, "contacts")
    return Called(
        person=person,
        names=full_names(identity),
        born=born(who) if may(request.user, "birth") else "",
        documents=tuple(one.number for one in identity.documents if one.number) if numbers else (),
        contacts=tuple(one.value for one in identity.contacts if one.channel != "address") if contacts else (),
        minor=evening.board.everybody.register[person].is_minor,
        told=evening.called(person),
    )


def _unreachable(request: HttpRequest, evening: Evening) -> list[dict[str, Any]]:
    """The groups that are listed and cannot be told, with names."""
    persons = sorted({person for group, _reach in evening.unreachable for person in group})
    who = read_identities(request, evening.headquarters, evening.board, persons, why="evening run: not reachable")
    return [
        {"reach": reach, "people": [(one, full_names(who[one]) if one in who else ()) for one in sorted(group)]}
        for group, reach in evening.unreachable
    ]
