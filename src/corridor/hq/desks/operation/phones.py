"""Enrolling a phone by a code that it scans, and taking in what a phone brings in a file."""

from __future__ import annotations

import base64
from typing import Any

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from corridor.base.ids import DeviceId, PlaceId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import PHONES, may_give, needs
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, OrderForm, Text, places
from corridor.hq.desks.refusals import NOT_RECORDING, NOT_YOURS
from corridor.hq.exchange.answering import keys_of
from corridor.hq.exchange.codes import make_code, shown
from corridor.hq.exchange.in_files import TakenIn, take_in
from corridor.hq.exchange.refusals import TOO_LARGE
from corridor.hq.models import EnrolCode, User
from corridor.hq.served import served
from corridor.journey.devices.facts import device_facts
from corridor.journey.devices.orders import EnrolDevice
from corridor.journey.devices.rules import decide
from corridor.ledger.device.sealed_file import FILE_BYTES_MAX

_NO_KEY = "0" * 64
"""Stands for the key that the phone will make, where it is only asked whether it could be enrolled."""


class PhoneForm(OrderForm):
    """Whose phone it is, where it records, and what it is called."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["user"] = Chosen(_accounts, label=_("Whose phone it is"))
        self.fields["user"].help_text = _("It records in their name only. Another officer enrols as another device.")
        self.fields["place"] = Chosen(places, optional=True, label=_("Place"))
        self.fields["place"].help_text = _("Leave it open for a device that travels.")
        self.fields["device"] = Text(label=_("Name of the phone"), max_length=64)
        self.fields["device"].help_text = _("Such as gate-7. A phone that has this name already begins anew with it.")
        for name in ("user", "place", "device"):
            self.fields[name].widget.attrs["aria-describedby"] = f"{name}-help"


@needs("devices")
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """The form; once it is filled in, the code to scan, shown this once."""
    form = PhoneForm(request.POST or None, initial={"device": request.GET.get("device", "")})
    if request.method == "POST" and form.is_valid():
        made = _made(request, form.cleaned_data)
        if not isinstance(made, Refusal):
            return show(request, "hq/desks/operation/phone_code.html", made)
        form.refuse(made)
    facts = {"form": form, "may_enrol": may_give(request.user, EnrolDevice)}
    status = 409 if form.refusal else 422 if form.is_bound else 200
    return show(request, "hq/desks/operation/phone.html", facts, status=status)


class FileForm(OrderForm):
    """A file that a phone wrote."""

    file = forms.FileField()

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["file"].label = _("File of the phone")


@needs("devices")
@require_http_methods(["GET", "HEAD", "POST"])
def in_a_file(request: HttpRequest) -> HttpResponse:
    """Take in a phone's file, and give back the file with its receipts; whoever enrols phones may."""
    form = FileForm(request.POST or None, request.FILES or None)
    taken: TakenIn | Refusal | None = None
    if request.method == "POST" and form.is_valid():
        taken = _taken(request, form.cleaned_data["file"])
        if isinstance(taken, Refusal):
            form.refuse(taken)
    done = taken if isinstance(taken, TakenIn) else None
    facts = {
        "form": form,
        "taken": done,
        "held": sorted(set(done.quarantined)) if done is not None else (),
        "receipts": base64.b64encode(done.receipts).decode() if done is not None else "",
        "may_enrol": may_give(request.user, EnrolDevice),
    }
    status = 409 if form.refusal else 422 if form.is_bound and done is None else 200
    return show(request, "hq/desks/operation/phone_file.html", facts, status=status)


def _taken(request: HttpRequest, sent: Any) -> TakenIn | Refusal:
    if not may_give(request.user, EnrolDevice):
        return NOT_YOURS(role=getattr(request.user, "role", ""), order="TakeInFile")
    if sent.size > FILE_BYTES_MAX:
        return TOO_LARGE()
    return take_in(served(), sent.read())


def _made(request: HttpRequest, told: dict[str, Any]) -> dict[str, Any] | Refusal:
    """The code with its picture, if the phone could be enrolled as things stand now."""
    headquarters, user = served(), request.user
    if not may_give(user, EnrolDevice):
        return NOT_YOURS(role=getattr(user, "role", ""), order="EnrolDevice")
    keys = keys_of(headquarters)
    if isinstance(keys, Refusal):
        return NOT_RECORDING(operation=headquarters.operation.name)
    place = PlaceId(told["place"]) if told["place"] else None
    device, bearer = DeviceId(told["device"]), UserId(told["user"])
    order = EnrolDevice(by=door.by(request), device=device, public_key=_NO_KEY, place=place, user=bearer)
    decided = decide(order, device_facts(headquarters.board_now()), headquarters.now())
    if isinstance(decided, Refusal):
        return decided
    code = make_code(device, bearer, place or "", door.by(request), headquarters.now())
    address = f"{request.build_absolute_uri('/field/')}#enrol={code}&hq={keys[0].public.hex()}"
    return {
        "device": device,
        "bearer": bearer,
        "until": Moment(EnrolCode.objects.get(device=device, used_key="").until_ms),
        "code": shown(code),
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff"),
        "app": request.build_absolute_uri("/field/"),
        "key": keys[0].public.hex()[:8],
        "back": reverse("operation"),
    }


def _accounts() -> list[tuple[str, str]]:
    """The accounts that take a phone, by name."""
    found = User.objects.filter(is_active=True, role__in=sorted(PHONES)).order_by("full_name", "name")
    return [(one.name, f"{one.full_name} ({one.name})") for one in found]
