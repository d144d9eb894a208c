"""Planning a movement: its leg, its vehicles out of the operation's fleets, its times as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.ids import LegId, MovementId, VehicleId
from corridor.base.moments import Moment
from corridor.base.operation import Fleet, Leg, name_in
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import Number, OrderForm, Text, When, legs
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.board.moving import busy_on
from corridor.journey.move.events import Vehicle
from corridor.journey.move.fleet import serves, vehicles_of
from corridor.journey.move.orders import PlanMovement
from corridor.journey.move.state import Movement

FLEET_PREFIX = "fleet-"


class TimesForm(OrderForm):
    """When a movement goes and what goes: a number for each fleet that serves its leg."""

    name = Text(required=False, max_length=60)
    departs_at = When(required=False)
    arrives_at = When(required=False)

    def __init__(self, *args: Any, fleets: Iterable[Fleet], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["name"].label = _("Name")
        self.fields["departs_at"].label = _("Leaves")
        self.fields["arrives_at"].label = _("Arrives")
        self.fields["departs_at"].help_text = _("Leave it empty while the time is not known.")
        self.fleets = tuple(fleets)
        for fleet in self.fleets:
            field = Number(max_value=fleet.vehicles, initial=0)
            field.label = name_in(fleet.names, get_language() or "en")
            field.help_text = fleet_says(fleet)
            self.fields[FLEET_PREFIX + fleet.id] = field

    def by_clocks_of_leg(self, leg: Leg | None) -> Self:
        """This form, leaving by the clocks of where a leg begins and arriving by those of where it ends."""
        self.by_clocks_of(leg.source if leg is not None else None)
        arrives = self.fields["arrives_at"]
        if leg is not None and isinstance(arrives, When):
            arrives.zone = served().operation.place(leg.target).zone
        return self

    def asked(self) -> dict[str, int]:
        """How many vehicles of each fleet are wanted."""
        return {fleet.id: self.cleaned_data[FLEET_PREFIX + fleet.id] for fleet in self.fleets}

    def told(self) -> list[Any]:
        """The fields of times and words."""
        return [field for field in self.visible_fields() if not field.name.startswith(FLEET_PREFIX)]

    def numbers(self) -> list[Any]:
        """The fields of fleets."""
        return [field for field in self.visible_fields() if field.name.startswith(FLEET_PREFIX)]


@dataclass(frozen=True, slots=True)
class LegChoice:
    """A leg to plan on, with how it is chosen."""

    leg: LegId
    name: str
    mode: str
    here: bool


def fleets_for(board: Board, leg: LegId) -> tuple[Fleet, ...]:
    """The fleets that may go on a leg, a partner's too."""
    mode = board.operation.leg(leg).mode
    return tuple(fleet for fleet in board.operation.fleets if serves(fleet, leg, mode))


def fleet_says(fleet: Fleet) -> str:
    """What a vehicle of a fleet holds, and how many there are."""
    return _("%(vehicles)d of them; each: seats %(seats)d, stretchers %(stretchers)d, wheelchairs %(wheelchairs)d") % {
        "vehicles": fleet.vehicles,
        "seats": fleet.seats,
        "stretchers": fleet.stretchers,
        "wheelchairs": fleet.wheelchairs,
    }


def chosen_vehicles(
    board: Board, movement: Movement, asked: Mapping[str, int], keep: Iterable[Vehicle] = ()
) -> tuple[Vehicle, ...]:
    """So many vehicles of each fleet: those kept first, then free ones, then ones that are busy, which the door
    refuses by name."""
    busy = busy_on(board, movement)
    kept: Mapping[VehicleId, Vehicle] = {one.vehicle: one for one in keep}
    own: set[VehicleId] = set()
    found: list[Vehicle] = []
    for fleet in board.operation.fleets:
        every = vehicles_of(fleet)
        own |= {one.vehicle for one in every}
        ranked = sorted(every, key=lambda one: (one.vehicle not in kept, one.vehicle in busy))
        found += [kept.get(one.vehicle, one) for one in ranked[: asked.get(fleet.id, 0)]]
    return (*found, *(one for name, one in kept.items() if name not in own))


def plan(request: HttpRequest) -> HttpResponse:
    """The page that plans a movement: first the leg, then the rest."""
    board = served().board_now()
    wanted = request.POST.get("leg") or request.GET.get("leg") or ""
    leg = LegId(wanted) if board.operation.has_leg(LegId(wanted)) else None
    form = None
    if leg is not None:
        form = TimesForm(request.POST or None, fleets=fleets_for(board, leg))
        form.by_clocks_of_leg(board.operation.leg(leg))
        if request.method == "POST" and form.is_valid():
            given = door.give(request, _planned(request, board, leg, form))
            if isinstance(given, Given):
                messages.success(request, _("Planned. Put people on it."))
                return redirect("move-people", _made(request))
            form.refuse(given)
    choices = [LegChoice(LegId(one), name, board.operation.leg(LegId(one)).mode, one == leg) for one, name in legs()]
    facts = {
        "choices": [one for one in choices if one.mode != "foot"],
        "leg": leg,
        "form": form,
        "gives": may_give(request.user, PlanMovement),
    }
    return show(
        request, "hq/desks/move/plan.html", facts, status=409 if form and (form.refusal or form.errors) else 200
    )


def _made(request: HttpRequest) -> MovementId:
    """The id of what this form plans: out of its token, so that sending it twice names one movement."""
    letters = [one for one in request.POST.get("token", "").lower() if one.isalnum()]
    return MovementId("m-" + "".join(letters)[:10])


def _planned(request: HttpRequest, board: Board, leg: LegId, form: TimesForm) -> PlanMovement:
    departs_at: Moment | None = form.cleaned_data["departs_at"]
    arrives_at: Moment | None = form.cleaned_data["arrives_at"]
    times = Movement(movement=_made(request), leg=leg, departs_at=departs_at, arrives_at=arrives_at)
    return PlanMovement(
        movement=_made(request),
        by=door.by(request),
        leg=leg,
        vehicles=chosen_vehicles(board, times, form.asked()),
        departs_at=departs_at,
        arrives_at=arrives_at,
        name=form.cleaned_data["name"],
    )
