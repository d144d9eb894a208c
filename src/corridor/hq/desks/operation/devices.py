"""The devices: which are enrolled, how each is doing, one device with its chains and forks, and the orders about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from corridor.base.ids import DeviceId
from corridor.base.limits import CLOCK_UNMEASURED_UNCERTAINTY_MS
from corridor.base.moments import MINUTE_MS, Moment
from corridor.base.operation import Device
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may, may_give, needs, rights_of
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, Number, OrderForm, Text, form_of, places
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.table import Column, cut
from corridor.hq.exchange.phones import phones_of
from corridor.hq.models import DeviceContact
from corridor.hq.pages.timeline import sentence
from corridor.hq.served import served
from corridor.hq.templatetags.words import lasting, word
from corridor.journey.board.board import Board
from corridor.journey.devices.facts import Enrolment, Fork, device_facts, enrolments, forks_of
from corridor.journey.devices.orders import BelieveBranch, DeviceOrder, EnrolDevice, RevokeDevice
from corridor.journey.devices.rules import next_epoch
from corridor.ledger.book.view import View
from corridor.ledger.device.health import DeviceHealth, device_health

RECORDS_SHOWN_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One device: as the operation file names it, as it is enrolled, as headquarters hears it, and as it said itself
    when it last talked to headquarters; None: it is not, or did not."""

    device: DeviceId
    named: Device | None
    enrolled: Enrolment | None
    health: DeviceHealth | None
    contact: DeviceContact | None
    place: str

    @property
    def heard_at(self) -> Moment | None:
        """When it last talked to headquarters, or a batch of it came; None: never."""
        heard = [self.health.heard_at if self.health else None, self.contact.seen_at_ms if self.contact else None]
        return max((Moment(one) for one in heard if one is not None), default=None)

    @property
    def bearer(self) -> str:
        """Whose records it makes; '' where it is bound to nobody."""
        return (self.enrolled.user or "") if self.enrolled is not None else ""

    @property
    def clock_ms(self) -> int | None:
        """How far its clock is ahead of ours, as it measured, else as its request told; None: neither."""
        if self.contact is None:
            return None
        return self.contact.ahead_ms if self.contact.offset_ms is None else -self.contact.offset_ms

    @property
    def clock_said(self) -> str:
        """The same as people say it, ahead with a plus, behind with a minus."""
        if self.clock_ms is None:
            return "–"
        sign = "+" if self.clock_ms >= 0 else "\N{MINUS SIGN}"
        ms = abs(self.clock_ms)
        return sign + (
            _("%(number)s s") % {"number": f"{ms / 1000:.1f}"} if ms < 2 * MINUTE_MS else lasting(ms // MINUTE_MS)
        )

    @property
    def clock_wrong(self) -> bool:
        """Whether its clock is further from ours than is believed of one that was never compared."""
        return self.clock_ms is not None and abs(self.clock_ms) > CLOCK_UNMEASURED_UNCERTAINTY_MS

    @property
    def rank(self) -> int:
        """What needs looking at comes first, what is over last."""
        if self.enrolled is not None and self.enrolled.revoked_at is not None:
            return 3
        if self.health is not None and not self.health.well:
            return 0
        return 1 if self.enrolled is not None else 2


@dataclass(frozen=True, slots=True)
class Side:
    """One branch of a fork: where it begins and ends, some of its records as the reader may see them."""

    head: str
    first: int
    last: int
    records: list[tuple[Any, str]]
    more: int
    believed: bool


EnrolForm = form_of(
    EnrolDevice,
    fields=("device", "public_key", "place"),
    labels={"device": lambda: _("Name"), "public_key": lambda: _("Public key"), "place": lambda: _("Place")},
    help_texts={
        "public_key": lambda: _("64 digits from 0 to 9 and a to f, as the device shows them."),
        "place": lambda: _("Leave it open for a device that travels."),
    },
)
RevokeForm = form_of(
    RevokeDevice,
    fields=("why", "after_epoch", "after_seq"),
    labels={
        "why": lambda: _("Why"),
        "after_epoch": lambda: _("Believe it up to epoch"),
        "after_seq": lambda: _("and record number"),
    },
    help_texts={
        "after_seq": lambda: _("Filled in with the last received. Name an earlier one if it was stolen before.")
    },
)


class BelieveForm(OrderForm):
    """Which branch of a fork is believed, and how that is known."""

    def __init__(self, *args: Any, fork: Fork, **facts: Any) -> None:
        """`fork` is the one to judge."""
        super().__init__(*args, **facts)
        heads = [(branch.own, branch.head.hex()) for branch, _events in fork.branches]
        ends = [(head, f"{own[0][0]}–{own[-1][0]} · …{head[-8:]}") for own, head in heads]
        self.fields["epoch"] = Number(widget=forms.HiddenInput(), initial=fork.epoch)
        self.fields["head"] = Chosen(lambda: ends, label=_("The branch that is believed"))
        self.fields["why"] = Text(label=_("How I know"), widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))


