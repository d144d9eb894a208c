"""Seats of a movement for partner states: offered until a time, taken, declined, and who sits on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.ids import OfferId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.base.operation import name_in
from corridor.hq.desks import door
from corridor.hq.desks.desk import show
from corridor.hq.desks.door import Given
from corridor.hq.desks.form import Number, OrderForm, Text, form_of
from corridor.hq.desks.live import live, tag_of
from corridor.hq.desks.move.ride import Ride, movement_of, page_facts, refuse_by_name, ride_of
from corridor.hq.served import served
from corridor.journey.move.manifest import offer_left
from corridor.journey.move.orders import DeclineSeats, OfferSeats, TakeSeats
from corridor.journey.move.state import Offer


def _partners() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(one.id, name_in(one.names, language)) for one in served().operation.partners]


OfferForm = form_of(
    OfferSeats,
    fields=("partner", "seats", "answer_by"),
    labels={
        "partner": lambda: _("Partner state"),
        "seats": lambda: _("Seats"),
        "answer_by": lambda: _("To be answered by"),
    },
    choices={"partner": _partners},
)


class AnswerForm(OrderForm):
    """What a partner answers: so many seats, or none."""

    seats = Number(required=False)
    why = Text(required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """One offer on the page. `time_left` is '' when it is not open or has no time; `left` seats that were taken
    and nobody is planned on."""

    offer: Offer
    partner: str
    open: bool
    time_left: str
    left: int
    form: AnswerForm

    @property
    def standing(self) -> str:
        """Open, taken, declined, or over because its time passed without an answer."""
        if self.offer.taken is None:
            return "waiting" if self.open else "expired"
        return "taken" if self.offer.taken else "declined"


@live
def seats(request: HttpRequest, movement: str) -> HttpResponse:
    """The page of a movement's offers."""
    board, now = served().board_now(), served().now()
    ride = ride_of(request, board, movement_of(board, movement), now)
    does = request.POST.get("does", "")
    offering = OfferForm(request.POST if does == "offer" else None, prefix="offer")
    offering.by_clocks_of(ride.leg.source if ride.leg is not None else None)
    rows = [_row(request, ride, one, does, now) for one in ride.offers]
    if request.method == "POST" and (found := _sent(request, ride, offering, rows, does)) is not None:
        form, order, said = found
        given = door.give(request, order)
        if isinstance(given, Given):
            messages.success(request, said())
            return redirect("move-seats", movement)
        refuse_by_name(request, board, form, given)
    facts = page_facts(request, ride, "seats") | {"offering": offering, "rows": rows, "tag": tag_of(request)}
    wrong = any(form.refusal or form.errors for form in (offering, *(row.form for row in rows)))
    return show(
        request, "hq/desks/move/seats.html", facts, part="hq/desks/move/_seats.html", status=409 if wrong else 200
    )


def _row(request: HttpRequest, ride: Ride, offer: Offer, does: str, now: Moment) -> OfferRow:
    is_sent = does in ("take", "decline") and request.POST.get("offer") == offer.offer
    is_open = offer.open(now) and ride.to_leave
    names = dict(_partners())
    return OfferRow(
        offer=offer,
        partner=names.get(offer.partner, offer.partner),
        open=is_open,
        time_left=_left(offer.answer_by - now) if is_open and offer.answer_by is not None else "",
        left=offer_left(ride.movement, offer.offer, now) if offer.taken else 0,
        form=AnswerForm(request.POST if is_sent else None, prefix=offer.offer, initial={"seats": offer.seats}),
    )


def _left(milliseconds: int) -> str:
    hours, minutes = divmod(milliseconds // MINUTE_MS, 60)
    return _("%(hours)d h %(minutes)d min left") % {"hours": hours, "minutes": minutes}


def _sent(
    request: HttpRequest, ride: Ride, offering: OrderForm, rows: list[OfferRow], does: str
) -> tuple[OrderForm, Any, Callable[[], str]] | None:
    """The form that was sent, its order, and what to say when it is done; None when it is not filled in rightly."""
    facts: dict[str, Any] = {"movement": ride.id, "by": door.by(request)}
    if offering.is_bound:
        if not offering.is_valid():
            return None
        order = offering.order(**facts, offer=OfferId(door.fresh_id("o")))
        return offering, order, lambda: _("Seats are offered.")
    row = next((one for one in rows if one.form.is_bound), None)
    if row is None or not row.form.is_valid():
        return None
    facts["offer"] = row.offer.offer
    if does == "decline":
        return row.form, DeclineSeats(**facts, why=row.form.cleaned_data["why"]), lambda: _("The offer is declined.")
    number = row.form.cleaned_data["seats"]
    if number is None:
        row.form.add_error("seats", _("Say how many."))
        return None
    return row.form, TakeSeats(**facts, seats=number), lambda: _("Seats are taken.")
