"""Handovers with their two sides: who gave, who took, and whether the taker has signed; and the receipt to sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as late
from django.views.decorators.http import require_http_methods, require_safe

from corridor.base.ids import CustodianId, PersonId, ReceiptId
from corridor.base.limits import EVENT_PERSONS_MAX, PEOPLE_PER_PAGE
from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import name_in
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import may_give
from corridor.hq.desks import door
from corridor.hq.desks.arrive.overview import tabs_of
from corridor.hq.desks.arrive.people import Guest, custodian_name, custodians, guests
from corridor.hq.desks.desk import show
from corridor.hq.desks.form import Chosen, OrderForm, Text, ids_of
from corridor.hq.desks.live import live, tag_of
from corridor.hq.served import served
from corridor.journey.arrive.rules import ReceiptHandover
from corridor.journey.arrive.state import Handover
from corridor.journey.board.board import Board
from corridor.report.printing.typesetting import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One handing over of several people at once: the same moment, sides and receipt."""

    one: Handover
    persons: tuple[PersonId, ...]
    giver: str
    receiver: str
    signer: str
    guests: tuple[Guest, ...] = ()
    form: OrderForm | None = None

    @property
    def key(self) -> str:
        """What a form and an address name it by."""
        return f"{self.one.at}.{self.persons[0]}"

    @property
    def signed_by_other(self) -> bool:
        """Whether somebody signed who did not take them."""
        return self.one.receipted_by is not None and self.one.receipted_by != self.one.receiver


class ReceiptForm(OrderForm):
    """Who signs, under which number."""

    handover = forms.CharField(widget=forms.HiddenInput, max_length=200)
    by_custodian = Chosen(custodians, label=late("Signed by"))
    receipt = Text(label=late("Receipt number"), max_length=40)


@require_http_methods(["GET", "HEAD", "POST"])
@live
def page(request: HttpRequest) -> HttpResponse:
    """Handovers nobody signed for first, each with the form to sign; then the signed."""
    board = served().board_now()
    bound, status = None, 200
    if request.method == "POST":
        bound = ReceiptForm(request.POST)
        if bound.is_valid():
            refused = _sign(request, board, bound)
            if refused is None:
                messages.success(request, _("Signed for."))
                return redirect("arrive-handovers")
            bound.refuse(refused)
        status = 409 if bound.refusal else 422
    known = handed(board)
    waiting = [one for one in known if one.one.receipted_by is None]
    signed = [one for one in known if one.one.receipted_by is not None][:PEOPLE_PER_PAGE]
    writes = may_give(request.user, ReceiptHandover)
    facts: dict[str, Any] = {
        "waiting": _told(request, board, waiting[:PEOPLE_PER_PAGE], bound, writes),
        "signed": _told(request, board, signed, None, False),
        "hidden": max(0, len(waiting) - PEOPLE_PER_PAGE),
        "tag": tag_of(request),
        "zone": board.operation.as_of_zone,
        "part": "handovers",
        **tabs_of(board),
    }
    return show(request, "hq/desks/arrive/handovers.html", facts, part="hq/desks/arrive/_handovers.html", status=status)


@require_safe
def as_pdf(request: HttpRequest) -> HttpResponse:
    """The receipt of one handover to be signed by both sides."""
    headquarters = served()
    board, now = headquarters.board_now(), headquarters.now()
    one = _asked(board, request.GET.get("handover", ""))
    people = guests(request, board, one.persons, why="handover receipt on paper")
    zone, language = board.operation.as_of_zone, get_language() or "en"
    facts = {
        "title": _("Receipt for a handover %(receipt)s") % {"receipt": one.one.receipt or ""},
        "under": [
            name_in(board.operation.titles, language),
            f"{one.giver} – {one.receiver}",
            _time(one.one.at, zone),
        ],
        "widths": [1, 2, 6, 2],
        "headings": ["№", _("Code"), _("Name"), _("Born")],
        "rows": [
            [str(number), guest.person, list(guest.names), guest.born]
            for number, guest in enumerate(people.values(), start=1)
        ],
        "count": ngettext("%(number)d person", "%(number)d people", len(people)) % {"number": len(people)},
        "signatures": [
            _("Given by %(who)s") % {"who": one.giver},
            _("Taken by %(who)s") % {"who": one.receiver},
        ],
        "made": _("As of %(time)s, %(zone)s") % {"time": _time(now, zone), "zone": zone},
    }
    made = typeset("listing", facts, language, now)
    name = content_disposition_header(True, f"handover-{one.one.receipt or one.one.at}.pdf")
    assert name is not None, "the file has a name"
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


def handed(board: Board) -> list[Given]:
    """Every handover, people who were handed over together in one; the latest first."""
    together: dict[Handover, list[PersonId]] = {}
    for person, one in board.everybody.handovers:
        together.setdefault(one, []).append(person)
    return [
        Given(
            one=one,
            persons=tuple(persons),
            giver=custodian_name(board, one.giver),
            receiver=custodian_name(board, one.receiver),
            signer=custodian_name(board, one.receipted_by),
        )
        for one, persons in together.items()
    ]


def _asked(board: Board, key: str) -> Given:
    found = next((one for one in handed(board) if one.key == key), None)
    if found is None:
        raise Http404(_("No such handover is known."))
    return found


def _sign(request: HttpRequest, board: Board, form: OrderForm) -> Refusal | None:
    told = form.cleaned_data
    one = _asked(board, told["handover"])
    orders = [
        ReceiptHandover(
            persons=one.persons[first : first + EVENT_PERSONS_MAX],
            by=door.by(request),
            receipt=ReceiptId(told["receipt"]),
            by_custodian=CustodianId(told["by_custodian"]),
        )
        for first in range(0, len(one.persons), EVENT_PERSONS_MAX)
    ]
    return next((answer for answer in door.give_all(request, orders) if isinstance(answer, Refusal)), None)


def _told(request: HttpRequest, board: Board, some: list[Given], bound: OrderForm | None, writes: bool) -> list[Given]:
    """Handovers with their people's names, and the form to sign."""
    people = guests(request, board, (person for one in some for person in one.persons), why="handovers") if some else {}
    found = []
    for one in some:
        form: OrderForm | None = None
        if writes:
            mine = bound is not None and bound["handover"].value() == one.key
            start = {"handover": one.key, "by_custodian": one.one.receiver, "receipt": one.one.receipt}
            form = bound if mine else ReceiptForm(initial=start, auto_id=ids_of(one.key))
        found.append(
            Given(
                one=one.one,
                persons=one.persons,
                giver=one.giver,
                receiver=one.receiver,
                signer=one.signer,
                guests=tuple(people[person] for person in one.persons if person in people),
                form=form,
            )
        )
    return found


def _time(moment: Moment, zone: str) -> str:
    return formats.date_format(datetime_of(moment, zone), _("j M Y, H:i"))