@require_safe
@live
def page(request: HttpRequest) -> HttpResponse:
    """Every device; whoever may not read them comes to the operation file, which they may sign."""
    if not may(request.user, "devices"):
        return redirect("operation-file")
    return _page(request)


@needs("devices")
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Admit a key."""
    form = EnrolForm(request.POST)
    if form.is_valid():
        order = form.order(by=door.by(request))
        epoch = next_epoch(order.device, device_facts(served().board_now()))
        given = door.give(request, order)
        if not isinstance(given, Refusal):
            messages.success(request, _("Enrolled. The device's records begin at epoch %(epoch)d.") % {"epoch": epoch})
            return redirect("operation-device", order.device)
        form.refuse(given)
    return _page(request, enrolling=form, status=409 if form.refusal else 422)


@require_safe
@needs("devices")
def one(request: HttpRequest, device: str) -> HttpResponse:
    """One device."""
    return _one(request, DeviceId(device))


@needs("devices")
@require_POST
def revoke(request: HttpRequest, device: str) -> HttpResponse:
    """Believe it no longer."""
    form = RevokeForm(request.POST, prefix="revoke")
    make = partial(form.order, by=door.by(request), device=DeviceId(device))
    return _done(request, DeviceId(device), "revoke", form, make, _("Revoked. What it sends from now on is held."))


@needs("devices")
@require_POST
def believe(request: HttpRequest, device: str) -> HttpResponse:
    """Believe one branch of a chain that forks."""
    epoch = request.POST.get("epoch", "")
    fork = next((one for one in forks_of(served().board_now(), DeviceId(device)) if str(one.epoch) == epoch), None)
    if fork is None:
        return _one(request, DeviceId(device), status=404)
    form = BelieveForm(request.POST, fork=fork)

    def make() -> BelieveBranch:
        told = form.cleaned_data
        by, head = door.by(request), told["head"]
        return BelieveBranch(by=by, device=DeviceId(device), epoch=told["epoch"], head=head, why=told["why"])

    told = _("This branch is believed, the others are set aside. Everything of both is kept.")
    return _done(request, DeviceId(device), f"believe {epoch}", form, make, told)


def _done(
    request: HttpRequest, device: DeviceId, does: str, form: OrderForm, make: Callable[[], DeviceOrder], told: str
) -> HttpResponse:
    """Give the order when the form is whole; the same page with what was typed when it is not or was refused."""
    if not form.is_valid():
        return _one(request, device, bound={does: form}, status=422)
    given = door.give(request, make())
    if isinstance(given, Refusal):
        form.refuse(given)
        return _one(request, device, bound={does: form}, status=409)
    messages.success(request, told)
    return redirect("operation-device", device)


def _page(request: HttpRequest, *, enrolling: OrderForm | None = None, status: int = 200) -> HttpResponse:
    rows = sorted(_rows(served().board_now()), key=lambda row: (row.rank, row.device))
    facts = {
        "table": cut(request, "operation-devices", COLUMNS, rows),
        "unwell": sum(1 for row in rows if row.rank == 0),
        "enrol": (enrolling or EnrolForm(initial={"device": request.GET.get("device", "")}))
        if may_give(request.user, EnrolDevice)
        else None,
        "tag": tag_of(request),
    }
    whole, part = "hq/desks/operation/devices.html", "hq/desks/operation/_devices.html"
    return show(request, whole, facts, part=part, status=status)


def _rows(board: Board) -> list[Row]:
    """Every device that is in the operation file, enrolled, or heard of."""
    named = {one.id: one for one in board.operation.devices}
    enrolled, health, where = enrolments(board), device_health(board.view), dict(places())
    phones_of(served()).write(served().now())
    contacts = {one.device: one for one in DeviceContact.objects.all()}
    found = []
    for device in dict.fromkeys([*named, *enrolled, *health]):
        stands = enrolled.get(device)
        of_file = named.get(device)
        place = (stands.place if stands is not None else None) or (of_file.place if of_file is not None else None)
        found.append(
            Row(
                device=device,
                named=of_file,
                enrolled=stands,
                health=health.get(device),
                contact=contacts.get(device),
                place=where.get(place, place) if place is not None else "",
            )
        )
    return found


def _one(
    request: HttpRequest, device: DeviceId, *, bound: dict[str, OrderForm] | None = None, status: int = 200
) -> HttpResponse:
    board, bound = served().board_now(), bound or {}
    row = next((one for one in _rows(board) if one.device == device), None)
    if row is None:
        return show(request, "hq/desks/operation/no_device.html", {"device": device}, status=404)
    facts = device_facts(board)
    epoch, seq = facts.last.get(device, (None, None))
    own = device == facts.headquarters
    revocable = device in facts.keys and not own and (device not in facts.revoked or "revoke" in bound)
    may_revoke = may_give(request.user, RevokeDevice) and revocable
    first = {"after_epoch": epoch, "after_seq": seq}
    told = {
        "row": row,
        "own": own,
        "last_epoch": epoch,
        "last_seq": seq,
        "believed_to": facts.revoked.get(device),
        "gaps": _gaps(board.view, device),
        "held": _held(board.view, device),
        "forks": [_fork(request, board, fork, bound) for fork in forks_of(board, device)],
        "revoke": (bound.get("revoke") or RevokeForm(initial=first, prefix="revoke")) if may_revoke else None,
        "may_enrol": may_give(request.user, EnrolDevice) and device not in facts.revoked and not own,
    }
    return show(request, "hq/desks/operation/device.html", told, status=status)


def _gaps(view: View, device: DeviceId) -> list[tuple[int, int, int]]:
    """What is missing of its chains: epoch, first and last number."""
    intake = view.book.intake
    with intake.lock:
        chains = [(epoch, chain) for (name, epoch), chain in sorted(intake.chains.items()) if name == device]
        return [(epoch, gap.first, gap.last) for epoch, chain in chains for gap in chain.gaps(view.known)]


def _held(view: View, device: DeviceId) -> list[tuple[str, int, int]]:
    """Its batches in quarantine: why, how many, and how many records they claim to hold."""
    intake = view.book.intake
    with intake.lock:
        held = list(intake.held.get(device, ()))
    codes = sorted({one.code for one in held})
    return [
        (code, sum(one.code == code for one in held), sum(one.events for one in held if one.code == code))
        for code in codes
    ]


def _fork(request: HttpRequest, board: Board, fork: Fork, bound: dict[str, OrderForm]) -> dict[str, Any]:
    """A fork with its branches as the reader may see them, and the form to judge it while nobody has."""
    rights, sides = rights_of(request.user), []
    for branch, events in fork.branches:
        told = [(event, sentence(board, event, rights) or str(word(event.kind))) for event in events]
        sides.append(
            Side(
                head=branch.head.hex(),
                first=branch.own[0][0],
                last=branch.own[-1][0],
                records=told[:RECORDS_SHOWN_MAX],
                more=max(0, len(told) - RECORDS_SHOWN_MAX),
                believed=any(hash_.hex() == fork.believed for _seq, hash_ in branch.own),
            )
        )
    judges = fork.believed is None and may_give(request.user, BelieveBranch)
    form = bound.get(f"believe {fork.epoch}") or BelieveForm(fork=fork, auto_id=f"id_{fork.epoch}_%s")
    return {"epoch": fork.epoch, "sides": sides, "judged": fork.believed is not None, "form": form if judges else None}


COLUMNS = (
    Column(
        name="device",
        title=lambda: _("Device"),
        template="hq/desks/operation/_cell_device.html",
        sort=lambda row: row.device,
    ),
    Column(name="place", title=lambda: _("Place"), value=lambda row: row.place, sort=lambda row: row.place or None),
    Column(
        name="heard",
        title=lambda: _("Last heard of"),
        template="hq/desks/operation/_cell_heard.html",
        sort=lambda row: row.heard_at,
        kind="time",
    ),
    Column(
        name="backlog",
        title=lambda: _("Waiting on it"),
        template="hq/desks/operation/_cell_backlog.html",
        sort=lambda row: row.contact.backlog if row.contact else None,
        kind="count",
    ),
    Column(
        name="clock",
        title=lambda: _("Its clock"),
        template="hq/desks/operation/_cell_clock.html",
        sort=lambda row: None if row.clock_ms is None else abs(row.clock_ms),
    ),
    Column(
        name="battery",
        title=lambda: _("Battery"),
        value=lambda row: "–" if row.contact is None or row.contact.battery is None else f"{row.contact.battery}%",
        sort=lambda row: row.contact.battery if row.contact else None,
        kind="count",
    ),
    Column(
        name="events",
        title=lambda: _("Events here"),
        value=lambda row: row.health.events if row.health else 0,
        sort=lambda row: row.health.events if row.health else 0,
        shown=False,
        kind="count",
    ),
    Column(name="state", title=lambda: _("State"), template="hq/desks/operation/_cell_state.html"),
    Column(
        name="since",
        title=lambda: _("Enrolled since"),
        template="hq/desks/operation/_cell_since.html",
        sort=lambda row: row.enrolled.since if row.enrolled else None,
        shown=False,
        kind="time",
    ),
)
