"""Changing a movement: times that became known or are not known any more, vehicles, escorts; calling it off."""

from __future__ import annotations

from typing import Any, get_args

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from corridor.base.refusal import Refusal
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import Number, OrderForm, Text, form_of
from corridor.hq.desks.move.plan import FLEET_PREFIX, TimesForm, chosen_vehicles, fleets_for
from corridor.hq.desks.move.ride import Ride, movement_of, page_facts, refuse_by_name, ride_of
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.board.board import Board
from corridor.journey.move.events import EscortDuty
from corridor.journey.move.orders import AssignEscort, CancelMovement, ChangeMovement
from corridor.journey.move.state import Movement

CancelForm = form_of(CancelMovement, fields=("why",), labels={"why": lambda: _("Reason")})


class ChangeForm(TimesForm):
    """What changes: empty times forget what was known."""

    why = Text(required=False)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        del self.fields["name"]  # a movement keeps its name
        self.fields["why"].label = _("Reason")


class EscortsForm(OrderForm):
    """How many escorts of each duty travel along."""

    def __init__(self, *args: Any, ride: Ride, **facts: Any) -> None:
        super().__init__(*args, **facts)
        duties = {duty.role: duty for duty in ride.duties}
        for role in get_args(EscortDuty):
            duty = duties.get(role)
            field = Number(initial=duty.assigned if duty is not None else 0)
            field.label = word(role)
            if duty is not None and duty.ratio is not None:
                field.help_text = _("%(needed)d needed: one for every %(ratio)d people") % {
                    "needed": duty.needed,
                    "ratio": duty.ratio,
                }
            elif duty is not None and duty.needed:
                field.help_text = _("%(needed)d needed") % {"needed": duty.needed}
            self.fields[role] = field


def change(request: HttpRequest, movement: str) -> HttpResponse:
    """The page that changes one movement."""
    board, now = served().board_now(), served().now()
    ride = ride_of(request, board, movement_of(board, movement), now)
    does = request.POST.get("does", "")
    times = _times_form(request, board, ride, does)
    escorts = EscortsForm(request.POST if does == "escorts" else None, prefix="escorts", ride=ride)
    cancel = CancelForm(request.POST if does == "cancel" else None, prefix="cancel")
    sent = {"times": times, "escorts": escorts, "cancel": cancel}.get(does)
    if request.method == "POST" and sent is not None and sent.is_valid():
        refusal = _give(request, board, ride, sent)
        if refusal is None:
            messages.success(request, _("Changed."))
            return redirect("move-manifest", movement)
        refuse_by_name(request, board, sent, refusal)
    facts = page_facts(request, ride, "change") | {"times": times, "escorts": escorts, "cancel": cancel}
    wrong = sent is not None and bool(sent.refusal or sent.errors)
    return show(request, "hq/desks/move/change.html", facts, status=409 if wrong else 200)


def _times_form(request: HttpRequest, board: Board, ride: Ride, does: str) -> ChangeForm:
    fleets = fleets_for(board, ride.leg.id) if ride.leg is not None else ()
    initial: dict[str, Any] = {"departs_at": ride.movement.departs_at, "arrives_at": ride.movement.arrives_at}
    for fleet in fleets:
        initial[FLEET_PREFIX + fleet.id] = sum(one.vehicle.startswith(f"{fleet.id}-") for one in ride.movement.vehicles)
    form = ChangeForm(request.POST if does == "times" else None, prefix="times", fleets=fleets, initial=initial)
    return form.by_clocks_of_leg(ride.leg)


def _give(request: HttpRequest, board: Board, ride: Ride, sent: OrderForm) -> Refusal | None:
    """Give what was sent; the first no, None when all was done."""
    facts: dict[str, Any] = {"movement": ride.id, "by": door.by(request)}
    if isinstance(sent, ChangeForm):
        given: list[Given | Refusal] = [door.give(request, _changed(board, ride, sent, facts))]
    elif isinstance(sent, EscortsForm):
        wanted = {role: sent.cleaned_data[role] for role in get_args(EscortDuty)}
        given = door.give_all(
            request,
            [
                AssignEscort(**facts, role=role, count=count)
                for role, count in wanted.items()
                if count != ride.movement.escorts.get(role, 0)
            ],
        )
    else:
        given = [door.give(request, sent.order(**facts))]
    return next((one for one in given if isinstance(one, Refusal)), None)


def _changed(board: Board, ride: Ride, sent: ChangeForm, facts: dict[str, Any]) -> ChangeMovement:
    """The change as an order; a time taken out means that it is not known any more."""
    departs_at, arrives_at = sent.cleaned_data["departs_at"], sent.cleaned_data["arrives_at"]
    before = ride.movement
    forgotten = (departs_at is None and before.departs_at is not None) or (
        arrives_at is None and before.arrives_at is not None
    )
    times = Movement(movement=ride.id, leg=before.leg, departs_at=departs_at, arrives_at=arrives_at)
    vehicles = chosen_vehicles(board, times, sent.asked(), before.vehicles)
    return ChangeMovement(
        **facts,
        departs_at=departs_at,
        arrives_at=arrives_at,
        vehicles=None if set(vehicles) == set(before.vehicles) else vehicles,
        why=sent.cleaned_data["why"],
        times_unknown=forgotten,
    )
