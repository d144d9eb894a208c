"""The gates at a glance: open or closed since when, how many are where, how each gate's devices are doing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.ids import DeviceId, PlaceId
from corridor.base.moments import MINUTE_MS
from corridor.base.operation import Device
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may, may_give
from corridor.hq.desks import door
from corridor.hq.desks.cross.gate_day import GateDay, days_of_calls, exceptions, gate_days, today_of
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import OrderForm, Text, places
from corridor.hq.desks.live import live, tag_of
from corridor.hq.served import served
from corridor.journey.board.board import Board
from corridor.journey.cross.rules import CloseGate, OpenGate, RecordCrossing
from corridor.journey.orders import crossings_of
from corridor.ledger.device.health import DeviceHealth, device_health

SILENT_MINUTES = 120
"""Minutes without a batch after which a gate's device is marked while its gate is open: two hours of queue unseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOfGate:
    """A device with what headquarters sees of it; `health` None: it was never heard of."""

    device: Device
    health: DeviceHealth | None
    silent: bool


class TurnForm(OrderForm):
    """Why a gate opens or closes."""

    reason = Text(required=False)


@live
@require_http_methods(["GET", "HEAD", "POST"])
def gates(request: HttpRequest) -> HttpResponse:
    """Every gate; a POST opens or closes one."""
    headquarters = served()
    form = TurnForm(request.POST or None, auto_id=False)
    if request.method == "POST" and form.is_valid():
        opens = request.POST.get("does") == "open"
        facts: dict[str, Any] = {"by": door.by(request), "gate": PlaceId(request.POST.get("gate", ""))}
        order = (OpenGate if opens else CloseGate)(**facts, reason=form.cleaned_data["reason"])
        given = door.give(request, order)
        if not isinstance(given, Refusal):
            messages.success(request, _("The gate is open.") if opens else _("The gate is closed."))
            return redirect("cross")
        form.refuse(given)
    board = headquarters.board_now()
    names = dict(places())
    days = gate_days(board)
    facts = {
        **frame(board),
        "form": form,
        "gates": [_gate(request, board, one, names) for one in days],
        "others": _others(request, board, days) if may(request.user, "devices") else [],
        "hazards": board.hazards,
        "may_turn": may_give(request.user, OpenGate),
        "tag": tag_of(request),
    }
    status = 409 if form.refusal else 200
    return show(request, "hq/desks/cross/gates.html", facts, part="hq/desks/cross/_gates.html", status=status)


def frame(board: Board) -> dict[str, Any]:
    """What every page of the desk needs."""
    to_tell = sum(len(one.to_tell) for one in days_of_calls(board).values())
    return {
        "today": today_of(board),
        "to_sign": len(exceptions(board)),
        "in_force": len(board.hazards),
        "to_tell": to_tell,
    }


def _gate(request: HttpRequest, board: Board, day: GateDay, names: dict[str, str]) -> dict[str, Any]:
    health = device_health(board.view) if may(request.user, "devices") else {}
    placed = {day.gate, *(station.place for station in day.stations)}
    devices = [one for one in board.operation.devices if one.kind == "gate" and one.place in placed]
    return {
        "day": day,
        "name": names.get(day.gate, day.gate),
        "devices": [_device(board, day, one, health) for one in devices] if may(request.user, "devices") else [],
        "may_record": may_give(request.user, RecordCrossing) and day.gate in crossings_of(board.operation, [day.gate]),
    }


def _device(board: Board, day: GateDay | None, device: Device, health: dict[DeviceId, DeviceHealth]) -> DeviceOfGate:
    known = health.get(device.id)
    is_open = day is not None and day.state is not None and day.state.open
    heard = None if known is None else known.heard_at
    silent = is_open and (heard is None or board.at - heard > SILENT_MINUTES * MINUTE_MS)
    return DeviceOfGate(device=device, health=known, silent=silent)


def _others(request: HttpRequest, board: Board, days: tuple[GateDay, ...]) -> list[DeviceOfGate]:
    """The devices that stand at no gate shown, convoys' among them; and any heard of that the operation does not have
    stand with the discrepancies."""
    health = device_health(board.view)
    placed = {place for day in days for place in (day.gate, *(station.place for station in day.stations))}
    others = [one for one in board.operation.devices if one.kind != "gate" or one.place not in placed]
    return [_device(board, None, one, health) for one in others]
